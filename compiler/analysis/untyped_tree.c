/* The located tree of a YAML file, aliases followed, as configuration. */
#include "analysis/untyped_tree.h"

#include "lower/tree.h"

struct copy {
    struct arena *arena;
    size_t made;
};

/* As deep as the tree, which has at most TREE_DEEPEST levels in each of its aliases. */
enum { DEEPEST = 1000 };

/* What stands in a source stays there; what was unescaped goes with the tree. */
static struct str keep(struct copy *copy, const struct tree *scalar, struct str text) {
    struct str all = scalar->file->source->text;
    bool stays = text.len && text.at >= all.at && text.at + text.len <= all.at + all.len;
    return stays ? text : str_copy(copy->arena, text);
}

static struct untyped *copy_node(struct copy *copy, const struct tree *node, struct str key,
                                 unsigned depth) {
    node = tree_resolve(node);
    struct span none = { 0, 0 };
    struct untyped *c = untyped_new(copy->arena, UNTYPED_NULL, key, node ? node->span : none);
    if (++copy->made > TREE_MOST_EXPANSIONS || depth > DEEPEST || tree_is_null(node))
        return c;
    if (node->kind == TREE_SCALAR) {
        c->kind = UNTYPED_TEXT;
        c->text = keep(copy, node, node->text);
        return c;
    }
    c->kind = node->kind == TREE_MAPPING ? UNTYPED_MAP : UNTYPED_LIST;
    for (const struct tree_entry *e = tree_entries(node); e; e = e->next) {
        struct str name = e->key ? keep(copy, e->key, tree_key(e)) : STR("");
        struct untyped *child = copy_node(copy, e->value, name, depth + 1);
        if (e->key)
            child->key_span = tree_resolve(e->key)->span;
        untyped_add(c, child);
        if (copy->made > TREE_MOST_EXPANSIONS)
            break;
    }
    return c;
}

struct untyped *untyped_from_tree(struct arena *a, const struct tree *node, bool *cut) {
    struct copy copy = { .arena = a };
    struct untyped *c = copy_node(&copy, node, STR(""), 0);
    if (cut)
        *cut = copy.made > TREE_MOST_EXPANSIONS;
    return c;
}
