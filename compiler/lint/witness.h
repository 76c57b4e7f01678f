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

/* Of one cube of the router's rule, asked on that entry point. False when none can be made up, as
   with regular expressions. It lives in the scratch arena. */
bool witness_ask(struct lint *l, const struct router *r, const struct cube *cube,
                 const struct entry_point *e, bool tls, struct witness *out);
/* The same of the first cube for which there is one. Routers that were left out have one, too. */
bool witness_of_router(struct lint *l, const struct router *r, const struct entry_point *e,
                       bool tls, struct witness *out);
