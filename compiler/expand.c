/* One more instance of a template than the files hold: its call is written as if it stood there,
   so that all checks see it, and only what becomes of it is printed. */
#include "ast/ast.h"
#include "grammar/parse.h"
#include "known.h"
#include "lower/json_tree.h"
#include "passes/pass.h"
#include "source/diag_json.h"

struct call {
    struct itsupc *s;
    const struct itsupc_expansion *x;
    struct str name;
    struct buf text; /* `preview(project="12")` */
    struct source *line;
    size_t count;
    struct str bad_key; /* the first that is no name, */
    struct spawn spawn;
    struct span span; /* of the call, whose tree goes once the model stands */
    bool braces;      /* a value holds `${` */
    bool remembered;  /* the line was an instance already */
};

/* ---- writing the call ---- */

static bool is_name(struct str s, bool dots) {
    for (size_t i = 0; i < s.len; i++)
        if (!char_is_alnum(s.at[i]) && s.at[i] != '_' && s.at[i] != '-' &&
            !(dots && s.at[i] == '.'))
            return false;
    return s.len && (char_is_alpha(s.at[0]) || s.at[0] == '_');
}

/* Nothing in a value is a name or a variable: it comes from users. */
static void add_string(struct call *call, struct str s) {
    struct buf *out = &call->text;
    call->braces |= str_find_str(s, STR("${")) != STR_NONE;
    buf_char(out, '"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if (c == '"' || c == '\\' || c == '{' || c == '$')
            buf_format(out, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            buf_format(out, "\\u{%x}", c);
        else
            buf_char(out, (char)c);
    }
    buf_char(out, '"');
}

static void add_key(struct call *call, struct str key) {
    if (!is_name(key, false) && !call->bad_key.at)
        call->bad_key = key;
    buf_format(&call->text, "%s%.*s=", call->count++ ? ", " : "", STR_ARG(key));
}

static void read_arguments(struct call *call) {
    for (const char *const *a = call->x->arguments; a && *a; a++) {
        struct str all = str_of(*a);
        size_t equals = str_find(all, '=');
        add_key(call, str_slice(all, 0, equals));
        add_string(call, equals == STR_NONE ? STR("") : str_from(all, equals + 1));
    }
}

/* ---- a line of JSON ---- */

static bool tell_kind(struct call *call, const struct tree *node, const char *what) {
    diag_add(&call->s->diags, DIAG_FIELD_KIND, node->span, "%s stands where %s belongs",
             tree_kind_name(node), what);
    return false;
}

static bool add_value(struct call *call, const struct tree *value) {
    if (tree_is(value, TREE_SEQUENCE)) {
        buf_char(&call->text, '[');
        for (const struct tree_entry *e = tree_entries(value); e; e = e->next) {
            if (!tree_is(e->value, TREE_SCALAR) || tree_is_null(e->value))
                return tell_kind(call, e->value, "a text");
            buf_text(&call->text, e == tree_entries(value) ? "" : ", ");
            add_string(call, tree_text(e->value));
        }
        buf_char(&call->text, ']');
        return true;
    }
    if (!tree_is(value, TREE_SCALAR) || tree_is_null(value))
        return tell_kind(call, value, "a text");
    add_string(call, tree_text(value));
    return true;
}

/* What is said about it stands at the line that the call came from. */
static struct source *add_text(struct call *call, const char *origin, struct str text) {
    struct itsupc *s = call->s;
    struct source *source = source_add(&s->sources, str_copy(&s->arena, str_of(origin)), text);
    if (source && call->x->line_number) {
        source->is_line = true;
        source->lines_before = (uint32_t)(call->x->line_number - 1);
    }
    return source;
}

static bool read_line(struct call *call) {
    struct itsupc *s = call->s;
    const struct itsupc_expansion *x = call->x;
    call->line = add_text(call, x->origin, (struct str){ x->line.at, x->line.len });
    struct tree_file *file = call->line ? json_tree_read(&s->trees, &s->diags, call->line) : NULL;
    if (!file)
        return false;
    if (!tree_is(file->root, TREE_MAPPING))
        return tell_kind(call, file->root, "an object");
    if (x->existing && x->known && known_read(x->known, file->root)) {
        call->remembered = true;
        return true;
    }
    struct tree_entry *e = tree_find(file->root, STR("template"));
    if (!call->name.len && e)
        call->name = tree_text(e->value);
    bool good = true;
    for (struct tree_entry *at = tree_entries(file->root); at; at = at->next) {
        if (at == e && str_eq(tree_text(e->value), call->name))
            continue;
        add_key(call, tree_key(at));
        good &= add_value(call, tree_value(at));
    }
    return good;
}

/* ---- the call as a tree ---- */

static void tell_name(struct call *call, struct source *source) {
    struct diag *d =
        diag_add(&call->s->diags, DIAG_TEMPLATE_UNKNOWN, span_of(source, 0, call->name.len),
                 "no template is called `%.*s`", STR_ARG(call->name));
    if (call->name.len == 0)
        diag_help(&call->s->diags, d, "say which: {\"template\": \"NAME\", …}");
}

static bool parse_call(struct call *call) {
    struct itsupc *s = call->s;
    struct buf all = { .arena = &s->arena };
    buf_format(&all, "%.*s(%.*s)", STR_ARG(call->name), (int)call->text.len, call->text.at);
    const char *origin = call->line ? call->x->origin : "<arguments>";
    struct source *source = add_text(call, origin, buf_str(&all));
    if (!source)
        return false;
    if (!is_name(call->name, true)) {
        tell_name(call, source);
        return false;
    }
    if (call->bad_key.at) {
        diag_add(&s->diags, DIAG_ARGUMENT_UNKNOWN, span_of(source, 0, source->text.len),
                 "`%.*s` is no parameter's name", STR_ARG(call->bad_key));
        return false;
    }
    struct ast *ast = parse_text(&s->trees, source, &s->diags);
    struct node *node = ast->body.head;
    if (!session_goes_on(s))
        return false;
    if (!node || node->kind != NODE_CALL) { /* `let`, `for` … */
        tell_name(call, source);
        return false;
    }
    call->spawn.call = node_call(node);
    call->span = node->span;
    return true;
}

static bool find_file(struct call *call) {
    struct itsupc *s = call->s;
    if (!call->x->file)
        return true;
    call->spawn.unit = table_get(&s->program.unit_index, str_of(call->x->file));
    return call->spawn.unit != NULL;
}

/* ---- from the call to its text ---- */

static bool has_variable(struct str text) {
    return str_find(text, IR_VARIABLE) != STR_NONE;
}

static bool names_variable(const struct ir_router *r) {
    bool found = has_variable(r->path) || has_variable(r->redirect);
    for (size_t i = 0; i < r->hosts.count; i++)
        found |= has_variable(r->hosts.list[i]);
    for (const struct ir_pool *p = r->pools; p; p = p->next)
        for (const struct ir_target *t = p->targets; t; t = t->next)
            found |= has_variable(t->address);
    return found;
}

/* What users pass is never a variable of ours; where a route's names hold one, nobody can tell any
   more whose it was. */
static bool check_variables(struct call *call, const struct ir *ir) {
    bool found = false;
    for (const struct ir_project *p = call->braces ? ir->projects : NULL; p; p = p->next)
        for (const struct ir_router *r = p->routers; r; r = r->next)
            found |= r->spawned && names_variable(r);
    if (!found)
        return true;
    struct diag *d =
        diag_add(&call->s->diags, DIAG_PARAMETER_VALUE, call->span,
                 "a value with `${` may not become part of a host, a path or a target");
    diag_effect(&call->s->diags, d, "it would be taken for a variable of the machine");
    return false;
}

static bool make(struct call *call, struct buf *out) {
    struct itsupc *s = call->s;
    s->program.spawn = &call->spawn;
    session_check(s);
    if (!session_goes_on(s) || !call->spawn.made)
        return false;
    struct emission e = session_emission(s);
    e.ir = session_ir(s);
    struct ir_stack *stack = session_goes_on(s) ? ir_spawn(e.ir) : NULL;
    if (!stack || stack->owner->disabled) {
        diag_add(&s->diags, DIAG_UNSAID, call->span, "the template `%.*s` makes no route",
                 STR_ARG(call->name));
        return false;
    }
    if (!check_variables(call, e.ir))
        return false;
    struct instance_form form = { .no_proxy = call->x->no_proxy,
                                  .port_taken = known_port_taken,
                                  .context = call->x->known };
    if (!instance_kind_find(str_of(call->x->format), &form.kind))
        return false;
    stack->unlabelled = form.kind == INSTANCE_DYNAMIC;
    passes_run(e.ir);
    given_check_hosts(s, e.ir);
    struct instance it;
    if (!session_goes_on(s) || !instance_find(&e, stack, &form, &it))
        return false;
    struct str who = source_text(&s->sources, call->span);
    if (!known_take(call->x->known, &s->diags, call->span, who, &it, call->x->existing))
        return false;
    instance_write(&e, &it, form.kind, out);
    return session_goes_on(s);
}

struct itsupc_text itsupc_expand(struct itsupc *s, const struct itsupc_expansion *x) {
    struct buf out = { .arena = &s->arena };
    struct call call = { .s = s, .x = x, .name = str_of(x->name), .text.arena = &s->arena };
    bool good = true;
    if (x->line.at)
        good = read_line(&call);
    else
        read_arguments(&call);
    if (good && call.remembered)
        return (struct itsupc_text){ "", 0 };
    good = good && find_file(&call) && parse_call(&call);
    if (good)
        good = make(&call, &out);
    else
        session_check(s); /* what is wrong with the files is told as well */
    s->program.spawn = NULL;
    session_finish(s);
    return good && s->diags.errors == 0 ? session_text(&out) : (struct itsupc_text){ NULL, 0 };
}

struct itsupc_text itsupc_expand_error(struct itsupc *s) {
    struct buf out = { .arena = &s->arena };
    struct json w = { .out = &out };
    const struct diag *first = NULL;
    session_finish(s);
    for (const struct diag *d = s->diags.first; d && !first; d = d->next)
        if (d->level == LEVEL_ERROR)
            first = d;
    json_object(&w);
    json_key(&w, "error");
    if (first)
        diag_json(&w, &s->sources, first);
    else
        json_null(&w);
    json_object_end(&w);
    buf_char(&out, '\n');
    return session_text(&out);
}
