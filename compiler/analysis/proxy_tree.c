#include "analysis/proxy_tree.h"

#include "analysis/proxy_refs.h"

bool tree_is_child(const struct router *r) {
    return r->parents.count > 0;
}

/* ---- who is whose ---- */

static void adopt(struct proxy *p, struct router *parent, struct router *child) {
    for (size_t i = 0; i < parent->child_count; i++)
        if (parent->children[i] == child)
            return;
    struct router **grown = arena_array(p->arena, struct router *, parent->child_count + 1);
    if (parent->child_count)
        memcpy(grown, parent->children, parent->child_count * sizeof *grown);
    grown[parent->child_count++] = child;
    parent->children = grown;
}

static void refuse(struct proxy *p, struct router *r, struct str why) {
    if (r->refused.len)
        return;
    r->refused = why;
    proxy_tell(p, r->span, "router `%.*s`: %.*s", STR_ARG(r->full), STR_ARG(why))->effect =
        STR("Traefik does not load it");
}

/* Where some entry point has defaults for its routers, parents that do not exist are forgotten. */
static void find_parents(struct proxy *p, struct router *r, const struct table *names,
                         bool forgets) {
    size_t found = 0;
    for (size_t i = 0; i < r->parents.count; i++) {
        struct str full = proxy_qualify(p, r->parents.at[i], r->provider);
        struct router *parent = table_get(names, full);
        found += parent != NULL;
        if (parent)
            adopt(p, parent, r);
        else if (!forgets)
            refuse(p, r, str_format(p->arena, "there is no parent router `%.*s`", STR_ARG(full)));
    }
    if (!found && forgets) {
        r->was_child = true;
        r->parents.count = 0;
        return;
    }
    if (r->tls)
        refuse(p, r, STR("a router with a parent cannot have `tls`"));
    if (untyped_child(r->conf, STR("observability")))
        refuse(p, r, STR("a router with a parent cannot have `observability`"));
    if (r->entry_points.count)
        refuse(p, r, STR("a router with a parent cannot have `entryPoints`"));
}

/* From the roots down; a child that leads back to one above it is no child of the last one. */
static void visit(struct proxy *p, struct router *r) {
    if (r->reached)
        return;
    r->reached = r->asked = true;
    size_t kept = 0;
    for (size_t i = 0; i < r->child_count; i++) {
        if (r->children[i]->asked) {
            if (tree_is_child(r))
                refuse(p, r, STR("it leads back to a router above it"));
            continue;
        }
        r->children[kept++] = r->children[i];
        visit(p, r->children[i]);
    }
    r->child_count = kept;
    r->asked = false;
}

void tree_read(struct proxy *p) {
    struct arena aside = { 0 };
    struct table names = { .arena = &aside };
    bool any = false;
    for (const struct router *r = p->routers; r && !any; r = r->next)
        any = tree_is_child(r);
    for (struct router *r = p->routers; r && any; r = r->next) {
        /* Without an entry point of its own Traefik loses a router that has `tls`. */
        if (tree_is_child(r) && r->tls && !r->entry_points.count) {
            refuse(p, r, STR("a router with a parent cannot have `tls`"));
            r->deleted = true;
        }
        if (r->layer == LAYER_HTTP && !r->deleted)
            *table_at(&names, r->full) = r;
    }
    for (struct router *r = p->routers; r && any; r = r->next)
        if (tree_is_child(r) && !r->deleted)
            find_parents(p, r, &names, build_has_models(p));
    arena_free(&aside);
    for (struct router *r = p->routers; r && any; r = r->next)
        if (!tree_is_child(r))
            visit(p, r);
    for (struct router *r = p->routers; r && any; r = r->next) {
        if (tree_is_child(r) && !r->reached)
            refuse(p, r, STR("no router without a parent leads to it"));
        else if (tree_is_child(r) && r->child_count && r->service.len)
            refuse(p, r, STR("it has a service, and is the parent of other routers"));
    }
}

void tree_orphan(struct proxy *p, const struct router *parent) {
    for (size_t i = 0; i < parent->child_count; i++)
        refuse(p, parent->children[i],
               str_format(p->arena,
                          "its parent `%.*s` has another name since its TLS options conflict",
                          STR_ARG(parent->full)));
}

/* ---- tables of children ---- */

static struct placement *child_of(struct build *b, struct router *r) {
    struct proxy *p = b->proxy;
    if (r->as_child)
        return r->as_child;
    struct placement *route = arena_new(p->arena, struct placement);
    *route = (struct placement){ .router = r,
                                 .runtime = r->full,
                                 .priority = build_priority(r),
                                 .rank = build_rank(b, r->provider),
                                 .refused = r->refused };
    r->as_child = route;
    for (size_t i = 0; i < r->middlewares.count; i++)
        strs_add(&route->middlewares, p->arena,
                 proxy_qualify(p, r->middlewares.at[i], r->provider));
    route->service = proxy_qualify(p, r->service, r->provider);
    route->children = tree_children(b, r);
    if (!route->refused.len)
        route->refused = build_fault(b, route);
    if (!route->refused.len && !route->children)
        route->servers = proxy_servers(p, r->layer, route->service, p->arena);
    if (route->refused.len)
        refuse(p, r, route->refused);
    return route;
}

struct placements *tree_children(struct build *b, struct router *r) {
    if (!r->child_count)
        return NULL;
    struct placements *list = arena_new(b->proxy->arena, struct placements);
    *list = (struct placements){ 0 };
    for (size_t i = 0; i < r->child_count; i++) {
        struct placement *child = child_of(b, r->children[i]);
        if (!child->refused.len)
            placements_add(list, b->proxy->arena, child);
    }
    build_order(b->proxy, list);
    return list;
}
