/* The static configuration: entry points, and the routers that Traefik makes itself. */
#include "analysis/proxy.h"
#include "support/buf.h"

#include <inttypes.h>

/* Go's math.MaxInt, the priority of routers that nothing may stand before. */
#define TOP INT64_MAX

/* Providers in the order that decides between equal priorities (static_config.go). */
static const char *const providers[] = {
    "kubernetesgateway",
    "kubernetescrd",
    "kubernetes",
    "kubernetesingressnginx",
    "swarm",
    "docker",
    "file",
    "redis",
    "knative",
    "consul",
    "consulcatalog",
    "nomad",
    "etcd",
    "ecs",
    "http",
    "zookeeper",
    "rest",
};

static void read_entry_point(struct proxy *p, const struct untyped *c) {
    struct entry_point *e = entry_point_new(p, c->key, untyped_text(c, "address"));
    e->conf = c;
    e->span = c->key_span;
    e->as_default = untyped_bool(c, "asDefault", false);
    e->acme_bypass = untyped_bool(c, "allowACMEByPass", false);
    e->middlewares = untyped_texts(c, "http.middlewares", p->arena);
    const struct untyped *tls = untyped_get(c, "http.tls");
    e->tls = untyped_is_present(tls);
    if (e->tls) {
        e->tls_options = untyped_text(tls, "options");
        e->resolver = untyped_text(tls, "certResolver");
        e->tls_domains = untyped_child(tls, STR("domains"));
    }
    e->http_rules.sanitize = untyped_bool(c, "http.sanitizePath", true);
    e->http_rules.encode_semicolons = untyped_bool(c, "http.encodeQuerySemicolons", false);
    struct str underscores = untyped_text(c, "http.underscoreHeadersStrategy");
    if (str_is(underscores, "delete"))
        e->http_rules.underscores = UNDERSCORES_DELETED;
    else if (str_is(underscores, "reject"))
        e->http_rules.underscores = UNDERSCORES_REJECTED;
    e->encoded = untyped_get(c, "http.encodedCharacters");
}

/* The entry point `traefik` is made when something needs it and nobody declared it. */
static bool needs_internal(const struct untyped *c) {
    static const char *const with_entry[] = { "ping", "metrics.prometheus" };
    for (size_t i = 0; i < 2; i++) {
        const struct untyped *one = untyped_get(c, with_entry[i]);
        struct str at = untyped_text(one, "entryPoint");
        if (untyped_is_present(one) && !untyped_bool(one, "manualRouting", false) &&
            (!at.len || str_is(at, "traefik")))
            return true;
    }
    return untyped_bool(c, "api.insecure", false) ||
           untyped_bool(c, "providers.rest.insecure", false);
}

static void default_entry_points(struct proxy *p) {
    bool flagged = false;
    for (const struct entry_point *e = p->entry_points; e; e = e->next)
        flagged = flagged || e->as_default;
    for (const struct entry_point *e = p->entry_points; e; e = e->next)
        if ((!flagged || e->as_default) && !e->udp && !str_is(e->name, "traefik"))
            strs_add(&p->default_entry_points, p->arena, e->name);
}

void proxy_add_static(struct proxy *p, struct untyped *conf) {
    p->conf = conf;
    const struct untyped *points = untyped_child(conf, STR("entryPoints"));
    for (const struct untyped *c = points ? points->first : NULL; c; c = c->next)
        if (c->kind != UNTYPED_NULL)
            read_entry_point(p, c);
    const struct entry_point *only = p->entry_points;
    if (!only || (!only->next && str_is(only->name, "traefik")))
        entry_point_new(p, STR("http"), STR(":80"));
    if (needs_internal(conf) && !proxy_entry_point(p, STR("traefik")))
        entry_point_new(p, STR("traefik"), STR(":8080"));
    default_entry_points(p);
    p->precedence = untyped_texts(conf, "providers.precedence", p->arena);
    p->precedence_written = p->precedence.count > 0;
    if (untyped_is_present(untyped_get(conf, "providers.swarm")) &&
        !untyped_is_present(untyped_get(conf, "providers.docker")))
        p->docker = STR("swarm");
    p->cname = untyped_bool(conf, "hostResolver.cnameFlattening", false);
    p->v2 = str_is(untyped_text(conf, "core.defaultRuleSyntax"), "v2");
}

/* ---- routers of its own ---- */

static struct router *internal(struct proxy *p, struct part *part, const char *name,
                               const char *rule, struct str service, int64_t priority) {
    struct router *r = part_router(p, part, LAYER_HTTP, str_of(name), STR("internal"), NULL);
    r->rule = str_of(rule);
    r->service = service;
    r->priority = priority;
    return r;
}

static void add_api(struct proxy *p, struct part *part) {
    const struct untyped *api = untyped_child(p->conf, STR("api"));
    struct str at = STR("traefik");
    if (!untyped_is_present(api) || !untyped_bool(api, "insecure", false))
        return;
    struct router *r = internal(p, part, "api", "PathPrefix(`/api`)", STR("api@internal"), TOP - 1);
    strs_add(&r->entry_points, p->arena, at);
    r->span = api->key_span;
    if (untyped_bool(api, "dashboard", true)) {
        r = internal(p, part, "dashboard", "PathPrefix(`/`)", STR("dashboard@internal"), TOP - 2);
        strs_add(&r->entry_points, p->arena, at);
        strs_add(&r->middlewares, p->arena, STR("dashboard_redirect@internal"));
        strs_add(&r->middlewares, p->arena, STR("dashboard_stripprefix@internal"));
        r->span = api->key_span;
    }
    if (untyped_bool(api, "debug", false)) {
        r = internal(p, part, "debug", "PathPrefix(`/debug`)", STR("api@internal"), TOP - 1);
        strs_add(&r->entry_points, p->arena, at);
        r->span = api->key_span;
    }
}

static void add_service_page(struct proxy *p, struct part *part, const char *path, const char *name,
                             const char *rule, struct str service) {
    const struct untyped *c = untyped_get(p->conf, path);
    if (!untyped_is_present(c) || untyped_bool(c, "manualRouting", false))
        return;
    struct str at = untyped_text(c, "entryPoint");
    struct router *r = internal(p, part, name, rule, service, TOP);
    strs_add(&r->entry_points, p->arena, at.len ? at : STR("traefik"));
    r->span = c->key_span;
}

static bool listed(const struct strs *list, struct str text) {
    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->at[i], text))
            return true;
    return false;
}

static void add_acme(struct proxy *p, struct part *part) {
    struct strs plain = { 0 }, bypass = { 0 };
    const struct untyped *all = untyped_child(p->conf, STR("certificatesResolvers")), *first = NULL;
    for (const struct untyped *c = all ? all->first : NULL; c; c = c->next) {
        if (untyped_is_present(untyped_get(c, "acme.tlsChallenge")))
            p->acme_tls = true;
        struct str at = untyped_text(c, "acme.httpChallenge.entryPoint");
        if (!at.len || listed(&plain, at) || listed(&bypass, at))
            continue;
        first = first ? first : c;
        const struct entry_point *e = proxy_entry_point(p, at);
        strs_add(e && e->acme_bypass ? &bypass : &plain, p->arena, at);
    }
    static const char rule[] = "PathPrefix(`/.well-known/acme-challenge/`)";
    if (plain.count) {
        struct router *r = internal(p, part, "acme-http", rule, STR("acme-http@internal"), TOP);
        r->entry_points = plain;
        r->span = first->key_span;
    }
    if (bypass.count) {
        struct router *r =
            internal(p, part, "acme-http-bypass", rule, STR("acme-http@internal"), 0);
        r->entry_points = bypass;
        r->span = first->key_span;
    }
}

/* Letters and digits stay, runs of anything else become one `-` (provider.Normalize). */
static struct str normalize(struct arena *a, struct str s) {
    struct buf out = { .arena = a };
    bool gap = false;
    for (size_t i = 0; i < s.len; i++) {
        if (!char_is_alnum(s.at[i]) && (unsigned char)s.at[i] < 0x80) {
            gap = out.len > 0;
            continue;
        }
        if (gap)
            buf_char(&out, '-');
        gap = false;
        buf_char(&out, s.at[i]);
    }
    return buf_str(&out);
}

static bool is_port(struct str to) {
    uint64_t port;
    return str_starts(to, STR(":")) && str_to_uint(str_from(to, 1), UINT64_MAX / 16, &port);
}

/* `http.redirections`: a router before all others, and the middleware that answers. */
static void add_redirection(struct proxy *p, struct part *part, const struct entry_point *e,
                            const struct untyped *c) {
    const struct untyped *def = untyped_get(c, "http.redirections.entryPoint");
    struct str to = untyped_text(def, "to"), port = STR("");
    if (!untyped_get(c, "http.redirections"))
        return;
    if (!to.len) {
        proxy_tell(p, c->key_span, "the redirection of entry point `%.*s` has no `to`",
                   STR_ARG(e->name))
            ->effect = STR("nothing is redirected");
        return;
    }
    const struct entry_point *target = proxy_entry_point(p, to);
    if (is_port(to)) {
        port = str_from(to, 1);
    } else if (target) {
        port = target->port;
    } else {
        proxy_tell(p, def->span, "there is no entry point `%.*s` to redirect to", STR_ARG(to))
            ->effect = STR("nothing is redirected");
        return;
    }
    struct str name =
        normalize(p->arena, str_format(p->arena, "%.*s-to-%.*s", STR_ARG(e->name), STR_ARG(to)));
    struct str middleware = str_format(p->arena, "redirect-%.*s", STR_ARG(name));
    struct router *r = internal(p, part, name.at,
                                e->acme_bypass ? "HostRegexp(`^.+$`) && "
                                                 "!PathPrefix(`/.well-known/acme-challenge/`)"
                                               : "HostRegexp(`^.+$`)",
                                STR("noop@internal"), untyped_int(def, "priority", TOP - 1));
    r->name = name;
    r->full = str_format(p->arena, "%.*s@internal", STR_ARG(name));
    r->span = def->key_span;
    strs_add(&r->entry_points, p->arena, e->name);
    strs_add(&r->middlewares, p->arena, middleware);
    /* The middleware as it would be written in a file. */
    struct str scheme = untyped_text(def, "scheme");
    struct untyped *made = untyped_new(p->arena, UNTYPED_MAP, middleware, def->span);
    struct untyped *kind = untyped_new(p->arena, UNTYPED_MAP, STR("redirectScheme"), def->span);
    struct untyped **end = &kind->first;
    const struct {
        const char *key;
        struct str value;
    } fields[] = {
        { "scheme", scheme.len ? scheme : STR("https") },
        { "port", port },
        { "permanent", untyped_bool(def, "permanent", true) ? STR("true") : STR("false") },
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct untyped *field =
            untyped_new(p->arena, UNTYPED_TEXT, str_of(fields[i].key), def->span);
        field->text = fields[i].value;
        end = untyped_put(end, field);
    }
    made->first = kind;
    object_new(p, &part->last_middleware[LAYER_HTTP], middleware, STR("internal"), made);
}

static void add_services(struct proxy *p, struct part *part) {
    static const struct {
        const char *name, *when;
    } services[] = {
        { "noop", NULL },
        { "api", "api" },
        { "ping", "ping" },
        { "rest", "providers.rest" },
        { "prometheus", "metrics.prometheus" },
        { "acme-http", "certificatesResolvers" },
        { "dashboard", "api" },
    };
    for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
        if (services[i].when && p->conf &&
            !untyped_is_present(untyped_get(p->conf, services[i].when)))
            continue;
        if (str_is(str_of(services[i].name), "dashboard") &&
            !untyped_bool(p->conf, "api.dashboard", true))
            continue;
        object_new(p, &part->last_service[LAYER_HTTP], str_of(services[i].name), STR("internal"),
                   NULL);
    }
    object_new(p, &part->last_middleware[LAYER_HTTP], STR("dashboard_redirect"), STR("internal"),
               NULL);
    object_new(p, &part->last_middleware[LAYER_HTTP], STR("dashboard_stripprefix"), STR("internal"),
               NULL);
}

void proxy_add_internal(struct proxy *p) {
    struct part part;
    part_start(&part);
    add_services(p, &part);
    if (p->conf) {
        add_api(p, &part);
        add_service_page(p, &part, "ping", "ping", "PathPrefix(`/ping`)", STR("ping@internal"));
        add_service_page(p, &part, "metrics.prometheus", "prometheus", "PathPrefix(`/metrics`)",
                         STR("prometheus@internal"));
        if (untyped_bool(p->conf, "providers.rest.insecure", false))
            strs_add(&internal(p, &part, "rest", "PathPrefix(`/api/providers`)",
                               STR("rest@internal"), TOP)
                          ->entry_points,
                     p->arena, STR("traefik"));
        const struct untyped *points = untyped_child(p->conf, STR("entryPoints"));
        for (const struct untyped *c = points ? points->first : NULL; c; c = c->next)
            if (c->kind != UNTYPED_NULL)
                add_redirection(p, &part, proxy_entry_point(p, c->key), c);
        add_acme(p, &part);
    }
    if (p->precedence.count == 0)
        for (size_t i = 0; i < sizeof providers / sizeof *providers; i++)
            strs_add(&p->precedence, p->arena, str_of(providers[i]));
    proxy_take(p, &part);
}
