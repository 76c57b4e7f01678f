/* R001-R005, R021, R024: routers that others keep their requests from. Each alternative of a
   rule is tried with a request of its own; who gets it is then asked whether it gets all of them.
 */
#include "lint/takers.h"
#include "support/buf.h"

#include <inttypes.h>

enum cause { BY_NOBODY, BY_ITSELF, BY_REDIRECTION, BY_TRAEFIK, BY_ROUTER, BY_SEVERAL };

/* What became of a router, over all of its entry points. */
struct fate {
    struct fate *next;
    const struct router *router;
    size_t places, dead;
    enum cause cause;                                /* the gravest one */
    const struct placement *loser, *winner, *second; /* second: of several */
    const struct entry_point *at;
    struct str text; /* of the request, and what becomes of it */
    bool by_winner;  /* who answers it */
};

struct order {
    struct lint *l;
    struct table fates, pairs;
    struct fate *first, **last;
};

static enum cause cause_of(const struct placement *winner) {
    return !lint_is_internal(winner->router)          ? BY_ROUTER
           : str_is(winner->service, "noop@internal") ? BY_REDIRECTION
                                                      : BY_TRAEFIK;
}

/* ---- telling ---- */

/* Puts the router before one of that priority. */
static void fix_priority(struct lint *l, struct diag *d, const struct router *r, int64_t above) {
    if (above < INT64_MAX / 2)
        lint_fix_option(l, d, r, "priority", str_format(l->arena, "%" PRId64, above + 1));
}

/* Of many that tie only some are listed. */
static bool is_tied(const struct decision *d, const struct placement *route) {
    const struct placement *first = d->tied.count > 1 ? d->tied.at[0] : NULL;
    return first && d->input && first->priority == route->priority && first->rank == route->rank &&
           test_ask(route->router->test, d->input) == TEST_YES;
}

/* Who takes the same request with the same priority, after the order of providers, which Traefik
   forgets. */
static const struct placement *tied_after(struct lint *l, const struct placements *table,
                                          const struct placement *route, const struct decision *d) {
    struct merge some = host_index_ask(table->by_host, d->input, l->scratch);
    for (uint32_t at; merge_next(&some, &at);) {
        const struct placement *p = table->at[at];
        if (p->priority < route->priority || !lint_may_ask(l, p->router, route->router))
            return NULL;
        if (p->priority == route->priority && p->rank != route->rank &&
            test_ask(p->router->test, d->input) == TEST_YES)
            return p;
    }
    return NULL;
}

/* Of one priority with the route, and asked about the same request. `by_provider`: they are of two
   providers. */
static const struct placement *tied_with(struct lint *l, const struct placements *table,
                                         const struct placement *route, const struct decision *d,
                                         bool *by_provider) {
    *by_provider = false;
    for (size_t i = 0; i < d->tied.count && is_tied(d, route); i++)
        if (d->tied.at[i] != route)
            return d->tied.at[i];
    *by_provider = true;
    bool forgotten = !l->proxy->precedence_written && d->input && d->route &&
                     d->route->priority == route->priority;
    return forgotten ? tied_after(l, table, route, d) : NULL;
}

/* Do all that tie send the request to the same place? */
static bool is_one_redirect(const struct decision *d) {
    const struct settled *all = d->possible;
    for (size_t i = 0; all && i < d->tied.count; i++)
        if (all[i].kind != TRACE_REDIRECT || all[i].status != all[0].status ||
            !str_eq(all[i].location, all[0].location))
            return false;
    return all;
}

static void tell_tie(struct order *o, const struct placements *table, const struct placement *route,
                     const struct witness *w) {
    struct lint *l = o->l;
    bool by_provider;
    const struct placement *other = tied_with(l, table, route, &w->decision, &by_provider);
    if (!other || lint_is_internal(other->router) || !lint_is_known(other->router) ||
        is_one_redirect(&w->decision) || taker_is_same(route, other) ||
        !taker_meets(l, route, other))
        return;
    bool after = str_cmp(route->router->full, other->router->full) > 0;
    const struct placement *b = after ? route : other, *a = after ? other : route;
    void **told = table_at(&o->pairs, str_format(l->arena, "%.*s %.*s", STR_ARG(a->router->full),
                                                 STR_ARG(b->router->full)));
    struct span span = lint_rule_span(b->router), before = lint_rule_span(a->router);
    if (*told)
        return;
    *told = o;
    struct diag *d =
        diag_add(l->diags, DIAG_ROUTE_TIE, span,
                 "routers `%.*s` and `%.*s` both match %.*s with priority %" PRId64,
                 STR_ARG(a->router->name), STR_ARG(b->router->name), STR_ARG(w->text), b->priority);
    diag_effect(l->diags, d,
                by_provider ? "Traefik picks one at random: it knows an order of providers only "
                              "when providers.precedence says it"
                            : "Traefik picks one at random");
    diag_note_at(l->diags, d, before, "the other rule");
    diag_help(l->diags, d, "give one of them a priority");
    fix_priority(l, d, b->router, b->priority);
}

static void tell_narrow(struct lint *l, const struct placement *route, const struct placement *by,
                        struct str text) {
    struct diag *d =
        diag_add(l->diags, DIAG_NARROW_LOSES, lint_rule_span(route->router),
                 "router `%.*s` loses %.*s to the broader `%.*s`", STR_ARG(route->router->name),
                 STR_ARG(text), STR_ARG(by->router->name));
    diag_effect(l->diags, d,
                "the longer rule is asked first: %" PRId64 " characters before %" PRId64,
                by->priority, route->priority);
    diag_note_at(l->diags, d, lint_rule_span(by->router), "the broader rule");
    diag_help(l->diags, d, "give `%.*s` priority %" PRId64, STR_ARG(route->router->name),
              by->priority + 1);
    fix_priority(l, d, route->router, by->priority);
}

static void tell_dead(struct lint *l, const struct fate *f) {
    const struct placement *by = f->winner;
    struct str name = f->router->name;
    struct span span = lint_rule_span(f->router);
    struct diag *d;
    /* What a ready-made proxy answers by itself gives way to every route. */
    struct source *source =
        l->is_ours && !span_is_none(span) ? source_at(l->diags->sources, span.start) : NULL;
    if (source && str_starts(source->name, STR("stack itsup ")))
        return;
    /* A route that hands challenges on is written so, whoever else asks for certificates. */
    if (l->is_ours && f->cause == BY_TRAEFIK && str_is(by->service, "acme-http@internal"))
        return;
    if (f->cause == BY_ITSELF) {
        d = diag_add(l->diags, DIAG_RULE_EMPTY, span,
                     "the rule of router `%.*s` contradicts itself", STR_ARG(name));
        diag_effect(l->diags, d, "no request matches it");
        diag_help(l->diags, d,
                  "one request has one host, one path and one method: join what "
                  "excludes each other with ||");
    } else if (f->cause == BY_SEVERAL) {
        d = diag_add(l->diags, DIAG_UNREACHABLE_TOGETHER, span,
                     "router `%.*s` never matches: `%.*s` and `%.*s` take all of its requests",
                     STR_ARG(name), STR_ARG(by->router->name), STR_ARG(f->second->router->name));
        diag_effect(l->diags, d, "%.*s", STR_ARG(f->text));
        diag_note_at(l->diags, d, lint_rule_span(by->router), "takes one part");
        diag_note_at(l->diags, d, lint_rule_span(f->second->router), "takes another");
        diag_help(l->diags, d, "give `%.*s` a priority above %" PRId64 ", or remove it",
                  STR_ARG(name), by->priority);
        fix_priority(l, d, f->router, by->priority);
    } else if (f->cause == BY_REDIRECTION) {
        d = diag_add(l->diags, DIAG_REDIRECT_HIDES, span,
                     "router `%.*s` is only on `%.*s`, which redirects everything", STR_ARG(name),
                     STR_ARG(f->at->name));
        diag_effect(l->diags, d, "nobody who names a host reaches it: %.*s", STR_ARG(f->text));
        diag_note_at(l->diags, d, by->router->span, "the redirection");
        diag_help(l->diags, d, "move it to the entry point of HTTPS, or remove it");
    } else if (f->cause == BY_TRAEFIK) {
        d = diag_add(l->diags, DIAG_INTERNAL_STEALS, span,
                     "Traefik's own `%.*s` takes all requests of router `%.*s`",
                     STR_ARG(by->router->full), STR_ARG(name));
        diag_effect(l->diags, d, "%.*s", STR_ARG(f->text));
        diag_note_at(l->diags, d, by->router->span, "switched on here");
        diag_help(l->diags, d, "give Traefik's own pages an entry point of their own");
    } else {
        d = diag_add(l->diags, DIAG_UNREACHABLE, span,
                     "router `%.*s` never matches: `%.*s` takes all of its requests", STR_ARG(name),
                     STR_ARG(by->router->name));
        if (f->by_winner)
            diag_effect(l->diags, d, "%.*s, whose priority is %" PRId64 ", not %" PRId64,
                        STR_ARG(f->text), by->priority, f->loser->priority);
        else
            diag_effect(l->diags, d, "%.*s; `%.*s` has priority %" PRId64 ", not %" PRId64,
                        STR_ARG(f->text), STR_ARG(by->router->name), by->priority,
                        f->loser->priority);
        diag_note_at(l->diags, d, lint_rule_span(by->router), "the rule that covers it");
        diag_help(l->diags, d, "give `%.*s` a priority above %" PRId64 ", or remove it",
                  STR_ARG(name), by->priority);
        fix_priority(l, d, f->router, by->priority);
    }
}

/* ---- looking ---- */

static struct fate *fate_of(struct order *o, const struct router *r) {
    void **slot = table_at(&o->fates, r->full);
    if (!*slot) {
        struct fate *f = arena_new(o->l->arena, struct fate);
        f->router = r;
        *slot = f;
        *o->last = f;
        o->last = &f->next;
    }
    return *slot;
}

static struct str told(struct lint *l, const struct witness *w) {
    struct str end = witness_end(l->scratch, w);
    return str_format(l->arena, "%.*s %.*s", STR_ARG(w->text), STR_ARG(end));
}

static void remember(struct lint *l, struct fate *f, const struct placement *route,
                     const struct placement *by, const struct entry_point *e,
                     const struct witness *w) {
    if (cause_of(by) <= f->cause)
        return;
    f->by_winner = w->decision.route == by && w->decision.kind != TRACE_NONE;
    f->cause = cause_of(by);
    f->loser = route;
    f->winner = by;
    f->at = e;
    f->text = told(l, w);
}

static void remember_several(struct lint *l, struct fate *f, const struct placement *route,
                             const struct takers *some, const struct witness *w,
                             const struct entry_point *e) {
    f->cause = BY_SEVERAL;
    f->loser = route;
    f->winner = w->decision.route;
    f->second = some->first == f->winner ? some->second : some->first;
    f->at = e;
    f->text = told(l, w);
}

/* Nobody that could match is asked before it, or as early. */
static bool is_first(struct lint *l, const struct placements *table, const struct placement *route,
                     const struct cube *cube) {
    struct merge near = host_index_find(table->by_host, cube_asks_host(cube), l->scratch);
    uint32_t at;
    if (!merge_next(&near, &at) || table->at[at] != route)
        return false;
    const struct placement *next = merge_next(&near, &at) ? table->at[at] : NULL;
    return !next || taker_is_before(l, route, next);
}

static void look(struct order *o, const struct entry_point *e, const struct placements *table,
                 const struct placement *route, bool tls) {
    struct lint *l = o->l;
    struct fate *f = fate_of(o, route->router);
    struct cubes all = cubes_of(l->scratch, route->router->test);
    size_t dead = 0;
    const struct placement *narrow = NULL;
    struct str text = { 0 };
    f->places++;
    for (size_t i = 0; i < all.count; i++) {
        struct witness w;
        struct takers some;
        if (cube_is_empty(l->scratch, &all.at[i])) {
            f->cause = f->cause == BY_NOBODY ? BY_ITSELF : f->cause;
            dead++;
            continue;
        }
        if (is_first(l, table, route, &all.at[i]) ||
            !witness_ask(l, route->router, &all.at[i], e, tls, &w))
            continue;
        tell_tie(o, table, route, &w);
        const struct placement *by = taker_of(l, table, route, &all.at[i], &w);
        bool together = !by && w.decision.route && w.decision.route != route &&
                        takers_of(l, table, route, &all.at[i], &some);
        if (together && some.first == some.second)
            by = some.first;
        else if (together) {
            dead++;
            remember_several(l, f, route, &some, &w, e);
        }
        if (!by || taker_is_same(route, by))
            continue;
        dead++;
        remember(l, f, route, by, e, &w);
        struct cubes wide = cubes_of(l->scratch, by->router->test);
        bool broader = cause_of(by) == BY_ROUTER && w.decision.route == by &&
                       w.decision.kind != TRACE_NONE && !route->router->priority &&
                       !by->router->priority && by->priority > route->priority;
        for (size_t j = 0; j < wide.count && broader; j++)
            broader = !cube_covers(l->scratch, &all.at[i], &wide.at[j]);
        if (broader && !narrow) {
            narrow = by;
            text = w.text;
        }
    }
    bool whole = all.whole && dead == all.count && dead > 0;
    f->dead += whole;
    if (narrow && !whole)
        tell_narrow(l, route, narrow, text);
    arena_reset(l->scratch);
}

static void look_at(struct order *o, const struct entry_point *e, const struct placements *table,
                    bool tls) {
    for (size_t i = 0; i < table->count; i++) {
        const struct placement *route = table->at[i];
        if (!lint_is_internal(route->router) && lint_is_known(route->router))
            look(o, e, table, route, tls);
    }
}

void lint_order(struct lint *l) {
    struct order o = { .l = l, .fates.arena = l->arena, .pairs.arena = l->arena };
    o.last = &o.first;
    for (const struct entry_point *e = l->proxy->entry_points; e; e = e->next) {
        look_at(&o, e, &e->https, true);
        look_at(&o, e, &e->http, false); /* of one line with both the redirect comes second */
    }
    for (const struct fate *f = o.first; f; f = f->next)
        if (f->dead == f->places)
            tell_dead(l, f);
}
