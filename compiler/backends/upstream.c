/* upstream/PROJECT/docker-compose.yml: the user's compose file plus what its services gain. */
#include "backends/backend.h"
#include "backends/compose_splice.h"

struct upstream {
    struct emission *e;
    struct compose_edits edits;
    struct compose_service_edit **last_service;
};

/* Written once for labels of one line; a name that would break the comment's line is left out. */
static struct str place_of(struct upstream *u, struct span span,
                           const struct compose_label *before) {
    if (before && before->span.start == span.start)
        return before->place;
    struct str place = emission_place(u->e, span);
    return str_find(place, '\n') == STR_NONE && str_find(place, '\r') == STR_NONE ? place : STR("");
}

static struct compose_label *label_edits(struct upstream *u, const struct ir_pair *labels) {
    struct compose_label *first = NULL, **tail = &first;
    const struct compose_label *before = NULL;
    for (const struct ir_pair *p = labels; p; p = p->next) {
        *tail = arena_new(u->e->arena, struct compose_label);
        **tail = (struct compose_label){ .key = p->key, .value = p->value, .span = p->span };
        (*tail)->place = place_of(u, p->span, before);
        before = *tail;
        tail = &(*tail)->next;
    }
    return first;
}

static struct compose_join *joins_of(struct upstream *u, const struct ir_container *c) {
    struct compose_join *first = NULL, **tail = &first;
    const struct ir_network *proxy = c->stack->proxy;
    for (const struct ir_network *n = c->networks; n; n = n->next) {
        *tail = arena_new(u->e->arena, struct compose_join);
        **tail = (struct compose_join){ .network = n->key, .span = n->span };
        if (proxy && str_eq(n->key, proxy->key) && c->ips.count)
            (*tail)->ipv4_address = c->ips.list[0];
        tail = &(*tail)->next;
    }
    return first;
}

static void add_service(struct upstream *u, const struct ir_container *c) {
    const struct ir_pair *labels = labels_of(u->e, c);
    if (!labels && !c->networks && !c->dns.count)
        return;
    struct compose_service_edit *s = arena_new(u->e->arena, struct compose_service_edit);
    s->service = c->name;
    s->span = c->span;
    s->labels = label_edits(u, labels);
    s->joins = joins_of(u, c);
    s->keep_default = !c->has_networks;
    s->dns = c->dns;
    s->dns_replaces = c->own_dns;
    s->dns_span = c->span;
    *u->last_service = s;
    u->last_service = &s->next;
}

static void add_networks(struct upstream *u, const struct ir_stack *stack) {
    struct compose_network_edit **tail = &u->edits.networks;
    for (const struct ir_network *n = stack->networks; n; n = n->next) {
        if (n->declared && n->external && str_eq(n->name, u->e->ir->network))
            continue; /* under whatever key */
        *tail = arena_new(u->e->arena, struct compose_network_edit);
        **tail = (struct compose_network_edit){ .key = n->key,
                                                .external = n->external,
                                                .span = n->span };
        if (!n->external)
            (*tail)->name = n->name;
        tail = &(*tail)->next;
    }
}

struct result {
    struct emission *e;
    struct str path;
};

static bool is_there(void *context, struct str text) {
    const struct result *r = context;
    return r->e->has(r->e->taker, r->path, text);
}

static void emit_stack(struct emission *e, struct arena *scratch, const struct ir_stack *stack) {
    struct emission aside = emission_aside(e, scratch);
    struct upstream u = { .e = &aside };
    struct outline *outline = stack->outline;
    struct str text;
    if (outline->brief)
        outline = e->outline_again(scratch, outline->source);
    u.last_service = &u.edits.services;
    for (const struct ir_container *c = stack->containers; c; c = c->next)
        add_service(&u, c);
    add_networks(&u, stack);
    struct result result = { e, str_format(scratch, "upstream/%.*s/docker-compose.yml",
                                           STR_ARG(stack->owner->name)) };
    struct splice_reader reader = { e->outline, e->has && !stack->raws ? is_there : NULL, &result };
    if (!outline || !compose_splice(scratch, e->diags, outline, &u.edits, &reader, &text))
        return;
    text = raw_compose(e, stack->raws, text, true, outline->source);
    origin_add_stack(e, stack);
    emission_add(e, result.path, text);
}

/* Only what is written, or may show a finding. */
static bool is_wanted(const struct emission *e, const struct ir_stack *s) {
    if (!s->outline || !s->owner->name.len || s->owner->at.len)
        return false;
    return !e->rehearsal || s->raws || !s->outline->plain;
}

static void run(struct emission *e) {
    struct arena scratch = { 0 };
    for (const struct ir_stack *s = e->ir->stacks; s; s = s->next)
        if (is_wanted(e, s)) {
            emit_stack(e, &scratch, s);
            arena_reset(&scratch);
        }
    arena_free(&scratch);
}

const struct backend backend_upstream = { "upstream", "upstream",
                                          "the compose files of an itsUP tree", run,
                                          .apart = true };
