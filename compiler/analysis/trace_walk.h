/* One question on its way through the tables: shared by the files that answer it. */
#pragma once

#include "analysis/trace.h"

struct trace {
    struct proxy *proxy;
    struct arena *arena;
    const struct request *request;
    struct decision *d;
    bool brief;     /* nobody reads what is told on the way */
    bool cut_short; /* there may be more routers that tie than were looked at */
};

void trace_step(struct trace *t, const char *label, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void trace_end_none(struct trace *t, int status, const char *why);
/* The first route that matches, with those that tie with it in `tied`. */
const struct placement *trace_ask(struct trace *t, const struct placements *table, const char *name,
                                  const struct test_input *in, struct placements *tied);
void trace_take(struct trace *t, const struct placement *route);
bool trace_version_from(const struct proxy *p, const char *text);
void trace_http(struct trace *t, bool tls);
