/* Building a tree; for the readers of YAML and JSON. */
#pragma once

#include "lower/tree.h"

/* The two sentences that belong to every mistake that ends the reading of a file. */
void tree_refuse(struct diags *diags, struct diag *d, const char *help);

/* A file with more values than it may have. */
void tree_tell_nodes(struct diags *diags, struct span span, size_t most);

struct tree_file *tree_file_new(struct arena *arena, struct source *source);

static inline struct tree *tree_new(struct tree_file *file, enum tree_kind kind,
                                    enum tree_style style, struct span span, struct tree *parent) {
    struct tree *node = arena_new(file->arena, struct tree);
    node->kind = (uint8_t)kind;
    node->style = (uint8_t)style;
    node->span = span;
    node->file = file;
    node->parent = parent;
    if (kind == TREE_SCALAR) {
        node->text = STR("");
        node->content = span;
    }
    file->nodes++;
    return node;
}

/* Takes an entry (key NULL: an item) behind `last`, which is NULL for the first; gives the new one.
 */
static inline struct tree_entry *tree_append(struct tree *collection, struct tree_entry *last,
                                             struct tree *key, struct tree *value) {
    struct tree_entry *entry = arena_new(collection->file->arena, struct tree_entry);
    *entry = (struct tree_entry){ .key = key, .value = value, .owner = collection };
    if (last)
        last->next = entry;
    else
        collection->first = entry;
    collection->count++;
    return entry;
}

/* The mapping is complete: follows `<<`, indexes, reports keys given twice and misused merges. */
void tree_close_mapping(struct diags *diags, struct tree *map);
