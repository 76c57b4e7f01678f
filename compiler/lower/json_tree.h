/* JSON text (RFC 8259, nothing more) as a located tree. */
#pragma once

#include "lower/tree.h"

/* NULL after a syntax error: one message was given, and nothing more of the file is judged. */
struct tree_file *json_tree_read(struct arena *arena, struct diags *diags, struct source *source);
