/* Pools, mirrors and failovers of routes → services, shared where two routes want the same. */
#include "passes/pass.h"

struct making {
    struct ir *ir;
    struct table shared;     /* project, protocol and address → ir_service */
    struct table transports; /* name → ir_transport, of those that have one for all */
};

static struct ir_service *add_service(struct making *m, const struct ir_router *r,
                                      enum ir_service_kind kind) {
    struct ir_service *s = arena_new(m->ir->arena, struct ir_service);
    s->span = r->span;
    s->kind = kind;
    s->protocol = r->protocol;
    s->project = r->project;
    *m->ir->last_service = s;
    m->ir->last_service = &s->next;
    return s;
}

/* ---- transports ---- */

static struct ir_transport *transport_of(struct making *m, const struct ir_router *r) {
    struct ir_option *o = r->transport_options;
    if (!o)
        return NULL;
    bool only_version =
        r->protocol == IR_TCP && !o->next && str_is(o->path, "proxyProtocol.version");
    /* A transport of Phoenix that names no server is not one guest's: it trusts the house's CA. */
    bool of_house = m->ir->world == IR_GUESTS && !ir_option_find(o, "serverName");
    struct ir_transport **known = NULL;
    struct str name = { 0 };
    if (only_version || of_house) {
        name = of_house
                   ? STR("internal-ca")
                   : str_format(m->ir->arena, "proxy-transport-v%.*s", STR_ARG(o->texts.list[0]));
        known = (struct ir_transport **)table_at(&m->transports, name);
        if (*known)
            return *known;
    }
    struct ir_transport *t = arena_new(m->ir->arena, struct ir_transport);
    t->span = o->span;
    t->protocol = r->protocol;
    t->options = o;
    t->wanted = name;
    if (known)
        *known = t;
    *m->ir->last_transport = t;
    m->ir->last_transport = &t->next;
    return t;
}

/* ---- services ---- */

/* Services that say nothing but where they are can be one. */
static struct ir_service **shared_slot(struct making *m, const struct ir_router *r,
                                       const struct ir_target *t) {
    struct buf key = { .arena = m->ir->arena };
    buf_add(&key, r->project->prefix);
    buf_char(&key, '/');
    buf_text(&key, ir_protocol_names[r->protocol]);
    buf_char(&key, t->container ? '/' : '=');
    if (t->container) { /* there may be one of that name in each of several compose files */
        buf_add(&key, t->container->stack->file);
        buf_char(&key, '/');
    }
    buf_add(&key, t->address);
    return (struct ir_service **)table_at(&m->shared, buf_str(&key));
}

static struct ir_target *copy_target(struct making *m, const struct ir_target *t) {
    struct ir_target *copy = arena_copy(m->ir->arena, t, sizeof *t);
    copy->next = NULL;
    return copy;
}

static struct ir_service *leaf(struct making *m, const struct ir_router *r,
                               const struct ir_target *t, bool plain) {
    if (t->provided.len) {
        struct ir_service *s = arena_new(m->ir->arena, struct ir_service);
        s->kind = IR_PROVIDED;
        s->span = t->span;
        s->name = t->provided;
        return s;
    }
    bool own = !plain && (r->service_options || r->transport_options || r->wanted_service.len);
    struct ir_service **slot = own ? NULL : shared_slot(m, r, t);
    if (slot && *slot)
        return *slot;
    struct ir_service *s = add_service(m, r, IR_BALANCER);
    s->span = t->span;
    s->targets = copy_target(m, t);
    if (own) {
        s->options = r->service_options;
        s->transport = transport_of(m, r);
        s->health = ir_option_find(s->options, "loadBalancer.healthCheck.path") ||
                    ir_option_find(s->options, "loadBalancer.healthCheck.interval");
    } else {
        *slot = s;
    }
    return s;
}

static void add_child(struct making *m, struct ir_service *s, struct ir_service *child,
                      unsigned share) {
    struct ir_child **tail = &s->children;
    while (*tail)
        tail = &(*tail)->next;
    *tail = arena_new(m->ir->arena, struct ir_child);
    **tail = (struct ir_child){ NULL, child, share };
}

/* Addresses that Traefik asks itself can stand in one list; containers are found by their labels.
 */
static bool is_one_list(const struct ir_pool *pool) {
    for (const struct ir_target *t = pool->targets; t; t = t->next)
        if (t->container || t->weight || t->provided.len)
            return false;
    return true;
}

static struct ir_service *pool_service(struct making *m, const struct ir_router *r,
                                       const struct ir_pool *pool) {
    if (!pool->targets->next)
        return leaf(m, r, pool->targets, false);
    if (is_one_list(pool)) {
        struct ir_service *s = leaf(m, r, pool->targets, false);
        if (!s->options && !s->transport) { /* it may be another route's */
            s = add_service(m, r, IR_BALANCER);
            s->targets = copy_target(m, pool->targets);
        }
        struct ir_target **tail = &s->targets->next;
        for (const struct ir_target *t = pool->targets->next; t; t = t->next) {
            *tail = copy_target(m, t);
            tail = &(*tail)->next;
        }
        return s;
    }
    struct ir_service *s = add_service(m, r, IR_WEIGHTED);
    for (const struct ir_target *t = pool->targets; t; t = t->next) {
        struct ir_service *child = leaf(m, r, t, false);
        s->health |= child->health;
        add_child(m, s, child, t->weight ? t->weight : 1);
    }
    return s;
}

static struct ir_service *failover(struct making *m, const struct ir_router *r,
                                   const struct ir_pool *pool) {
    /* The last one first: each of them falls back on what comes behind it. */
    struct ir_pool *order[64];
    size_t count = 0;
    for (const struct ir_pool *p = pool; p && count < 64; p = p->next)
        order[count++] = (struct ir_pool *)(uintptr_t)p;
    struct ir_service *s = pool_service(m, r, order[count - 1]);
    for (size_t i = count - 1; i-- > 0;) {
        struct ir_service *both = add_service(m, r, IR_FAILOVER);
        add_child(m, both, pool_service(m, r, order[i]), 0);
        add_child(m, both, s, 0);
        s = both;
    }
    return s;
}

static struct ir_service *service_of(struct making *m, const struct ir_router *r) {
    static struct ir_target noop = { .provided = { "noop@internal", 13 } };
    if (!r->pools || !r->pools->targets)
        return leaf(m, r, &noop, true);
    struct ir_service *s = failover(m, r, r->pools);
    if (!r->mirrors)
        return s;
    struct ir_service *mirroring = add_service(m, r, IR_MIRRORING);
    mirroring->max_body = r->mirror_body;
    add_child(m, mirroring, s, 0);
    for (const struct ir_target *t = r->mirrors; t; t = t->next)
        add_child(m, mirroring, leaf(m, r, t, true), t->weight);
    return mirroring;
}

/* `errors(500-599, pages:80, …)` names a service by its address. */
static void errors_service(struct making *m, const struct ir_router *r, struct ir_middleware *mw) {
    struct ir_option *o = ir_option_find(mw->options, "service");
    if (!str_is(mw->type, "errors") || !o || o->texts.count != 1)
        return;
    struct str text = o->texts.list[0], rest = text;
    struct ir_target t = { .span = o->span, .address = text };
    size_t scheme = str_find_str(rest, STR("://"));
    if (str_find(text, '@') != STR_NONE)
        t.provided = text;
    if (scheme != STR_NONE) {
        t.scheme = str_slice(rest, 0, scheme);
        rest = str_from(rest, scheme + 3);
    }
    size_t colon = str_find_last(rest, ':');
    t.host = str_slice(rest, 0, colon);
    if (colon != STR_NONE)
        t.port = str_from(rest, colon + 1);
    if (r->stack && r->project->at.len == 0)
        t.container = table_get(&r->stack->index, t.host);
    mw->service = leaf(m, r, &t, true);
}

void pass_services(struct ir *ir) {
    struct arena scratch = { 0 };
    struct making m = { .ir = ir, .shared.arena = &scratch, .transports.arena = &scratch };
    for (struct ir_router *r = router_first(ir); r; r = router_next(r)) {
        r->service = service_of(&m, r);
        if (r->wanted_service.len && r->service->kind != IR_PROVIDED)
            r->service->wanted = r->wanted_service;
        for (struct ir_middleware *mw = r->middlewares; mw; mw = mw->next)
            errors_service(&m, r, mw);
    }
    arena_free(&scratch);
}
