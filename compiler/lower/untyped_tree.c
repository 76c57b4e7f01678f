/* The located tree of a YAML file, aliases followed, as configuration. */
#include "lower/untyped_tree.h"

#include "lower/tree_place.h"
#include "lower/yaml_comments.h"

struct copy {
    struct arena *arena;
    size_t made;
};

/* As deep as the tree, which has at most TREE_DEEPEST levels in each of its aliases. The reader of
   the file counted what its aliases repeat. */
enum { DEEPEST = 1000, MOST_MADE = TREE_MOST_PLAIN + TREE_MOST_EXPANSIONS };

static bool stands_in(const struct source *source, struct str text) {
    struct str all = source->text;
    return text.len && text.at >= all.at && text.at + text.len <= all.at + all.len;
}

/* What stands in a source stays there; what was unescaped goes with the tree. */
static struct str keep(struct copy *copy, const struct tree *scalar) {
    return stands_in(scalar->file->source, scalar->text) ? scalar->text
                                                         : str_copy(copy->arena, scalar->text);
}

static enum untyped_scalar scalar_of(const struct tree *scalar) {
    static const enum untyped_scalar kinds[] = { [SCALAR_TEXT] = UNTYPED_WORD,
                                                 [SCALAR_NULL] = UNTYPED_NOTHING,
                                                 [SCALAR_BOOL] = UNTYPED_TRUTH,
                                                 [SCALAR_INT] = UNTYPED_INT,
                                                 [SCALAR_FLOAT] = UNTYPED_FLOAT };
    return kinds[tree_scalar_kind(scalar)];
}

static struct untyped *copy_scalar(struct copy *copy, const struct tree *node, struct str key) {
    const struct source *source = node->file->source;
    struct untyped *c;
    if (stands_in(source, node->text) &&
        node->content.start == source->base + (uint32_t)(node->text.at - source->text.at)) {
        c = untyped_new(copy->arena, UNTYPED_TEXT, key, node->span);
    } else {
        struct untyped_written *written = arena_new(copy->arena, struct untyped_written);
        written->inner = node->content.start;
        written->pieces = tree_pieces(copy->arena, node);
        c = &written->base;
        *c = (struct untyped){ .key = key, .span = node->span, .key_span = node->span };
        c->is_written = true;
    }
    c->kind = tree_is_null(node) ? UNTYPED_NULL : UNTYPED_TEXT;
    c->text = c->kind == UNTYPED_TEXT ? keep(copy, node) : STR("");
    c->scalar = scalar_of(node);
    return c;
}

static struct untyped *copy_node(struct copy *copy, const struct tree *node, struct str key,
                                 unsigned depth) {
    node = tree_resolve(node);
    bool cut = ++copy->made > MOST_MADE || depth > DEEPEST;
    if (!cut && node && node->kind == TREE_SCALAR)
        return copy_scalar(copy, node, key);
    struct span none = { 0, 0 };
    struct untyped *c = untyped_new(copy->arena, UNTYPED_NULL, key, node ? node->span : none);
    c->scalar = UNTYPED_NOTHING;
    if (cut || !node)
        return c;
    c->kind = node->kind == TREE_MAPPING ? UNTYPED_MAP : UNTYPED_LIST;
    struct untyped **end = &c->first;
    for (const struct tree_entry *e = tree_entries(node); e && copy->made <= MOST_MADE;
         e = e->next) {
        const struct tree *name = tree_resolve(e->key);
        bool is_text = name && name->kind == TREE_SCALAR;
        struct untyped *child =
            copy_node(copy, e->value, is_text ? keep(copy, name) : STR(""), depth + 1);
        if (e->key)
            child->key_span = e->key->span;
        if (is_text && name->style == TREE_PLAIN && !name->file->json)
            child->key_scalar = scalar_of(name);
        end = untyped_put(end, child);
    }
    return c;
}

struct untyped *untyped_from_tree(struct arena *a, const struct tree *node) {
    struct copy copy = { .arena = a };
    return copy_node(&copy, node, STR(""), 0);
}

struct untyped *untyped_of_file(struct arena *a, struct tree_file *file) {
    if (!file->conf)
        file->conf = untyped_from_tree(a, file->root);
    return file->conf;
}

struct tree_file *untyped_file(struct arena *a, struct diags *diags, struct tree_file *file) {
    struct tree_file *brief = arena_new(a, struct tree_file);
    *brief = (struct tree_file){ .arena = a, .source = file->source, .json = file->json };
    brief->conf = untyped_from_tree(a, file->root);
    brief->comments = file->json ? NULL : yaml_comments_read(a, diags, file);
    return brief;
}

const char *untyped_kind_name(const struct untyped *c) {
    static const char *const kinds[] = { [UNTYPED_WORD] = "text",
                                         [UNTYPED_NOTHING] = "nothing",
                                         [UNTYPED_TRUTH] = "true or false",
                                         [UNTYPED_INT] = "a number",
                                         [UNTYPED_FLOAT] = "a number" };
    return c->kind == UNTYPED_LIST  ? "a list"
           : c->kind == UNTYPED_MAP ? "a mapping"
                                    : kinds[c->scalar];
}
