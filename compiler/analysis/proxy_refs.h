/* Do the things that a router names exist, and could Traefik make them? */
#pragma once

#include "analysis/proxy.h"

/* Empty when it could, else what is wrong with it. */
struct str proxy_service_fault(struct proxy *p, enum layer layer, struct str full);
struct str proxy_middleware_fault(struct proxy *p, enum layer layer, struct str full);
bool proxy_options_exist(const struct proxy *p, struct str full); /* "default", "strict@file" */
/* Where a service is reached, through weights and mirrors, in order; at most `most`. */
struct strs proxy_servers(struct proxy *p, enum layer layer, struct str full, struct arena *a);
