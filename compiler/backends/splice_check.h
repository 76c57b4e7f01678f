/* Does a spliced file say what the file said, and the edits? */
#pragma once

#include "backends/splice_plan.h"

/* NULL when it does, else what does not, for a message about a mistake of ours. */
const char *splice_check(struct arena *scratch, const struct splice_plan *plan,
                         const struct compose_edits *edits, const struct outline *result);
