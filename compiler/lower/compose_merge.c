/* `healthcheck` and `deploy` over the layers of a service, as Compose joins them. */
#include "lower/compose_merge.h"

#include "lower/tree_build.h"

static bool is_marked(const struct tree *node, const char *tag) {
    return node->props && str_is(node->props->tag, tag);
}

static bool has_item(const struct tree *list, const struct tree *item) {
    if (item->kind != TREE_SCALAR)
        return false;
    for (struct tree_entry *e = tree_entries(list); e; e = e->next)
        if (tree_is(e->value, TREE_SCALAR) && str_eq(tree_text(e->value), item->text))
            return true;
    return false;
}

/* Items that are in both lists stand there once; long lists are not searched. */
static struct tree *join_lists(struct tree *base, struct tree *over) {
    struct tree *out =
        tree_new(over->file, TREE_SEQUENCE, (enum tree_style)over->style, over->span, over->parent);
    struct tree_entry *last = NULL;
    for (struct tree_entry *e = tree_entries(base); e; e = e->next)
        last = tree_append(out, last, NULL, e->value);
    bool search = tree_count(base) <= 64;
    for (struct tree_entry *e = tree_entries(over); e; e = e->next)
        if (!search || !has_item(base, tree_value(e)))
            last = tree_append(out, last, NULL, e->value);
    return out;
}

static struct tree *join(struct diags *diags, struct tree *base, struct tree *over, bool replace);

/* A healthcheck has one command: a later `test` replaces the one before. */
static bool is_replaced(struct str key) {
    return str_is(key, "test");
}

/* As deep as what may stand in these keys, since what Compose refuses was poisoned before. */
static struct tree *join_maps(struct diags *diags, struct tree *base, struct tree *over) {
    struct tree *out =
        tree_new(over->file, TREE_MAPPING, (enum tree_style)over->style, over->span, over->parent);
    struct tree_entry *last = NULL;
    for (struct tree_entry *e = tree_entries(base); e; e = e->next) {
        struct tree_entry *later = tree_find(over, tree_key(e));
        struct tree *value = e->value;
        if (later)
            value = join(diags, tree_value(e), tree_value(later), is_replaced(tree_key(e)));
        if (value)
            last = tree_append(out, last, later ? later->key : e->key, value);
    }
    for (struct tree_entry *e = tree_entries(over); e; e = e->next)
        if (!tree_find(base, tree_key(e)) && !is_marked(tree_value(e), "!reset"))
            last = tree_append(out, last, e->key, e->value);
    tree_close_mapping(diags, out);
    return out;
}

static struct tree *join(struct diags *diags, struct tree *base, struct tree *over, bool replace) {
    if (is_marked(over, "!reset"))
        return NULL;
    if (replace || is_marked(over, "!override"))
        return over;
    if (tree_is_null(over))
        return base;
    if (base->kind == TREE_MAPPING && over->kind == TREE_MAPPING)
        return join_maps(diags, base, over);
    if (base->kind == TREE_SEQUENCE && over->kind == TREE_SEQUENCE)
        return join_lists(base, over);
    return over;
}

struct tree *compose_service_merged(struct compose *c, const struct compose_service *service,
                                    struct str key) {
    /* Every key was checked for repeats when its file was read; what is told again is dropped. */
    struct diags nobody = { .arena = c->arena };
    struct tree *out = NULL;
    for (struct compose_layer *l = service->layers; l; l = l->next) {
        struct tree *node = tree_get(l->body, key);
        if (!node)
            continue;
        c->expansions += l->own ? 0 : tree_count(node) + 1;
        if (c->expansions > TREE_MOST_EXPANSIONS)
            break;
        out = out ? join(&nobody, out, node, false) : is_marked(node, "!reset") ? NULL : node;
    }
    return tree_is(out, TREE_MAPPING) ? out : NULL;
}
