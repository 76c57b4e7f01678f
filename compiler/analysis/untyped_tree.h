/* A YAML file as configuration without types. */
#pragma once

#include "analysis/untyped.h"

struct tree;

/* Aliases and merge keys are followed, up to a million nodes; beyond that the rest is left out and
   `cut` (may be NULL) is set. */
struct untyped *untyped_from_tree(struct arena *a, const struct tree *node, bool *cut);
