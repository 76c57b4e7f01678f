/* What Traefik cannot make a middleware of, though its options have the right types. */
#pragma once

#include "analysis/untyped.h"

/* `kind` is the mapping below the middleware's name: `stripPrefix` and the like. Empty when it is
   well. */
struct str middleware_fault(struct arena *a, const struct untyped *kind);
