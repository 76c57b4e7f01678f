/* A tree as text, for tests. */
#pragma once

#include "lower/tree.h"
#include "support/buf.h"

/* The tree as one line of text for tests: plain 'single' "double" |literal >folded [list] {k: v}
   &anchor *alias, with byte offsets in the file behind `@` if asked for. */
void tree_dump(struct buf *out, const struct tree *node, bool spans);
/* The same with aliases and merges followed. */
void tree_dump_resolved(struct buf *out, const struct tree *node);
