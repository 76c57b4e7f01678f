/* R026: a router that Traefik leaves out, and who gets its requests. Only where nothing else was
   found wrong: the reason was told then. */
#include "lint/witness.h"

static struct str help_of(const struct lint *l, const struct router *r) {
    bool api = str_is(r->service, "api@internal") || str_is(r->service, "dashboard@internal");
    if (api && !untyped_is_present(untyped_get(l->proxy->conf, "api")))
        return STR("switch it on in the static configuration: `api: {}`");
    return STR("");
}

static void tell(struct lint *l, const struct entry_point *e, const struct placement *route) {
    const struct router *r = route->router;
    struct witness w;
    struct diag *d =
        diag_add(l->diags, DIAG_LEFT_OUT, r->span, "Traefik leaves router `%.*s` out: %.*s",
                 STR_ARG(r->name), STR_ARG(route->refused));
    if (!d)
        return;
    bool asked = witness_of_router(l, r, e, route->tls, &w);
    if (asked && w.decision.kind != TRACE_AMBIGUOUS)
        diag_effect(l->diags, d, "%.*s %.*s", STR_ARG(w.text),
                    STR_ARG(witness_end(l->scratch, &w)));
    else
        diag_effect(l->diags, d, "it answers nothing");
    struct str help = help_of(l, r);
    if (help.len)
        diag_help(l->diags, d, "%.*s", STR_ARG(help));
}

void lint_left_out(struct lint *l) {
    for (const struct entry_point *e = l->faultless ? l->proxy->entry_points : NULL; e; e = e->next)
        for (size_t i = 0; i < e->absent.count; i++) {
            const struct router *r = e->absent.at[i]->router;
            if (!lint_is_internal(r) && !r->deleted && !r->unmodelled && !span_is_none(r->span) &&
                !lint_is_open(r->rule) && !lint_is_open(e->absent.at[i]->refused))
                tell(l, e, e->absent.at[i]);
            arena_reset(l->scratch);
        }
}
