/* R023: redirects that lead in a circle. A request is followed as a browser would. */
#include "lint/witness.h"

enum { HOPS_MOST = 8 };

static bool is_redirecting(const struct lint *l, const struct placement *route) {
    return route->middlewares.count && (lint_middleware(l, route, "redirectScheme") ||
                                        lint_middleware(l, route, "redirectRegex"));
}

static void look(struct lint *l, const struct entry_point *e, const struct placement *route) {
    struct cubes all = cubes_of(l->scratch, route->router->test);
    struct str seen[HOPS_MOST + 1];
    struct witness w;
    if (!is_redirecting(l, route) || !lint_is_known(route->router) || !all.count ||
        !witness_ask(l, route->router, &all.at[0], e, route->tls, &w) ||
        w.decision.kind != TRACE_REDIRECT || w.decision.route != route)
        return;
    struct decision d = w.decision;
    size_t count = 0;
    seen[count++] = w.request.url;
    while (count <= HOPS_MOST && d.kind == TRACE_REDIRECT) {
        struct request next = { .method = w.request.method, .headers = w.request.headers };
        struct str to = str_trim(d.location);
        if (request_read_url(&next, to).len)
            return;
        bool again = false;
        for (size_t i = 0; i < count; i++)
            again = again || str_eq(seen[i], to);
        d = trace_decide(l->proxy, &next, l->scratch);
        if (!again && count < HOPS_MOST) {
            seen[count++] = to;
            continue;
        }
        if (d.kind != TRACE_REDIRECT)
            return;
        struct diag *told =
            diag_add(l->diags, DIAG_REDIRECT_LOOP, lint_option_span(route->router, "middlewares"),
                     again ? "the redirect of router `%.*s` leads back to itself"
                           : "the redirect of router `%.*s` leads to another, and so on",
                     STR_ARG(route->router->name));
        diag_effect(l->diags, told, "%.*s is sent to %.*s, and %s", STR_ARG(w.text),
                    STR_ARG(str_trim(w.decision.location)),
                    again ? "there again: browsers give up" : "on: browsers give up");
        diag_help(l->diags, told, "redirect to what another router answers");
        return;
    }
}

void lint_loops(struct lint *l) {
    lint_each_http(l, look);
}
