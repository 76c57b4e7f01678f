/* References between objects of Traefik: found, missing, or out of view. */
#include "analysis/proxy_refs.h"

/* Services and middlewares may hold others; what goes deeper than this goes in a circle. */
enum { DEEPEST = 32, SERVERS_MOST = 64 };

/* A name is missing only if what would declare it is in view. */
static bool in_view(const struct proxy *p, struct str full) {
    size_t at = str_find_last(full, '@');
    if (at == STR_NONE)
        return true;
    struct str provider = str_from(full, at + 1);
    if (str_is(provider, "file"))
        return p->has_files;
    if (str_eq(provider, p->docker))
        return p->has_containers;
    return str_is(provider, "internal") && p->conf != NULL;
}

static struct str missing(struct proxy *p, const char *what, struct str full) {
    return str_format(p->arena, "there is no %s `%.*s`", what, STR_ARG(full));
}

/* The one kind of an object: `loadBalancer`, `stripPrefix`. */
static const struct untyped *only_kind(const struct untyped *c, bool *several) {
    const struct untyped *kind = NULL;
    *several = false;
    for (const struct untyped *child = c->first; child; child = child->next) {
        if (child->kind == UNTYPED_NULL ||
            (child->kind == UNTYPED_TEXT && !child->first && !untyped_is_present(child)))
            continue;
        /* Middlewares of a service stand beside its kind. */
        if (str_eq_nocase(child->key, STR("middlewares")))
            continue;
        *several = *several || kind;
        kind = child;
    }
    return kind;
}

struct children {
    struct str names[SERVERS_MOST];
    size_t count;
};

static void add_child(struct proxy *p, struct children *all, struct str name, struct str provider) {
    if (name.len && all->count < SERVERS_MOST)
        all->names[all->count++] = proxy_qualify(p, name, provider);
}

static void children_of(struct proxy *p, const struct object *o, const struct untyped *kind,
                        struct children *all) {
    static const char *const lists[] = { "services", "mirrors" };
    static const char *const single[] = { "service", "fallback" };
    all->count = 0;
    for (size_t i = 0; i < 2; i++) {
        add_child(p, all, untyped_text(kind, single[i]), o->provider);
        const struct untyped *list = untyped_child(kind, str_of(lists[i]));
        for (const struct untyped *c = list ? list->first : NULL; c; c = c->next)
            add_child(p, all, untyped_text(c, "name"), o->provider);
    }
}

static struct str service_fault(struct proxy *p, enum layer layer, struct str full, int depth) {
    const struct object *o = proxy_service(p, layer, full);
    bool several;
    if (!o)
        return in_view(p, full) ? missing(p, "service", full) : STR("");
    if (!o->conf || o->servers.count)
        return STR("");
    const struct untyped *kind = only_kind(o->conf, &several);
    if (!kind)
        return str_format(p->arena, "service `%.*s` has no servers and no other kind",
                          STR_ARG(full));
    if (several)
        return str_format(p->arena, "service `%.*s` is of two kinds", STR_ARG(full));
    if (depth > DEEPEST)
        return str_format(p->arena, "service `%.*s` leads back to itself", STR_ARG(full));
    struct children all;
    children_of(p, o, kind, &all);
    for (size_t i = 0; i < all.count; i++) {
        struct str fault = service_fault(p, layer, all.names[i], depth + 1);
        if (fault.len)
            return fault;
    }
    return STR("");
}

struct str proxy_service_fault(struct proxy *p, enum layer layer, struct str full) {
    return service_fault(p, layer, full, 0);
}

static struct str middleware_fault(struct proxy *p, enum layer layer, struct str full, int depth) {
    const struct object *o = proxy_middleware(p, layer, full);
    bool several;
    if (!o)
        return in_view(p, full) ? missing(p, "middleware", full) : STR("");
    if (!o->conf)
        return STR("");
    const struct untyped *kind = only_kind(o->conf, &several);
    if (!kind)
        return str_format(p->arena, "middleware `%.*s` is of no kind", STR_ARG(full));
    if (several)
        return str_format(p->arena, "middleware `%.*s` is of two kinds", STR_ARG(full));
    if (!str_eq_nocase(kind->key, STR("chain")))
        return STR("");
    if (depth > DEEPEST)
        return str_format(p->arena, "middleware `%.*s` leads back to itself", STR_ARG(full));
    struct strs inner = untyped_texts(kind, "middlewares", p->arena);
    for (size_t i = 0; i < inner.count && i < SERVERS_MOST; i++) {
        struct str fault =
            middleware_fault(p, layer, proxy_qualify(p, inner.at[i], o->provider), depth + 1);
        if (fault.len)
            return fault;
    }
    return STR("");
}

struct str proxy_middleware_fault(struct proxy *p, enum layer layer, struct str full) {
    return middleware_fault(p, layer, full, 0);
}

bool proxy_options_exist(const struct proxy *p, struct str full) {
    if (str_is(full, "default"))
        return !p->default_options_gone;
    return table_get(&p->tls_table, full) || !in_view(p, full);
}

static void add_servers(struct proxy *p, enum layer layer, struct str full, struct arena *a,
                        struct strs *out, int depth) {
    const struct object *o = proxy_service(p, layer, full);
    bool several;
    if (!o || depth > DEEPEST)
        return;
    for (size_t i = 0; i < o->servers.count && out->count < SERVERS_MOST; i++)
        strs_add(out, a, o->servers.at[i]);
    const struct untyped *kind = o->servers.count || !o->conf ? NULL : only_kind(o->conf, &several);
    const struct untyped *list = untyped_child(kind, STR("servers"));
    for (const struct untyped *c = list ? list->first : NULL; c; c = c->next) {
        struct str at = untyped_text(c, layer == LAYER_HTTP ? "url" : "address");
        if (at.len && out->count < SERVERS_MOST)
            strs_add(out, a, at);
    }
    struct children all = { .count = 0 };
    if (kind)
        children_of(p, o, kind, &all);
    for (size_t i = 0; i < all.count && out->count < SERVERS_MOST; i++)
        add_servers(p, layer, all.names[i], a, out, depth + 1);
}

struct strs proxy_servers(struct proxy *p, enum layer layer, struct str full, struct arena *a) {
    struct strs out = { 0 };
    add_servers(p, layer, full, a, &out, 0);
    return out;
}
