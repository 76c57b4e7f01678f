/* Names of objects: PROJECT-SERVICE-PORT as itsUP has them, each one once in the workspace. */
#include "passes/pass.h"

struct naming {
    struct ir *ir;
    struct arena scratch;
    struct table taken;            /* section and name → whose it is */
    struct table hand;             /* the same → ir_hand: written by hand on some container */
    const struct ir_container *on; /* of the object that is named */
};

/* Has another container a label by that name already? */
static bool is_by_hand(const struct naming *n, struct str key) {
    const struct ir_hand *hand = n->hand.count ? table_get(&n->hand, key) : NULL;
    return hand && hand->on != n->on;
}

/* The name, or with -2, -3 … behind it when another has it. */
static struct str claim(struct naming *n, const char *section, struct str wanted, const void *who) {
    struct str name = wanted;
    for (unsigned i = 2;; i++) {
        struct buf key = { .arena = &n->scratch };
        buf_text(&key, section);
        buf_char(&key, '/');
        buf_add(&key, name);
        const void **slot = (const void **)table_at(&n->taken, buf_str(&key));
        if ((!*slot || *slot == who) && !is_by_hand(n, buf_str(&key))) {
            *slot = who;
            return name;
        }
        /* Many of one name: the count is remembered, or the loop would be quadratic. */
        struct buf counter = { .arena = &n->scratch };
        buf_format(&counter, "#%s/", section);
        buf_add(&counter, wanted);
        uintptr_t *count = (uintptr_t *)table_at(&n->taken, buf_str(&counter));
        if (*count >= i)
            i = (unsigned)*count + 1;
        *count = i;
        name = str_format(n->ir->arena, "%.*s-%u", STR_ARG(wanted), i);
    }
}

static struct str joined(struct naming *n, struct str a, struct str b) {
    if (!a.len || !b.len)
        return a.len ? a : b;
    return str_format(n->ir->arena, "%.*s-%.*s", STR_ARG(a), STR_ARG(b));
}

/* PROJECT-SERVICE-PORT; without a port of its own a scheme's usual one. */
static struct str target_name(struct naming *n, const struct ir_project *project,
                              const struct ir_target *t) {
    struct arena *a = n->ir->arena;
    struct str host = ir_slug(a, t->host), port = ir_slug(a, t->port);
    if (!port.len)
        port = str_is(t->scheme, "https") ? STR("443") : STR("80");
    if (str_is(n->ir->generation, "1")) /* which left the port out */
        return joined(n, project->prefix, host);
    return joined(n, joined(n, project->prefix, host), port);
}

static const struct ir_target *first_target(const struct ir_service *s) {
    while (s && !s->targets)
        s = s->children ? s->children->service : NULL;
    return s ? s->targets : NULL;
}

/* itsUP 3 counts the HTTP rows of a host that it writes to files. */
static bool is_numbered(const struct naming *n, const struct ir_router *r) {
    return str_is(n->ir->generation, "3") && r->place == IR_FILE && r->protocol == IR_HTTP;
}

static struct str router_name(struct naming *n, const struct ir_router *r) {
    struct arena *a = n->ir->arena;
    if (r->use == IR_TO_HTTPS)
        return joined(n, r->of->name, STR("redirect"));
    if (r->use == IR_ACME)
        return joined(n, r->of->name, STR("acme"));
    if (r->wanted.len)
        return r->wanted;
    const struct ir_target *t = first_target(r->service);
    if (t && is_numbered(n, r))
        return str_format(a, "%.*s-%u", STR_ARG(target_name(n, r->project, t)),
                          r->project->at.len ? r->project->numbered++ : 0);
    if (t)
        return target_name(n, r->project, t);
    struct str what = r->hosts.count && !str_is(r->hosts.list[0], "*")
                          ? ir_slug(a, r->hosts.list[0])
                          : STR("any");
    if (r->redirect.len)
        return joined(n, joined(n, r->project->prefix, what), STR("redirect"));
    return joined(n, r->project->prefix, what);
}

/* NAME-router → NAME-service and NAME-transport, as Phoenix calls them. */
static void name_guest(struct naming *n, const struct ir_router *r) {
    static const struct str ends[] = { { "-router", 7 }, { "-internal", 9 } };
    struct str base = r->wanted;
    struct ir_service *s = r->service;
    for (size_t i = 0; i < 2; i++)
        if (str_ends(base, ends[i]))
            base = str_slice(base, 0, base.len - ends[i].len);
    if (n->ir->world != IR_GUESTS || !r->wanted.len || s->kind == IR_PROVIDED)
        return;
    if (!s->wanted.len)
        s->wanted = joined(n, base, STR("service"));
    if (s->transport && !s->transport->wanted.len)
        s->transport->wanted = joined(n, base, STR("transport"));
    if (!ir_option_find(s->options, "loadBalancer.passHostHeader"))
        ir_option_add(n->ir->arena, &s->options, s->span, STR("loadBalancer.passHostHeader"),
                      STR("true"));
}

static void name_router(struct naming *n, struct ir_router *r) {
    name_guest(n, r);
    n->on = r->on;
    r->name = claim(n, ir_protocol_names[r->protocol], router_name(n, r), r);
    struct ir_service *s = r->service;
    if (s->kind != IR_PROVIDED && !s->wanted.len && s->kind != IR_BALANCER)
        s->wanted = r->name;
}

/* ---- services ---- */

static const char *const service_kinds[] = {
    [IR_BALANCER] = "",          [IR_WEIGHTED] = "weighted", [IR_FAILOVER] = "failover",
    [IR_MIRRORING] = "mirrored", [IR_PROVIDED] = "",
};

static void name_service(struct naming *n, struct ir_service *s) {
    static const char *const sections[] = { "http service", "tcp service", "udp service" };
    n->on = s->on;
    if (!s->wanted.len) {
        const struct ir_target *t = first_target(s);
        s->wanted = t ? target_name(n, s->project, t) : s->project->prefix;
    }
    if (s->kind != IR_BALANCER)
        s->wanted = joined(n, s->wanted, str_of(service_kinds[s->kind]));
    s->name = claim(n, sections[s->protocol], s->wanted, s);
    if (!s->transport || s->transport->name.len)
        return;
    struct str wanted = s->transport->wanted.len ? s->transport->wanted : s->name;
    s->transport->name =
        claim(n, s->protocol == IR_HTTP ? "http transport" : "tcp transport", wanted, s->transport);
}

/* ---- middlewares ---- */

static struct str lower_type(struct naming *n, const struct ir_middleware *m,
                             enum ir_protocol protocol) {
    struct str type = protocol == IR_TCP && m->tcp_type.len ? m->tcp_type : m->type;
    if (str_is(type, "plugin"))
        type = m->name;
    return ir_slug(n->ir->arena, type);
}

/* A chain with a name: one object for all who use it; else one for each router. */
static void name_middleware(struct naming *n, struct ir_middleware *m, struct str owner,
                            struct str prefix, enum ir_protocol protocol) {
    const char *section = protocol == IR_TCP ? "tcp middleware" : "http middleware";
    if (str_is(m->type, "@")) {
        m->object = m->name;
        return;
    }
    if (!m->chain.len) {
        m->object = claim(n, section, joined(n, owner, lower_type(n, m, protocol)), m);
        return;
    }
    struct str wanted = ir_slug(n->ir->arena, m->chain);
    if (m->place != IR_FILE)
        wanted = joined(n, prefix, wanted);
    if (m->links > 1)
        wanted = joined(n, wanted, lower_type(n, m, protocol));
    /* Copies of one link are one object: told apart by where the link stands. */
    uintptr_t who = ((uintptr_t)m->span.start << 1) | 1;
    if (m->chain_span.end == 0)
        who = 1;
    m->object = claim(n, section, wanted, (const void *)who);
}

static void add_hand(struct naming *n, const struct ir_hand *hand) {
    static const struct {
        const char *kind, *word;
    } sections[] = { { "routers", "" },
                     { "services", " service" },
                     { "middlewares", " middleware" } };
    for (; hand; hand = hand->next)
        for (size_t i = 0; i < 3 && hand->on; i++)
            if (str_is(hand->kind, sections[i].kind))
                *table_at(&n->hand, str_format(&n->scratch, "%s%s/%.*s",
                                               ir_protocol_names[hand->protocol], sections[i].word,
                                               STR_ARG(hand->name))) = (void *)(uintptr_t)hand;
}

void pass_names(struct ir *ir) {
    struct naming n = { .ir = ir };
    n.taken.arena = n.hand.arena = &n.scratch;
    for (const struct ir_stack *s = ir->stacks; s; s = s->next)
        add_hand(&n, s->hand);
    /* What users named themselves comes first: nobody else gets it. */
    for (struct ir_router *r = router_first(ir); r; r = router_next(r))
        if (r->wanted.len && r->use == IR_ROUTE)
            name_router(&n, r);
    for (struct ir_router *r = router_first(ir); r; r = router_next(r))
        if (!r->name.len)
            name_router(&n, r);
    for (struct ir_service *s = ir->services; s; s = s->next)
        name_service(&n, s);
    /* Those of all before those of projects: their names depend on nobody's routes. */
    n.on = NULL;
    for (struct ir_middleware *m = ir->shared; m; m = m->next)
        name_middleware(&n, m, STR("entrypoint"), STR(""), IR_HTTP);
    for (struct ir_router *r = router_first(ir); r; r = router_next(r))
        for (struct ir_middleware *m = r->middlewares; m; m = m->next) {
            n.on = r->on;
            name_middleware(&n, m, r->name, r->project->prefix, r->protocol);
        }
    arena_free(&n.scratch);
}
