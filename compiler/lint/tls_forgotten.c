/* R025: a router that someone put on port 443, and that answers no TLS there. */
#include "lint/witness.h"

/* Is it where clients of https arrive? */
static bool is_https(const struct proxy *p, const struct entry_point *e) {
    for (const struct proxy_port *port = p->ports; port; port = port->next)
        if (str_is(port->published, "443") && str_eq(port->port, e->port))
            return true;
    return !p->ports && str_is(e->port, "443");
}

static void look(struct lint *l, const struct entry_point *e, const struct router *r) {
    struct witness w;
    bool meant = false;
    for (size_t i = 0; i < r->entry_points.count; i++)
        meant = meant || str_eq(r->entry_points.at[i], e->name);
    if (!meant || !r->conf || untyped_get(r->conf, "tls") || lint_is_open(r->rule))
        return;
    if (!witness_of_router(l, r, e, true, &w) || w.decision.kind != TRACE_NONE ||
        w.decision.status != 404)
        return;
    const struct untyped *at = untyped_get(r->conf, "entryPoints");
    struct diag *d =
        diag_add(l->diags, DIAG_TLS_FORGOTTEN, at->span,
                 "router `%.*s` is on the entry point of HTTPS without `tls`", STR_ARG(r->name));
    diag_effect(l->diags, d, "%.*s is answered 404", STR_ARG(w.text));
    diag_help(l->diags, d, "give the router `tls`, or the entry point `http.tls`");
    lint_fix_option(l, d, r, "tls", str_is(r->provider, "file") ? STR("{}") : STR("true"));
}

void lint_tls_forgotten(struct lint *l) {
    const struct proxy *p = l->proxy;
    for (const struct entry_point *e = p->conf ? p->entry_points : NULL; e; e = e->next)
        for (size_t i = 0; i < e->http.count && is_https(p, e) && !e->tls; i++) {
            look(l, e, e->http.at[i]->router);
            arena_reset(l->scratch);
        }
}
