/* Whether Traefik would take the router and the service that a route becomes: names are given once,
   and an `else` can be taken. */
#include "model/routers.h"

#include "model/conflicts.h"
#include "model/names.h"

/* ---- names ---- */

struct naming {
    struct program *program;
    struct arena scratch;
    struct table routers; /* project, protocol and name → the route that bears it */
};

static const struct setting *name_of(const struct route *route) {
    const struct setting *name = settings_find(route->settings, SETTING_ROUTE_NAME);
    return name && !name->poisoned ? name : NULL;
}

static void tell_name(struct naming *n, const struct route *route, const struct route *first) {
    const struct setting *name = name_of(route), *there = name_of(first);
    struct diags *diags = n->program->diags;
    struct str word = setting_word(name, "name");
    struct diag *d =
        diag_add(diags, DIAG_NAME_TAKEN, name->span, "two routes are named `%.*s`", STR_ARG(word));
    diag_effect(diags, d, "Traefik has one router of a name: the other would be lost");
    if (there->span.start == name->span.start) {
        diag_note_at(diags, d, first->span, "it is the name of `%.*s`", STR_ARG(first->label));
        diag_note_at(diags, d, route->span, "and of `%.*s`", STR_ARG(route->label));
        diag_help(diags, d, "give each route a name of its own, or leave the name out");
        return;
    }
    diag_note_at(diags, d, there->span, "first given to `%.*s`", STR_ARG(first->label));
    diag_help(diags, d, "give one of them another name, or leave it out");
}

/* The patterns of one statement, https:// and http:// say, share its name; they are told apart when
   their routers are made. */
static bool shares_name(const struct route *a, const struct route *b) {
    return a->mode != b->mode && name_of(a)->span.start == name_of(b)->span.start &&
           str_eq(a->instance, b->instance);
}

static void check_name(struct naming *n, const struct route *route) {
    const struct setting *name = name_of(route);
    struct str word = name ? setting_word(name, "name") : STR("");
    if (word.len == 0 || str_find(word, '$') != STR_NONE)
        return;
    struct str normal = names_normal(&n->scratch, word);
    struct str key = str_format(&n->scratch, "%p %d %.*s", (const void *)route->project,
                                (int)mode_infos[route->mode].protocol, STR_ARG(normal));
    const struct route **first = (const struct route **)table_at(&n->routers, key);
    if (!*first)
        *first = route;
    else if (!shares_name(*first, route))
        tell_name(n, route, *first);
}

/* ---- failover ---- */

/* What Traefik itself knows of a service that stands elsewhere is not in view, nor what the user
   wrote in Traefik's own words. */
static bool is_own_business(const struct program *program, const struct route *route) {
    for (const struct pool *pool = route->pools; pool; pool = pool->next)
        for (const struct route_target *t = pool->targets; t; t = t->next)
            if (t->to.kind == TARGET_PROVIDED || t->to.kind == TARGET_UNKNOWN)
                return true;
    return route_setting(program, route, SETTING_ROUTE_RAW) ||
           route_setting(program, route, SETTING_ROUTE_OPTION);
}

/* Traefik learns from health checks alone that a service is down, and refuses a failover whose
   first service has none (pkg/server/service/service.go). */
static void check_else(struct program *program, const struct route *route) {
    const struct pool *second = route->pools ? route->pools->next : NULL;
    if (!second || mode_infos[route->mode].protocol != PROTOCOL_HTTP ||
        route_setting(program, route, SETTING_ROUTE_HEALTH) || is_own_business(program, route))
        return;
    struct diags *diags = program->diags;
    struct diag *d = diag_add(diags, DIAG_ELSE_UNCHECKED, second->span,
                              "nothing tells when this `else` is to be taken");
    diag_effect(diags, d, "Traefik fails over by health checks alone, and refuses the route");
    diag_help(diags, d, "add a check to the route's block: { health /up every 10s }");
}

/* ---- all of them ---- */

void check_routers(struct program *program) {
    struct naming n = { .program = program };
    n.routers.arena = &n.scratch;
    for (const struct project *p = program->model->projects; p; p = p->next)
        for (const struct route *r = p->disabled ? NULL : p->routes; r; r = r->next) {
            check_name(&n, r);
            check_else(program, r);
        }
    arena_free(&n.scratch);
}
