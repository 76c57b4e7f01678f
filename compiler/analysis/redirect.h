/* Does a router answer with a redirection of its own? */
#pragma once

#include "analysis/proxy.h"
#include "analysis/request.h"

/* The status and the Location of the first middleware that redirects, or 0. */
int redirect_of(struct proxy *p, const struct placement *route, const struct request *r,
                const struct http_view *view, bool tls, struct arena *a, struct str *location);
