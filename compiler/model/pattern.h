/* The left side of a route: scheme, hosts, port and path, each with its place. */
#pragma once

#include "model/walk.h"

/* One scheme with all hosts that stand behind it. A route has one or more. */
struct pattern {
    struct pattern *next;
    enum mode mode; /* MODE_UNKNOWN: told; the rest is judged as far as it can be */
    struct span span;
    struct str label; /* the first word as written */
    struct host *hosts;
    size_t host_count;
    struct table host_index; /* of a long list */
    struct path path;
    struct span path_span;
    uint16_t hostport;
    struct span hostport_span;
    bool bad; /* something of it was told: no route is made of it */
};

/* The patterns of a route, those of the groups around it applied. NULL when they were told to be
 * wrong. */
struct pattern *pattern_list(const struct walk *walk, struct node_route *node);
