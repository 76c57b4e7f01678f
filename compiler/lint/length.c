/* R006: which of two routers is asked first hangs on blanks or comments of their rules. */
#include "lint/witness.h"

/* The rule's length without what means nothing. */
static size_t bare_length(struct str rule) {
    size_t length = 0;
    char quote = 0;
    for (size_t i = 0; i < rule.len; i++) {
        char c = rule.at[i];
        if (quote) {
            quote = c == quote ? 0 : quote;
        } else if (c == '`' || c == '"') {
            quote = c;
        } else if (c == '/' && i + 1 < rule.len && rule.at[i + 1] == '/') {
            while (i + 1 < rule.len && rule.at[i + 1] != '\n')
                i++;
            continue;
        } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            continue;
        }
        length++;
    }
    return length;
}

static bool is_computed(const struct placement *p) {
    return !p->router->priority && !lint_is_internal(p->router) && lint_is_known(p->router) &&
           p->router->layer == LAYER_HTTP;
}

/* So many routers of one host are looked at one and all. */
enum { NEAR_MOST = 64 };

static struct str host_of(const struct cubes *all) {
    const struct cube *first = &all->at[0];
    for (size_t i = 0; all->count && i < first->count; i++)
        if (first->at[i].test->matcher == MATCHER_HOST && !first->at[i].negated)
            return first->at[i].test->a;
    return STR("");
}

/* A request of both rules that the first one gets for its blanks alone. */
static bool are_close(struct lint *l, const struct entry_point *e, const struct placement *route,
                      const struct placement *other, struct witness *w) {
    if (other == route || !is_computed(other) || route->priority <= other->priority ||
        bare_length(route->router->rule) >= bare_length(other->router->rule) ||
        str_eq(other->service, route->service))
        return false;
    struct cubes mine = cubes_of(l->scratch, route->router->test);
    struct cubes its = cubes_of(l->scratch, other->router->test);
    if (!mine.count || !its.count)
        return false;
    struct cube both = cube_join(l->scratch, &mine.at[0], &its.at[0]);
    return !cube_is_empty(l->scratch, &both) &&
           witness_ask(l, route->router, &both, e, route->tls, w) && w->decision.route == route &&
           w->decision.kind != TRACE_NONE;
}

static void tell(struct lint *l, const struct placement *route, const struct placement *other,
                 struct str text) {
    struct diag *d = diag_add(l->diags, DIAG_LENGTH, lint_rule_span(route->router),
                              "`%.*s` is asked before `%.*s` only because of its blanks",
                              STR_ARG(route->router->name), STR_ARG(other->router->name));
    diag_effect(l->diags, d,
                "%.*s is answered by `%.*s`: without a priority Traefik counts letters",
                STR_ARG(text), STR_ARG(route->router->name));
    diag_note_at(l->diags, d, lint_rule_span(other->router), "the other rule");
    diag_help(l->diags, d, "give both a priority");
}

/* The next one of the host; where it has many, the next one that can match the route's request. */
static struct merge near_of(struct lint *l, const struct entry_point *e,
                            const struct placements *table, const struct placement *route) {
    struct cubes all = cubes_of(l->scratch, route->router->test);
    struct witness w;
    if (host_index_count(table->by_host, host_of(&all), l->scratch) <= NEAR_MOST)
        return host_index_find(table->by_host, host_of(&all), l->scratch);
    if (all.count && witness_ask(l, route->router, &all.at[0], e, route->tls, &w) &&
        w.decision.input)
        return host_index_ask(table->by_host, w.decision.input, l->scratch);
    return (struct merge){ 0 };
}

static void look(struct lint *l, const struct entry_point *e, const struct placement *route) {
    const struct placements *table = route->tls ? &e->https : &e->http;
    size_t bare = bare_length(route->router->rule);
    if (!is_computed(route) || bare == route->router->rule.len)
        return;
    struct merge near = near_of(l, e, table, route);
    for (uint32_t at; merge_next(&near, &at);) {
        const struct placement *other = table->at[at];
        struct witness w;
        if (other->priority <= (int64_t)bare || !lint_may_ask(l, other->router, route->router))
            return;
        if (are_close(l, e, route, other, &w)) {
            tell(l, route, other, w.text);
            return;
        }
    }
}

void lint_length(struct lint *l) {
    lint_each_http(l, look);
}
