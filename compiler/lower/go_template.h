/* `{{…}}` in files of the file provider, which Traefik runs through Go's templates before it reads
   YAML. */
#pragma once

#include "source/diag.h"

/* Tells braces that no template reads: Traefik then refuses the file. */
void go_template_check(struct diags *diags, struct source *source);
