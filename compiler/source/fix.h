/* The fixes of a list of findings that can be applied together, and the texts that they give. */
#pragma once

#include "source/diag.h"

struct fixes {
    const struct diag_fix **list;
    size_t count;
};

/* The first safe fix of each finding, without those that touch another one: what they would mend is
   found again when the rest is applied. After diags_finish. */
struct fixes fixes_choose(struct arena *arena, const struct diags *diags);

/* The files that `chosen` ones of them change: sources and their new texts, in the order of the
   pool. A new line end is written as the file writes its own. */
struct fixed {
    const struct source *source;
    struct str text;
};
size_t fixes_apply(struct arena *arena, const struct sources *sources, const struct fixes *fixes,
                   const bool *chosen, struct fixed **out);
