/* From the layers of a service to its model. */
#pragma once

#include "lower/compose_file.h"

/* Fills in all but name, body and layers, by Compose's rules of merging. */
void compose_service_fill(struct compose *c, struct compose_service *service);
/* Of a network: external, real name, subnets. */
void compose_network_fill(struct compose *c, struct compose_network *network);
