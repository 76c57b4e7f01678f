/* Names inside a compose file that must lead somewhere. */
#pragma once

#include "lower/compose_file.h"

/* What Compose calls a project after its folder: small letters, digits, `-` and `_`. */
struct str compose_project_name(struct arena *a, struct str folder);

/* Networks, dependencies, network modes of every service. */
void compose_check_names(struct compose *c);
