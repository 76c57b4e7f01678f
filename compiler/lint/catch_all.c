/* R031: a plain TCP router takes every connection, before any HTTP router of its entry point. */
#include "lint/witness.h"

/* Was it put there on purpose, not only by default? */
static bool is_meant(const struct router *r, const struct entry_point *e) {
    for (size_t i = 0; i < r->entry_points.count; i++)
        if (str_eq(r->entry_points.at[i], e->name))
            return true;
    return false;
}

static bool tell(struct lint *l, const struct entry_point *e, const struct router *victim) {
    struct witness w;
    if (!victim->test || !witness_of_router(l, victim, e, false, &w) || !w.decision.route)
        return false;
    const struct router *r = w.decision.route->router;
    if (r->layer != LAYER_TCP || !r->catch_all || !is_meant(r, e))
        return false;
    const struct untyped *rule = untyped_get(r->conf, "rule");
    struct diag *d = diag_add(l->diags, DIAG_CATCH_ALL, rule ? rule->span : r->span,
                              "TCP router `%.*s` takes every connection to `%.*s` without TLS",
                              STR_ARG(r->name), STR_ARG(e->name));
    diag_effect(l->diags, d, "HTTP router `%.*s` is never asked: %.*s goes to `%.*s`",
                STR_ARG(victim->name), STR_ARG(w.text), STR_ARG(r->name));
    if (!span_is_none(victim->span))
        diag_note_at(l->diags, d, victim->span, "the HTTP router");
    diag_help(l->diags, d, "give the TCP router an entry point of its own");
    return true;
}

void lint_catch_all(struct lint *l) {
    for (const struct entry_point *e = l->proxy->entry_points; e; e = e->next) {
        bool told = false;
        for (size_t i = 0; i < e->http.count && e->tcp.count && !told; i++) {
            told = is_meant(e->http.at[i]->router, e) && tell(l, e, e->http.at[i]->router);
            arena_reset(l->scratch);
        }
    }
}
