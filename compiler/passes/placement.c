/* Who says what: labels where they can, the file provider for the rest; and what containers gain.
 */
#include "options/options.h"
#include "passes/pass.h"

/* ---- can labels say it? ---- */

static bool label_can_say(const struct option *root, const struct ir_option *o) {
    const struct option *found = root ? option_find_below(root, o->path).option : NULL;
    if (found && !(found->places & OPTION_IN_LABELS))
        return false;
    for (size_t i = 0; i < o->texts.count; i++) {
        struct str text = o->texts.list[i];
        bool list = o->list || o->texts.count > 1 || (found && found->shape == OPTION_LIST);
        /* A label's list is parted at commas, its items are trimmed, and an empty one is none. */
        if (list && (str_find(text, ',') != STR_NONE || !text.len || text.at[0] == ' ' ||
                     text.at[text.len - 1] == ' '))
            return false;
        if (str_find(text, '\n') != STR_NONE)
            return false;
    }
    return true;
}

static bool labels_can_say(const struct option *root, const struct ir_option *options) {
    for (const struct ir_option *o = options; o; o = o->next)
        if (!label_can_say(root, o))
            return false;
    return true;
}

static const struct option *root_of(enum ir_protocol protocol, const char *what) {
    static const char *const paths[][2] = {
        { "http.routers.x", "http.services.x" },
        { "tcp.routers.x", "tcp.services.x" },
        { "udp.routers.x", "udp.services.x" },
    };
    return option_find(OPTION_DYNAMIC, str_of(paths[protocol][*what == 's'])).option;
}

/* ---- routers ---- */

static struct ir_container *first_container(const struct ir_service *s) {
    while (s && s->kind != IR_BALANCER)
        s = s->children ? s->children->service : NULL;
    return s && s->targets ? s->targets->container : NULL;
}

/* itsUP 3 keeps TCP, UDP and ports of their own out of labels; 1 and 2 know labels alone. */
static bool belongs_to_file(const struct ir *ir, const struct ir_router *r) {
    if (!str_is(ir->generation, "3"))
        return false;
    const struct ir_router *route = r->of ? r->of : r;
    if (route->protocol != IR_HTTP)
        return true;
    return route->own_port && route->port != 8080 && route->port != 8443;
}

static void place_router(struct ir *ir, struct ir_router *r) {
    struct ir_container *c = first_container(r->service);
    if (!c)
        c = r->of ? r->of->carrier : r->carrier;
    bool labels = c && !c->own_network && !c->stack->unlabelled && !belongs_to_file(ir, r) &&
                  labels_can_say(root_of(r->protocol, "router"), r->options);
    r->place = labels ? IR_LABELS : IR_FILE;
    r->on = labels ? c : NULL;
    if (c)
        c->routed = true;
    if (labels)
        c->enabled = true;
}

/* ---- services ---- */

static void place_service(struct ir_service *s, const struct ir_router *r) {
    if (s->kind == IR_PROVIDED || s->place != IR_NOWHERE)
        return;
    struct ir_container *c = s->kind == IR_BALANCER && s->targets ? s->targets->container : NULL;
    bool labels =
        c && r->place == IR_LABELS && labels_can_say(root_of(s->protocol, "service"), s->options);
    s->place = labels ? IR_LABELS : IR_FILE;
    s->on = labels ? c : NULL;
    if (labels)
        c->routed = c->enabled = true;
    else if (c)
        c->routed = true;
}

/* Children hang on containers whatever their parent is; a failover nests 64 deep at most. */
static void place_tree(struct ir_service *s, const struct ir_router *r) {
    place_service(s, r);
    for (struct ir_child *c = s->children; c; c = c->next)
        place_tree(c->service, r);
}

static void place_services(struct ir_router *r) {
    place_tree(r->service, r);
    for (struct ir_middleware *m = r->middlewares; m; m = m->next)
        if (m->service)
            place_tree(m->service, r);
}

/* ---- middlewares ---- */

static const struct option *kind_of(const struct ir_middleware *m, enum ir_protocol protocol) {
    struct str type = protocol == IR_TCP && m->tcp_type.len ? m->tcp_type : m->type;
    return option_child(option_middlewares(protocol == IR_TCP ? OPTION_TCP : OPTION_HTTP), type);
}

static void place_middleware(struct ir *ir, struct ir_middleware *m, const struct ir_router *r) {
    if (str_is(m->type, "@"))
        return;
    bool shared =
        m->chain.len && (ir->has_proxy || ir->world == IR_TREE) && !str_is(ir->generation, "1");
    bool labels =
        r->place == IR_LABELS && !shared && labels_can_say(kind_of(m, r->protocol), m->options);
    m->place = labels ? IR_LABELS : IR_FILE;
}

/* Before names are given: they depend on it. */
void pass_placement(struct ir *ir) {
    for (struct ir_router *r = router_first(ir); r; r = router_next(r)) {
        place_router(ir, r);
        place_services(r);
        for (struct ir_middleware *m = r->middlewares; m; m = m->next)
            place_middleware(ir, m, r);
    }
    for (struct ir_middleware *m = ir->shared; m; m = m->next)
        if (!str_is(m->type, "@"))
            m->place = IR_FILE;
}
