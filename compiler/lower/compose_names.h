/* Names inside a compose file that must lead somewhere. */
#pragma once

#include "lower/compose_file.h"

/* Networks, dependencies, network modes of every service. */
void compose_check_names(struct compose *c);
