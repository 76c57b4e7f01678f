/* What a router's service is in the language: targets, and settings of the route. */
#pragma once

#include "lower/traefik.h"

enum traefik_protocol { TRAEFIK_HTTP, TRAEFIK_TCP, TRAEFIK_UDP };

struct service_words {
    struct nodes pools;    /* POOL nodes; none when the service cannot be said */
    struct nodes settings; /* health, sticky, lb, upstream, mirror, option */
    bool outside;          /* `NAME@provider`, declared elsewhere */
    bool missing;          /* told */
};

/* `name` is the router's `service`, or NULL: then its part's only one, or none. */
struct service_words service_words(struct traefik *t, struct traefik_part *part,
                                   enum traefik_protocol protocol, struct node *name,
                                   const struct conf *router);
