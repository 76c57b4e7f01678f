/* Who reaches what: entry points, routers, their middlewares and services, servers; and what
   projects reach by their own declaration. */
#pragma once

#include "analysis/proxy.h"
#include "support/buf.h"

enum vertex_kind {
    VERTEX_ENTRY_POINT,
    VERTEX_ROUTER,
    VERTEX_MIDDLEWARE,
    VERTEX_SERVICE,
    VERTEX_PROJECT, /* that has egress */
    VERTEX_SERVER,
    VERTEX_EGRESS,
    VERTEX_KINDS
};

struct vertex {
    enum vertex_kind kind;
    struct str name;
    size_t number; /* in the order of kind and name */
};

struct edge {
    struct vertex *from, *to;
};

struct graph {
    struct arena *arena;
    struct table index[VERTEX_KINDS]; /* by name */
    struct vertex **nodes;
    struct edge *edges;
    size_t node_count, node_room, edge_count, edge_room;
};

void graph_add(struct graph *g, enum vertex_kind from, struct str from_name, enum vertex_kind to,
               struct str to_name);
void graph_add_proxy(struct graph *g, struct proxy *p);
/* Puts all in order; once, before it is written. */
void graph_sort(struct graph *g);
const char *vertex_kind_name(enum vertex_kind kind);

void graph_write_dot(struct buf *out, const struct graph *g);
void graph_write_mermaid(struct buf *out, const struct graph *g);
void graph_write_json(struct buf *out, const struct graph *g);
void graph_write_svg(struct buf *out, const struct graph *g);
