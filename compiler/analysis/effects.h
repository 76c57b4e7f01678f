/* What the middlewares of a router do to one request, in order: some answer it themselves, some
   change its path, the others are only told. */
#pragma once

#include "analysis/proxy.h"
#include "analysis/request.h"

struct effect { /* for people */
    struct effect *next;
    struct str middleware, text;
};

struct effects {
    int status;            /* of a middleware that answers instead of the server; 0: none does */
    struct str by;         /* … its name */
    struct str location;   /* … of a redirection */
    struct str why;        /* … when its answer is a failure */
    struct http_view view; /* the request as it goes on */
    struct str sent;       /* path and query as the server gets them */
    struct effect *first, **last;
};

void effects_of(struct proxy *p, const struct strs *middlewares, const struct request *r,
                const struct http_view *view, bool tls, struct arena *a, struct effects *out);
