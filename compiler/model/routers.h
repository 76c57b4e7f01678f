/* Whether Traefik would take the router and the service that a route becomes. */
#pragma once

#include "model/program.h"

/* After check_conflicts, which gathers the defaults of each mode. */
void check_routers(struct program *program);
