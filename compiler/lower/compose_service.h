/* From the layers of a service to its model. */
#pragma once

#include "lower/compose_file.h"

/* Fills in all but name, body and layers, by Compose's rules of merging. What lies in `scratch` is
   of no use afterwards. */
void compose_service_fill(struct compose *c, struct compose_service *service,
                          struct arena *scratch);
/* Of a network: external, real name, subnets. */
void compose_network_fill(struct compose *c, struct compose_network *network);
