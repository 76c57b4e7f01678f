/* Routers that go without saying: plain HTTP is sent to its https:// twin, ACME challenges of a
   passed-through host go where the host's own server answers them. */
#include "passes/pass.h"

#define ACME_PATH STR("/.well-known/acme-challenge/")

static struct ir_router *twin(struct ir *ir, struct ir_router *r, enum ir_router_use use) {
    struct ir_router *made = arena_new(ir->arena, struct ir_router);
    *made = (struct ir_router){ .next = r->next,
                                .span = r->span,
                                .mode = STR("http"),
                                .protocol = IR_HTTP,
                                .hosts = r->hosts,
                                .project = r->project,
                                .stack = r->stack,
                                .instance = r->instance,
                                .spawned = r->spawned,
                                .use = use,
                                .of = r };
    made->port = ir->plain->port;
    made->entrypoints.list = arena_copy(ir->arena, &ir->plain->name, sizeof ir->plain->name);
    made->entrypoints.count = 1;
    r->next = made;
    return made;
}

/* Traefik's middleware names the port that clients see, unless that is HTTPS's own. */
static struct ir_middleware *to_https(struct ir *ir, const struct ir_router *r) {
    struct ir_middleware *m = arena_new(ir->arena, struct ir_middleware);
    const struct ir_entrypoint *e =
        r->entrypoints.count ? table_get(&ir->entrypoint_index, r->entrypoints.list[0]) : NULL;
    unsigned port = e && e->published ? e->published : e ? e->port : 443;
    m->span = r->span;
    if (ir->proxy_compose.len && port == 443) { /* the ready-made proxy has one */
        m->type = STR("@");
        m->name = STR("redirect@file");
        return m;
    }
    m->type = STR("redirectScheme");
    m->chain = STR("redirect");
    m->links = 1;
    if (r->spawned) /* which stands alone: see ir/spawn.c */
        m->chain = STR("");
    ir_option_add(ir->arena, &m->options, r->span, STR("scheme"), STR("https"));
    ir_option_add(ir->arena, &m->options, r->span, STR("permanent"), STR("true"));
    if (port != 443) {
        ir_option_add(ir->arena, &m->options, r->span, STR("port"),
                      str_format(ir->arena, "%u", port));
        m->chain = r->spawned ? STR("") : str_format(ir->arena, "redirect-%u", port);
    }
    return m;
}

static bool has_redirect(const struct ir *ir, const struct ir_router *r) {
    return str_is(r->mode, "https") && r->use == IR_ROUTE && !r->no_redirect && !r->own_port &&
           ir->plain && !ir->plain->redirects;
}

void pass_defaults(struct ir *ir) {
    for (struct ir_router *r = router_first(ir); r; r = router_next(r)) {
        if (has_redirect(ir, r)) {
            struct ir_router *made = twin(ir, r, IR_TO_HTTPS);
            made->path = r->path;
            made->conditions = r->conditions;
            made->service = r->service;
            made->middlewares = to_https(ir, r);
        }
        if (r->acme && ir->plain) {
            struct ir_router *made = twin(ir, r, IR_ACME);
            struct ir_service *s = arena_new(ir->arena, struct ir_service);
            made->path = ACME_PATH;
            *s = (struct ir_service){ .span = r->acme->span,
                                      .kind = IR_BALANCER,
                                      .protocol = IR_HTTP,
                                      .targets = r->acme,
                                      .project = r->project };
            *ir->last_service = s;
            ir->last_service = &s->next;
            made->service = s;
        }
    }
}
