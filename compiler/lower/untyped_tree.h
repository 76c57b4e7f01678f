/* A YAML file as configuration without types. */
#pragma once

#include "lower/tree.h"
#include "source/untyped.h"

/* Aliases and merge keys are followed. Nothing of it points into the tree. */
struct untyped *untyped_from_tree(struct arena *a, const struct tree *node);
/* The same of a whole file, which keeps it: made once, of the first arena that asks. */
struct untyped *untyped_of_file(struct arena *a, struct tree_file *file);
/* The file without its tree, which may go then: what stands in it, and its comments. */
struct tree_file *untyped_file(struct arena *a, struct diags *diags, struct tree_file *file);
/* "a list", "text", "a number": as tree_kind_name says it. */
const char *untyped_kind_name(const struct untyped *c);
