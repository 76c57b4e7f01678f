/* Where routers listen: an entry point that is there, or one made for the port. */
#include "passes/pass.h"

struct ports {
    struct ir *ir;
    struct table made; /* "443", "53/udp" → ir_entrypoint */
};

static struct str key_of(struct arena *a, unsigned port, bool udp) {
    return str_format(a, "%u%s", port, udp ? "/udp" : "");
}

static const char *kind_of(const struct ir *ir, const struct ir_router *r) {
    if (r->protocol == IR_UDP)
        return "udp";
    if (r->protocol == IR_TCP)
        return "tcp";
    /* itsUP calls them all http. */
    return ir->generation.len || !r->tls ? "http" : "https";
}

/* HTTPS beside other TLS on one port gives the port its name. */
static void add_port(struct ports *p, const struct ir_router *r) {
    bool udp = r->protocol == IR_UDP;
    struct str key = key_of(p->ir->arena, r->port, udp);
    struct ir_entrypoint **slot = (struct ir_entrypoint **)table_at(&p->made, key);
    const char *kind = kind_of(p->ir, r);
    struct str name = str_format(p->ir->arena, "%s-%u", kind, r->port);
    if (*slot) {
        if ((*slot)->made && r->protocol == IR_HTTP)
            (*slot)->name = name;
        return;
    }
    struct ir_entrypoint *e = arena_new(p->ir->arena, struct ir_entrypoint);
    *e = (struct ir_entrypoint){
        .span = r->span, .name = name, .port = r->port, .is_udp = udp, .made = true
    };
    *slot = e;
    *p->ir->last_entrypoint = e;
    p->ir->last_entrypoint = &e->next;
}

/* A declared one may be called so, and listen elsewhere. */
static void name_port(struct ir *ir, struct ir_entrypoint *e) {
    struct ir_entrypoint **slot = (struct ir_entrypoint **)table_at(&ir->entrypoint_index, e->name);
    while (*slot) {
        e->name = str_format(ir->arena, "%.*s-made", STR_ARG(e->name));
        slot = (struct ir_entrypoint **)table_at(&ir->entrypoint_index, e->name);
    }
    *slot = e;
}

void pass_entrypoints(struct ir *ir) {
    struct ports p = { .ir = ir, .made.arena = ir->arena };
    for (struct ir_entrypoint *e = ir->entrypoints; e; e = e->next) {
        void **slot = table_at(&p.made, key_of(ir->arena, e->port, e->is_udp));
        if (!*slot && e->port)
            *slot = e;
    }
    for (struct ir_router *r = router_first(ir); r; r = router_next(r))
        if (!r->entrypoints.count && r->port)
            add_port(&p, r);
    for (struct ir_entrypoint *e = ir->entrypoints; e; e = e->next)
        if (e->made)
            name_port(ir, e);
    for (struct ir_router *r = router_first(ir); r; r = router_next(r)) {
        if (r->entrypoints.count || !r->port)
            continue;
        struct ir_entrypoint *e =
            table_get(&p.made, key_of(ir->arena, r->port, r->protocol == IR_UDP));
        r->entrypoints.list = arena_copy(ir->arena, &e->name, sizeof e->name);
        r->entrypoints.count = 1;
    }
}
