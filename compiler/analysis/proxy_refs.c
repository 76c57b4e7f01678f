/* References between objects of Traefik: found, missing, or out of view. */
#include "analysis/proxy_refs.h"

#include "analysis/middleware_faults.h"

/* Services and middlewares may hold others; what goes deeper than this goes in a circle. */
enum { DEEPEST = 32, SERVERS_MOST = 64 };

/* A name is missing only if what would declare it is in view: files of the provider, or a static
   configuration that does not have the provider at all. */
static bool in_view(const struct proxy *p, struct str full) {
    size_t at = str_find_last(full, '@');
    if (at == STR_NONE)
        return true;
    struct str provider = str_from(full, at + 1);
    if (str_is(provider, "internal"))
        return p->conf != NULL;
    if (str_is(provider, "file") ? p->has_files : str_eq(provider, p->docker) && p->has_containers)
        return true;
    return p->conf && !str_is(provider, "kubernetes") &&
           !untyped_child(untyped_child(p->conf, STR("providers")), provider);
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

/* Mirrors get copies of what the client sends, and answer nobody; nor does what weighs nothing. */
static void children_of(struct proxy *p, const struct object *o, const struct untyped *kind,
                        bool all_of_them, struct children *all) {
    static const char *const lists[] = { "services", "mirrors" };
    static const char *const single[] = { "service", "fallback" };
    all->count = 0;
    for (size_t i = 0; i < 2; i++) {
        add_child(p, all, untyped_text(kind, single[i]), o->provider);
        const struct untyped *list = untyped_child(kind, str_of(lists[i]));
        if (i == 1 && !all_of_them)
            continue;
        for (const struct untyped *c = list ? list->first : NULL; c; c = c->next)
            if (all_of_them || untyped_int(c, "weight", 1) > 0)
                add_child(p, all, untyped_text(c, "name"), o->provider);
    }
}

static struct str of_no_kind(struct proxy *p, const char *what, struct str full, bool several) {
    return str_format(p->arena, "%s `%.*s` is of %s", what, STR_ARG(full),
                      several ? "two kinds" : "no kind");
}

/* One that is asked for while it is being judged leads back to itself. Each is judged once. */
static bool is_judged(struct proxy *p, struct object *o, const char *what) {
    if (o->state == OBJECT_ASKED)
        o->fault = str_format(p->arena, "%s `%.*s` leads back to itself", what, STR_ARG(o->full));
    return o->state != OBJECT_NEW;
}

/* ---- who tells when its servers are down ---- */

static bool has_check(const struct untyped *kind) {
    const struct untyped *c = untyped_child(kind, STR("healthCheck"));
    return c && c->kind != UNTYPED_NULL && !str_is(c->text, "false");
}

/* Why it does not tell; empty when it does, or is not in view. */
static struct str silence(struct proxy *p, struct str full, int depth) {
    const struct object *o = proxy_service(p, LAYER_HTTP, full);
    bool several;
    const struct untyped *kind =
        o && o->conf && depth < DEEPEST ? only_kind(o->conf, &several) : NULL;
    if (kind && !has_check(kind))
        return str_format(p->arena, "service `%.*s` has no `healthCheck`", STR_ARG(full));
    return kind && str_eq_nocase(kind->key, STR("mirroring"))
               ? silence(p, proxy_qualify(p, untyped_text(kind, "service"), o->provider), depth + 1)
               : STR("");
}

/* A failover has to hear it from its first service, unless it looks at answers; who has a health
   check of its own hears it from all. */
static struct str judge_silence(struct proxy *p, const struct object *o,
                                const struct untyped *kind) {
    struct children all = { .count = 0 };
    bool failover = str_eq_nocase(kind->key, STR("failover")), whole = has_check(kind);
    bool by_answers = failover && untyped_texts(kind, "errors.status", p->arena).count;
    struct str fault = STR("");
    if (str_eq_nocase(kind->key, STR("mirroring")) || (!failover && !whole))
        return fault;
    children_of(p, o, kind, true, &all);
    for (size_t i = 0; i < all.count && !fault.len; i++)
        if (whole ? !(by_answers && i == 0) : i == 0 && !by_answers)
            fault = silence(p, all.names[i], 0);
    if (!fault.len)
        return fault;
    return str_format(p->arena, "%.*s, and `%.*s` waits for it", STR_ARG(fault), STR_ARG(o->full));
}

static struct str judge_service(struct proxy *p, enum layer layer, struct str full, int depth) {
    struct object *o = proxy_service(p, layer, full);
    bool several;
    if (!o)
        return in_view(p, full) ? missing(p, "service", full) : STR("");
    if (!o->conf || o->servers.count || depth > DEEPEST || is_judged(p, o, "service"))
        return o->fault;
    o->state = OBJECT_ASKED;
    const struct untyped *kind = only_kind(o->conf, &several);
    struct children all = { .count = 0 };
    if (!kind || several)
        o->fault = of_no_kind(p, "service", full, several);
    else
        children_of(p, o, kind, true, &all);
    for (size_t i = 0; i < all.count && !o->fault.len; i++) {
        struct str fault = judge_service(p, layer, all.names[i], depth + 1);
        o->fault = o->fault.len ? o->fault : fault;
    }
    if (layer == LAYER_HTTP && all.count && !o->fault.len)
        o->fault = judge_silence(p, o, kind);
    o->state = OBJECT_JUDGED;
    return o->fault;
}

struct str proxy_service_fault(struct proxy *p, enum layer layer, struct str full) {
    return judge_service(p, layer, full, 0);
}

static struct str judge_middleware(struct proxy *p, enum layer layer, struct str full, int depth) {
    struct object *o = proxy_middleware(p, layer, full);
    bool several;
    if (!o)
        return in_view(p, full) ? missing(p, "middleware", full) : STR("");
    if (!o->conf || depth > DEEPEST || is_judged(p, o, "middleware"))
        return o->fault;
    o->state = OBJECT_ASKED;
    const struct untyped *kind = only_kind(o->conf, &several);
    struct strs inner = { 0 };
    if (!kind || several)
        o->fault = of_no_kind(p, "middleware", full, several);
    else if (str_eq_nocase(kind->key, STR("chain")))
        inner = untyped_texts(kind, "middlewares", p->arena);
    for (size_t i = 0; i < inner.count && !o->fault.len; i++) {
        struct str fault =
            judge_middleware(p, layer, proxy_qualify(p, inner.at[i], o->provider), depth + 1);
        o->fault = o->fault.len ? o->fault : fault;
    }
    if (kind && !several && layer == LAYER_HTTP && str_eq_nocase(kind->key, STR("errors")))
        o->fault = judge_service(
            p, layer, proxy_qualify(p, untyped_text(kind, "service"), o->provider), depth + 1);
    struct str own = kind && !several ? middleware_fault(p->arena, kind) : STR("");
    if (own.len && !o->fault.len)
        o->fault = str_format(p->arena, "middleware `%.*s`: %.*s", STR_ARG(full), STR_ARG(own));
    o->state = OBJECT_JUDGED;
    return o->fault;
}

struct str proxy_middleware_fault(struct proxy *p, enum layer layer, struct str full) {
    return judge_middleware(p, layer, full, 0);
}

bool proxy_options_exist(const struct proxy *p, struct str full) {
    if (str_is(full, "default"))
        return !p->default_options_gone;
    return table_get(&p->tls_table, full) || !in_view(p, full);
}

static void add_servers(struct proxy *p, enum layer layer, struct str full, struct arena *a,
                        struct strs *out, int depth) {
    struct object *o = proxy_service(p, layer, full);
    bool several;
    if (!o || depth > DEEPEST || o->visit == p->visits)
        return;
    o->visit = p->visits;
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
        children_of(p, o, kind, false, &all);
    for (size_t i = 0; i < all.count && out->count < SERVERS_MOST; i++)
        add_servers(p, layer, all.names[i], a, out, depth + 1);
}

struct strs proxy_servers(struct proxy *p, enum layer layer, struct str full, struct arena *a) {
    struct strs out = { 0 };
    p->visits++;
    add_servers(p, layer, full, a, &out, 0);
    return out;
}
