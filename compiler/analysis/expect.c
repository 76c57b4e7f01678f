/* Expectations held against what trace says, and what they leave untried. */
#include "analysis/expect.h"

#include "support/nearest.h"

#include <stdlib.h>

/* ---- one answer ---- */

/* "shop" and "shop@docker" both mean shop@docker. */
static bool names(struct str wanted, struct str full) {
    return str_eq(wanted, full) || (str_find(wanted, '@') == STR_NONE &&
                                    str_eq(wanted, str_slice(full, 0, str_find_last(full, '@'))));
}

/* "web:3000" is http://web:3000, too. */
static bool is_server(struct str wanted, struct str server) {
    size_t scheme = str_find_str(server, STR("://"));
    return str_eq(wanted, server) ||
           (scheme != STR_NONE && str_eq(wanted, str_from(server, scheme + 3)));
}

static bool has_server(const struct decision *d, struct str wanted) {
    for (size_t i = 0; i < d->servers.count; i++)
        if (is_server(wanted, d->servers.at[i]))
            return true;
    return false;
}

static bool has_middlewares(const struct decision *d, const struct strs *wanted) {
    size_t found = 0;
    for (size_t i = 0; i < d->route->middlewares.count && found < wanted->count; i++)
        found += names(wanted->at[found], d->route->middlewares.at[i]);
    return found == wanted->count;
}

static bool holds(const struct expectation *e, const struct decision *d) {
    bool routed = d->kind == TRACE_ROUTER;
    switch (e->kind) {
    case WANTED_NAME:
        return (routed || d->kind == TRACE_REDIRECT) && d->route &&
               names(e->target, d->route->router->full) && has_middlewares(d, &e->with);
    case WANTED_SERVER: return routed && has_server(d, e->target) && has_middlewares(d, &e->with);
    case WANTED_REDIRECT:
        return d->kind == TRACE_REDIRECT && str_eq(e->target, d->location) &&
               (!e->status || (uint64_t)d->status == e->status);
    case WANTED_NONE:
        return d->kind == TRACE_NONE &&
               (e->closes ? !d->status : !e->status || (uint64_t)d->status == e->status);
    case WANTED_ACME: return d->kind == TRACE_ACME;
    }
    return false;
}

static void add_list(struct buf *out, const char *before, const struct strs *list) {
    for (size_t i = 0; i < list->count; i++)
        buf_format(out, "%s%.*s", i ? "," : before, STR_ARG(list->at[i]));
}

/* In the words of an expectation, so that it can be pasted into one. */
static struct str told(struct arena *a, const struct decision *d) {
    struct buf out = { .arena = a };
    switch (d->kind) {
    case TRACE_ROUTER:
        buf_format(&out, "-> %.*s", STR_ARG(d->route->router->full));
        add_list(&out, " with ", &d->route->middlewares);
        add_list(&out, ", server ", &d->servers);
        break;
    case TRACE_REDIRECT:
        buf_format(&out, "=> %.*s %d, by router %.*s", STR_ARG(d->location), d->status,
                   STR_ARG(d->route->router->full));
        break;
    case TRACE_NONE:
        if (d->status)
            buf_format(&out, "-> none %d, %.*s", d->status, STR_ARG(d->why));
        else
            buf_format(&out, "-> none close, %.*s", STR_ARG(d->why));
        break;
    case TRACE_ACME: buf_text(&out, "-> acme"); break;
    case TRACE_AMBIGUOUS:
        buf_text(&out, "it is ambiguous:");
        for (size_t i = 0; i < d->tied.count; i++)
            buf_format(&out, "%s %.*s", i ? " or" : "", STR_ARG(d->tied.at[i]->router->full));
        break;
    case TRACE_REFUSED: buf_add(&out, d->why); break;
    }
    return buf_str(&out);
}

/* ---- coverage ---- */

static struct str key_of(struct arena *a, const struct router *r) {
    return str_format(a, "%d %.*s", (int)r->layer, STR_ARG(r->full));
}

static int by_name(const void *left, const void *right) {
    const struct router *a = ((const struct coverage *)left)->router,
                        *b = ((const struct coverage *)right)->router;
    int names_differ = str_cmp(a->full, b->full);
    return names_differ ? names_differ : (int)a->layer - (int)b->layer;
}

/* Traefik's own routers, and those that it would refuse, are not for anyone to try. */
static void find_routers(struct expectations *e, struct proxy *p, struct table *index) {
    size_t count = 0;
    for (const struct router *r = p->routers; r; r = r->next)
        count++;
    e->routers = arena_array(e->arena, struct coverage, count + 1);
    for (const struct entry_point *ep = p->entry_points; ep; ep = ep->next) {
        const struct placements *lists[] = { &ep->http, &ep->https, &ep->tcp, &ep->tcp_tls,
                                             &ep->udp_routes };
        for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
            for (size_t j = 0; j < lists[i]->count; j++) {
                const struct router *r = lists[i]->at[j]->router;
                void **slot = table_at(index, key_of(e->arena, r));
                if (*slot || str_is(r->provider, "internal"))
                    continue;
                *slot = (void *)r;
                if (e->router_count < count)
                    e->routers[e->router_count++].router = r;
            }
    }
    qsort(e->routers, e->router_count, sizeof *e->routers, by_name);
    for (size_t i = 0; i < e->router_count; i++)
        *table_at(index, key_of(e->arena, e->routers[i].router)) = &e->routers[i];
}

static void suggest(const struct expectations *all, struct expectation *e, size_t *effort) {
    struct nearest n = { .wanted = e->target, .effort = effort };
    if (e->kind != WANTED_NAME)
        return;
    for (size_t i = 0; i < all->router_count; i++) {
        struct str full = all->routers[i].router->full;
        if (names(e->target, full))
            return;
        nearest_offer(&n, str_find(e->target, '@') == STR_NONE
                              ? str_slice(full, 0, str_find_last(full, '@'))
                              : full);
    }
    e->hint = n.best.len ? str_format(all->arena, "no router is called `%.*s`; is `%.*s` meant?",
                                      STR_ARG(e->target), STR_ARG(n.best))
                         : str_format(all->arena, "no router is called `%.*s`", STR_ARG(e->target));
}

void expectations_judge(struct expectations *all, struct proxy *p, struct arena *answers) {
    struct table index = { .arena = all->arena };
    size_t effort = 0;
    find_routers(all, p, &index);
    for (struct expectation *e = all->first; e; e = e->next) {
        if (e->wrong.len) {
            all->failed++;
            continue;
        }
        arena_reset(answers);
        struct decision d = trace_request(p, &e->request, answers);
        e->holds = holds(e, &d);
        e->got = told(all->arena, &d);
        if (d.route && d.kind != TRACE_AMBIGUOUS) {
            struct coverage *c = table_get(&index, key_of(answers, d.route->router));
            if (c)
                c->reached = true;
            e->source = d.route->router->span;
        }
        if (!e->holds) {
            all->failed++;
            suggest(all, e, &effort);
        }
    }
    for (size_t i = 0; i < all->router_count; i++)
        all->reached += all->routers[i].reached;
}
