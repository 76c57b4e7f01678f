/* Routers below routers (`parentRefs`, since 3.6): a parent's middlewares run, then its children
   are asked (pkg/server/router, ParseRouterTree). */
#pragma once

#include "analysis/proxy.h"

struct build {
    struct proxy *proxy;
    bool ranks; /* providers decide between equal priorities, since 3.7.0 */
};

/* After rules are read, before routers are placed: who is whose child, and who is refused for it.
 */
void tree_read(struct proxy *p);
/* Its TLS options conflict with another router's: it has another name now, and its children look
   for the one that it had. */
void tree_orphan(struct proxy *p, const struct router *parent);
bool tree_is_child(const struct router *r);
/* The children that are loaded, in the order in which they are asked; NULL when it has none. */
struct placements *tree_children(struct build *b, struct router *r);

/* ---- proxy_build.c ---- */

bool build_has_models(const struct proxy *p); /* defaults of entry points for routers */
int64_t build_priority(const struct router *r);
int build_rank(const struct build *b, struct str provider);
/* What is wrong with its middlewares and its service or children. */
struct str build_fault(struct build *b, const struct placement *route);
/* Sorts them as they are asked, and makes them found. */
void build_order(struct proxy *p, struct placements *list);
