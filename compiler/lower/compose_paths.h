/* Files that a compose file of an itsUP project names beside itself. */
#pragma once

#include "lower/compose_file.h"

void compose_check_paths(const struct compose *c);
