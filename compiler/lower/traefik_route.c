/* Routers of an existing configuration → routes. */
#include "lower/traefik_rule.h"
#include "lower/traefik_service.h"
#include "support/nearest.h"

static const char *const router_kinds[] = { "http.routers", "tcp.routers", "udp.routers" };
static const char *const link_kinds[] = { "http.middlewares", "tcp.middlewares", NULL };

struct maker {
    struct traefik *t;
    struct traefik_part *part;
    struct lower *l;
    struct conf *router;
    enum traefik_protocol protocol;
    const char *scheme;
    struct nodes settings;
    struct rule_words words;
    unsigned port;   /* in the pattern; 0: none */
    bool redirected; /* some other router redirects plain HTTP to this one */
    bool old;        /* its rule is one of Traefik 2, as the configuration says */
};

static void set(struct maker *m, struct node *setting) {
    m->settings = nodes_append(m->settings, setting);
}

static void append_all(struct nodes *list, struct nodes more) {
    for (struct node *n = more.head, *next; n; n = next) {
        next = n == more.tail ? NULL : n->next;
        n->next = NULL;
        *list = nodes_append(*list, n);
    }
}

/* Is it the group "http.middlewares"? */
static bool is_group(const struct conf *group, const char *kind) {
    struct str s = str_of(kind);
    size_t dot = str_find(s, '.');
    return group && group->parent && str_eq(group->name, str_from(s, dot + 1)) &&
           str_eq(group->parent->name, str_slice(s, 0, dot));
}

void traefik_hint(struct traefik *t, const struct traefik_part *part, const char *kind,
                  struct str name, struct diag *d, struct span span) {
    struct nearest near = { .wanted = name, .effort = &t->diags->hints };
    for (struct traefik_object *o = t->first_object; o; o = o->next) {
        if (!nearest_spend(&near, 1))
            break;
        if (!is_group(o->conf->parent, kind))
            continue;
        if (o->part->provider == part->provider)
            nearest_offer(&near, o->conf->name);
        else if (str_eq(o->conf->name, name) && o->part->provider == PROVIDER_FILE) {
            diag_suggest(t->diags, d, span, str_format(t->arena, "%.*s@file", STR_ARG(name)));
            return;
        }
    }
    if (near.best.len)
        diag_suggest(t->diags, d, span, near.best);
    else
        diag_help(t->diags, d, "declare it, or check it together with the file that does");
}

/* ---- TLS ---- */

static bool has_tls(const struct traefik *t, const struct conf *router) {
    struct conf *tls = conf_at(router, "tls");
    if (tls && !tls->bad && conf_has_value(tls))
        return true;
    struct conf *names = conf_at(router, "entryPoints");
    NODES_EACH(name, names ? names->values : (struct nodes){ 0 }) {
        struct conf *all = conf_at(t->fixed, "entryPoints");
        if (conf_at(conf_child(all, conf_str(name)), "http.tls"))
            return true;
    }
    return false;
}

static void read_domains(struct maker *m, struct conf *tls) {
    struct conf *domains = conf_at(tls, "domains");
    struct nodes names = { 0 };
    struct span span = { 0, 0 };
    for (struct conf *d = domains ? domains->first : NULL; d; d = d->next) {
        struct node *main = conf_value(d, "main");
        struct conf *sans = conf_at(d, "sans");
        if (d != domains->first) {
            traefik_lose(m->t, d, "a route has one certificate; the names of the first are kept");
            continue;
        }
        span = d->key;
        if (main)
            names = nodes_append(names, conf_word(m->l->arena, main));
        NODES_EACH(name, sans ? sans->values : (struct nodes){ 0 })
        names = nodes_append(names, conf_word(m->l->arena, name));
    }
    if (names.head)
        set(m,
            lower_setting_one(m->l, "cert", span,
                              names.head == names.tail ? names.head
                                                       : ast_list(m->l->arena, span, names, true)));
}

static void read_tls(struct maker *m) {
    struct conf *tls = conf_at(m->router, "tls");
    if (!tls)
        return;
    struct node *resolver = conf_value(tls, "certResolver"), *options = conf_value(tls, "options");
    if (resolver && !traefik_is_open(m->t, conf_at(tls, "certResolver")))
        set(m, traefik_setting(m->l, "resolver", resolver));
    if (options && !traefik_is_open(m->t, conf_at(tls, "options"))) {
        bool outside;
        struct str name = conf_str(options);
        struct traefik_object *o = traefik_find(m->t, m->part, "tls.options", name, &outside);
        if (o || str_is(name, "default")) {
            set(m, lower_setting_one(m->l, "tls", options->span,
                                     lower_word(m->l, o ? o->word : name, options->span)));
        } else if (outside) {
            set(m, traefik_setting(m->l, "tls", options));
        } else {
            struct diag *d = diag_add(m->t->diags, DIAG_REFERENCE, options->span,
                                      "there are no TLS options `%.*s`", STR_ARG(name));
            diag_effect(m->t->diags, d,
                        "Traefik disables the router and closes all TLS of its hosts");
            traefik_hint(m->t, m->part, "tls.options", name, d, options->span);
        }
    }
    read_domains(m, tls);
}

/* ---- entry points ---- */

static void read_entrypoints(struct maker *m, bool tls) {
    struct conf *names = conf_at(m->router, "entryPoints");
    struct nodes list = names ? names->values : (struct nodes){ 0 };
    bool plain = m->protocol != TRAEFIK_HTTP && !tls;
    if (!list.head || traefik_is_open(m->t, names))
        return;
    struct str only = list.head == list.tail ? conf_str(list.head) : (struct str){ 0 };
    if (only.len) {
        m->port = traefik_port_of(m->t, only);
        if (!plain && str_eq(only, traefik_default_entrypoint(m->t, tls))) {
            m->port = 0;
            return;
        }
        if (m->port)
            return;
    }
    struct nodes words = { 0 };
    NODES_EACH(name, list)
    words = nodes_append(words, conf_word(m->l->arena, name));
    set(m, lower_setting_one(m->l, "entrypoint", names->key,
                             words.head == words.tail
                                 ? words.head
                                 : ast_list(m->l->arena, names->key, words, true)));
}

/* ---- middlewares ---- */

static struct conf *kind_of(const struct traefik_object *o) {
    return o && o->conf->first && !o->conf->first->next ? o->conf->first : NULL;
}

/* `strip` where the middleware strips the route's own path and nothing else. */
static struct node *own_strip(struct maker *m, struct traefik_object *o, struct node *name) {
    struct conf *kind = kind_of(o), *prefixes = conf_at(kind, "prefixes");
    struct str path = conf_str(m->words.path);
    if (!kind || !str_is(kind->name, "stripPrefix") || !prefixes || kind->first != prefixes ||
        prefixes->next || !prefixes->values.head ||
        prefixes->values.head != prefixes->values.tail ||
        !str_eq(conf_str(prefixes->values.head), path) || o->conf->bad)
        return NULL;
    o->uses++;
    o->inlined++;
    return lower_word(m->l, STR("strip"), name->span);
}

static struct nodes read_links(struct maker *m) {
    struct conf *names = conf_at(m->router, "middlewares");
    struct nodes links = { 0 };
    NODES_EACH(name, names ? names->values : (struct nodes){ 0 }) {
        bool outside;
        const char *kind = link_kinds[m->protocol];
        struct traefik_object *o = traefik_find(m->t, m->part, kind, conf_str(name), &outside);
        struct node *link = o && m->words.path ? own_strip(m, o, name) : NULL;
        if (!link)
            link = traefik_link(m->t, m->part, kind, name);
        if (link)
            links = nodes_append(links, link);
    }
    return links;
}

/* ---- redirects that the language makes by itself ---- */

/* Does one of its middlewares send everything to https://? */
static struct traefik_object *redirect_of(struct traefik *t, struct traefik_part *part,
                                          const struct conf *router) {
    struct conf *names = conf_at(router, "middlewares");
    NODES_EACH(name, names ? names->values : (struct nodes){ 0 }) {
        bool outside;
        struct traefik_object *o =
            traefik_find(t, part, "http.middlewares", conf_str(name), &outside);
        struct conf *kind = kind_of(o);
        struct str port = conf_str(conf_value(kind, "port"));
        if (kind && str_is(kind->name, "redirectScheme") &&
            str_is(conf_str(conf_value(kind, "scheme")), "https") &&
            (!port.len || str_is(port, "443")))
            return o;
    }
    return NULL;
}

static bool is_plain_redirect(struct traefik *t, struct traefik_part *part,
                              const struct conf *router) {
    struct conf *names = conf_at(router, "middlewares");
    return !has_tls(t, router) && names && names->values.head &&
           names->values.head == names->values.tail && redirect_of(t, part, router);
}

/* The rule as it is written. */
static struct str redirect_key(const struct conf *router) {
    return conf_str(conf_value(router, "rule"));
}

/* Rules that some router of plain HTTP redirects, and those that a router with TLS has. */
struct redirects {
    struct table plain, secure;
};

static void find_redirects(struct traefik *t, struct redirects *r, bool secure) {
    for (struct traefik_part *p = t->parts; p; p = p->next) {
        struct conf *all = conf_at(p->conf, "http.routers");
        for (struct conf *c = all ? all->first : NULL; c; c = c->next)
            if (conf_value(c, "rule") && (secure ? has_tls(t, c) : is_plain_redirect(t, p, c)))
                *table_at(secure ? &r->secure : &r->plain, redirect_key(c)) = c;
    }
}

/* ---- the route ---- */

static const char *scheme_of(const struct maker *m, bool tls) {
    if (m->protocol == TRAEFIK_HTTP)
        return tls ? "https" : "http";
    if (m->protocol == TRAEFIK_UDP)
        return "udp";
    if (!tls)
        return "tcp";
    return conf_is_true(m->router, "tls.passthrough") ? "passthrough" : "tls";
}

static struct nodes patterns_of(struct maker *m) {
    struct arena *a = m->l->arena;
    struct nodes out = { 0 };
    struct node *host = m->words.hosts.head;
    struct span span = host ? host->span : m->router->key;
    do {
        struct conf_join j = conf_join(&m->t->aside);
        struct span at = host ? host->span : span;
        if (!out.head)
            conf_join_made(&j, str_format(&m->t->aside, "%s://", m->scheme), at);
        if (host)
            conf_join_text(&j, host);
        else if (m->protocol == TRAEFIK_TCP && !str_is(str_of(m->scheme), "tcp"))
            conf_join_made(&j, STR("*"), at);
        if (!out.head && m->port)
            conf_join_made(&j, str_format(&m->t->aside, ":%u", m->port), at);
        if (!out.head && m->words.path)
            conf_join_text(&j, m->words.path);
        out = nodes_append(out, conf_word_kept(a, conf_join_end(&j, at)));
        host = host && host != m->words.hosts.tail ? host->next : NULL;
    } while (host);
    return out;
}

static void read_rest(struct maker *m) {
    static const char *const known[] = {
        "rule",     "entryPoints", "middlewares", "service",
        "priority", "tls",         "ruleSyntax",  "observability"
    };
    for (struct conf *c = m->router->first; c; c = c->next) {
        bool is_known = false;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            is_known |= str_is(c->name, known[i]);
        if (str_is(c->name, "observability"))
            m->settings = traefik_options(m->t, m->l, m->settings, c, STR("observability"));
        else if (!is_known)
            traefik_lose(m->t, c, "the language has no words for it");
    }
}

/* `ruleSyntax: v2`, or the default of the static configuration. */
static bool is_v2(const struct maker *m) {
    struct str own = conf_str(conf_value(m->router, "ruleSyntax"));
    return str_is(own.len ? own : conf_str(conf_value(m->t->fixed, "core.defaultRuleSyntax")),
                  "v2");
}

/* Containers have one rule for all: `defaultRule` of the provider, or one of their names. */
static void default_rule(struct maker *m) {
    const char *option = m->part->provider == PROVIDER_SWARM ? "providers.swarm.defaultRule"
                                                             : "providers.docker.defaultRule";
    traefik_lose(m->t, m->router, "its rule is made by a template of the static configuration");
    if (conf_value(m->t->fixed, option))
        return;
    struct diag *d = diag_add(m->t->diags, DIAG_REFERENCE, m->router->key,
                              "router `%.*s` has no rule", STR_ARG(m->router->name));
    if (!m->t->fixed) /* it may have one */
        diag_level(m->t->diags, d, LEVEL_WARNING);
    diag_effect(m->t->diags, d,
                m->t->fixed ? "Traefik makes one of the container's name, which no one calls"
                            : "without %s Traefik makes one of the container's name",
                option);
    diag_help(m->t->diags, d, "write a rule such as Host(`a.example.com`)");
}

/* It cannot be written as one of Traefik 3; what becomes of it is judged by what Traefik makes of
   it, and the rest of its router as that of any rule. */
static void read_old_rule(struct maker *m, struct node *rule, enum rule_layer layer) {
    const char *all = layer == RULE_TCP ? "HostSNI(`*`)" : "PathPrefix(`/`)";
    struct node *any = lower_word(m->l, str_of(all), rule->span);
    if (m->part->provider != PROVIDER_FILE)
        traefik_lose(m->t, conf_at(m->router, "rule"), "rules are those of Traefik 3");
    m->words = rule_words(m->l, &m->t->aside, any, layer, false, m->t->version);
    m->old = true;
}

static void read_rule(struct maker *m, struct node *rule) {
    enum rule_layer layer = m->protocol == TRAEFIK_TCP ? RULE_TCP : RULE_HTTP;
    if (!rule && m->router->poisoned)
        return; /* it may be what was misspelt */
    if (!rule && m->part->service.len && m->protocol == TRAEFIK_HTTP) {
        default_rule(m);
    } else if (!rule) {
        struct diag *d = diag_add(m->t->diags, DIAG_REFERENCE, m->router->key,
                                  "router `%.*s` has no rule", STR_ARG(m->router->name));
        diag_effect(m->t->diags, d,
                    m->part->service.len ? "Traefik deletes the router"
                                         : "Traefik disables the router");
        if (m->part->service.len)
            diag_help(m->t->diags, d, "write a rule such as HostSNI(`*`)");
    } else if (is_v2(m) && !rule_is_of_both(&m->t->aside, rule, layer)) {
        read_old_rule(m, rule, layer);
    } else {
        bool plain = str_is(str_of(m->scheme), "tcp");
        m->words = rule_words(m->l, &m->t->aside, rule, layer, plain, m->t->version);
        if (m->words.hosts.head && plain) {
            struct node *host = m->words.hosts.head;
            struct diag *d = diag_add(m->t->diags, DIAG_HOST_FORBIDDEN, host->span,
                                      "plain TCP has no host name; `HostSNI` may only be `*`");
            diag_effect(m->t->diags, d, "Traefik disables the router");
            diag_help(m->t->diags, d, "add tls: true, or tls.passthrough: true, to the router");
            m->words.hosts = (struct nodes){ 0 };
        }
    }
}

/* What is wrong with the rest of a router is told, too, though it has no service. */
static struct nodes stand_in(struct maker *m) {
    struct span span = m->router->key;
    struct node *to = lower_word(m->l, STR("192.0.2.1:80"), span);
    struct node *target = ast_target(m->l->arena, span, to, NULL);
    struct node *pool = ast_pool(m->l->arena, span, (struct nodes){ target, target });
    return (struct nodes){ pool, pool };
}

/* `raw dynamic` takes what has no words at all. */
static struct node *route_of(struct maker *m) {
    struct conf *router = m->router;
    struct node *rule = conf_value(router, "rule"), *priority = conf_value(router, "priority");
    bool tls = has_tls(m->t, router);
    m->scheme = scheme_of(m, tls);
    if (m->protocol != TRAEFIK_UDP)
        read_rule(m, rule);
    read_entrypoints(m, tls);
    bool bare = m->protocol == TRAEFIK_UDP || str_is(str_of(m->scheme), "tcp");
    struct nodes links = m->protocol == TRAEFIK_UDP ? (struct nodes){ 0 } : read_links(m);
    struct service_words service =
        service_words(m->t, m->part, m->protocol, conf_value(router, "service"), router);
    if (!rule && m->protocol != TRAEFIK_UDP)
        return NULL;
    if ((service.missing || m->old) && m->t->losses) /* for printing */
        return NULL;
    if (service.missing)
        service.pools = stand_in(m);
    /* A rule without it is no rule of TCP, which the model tells. */
    bool nameless = str_is(str_of(m->scheme), "passthrough") && !m->words.hosts.head &&
                    str_find_str(conf_str(rule), STR("HostSNI")) != STR_NONE;
    if (!service.pools.head || (bare && !m->port) || nameless) {
        router->used = false;
        if (m->part->provider != PROVIDER_FILE)
            traefik_lose(m->t, router,
                         bare && !m->port ? "its port is not known: give the static configuration, "
                                            "too"
                         : nameless       ? "the language passes on named hosts alone"
                                          : "the language has no words for its service");
        return NULL;
    }
    append_all(&m->settings, m->words.settings);
    if (tls && !str_is(str_of(m->scheme), "passthrough"))
        read_tls(m);
    bool child = conf_at(router, "parentRefs") != NULL; /* whose priority nothing limits */
    if (priority && !str_is(conf_str(priority), "0") && !child &&
        !traefik_is_open(m->t, conf_at(router, "priority")))
        set(m, traefik_setting(m->l, "priority", priority));
    if (m->protocol == TRAEFIK_HTTP && tls && !m->redirected && traefik_redirects(m->t) != 1)
        set(m, lower_setting_one(m->l, "no-redirect", router->key, NULL));
    append_all(&m->settings, service.settings);
    read_rest(m);
    router->used = true;
    struct span span = rule ? span_join(router->key, rule->span) : router->key;
    if (rule && rule->span.start < router->key.start)
        span = router->key;
    struct node *block = m->settings.head ? lower_block(m->l, span, m->settings,
                                                        m->settings.head == m->settings.tail)
                                          : NULL;
    return ast_route(m->l->arena, span, patterns_of(m), links, service.pools, block);
}

struct nodes traefik_routes(struct traefik *t) {
    struct nodes out = { 0 };
    struct redirects redirects = { .plain = { .arena = &t->confs },
                                   .secure = { .arena = &t->confs } };
    find_redirects(t, &redirects, false);
    if (redirects.plain.count) /* mostly there are none, and nobody asks for the others */
        find_redirects(t, &redirects, true);
    for (struct traefik_part *p = t->parts; p; p = p->next) {
        bool first = true;
        for (enum traefik_protocol k = TRAEFIK_HTTP; k <= TRAEFIK_UDP; k++) {
            struct conf *all = conf_at(p->conf, router_kinds[k]);
            for (struct conf *c = all ? all->first : NULL; c; c = c->next) {
                struct str key = redirect_key(c);
                struct maker m = { .t = t, .part = p, .l = p->l, .router = c, .protocol = k };
                bool plain = k == TRAEFIK_HTTP && is_plain_redirect(t, p, c);
                if (plain && table_get(&redirects.secure, key) == NULL)
                    plain = false;
                m.redirected = k == TRAEFIK_HTTP && table_get(&redirects.plain, key) != NULL;
                if (plain) {
                    struct traefik_object *o = redirect_of(t, p, c);
                    o->uses++;
                    o->inlined++;
                    c->used = true;
                    continue;
                }
                struct node *route = route_of(&m);
                arena_reset(&t->aside);
                if (!route)
                    continue;
                traefik_comments(p->l, route, c);
                route->blank_before = first;
                first = false;
                out = nodes_append(out, route);
            }
        }
    }
    return out;
}
