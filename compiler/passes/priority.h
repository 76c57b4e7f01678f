/* What the two halves of the priority pass share. */
#pragma once

#include "passes/pass.h"

/* Above everything that is worked out: 3,000,000 for an exact host, and what a path can add. */
#define PRIORITY_ABOVE_ALL 5000000ul

/* Of routers that may meet: entry point, protocol, TLS, host. */
struct str priority_key(struct arena *arena, const struct ir_router *r, struct str entry,
                        struct str host);
/* Tells priorities of the user that do not do what they are there for. */
void priority_clash(struct ir *ir);
