/* TOML text (1.1, as Traefik's own reader takes it) as a located tree. */
#pragma once

#include "lower/tree.h"

/* NULL after a mistake: one message was given, and nothing more of the file is judged. */
struct tree_file *toml_tree_read(struct arena *arena, struct diags *diags, struct source *source);
