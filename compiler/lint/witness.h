/* A request that a rule is meant for, and what Traefik's tables answer to it. */
#pragma once

#include "analysis/trace.h"
#include "lint/cubes.h"
#include "lint/rule.h"

struct witness {
    struct request request;
    struct str text; /* "POST https://shop.example.com/api" */
    struct decision decision;
};

/* A URL by which clients reach that entry point: with its port, where it is not the usual one. */
struct str witness_url(const struct lint *l, const struct entry_point *e, bool tls, struct str host,
                       struct str path);
/* Of one cube of the router's rule, asked on that entry point. False when none can be made up, as
   with regular expressions. It lives in the scratch arena. */
bool witness_ask(struct lint *l, const struct router *r, const struct cube *cube,
                 const struct entry_point *e, bool tls, struct witness *out);
/* What becomes of it: "is answered by `shop`", "goes to `db`", "is answered 421". */
struct str witness_end(struct arena *a, const struct witness *w);
/* The same of the first cube for which there is one. Routers that were left out have one, too. */
bool witness_of_router(struct lint *l, const struct router *r, const struct entry_point *e,
                       bool tls, struct witness *out);
