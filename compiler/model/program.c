/* The files of one program, their imports, and the names that they declare. */
#include "model/program.h"

#include "model/names.h"
#include "model/vocabulary.h"
#include "model/walk.h"
#include "options/readymade.h"
#include "support/nearest.h"

enum {
    MOST_EXPANSIONS = 1000000,
    MOST_BYTES = 320 * 1024 * 1024,
    MOST_FOR_A_BYTE = 32, /* what is written out takes memory by its length, however much it is */
    MOST_IMPORTS = 1000,  /* of one file */
    DEEPEST_IMPORT = 64
};

void program_start(struct program *program) {
    program->unit_index.arena = program->arena;
    program->declared.arena = program->arena;
    program->lost.arena = program->arena;
    program->shared.arena = program->arena;
    program->projects.arena = program->nameless.arena = program->arena;
    program->model = arena_new(program->arena, struct model);
    program->model->arena = program->arena;
}

bool program_spend(struct program *program, size_t count, struct span span) {
    if (program->exhausted)
        return false;
    if (count <= MOST_EXPANSIONS - program->expansions) {
        program->expansions += count;
        return true;
    }
    program->exhausted = count <= MOST_EXPANSIONS; /* else this loop alone is too much */
    struct diag *d = diag_add(program->diags, DIAG_EXPANSION, span,
                              "this expands to more than %d instances", MOST_EXPANSIONS);
    diag_help(program->diags, d,
              "write one template and instantiate it at run time with `itsupc expand`");
    return false;
}

/* ---- names whose statements are broken ---- */

static void lose(struct scope *scope, struct str name) {
    scope->lost.arena = scope->program->arena;
    *table_at(&scope->lost, name) = scope;
    if (!scope->outer && scope->unit->project.len == 0 && !scope->unit->aliased)
        *table_at(&scope->program->lost, name) = scope;
}

/* `let NAME …`, `resolver NAME …`: the second word of a statement that does not parse. */
static void lose_broken(struct scope *scope, const struct node *node) {
    struct str text = source_text(scope->program->diags->sources, node->span);
    size_t at = 0;
    while (at < text.len && (char_is_alnum(text.at[at]) || text.at[at] == '-'))
        at++;
    size_t from = at;
    while (from < text.len && (text.at[from] == ' ' || text.at[from] == '\t'))
        from++;
    size_t to = from;
    while (to < text.len && (char_is_alnum(text.at[to]) || strchr("-_", text.at[to])))
        to++;
    if (str_is(str_slice(text, 0, at), "import"))
        scope->unit->lost_import = true;
    else if (at && from > at && to > from)
        lose(scope, str_slice(text, from, to));
}

static bool is_lost_in(const struct unit *unit, struct str name) {
    if (unit->lost_import || table_get(&unit->scope->lost, name))
        return true;
    for (struct import *i = unit->imports; i; i = i->next)
        if (i->alias.len == 0 && table_get(&i->unit->scope->lost, name))
            return true;
    return false;
}

bool program_lost(const struct scope *scope, struct str name) {
    for (const struct scope *s = scope; s->outer; s = s->outer)
        if (table_get(&s->lost, name))
            return true;
    size_t dot = str_find(name, '.');
    for (struct import *i = dot == STR_NONE ? NULL : scope->unit->imports; i; i = i->next)
        if (i->alias.len && str_eq(i->alias, str_slice(name, 0, dot)))
            return !i->unit || is_lost_in(i->unit, str_from(name, dot + 1));
    return is_lost_in(scope->unit, name) || table_get(&scope->program->lost, name);
}

bool program_is_existing(const struct program *program) {
    const struct unit *u = program->units;
    while (u && u->existing)
        u = u->next;
    return u == NULL && program->units != NULL;
}

bool program_afford(struct program *program, size_t bytes, struct span span) {
    if (program->exhausted)
        return false;
    size_t used = program->arena->total + program->scratch.total + program->promised;
    size_t most = MOST_BYTES + MOST_FOR_A_BYTE * program->written;
    if (used <= most && bytes <= most - used)
        return true;
    program->exhausted = true;
    struct diag *d = diag_add(program->diags, DIAG_EXPANSION, span,
                              "all that is written and expanded up to here takes more than %d MiB",
                              MOST_BYTES / 1024 / 1024);
    diag_effect(program->diags, d, "the rest of the program is not judged");
    diag_help(program->diags, d, "check the projects one by one, or expand templates at run time");
    return false;
}

/* ---- declarations ---- */

static struct str declared_key(struct arena *a, enum declared_kind kind, struct str name) {
    return str_format(a, "%c%.*s", 'a' + (char)kind, STR_ARG(name));
}

static const char *kind_name(enum declared_kind kind) {
    switch (kind) {
    case DECLARED_MIDDLEWARE: return "middleware";
    case DECLARED_TEMPLATE: return "template";
    case DECLARED_TLS: return "TLS options";
    case DECLARED_RESOLVER: return "resolver";
    case DECLARED_ENTRYPOINT: return "entry point";
    case DECLARED_PLUGIN: return "plugin";
    }
    return "name";
}

static void tell_taken(struct program *program, struct span span, struct str name, const char *what,
                       struct span first) {
    struct diag *d = diag_add(program->diags, DIAG_NAME_TAKEN, span,
                              "the %s `%.*s` is declared twice", what, STR_ARG(name));
    diag_note_at(program->diags, d, first, "first declared here");
    diag_help(program->diags, d, "give one of them another name");
}

static bool tell_name(struct program *program, struct fault fault, struct str name,
                      struct span span) {
    if (fault.error == NAMES_OK)
        return true;
    struct diag *d =
        diag_add(program->diags, DIAG_NAME_SYNTAX, span_slice(span, fault.from, fault.to),
                 "`%.*s` is no name: %s", STR_ARG(name), names_error_text(fault.error));
    if (fault.error == NAMES_START)
        diag_effect(program->diags, d, "{%.*s} could not be told from text", STR_ARG(name));
    return false;
}

static bool name_is_legal(struct program *program, struct str name, struct span span) {
    return tell_name(program, names_check_object(name), name, span);
}

bool program_name_value(struct program *program, struct str name, struct span span) {
    return tell_name(program, names_check_value(name), name, span);
}

static void declare(struct scope *scope, enum declared_kind kind, struct str name, struct span span,
                    struct node *node) {
    struct program *program = scope->program;
    if (!name_is_legal(program, name, span)) {
        lose(scope, name);
        return;
    }
    struct str key = declared_key(program->arena, kind, name);
    bool everywhere = !scope->outer && scope->unit->project.len == 0 && !scope->unit->aliased;
    scope->declared.arena = program->arena;
    struct declared **slot = (struct declared **)table_at(&scope->declared, key);
    struct declared *first = *slot;
    if (!first && everywhere)
        first = table_get(&program->declared, key);
    if (first) {
        tell_taken(program, span, name, kind_name(kind), first->span);
        return;
    }
    struct declared *declared = arena_new(program->arena, struct declared);
    declared->kind = kind;
    declared->name = name;
    declared->span = span;
    declared->unit = scope->unit;
    declared->scope = scope;
    declared->node = node;
    *slot = declared;
    if (everywhere)
        *table_at(&program->declared, key) = declared;
    if (program->last_declared)
        program->last_declared->next = declared;
    else
        program->all_declared = declared;
    program->last_declared = declared;
}

static void declare_let(struct scope *scope, struct node_let *let) {
    struct program *program = scope->program;
    if (!program_name_value(program, let->name, let->name_span))
        return;
    for (struct binding *b = scope->index ? table_get(scope->index, let->name) : scope->bindings; b;
         b = scope->index ? NULL : b->next)
        if (str_eq(b->name, let->name)) {
            tell_taken(program, let->name_span, let->name, "value", b->span);
            return;
        }
    struct binding *binding = scope_bind(scope, let->name, let->name_span);
    binding->node = let->value;
    if (scope->outer || scope->unit->project.len || scope->unit->aliased)
        return;
    struct binding **shared = (struct binding **)table_at(&program->shared, let->name);
    if (*shared) {
        tell_taken(program, let->name_span, let->name, "value", (*shared)->span);
        return;
    }
    *shared = binding;
    binding->next_shared = program->shared_list;
    program->shared_list = binding;
}

/* The word behind `resolver`, `tls` … as it stands: declared names are never computed. */
static struct node *first_word(const struct node_setting *setting) {
    struct node *first = setting->args.head;
    return first && node_is_text(first) ? first : NULL;
}

static void declare_by_setting(struct scope *scope, enum declared_kind kind,
                               struct node_setting *setting) {
    struct node *word = first_word(setting);
    if (word && !node_text(word)->has_braces)
        declare(scope, kind, node_text(word)->text, word->span, &setting->base);
}

/* `stack itsup N`: the names of a ready-made proxy. Generation 1 makes none, its proxy is not in
   view. */
static void declare_stack(struct program *program, struct nodes body) {
    for (struct node *n = body.head; n; n = n->next) {
        if (n->kind != NODE_SETTING || !str_is(node_setting(n)->name, "stack"))
            continue;
        struct node *number = node_setting(n)->args.tail;
        uint64_t generation;
        if (number && node_is_text(number) && str_to_uint(node_text(number)->text, 3, &generation))
            program->stack = (unsigned)generation;
        program->has_proxy = program->stack != 1;
    }
}

static void declare_proxy(struct scope *scope, struct node_setting *proxy) {
    static const struct {
        const char *word;
        enum declared_kind kind;
    } declaring[] = {
        { "entrypoint", DECLARED_ENTRYPOINT },
        { "resolver", DECLARED_RESOLVER },
        { "plugin", DECLARED_PLUGIN },
    };
    scope->program->has_proxy = true;
    if (!proxy->block)
        return;
    declare_stack(scope->program, proxy->block->body);
    for (struct node *n = proxy->block->body.head; n; n = n->next) {
        if (n->kind == NODE_BROKEN)
            lose_broken(scope, n);
        if (n->kind != NODE_SETTING)
            continue;
        struct node_setting *setting = node_setting(n);
        for (size_t i = 0; i < sizeof declaring / sizeof *declaring; i++)
            if (str_is(setting->name, declaring[i].word)) {
                declare_by_setting(scope, declaring[i].kind, setting);
                if (!first_word(setting))
                    lose_broken(scope, n); /* `entrypoint web = :80` */
            }
    }
}

void program_declare(struct scope *scope, struct nodes body) {
    for (struct node *n = body.head; n; n = n->next) {
        if (n->kind == NODE_BROKEN) {
            lose_broken(scope, n);
        } else if (n->kind == NODE_LET) {
            declare_let(scope, node_let(n));
        } else if (n->kind == NODE_MIDDLEWARE) {
            struct node_let *let = node_let(n);
            declare(scope, DECLARED_MIDDLEWARE, let->name, let->name_span, n);
        } else if (n->kind == NODE_TEMPLATE) {
            struct node_template *t = node_template(n);
            declare(scope, DECLARED_TEMPLATE, t->name, t->name_span, n);
        } else if (n->kind == NODE_SETTING && !scope->outer) {
            struct node_setting *setting = node_setting(n);
            if (!vocable_anywhere(setting->name))
                lose_broken(scope, n); /* `lett x = 1` */
            if (str_is(setting->name, "tls"))
                declare_by_setting(scope, DECLARED_TLS, setting);
            else if (str_is(setting->name, "proxy"))
                declare_proxy(scope, setting);
        }
    }
}

/* ---- finding them ---- */

static struct declared *find_in_unit(const struct unit *unit, struct str key) {
    struct declared *declared = table_get(&unit->scope->declared, key);
    for (struct import *i = unit->imports; i && !declared; i = i->next)
        if (i->alias.len == 0)
            declared = table_get(&i->unit->scope->declared, key);
    return declared;
}

struct declared *program_find(const struct scope *scope, enum declared_kind kind, struct str name) {
    char room[128];
    if (name.len + 1 > sizeof room)
        return NULL;
    room[0] = (char)('a' + (int)kind);
    if (name.len)
        memcpy(room + 1, name.at, name.len);
    struct str key = { room, name.len + 1 };
    for (const struct scope *s = scope; s->outer; s = s->outer) {
        struct declared *declared = table_get(&s->declared, key);
        if (declared)
            return declared;
    }
    size_t dot = str_find(name, '.');
    if (dot != STR_NONE) {
        for (struct import *i = scope->unit->imports; i; i = i->next)
            if (i->unit && i->alias.len && str_eq(i->alias, str_slice(name, 0, dot))) {
                room[dot + 1] = room[0];
                return find_in_unit(i->unit, str_from(key, dot + 1));
            }
    }
    struct declared *declared = find_in_unit(scope->unit, key);
    return declared ? declared : table_get(&scope->program->declared, key);
}

/* The name as it is written behind an import's alias; looked up only when it would be the best. */
static void offer_aliased(struct arena *a, const struct import *i, const struct declared *d,
                          struct nearest *near) {
    char room[128];
    struct str whole = { room, i->alias.len + 1 + d->name.len };
    if (!i->unit || i->alias.len == 0 || d->name.len == 0 || whole.len > sizeof room)
        return;
    memcpy(room, i->alias.at, i->alias.len);
    room[i->alias.len] = '.';
    memcpy(room + i->alias.len + 1, d->name.at, d->name.len);
    struct nearest better = *near;
    nearest_offer(&better, whole);
    if (better.best.at == near->best.at ||
        find_in_unit(i->unit, declared_key(a, d->kind, d->name)) != d)
        return;
    near->best = str_copy(a, whole);
    near->distance = better.distance;
}

enum declared_kind program_readymade(const struct readymade *row) {
    switch (row->kind) {
    case READYMADE_ENTRYPOINT: return DECLARED_ENTRYPOINT;
    case READYMADE_RESOLVER: return DECLARED_RESOLVER;
    case READYMADE_PLUGIN: return DECLARED_PLUGIN;
    case READYMADE_MIDDLEWARE: break;
    }
    return DECLARED_MIDDLEWARE;
}

void program_offer(const struct scope *scope, enum declared_kind kind, struct nearest *near) {
    struct arena *a = scope->program->arena;
    for (size_t i = 0; i < readymade_count; i++)
        if (program_readymade(&readymades[i]) == kind &&
            readymades[i].generations >> scope->program->stack & 1)
            nearest_offer(near, readymades[i].name);
    for (struct declared *d = scope->program->all_declared; d; d = d->next) {
        if (d->kind != kind)
            continue;
        if (!nearest_spend(near, 64))
            return;
        struct nearest better = *near;
        nearest_offer(&better, d->name);
        if (better.best.at != near->best.at && program_find(scope, kind, d->name) == d)
            *near = better;
        for (struct import *i = scope->unit->imports; i; i = i->next)
            offer_aliased(a, i, d, near);
    }
}

/* ---- files and imports ---- */

/* "a/b.itsup" + "../lib/x.itsup" → "lib/x.itsup"; names stay relative, "/" between folders. */
static struct str join_path(struct arena *a, struct str from, struct str path) {
    struct buf out = { .arena = a };
    size_t slash = str_find_last(from, '/');
    if (slash != STR_NONE && path.at[0] != '/')
        buf_add(&out, str_slice(from, 0, slash + 1));
    buf_add(&out, path);
    struct str joined = buf_str(&out);
    struct buf clean = { .arena = a };
    if (joined.len && joined.at[0] == '/')
        buf_char(&clean, '/');
    for (size_t at = 0; at < joined.len;) {
        size_t end = at;
        while (end < joined.len && joined.at[end] != '/')
            end++;
        struct str part = str_slice(joined, at, end);
        at = end + 1;
        if (part.len == 0 || str_is(part, "."))
            continue;
        if (str_is(part, "..")) {
            struct str so_far = buf_str(&clean);
            size_t cut = str_find_last(so_far, '/');
            struct str last = str_from(so_far, cut == STR_NONE ? 0 : cut + 1);
            if (last.len && !str_is(last, "..")) {
                clean.len = cut == STR_NONE ? 0 : cut == 0 ? 1 : cut;
                continue;
            }
        }
        if (clean.len && clean.at[clean.len - 1] != '/')
            buf_char(&clean, '/');
        buf_add(&clean, part);
    }
    return buf_str(&clean);
}

void program_imports(struct arena *arena, struct str name, struct ast *ast, struct table *names) {
    for (struct node *n = ast->body.head; n; n = n->next) {
        if (n->kind != NODE_SETTING || !str_is(node_setting(n)->name, "import"))
            continue;
        struct node *word = first_word(node_setting(n));
        if (word && node_text(word)->text.len && !str_is(node_text(word)->text, "compose"))
            *table_at(names, join_path(arena, name, node_text(word)->text)) = ast;
    }
}

static struct unit *unit_new(struct program *program, struct str name, struct ast *ast) {
    struct unit *unit = arena_new(program->arena, struct unit);
    unit->name = name;
    unit->ast = ast;
    unit->scope = arena_new(program->arena, struct scope);
    unit->scope->unit = unit;
    unit->scope->program = program;
    if (program->last_unit)
        program->last_unit->next = unit;
    else
        program->units = unit;
    program->last_unit = unit;
    *table_at(&program->unit_index, name) = unit;
    return unit;
}

static void load_imports(struct unit *unit, size_t depth);

/* `from` imports, at `span`, the unit that is being read: by way of its importers. */
static void tell_import_cycle(struct program *program, struct unit *from, struct unit *unit,
                              struct span span) {
    struct diag *d = diag_add(program->diags, DIAG_IMPORT_CYCLE, span,
                              "`%.*s` is imported by what it imports", STR_ARG(unit->name));
    for (; from != unit && from->importer; from = from->importer)
        diag_note_at(program->diags, d, from->import_span, "`%.*s` is imported here",
                     STR_ARG(from->name));
    diag_help(program->diags, d, "move what both need into a third file");
}

/* Imports are read before any name is known. */
static struct str import_path(struct program *program, struct node *word) {
    struct str path = node_text(word)->text;
    if (!node_text(word)->has_braces)
        return path;
    struct diag *d =
        diag_add(program->diags, DIAG_IMPORT, word->span, "an import needs its path written out");
    diag_effect(program->diags, d, "files are read before any name or variable is known");
    diag_help(program->diags, d, "write the path: import lib/sso.itsup");
    return (struct str){ 0 };
}

/* `import PATH [as ALIAS]` and `import compose FILE`. */
static void load_import(struct unit *unit, struct node_setting *setting, size_t depth) {
    struct program *program = unit->scope->program;
    struct node *word = first_word(setting);
    bool compose = word && str_is(node_text(word)->text, "compose") && word->next;
    if (compose)
        word = word->next;
    if (!word || !node_is_text(word))
        return;
    struct str path = import_path(program, word);
    if (path.len == 0) {
        unit->lost_import |= !compose;
        return;
    }
    if (compose) {
        if (program->loader.stack)
            unit->stack = program->loader.stack(
                program->loader.context, join_path(program->arena, unit->name, path), word->span);
        return;
    }
    if (++unit->import_count > MOST_IMPORTS) {
        if (unit->import_count == MOST_IMPORTS + 1) {
            struct diag *d = diag_add(program->diags, DIAG_EXPANSION, word->span,
                                      "this file imports more than %d others", MOST_IMPORTS);
            diag_help(program->diags, d, "import files that import the others");
        }
        return;
    }
    struct import *import = arena_new(program->arena, struct import);
    struct node *as = word->next, *alias = as ? as->next : NULL;
    if (as && node_is_text(as) && str_is(node_text(as)->text, "as") && alias &&
        node_is_text(alias)) {
        import->alias = node_text(alias)->text;
        name_is_legal(program, import->alias, alias->span);
        for (struct import *i = unit->imports; i; i = i->next)
            if (str_eq(i->alias, import->alias))
                tell_taken(program, alias->span, import->alias, "alias", i->span);
    }
    import->span = setting->base.span;
    struct str name = join_path(program->arena, unit->name, path);
    import->next = unit->imports;
    struct unit *target = table_get(&program->unit_index, name);
    if (!target) {
        if (depth == DEEPEST_IMPORT) {
            diag_add(program->diags, DIAG_EXPANSION, word->span,
                     "files import each other more than %d deep", DEEPEST_IMPORT);
            unit->lost_import = true;
            return;
        }
        struct ast *ast = program->loader.parse(program->loader.context, name, word->span);
        if (!ast) {
            unit->lost_import |= import->alias.len == 0;
            unit->imports = import->alias.len ? import : unit->imports;
            return;
        }
        target = unit_new(program, name, ast);
        target->import_span = word->span;
        target->importer = unit;
        target->aliased = import->alias.len > 0;
        target->project = unit->project;
        target->stack = unit->stack;
        load_imports(target, depth + 1);
    } else if (target->state == UNIT_BUSY) {
        tell_import_cycle(program, unit, target, word->span);
    }
    import->unit = target;
    unit->imports = import;
}

static void load_imports(struct unit *unit, size_t depth) {
    unit->state = UNIT_BUSY;
    for (struct node *n = unit->ast->body.head; n; n = n->next)
        if (n->kind == NODE_SETTING && str_is(node_setting(n)->name, "import"))
            load_import(unit, node_setting(n), depth);
    unit->state = UNIT_DONE;
    program_declare(unit->scope, unit->ast->body);
}

struct unit *program_add(struct program *program, struct str name, struct str project,
                         struct ast *ast, struct stack *stack) {
    struct unit *unit = table_get(&program->unit_index, name);
    if (unit)
        return unit;
    unit = unit_new(program, name, ast);
    unit->stack = stack;
    unit->project = project;
    load_imports(unit, 0);
    walk_enter(program, unit);
    return unit;
}

void program_settle(struct program *program, struct unit *unit) {
    if (unit->settled)
        return;
    walk_unit(program, unit);
    unit->settled = true;
    unit->ast = NULL;
}

void program_check(struct program *program) {
    for (struct unit *unit = program->units; unit; unit = unit->next)
        if (!unit->settled)
            walk_unit(program, unit);
    if (program->spawn)
        walk_spawn(program, program->spawn);
    walk_leftovers(program);
}
