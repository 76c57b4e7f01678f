/* Which of two routers is asked first: exact host over wildcard over any, exact path over longer
   prefix over shorter, more conditions over fewer. Written only where two may meet; no pairwise
   pass, one table of hosts for each entry point. */
#include "passes/priority.h"

struct meeting {
    struct arena scratch;
    struct table hosts; /* entry point, scheme, host → the first router there */
};

static unsigned host_rank(const struct ir_router *r) {
    unsigned rank = 3;
    for (size_t i = 0; i < r->hosts.count; i++) {
        struct str host = r->hosts.list[i];
        unsigned one = str_is(host, "*") ? 1 : str_starts(host, STR("*.")) ? 2 : 3;
        rank = one < rank ? one : rank;
    }
    return r->hosts.count ? rank : 1;
}

/* Room for paths of 4096 bytes, 40 conditions, and a redirect below its route. */
static unsigned long score(const struct ir_router *r) {
    unsigned long path = r->path.len > 4096 ? 4096 : r->path.len, conditions = 0;
    if (r->path.len && r->path.at[r->path.len - 1] == '$')
        path += 5000;
    for (const struct ir_condition *c = r->conditions; c; c = c->next)
        conditions++;
    if (conditions > 40)
        conditions = 40;
    return host_rank(r) * 1000000ul + path * 100 + conditions * 2 + (r->use == IR_TO_HTTPS ? 1 : 2);
}

static void set(struct ir *ir, struct ir_router *r) {
    if (r && r->priority.len == 0)
        r->priority = str_format(ir->arena, "%lu", score(r));
}

struct str priority_key(struct arena *arena, const struct ir_router *r, struct str entry,
                        struct str host) {
    struct buf key = { .arena = arena };
    buf_add(&key, entry);
    buf_char(&key, ' ');
    buf_char(&key, (char)('0' + (int)r->protocol + (r->tls ? 4 : 0)));
    buf_add(&key, host);
    return buf_str(&key);
}

static struct ir_router *at(struct meeting *m, const struct ir_router *r, struct str entry,
                            struct str host) {
    return table_get(&m->hosts, priority_key(&m->scratch, r, entry, host));
}

static void enter(struct ir *ir, struct meeting *m, struct ir_router *r, struct str entry,
                  struct str host) {
    struct ir_router **slot =
        (struct ir_router **)table_at(&m->hosts, priority_key(&m->scratch, r, entry, host));
    if (*slot && *slot != r) {
        set(ir, *slot);
        set(ir, r);
    }
    if (!*slot)
        *slot = r;
}

static struct str above(struct meeting *m, struct str host) {
    size_t dot = str_find(host, '.');
    return dot == STR_NONE ? STR("")
                           : str_format(&m->scratch, "*%.*s", STR_ARG(str_from(host, dot)));
}

static void meet(struct ir *ir, struct meeting *m, struct ir_router *r, struct str entry) {
    struct ir_router *any = at(m, r, entry, STR("*"));
    if (any && any != r) {
        set(ir, any);
        set(ir, r);
    }
    for (size_t i = 0; i < r->hosts.count; i++) {
        struct str host = r->hosts.list[i], wild = above(m, host);
        struct ir_router *other =
            str_starts(host, STR("*.")) || !wild.len ? NULL : at(m, r, entry, wild);
        if (other && other != r) {
            set(ir, other);
            set(ir, r);
        }
    }
}

static bool redirects(const struct ir *ir, struct str entry) {
    const struct ir_entrypoint *e = table_get(&ir->entrypoint_index, entry);
    return e && e->redirects;
}

/* ---- an instance that comes later ---- */

/* What runs already was built without it: a router that has no number there counts its letters, and
   the instance stays below them where it is the wider one. */
static void stay_below(struct ir_router *r, const struct ir_router *built) {
    if (built && !built->spawned && !built->priority.len && score(built) > score(r))
        r->priority = STR("2");
}

static void place_instance(struct ir *ir, struct meeting *m, struct ir_router *r) {
    for (size_t e = 0; e < r->entrypoints.count; e++)
        for (size_t i = 0; i < r->hosts.count; i++)
            stay_below(r, at(m, r, r->entrypoints.list[e], r->hosts.list[i]));
    for (const struct ir_router *b = router_first(ir); b; b = router_next(b)) {
        bool wider = false;
        for (size_t i = 0; i < r->hosts.count && !b->spawned; i++)
            for (size_t n = 0; n < b->hosts.count; n++)
                wider |= str_is(r->hosts.list[i], "*") ||
                         (str_starts(r->hosts.list[i], STR("*.")) &&
                          str_ends(b->hosts.list[n], str_from(r->hosts.list[i], 1)));
        if (wider && b->protocol == r->protocol && b->tls == r->tls)
            stay_below(r, b);
    }
    set(ir, r);
}

void pass_priority(struct ir *ir) {
    struct meeting m = { .hosts.arena = NULL };
    m.hosts.arena = &m.scratch;
    for (struct ir_router *r = router_first(ir); r; r = router_next(r))
        for (size_t e = 0; r->protocol != IR_UDP && !r->spawned && e < r->entrypoints.count; e++) {
            for (size_t i = 0; i < r->hosts.count; i++)
                enter(ir, &m, r, r->entrypoints.list[e], r->hosts.list[i]);
            if (!r->hosts.count)
                enter(ir, &m, r, r->entrypoints.list[e], STR("*"));
        }
    for (struct ir_router *r = router_first(ir); r; r = router_next(r))
        for (size_t e = 0; r->protocol != IR_UDP && !r->spawned && e < r->entrypoints.count; e++) {
            meet(ir, &m, r, r->entrypoints.list[e]);
            /* What the entry point redirects by itself has priority 1. */
            if (r->protocol == IR_HTTP && redirects(ir, r->entrypoints.list[e]))
                set(ir, r);
        }
    for (struct ir_router *r = router_first(ir); r; r = router_next(r))
        if (r->spawned && r->protocol != IR_UDP && !r->priority.len)
            place_instance(ir, &m, r);
    arena_free(&m.scratch);
    priority_clash(ir);
}
