/* Containers that a run-time spawner will start: the services that an instance leads to and that no
   compose file has, so that passes and backends see them like any other.

   Such an instance stands alone: it shares no object with others, because what is written anew
   later would contradict the labels of containers that run already. */
#include "ir/ir.h"

/* A bare name is a container; one with a dot, an address or `localhost` is somebody else. */
static bool names_container(const struct ir_router *r, const struct ir_target *t) {
    return !t->container && !t->provided.len && !t->is_v6 && t->host.len && !r->project->at.len &&
           str_find(t->host, '.') == STR_NONE && !str_is(t->host, "localhost");
}

static struct ir_stack *stack_for(struct ir *ir, const struct ir_router *r) {
    struct ir_stack *made = arena_new(ir->arena, struct ir_stack);
    made->span = r->span;
    made->owner = r->project;
    made->index.arena = ir->arena;
    if (r->stack && r->stack->proxy) {
        made->proxy = arena_copy(ir->arena, r->stack->proxy, sizeof *made->proxy);
        made->proxy->key = made->proxy->name;
    } else if (ir->network.len) {
        made->proxy = arena_new(ir->arena, struct ir_network);
        made->proxy->key = made->proxy->name = ir->network;
    }
    if (made->proxy) {
        made->proxy->external = true;
        made->proxy->declared = false;
    }
    made->usual = r->stack ? r->stack->usual : STR("");
    made->spawned = true;
    *ir->last_stack = made;
    ir->last_stack = &made->next;
    return made;
}

static struct ir_container *container_for(struct ir *ir, struct ir_stack *stack,
                                          const struct ir_target *t) {
    struct ir_container **known = (struct ir_container **)table_at(&stack->index, t->host);
    if (*known)
        return *known;
    struct ir_container *c = *known = arena_new(ir->arena, struct ir_container);
    c->span = t->span;
    c->name = t->host;
    c->stack = stack;
    c->last_network = &c->networks;
    c->last_labelled = &c->labelled;
    struct ir_container **tail = &stack->containers;
    while (*tail)
        tail = &(*tail)->next;
    *tail = c;
    return c;
}

/* Routers that lead nowhere, such as redirects, stand on the instance's first container. */
static void carry(struct ir_router *r, struct ir_stack *stack) {
    r->carrier = stack->containers;
    for (struct ir_middleware *m = r->middlewares; m; m = m->next)
        m->chain = STR("");
}

struct ir_stack *ir_spawn(struct ir *ir) {
    struct ir_stack *stack = NULL;
    for (struct ir_project *p = ir->projects; p; p = p->next)
        for (struct ir_router *r = p->routers; r; r = r->next) {
            if (r->spawned && !stack)
                stack = stack_for(ir, r);
            for (struct ir_pool *pool = r->spawned ? r->pools : NULL; pool; pool = pool->next)
                for (struct ir_target *t = pool->targets; t; t = t->next)
                    if (names_container(r, t))
                        t->container = container_for(ir, stack, t);
        }
    for (struct ir_project *p = ir->projects; p; p = p->next)
        for (struct ir_router *r = p->routers; r; r = r->next)
            if (r->spawned)
                carry(r, stack);
    return stack;
}
