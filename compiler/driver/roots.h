/* Which workspaces the outputs of a folder come from, when several are built into it: paths as the
   output folder sees them, so that a repository may move. */
#pragma once

#include "driver/names.h"

/* The folders among `operands`, one beside the other. */
struct str roots_of(struct arena *arena, const char *output, const struct names *operands);
/* Is nothing left of what stands in `then` but what stands in `now`, too? A folder that is gone
   asks for nothing any more. */
bool roots_cover(struct arena *arena, const char *output, struct str now, struct str then);
