/* X007: can a proxy in a container reach another container? Over a network that both are on, and
   only at the address that the Docker provider takes: that of the network that is named for the
   container, else one by chance (getIPAddress in pkg/provider/docker). Networks are told apart by
   Docker's names for them. */
#pragma once

#include "source/diag.h"

struct reach_end {
    const struct str *networks;
    size_t count;
};

/* A container in the eyes of the provider. */
struct reach {
    struct str name, project; /* of the service in the compose file */
    struct span span;
    struct reach_end end;
    struct str label; /* `traefik.docker.network`; empty without */
    struct span label_span;
};

bool reach_joins(const struct reach_end *end, struct str network);
/* `proxy` may be NULL: not in view. `provider`: the network that the provider names for all. */
void reach_check(struct diags *diags, const struct reach *proxy, const struct reach *container,
                 struct str provider);
