/* R022: a redirection of an entry point that names the port inside the container, which Docker
   publishes as another one. */
#include "lint/witness.h"

/* The port that clients would have to use; empty when the inner one is published as itself, or
   nothing is known about it. */
static struct str published_as(const struct proxy *p, struct str port) {
    struct str found = { 0 };
    for (const struct proxy_port *x = p->ports; x; x = x->next) {
        if (str_eq(x->published, port))
            return STR("");
        if (str_eq(x->port, port))
            found = x->published;
    }
    return found;
}

static void look(struct lint *l, const struct entry_point *e, const struct placement *route) {
    struct request request = { .entry_point = e->name };
    const struct router *r = route->router;
    if (!str_is(r->provider, "internal") || !str_is(route->service, "noop@internal") ||
        span_is_none(r->span) || request_read_url(&request, STR("http://any.example/")).len)
        return;
    struct decision d = trace_decide(l->proxy, &request, l->scratch);
    struct str to = str_trim(d.location);
    if (d.kind != TRACE_REDIRECT || !str_starts(to, STR("https://any.example:")))
        return;
    struct str port = str_from(to, sizeof "https://any.example:" - 1);
    port = str_slice(port, 0, str_find(port, '/'));
    struct str outside = published_as(l->proxy, port);
    if (!outside.len)
        return;
    struct diag *told = diag_add(l->diags, DIAG_REDIRECT_PORT, r->span,
                                 "entry point `%.*s` redirects to port %.*s, published as %.*s",
                                 STR_ARG(e->name), STR_ARG(port), STR_ARG(outside));
    diag_effect(l->diags, told, "http://any.example/ is sent to %.*s, where nothing listens",
                STR_ARG(to));
    diag_help(l->diags, told, "redirect to \":%.*s\" instead of the entry point's name",
              STR_ARG(outside));
}

void lint_redirect_port(struct lint *l) {
    for (const struct entry_point *e = l->proxy->entry_points; e; e = e->next)
        for (size_t i = 0; i < e->http.count && l->proxy->ports; i++) {
            if (str_is(e->http.at[i]->router->provider, "internal"))
                look(l, e, e->http.at[i]);
            arena_reset(l->scratch);
        }
}
