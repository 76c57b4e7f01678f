/* Services of an existing configuration → targets of routes. */
#include "lower/traefik_service.h"

static const char *const kinds[] = { "http.services", "tcp.services", "udp.services" };

struct maker {
    struct traefik *t;
    struct traefik_part *part;
    struct lower *l;
    enum traefik_protocol protocol;
    struct service_words out;
    unsigned depth;
};

static void set(struct maker *m, struct node *setting) {
    m->out.settings = nodes_append(m->out.settings, setting);
}

static struct node *target(struct maker *m, struct node *text, struct node *percent) {
    return ast_target(m->l->arena, text->span, conf_word_kept(m->l->arena, text), percent);
}

/* ---- one server ---- */

static struct node *no_port(struct maker *m, const struct conf *service, struct span span) {
    struct traefik_part *part = m->part;
    if (part->port)
        return part->port;
    if (service && service->poisoned)
        return conf_made(m->l->arena, STR("80"), span);
    struct diag *d = diag_add(m->t->diags, DIAG_BACKEND_PORT, span,
                              "no label says the port of `%.*s`", STR_ARG(part->service));
    if (part->provider == PROVIDER_SWARM) /* there is no other place where it could stand */
        diag_level(m->t->diags, d, LEVEL_ERROR);
    diag_effect(m->t->diags, d,
                part->provider == PROVIDER_SWARM
                    ? "Traefik drops all routers of this service"
                    : "Traefik takes the lowest one that the image exposes, and drops all routers "
                      "of this container when there is none");
    diag_help(m->t->diags, d, "write traefik.%s.%.*s.loadbalancer.server.port=PORT",
              kinds[m->protocol], STR_ARG(service ? service->name : part->service));
    return conf_made(m->l->arena, STR("80"), span);
}

/* Traefik listens on 8080 for its API only when that is open to everyone. */
static void check_own_port(struct maker *m, struct node *port) {
    if (!m->part->is_proxy || !str_is(conf_str(port), "8080") || !m->t->fixed ||
        conf_is_true(m->t->fixed, "api.insecure") || traefik_listens(m->t, 8080))
        return;
    struct diag *d = diag_add(m->t->diags, DIAG_OWN_PORT, port->span,
                              "nothing listens on port 8080 of Traefik itself");
    diag_effect(m->t->diags, d, "the router answers 502");
    diag_help(m->t->diags, d, "write service=api@internal, with authentication in front");
}

/* A server's URL as far as Traefik follows it: scheme, host and port. NULL when a variable holds
   them. */
static struct node *bare_url(struct maker *m, struct node *url) {
    struct arena *a = m->l->arena;
    struct str s = conf_str(url);
    size_t scheme = str_find_str(s, STR("://"));
    if (scheme == STR_NONE && conf_has_variable(url)) {
        traefik_lose_text(m->t, url, "a variable cannot stand here; write out what it holds");
        return NULL;
    }
    if (scheme == STR_NONE)
        return url;
    size_t host = scheme += 3, end = scheme;
    for (unsigned depth = 0; end < s.len; end++) { /* a variable may hold any sign */
        depth += s.at[end] == '{';
        depth -= s.at[end] == '}' && depth;
        if (!depth && strchr("/?#", s.at[end]))
            break;
        if (!depth && s.at[end] == '@')
            host = end + 1;
    }
    if (s.len - end > 1)
        traefik_lose_text(m->t, url, "targets have no path");
    if (host == scheme)
        return conf_part(a, url, 0, end);
    struct conf_join j = conf_join(a);
    conf_join_part(&j, url, 0, scheme);
    conf_join_part(&j, url, host, end);
    return conf_join_end(&j, url->span);
}

/* `web:3000`, `https://web:3000` of a label's `server`. */
static struct node *container_server(struct maker *m, const struct conf *service,
                                     struct conf *balancer) {
    struct node *url = conf_value(balancer, "server.url");
    struct node *port = conf_value(balancer, "server.port");
    struct node *scheme = conf_value(balancer, "server.scheme");
    if (url)
        return bare_url(m, url);
    struct span span = service ? service->key : m->part->span;
    if (!port)
        port = no_port(m, service, span);
    check_own_port(m, port);
    struct conf_join j = conf_join(&m->t->aside);
    if (scheme && !str_is(conf_str(scheme), "http")) {
        conf_join_text(&j, scheme);
        conf_join_made(&j, STR("://"), scheme->span);
    }
    conf_join_made(&j, m->part->service, m->part->span);
    conf_join_made(&j, STR(":"), port->span);
    conf_join_text(&j, port);
    return conf_join_end(&j, port->span);
}

static struct nodes file_servers(struct maker *m, struct conf *balancer) {
    struct nodes targets = { 0 };
    struct conf *servers = conf_at(balancer, "servers");
    for (struct conf *s = servers ? servers->first : NULL; s; s = s->next) {
        struct node *url = conf_value(s, m->protocol == TRAEFIK_HTTP ? "url" : "address");
        if (!url)
            continue;
        struct node *bare = bare_url(m, url);
        if (bare)
            targets = nodes_append(targets, target(m, bare, NULL));
        for (struct conf *c = s->first; c; c = c->next)
            if (!str_is(c->name, "url") && !str_is(c->name, "address"))
                traefik_lose(m->t, c, "targets have no such setting");
    }
    return targets;
}

/* ---- what stands beside the servers ---- */

static void take(struct conf *c, const char *path) {
    struct conf *at = conf_at(c, path);
    if (at)
        at->used = true;
}

static void add_duration(struct maker *m, struct nodes *args, struct conf *c, const char *path,
                         const char *word) {
    struct node *value = conf_value(c, path);
    if (!value)
        return;
    *args = nodes_append(*args, lower_word(m->l, str_of(word), value->span));
    *args = nodes_append(*args, conf_word(m->l->arena, traefik_duration(m->l->arena, value)));
    take(c, path);
}

static void read_health(struct maker *m, struct conf *c) {
    struct node *path = conf_value(c, "path");
    struct nodes args = { 0 };
    if (m->protocol == TRAEFIK_HTTP && !path)
        return;
    if (path) {
        args = nodes_append(args, conf_word(m->l->arena, path));
        take(c, "path");
    }
    add_duration(m, &args, c, "interval", "every");
    add_duration(m, &args, c, "timeout", "timeout");
    add_duration(m, &args, c, "unhealthyInterval", "unhealthy-every");
    static const char *const words[][2] = { { "port", "port" },     { "status", "status" },
                                            { "method", "method" }, { "hostname", "host" },
                                            { "scheme", "scheme" }, { "send", "send" },
                                            { "expect", "expect" } };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct node *value = conf_value(c, words[i][0]);
        if (!value)
            continue;
        args = nodes_append(args, lower_word(m->l, str_of(words[i][1]), value->span));
        args = nodes_append(args, conf_word(m->l->arena, value));
        take(c, words[i][0]);
    }
    if (args.head)
        set(m, lower_setting(m->l, "health", c->key, args, NULL));
}

static void read_sticky(struct maker *m, struct conf *c) {
    struct conf *cookie = conf_child(c, STR("cookie"));
    static const char *const flags[][2] = { { "secure", "secure" }, { "httpOnly", "http-only" } };
    static const char *const words[][2] = { { "sameSite", "same-site" },
                                            { "path", "path" },
                                            { "domain", "domain" } };
    struct nodes args = nodes_append((struct nodes){ 0 }, lower_word(m->l, STR("cookie"), c->key));
    c->used = true;
    if (cookie) {
        struct node *name = conf_value(cookie, "name"), *age = conf_value(cookie, "maxAge");
        cookie->used = true;
        if (name)
            args = nodes_append(args, conf_word(m->l->arena, name));
        take(cookie, "name");
        for (size_t i = 0; i < 2; i++) {
            if (conf_is_true(cookie, flags[i][0]))
                args = nodes_append(args, lower_word(m->l, str_of(flags[i][1]), cookie->key));
            take(cookie, flags[i][0]);
        }
        for (size_t i = 0; i < 3; i++) {
            struct node *value = conf_value(cookie, words[i][0]);
            if (!value)
                continue;
            if (i == 0 && !conf_has_variable(value)) {
                struct str s = str_copy(m->l->arena, conf_str(value));
                for (size_t k = 0; k < s.len; k++)
                    ((char *)(uintptr_t)s.at)[k] = char_lower(s.at[k]);
                value = conf_copy(m->l->arena, value);
                node_text(value)->text = s;
            }
            args = nodes_append(args, lower_word(m->l, str_of(words[i][1]), value->span));
            args = nodes_append(args, conf_word(m->l->arena, value));
            take(cookie, words[i][0]);
        }
        if (age && !str_is(conf_str(age), "0")) {
            args = nodes_append(args, lower_word(m->l, STR("max-age"), age->span));
            args = nodes_append(args, conf_word(m->l->arena, traefik_duration(m->l->arena, age)));
        }
        take(cookie, "maxAge");
    }
    set(m, lower_setting(m->l, "sticky", c->key, args, NULL));
}

/* `upstream insecure-tls ca FILE server-name NAME` of a transport; false when it says more. */
static bool read_transport(struct maker *m, struct conf *c) {
    struct nodes args = { 0 };
    const char *prefix = m->protocol == TRAEFIK_TCP ? "tls." : "";
    struct conf *from = *prefix ? conf_child(c, STR("tls")) : c;
    for (struct conf *child = from ? from->first : NULL; child; child = child->next) {
        bool insecure = str_is(child->name, "insecureSkipVerify");
        bool ca = str_is(child->name, "rootCAs"), name = str_is(child->name, "serverName");
        if (!insecure && !ca && !name)
            return false;
        if (insecure && conf_is_true(from, "insecureSkipVerify")) {
            args = nodes_append(args, lower_word(m->l, STR("insecure-tls"), child->key));
        } else if (ca || name) {
            struct nodes items = { 0 };
            NODES_EACH(value, child->values)
            items = nodes_append(items, conf_word(m->l->arena, value));
            if (!items.head)
                continue;
            args = nodes_append(args,
                                lower_word(m->l, ca ? STR("ca") : STR("server-name"), child->key));
            args = nodes_append(args, items.head == items.tail
                                          ? items.head
                                          : ast_list(m->l->arena, child->key, items, true));
        }
    }
    if (args.head)
        set(m, lower_setting(m->l, "upstream", c->key, args, NULL));
    return true;
}

static void read_transport_of(struct maker *m, struct conf *balancer) {
    static const char *const kinds_of[] = { "http.serversTransports", "tcp.serversTransports" };
    struct node *name = conf_value(balancer, "serversTransport");
    bool outside;
    if (!name || m->protocol == TRAEFIK_UDP)
        return;
    struct traefik_object *o =
        traefik_find(m->t, m->part, kinds_of[m->protocol], conf_str(name), &outside);
    if (!o && outside)
        return; /* stays an option */
    take(balancer, "serversTransport");
    if (!o) {
        struct diag *d = diag_add(m->t->diags, DIAG_REFERENCE, name->span,
                                  "there is no servers transport `%.*s`", STR_ARG(conf_str(name)));
        diag_effect(m->t->diags, d, "Traefik answers its requests with 500");
        return;
    }
    o->uses++;
    if (read_transport(m, o->conf))
        o->inlined++;
    else
        balancer = conf_at(balancer, "serversTransport"), balancer->used = false;
}

static void read_balancer(struct maker *m, struct conf *c) {
    static const char *const server[] = { "server", "servers" };
    struct node *strategy = conf_value(c, "strategy"), *pass = conf_value(c, "passHostHeader");
    for (size_t i = 0; i < 2; i++)
        take(c, server[i]);
    if (strategy) {
        set(m, traefik_setting(m->l, "lb", strategy));
        take(c, "strategy");
    }
    if (pass && conf_is_true(c, "passHostHeader"))
        take(c, "passHostHeader");
    if (conf_at(c, "healthCheck"))
        read_health(m, conf_at(c, "healthCheck"));
    if (conf_at(c, "sticky"))
        read_sticky(m, conf_at(c, "sticky"));
    read_transport_of(m, c);
    struct conf *version = conf_at(c, "proxyProtocol");
    if (version && m->protocol == TRAEFIK_TCP) {
        bool one = str_is(conf_str(conf_value(version, "version")), "1");
        set(m, lower_setting_one(m->l, "proxy-protocol", version->key,
                                 lower_word(m->l, one ? STR("v1") : STR("v2"), version->key)));
        version->used = true;
        take(version, "version");
    }
    for (struct conf *child = c->first; child; child = child->next)
        if (!str_is(child->name, "server") && !str_is(child->name, "servers")) {
            bool done = child->used;
            child->used = false;
            struct str path = str_format(m->l->arena, "loadBalancer.%.*s", STR_ARG(child->name));
            if (!done || child->first)
                m->out.settings = traefik_options(m->t, m->l, m->out.settings, child, path);
        }
}

/* ---- services of several services ---- */

static struct nodes targets_of(struct maker *m, struct conf *service);

static struct traefik_object *child_service(struct maker *m, struct node *name) {
    bool outside;
    if (!name)
        return NULL;
    struct traefik_object *o =
        traefik_find(m->t, m->part, kinds[m->protocol], conf_str(name), &outside);
    if (o)
        o->uses++;
    return o;
}

/* Weights as percentages that sum to 100; false when they do not come out whole. */
static bool weighted(struct maker *m, struct conf *c, struct nodes *targets) {
    struct conf *list = conf_at(c, "services");
    uint64_t sum = 0, weight;
    for (struct conf *s = list ? list->first : NULL; s; s = s->next) {
        if (!str_to_uint(conf_str(conf_value(s, "weight")), 1000000, &weight))
            weight = 1;
        sum += weight;
    }
    if (!sum || conf_at(c, "sticky") || conf_at(c, "healthCheck"))
        return false;
    for (struct conf *s = list->first; s; s = s->next) {
        struct traefik_object *o = child_service(m, conf_value(s, "name"));
        if (!str_to_uint(conf_str(conf_value(s, "weight")), 1000000, &weight))
            weight = 1;
        if (!o || weight * 100 % sum || weight == 0)
            return false;
        struct nodes one = targets_of(m, o->conf);
        if (!one.head || one.head != one.tail)
            return false;
        struct str share = str_format(m->l->arena, "%u%%", (unsigned)(weight * 100 / sum));
        struct node *percent = lower_word(m->l, share, s->key);
        *targets = nodes_append(
            *targets, ast_target(m->l->arena, s->key, node_target(one.head)->text, percent));
    }
    return true;
}

static struct nodes targets_of(struct maker *m, struct conf *service) {
    struct conf *balancer = conf_at(service, "loadBalancer");
    struct nodes targets = { 0 };
    if (!balancer || ++m->depth > 8)
        return targets;
    if (conf_at(balancer, "servers") || !m->part->service.len) {
        targets = file_servers(m, balancer);
    } else {
        struct node *server = container_server(m, service, balancer);
        struct node *one = server ? target(m, server, NULL) : NULL;
        targets = (struct nodes){ one, one };
    }
    read_balancer(m, balancer);
    return targets;
}

static bool add_pool(struct maker *m, struct nodes targets) {
    if (!targets.head)
        return false;
    struct span span = span_join(targets.head->span, targets.tail->span);
    m->out.pools = nodes_append(m->out.pools, ast_pool(m->l->arena, span, targets));
    return true;
}

static bool read_failover(struct maker *m, struct conf *c) {
    struct traefik_object *first = child_service(m, conf_value(c, "service"));
    struct traefik_object *second = child_service(m, conf_value(c, "fallback"));
    return first && second && !conf_at(c, "errors") && add_pool(m, targets_of(m, first->conf)) &&
           add_pool(m, targets_of(m, second->conf));
}

static bool read_mirroring(struct maker *m, struct conf *c) {
    struct traefik_object *first = child_service(m, conf_value(c, "service"));
    struct conf *mirrors = conf_at(c, "mirrors");
    if (!first || !add_pool(m, targets_of(m, first->conf)))
        return false;
    for (struct conf *s = mirrors ? mirrors->first : NULL; s; s = s->next) {
        struct traefik_object *o = child_service(m, conf_value(s, "name"));
        struct node *percent = conf_value(s, "percent");
        struct service_words before = m->out;
        struct nodes one = o && percent ? targets_of(m, o->conf) : (struct nodes){ 0 };
        m->out.settings = before.settings;
        if (!one.head || one.head != one.tail)
            return false;
        struct conf_join j = conf_join(m->l->arena);
        conf_join_text(&j, percent);
        conf_join_made(&j, STR("%"), percent->span);
        struct nodes args = nodes_append((struct nodes){ 0 }, node_target(one.head)->text);
        args = nodes_append(args, conf_word(m->l->arena, conf_join_end(&j, percent->span)));
        set(m, lower_setting(m->l, "mirror", s->key, args, NULL));
    }
    return true;
}

/* What one part of a service says would hold for all of a route's targets. */
static bool only_health(const struct maker *m) {
    size_t count = 0;
    NODES_EACH(n, m->out.settings) {
        bool mirror = str_is(node_setting(n)->name, "mirror");
        if (!mirror && (!str_is(node_setting(n)->name, "health") || count++ > 0))
            return false;
    }
    return true;
}

static bool read_service(struct maker *m, struct conf *service) {
    struct nodes targets = { 0 };
    struct conf *list = conf_at(service, "weighted"), *over = conf_at(service, "failover");
    struct conf *mirrors = conf_at(service, "mirroring");
    if (!list && !over && !mirrors)
        return add_pool(m, targets_of(m, service));
    bool good = list   ? weighted(m, list, &targets) && add_pool(m, targets)
                : over ? read_failover(m, over)
                       : read_mirroring(m, mirrors);
    if (good && only_health(m))
        return true;
    m->out.settings = (struct nodes){ 0 };
    return false;
}

/* ---- which one ---- */

/* Without a name: the only service of that container, or the one that Traefik makes. */
static bool read_own(struct maker *m, const struct conf *router) {
    struct conf *all = conf_at(m->part->conf, kinds[m->protocol]);
    if (all && all->first && all->first->next) {
        struct diag *d = diag_add(m->t->diags, DIAG_REFERENCE, router->key,
                                  "router `%.*s` does not say which of several services it means",
                                  STR_ARG(router->name));
        diag_effect(m->t->diags, d, "Traefik deletes the router");
        diag_help(m->t->diags, d, "write …routers.%.*s.service=%.*s", STR_ARG(router->name),
                  STR_ARG(all->first->name));
        m->out.missing = true;
        return false;
    }
    if (all && all->first) {
        bool outside;
        struct traefik_object *o =
            traefik_find(m->t, m->part, kinds[m->protocol], all->first->name, &outside);
        bool said = read_service(m, all->first);
        if (o) {
            o->uses++;
            o->inlined += said;
        }
        return said;
    }
    struct node *one = target(m, container_server(m, NULL, NULL), NULL);
    return add_pool(m, (struct nodes){ one, one });
}

struct service_words service_words(struct traefik *t, struct traefik_part *part,
                                   enum traefik_protocol protocol, struct node *name,
                                   const struct conf *router) {
    struct maker m = { .t = t, .part = part, .l = part->l, .protocol = protocol };
    bool outside = false;
    if (!name && part->service.len) {
        read_own(&m, router);
        return m.out;
    }
    if (!name && (router->poisoned ||
                  (protocol == TRAEFIK_HTTP && traefik_is_parent(t, part, router->name)))) {
        m.out.missing = true;
        return m.out;
    }
    if (!name) {
        struct diag *d = diag_add(t->diags, DIAG_REFERENCE, router->key,
                                  "router `%.*s` has no service", STR_ARG(router->name));
        diag_effect(t->diags, d, "Traefik disables the router");
        m.out.missing = true;
        return m.out;
    }
    struct traefik_object *o = traefik_find(t, part, kinds[protocol], conf_str(name), &outside);
    if (o) {
        m.part = o->part;
        o->uses++;
        if (o->conf->bad) {
            m.out.missing = true;
            return m.out;
        }
        if (!read_service(&m, o->conf))
            m.out.pools = (struct nodes){ 0 };
        else
            o->inlined++;
        return m.out;
    }
    if (!outside) {
        struct diag *d = diag_add(t->diags, DIAG_REFERENCE, name->span,
                                  "there is no service `%.*s`", STR_ARG(conf_str(name)));
        diag_effect(t->diags, d, "Traefik disables the router");
        traefik_hint(t, part, kinds[protocol], conf_str(name), d, name->span);
        m.out.missing = true;
        return m.out;
    }
    m.out.outside = true;
    struct node *one = target(&m, name, NULL);
    add_pool(&m, (struct nodes){ one, one });
    return m.out;
}
