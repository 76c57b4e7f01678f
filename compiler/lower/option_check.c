/* A YAML file of Traefik's against the option table. */
#include "lower/option_check.h"

#include "lower/tree_place.h"
#include "options/value.h"
#include "support/nearest.h"

static bool is_open(struct str text) {
    return str_find_str(text, STR("${")) != STR_NONE || str_find_str(text, STR("{{")) != STR_NONE;
}

static void tell_kind(struct lower *l, const struct option *o, const struct tree *node,
                      const char *wanted) {
    struct str name = option_name(o);
    struct diag *d = diag_add(l->diags, DIAG_FIELD_KIND, node->span, "`%.*s` is %s, not %s",
                              STR_ARG(name), wanted, tree_kind_name(node));
    diag_effect(l->diags, d, "Traefik refuses the whole file");
    diag_help(l->diags, d, "write %s, or remove the key", wanted);
}

/* Does Traefik's decoder take the text, though whoever uses the option will not? It knows numbers,
   truth values and durations; all else is text to it. */
static bool is_read(enum option_type type, struct str text) {
    bool number = type == OPTION_INT || type == OPTION_BYTES || type == OPTION_PERCENT;
    size_t digits = text.len > 0 && (text.at[0] == '-' || text.at[0] == '+');
    if (type == OPTION_BOOL || type == OPTION_FLOAT || type == OPTION_DURATION)
        return false;
    if (!number)
        return true;
    for (size_t i = digits; i < text.len; i++)
        if (!char_is_digit(text.at[i]))
            return false;
    return text.len > digits && text.len - digits < 19;
}

static enum diag_code code_of(enum option_type type) {
    static const struct {
        enum option_type type;
        enum diag_code code;
    } codes[] = {
#define VALUE_CODE(type, code) { OPTION_##type, DIAG_##code },
#include "options/value_codes.def"
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i].type == type)
            return codes[i].code;
    return DIAG_VALUE_KIND;
}

/* The words to type, of types whose form nobody writes by hand. */
static const char *form_of(enum option_type type) {
    static const char *const forms[] = {
        [OPTION_HTPASSWD] = "NAME:HASH, as `htpasswd -nB NAME` prints it",
        [OPTION_HTDIGEST] = "NAME:REALM:HASH, as `htdigest` writes it",
    };
    return type < sizeof forms / sizeof *forms ? forms[type] : NULL;
}

bool option_tell_value(struct lower *l, const struct option *o, struct node_text *text,
                       const char *effect) {
    struct option_check check = option_check_value(o, text->text, l->arena);
    if (o->type == OPTION_ANY || check.verdict != OPTION_BAD)
        return true;
    enum diag_code code = code_of(check.type);
    struct str name = option_name(o);
    struct diag *d = diag_add(l->diags, code, text->base.span, "`%.*s`: %.*s", STR_ARG(name),
                              STR_ARG(check.reason));
    if (effect && !is_read(check.type, text->text))
        diag_effect(l->diags, d, "%s", effect);
    else if (effect)
        diag_effect(l->diags, d,
                    "Traefik reads it, and refuses what it stands in or passes it over");
    if (check.nearest.len)
        diag_suggest(l->diags, d, node_text_span(text, 0, text->text.len), check.nearest);
    else if (form_of(check.type))
        diag_help(l->diags, d, "write %s", form_of(check.type));
    return false;
}

static void check_value(struct lower *l, const struct option *o, const struct tree *node) {
    node = tree_resolve(node);
    if (node->kind != TREE_SCALAR) {
        if (o->type != OPTION_ANY)
            tell_kind(l, o, node, "one value");
        return;
    }
    if (!is_open(tree_text(node)) && !tree_is_null(node))
        option_tell_value(l, o, node_text(tree_ast_text(l->arena, node)), NULL);
}

void option_tell_unknown(struct lower *l, const struct option *o, const struct tree_entry *entry,
                         struct str also) {
    struct str key = tree_key(entry);
    struct nearest near = { .wanted = key };
    nearest_offer(&near, option_child_nearest(o, key));
    nearest_offer(&near, also);
    struct str best = near.best;
    struct diag *d = diag_add(l->diags, DIAG_OPTION_UNKNOWN, entry->key->span,
                              o->path.len ? "Traefik has no option `%.*s` below `%.*s`"
                                          : "Traefik has no option `%.*s`%.*s",
                              STR_ARG(key), STR_ARG(o->path));
    diag_effect(l->diags, d, "Traefik refuses the whole file");
    if (best.len) {
        diag_suggest(l->diags, d, entry->key->span, best);
        return;
    }
    const struct option *elsewhere =
        option_named(o->places & OPTION_IN_STATIC ? OPTION_STATIC : OPTION_DYNAMIC, key, NULL);
    if (elsewhere)
        diag_help(l->diags, d, "there is `%.*s`", STR_ARG(elsewhere->path));
}

static bool is_leaf(const struct option *o) {
    return !option_first_child(o);
}

static void check_items(struct lower *l, const struct option *o, const struct tree *list) {
    for (const struct tree_entry *e = tree_entries(list); e; e = e->next)
        check_value(l, o, tree_value(e));
}

static void check_leaf(struct lower *l, const struct option *o, const struct tree *node) {
    switch (o->shape) {
    case OPTION_ONE: check_value(l, o, node); return;
    case OPTION_LIST:
        if (node->kind == TREE_SEQUENCE)
            check_items(l, o, node);
        else if (node->kind != TREE_SCALAR)
            tell_kind(l, o, node, "a list");
        return;
    case OPTION_MAP:
        if (o->any_name) /* the value of one key */
            check_value(l, o, node);
        else if (node->kind == TREE_MAPPING)
            check_items(l, o, node);
        else if (o->type != OPTION_ANY)
            tell_kind(l, o, node, "a mapping");
        return;
    }
}

static void check_object(struct lower *l, const struct option *o, const struct tree *map) {
    for (const struct tree_entry *e = tree_entries(map); e; e = e->next) {
        const struct option *child = option_child(o, tree_key(e));
        if (child)
            option_check_tree(l, child, e->value);
        else
            option_tell_unknown(l, o, e, STR(""));
    }
}

void option_check_tree(struct lower *l, const struct option *o, const struct tree *node) {
    node = tree_resolve(node);
    if (tree_is_null(node) && node->kind == TREE_SCALAR)
        return;
    if (is_leaf(o) && o->type != OPTION_OBJECT && o->type != OPTION_OBJECT_OR_EMPTY) {
        check_leaf(l, o, node);
    } else if (o->indexed) {
        if (node->kind != TREE_SEQUENCE) {
            tell_kind(l, o, node, "a list");
            return;
        }
        for (const struct tree_entry *e = tree_entries(node); e; e = e->next) {
            struct tree *item = tree_value(e);
            if (item->kind == TREE_MAPPING)
                check_object(l, o, item);
            else
                tell_kind(l, o, item, "a list of mappings");
        }
    } else if (node->kind == TREE_MAPPING) {
        /* Below `plugin.NAME` everything is the plugin's own. */
        check_object(l, o, node);
    } else if (o->type != OPTION_OBJECT_OR_EMPTY || node->kind != TREE_SCALAR) {
        tell_kind(l, o, node, "a mapping");
    }
}
