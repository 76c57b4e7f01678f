/* Which project may reach whose services. */
#pragma once

#include "model/program.h"

/* Edges must lead to a service of another project, and not round in a circle: a provider starts
   before its consumers. */
void check_egress(struct program *program);
