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

/* So many neighbours of one host are looked at. */
enum { NEAR_MOST = 16 };

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
    return !cube_is_empty(l->scratch, &both) && witness_ask(l, &both, e, route->tls, w) &&
           w->decision.route == route && w->decision.kind != TRACE_NONE;
}

static void look(struct lint *l, const struct entry_point *e, const struct placement *route) {
    if (!is_computed(route) || bare_length(route->router->rule) == route->router->rule.len)
        return;
    struct cubes all = cubes_of(l->scratch, route->router->test);
    const struct placements *table = route->tls ? &e->https : &e->http;
    if (host_index_count(table->by_host, host_of(&all), l->scratch) > CROWD_MOST)
        return;
    struct positions near = host_index_find(table->by_host, host_of(&all), l->scratch);
    for (size_t i = 0; i < near.count && i < NEAR_MOST; i++) {
        const struct placement *other = table->at[near.at[i]];
        struct witness w;
        if (!are_close(l, e, route, other, &w))
            continue;
        struct diag *d = diag_add(l->diags, DIAG_LENGTH, lint_rule_span(route->router),
                                  "`%.*s` is asked before `%.*s` only because of its blanks",
                                  STR_ARG(route->router->name), STR_ARG(other->router->name));
        diag_effect(l->diags, d,
                    "%.*s is answered by `%.*s`: without a priority Traefik counts letters",
                    STR_ARG(w.text), STR_ARG(route->router->name));
        diag_note_at(l->diags, d, lint_rule_span(other->router), "the other rule");
        diag_help(l->diags, d, "give both a priority");
        return;
    }
}

void lint_length(struct lint *l) {
    lint_each_http(l, look);
}
