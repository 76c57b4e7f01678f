/* Routers that labels declare by hand, beside those that are generated: of two with one rule on one
   entry point, Traefik would take either. */
#include "backends/backend.h"

struct hand_router {
    struct hand_router *next;
    enum ir_protocol protocol;
    const struct ir_container *on;
    struct str name, rule, entrypoints, priority;
    struct span span;
    bool tls;
};

struct hand {
    struct emission *e;
    struct table routers, enabled, rules;
    struct hand_router *all;
    struct span told; /* a route with its redirect is told once */
    struct arena scratch;
};

static struct hand_router *router_of(struct hand *h, const struct ir_hand *l) {
    struct str key = str_format(&h->scratch, "%p %d %.*s", (const void *)l->on, (int)l->protocol,
                                STR_ARG(l->name));
    struct hand_router **slot = (struct hand_router **)table_at(&h->routers, key);
    if (!*slot) {
        *slot = arena_new(&h->scratch, struct hand_router);
        **slot = (struct hand_router){ .next = h->all, .on = l->on, .protocol = l->protocol };
        h->all = *slot;
    }
    return *slot;
}

/* Blanks say nothing in a rule. */
static struct str key_of(struct hand *h, enum ir_protocol protocol, bool tls, struct str rule) {
    struct buf out = { .arena = &h->scratch };
    buf_char(&out, (char)('0' + (int)protocol + (tls ? 4 : 0)));
    for (size_t i = 0; i < rule.len; i++)
        if (rule.at[i] != ' ')
            buf_char(&out, rule.at[i]);
    return buf_str(&out);
}

static void read_label(struct hand *h, const struct ir_hand *l) {
    struct str container = { (const char *)&l->on, sizeof l->on };
    if (str_is(l->field, "enable") && !l->kind.len && str_is(l->value, "true"))
        *table_at(&h->enabled, container) = h;
    if (!l->on || !str_is(l->kind, "routers"))
        return;
    struct hand_router *r = router_of(h, l);
    r->name = l->name;
    if (str_is(l->field, "entrypoints"))
        r->entrypoints = l->value;
    if (str_is(l->field, "priority"))
        r->priority = l->value;
    r->tls |=
        str_is(l->field, "tls") ? str_is(l->value, "true") : str_starts(l->field, STR("tls."));
    if (!str_is(l->field, "rule"))
        return;
    r->rule = l->value;
    r->span = l->span;
}

static bool has_entry(struct str list, struct str name) {
    for (bool more = list.len > 0; more;) {
        size_t comma = str_find(list, ',');
        if (str_eq(str_trim(str_slice(list, 0, comma)), name))
            return true;
        more = comma != STR_NONE;
        list = more ? str_from(list, comma + 1) : list;
    }
    return false;
}

static bool meet(const struct ir_router *r, const struct hand_router *hand) {
    if (str_eq(hand->name, r->name))
        return false;
    for (size_t i = 0; i < r->entrypoints.count; i++)
        if (!hand->entrypoints.len || has_entry(hand->entrypoints, r->entrypoints.list[i]))
            return true;
    return false;
}

static bool is_served(struct hand *h, const struct hand_router *hand) {
    struct str container = { (const char *)&hand->on, sizeof hand->on };
    return !hand->on->stack->owner->disabled &&
           (hand->on->enabled || table_get(&h->enabled, container));
}

static void look(struct hand *h, const struct ir_router *r) {
    if (r->protocol == IR_UDP || r->spawned)
        return;
    struct str rule = rule_text(&h->scratch, h->e->ir, r);
    const struct hand_router *hand = table_get(&h->rules, key_of(h, r->protocol, r->tls, rule));
    if (!hand || !is_served(h, hand) || !meet(r, hand) || h->told.start == r->span.start)
        return;
    h->told = r->span;
    bool tie = str_eq(r->priority, hand->priority);
    struct diag *d =
        diag_add(h->e->diags, DIAG_ROUTE_TIE, r->span,
                 "a label of `%.*s` routes these requests already", STR_ARG(hand->on->name));
    diag_effect(h->e->diags, d,
                tie ? "both have the same rule and priority; Traefik picks one at random"
                    : "both have the same rule: one of the two is never asked");
    diag_note_at(h->e->diags, d, hand->span, "written by hand here");
    diag_help(h->e->diags, d, "remove the label, or this route");
}

void hand_labels_check(struct emission *e) {
    struct hand h = { .e = e };
    h.routers.arena = h.enabled.arena = h.rules.arena = &h.scratch;
    for (const struct ir_stack *s = e->ir->stacks; s; s = s->next)
        for (const struct ir_hand *l = s->hand; l; l = l->next)
            read_label(&h, l);
    for (const struct hand_router *r = h.all; r; r = r->next)
        if (r->rule.len)
            *table_at(&h.rules, key_of(&h, r->protocol, r->tls, r->rule)) = (void *)(uintptr_t)r;
    for (struct ir_project *p = h.rules.count ? e->ir->projects : NULL; p; p = p->next)
        for (const struct ir_router *r = p->disabled ? NULL : p->routers; r; r = r->next)
            look(&h, r);
    arena_free(&h.scratch);
}
