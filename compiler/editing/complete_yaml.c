/* What may stand at a place of a YAML file, and what a key of it means. */
#include "editing/yaml_names.h"
#include "lower/compose_check.h"
#include "lower/itsup_keys.h"
#include "model/services.h"
#include "options/rule.h"
#include "options/value.h"

struct yaml_completing {
    struct completing *c;
    struct source *source;
    struct yaml_keys keys;
    enum yaml_kind kind;
    struct yaml_key at;
};

static struct itsupc_text text_of(struct str s) {
    return (struct itsupc_text){ s.at ? s.at : "", s.len };
}

/* ---- keys ---- */

/* `key:`, and behind that a value, or lines that stand deeper. */
static void offer_key(struct yaml_completing *y, struct str key, struct str detail,
                      struct str doc) {
    struct itsupc_completion *item = offer(y->c, ITSUPC_COMPLETES_SETTING, key, detail, doc);
    if (item)
        item->insert = text_of(str_format(y->c->items.arena, "%.*s: ", STR_ARG(key)));
}

static void offer_compose_keys(struct yaml_completing *y) {
    struct str key;
    for (size_t i = 0; (key = compose_key_below(y->at.path, y->at.depth, i)).len; i++)
        offer_key(y, key, STR("Compose"), STR(""));
}

static void offer_compose_words(struct yaml_completing *y, const struct str *path, size_t depth) {
    struct str word;
    for (size_t i = 0; (word = compose_word_below(path, depth, i)).len; i++)
        offer(y->c, ITSUPC_COMPLETES_VALUE, word, STR("Compose"), STR(""));
}

static void offer_option_keys(struct yaml_completing *y, const struct option *o) {
    for (const struct option *k = o ? option_first_child(o) : NULL; k; k = option_next_sibling(k)) {
        unsigned place = y->kind == YAML_STATIC ? OPTION_IN_STATIC : OPTION_IN_FILE;
        if (k->any_name || k->ineffective || (k->listed && !(k->places & place)))
            continue;
        bool leaf = !option_first_child(k);
        offer_key(y, option_name(k), leaf ? option_type_text(y->c->items.arena, k) : STR(""),
                  k->doc);
    }
}

static bool table_at_path(enum yaml_kind kind, const struct str *path, size_t depth,
                          enum itsup_table *out) {
    static const struct {
        enum itsup_table table;
        const char *key;
        enum itsup_table below;
    } rows[] = {
#define BELOW(table, key, below) { ITSUP_##table, key, ITSUP_##below },
#include "editing/itsup_below.def"
#undef BELOW
    };
    *out = kind == YAML_INFRA ? ITSUP_INFRA : ITSUP_PROJECT;
    for (size_t i = 0; i < depth; i++) {
        bool found = str_is(path[i], "[]");
        for (size_t n = 0; !found && n < sizeof rows / sizeof *rows; n++)
            if (rows[n].table == *out && str_is(path[i], rows[n].key)) {
                *out = rows[n].below;
                found = true;
            }
        if (!found)
            return false;
    }
    return true;
}

static struct str field_kind(enum field_kind kind) {
    static const char *const names[] = {
        [FIELD_TEXT] = "text",   [FIELD_NUMBER] = "number", [FIELD_BOOL] = "true or false",
        [FIELD_TEXTS] = "list",  [FIELD_MAPS] = "list",     [FIELD_MAP] = "keys",
        [FIELD_SCALAR] = "text", [FIELD_ANY] = "anything",
    };
    return str_of(names[kind]);
}

static void offer_itsup_keys(struct yaml_completing *y) {
    enum itsup_table table;
    if (!table_at_path(y->kind, y->at.path, y->at.depth, &table))
        return;
    struct field_table t = itsup_table(table);
    for (size_t i = 0; i < t.count; i++)
        offer_key(y, t.rows[i].key, field_kind(t.rows[i].kind), STR(""));
}

/* ---- values ---- */

/* Names that the file declares below a path such as `http.middlewares`. */
static void offer_declared(struct yaml_completing *y, struct str below) {
    struct yaml_names names = yaml_names_of(y->c->s, y->source);
    for (size_t i = 0; i < names.count; i++)
        if (names.list[i].defines && str_eq(names.list[i].below, below))
            offer(y->c, ITSUPC_COMPLETES_NAME, names.list[i].name, below, STR(""));
}

static void offer_refs(struct yaml_completing *y, const struct option *o) {
    struct str below = yaml_objects(o);
    if (below.len)
        offer_declared(y, below);
    for (struct declared *d = y->c->s->program.all_declared; d; d = d->next)
        if ((o->ref == OPTION_REF_ENTRYPOINT && d->kind == DECLARED_ENTRYPOINT) ||
            (o->ref == OPTION_REF_CERT_RESOLVER && d->kind == DECLARED_RESOLVER))
            offer(y->c, ITSUPC_COMPLETES_NAME, d->name, str_of(option_ref_name(o->ref)), STR(""));
}

static void offer_matchers(struct yaml_completing *y, const struct option *o) {
    unsigned layer = str_starts(o->path, STR("tcp.")) ? RULE_TCP : RULE_HTTP;
    for (int i = 0; i < MATCHER_COUNT; i++) {
        if (!(matchers[i].layers & layer))
            continue;
        struct itsupc_completion *item =
            offer(y->c, ITSUPC_COMPLETES_MIDDLEWARE, matchers[i].name, STR("matcher"), STR(""));
        if (item)
            item->snippet =
                text_of(str_format(y->c->items.arena, "%.*s(`$1`)", STR_ARG(matchers[i].name)));
    }
}

static void offer_values(struct yaml_completing *y, const struct option *o) {
    for (uint8_t i = 0; i < o->choice_count; i++)
        offer(y->c, ITSUPC_COMPLETES_VALUE, o->choices[i], STR(""), o->doc);
    if (o->type == OPTION_BOOL) {
        offer(y->c, ITSUPC_COMPLETES_VALUE, STR("true"), STR(""), o->doc);
        offer(y->c, ITSUPC_COMPLETES_VALUE, STR("false"), STR(""), o->doc);
    }
    if (o->type == OPTION_REF)
        offer_refs(y, o);
    if (o->type == OPTION_RULE)
        offer_matchers(y, o);
}

/* What is typed, from the last comma or opening mark on. */
static void narrow(struct yaml_completing *y) {
    struct str typed = y->c->typed;
    size_t from = typed.len;
    while (from && !strchr(", \t[({`!&|\"'", typed.at[from - 1]))
        from--;
    y->c->typed = str_from(typed, from);
}

/* ---- labels ---- */

/* One step further along `traefik.http.routers.NAME.`; names that are there already, and the
   service's own. */
static void offer_label_keys(struct yaml_completing *y, struct str typed) {
    struct arena *a = y->c->items.arena;
    size_t dot = str_find_last(typed, '.');
    struct str prefix = str_slice(typed, 0, dot == STR_NONE ? 0 : dot + 1);
    if (!prefix.len) {
        struct itsupc_completion *item = offer(y->c, ITSUPC_COMPLETES_ARGUMENT, STR("traefik."),
                                               STR("labels of Traefik"), STR(""));
        if (item)
            item->more = true;
        return;
    }
    struct str inner = str_from(prefix, STR("traefik.").len);
    const struct option *o =
        inner.len ? option_find(OPTION_DYNAMIC, str_slice(inner, 0, inner.len - 1)).option
                  : option_top(OPTION_DYNAMIC);
    bool mapping = y->at.depth && !str_is(y->at.path[y->at.depth - 1], "[]");
    for (const struct option *k = o ? option_first_child(o) : NULL; k; k = option_next_sibling(k)) {
        if (k->any_name) {
            offer_declared(y, str_slice(inner, 0, inner.len - 1));
            for (size_t i = 0; i < y->c->items.count; i++) {
                struct itsupc_completion *item = &((struct itsupc_completion *)y->c->items.at)[i];
                struct str label = { item->label.at, item->label.len };
                item->label = item->insert =
                    text_of(str_format(a, "%.*s%.*s.", STR_ARG(prefix), STR_ARG(label)));
                item->more = true;
            }
            struct itsupc_completion *own =
                y->at.depth > 1
                    ? offer(y->c, ITSUPC_COMPLETES_NAME,
                            str_format(a, "%.*s%.*s.", STR_ARG(prefix), STR_ARG(y->at.path[1])),
                            STR("named after the service"), STR(""))
                    : NULL;
            if (own)
                own->more = true;
            continue;
        }
        bool leaf = !option_first_child(k);
        if (k->ineffective || (leaf && !(k->places & OPTION_IN_LABELS)))
            continue;
        struct str label = str_format(a, "%.*s%.*s%s", STR_ARG(prefix), STR_ARG(option_name(k)),
                                      k->indexed ? "[0]" : "");
        struct itsupc_completion *item = offer(y->c, ITSUPC_COMPLETES_ARGUMENT, label,
                                               leaf ? option_type_text(a, k) : STR(""), k->doc);
        if (!item)
            continue;
        item->insert = text_of(str_format(a, "%.*s%s", STR_ARG(label),
                                          !leaf     ? "."
                                          : mapping ? ": "
                                                    : "="));
        item->more = !leaf;
    }
}

static void complete_labels(struct yaml_completing *y) {
    struct str key, value;
    struct span key_span, value_span;
    yaml_label(&y->at, &key, &value, &key_span, &value_span);
    bool in_value = y->at.key.len || str_find(y->at.value, '=') != STR_NONE;
    const struct option *o = in_value ? yaml_label_option(key) : NULL;
    y->c->typed = in_value ? value : key;
    if (o) {
        narrow(y);
        offer_values(y, o);
    } else if (!in_value) {
        offer_label_keys(y, key);
    }
}

/* ---- the place ---- */

static void complete_project(struct yaml_completing *y) {
    struct stack *stack = NULL;
    for (struct unit *u = y->c->s->program.units; u; u = u->next)
        if (str_eq(u->name, y->source->name))
            stack = u->stack;
    enum itsup_table table;
    bool known = table_at_path(y->kind, y->at.path, y->at.depth, &table);
    for (size_t i = 0; stack && known && str_is(y->at.key, "service") && i < stack->count; i++)
        offer(y->c, ITSUPC_COMPLETES_SERVICE, stack->services[i].name,
              str_format(y->c->items.arena, "service of %.*s", STR_ARG(stack->file)), STR(""));
    struct field_table t = known ? itsup_table(table) : (struct field_table){ 0 };
    for (size_t i = 0; i < t.count; i++)
        if (str_eq(t.rows[i].key, y->at.key) && t.rows[i].kind == FIELD_BOOL) {
            offer(y->c, ITSUPC_COMPLETES_VALUE, STR("true"), STR(""), STR(""));
            offer(y->c, ITSUPC_COMPLETES_VALUE, STR("false"), STR(""), STR(""));
        }
}

static void complete_value(struct yaml_completing *y) {
    const struct option *o = NULL;
    struct str path[YAML_DEEPEST + 1];
    size_t depth = y->at.depth;
    memcpy(path, y->at.path, depth * sizeof *path);
    if (y->at.key.len)
        path[depth++] = y->at.key;
    if (y->kind == YAML_PROJECT || y->kind == YAML_INFRA) {
        complete_project(y);
        return;
    }
    if (y->kind == YAML_DYNAMIC || y->kind == YAML_STATIC)
        o = yaml_option(y->kind, path, depth);
    narrow(y);
    if (y->kind == YAML_COMPOSE)
        offer_compose_words(y, path, depth);
    if (o)
        offer_values(y, o);
}

static void complete_key(struct yaml_completing *y) {
    const struct yaml_key *at = &y->at;
    switch (y->kind) {
    case YAML_UNKNOWN: return;
    case YAML_COMPOSE: offer_compose_keys(y); return;
    case YAML_PROJECT:
    case YAML_INFRA: offer_itsup_keys(y); return;
    case YAML_DYNAMIC:
    case YAML_STATIC: break;
    }
    const struct option *o = yaml_option(y->kind, at->path, at->depth);
    bool item = at->depth && str_is(at->path[at->depth - 1], "[]");
    if (o && item && !option_first_child(o))
        offer_values(y, o);
    else
        offer_option_keys(y, o);
}

void complete_yaml(struct completing *c, struct source *source, size_t offset) {
    struct yaml_completing y = { .c = c, .source = source };
    y.keys = yaml_keys_of(c->items.arena, source);
    y.kind = yaml_kind_of(&y.keys, source->name);
    y.at = yaml_key_at(c->items.arena, source, offset);
    c->typed = y.at.value;
    if (y.kind == YAML_COMPOSE && yaml_is_labels(y.at.path, y.at.depth))
        complete_labels(&y);
    else if (y.at.key.len)
        complete_value(&y);
    else
        complete_key(&y);
}

/* ---- hover ---- */

static bool is_in(struct span span, uint32_t place) {
    return span.start <= place && place <= span.end && span.end > span.start;
}

static const struct option *option_of_key(enum yaml_kind kind, const struct yaml_key *k) {
    struct str path[YAML_DEEPEST + 1];
    memcpy(path, k->path, k->depth * sizeof *path);
    path[k->depth] = k->key;
    return kind == YAML_DYNAMIC || kind == YAML_STATIC
               ? yaml_option(kind, path, k->depth + (k->key.len > 0))
               : NULL;
}

bool hover_yaml(struct buf *out, struct source *source, size_t offset, struct span *span) {
    struct yaml_keys keys = yaml_keys_of(out->arena, source);
    enum yaml_kind kind = yaml_kind_of(&keys, source->name);
    uint32_t place = editing_at(source, offset);
    for (size_t i = 0; i < keys.count; i++) {
        const struct yaml_key *k = &keys.list[i];
        struct span whole = span_join(k->key_span, k->value_span), key_span, value_span;
        struct str key, value;
        if (!is_in(whole, place))
            continue;
        bool label = yaml_label(k, &key, &value, &key_span, &value_span);
        const struct option *o = label ? yaml_label_option(key) : option_of_key(kind, k);
        *span = label ? key_span : k->key.len ? k->key_span : k->value_span;
        if (o)
            hover_option(out, o);
        return o != NULL;
    }
    return false;
}
