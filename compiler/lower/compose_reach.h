/* The networks of a service under the names that Docker gives them. */
#pragma once

#include "lower/compose_file.h"
#include "source/reach.h"

/* "shop_back", or the network's own name. `project` as Compose calls it. */
struct str compose_network_real(struct arena *a, const struct compose *c, struct str project,
                                struct str key);
/* False when they cannot be known: a variable, a part that could not be read, the host's network or
   another container's. */
bool compose_reach(struct arena *a, const struct compose *c, const struct compose_service *service,
                   struct str project, struct reach_end *out);
/* Is it Traefik in a container, by its image? */
bool compose_is_traefik(const struct compose_service *service);
