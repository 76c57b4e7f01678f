/* The graph of a configuration: each thing once, in an order that the names alone decide. */
#include "analysis/graph.h"

#include <stdlib.h>

const char *vertex_kind_name(enum vertex_kind kind) {
    static const char *const names[VERTEX_KINDS] = {
        [VERTEX_ENTRY_POINT] = "entryPoint", [VERTEX_ROUTER] = "router",
        [VERTEX_MIDDLEWARE] = "middleware",  [VERTEX_SERVICE] = "service",
        [VERTEX_PROJECT] = "project",        [VERTEX_SERVER] = "server",
        [VERTEX_EGRESS] = "egress",
    };
    return names[kind];
}

static struct vertex *vertex_of(struct graph *g, enum vertex_kind kind, struct str name) {
    g->index[kind].arena = g->arena;
    void **slot = table_at(&g->index[kind], name);
    if (*slot)
        return *slot;
    struct vertex *n = arena_new(g->arena, struct vertex);
    *n = (struct vertex){ .kind = kind, .name = name };
    if (g->node_count == g->node_room) {
        size_t room = g->node_room ? 2 * g->node_room : 64;
        struct vertex **grown = arena_array(g->arena, struct vertex *, room);
        if (g->node_count)
            memcpy(grown, g->nodes, g->node_count * sizeof *grown);
        g->nodes = grown;
        g->node_room = room;
    }
    g->nodes[g->node_count++] = n;
    *slot = n;
    return n;
}

void graph_add(struct graph *g, enum vertex_kind from, struct str from_name, enum vertex_kind to,
               struct str to_name) {
    if (g->edge_count == g->edge_room) {
        size_t room = g->edge_room ? 2 * g->edge_room : 64;
        struct edge *grown = arena_array(g->arena, struct edge, room);
        if (g->edge_count)
            memcpy(grown, g->edges, g->edge_count * sizeof *grown);
        g->edges = grown;
        g->edge_room = room;
    }
    struct vertex *first = vertex_of(g, from, from_name);
    g->edges[g->edge_count++] = (struct edge){ first, vertex_of(g, to, to_name) };
}

static void add_placement(struct graph *g, const struct entry_point *e,
                          const struct placement *route) {
    const struct router *r = route->router;
    graph_add(g, VERTEX_ENTRY_POINT, e->name, VERTEX_ROUTER, r->full);
    for (size_t i = 0; i < route->middlewares.count; i++)
        graph_add(g, VERTEX_ROUTER, r->full, VERTEX_MIDDLEWARE, route->middlewares.at[i]);
    graph_add(g, VERTEX_ROUTER, r->full, VERTEX_SERVICE, route->service);
    for (size_t i = 0; i < route->servers.count; i++)
        graph_add(g, VERTEX_SERVICE, route->service, VERTEX_SERVER, route->servers.at[i]);
}

void graph_add_proxy(struct graph *g, struct proxy *p) {
    for (const struct entry_point *e = p->entry_points; e; e = e->next) {
        const struct placements *lists[] = { &e->http, &e->https, &e->tcp, &e->tcp_tls,
                                             &e->udp_routes };
        for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
            for (size_t j = 0; j < lists[i]->count; j++)
                add_placement(g, e, lists[i]->at[j]);
    }
}

static int by_name(const void *left, const void *right) {
    const struct vertex *a = *(struct vertex *const *)left, *b = *(struct vertex *const *)right;
    return a->kind != b->kind ? (int)a->kind - (int)b->kind : str_cmp(a->name, b->name);
}

static int by_ends(const void *left, const void *right) {
    const struct edge *a = left, *b = right;
    size_t x = a->from->number, y = b->from->number;
    if (x == y) {
        x = a->to->number;
        y = b->to->number;
    }
    return (x > y) - (x < y);
}

void graph_sort(struct graph *g) {
    if (!g->node_count)
        return;
    qsort(g->nodes, g->node_count, sizeof *g->nodes, by_name);
    for (size_t i = 0; i < g->node_count; i++)
        g->nodes[i]->number = i;
    qsort(g->edges, g->edge_count, sizeof *g->edges, by_ends);
    size_t kept = 1;
    for (size_t i = 1; i < g->edge_count; i++)
        if (by_ends(&g->edges[kept - 1], &g->edges[i]) != 0)
            g->edges[kept++] = g->edges[i];
    g->edge_count = kept;
}
