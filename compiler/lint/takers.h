/* Who keeps requests from a router: one that is asked before it, or several together. */
#pragma once

#include "lint/witness.h"

/* Asked before it for sure: the usual order of providers is lost when Traefik reads its
   configuration. */
bool taker_is_before(const struct lint *l, const struct placement *a, const struct placement *b);
/* Which of the two answers makes no difference. */
bool taker_is_same(const struct placement *a, const struct placement *b);
/* Do both stand on the same entry points, whatever a static configuration says that is not in view?
 */
bool taker_meets(const struct lint *l, const struct placement *a, const struct placement *b);

/* The router that takes every request of the alternative before this one is asked; NULL when there
   is none, or when that was not found out. */
const struct placement *taker_of(struct lint *l, const struct placements *table,
                                 const struct placement *route, const struct cube *cube,
                                 const struct witness *w);

struct takers {
    const struct placement *first, *second; /* the same when one takes all of it */
};
/* Do those that are asked before it take every such request together? False when that cannot be
   told. */
bool takers_of(struct lint *l, const struct placements *table, const struct placement *route,
               const struct cube *cube, struct takers *out);
