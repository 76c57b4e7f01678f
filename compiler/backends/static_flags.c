/* The static configuration as flags, for stacks that configure Traefik by the `command:` of its
   service. Traefik reads a flag as the path of the file with `=` and the value behind it. */
#include "backends/backend.h"

struct flags {
    struct emission *e;
    struct doc *list;
    struct str place; /* of the last flag */
};

/* As Compose shall read it, its variables marked as in all texts of trees. */
static struct str for_compose(struct arena *a, struct str text) {
    text = text_for_compose(a, text);
    char *out = arena_copy(a, text.at, text.len);
    for (size_t i = 0; i + 1 < text.len; i++)
        if (out[i] == '$' && out[i + 1] == '{')
            out[i] = IR_VARIABLE;
    return (struct str){ out, text.len };
}

static void add_flag(struct flags *f, struct str path, struct str value, struct span span) {
    struct arena *a = f->e->arena;
    struct doc *item = doc_add(a, f->list, STR(""), DOC_TEXT);
    item->span = span;
    item->text = str_format(a, "--%.*s=%.*s", STR_ARG(path), (int)value.len, value.at);
    item->text = for_compose(a, item->text);
    struct str place = emission_place(f->e, span);
    if (place.len && !str_eq(place, f->place))
        item->notes = f->place = place;
}

/* `a,b`: there is no way to write a comma inside one of them. */
static void add_list(struct flags *f, struct str path, const struct doc *list, struct span span) {
    struct buf out = { .arena = f->e->arena };
    for (const struct doc *c = list->first; c; c = c->next) {
        if (str_find(c->text, ',') != STR_NONE) {
            struct diag *d =
                diag_add(f->e->diags, DIAG_UNSAID, f->e->ir->command_span,
                         "`%.*s` holds a comma, which parts values in a flag", STR_ARG(c->text));
            diag_help(f->e->diags, d, "leave `command` out; traefik.yml can say it");
        }
        buf_text(&out, c == list->first ? "" : ",");
        buf_add(&out, c->text);
    }
    add_flag(f, path, buf_str(&out), span);
}

static struct str joined(struct flags *f, struct str path, struct str key, bool ours) {
    struct arena *a = f->e->arena;
    char *word = arena_copy(a, key.at, key.len);
    for (size_t i = 0; ours && i < key.len; i++)
        word[i] = char_lower(word[i]);
    return str_format(a, "%.*s%s%.*s", STR_ARG(path), path.len ? "." : "", (int)key.len, word);
}

/* `span` is that of what stands around it. */
static void add_tree(struct flags *f, struct str path, const struct doc *c, const struct option *o,
                     struct span span) {
    if (!span_is_none(c->span))
        span = c->span;
    if (c->kind == DOC_TEXT) {
        add_flag(f, path, c->text, span);
        return;
    }
    if (c->kind == DOC_LIST && (!c->first || c->first->kind == DOC_TEXT)) {
        add_list(f, path, c, span);
        return;
    }
    size_t number = 0;
    for (const struct doc *k = c->first; k; k = k->next, number++) {
        const struct option *of = c->kind == DOC_LIST || !o ? o : option_child(o, k->key);
        if (emission_tell_version(f->e, of, k->span))
            continue;
        if (c->kind == DOC_LIST)
            add_tree(f, str_format(f->e->arena, "%.*s[%zu]", STR_ARG(path), number), k, of, span);
        else
            add_tree(f, joined(f, path, k->key, of && !of->any_name), k, of, span);
    }
}

const struct ir_raw *static_command(struct emission *e) {
    struct arena *a = e->arena;
    if (!e->ir->command.len)
        return NULL;
    struct ir_raw *raw = arena_new(a, struct ir_raw);
    raw->kind = STR("compose");
    raw->doc = doc_new(a, DOC_MAP);
    struct doc *services = doc_add(a, raw->doc, STR("services"), DOC_MAP);
    struct doc *service = doc_add(a, services, e->ir->command, DOC_MAP);
    struct flags f = { .e = e, .list = doc_add(a, service, STR("command"), DOC_LIST) };
    f.list->span = e->ir->command_span;
    add_tree(&f, STR(""), e->ir->statics, option_top(OPTION_STATIC), e->ir->command_span);
    return e->ir->command_raw = raw;
}

/* ---- what stood there before ---- */

/* As Traefik reads it: names in any case, and a flag alone is `true`. */
static struct str flag_key(struct arena *a, struct str flag) {
    bool alone = str_find(flag, '=') == STR_NONE;
    struct str text = str_format(a, "%.*s%s", STR_ARG(flag), alone ? "=true" : "");
    char *out = arena_copy(a, text.at, text.len);
    size_t name = str_find(text, '=');
    for (size_t i = 0; i < text.len; i++)
        out[i] = out[i] == IR_VARIABLE ? '$' : i < name ? char_lower(out[i]) : out[i];
    return (struct str){ out, text.len };
}

void static_command_tell(struct emission *e, const struct ir_container *c) {
    struct arena scratch = { 0 };
    struct table said = { .arena = &scratch };
    const struct doc *services = doc_get(e->ir->command_raw->doc, STR("services"));
    const struct doc *list = doc_get(doc_get(services, e->ir->command), STR("command"));
    for (const struct doc *f = list->first; f; f = f->next)
        *table_at(&said, flag_key(&scratch, f->text)) = (void *)(uintptr_t)f;
    size_t lost = 0;
    struct str first = STR("");
    for (size_t i = 0; i < c->flags.count; i++)
        if (!table_get(&said, flag_key(&scratch, c->flags.list[i])) && lost++ == 0)
            first = c->flags.list[i];
    if (lost) {
        struct buf more = { .arena = &scratch };
        if (lost > 1)
            buf_format(&more, " and %zu more", lost - 1);
        struct diag *d = diag_add(e->diags, DIAG_COMMAND_REPLACED, c->flags_span,
                                  "`command %.*s` of the `proxy` block replaces `%.*s`%.*s",
                                  STR_ARG(c->name), STR_ARG(first), STR_ARG(buf_str(&more)));
        diag_effect(e->diags, d, "the flags written there are no longer used");
        diag_note_at(e->diags, d, e->ir->command_span, "Traefik's flags are made of this block");
        diag_help(e->diags, d, "say it in the `proxy` block, and remove the key `command` here");
    }
    arena_free(&scratch);
}
