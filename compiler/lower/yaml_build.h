/* The tree under construction. Both readers of YAML hand on what they find, in the order of the
   file; what anchors, aliases, limits and keys given twice mean stands here, once. */
#pragma once

#include "lower/tree.h"

struct yaml_frame {
    struct tree *node;
    struct tree_entry *last;
    struct tree *key; /* mapping: read, and waiting for its value */
    uint64_t size;    /* with aliases followed */
    uint32_t height;
};

struct yaml_build {
    struct tree_file *file;
    struct diags *diags;
    size_t depth;
    struct yaml_frame *top; /* NULL outside of everything */
    uint64_t expansions;
    size_t most;       /* nodes of the file */
    bool stop, broken; /* nothing more is wanted; no tree comes of it */
    struct yaml_frame stack[TREE_DEEPEST];
};

/* Everything but the stack, which needs no beginning. */
void yaml_build_start(struct yaml_build *b, struct arena *arena, struct diags *diags,
                      struct source *source, size_t most);

/* False when the file has as many nodes as one may have; told at `span`. */
bool yaml_build_room(struct yaml_build *b, struct span span);

struct yaml_scalar {
    enum tree_style style;
    struct span span, content;
    struct str text;
};

/* `props` are NULL for a node without anchor and tag, else they are kept. Spans are the values'
   own. */
void yaml_build_scalar(struct yaml_build *b, const struct yaml_scalar *s, struct tree_props *props);
void yaml_build_alias(struct yaml_build *b, struct str name, struct span span);

/* `indent`: columns before the keys or dashes of a block collection. */
void yaml_build_open(struct yaml_build *b, enum tree_kind kind, enum tree_style style,
                     struct span span, uint32_t indent, struct tree_props *props);
/* `end` is just behind the closing bracket; 0: the collection ends with its last value. */
void yaml_build_close(struct yaml_build *b, uint32_t end);

/* NULL when it is broken. */
struct tree_file *yaml_build_finish(struct yaml_build *b);
