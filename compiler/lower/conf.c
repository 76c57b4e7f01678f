/* Traefik's configuration as a tree of its options: building it, one value at a time. */
#include "lower/conf.h"

#include "lower/option_check.h"
#include "lower/untyped_tree.h"
#include "options/value.h"

struct conf *conf_new(struct arena *a, enum option_tree tree) {
    struct conf *c = arena_new(a, struct conf);
    c->option = option_top(tree);
    return c;
}

enum { FEW = 16, LONGEST = 256 };

static struct str lower_case(char *room, struct str name) {
    for (size_t i = 0; i < name.len; i++)
        room[i] = char_lower(name.at[i]);
    return (struct str){ room, name.len };
}

struct conf *conf_child(const struct conf *c, struct str name) {
    char room[LONGEST];
    if (c && c->index && name.len <= LONGEST)
        return table_get(c->index, lower_case(room, name));
    for (struct conf *child = c ? c->first : NULL; child; child = child->next)
        if (str_eq_nocase(child->name, name))
            return child;
    return NULL;
}

struct conf *conf_at(const struct conf *c, const char *path) {
    for (struct str rest = str_of(path); c && rest.len;) {
        size_t dot = str_find(rest, '.');
        c = conf_child(c, str_slice(rest, 0, dot));
        rest = dot == STR_NONE ? (struct str){ 0 } : str_from(rest, dot + 1);
    }
    return (struct conf *)c;
}

struct node *conf_value(const struct conf *c, const char *path) {
    c = conf_at(c, path);
    return c ? c->values.head : NULL;
}

bool conf_is_true(const struct conf *c, const char *path) {
    struct str s = conf_str(conf_value(c, path));
    return str_eq_nocase(s, STR("true")) || str_is(s, "1") || str_eq_nocase(s, STR("t"));
}

bool conf_has_value(const struct conf *c) {
    if (c->values.head || c->present)
        return true;
    for (const struct conf *child = c->first; child; child = child->next)
        if (conf_has_value(child))
            return true;
    return false;
}

struct str conf_path(struct arena *a, const struct conf *c) {
    if (!c->parent || !c->parent->parent)
        return c->name;
    struct str above = conf_path(a, c->parent);
    return str_format(a, "%.*s%s%.*s", STR_ARG(above), str_starts(c->name, STR("[")) ? "" : ".",
                      STR_ARG(c->name));
}

static void add_to_index(struct arena *a, struct conf *c, struct conf *child) {
    if (++c->count < FEW)
        return;
    struct conf *from = child;
    if (!c->index) {
        c->index = arena_new(a, struct table);
        c->index->arena = a;
        from = c->first;
    }
    for (; from; from = from->next) {
        char *room = arena_alloc(a, from->name.len + 1);
        void **slot = table_at(c->index, lower_case(room, from->name));
        *slot = *slot ? *slot : from;
    }
}

struct conf *conf_make(struct arena *a, struct conf *c, const struct option *o, struct str name,
                       struct span key) {
    struct conf *child = conf_child(c, name);
    if (child)
        return child;
    child = arena_new(a, struct conf);
    *child = (struct conf){ .parent = c, .option = o, .name = name, .key = key };
    if (c->last)
        c->last->next = child;
    else
        c->first = child;
    c->last = child;
    add_to_index(a, c, child);
    return child;
}

/* ---- findings ---- */

static void spoil(struct conf_reader *r, struct diag *d) {
    if (r->effect)
        diag_effect(r->l->diags, d, "%s", r->effect);
    r->bad = true;
}

void conf_tell_unknown(struct conf_reader *r, const struct option *reached, struct str path,
                       struct str word, struct span span) {
    struct diags *diags = r->l->diags;
    if (diags->full) { /* none of the looks below would be told */
        r->bad = true;
        return;
    }
    const struct option_retired *old = option_retired(r->tree, path);
    struct str whole = word;
    word = str_slice(word, 0, str_find(word, '['));
    struct str best = option_child_nearest(reached, word);
    const struct option *meant = best.len ? option_child(reached, best) : NULL;
    /* `domain[0]`: the name alone is wrong, unless what is meant has no index. */
    if (span.end - span.start == whole.len && !(meant && !meant->indexed))
        span.end -= (uint32_t)(whole.len - word.len);
    struct diag *d = diag_add(diags, DIAG_OPTION_UNKNOWN, span,
                              reached->path.len ? "Traefik has no option `%.*s` below `%.*s`"
                                                : "Traefik has no option `%.*s`%.*s",
                              STR_ARG(word), STR_ARG(reached->path));
    spoil(r, d);
    if (old) {
        diag_help(diags, d, *old->instead ? "Traefik 3 has `%s` instead" : "%s",
                  *old->instead ? old->instead : "Traefik 3 has nothing like it; remove it");
        if (*old->instead && !old->v1 && str_find(str_of(old->instead), '.') == STR_NONE)
            diag_fix_replace(diags, d, true, span, str_of(old->instead));
        return;
    }
    if (best.len) {
        diag_suggest(diags, d, span, best);
        return;
    }
    const struct option *elsewhere = option_named(r->tree, word, NULL);
    if (!elsewhere)
        elsewhere =
            option_named(r->tree == OPTION_STATIC ? OPTION_DYNAMIC : OPTION_STATIC, word, NULL);
    if (!elsewhere)
        return;
    bool middleware = str_starts(elsewhere->path, STR("http.middlewares."));
    diag_help(diags, d,
              middleware && r->tree == OPTION_STATIC
                  ? "there is `%.*s`; an entry point calls it by `http.middlewares`"
                  : "there is `%.*s`",
              STR_ARG(elsewhere->path));
}

static const char *successor(struct str path) {
    static const char *const rows[][2] = {
#define OPTION_RENAMED(ending, instead) { ending, instead },
#include "options/renamed.def"
#undef OPTION_RENAMED
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_find_str(path, str_of(rows[i][0])) != STR_NONE)
            return rows[i][1];
    return NULL;
}

/* Where the last name of a path, written in any case, stands in its text. */
static struct span place_of_name(const struct conf_reader *r, struct span span, struct str name) {
    struct str text = source_text(r->l->diags->sources, span);
    for (size_t at = 0; at + name.len <= text.len; at++) {
        bool starts = at == 0 || text.at[at - 1] == '.';
        bool ends = at + name.len == text.len || text.at[at + name.len] == '.';
        if (starts && ends && str_eq_nocase(str_slice(text, at, at + name.len), name))
            return span_slice(span, at, at + name.len);
    }
    return (struct span){ 0, 0 };
}

/* Another name for the same. Of a path its last names; in YAML those would have to be nested. */
static void fix_renamed(const struct conf_reader *r, struct diag *d, const struct conf *c,
                        struct span span, const char *instead) {
    struct str to = str_of(instead);
    size_t dot = str_find(to, '.');
    struct span at = place_of_name(r, span, c->name);
    if (span_is_none(at) || str_find(to, ' ') != STR_NONE ||
        (dot != STR_NONE && r->source == CONF_YAML))
        return;
    if (dot != STR_NONE)
        to = str_from(to, dot + 1); /* what stands before is there */
    diag_fix_replace(r->l->diags, d, true, at, to);
}

/* What is old as a whole is told once, not for each of its options. */
static struct conf *oldest(struct conf *c) {
    struct conf *found = c;
    for (struct conf *at = c->parent; at && at->parent; at = at->parent)
        if (at->option->deprecated && !at->option->any_name)
            found = at;
    return found;
}

static enum option_state state_of(const struct conf_reader *r, const struct option *o) {
    return option_state_in(o, r->version ? r->version : OPTION_NEWEST);
}

void conf_tell_state(struct conf_reader *r, struct conf *c, struct span span) {
    if (state_of(r, c->option) == OPTION_CURRENT)
        return; /* as nearly all of them */
    if (c->option->deprecated) {
        c = oldest(c);
        if (c->stale)
            return;
        c->stale = true;
    }
    struct diags *diags = r->l->diags;
    const struct option *o = c->option;
    struct str path = conf_path(diags->arena, c);
    const char *instead = successor(path);
    enum option_state state = state_of(r, o);
    struct diag *d;
    switch (state) {
    case OPTION_CURRENT: return;
    case OPTION_NOT_YET:
        d = diag_add(diags, DIAG_OPTION_VERSION, span, "`%.*s` came with Traefik %.*s",
                     STR_ARG(path), STR_ARG(option_version_text(diags->arena, o->since)));
        spoil(r, d);
        return;
    case OPTION_DEPRECATED:
        d = diag_add(diags, DIAG_OPTION_OLD, span, "`%.*s` is deprecated since Traefik %.*s",
                     STR_ARG(path), STR_ARG(option_version_text(diags->arena, o->deprecated)));
        diag_effect(diags, d, "it still works; a later version will refuse it");
        if (instead)
            diag_help(diags, d, "write `%s`", instead);
        if (instead)
            fix_renamed(r, d, c, span, instead);
        return;
    case OPTION_WITHOUT_EFFECT:
        d = diag_add(diags, DIAG_OPTION_OLD, span, "`%.*s` has no effect since Traefik %.*s",
                     STR_ARG(path), STR_ARG(option_version_text(diags->arena, o->deprecated)));
        diag_help(diags, d, instead ? "write `%s`" : "remove it", instead);
        return;
    }
}

/* The object that a mistake is in: what follows from the mistake is not told. */
static void poison(struct conf *c) {
    c->bad = true;
    for (; c->parent; c = c->parent)
        c->poisoned |= c->option->any_name;
}

/* ---- values ---- */

void conf_put(struct conf_reader *r, struct conf *c, struct node *text) {
    bool template = r->source == CONF_YAML && str_find_str(conf_str(text), STR("{{")) != STR_NONE;
    if (template && r->tree == OPTION_DYNAMIC)
        text = conf_of_template(r->l->arena, text);
    if (!conf_has_variable(text) && !template &&
        !option_tell_value(r->l, c->option, node_text(text), r->effect)) {
        r->bad = true;
        poison(c);
        return;
    }
    c->values = nodes_append(c->values, text);
}

/* `a, b`: Traefik trims each, and knows no escape for a comma. */
static void put_list(struct conf_reader *r, struct conf *c, struct node *text) {
    enum { MOST_ITEMS = 10000 };
    struct str s = conf_str(text);
    size_t count = 0;
    for (size_t at = 0; s.len && at <= s.len;) {
        if (++count > MOST_ITEMS) {
            diag_add(r->l->diags, DIAG_TREE_LIMIT, text->span, "a list of more than %d items",
                     (int)MOST_ITEMS);
            r->bad = true;
            return;
        }
        size_t comma = str_find(str_from(s, at), ','), end = comma == STR_NONE ? s.len : at + comma;
        size_t from = at, to = end;
        while (from < to && (s.at[from] == ' ' || s.at[from] == '\t'))
            from++;
        while (to > from && (s.at[to - 1] == ' ' || s.at[to - 1] == '\t'))
            to--;
        conf_put(r, c, conf_part(r->l->arena, text, from, to));
        at = end + 1;
    }
}

/* An object written as one value: `true` (or nothing) puts it there with its defaults. */
static void put_object(struct conf_reader *r, struct conf *c, struct node *text) {
    struct str s = conf_str(text);
    if (c->option->type != OPTION_OBJECT_OR_EMPTY) {
        bool map = c->option->any_name && r->source != CONF_YAML;
        c->present = true;
        if (map) /* `traefik.http.routers.web=x` makes an empty router */
            return;
        struct diag *d =
            diag_add(r->l->diags, DIAG_FIELD_KIND, text->span,
                     "`%.*s` has options below it and takes no value", STR_ARG(c->name));
        if (c->option->any_name) {
            diag_effect(r->l->diags, d, "Traefik reads it as one without any option");
            r->bad = true;
        } else {
            spoil(r, d);
        }
        c->bad = true;
        return;
    }
    if (s.len == 0 || str_eq_nocase(s, STR("true")) || conf_has_variable(text)) {
        c->present = true;
        return;
    }
    if (str_eq_nocase(s, STR("false")) && !c->first) {
        c->bad = true; /* absent, as it was never written */
        return;
    }
    struct diag *d = diag_add(r->l->diags, DIAG_CHOICE, text->span,
                              "`%.*s` is `true`, or nothing but its options", STR_ARG(c->name));
    diag_effect(r->l->diags, d, "any other value takes `%.*s` and all below it away",
                STR_ARG(c->name));
    static const char *const yes[] = { "yes", "y", "on", "1" };
    bool meant = false;
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        meant = meant || str_eq_nocase(s, str_of(yes[i]));
    if (meant) {
        diag_help(r->l->diags, d, "write `true`");
        diag_fix_replace(r->l->diags, d, true, text->span, STR("true"));
    } else if (!str_eq_nocase(s, STR("false"))) {
        diag_suggest(r->l->diags, d, text->span, STR("true"));
    }
    c->bad = r->bad = true;
}

static bool is_object(const struct option *o) {
    return o->type == OPTION_OBJECT || o->type == OPTION_OBJECT_OR_EMPTY || o->type == OPTION_NAMES;
}

/* An empty text is no value, but to the types that want one. */
static bool is_unset(const struct option *o, struct str text) {
    switch (o->type) {
    case OPTION_BOOL:
    case OPTION_INT:
    case OPTION_FLOAT:
    case OPTION_DURATION:
    case OPTION_BYTES:
    case OPTION_PERCENT: return false;
    default: return text.len == 0 && !o->any_name; /* an empty header is one that is removed */
    }
}

static void put(struct conf_reader *r, struct conf *c, struct node *text) {
    bool item = c->name.len && c->name.at[0] == '[';
    if (is_object(c->option) ? item && r->source == CONF_LABEL
                             : is_unset(c->option, conf_str(text)))
        return;
    if (is_object(c->option))
        put_object(r, c, text);
    else if (c->option->shape == OPTION_LIST)
        put_list(r, c, text);
    else
        conf_put(r, c, text);
}

/* ---- labels, flags, variables ---- */

static void help_list(struct conf_reader *r, struct diag *d, const struct option *o,
                      struct str word) {
    struct str name = str_slice(word, 0, str_find(word, '['));
    const struct option *child = option_child(o, name);
    if (r->source == CONF_LABEL && str_eq_nocase(name, STR("servers")))
        diag_help(r->l->diags, d, "write loadbalancer.server.port: a container is one server");
    else if (child && child->indexed)
        diag_help(r->l->diags, d, "write `%.*s[0]`", STR_ARG(name));
    else if (child && child->shape == OPTION_LIST)
        diag_help(r->l->diags, d, "write `%.*s=A,B`: one text, with commas", STR_ARG(name));
    else if (child)
        diag_help(r->l->diags, d, "write `%.*s`", STR_ARG(name));
}

/* Of a list of texts, Traefik takes the label with an index and forgets its value. */
static bool tell_dropped(struct conf_reader *r, struct diag *d, const struct option *o,
                         struct str word) {
    const struct option *child = option_child(o, str_slice(word, 0, str_find(word, '[')));
    bool dropped = r->source == CONF_LABEL && child && child->shape == OPTION_LIST &&
                   !option_first_child(child);
    if (dropped)
        diag_effect(r->l->diags, d, "Traefik takes the label, and `%.*s` stays empty",
                    STR_ARG(str_slice(word, 0, str_find(word, '['))));
    return dropped;
}

static void tell_miss(struct conf_reader *r, const struct option_lookup *found, struct node *path) {
    struct str whole = conf_str(path), word = str_slice(whole, found->from, found->to);
    struct span span = node_text_span(node_text(path), found->from, found->to);
    const struct option *o = found->reached;
    struct diag *d = NULL;
    switch (found->miss) {
    case OPTION_FOUND: return;
    case OPTION_SEGMENT_UNKNOWN:
        if (r->source == CONF_LABEL && str_ends(o->path, STR("loadBalancer.servers[n]"))) {
            const struct option *one =
                option_find(r->tree, STR("http.services.x.loadBalancer.server")).option;
            struct str best = option_child(one, word) ? word : option_child_nearest(one, word);
            d = diag_add(r->l->diags, DIAG_OPTION_UNKNOWN, span, "labels have no list of servers");
            diag_help(r->l->diags, d, "write loadbalancer.server.%.*s: a container is one server",
                      STR_ARG(best.len ? best : word));
            break;
        }
        conf_tell_unknown(r, o, whole, word, span);
        return;
    case OPTION_SEGMENT_EMPTY:
        d = diag_add(r->l->diags, DIAG_OPTION_UNKNOWN, path->span,
                     "two dots in a row, or one at the end");
        break;
    case OPTION_INDEX_MISSING:
        d = diag_add(r->l->diags, DIAG_OPTION_UNKNOWN, span,
                     "`%.*s` is a list: its items are `%.*s[0]`, …", STR_ARG(word), STR_ARG(word));
        help_list(r, d, o, word);
        break;
    case OPTION_INDEX_STRAY:
        d = diag_add(r->l->diags, DIAG_OPTION_UNKNOWN, span, "`%.*s` takes no index",
                     STR_ARG(word));
        help_list(r, d, o, word);
        if (tell_dropped(r, d, o, word))
            return;
        break;
    case OPTION_INDEX_BAD:
        d = diag_add(r->l->diags, DIAG_OPTION_UNKNOWN, span, "an index is a number, as in `[0]`");
        break;
    case OPTION_BELOW_VALUE:
        d = diag_add(r->l->diags, DIAG_OPTION_UNKNOWN, span,
                     "`%.*s` takes a value and has no option `%.*s`", STR_ARG(o->path),
                     STR_ARG(word));
        break;
    }
    spoil(r, d);
}

/* Reads `name[n]`: the name's length. */
static size_t name_length(const struct option *child, struct str segment) {
    bool may = child->indexed || child->type == OPTION_ANY;
    size_t bracket = may && str_ends(segment, STR("]")) ? str_find(segment, '[') : STR_NONE;
    return bracket == STR_NONE ? segment.len : bracket;
}

/* As far as a path is known from others: its last name is left, and what an index or anything may
   stand behind. `at` becomes where the rest begins. */
static struct conf *known(struct conf *c, struct str path, size_t *at) {
    for (size_t dot; (dot = str_find(str_from(path, *at), '.')) != STR_NONE; *at += dot + 1) {
        struct conf *child = conf_child(c, str_slice(path, *at, *at + dot));
        if (!child || child->option->indexed || child->option->type == OPTION_ANY)
            break;
        c = child;
    }
    return c;
}

/* A name as long as the texts live: a path may be read from a text of the moment. */
static struct str keep(const struct conf_reader *r, struct str name) {
    return conf_stands_in(r->l->source, name) ? name : str_copy(r->l->arena, name);
}

/* The nodes of a path's segments from the byte `at` on, up to the byte `to`. */
static struct conf *walk(struct conf_reader *r, struct conf *c, struct node *path, size_t at,
                         size_t to) {
    struct str whole = str_slice(conf_str(path), 0, to);
    while (at < whole.len) {
        size_t dot = str_find(str_from(whole, at), '.');
        size_t end = dot == STR_NONE ? whole.len : at + dot;
        struct str segment = str_slice(whole, at, end);
        struct span span = node_text_span(node_text(path), at, end);
        const struct option *child =
            c->option->type == OPTION_ANY ? c->option : option_child(c->option, segment);
        if (!child)
            child = option_child(c->option, str_slice(segment, 0, str_find(segment, '[')));
        if (!child)
            return c;
        size_t len = name_length(child, segment);
        bool own = child->any_name || child->type == OPTION_ANY;
        c = conf_make(r->confs, c, child,
                      own ? keep(r, str_slice(segment, 0, len)) : option_name(child), span);
        if (len < segment.len) /* each item of a list of objects is a child named `[n]` */
            c = conf_make(r->confs, c, child, keep(r, str_from(segment, len)), span);
        at = end + 1;
    }
    return c;
}

enum { DEEPEST = 64 };

/* What decodes in a label and is then thrown away. */
static bool is_out_of_place(struct conf_reader *r, const struct conf *c, const struct node *path) {
    const struct option *o = c->option;
    if (r->source != CONF_LABEL || !o->places ||
        (o->places & (OPTION_IN_LABELS | OPTION_DEFAULT_STORE)))
        return false;
    struct diag *d = diag_add(r->l->diags, DIAG_OPTION_UNKNOWN, path->span, "labels have no `%.*s`",
                              STR_ARG(o->path));
    diag_effect(r->l->diags, d, "Traefik reads the label and drops what it says");
    diag_help(r->l->diags, d, "write it in a file of the file provider, and refer to NAME@file");
    return true;
}

/* Does the place lie in the file at hand? */
static bool is_here(const struct conf_reader *r, struct span span) {
    const struct source *s = r->l->source;
    return span.start >= s->base && span.start <= s->base + s->text.len;
}

struct conf *conf_set(struct conf_reader *r, struct conf *top, struct node *path,
                      struct node *value) {
    struct str whole = conf_str(path);
    size_t depth = 1;
    for (size_t i = 0; i < whole.len; i++)
        depth += whole.at[i] == '.';
    if (depth > DEEPEST) {
        diag_add(r->l->diags, DIAG_TREE_LIMIT, path->span, "more than %d names in one path",
                 (int)DEEPEST);
        r->bad = true;
        return NULL;
    }
    size_t at = 0;
    struct conf *c = known(top, whole, &at);
    struct option_lookup found = option_find_below(c->option, str_from(whole, at));
    if (!found.option) {
        found.from += at;
        found.to += at;
        tell_miss(r, &found, path);
        poison(walk(r, c, path, at, found.from ? found.from - 1 : 0));
        return NULL;
    }
    c = walk(r, c, path, at, whole.len);
    conf_tell_state(r, c, path->span);
    if (is_out_of_place(r, c, path))
        return c;
    if (c->values.head && !is_here(r, c->values.head->span))
        return c; /* another file's, which came first */
    if (c->values.head) {
        struct diag *d = diag_add(r->l->diags, DIAG_SETTING_TWICE, path->span,
                                  "`%.*s` is given twice", STR_ARG(whole));
        diag_note_at(r->l->diags, d, c->values.head->span, "the other value is here");
        diag_effect(r->l->diags, d, "only one of the two counts");
        return c;
    }
    put(r, c, value);
    if (c->bad)
        poison(c);
    return c;
}

/* ---- files ---- */

static void tell_kind(struct conf_reader *r, struct conf *c, const struct untyped *node,
                      const char *wanted) {
    struct diag *d = diag_add(r->l->diags, DIAG_FIELD_KIND, node->span, "`%.*s` is %s, not %s",
                              STR_ARG(c->name), wanted, untyped_kind_name(node));
    poison(c);
    diag_effect(r->l->diags, d, "Traefik refuses it, or reads it as nothing at all");
    r->bad = true;
}

static struct node *text_of(const struct conf_reader *r, const struct untyped *node) {
    return conf_written(r->l->arena, r->l->source, node);
}

static bool is_scalar(const struct untyped *node) {
    return node->kind == UNTYPED_TEXT || node->kind == UNTYPED_NULL;
}

/* The n-th item of a list is a child named `[n]`. */
static struct conf *item_at(struct conf_reader *r, struct conf *c, size_t n, struct span span) {
    return conf_make(r->confs, c, c->option, str_format(r->l->arena, "[%zu]", n), span);
}

static void add_leaf(struct conf_reader *r, struct conf *c, const struct untyped *node) {
    bool any = c->option->type == OPTION_ANY;
    if (any && node->kind == UNTYPED_MAP) {
        for (const struct untyped *e = node->first; e; e = e->next)
            add_leaf(r, conf_make(r->confs, c, c->option, e->key, e->key_span), e);
    } else if (node->kind == UNTYPED_LIST && (c->option->shape == OPTION_LIST || any)) {
        size_t n = 0;
        for (const struct untyped *item = node->first; item; item = item->next, n++) {
            if (item->kind == UNTYPED_TEXT)
                conf_put(r, c, text_of(r, item));
            else if (any)
                add_leaf(r, item_at(r, c, n, item->span), item);
            else
                tell_kind(r, c, item, "a list of texts");
        }
        c->present = true;
    } else if (!is_scalar(node)) {
        tell_kind(r, c, node, c->option->shape == OPTION_LIST ? "a list" : "one value");
    } else if (!c->values.head || is_here(r, c->values.head->span)) {
        put(r, c, text_of(r, node));
    }
}

/* A group of options without any is refused, unless being there says something. */
static void check_not_empty(struct conf_reader *r, struct conf *c, const struct untyped *map) {
    if (c->option->type == OPTION_OBJECT_OR_EMPTY || c->option->any_name || c->option->indexed)
        return;
    for (const struct untyped *e = map->first; e; e = e->next)
        if (e->kind != UNTYPED_NULL)
            return;
    struct diag *d =
        diag_add(r->l->diags, DIAG_FIELD_KIND, map->span, "`%.*s` holds nothing", STR_ARG(c->name));
    spoil(r, d);
    diag_help(r->l->diags, d, "remove it, or write what it is to hold");
    c->bad = true;
}

/* Traefik's reader makes `<int Value>` of every number that is a key. */
static void check_key(struct conf_reader *r, const struct untyped *node) {
    static const char *const names[] = { [UNTYPED_WORD] = "",
                                         [UNTYPED_NOTHING] = "invalid",
                                         [UNTYPED_TRUTH] = "bool",
                                         [UNTYPED_INT] = "int",
                                         [UNTYPED_FLOAT] = "float64" };
    if (node->key_scalar == UNTYPED_WORD)
        return;
    bool number = node->key_scalar == UNTYPED_INT || node->key_scalar == UNTYPED_FLOAT;
    struct diag *d = diag_add(r->l->diags, DIAG_KEY_KIND, node->key_span, "the key `%.*s` is %s",
                              STR_ARG(node->key), number ? "a number" : "no text");
    diag_effect(r->l->diags, d, "Traefik reads its name as `<%s Value>`", names[node->key_scalar]);
    struct str quoted = str_format(r->l->arena, "\"%.*s\"", STR_ARG(node->key));
    diag_help(r->l->diags, d, "write %.*s", STR_ARG(quoted));
    diag_fix_replace(r->l->diags, d, true, node->key_span, quoted);
}

/* An object that may stand alone, and does not: `tls:`. */
static void check_null(struct conf_reader *r, const struct conf *c, const struct untyped *node) {
    if (r->source != CONF_YAML || c->option->type != OPTION_OBJECT_OR_EMPTY || c->option->indexed)
        return;
    struct diag *d = diag_add(r->l->diags, DIAG_FIELD_KIND, c->key,
                              "`%.*s` is null, which is as if it were not there", STR_ARG(c->name));
    diag_effect(r->l->diags, d, "Traefik leaves it off without a word");
    diag_help(r->l->diags, d, "write `%.*s: {}`, or remove it", STR_ARG(c->name));
    struct span behind = { c->key.end, c->key.end + 1 };
    if (node->span.end > node->span.start)
        diag_fix_replace(r->l->diags, d, false, node->span, STR("{}"));
    else if (str_is(source_text(r->l->diags->sources, behind), ":"))
        diag_fix_replace(r->l->diags, d, false, behind, STR(": {}"));
}

static void add_object(struct conf_reader *r, struct conf *c, const struct untyped *map) {
    struct arena *a = r->l->arena;
    c->present |= map->first == NULL;
    check_not_empty(r, c, map);
    for (const struct untyped *e = map->first; e; e = e->next) {
        const struct option *child = option_child(c->option, e->key);
        if (!child) {
            struct str above = conf_path(a, c);
            poison(c);
            conf_tell_unknown(
                r, c->option,
                above.len ? str_format(a, "%.*s.%.*s", STR_ARG(above), STR_ARG(e->key)) : e->key,
                e->key, e->key_span);
            continue;
        }
        struct conf *made = conf_make(r->confs, c, child,
                                      child->any_name ? e->key : option_name(child), e->key_span);
        check_key(r, e);
        conf_tell_state(r, made, e->key_span);
        conf_add_file(r, made, e);
    }
}

void conf_add_file(struct conf_reader *r, struct conf *c, const struct untyped *node) {
    const struct option *o = c->option;
    bool is_item = !c->name.len || c->name.at[0] == '[';
    if (node->kind == UNTYPED_NULL) {
        check_null(r, c, node);
        return; /* as if the key were not there */
    }
    if (o->indexed && node->kind == UNTYPED_LIST && !is_item) {
        size_t n = 0;
        for (const struct untyped *e = node->first; e; e = e->next, n++)
            conf_add_file(r, item_at(r, c, n, e->span), e);
    } else if (o->indexed && !is_item) {
        tell_kind(r, c, node, "a list");
    } else if (is_object(o) && node->kind == UNTYPED_MAP) {
        add_object(r, c, node);
    } else if (is_object(o) && node->kind == UNTYPED_LIST) {
        tell_kind(r, c, node, "a mapping");
    } else {
        add_leaf(r, c, node);
    }
}
