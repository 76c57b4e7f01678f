/* R034: routers of one host that want different TLS options. Traefik then gives the default ones to
   all of them. */
#include "lint/witness.h"

static struct str wanted(struct lint *l, const struct entry_point *e, const struct router *r) {
    struct str written = r->tls ? r->tls_options : e->tls_options;
    if (!written.len || str_is(written, "default"))
        return STR("default");
    return proxy_qualify(l->proxy, written, r->provider);
}

static void tell(struct lint *l, const struct entry_point *e, struct str host,
                 const struct placement *a, const struct placement *b) {
    struct str one = wanted(l, e, a->router), two = wanted(l, e, b->router);
    const struct untyped *option = untyped_get(b->router->conf, "tls.options");
    const struct untyped *other = untyped_get(a->router->conf, "tls.options");
    struct span span = option ? option->span : b->router->span;
    struct witness w;
    /* Without a static configuration it is not known what routers without entry points get. */
    if (!l->proxy->conf && !a->router->entry_points.count != !b->router->entry_points.count)
        return;
    if (lint_is_open(one) || lint_is_open(two) || lint_is_open(host) || span_is_none(span) ||
        !witness_of_router(l, b->router, e, true, &w) || !str_is(w.decision.options, "default"))
        return;
    struct diag *d = diag_add(l->diags, DIAG_TLS_CONFLICT, span,
                              "`%.*s` has TLS options `%.*s` here and `%.*s` in router `%.*s`",
                              STR_ARG(host), STR_ARG(two), STR_ARG(one), STR_ARG(a->router->name));
    bool refused = w.decision.kind == TRACE_NONE && !w.decision.status;
    diag_effect(l->diags, d, "both fall back to the default options: %.*s is %s", STR_ARG(w.text),
                refused ? "refused" : "served without them");
    diag_note_at(l->diags, d, other ? other->span : a->router->span, "the other router");
    diag_help(l->diags, d, "give all routers of the host the same options");
}

void lint_tls_conflict(struct lint *l) {
    for (const struct entry_point *e = l->proxy->entry_points; e; e = e->next) {
        struct table hosts = { .arena = l->arena };
        for (size_t i = 0; i < e->https.count; i++) {
            const struct placement *route = e->https.at[i];
            const struct strs *names = &route->router->hosts;
            for (size_t h = 0; h < names->count && route->conflict; h++) {
                void **slot = table_at(&hosts, names->at[h]);
                const struct placement *first = *slot;
                if (!first)
                    *slot = (void *)route;
                else if (!str_eq(wanted(l, e, first->router), wanted(l, e, route->router)) &&
                         (str_is(route->router->provider, "file") ||
                          str_is(first->router->provider, "file") ||
                          lint_together(l, first->router->span, route->router->span)))
                    tell(l, e, names->at[h], first, route);
                arena_reset(l->scratch);
            }
        }
    }
}
