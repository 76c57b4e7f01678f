/* YAML text as a located tree. */
#pragma once

#include "lower/tree.h"

/* NULL after a syntax error: one message was given, and nothing more of the file is judged.
   Duplicate keys and misused merges are reported, the tree is there nevertheless. */
struct tree_file *yaml_tree_read(struct arena *arena, struct diags *diags, struct source *source);
/* The same of a file with up to `most` values. */
struct tree_file *yaml_tree_read_most(struct arena *arena, struct diags *diags,
                                      struct source *source, size_t most);
