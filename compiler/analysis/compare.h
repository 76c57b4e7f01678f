/* Two configurations, router by router: what came, what went, and what is no longer the same. */
#pragma once

#include "analysis/proxy.h"
#include "support/buf.h"

enum fact {
    FACT_LOADED,
    FACT_GUARDS, /* the middlewares that keep people out, by kind */
    FACT_TLS,
    FACT_OPTIONS,
    FACT_ENTRY_POINTS,
    FACT_RULE,
    FACT_PRIORITY,
    FACT_MIDDLEWARES,
    FACT_DEFINITIONS, /* of middlewares whose name stayed */
    FACT_SERVICE,
    FACT_SERVERS,
    FACT_RESOLVER,
    FACTS
};

struct compared {
    struct compared *next;
    const struct router *before, *after; /* NULL: there is none */
    struct str was[FACTS], is[FACTS];
    bool differs[FACTS], matters[FACTS]; /* matters: it may open what was closed */
    bool security;
};

struct comparison {
    struct arena *arena;
    struct compared *added, *removed, *changed; /* each: security first, then by name */
};

void compare(struct comparison *c, struct proxy *before, struct proxy *after);
void comparison_write_text(struct buf *out, const struct comparison *c, struct sources *before,
                           struct sources *after);
void comparison_write_json(struct buf *out, const struct comparison *c, struct sources *before,
                           struct sources *after);
