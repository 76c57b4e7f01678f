/* X005, X020: entry points and the ports that the proxy's container publishes; X003, X009, X002:
   ways around the proxy, and into it. */
#include "lint/rule.h"
#include "support/buf.h"

static bool leads_to(const struct proxy_container *c, struct str port, bool udp) {
    uint64_t number;
    if (!str_to_uint(port, 65535, &number))
        return true;
    for (const struct proxy_port *p = c->ports; p; p = p->next)
        if (p->unknown || (p->udp == udp && number >= p->target_from && number <= p->target_to))
            return true;
    return false;
}

/* ---- X005 ---- */

static const struct router *pinned_to(const struct lint *l, const struct entry_point *e) {
    for (const struct router *r = l->proxy->routers; r; r = r->next)
        if (!lint_is_internal(r) && !span_is_none(r->span) && lint_has(&r->entry_points, e->name))
            return r;
    return NULL;
}

static void look_unpublished(struct lint *l, const struct proxy_container *proxy,
                             const struct entry_point *e) {
    /* What listens elsewhere may be for other containers alone. */
    bool meant = e->udp || str_is(e->port, "80") || str_is(e->port, "443");
    const struct router *r = meant ? pinned_to(l, e) : NULL;
    if (!r || leads_to(proxy, e->port, e->udp))
        return;
    struct diag *d =
        diag_add(l->diags, DIAG_ENTRY_UNPUBLISHED, span_is_none(e->span) ? proxy->span : e->span,
                 "entry point `%.*s` listens on %.*s%s, which `%.*s` does not publish",
                 STR_ARG(e->name), STR_ARG(e->port), e->udp ? "/udp" : "", STR_ARG(proxy->name));
    diag_effect(l->diags, d, "router `%.*s` is reached by nobody outside", STR_ARG(r->name));
    diag_note_at(l->diags, d, proxy->ports->span, "the ports that are published");
    diag_help(l->diags, d, "add \"%.*s:%.*s%s\" to its ports", STR_ARG(e->port), STR_ARG(e->port),
              e->udp ? "/udp" : "");
}

/* ---- X020 ---- */

static void look_http3(struct lint *l, const struct proxy_container *proxy,
                       const struct entry_point *e) {
    const struct untyped *http3 = untyped_get(e->conf, "http3");
    if (!untyped_is_present(http3) || !leads_to(proxy, e->port, false) ||
        leads_to(proxy, e->port, true))
        return;
    struct diag *d = diag_add(l->diags, DIAG_HTTP3_PORT, http3->span,
                              "HTTP/3 of `%.*s` needs UDP port %.*s, which is not published",
                              STR_ARG(e->name), STR_ARG(e->port));
    diag_effect(l->diags, d, "browsers try it in vain and stay with HTTP/2");
    diag_note_at(l->diags, d, proxy->ports->span, "the ports that are published");
    diag_help(l->diags, d, "add \"%.*s:%.*s/udp\" to the ports", STR_ARG(e->port),
              STR_ARG(e->port));
}

/* ---- X003 ---- */

static const struct {
    uint16_t port;
    const char *name;
} stores[] = {
    { 5432, "PostgreSQL" },     { 3306, "MySQL" },         { 6379, "Redis" },
    { 27017, "MongoDB" },       { 9200, "Elasticsearch" }, { 11211, "memcached" },
    { 1433, "SQL Server" },     { 5984, "CouchDB" },       { 9042, "Cassandra" },
    { 2375, "the Docker API" },
};

static bool is_local(struct str ip) {
    return str_starts(ip, STR("127.")) || str_is(ip, "::1") || str_is(ip, "[::1]") ||
           lint_is_open(ip);
}

static void look_bypass(struct lint *l, const struct proxy_container *c) {
    for (const struct proxy_port *p = c->ports; p; p = p->next)
        for (size_t i = 0; i < sizeof stores / sizeof *stores; i++) {
            if (p->udp || p->unknown || is_local(p->ip) || stores[i].port < p->target_from ||
                stores[i].port > p->target_to)
                continue;
            struct diag *d = diag_add(l->diags, DIAG_PORT_BYPASS, p->span,
                                      "port %u of `%.*s`, %s, is open to every network of the host",
                                      (unsigned)stores[i].port, STR_ARG(c->name), stores[i].name);
            diag_effect(l->diags, d, "Docker's own rules let it through most firewalls");
            diag_help(l->diags, d,
                      "containers need no published port; for the host write "
                      "\"127.0.0.1:%.*s:%u\"",
                      STR_ARG(p->published.len ? p->published : p->port), (unsigned)stores[i].port);
        }
}

/* Of a service that is routed: its middlewares do not stand before this door. */
static void look_beside(struct lint *l, const struct proxy_container *c) {
    for (size_t i = 0; i < c->label_count && c->served && !c->is_proxy; i++) {
        const struct untyped_label *label = &c->labels[i];
        uint64_t number;
        if (!str_ends(label->key, STR(".loadbalancer.server.port")) ||
            !str_to_uint(label->value, 65535, &number))
            continue;
        for (const struct proxy_port *p = c->ports; p; p = p->next) {
            if (p->udp || p->unknown || is_local(p->ip) || number < p->target_from ||
                number > p->target_to)
                continue;
            struct diag *d = diag_add(l->diags, DIAG_PORT_BYPASS, p->span,
                                      "port %.*s of `%.*s`, which is routed, is published as well",
                                      STR_ARG(label->value), STR_ARG(c->name));
            diag_effect(l->diags, d, "whoever reaches the host goes past the proxy");
            diag_note_at(l->diags, d, label->value_span, "the proxy reaches it through a network");
            diag_help(l->diags, d, "leave it out; for the host write \"127.0.0.1:%.*s:%.*s\"",
                      STR_ARG(p->published.len ? p->published : p->port), (int)label->value.len,
                      label->value.at);
            return;
        }
    }
}

/* ---- X002 ---- */

static void look_socket(struct lint *l, const struct proxy_container *c) {
    for (const struct proxy_mount *m = c->mounts; m; m = m->next) {
        if (!str_ends(m->source, STR("/docker.sock")) || m->read_only)
            continue;
        struct diag *d = diag_add(l->diags, DIAG_SOCKET, m->span,
                                  "`%.*s` may write to the Docker socket", STR_ARG(c->name));
        diag_effect(l->diags, d, "whoever breaks into it is root on the host");
        diag_help(l->diags, d,
                  "put a socket proxy between them; `:ro` alone still lets requests through");
    }
}

/* ---- X009 ---- */

static bool is_public(const struct lint *l, const struct entry_point *e) {
    const struct proxy_container *proxy = lint_proxy_container(l);
    if (proxy)
        return proxy->ports && leads_to(proxy, e->port, false);
    return !l->containers && (str_is(e->port, "80") || str_is(e->port, "443"));
}

static void look_headers(struct lint *l, const struct entry_point *e) {
    const struct untyped *at = untyped_get(e->conf, "forwardedHeaders.insecure");
    if (!at || !untyped_bool(at, "", false) || !is_public(l, e))
        return;
    struct diag *d = diag_add(l->diags, DIAG_HEADERS_TRUSTED, at->span,
                              "`%.*s` believes everyone's X-Forwarded headers", STR_ARG(e->name));
    diag_effect(l->diags, d, "a client chooses the address and scheme that services see");
    diag_help(l->diags, d, "name who may send them in forwardedHeaders.trustedIPs");
}

void lint_ports(struct lint *l) {
    const struct proxy_container *proxy = lint_proxy_container(l);
    bool published = proxy && proxy->ports && !proxy->own_network && l->proxy->conf;
    for (const struct entry_point *e = l->proxy->entry_points; e; e = e->next) {
        if (published)
            look_unpublished(l, proxy, e);
        if (published)
            look_http3(l, proxy, e);
        look_headers(l, e);
    }
    for (const struct proxy_container *c = l->containers; c; c = c->next) {
        look_bypass(l, c);
        look_beside(l, c);
        look_socket(l, c);
    }
}
