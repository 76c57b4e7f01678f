/* The comments of a YAML file, which no tree of it keeps. */
#pragma once

#include "ast/ast.h"
#include "lower/tree.h"

/* All of them in source order; suppressions among them are remembered. */
struct comment *yaml_comments_read(struct arena *a, struct diags *diags,
                                   const struct tree_file *file);

/* Cuts those that begin before the pool offset `end` off the list's front. */
struct comment *yaml_comments_take(struct comment **list, uint32_t end);

/* Hangs comments on a statement: above it, or behind it when the only one stood behind a value.
   With `place`, where the statement's source begins, empty lines around are kept, too. */
void yaml_comments_hang(struct arena *arena, const struct source *source, struct node *node,
                        uint32_t place, struct comment *comments);

/* Just behind the last line that a node has something on, its comment included. */
uint32_t yaml_lines_end(const struct tree *node);
