/* What the services of compose files gain beside labels: the proxy's network, the networks between
   projects, addresses, name servers. */
#include "passes/pass.h"
#include "support/sha256.h"

struct joining {
    struct ir *ir;
    struct table projects; /* name → ir_project */
};

static struct ir_network *copy_network(struct ir *ir, const struct ir_network *n) {
    struct ir_network *copy = arena_copy(ir->arena, n, sizeof *n);
    copy->next = NULL;
    return copy;
}

static void declare(struct ir *ir, struct ir_stack *stack, const struct ir_network *n) {
    struct ir_network **tail = &stack->networks;
    for (; *tail; tail = &(*tail)->next)
        if (str_eq((*tail)->key, n->key))
            return;
    *tail = copy_network(ir, n);
}

static void join(struct ir *ir, struct ir_container *c, const struct ir_network *n) {
    for (struct ir_network *have = c->networks; have; have = have->next)
        if (str_eq(have->key, n->key))
            return;
    *c->last_network = copy_network(ir, n);
    c->last_network = &(*c->last_network)->next;
}

/* ---- the proxy's network ---- */

static void join_proxy(struct ir *ir, struct ir_stack *stack) {
    if (!stack->proxy)
        return;
    for (struct ir_container *c = stack->containers; c; c = c->next)
        if (c->routed && !c->own_network) {
            join(ir, c, stack->proxy);
            declare(ir, stack, stack->proxy);
        }
}

/* itsUP 3 gives every service of the file a name server that sees what it asks for. */
static void set_dns(struct ir *ir, struct ir_stack *stack) {
    static struct str servers[] = { { "172.20.0.253", 12 }, { "127.0.0.11", 10 } };
    if (!str_is(ir->generation, "3") || stack->owner->at.len)
        return;
    for (struct ir_container *c = stack->containers; c; c = c->next)
        if (!c->dns.count && !c->has_dns && !c->own_network && !c->elsewhere)
            c->dns = (struct ir_texts){ servers, 2 };
}

/* ---- edges ---- */

static struct str edge_name(struct ir *ir, struct str from, struct str project,
                            struct str service) {
    struct str name = str_format(ir->arena, "%.*s--%.*s--%.*s", STR_ARG(from), STR_ARG(project),
                                 STR_ARG(service));
    if (name.len <= 64)
        return name;
    char hex[65];
    sha256_hex(name, hex);
    return str_format(ir->arena, "egress-%.12s", hex);
}

static void join_consumer(struct joining *j, struct ir_project *from, const struct ir_network *n) {
    for (struct ir_container *c = from->stack ? from->stack->containers : NULL; c; c = c->next)
        if (!c->own_network)
            join(j->ir, c, n);
    if (from->stack && from->stack->containers)
        declare(j->ir, from->stack, n);
}

/* Which makes the network. */
static void join_provider(struct joining *j, struct str project, struct str service,
                          struct ir_network *n) {
    struct ir_project *to = table_get(&j->projects, project);
    if (!to || !to->stack)
        return;
    struct ir_container *c = table_get(&to->stack->index, service);
    if (!c)
        c = table_get(&to->stack->index,
                      str_format(j->ir->arena, "%.*s-%.*s", STR_ARG(to->name), STR_ARG(service)));
    if (!c || c->own_network)
        return;
    n->external = false;
    join(j->ir, c, n);
    declare(j->ir, to->stack, n);
}

/* `from` is NULL when that project is not here. */
static void add_edge(struct joining *j, struct str name, struct ir_project *from, struct str edge) {
    size_t slash = str_find(edge, '/');
    if (slash == STR_NONE)
        return;
    struct str project = str_slice(edge, 0, slash), service = str_from(edge, slash + 1);
    struct ir_network n = { .external = true };
    n.key = n.name = edge_name(j->ir, name, project, service);
    if (from) {
        n.span = from->egress_span;
        join_consumer(j, from, &n);
    }
    join_provider(j, project, service, &n);
}

void pass_containers(struct ir *ir) {
    struct joining j = { .ir = ir, .projects.arena = ir->arena };
    for (struct ir_project *p = ir->projects; p; p = p->next)
        *table_at(&j.projects, p->name) = p;
    for (struct ir_stack *s = ir->stacks; s; s = s->next) {
        join_proxy(ir, s);
        set_dns(ir, s);
    }
    const struct ir_reach *r = ir->reaches;
    for (struct ir_project *p = ir->projects; p; p = p->next) {
        for (; r && str_cmp(r->from, p->name) < 0; r = r->next)
            add_edge(&j, r->from, NULL, r->to);
        for (size_t i = 0; i < p->egress.count; i++)
            add_edge(&j, p->name, p, p->egress.list[i]);
    }
    for (; r; r = r->next)
        add_edge(&j, r->from, NULL, r->to);
}
