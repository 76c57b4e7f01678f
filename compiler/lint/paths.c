/* R041: a prefix that is stripped and that no path of the router begins with; X019: large bodies
   and the time for them. */
#include "lint/cubes.h"
#include "lint/rule.h"

/* ---- R041 ---- */

static struct str path_of(const struct cube *cube) {
    struct str path = { 0 };
    for (size_t i = 0; i < cube->count; i++) {
        const struct test *t = cube->at[i].test;
        bool is_path = t->matcher == MATCHER_PATH || t->matcher == MATCHER_PATH_PREFIX;
        if (t->matcher == MATCHER_PATH_REGEXP)
            return STR("");
        if (is_path && !cube->at[i].negated && t->a.len > path.len)
            path = t->a;
    }
    return path;
}

static void look_strip(struct lint *l, const struct entry_point *e, const struct placement *route) {
    (void)e;
    const struct object *o = lint_middleware(l, route, "stripPrefix");
    const struct untyped *kind = o ? untyped_child(o->conf, STR("stripPrefix")) : NULL;
    struct strs prefixes = untyped_texts(kind, "prefixes", l->scratch);
    if (!prefixes.count || !lint_is_known(route->router))
        return;
    struct cubes all = cubes_of(l->scratch, route->router->test);
    for (size_t i = 0; i < all.count; i++) {
        struct str path = path_of(&all.at[i]);
        for (size_t k = 0; k < prefixes.count; k++)
            if (!path.len || str_starts(path, prefixes.at[k]) || str_starts(prefixes.at[k], path) ||
                lint_is_open(prefixes.at[k]))
                return;
    }
    struct str path = all.count ? path_of(&all.at[0]) : STR("");
    struct diag *d = diag_add(l->diags, DIAG_STRIP_MISS, untyped_get(kind, "prefixes")->span,
                              "no path of router `%.*s` begins with `%.*s`",
                              STR_ARG(route->router->name), STR_ARG(prefixes.at[0]));
    diag_effect(l->diags, d, "nothing is stripped: the service gets %.*s as it is", STR_ARG(path));
    diag_note_at(l->diags, d, lint_rule_span(route->router), "the rule");
    diag_help(l->diags, d, "strip `%.*s`", STR_ARG(path));
}

/* ---- X019 ---- */

static const struct untyped *read_timeout(const struct lint *l, const struct entry_point *e) {
    const struct untyped *points = untyped_child(l->proxy->conf, STR("entryPoints"));
    return untyped_get(untyped_child(points, e->name), "transport.respondingTimeouts.readTimeout");
}

static void look_body(struct lint *l, const struct entry_point *e, const struct placement *route) {
    enum { LARGE = 100 * 1024 * 1024 };
    const struct object *o = lint_middleware(l, route, "buffering");
    if (!o || !lint_is_known(route->router))
        return;
    const struct untyped *most = untyped_get(o->conf, "buffering.maxRequestBodyBytes");
    if (untyped_int(most, "", 0) < LARGE || !l->proxy->conf || read_timeout(l, e))
        return;
    struct diag *d =
        diag_add(l->diags, DIAG_UPLOAD_TIME, most->span,
                 "large bodies are let in, and `%.*s` gives them 60 seconds", STR_ARG(e->name));
    diag_effect(l->diags, d, "Traefik cuts a request whose body takes longer");
    diag_help(l->diags, d, "set transport.respondingTimeouts.readTimeout of `%.*s`",
              STR_ARG(e->name));
}

void lint_paths(struct lint *l) {
    lint_each_http(l, look_strip);
    lint_each_http(l, look_body);
}
