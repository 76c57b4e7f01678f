/* A user's own expectations: requests, each with who should answer it, held against the tables; and
   the routers that none of them reaches. docs/expectations.md describes the form. */
#pragma once

#include "analysis/request.h"
#include "analysis/trace.h"

enum wanted_kind {
    WANTED_NAME,   /* a router */
    WANTED_SERVER, /* it holds a colon, as no router's name does */
    WANTED_REDIRECT,
    WANTED_NONE,
    WANTED_ACME
};

struct expectation {
    struct expectation *next;
    size_t line;
    struct request request;
    struct str text;   /* the line, for the report */
    struct str wrong;  /* the line does not read: why */
    struct str wanted; /* as written, from the arrow on */
    enum wanted_kind kind;
    struct str target; /* name, server or URL */
    struct strs with;  /* middlewares that must be there, in this order */
    bool closes;       /* of NONE: the connection is closed */
    uint64_t status;   /* 0: any */
    /* The answer: */
    bool holds;
    struct str got, hint;
    struct span source; /* of the router that took it; may be no place */
};

struct coverage {
    const struct router *router;
    bool reached;
};

struct expectations {
    struct arena *arena;
    struct str file;
    struct expectation *first, **last;
    size_t count, failed;
    struct coverage *routers; /* in the order of their names */
    size_t router_count, reached;
};

void expectations_read(struct expectations *e, struct str text);
/* `answers` is memory for one question at a time. */
void expectations_judge(struct expectations *e, struct proxy *p, struct arena *answers);
void expectations_write_text(struct buf *out, const struct expectations *e,
                             struct sources *sources);
void expectations_write_json(struct buf *out, const struct expectations *e,
                             struct sources *sources);
