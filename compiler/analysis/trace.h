/* One request through the tables: who answers it, who was asked before, and why they did not. */
#pragma once

#include "analysis/effects.h"
#include "support/buf.h"

enum outcome_kind {
    TRACE_ROUTER,
    TRACE_REDIRECT,
    TRACE_NONE,      /* `status`, or 0: the connection is closed */
    TRACE_ACME,      /* a certificate challenge, answered by Traefik */
    TRACE_AMBIGUOUS, /* several routers tie, and Traefik may take any */
    TRACE_REFUSED    /* the question itself is wrong: `why` */
};

struct candidate {
    struct candidate *next;
    const struct placement *route;
    const char *table; /* "HTTPS routers" */
    enum test_answer answer;
    struct str why; /* empty for the one that takes it */
};

/* What becomes of the request when this router takes it. */
struct settled {
    const struct placement *route; /* the last one asked: a child, where the router has some */
    struct strs middlewares;       /* of all on the way */
    struct strs parents;           /* routers above it, the first one asked first */
    enum outcome_kind kind;
    int status;
    struct str why, location;
    struct effects effects;
};

struct trace_step { /* what happened before and after the tables, for people */
    struct trace_step *next;
    const char *label;
    struct str text;
};

struct decision {
    enum outcome_kind kind;
    int status;
    uint32_t version; /* of the Traefik that answers */
    struct str why;   /* of NONE and REFUSED: one plain sentence */
    struct str location;
    const struct entry_point *entry_point;
    const struct placement *route; /* NULL when no router took it */
    const struct placement *root;  /* that took it at the entry point: `route` or above it */
    struct strs middlewares, parents;
    struct placements tied;
    struct settled *possible; /* of AMBIGUOUS: one for each that ties; NULL for packets */
    struct effects effects;   /* of the router's middlewares, where it is HTTP */
    bool tls;                 /* the client speaks TLS to Traefik, or through it */
    struct str options;       /* of the handshake; empty for passthrough */
    bool random_options;      /* … or others: the load order decides */
    const struct certificate *certificate; /* that the client is shown; NULL: the default */
    struct str service;                    /* qualified */
    struct strs servers;
    struct candidate *candidates, **last_candidate;
    size_t candidate_count;
    size_t left_out; /* routers that are not listed */
    size_t asked;    /* what it cost to try rules */
    /* Of HTTP, when trace_decide was asked: what the matchers saw. */
    const struct test_input *input;
    struct trace_step *steps, **last_step;
};

/* Everything lives in `a`, which may be reset after the answer was used. */
struct decision trace_request(struct proxy *p, const struct request *r, struct arena *a);

/* The same without the words for people: no steps, no candidates, and of many that tie only some.
 */
struct decision trace_decide(struct proxy *p, const struct request *r, struct arena *a);

/* The entry point that the request reaches, or NULL; and whether it speaks its scheme at all. */
const struct entry_point *arrival_find(const struct proxy *p, const struct request *r);
bool arrival_fits(const struct entry_point *e, enum scheme scheme);

struct sources;
void trace_write_json(struct buf *out, struct arena *a, const struct request *r,
                      const struct decision *d, struct sources *sources);
void trace_write_text(struct buf *out, const struct request *r, const struct decision *d,
                      struct sources *sources);
