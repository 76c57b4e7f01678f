/* What several routers take together is found by example: a request of the alternative is made up,
   whoever takes it is taken away from the alternative, and what is left gives the next one. When
   nothing is left, all was taken; when nobody takes it, the router is reached. The examples only
   say whom to look at: that nothing is left is proved. */
#include "lint/takers.h"

enum { PIECES_MOST = 512, NEAR_MOST = 64, VALUES_MOST = 4 };

bool taker_is_before(const struct lint *l, const struct placement *a, const struct placement *b) {
    return a->priority > b->priority ||
           (a->priority == b->priority && a->rank > b->rank && l->proxy->precedence_written);
}

static bool same_strs(const struct strs *a, const struct strs *b) {
    for (size_t i = 0; i < a->count && a->count == b->count; i++)
        if (!str_eq(a->at[i], b->at[i]))
            return false;
    return a->count == b->count;
}

bool taker_is_same(const struct placement *a, const struct placement *b) {
    return str_eq(a->service, b->service) && same_strs(&a->middlewares, &b->middlewares);
}

bool taker_meets(const struct lint *l, const struct placement *a, const struct placement *b) {
    bool file = str_is(a->router->provider, "file") || str_is(b->router->provider, "file");
    if (!lint_is_internal(b->router) && !file &&
        !lint_together(l, a->router->span, b->router->span))
        return false;
    return l->proxy->conf || !a->router->entry_points.count == !b->router->entry_points.count;
}

/* ---- one ---- */

static bool covers(struct lint *l, const struct placement *wide, const struct cube *narrow) {
    if (str_is(wide->router->rule, "HostRegexp(`^.+$`)"))
        return true;
    struct cubes all = cubes_of(l->scratch, wide->router->test);
    for (size_t i = 0; i < all.count; i++)
        if (cube_covers(l->scratch, &all.at[i], narrow))
            return true;
    return false;
}

const struct placement *taker_of(struct lint *l, const struct placements *table,
                                 const struct placement *route, const struct cube *cube,
                                 const struct witness *w) {
    const struct test_input *in = w->decision.input;
    struct merge some = { 0 };
    if (in)
        some = host_index_ask(table->by_host, in, l->scratch);
    for (uint32_t at; merge_next(&some, &at);) {
        const struct placement *p = table->at[at];
        if (!taker_is_before(l, p, route))
            break;
        if (!lint_may_ask(l, p->router, route->router))
            return NULL;
        if (test_ask(p->router->test, in) == TEST_YES &&
            (lint_is_internal(p->router) || lint_is_known(p->router)) && taker_meets(l, route, p) &&
            covers(l, p, cube))
            return p;
    }
    return NULL;
}

/* ---- several ---- */

struct search {
    struct lint *l;
    const struct placements *table;
    const struct placement *route;
    struct takers *found;
    size_t pieces;
};

static bool could_take(const struct search *s, const struct placement *p) {
    return p != s->route && taker_is_before(s->l, p, s->route) && !lint_is_internal(p->router) &&
           lint_is_known(p->router) && p->router->layer == LAYER_HTTP &&
           taker_meets(s->l, s->route, p);
}

/* ---- requests for an example ---- */

struct values {
    struct str at[VALUES_MOST];
    size_t count;
};

static void value_add(struct values *v, struct str text) {
    if (v->count < VALUES_MOST)
        v->at[v->count++] = text;
}

struct choices {
    struct values hosts, paths, methods, clients;
    struct test_pair *headers, *query;
    uint8_t client_length;
};

static void choose_host(struct arena *a, struct choices *c, const struct test *t) {
    bool star = cube_is_wildcard(t);
    if (t->anything || (star && c->hosts.count))
        return;
    c->hosts.count = 0;
    if (!star)
        value_add(&c->hosts, t->a);
    for (int i = 0; i < 2 && star; i++)
        value_add(&c->hosts,
                  str_format(a, "%s%.*s", i ? "other" : "any", STR_ARG(str_from(t->a, 1))));
}

static void choose_path(struct arena *a, struct choices *c, const struct test *t) {
    if (c->paths.count && t->a.len <= c->paths.at[0].len)
        return;
    c->paths.count = 0;
    value_add(&c->paths, t->a);
    if (t->matcher == MATCHER_PATH)
        return;
    value_add(&c->paths, str_format(a, "%.*sany", STR_ARG(t->a)));
    value_add(&c->paths, str_format(a, "%.*s/any", STR_ARG(t->a)));
}

static void choose(struct arena *a, struct choices *c, const struct test *t) {
    struct test_pair **list = t->matcher == MATCHER_HEADER ? &c->headers : &c->query;
    struct test_pair *pair;
    switch (t->matcher) {
    case MATCHER_HOST: choose_host(a, c, t); return;
    case MATCHER_PATH:
    case MATCHER_PATH_PREFIX: choose_path(a, c, t); return;
    case MATCHER_METHOD:
        c->methods.count = 0;
        value_add(&c->methods, t->a);
        return;
    case MATCHER_HEADER:
    case MATCHER_QUERY:
        pair = arena_new(a, struct test_pair);
        *pair = (struct test_pair){ .next = *list, .key = t->a, .value = t->b };
        *list = pair;
        return;
    case MATCHER_CLIENT_IP:
        if (c->clients.count && t->range->length <= c->client_length)
            return;
        c->clients.count = 0;
        c->client_length = t->range->length;
        value_add(&c->clients, cidr_address_text(a, t->range));
        return;
    default: return;
    }
}

static void fill(struct values *v, const char *const *texts) {
    for (bool empty = !v->count; empty && *texts; texts++)
        value_add(v, str_of(*texts));
}

static bool is_in(const struct cube *cube, const struct test_input *in) {
    for (size_t i = 0; i < cube->count; i++)
        if (test_ask(cube->at[i].test, in) != (cube->at[i].negated ? TEST_NO : TEST_YES))
            return false;
    return true;
}

/* The digits of `n`, in a number system that grows from place to place. */
static struct str next_of(const struct values *v, size_t *n) {
    struct str text = v->at[*n % v->count];
    *n /= v->count;
    return text;
}

/* Something that belongs to the alternative; false when none of what is tried does. */
static bool find_example(struct lint *l, const struct cube *cube, struct test_input *in) {
    static const char *const hosts[] = { "any.example", "other.example", NULL };
    static const char *const paths[] = { "/", "/any", NULL };
    static const char *const methods[] = { "GET", "POST", "ANY", NULL };
    static const char *const clients[] = { "198.51.100.7", "2001:db8:ffff::7", "10.9.8.7", NULL };
    struct choices c = { 0 };
    for (size_t i = 0; i < cube->count; i++)
        if (!cube->at[i].negated)
            choose(l->scratch, &c, cube->at[i].test);
    fill(&c.hosts, hosts);
    fill(&c.paths, paths);
    fill(&c.methods, methods);
    fill(&c.clients, clients);
    *in = (struct test_input){ .headers = c.headers, .query = c.query, .scratch = l->scratch };
    size_t all = c.hosts.count * c.paths.count * c.methods.count * c.clients.count;
    for (size_t i = 0; i < all; i++) {
        size_t n = i;
        in->host = next_of(&c.hosts, &n);
        in->path = next_of(&c.paths, &n);
        in->method = next_of(&c.methods, &n);
        in->has_client = !cidr_parse_ip(next_of(&c.clients, &n), &in->client).error;
        if (is_in(cube, in))
            return true;
    }
    return false;
}

/* ---- taking away ---- */

static const struct placement *take_example(struct search *s, const struct test_input *in,
                                            struct cube *took) {
    struct lint *l = s->l;
    struct merge some = host_index_ask(s->table->by_host, in, l->scratch);
    for (uint32_t at; merge_next(&some, &at);) {
        const struct placement *p = s->table->at[at];
        if (!taker_is_before(l, p, s->route) || !lint_may_ask(l, p->router, s->route->router))
            return NULL;
        if (!could_take(s, p) || test_ask(p->router->test, in) != TEST_YES)
            continue;
        struct cubes all = cubes_of(l->scratch, p->router->test);
        for (size_t i = 0; i < all.count; i++)
            if (is_in(&all.at[i], in)) {
                *took = all.at[i];
                return p;
            }
    }
    return NULL;
}

static void remember(struct search *s, const struct placement *p) {
    if (!s->found->first)
        s->found->first = s->found->second = p;
    else if (s->found->first == s->found->second)
        s->found->second = p;
}

/* Where no example is found, as with regular expressions, those of the host are tried one and all.
 */
static bool try_near(struct search *s, const struct cube *cube, struct str host) {
    struct lint *l = s->l;
    struct cube *cubes = arena_array(l->scratch, struct cube, NEAR_MOST);
    size_t count = 0;
    if (host_index_count(s->table->by_host, host, l->scratch) > NEAR_MOST)
        return false;
    struct merge near = host_index_find(s->table->by_host, host, l->scratch);
    for (uint32_t at; merge_next(&near, &at);) {
        const struct placement *p = s->table->at[at];
        struct cubes all = { 0 };
        if (could_take(s, p))
            all = cubes_of(l->scratch, p->router->test);
        for (size_t i = 0; i < all.count; i++) {
            struct cube both = cube_join(l->scratch, cube, &all.at[i]);
            if (cube_is_empty(l->scratch, &both))
                continue;
            if (taker_is_same(s->route, p) || count == NEAR_MOST)
                return false;
            remember(s, p);
            cubes[count++] = all.at[i];
        }
    }
    return cube_is_covered(l->scratch, cube, cubes, count);
}

static bool is_taken(struct search *s, const struct cube *cube) {
    struct arena *a = s->l->scratch;
    struct test_input in;
    struct cube took;
    if (cube_is_empty(a, cube))
        return true;
    if (++s->pieces > PIECES_MOST)
        return lint_give_up(s->l, s->route->router);
    if (!find_example(s->l, cube, &in))
        return try_near(s, cube, cube_asks_host(cube));
    const struct placement *p = take_example(s, &in, &took);
    if (!p || taker_is_same(s->route, p))
        return false;
    remember(s, p);
    if (cube_covers(a, &took, cube))
        return true;
    struct literal *room = arena_array(a, struct literal, cube->count + took.count + 1);
    struct cube rest = { room, cube->count };
    if (cube->count)
        memcpy(room, cube->at, cube->count * sizeof *room);
    /* What fails its first matcher, what meets that and fails the second, and so on. */
    for (size_t i = 0; i < took.count; i++) {
        room[rest.count] = took.at[i];
        room[rest.count].negated = !took.at[i].negated;
        rest.count++;
        if (!is_taken(s, &rest))
            return false;
        room[rest.count - 1].negated = took.at[i].negated;
    }
    return true;
}

bool takers_of(struct lint *l, const struct placements *table, const struct placement *route,
               const struct cube *cube, struct takers *out) {
    struct search s = { .l = l, .table = table, .route = route, .found = out };
    *out = (struct takers){ 0 };
    return is_taken(&s, cube) && out->first;
}
