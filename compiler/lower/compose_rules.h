/* What Compose asks of a whole file beyond shapes and names. */
#pragma once

#include "lower/compose_file.h"

/* Services that wait for each other, keys that exclude each other, values in an odd form. */
void compose_check_rules(struct compose *c);
