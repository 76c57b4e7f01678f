/* The fixed addresses of services on the proxy's network. */
#pragma once

#include "model/program.h"

/* Each lies inside the network, is nobody else's, and neither reserved nor claimed twice. */
void check_addresses(struct program *program);
