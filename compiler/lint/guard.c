/* What stands between a client and a service: middlewares of the router, chains followed. */
#include "lint/rule.h"

enum { DEEPEST = 16 };

struct walk {
    const struct lint *l;
    enum layer layer;
    const char *wanted;
    const struct object *found;
    enum guard guard;
};

static const char *const guards[] = { "basicAuth", "digestAuth", "forwardAuth", "ipAllowList",
                                      "ipWhiteList" };

static void look(struct walk *w, struct str full, int depth) {
    const struct object *o = proxy_middleware(w->l->proxy, w->layer, full);
    if (!o || !o->conf || depth > DEEPEST) {
        w->guard =
            w->guard == GUARD_SOME || str_ends(full, STR("@internal")) ? w->guard : GUARD_UNKNOWN;
        return;
    }
    for (const struct untyped *kind = o->conf->first; kind; kind = kind->next) {
        if (w->wanted && str_eq_nocase(kind->key, str_of(w->wanted)))
            w->found = w->found ? w->found : o;
        for (size_t i = 0; i < sizeof guards / sizeof *guards; i++)
            if (str_eq_nocase(kind->key, str_of(guards[i])))
                w->guard = GUARD_SOME;
        if (str_eq_nocase(kind->key, STR("plugin")) && w->guard == GUARD_NONE)
            w->guard = GUARD_UNKNOWN;
        if (!str_eq_nocase(kind->key, STR("chain")))
            continue;
        struct strs links = untyped_texts(kind, "middlewares", w->l->scratch);
        for (size_t i = 0; i < links.count; i++)
            look(w, proxy_qualify(w->l->proxy, links.at[i], o->provider), depth + 1);
    }
}

static struct walk walk(const struct lint *l, const struct placement *route, const char *wanted) {
    struct walk w = { .l = l, .layer = route->router->layer, .wanted = wanted };
    for (size_t i = 0; i < route->middlewares.count; i++)
        look(&w, route->middlewares.at[i], 0);
    return w;
}

enum guard lint_guard(const struct lint *l, const struct placement *route) {
    return walk(l, route, NULL).guard;
}

const struct object *lint_middleware(const struct lint *l, const struct placement *route,
                                     const char *kind) {
    return walk(l, route, kind).found;
}
