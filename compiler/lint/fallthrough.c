/* R027: a rule that lets in some clients alone, and a broader router to the same service that lets
   in everyone else: who does not match the first one is not turned away. */
#include "lint/witness.h"

static bool is_guard(const struct literal *x) {
    return !x->negated && x->test->matcher == MATCHER_CLIENT_IP;
}

/* An address outside of the range. */
static struct str stranger(struct arena *a, const struct cidr *range) {
    static const char *const some[] = { "198.51.100.7", "203.0.113.7", "2001:db8:ffff::7" };
    for (size_t i = 0; i < 3; i++) {
        struct cidr one;
        if (!cidr_parse_ip(str_of(some[i]), &one).error && !cidr_contains(range, &one))
            return str_copy(a, str_of(some[i]));
    }
    return STR("");
}

static bool asks_client(struct lint *l, const struct router *r) {
    struct cubes all = cubes_of(l->scratch, r->test);
    for (size_t i = 0; i < all.count; i++)
        for (size_t k = 0; k < all.at[i].count; k++)
            if (all.at[i].at[k].test->matcher == MATCHER_CLIENT_IP)
                return true;
    return false;
}

static void look(struct lint *l, const struct entry_point *e, const struct placement *route) {
    struct cubes all = cubes_of(l->scratch, route->router->test);
    const struct literal *guard = NULL;
    struct witness w;
    for (size_t i = 0; i < all.count && !guard; i++)
        for (size_t k = 0; k < all.at[i].count && !guard; k++)
            guard = is_guard(&all.at[i].at[k]) ? &all.at[i].at[k] : NULL;
    if (!guard || !lint_is_known(route->router) ||
        !witness_ask(l, route->router, &all.at[0], e, route->tls, &w) || w.decision.route != route)
        return;
    w.request.ip = stranger(l->scratch, guard->test->range);
    struct decision d = trace_decide(l->proxy, &w.request, l->scratch);
    if (!w.request.ip.len || d.kind != TRACE_ROUTER || d.route == route ||
        !str_eq(d.route->service, route->service) || !lint_is_known(d.route->router) ||
        lint_guard(l, d.route) != GUARD_NONE || asks_client(l, d.route->router))
        return;
    struct diag *told = diag_add(l->diags, DIAG_FALLTHROUGH, lint_rule_span(route->router),
                                 "`%.*s` lets in %.*s alone, and `%.*s` everyone else",
                                 STR_ARG(route->router->name), STR_ARG(guard->test->written),
                                 STR_ARG(d.route->router->name));
    diag_effect(l->diags, told, "%.*s from %.*s is answered by `%.*s`, with the same service",
                STR_ARG(w.request.url), STR_ARG(w.request.ip), STR_ARG(d.route->router->name));
    diag_note_at(l->diags, told, lint_rule_span(d.route->router), "the rule without a guard");
    diag_help(l->diags, told,
              l->is_ours ? "write `| allow(…)` for `%.*s`, too, or remove it"
                         : "give `%.*s` an ipAllowList, or remove it",
              STR_ARG(d.route->router->name));
}

void lint_fallthrough(struct lint *l) {
    lint_each_http(l, look);
}
