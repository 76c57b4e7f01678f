/* R033: UDP has nothing that could tell routers apart; an entry point has one. */
#include "lint/rule.h"

void lint_udp_many(struct lint *l) {
    for (const struct entry_point *e = l->proxy->entry_points; e; e = e->next)
        for (size_t i = 1; i < e->udp_routes.count; i++) {
            const struct router *r = e->udp_routes.at[i]->router,
                                *winner = e->udp_routes.at[0]->router;
            bool file = str_is(r->provider, "file") || str_is(winner->provider, "file");
            if (span_is_none(r->span) || lint_is_open(r->name) || lint_is_open(winner->name) ||
                (!file && !lint_together(l, r->span, winner->span)))
                continue;
            struct diag *d = diag_add(l->diags, DIAG_UDP_MANY, r->span,
                                      "UDP entry point `%.*s` has a second router, `%.*s`",
                                      STR_ARG(e->name), STR_ARG(r->name));
            diag_effect(l->diags, d,
                        "only `%.*s`, the last by name, gets datagrams; this one never does",
                        STR_ARG(winner->name));
            diag_note_at(l->diags, d, winner->span, "the one that counts");
            diag_help(l->diags, d, "give each its own entry point");
        }
}
