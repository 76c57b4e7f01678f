/* Our tree as YAML of itsUP's third generation: a project's routing file, or itsup.yml. */
#pragma once

#include "lower/lower.h"

/* What the form cannot say is left out and told in `unsaid`. */
void itsup_write(struct buf *out, const struct ast *ast, struct lower_losses *unsaid);
