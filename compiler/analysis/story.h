/* What a route became: each router that comes from it, with everything that it names. */
#pragma once

#include "analysis/proxy.h"
#include "support/buf.h"

/* `name` with or without @provider. False when no router is called so; `out` then has the nearest
   name, or nothing. */
bool story_write(struct buf *out, struct proxy *p, struct str name, struct sources *sources);
