/* Any bytes as YAML, JSON and TOML: no crash, and every place lies inside the file. The first byte
   chooses the reader. */
#include "lower/json_tree.h"
#include "lower/toml_tree.h"
#include "lower/tree_place.h"
#include "lower/yaml_tree.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition) {
    if (!condition)
        abort();
}

static void check_span(const struct source *source, struct span span) {
    must(span.start >= source->base && span.start <= span.end &&
         span.end <= source->base + source->text.len);
}

static void check_scalar(struct arena *arena, const struct tree *node) {
    const struct source *source = node->file->source;
    check_span(source, node->content);
    const struct piece *p = tree_pieces(arena, node);
    for (uint32_t at = 0; p && p->at != UINT32_MAX; at = p++->at) {
        check_span(source, p->span);
        must(p->at >= at && p->at <= node->text.len);
        size_t to = p[1].at == UINT32_MAX ? node->text.len : p[1].at;
        must(p->whole || p->span.end - p->span.start == to - p->at);
    }
    check_span(source, tree_text_span(arena, node, 0, node->text.len));
    int64_t number;
    bool truth;
    tree_to_int(node, &number);
    tree_to_bool(node, &truth);
}

static void check_node(struct arena *arena, const struct tree *node) {
    check_span(node->file->source, node->span);
    must(tree_whole(node).start <= node->span.start);
    if (node->kind == TREE_SCALAR) {
        check_scalar(arena, node);
        return;
    }
    if (node->kind == TREE_ALIAS) {
        must(tree_resolve(node) != NULL);
        return;
    }
    struct tree_splice splice = tree_splice_end(node);
    check_span(node->file->source, (struct span){ splice.at, splice.at });
    for (const struct tree_entry *e = node->first; e; e = e->next) {
        must(e->value->parent == node);
        if (e->key)
            check_node(arena, e->key);
        check_node(arena, e->value);
    }
    size_t count = 0;
    for (const struct tree_entry *e = tree_entries(node); e; e = e->next, count++)
        must(!e->key || tree_key(e).len == 0 || tree_find(node, tree_key(e)));
    must(count == tree_count(node));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = { 0 };
    struct sources sources = { .arena = &arena };
    struct diags diags = { .arena = &arena, .sources = &sources };
    if (size > 0) {
        struct str text = { (const char *)data + 1, size - 1 };
        struct source *source = source_add(&sources, STR("input"), text);
        struct tree_file *file = data[0] == 't' ? toml_tree_read(&arena, &diags, source)
                                 : data[0] & 1  ? json_tree_read(&arena, &diags, source)
                                                : yaml_tree_read(&arena, &diags, source);
        must(file || diags.errors > 0);
        for (struct diag *d = diags.first; d; d = d->next)
            check_span(source, d->span);
        if (file)
            check_node(&arena, file->root);
    }
    arena_free(&arena);
    return 0;
}
