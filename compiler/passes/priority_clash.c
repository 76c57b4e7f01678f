/* A priority that the user gives loses against those that we work out, which are in the millions:
   they depend on the route alone, so that a new route changes no label of another container. Who
   writes 100 means "before the others", as it is in Traefik, where a priority that nobody gives is
   the length of the rule; that it is not so is told. */
#include "passes/priority.h"

struct given {
    struct arena scratch;
    struct table hosts; /* as in priority.c → the router with the highest given priority there */
};

static const struct ir_setting *setting_of(const struct ir_router *r) {
    for (const struct ir_setting *s = r->settings; s; s = s->next)
        if (str_is(s->name, "priority"))
            return s;
    return NULL;
}

static uint64_t given_priority(const struct ir_router *r) {
    uint64_t number = 0;
    return setting_of(r) && str_to_uint(r->priority, INT64_MAX, &number) ? number : 0;
}

/* About as long as the text that we write: Host(`a`) || Host(`b`), and the path. */
static uint64_t rule_length(const struct ir_router *r) {
    uint64_t length = 0;
    for (size_t i = 0; i < r->hosts.count; i++)
        length += r->hosts.list[i].len + strlen("Host(``)") + (i ? strlen(" || ") : 0);
    if (r->path.len)
        length += 2 * r->path.len + strlen(" && (Path(``) || PathPrefix(`/`))");
    return length;
}

static struct str stem(struct str path) {
    while (path.len && (path.at[path.len - 1] == '$' || path.at[path.len - 1] == '/'))
        path.len--;
    return path;
}

static bool paths_meet(struct str a, struct str b) {
    a = stem(a);
    b = stem(b);
    if (a.len > b.len) {
        struct str swap = a;
        a = b;
        b = swap;
    }
    return str_starts(b, a) && (a.len == b.len || b.at[a.len] == '/');
}

static void compare(struct ir *ir, const struct ir_router *given, const struct ir_router *r) {
    uint64_t number = given_priority(given), computed = 0;
    if (given == r || !str_to_uint(r->priority, INT64_MAX, &computed) || number >= computed ||
        number <= rule_length(r) || !paths_meet(given->path, r->path))
        return;
    struct diag *d =
        diag_add(ir->diags, DIAG_PRIORITY_LOSES, setting_of(given)->span,
                 "another route is asked before this one, in spite of its priority of %.*s",
                 STR_ARG(given->priority));
    diag_effect(ir->diags, d, "the other one has %.*s, which is worked out of how narrow it is",
                STR_ARG(r->priority));
    diag_help(ir->diags, d, "write `priority %lu` to be asked first, or leave it out",
              PRIORITY_ABOVE_ALL);
    diag_note_at(ir->diags, d, r->span, "the route that is asked before");
}

typedef void visit_fn(struct ir *ir, struct given *g, struct ir_router *r, struct str entry,
                      struct str host);

static struct ir_router **slot_of(struct given *g, const struct ir_router *r, struct str entry,
                                  struct str host) {
    return (struct ir_router **)table_at(&g->hosts, priority_key(&g->scratch, r, entry, host));
}

static void keep(struct ir *ir, struct given *g, struct ir_router *r, struct str entry,
                 struct str host) {
    (void)ir;
    if (!given_priority(r))
        return;
    struct ir_router **slot = slot_of(g, r, entry, host);
    if (!*slot || given_priority(*slot) < given_priority(r))
        *slot = r;
}

static void meet_at(struct ir *ir, struct given *g, struct ir_router *r, struct str entry,
                    struct str host) {
    const struct ir_router *given = table_get(&g->hosts, priority_key(&g->scratch, r, entry, host));
    if (given)
        compare(ir, given, r);
}

static void meet(struct ir *ir, struct given *g, struct ir_router *r, struct str entry,
                 struct str host) {
    size_t dot = str_find(host, '.');
    if (setting_of(r))
        return;
    meet_at(ir, g, r, entry, host);
    if (!str_is(host, "*"))
        meet_at(ir, g, r, entry, STR("*"));
    if (dot != STR_NONE && !str_starts(host, STR("*.")))
        meet_at(ir, g, r, entry, str_format(&g->scratch, "*%.*s", STR_ARG(str_from(host, dot))));
}

static void each(struct ir *ir, struct given *g, visit_fn *visit) {
    for (struct ir_router *r = router_first(ir); r; r = router_next(r))
        for (size_t e = 0; r->protocol != IR_UDP && e < r->entrypoints.count; e++) {
            for (size_t i = 0; i < r->hosts.count; i++)
                visit(ir, g, r, r->entrypoints.list[e], r->hosts.list[i]);
            if (!r->hosts.count)
                visit(ir, g, r, r->entrypoints.list[e], STR("*"));
        }
}

void priority_clash(struct ir *ir) {
    struct given g = { .hosts.arena = NULL };
    g.hosts.arena = &g.scratch;
    each(ir, &g, keep);
    if (g.hosts.count)
        each(ir, &g, meet);
    arena_free(&g.scratch);
}
