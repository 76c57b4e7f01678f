/* Routers and services as options below their names: what labels and the file provider share. */
#include "backends/backend.h"

struct list {
    struct arena *arena;
    struct ir_option *first;
    struct span span;
};

static struct ir_option *add(struct list *l, const char *path, struct str text) {
    return ir_option_add(l->arena, &l->first, l->span, str_of(path), text);
}

static void add_all(struct list *l, const char *path, struct ir_texts texts) {
    struct ir_option *o = add(l, path, STR(""));
    o->texts = texts;
    o->list = true;
}

/* The user's own options win over ours of the same path. */
static void append(struct list *l, const struct ir_option *options) {
    for (; options; options = options->next) {
        struct ir_option *old = l->first;
        while (old && !str_eq(old->path, options->path))
            old = old->next;
        struct ir_option *o = old ? old : add(l, "", STR(""));
        o->path = options->path;
        o->texts = options->texts;
        o->list = options->list;
        o->span = options->span;
    }
}

struct str name_from(struct arena *a, struct str name, enum ir_place at, enum ir_place place) {
    if (at == place || place == IR_NOWHERE)
        return name;
    return str_format(a, "%.*s@%s", STR_ARG(name), place == IR_FILE ? "file" : "docker");
}

/* ---- routers ---- */

static void add_middlewares(struct list *l, const struct ir_router *r) {
    size_t count = 0;
    for (const struct ir_middleware *m = r->middlewares; m; m = m->next)
        count++;
    if (!count)
        return;
    struct ir_texts names = { arena_array(l->arena, struct str, count), 0 };
    for (const struct ir_middleware *m = r->middlewares; m; m = m->next)
        names.list[names.count++] = name_from(l->arena, m->object, r->place, m->place);
    add_all(l, "middlewares", names);
}

static void add_tls(struct list *l, const struct ir_router *r) {
    add(l, "tls", STR("true"));
    if (r->passthrough) {
        add(l, "tls.passthrough", STR("true"));
        return;
    }
    if (r->resolver.len)
        add(l, "tls.certResolver", r->resolver);
    if (r->tls_options.len)
        add(l, "tls.options", r->tls_options);
    if (r->certificate.count)
        add(l, "tls.domains[0].main", r->certificate.list[0]);
    if (r->certificate.count > 1)
        add_all(l, "tls.domains[0].sans",
                (struct ir_texts){ r->certificate.list + 1, r->certificate.count - 1 });
}

struct ir_option *router_options(struct emission *e, const struct ir_router *r) {
    struct list l = { .arena = e->arena, .span = r->span };
    if (r->entrypoints.count)
        add_all(&l, "entryPoints", r->entrypoints);
    if (r->protocol != IR_UDP) {
        add(&l, "rule", rule_text(e->arena, e->ir, r));
        if (r->priority.len)
            add(&l, "priority", r->priority);
        add_middlewares(&l, r);
    }
    add(&l, "service", name_from(e->arena, r->service->name, r->place, r->service->place));
    if (r->tls)
        add_tls(&l, r);
    append(&l, r->options);
    return l.first;
}

/* ---- services ---- */

static void add_label_server(struct list *l, const struct ir_service *s) {
    const struct ir_target *t = s->targets;
    struct str port = t->port;
    if (!port.len)
        port = str_is(t->scheme, "https") ? STR("443") : STR("80");
    if (s->protocol == IR_HTTP && t->scheme.len && !str_is(t->scheme, "http"))
        add(l, "loadBalancer.server.scheme", t->scheme);
    add(l, "loadBalancer.server.port", port);
    if (s->protocol == IR_TCP && str_is(t->scheme, "https"))
        add(l, "loadBalancer.server.tls", STR("true"));
}

static void add_file_servers(struct list *l, const struct ir_service *s) {
    unsigned i = 0;
    for (const struct ir_target *t = s->targets; t; t = t->next, i++) {
        struct str host = t->host, port = t->port;
        if (t->container && t->container->ips.count)
            host = t->container->ips.list[0];
        struct buf address = { .arena = l->arena };
        bool http = s->protocol == IR_HTTP;
        if (http)
            buf_format(&address, "%.*s://", STR_ARG(t->scheme.len ? t->scheme : STR("http")));
        bool v6 = t->is_v6 || str_find(host, ':') != STR_NONE;
        buf_format(&address, v6 ? "[%.*s]" : "%.*s", STR_ARG(host));
        if (port.len)
            buf_format(&address, ":%.*s", STR_ARG(port));
        struct str path =
            str_format(l->arena, "loadBalancer.servers[%u].%s", i, http ? "url" : "address");
        l->span = t->span;
        add(l, path.at, buf_str(&address));
    }
}

static struct str child_name(struct list *l, const struct ir_child *c) {
    return name_from(l->arena, c->service->name, IR_FILE, c->service->place);
}

static void add_weighted(struct list *l, const struct ir_service *s) {
    unsigned i = 0;
    for (const struct ir_child *c = s->children; c; c = c->next, i++) {
        add(l, str_format(l->arena, "weighted.services[%u].name", i).at, child_name(l, c));
        add(l, str_format(l->arena, "weighted.services[%u].weight", i).at,
            str_format(l->arena, "%u", c->share));
    }
    if (s->health)
        add(l, "weighted.healthCheck", STR("true"));
    /* A client stays with the child that served it first: its cookie is the parent's business, too.
     */
    struct str below = STR("loadBalancer.sticky");
    const struct ir_option *o = s->children ? s->children->service->options : NULL;
    for (; o; o = o->next)
        if (str_starts(o->path, below)) {
            struct str rest = str_from(o->path, below.len);
            add(l, str_format(l->arena, "weighted.sticky%.*s", STR_ARG(rest)).at, STR(""))->texts =
                o->texts;
        }
}

static void add_mirroring(struct list *l, const struct ir_service *s) {
    unsigned i = 0;
    add(l, "mirroring.service", child_name(l, s->children));
    if (s->max_body.len)
        add(l, "mirroring.maxBodySize", s->max_body);
    for (const struct ir_child *c = s->children->next; c; c = c->next, i++) {
        add(l, str_format(l->arena, "mirroring.mirrors[%u].name", i).at, child_name(l, c));
        add(l, str_format(l->arena, "mirroring.mirrors[%u].percent", i).at,
            str_format(l->arena, "%u", c->share));
    }
}

struct ir_option *service_options(struct emission *e, const struct ir_service *s) {
    struct list l = { .arena = e->arena, .span = s->span };
    switch (s->kind) {
    case IR_PROVIDED: break;
    case IR_BALANCER:
        if (s->place == IR_LABELS)
            add_label_server(&l, s);
        else
            add_file_servers(&l, s);
        append(&l, s->options);
        if (s->transport)
            add(&l, "loadBalancer.serversTransport",
                name_from(e->arena, s->transport->name, s->place, IR_FILE));
        break;
    case IR_WEIGHTED: add_weighted(&l, s); break;
    case IR_FAILOVER:
        add(&l, "failover.service", child_name(&l, s->children));
        add(&l, "failover.fallback", child_name(&l, s->children->next));
        break;
    case IR_MIRRORING: add_mirroring(&l, s); break;
    }
    return l.first;
}
