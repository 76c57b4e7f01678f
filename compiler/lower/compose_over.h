/* Compose files of one project that change each other: compose.yml, and compose.override.yml or
   compose.prod.yml beside it. */
#pragma once

#include "lower/tree.h"

/* For each of the names the place of the one that it changes, by what they are called; its own
   place when it changes none. */
size_t *compose_over_bases(struct arena *a, const struct str *names, size_t count);
/* Sets `over` and `is_over` among trees of compose files. Of a listing nobody said which belong
   together: then only what Compose reads by itself counts, and a single one of another name. */
void compose_over_link(struct arena *a, struct tree_file **files, size_t count, bool listed);
