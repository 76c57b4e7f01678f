/* What a node means, apart from where and how it is written: on one line, and as a number. */
#pragma once

#include "lower/tree.h"
#include "support/buf.h"

/* The node as YAML on one line that may stand in block and in flow; scalars keep their spelling,
   aliases and merge keys are followed, anchors left out. Nothing for an empty value. */
void tree_line(struct buf *out, const struct tree *node);

/* Equal for nodes that every reader takes for the same: order of keys, style, anchors and `<<` do
   not count. `inside`, if not NULL, is set when an alias leads below `of`. */
uint64_t tree_digest(const struct tree *node, const struct tree *of, bool *inside);
uint64_t tree_digest_entry(const struct tree_entry *entry, const struct tree *of, bool *inside);
