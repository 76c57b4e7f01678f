/* Paths are sorted, so that those which begin alike stand together; each knows the longest other
   one that it begins with. A request's path has its place among them, and whatever it begins with
   lies on the way from there to the root, the empty path. */
#include "analysis/crowd.h"

#include "support/buf.h"
#include "support/table.h"

#include <stdlib.h>

/* What rules are told apart by; of each kind a rule is entered under what the fewest others need.
 */
enum kind { BY_PATH, BY_PAIR, KINDS };

enum { NO_PAIR, FIRST_PAIR }; /* the number of a rule without, and of the first thing */
enum { PRODUCT_MOST = 64, LENGTHS = 129 };

struct need { /* a path, or something else that rules ask for */
    struct need *next;
    struct str text;
    uint32_t uses, number;
};

struct entry {
    uint32_t place; /* 2 * path: what begins with it; 2 * path + 1: what it is */
    uint32_t pair, position;
};

struct crowd {
    struct table needs[KINDS];
    struct str *paths;
    uint32_t *parents, path_count;
    uint32_t *starts; /* of each place in the two lists below */
    uint32_t *pairs, *positions;
    bool lengths[2][LENGTHS]; /* of the networks of clients, IPv4 and IPv6 */
};

struct making {
    struct crowd *crowd;
    struct arena *arena, scratch; /* scratch: for one rule at a time */
    struct need *first[KINDS], **last[KINDS];
    struct entry *entries;
    size_t count, room;
};

/* ---- what a rule needs ---- */

static struct str pair_text(struct arena *a, char kind, struct str key, struct str value) {
    struct buf out = { .arena = a };
    buf_char(&out, kind);
    buf_add(&out, key);
    buf_char(&out, '\n');
    buf_add(&out, value);
    return buf_str(&out);
}

static struct str client_text(struct arena *a, const struct cidr *range) {
    struct cidr network = cidr_network(range);
    char head[2] = { (char)network.bits, (char)network.length };
    return pair_text(a, 'c', (struct str){ head, 2 },
                     (struct str){ (const char *)network.address, network.bits / 8 });
}

/* What has to be so for the matcher to hold; false when it is none of what is looked at here. */
static bool need_of(const struct test *t, enum kind kind, struct arena *a, struct str *text) {
    struct cidr range;
    bool is_path = t->matcher == MATCHER_PATH || t->matcher == MATCHER_PATH_PREFIX;
    if (t->kind != RULE_MATCHER || t->anything || is_path != (kind == BY_PATH))
        return false;
    switch (t->matcher) {
    case MATCHER_PATH:
    case MATCHER_PATH_PREFIX: *text = t->a; return true;
    case MATCHER_METHOD: *text = pair_text(a, 'm', t->a, STR("")); return true;
    case MATCHER_HEADER: *text = pair_text(a, 'h', t->a, t->b); return true;
    case MATCHER_QUERY: *text = pair_text(a, 'q', t->a, t->b); return true;
    case MATCHER_ALPN: *text = pair_text(a, 'a', t->a, STR("")); return true;
    case MATCHER_CLIENT_IP:
        range = cidr_unmapped(t->range);
        *text = client_text(a, &range);
        return true;
    default: return false;
    }
}

static void count_needs(struct making *m, const struct test *t, enum kind kind) {
    struct str text;
    for (const struct test *c = t->kind == RULE_NOT ? NULL : t->first; c; c = c->next)
        count_needs(m, c, kind);
    if (!need_of(t, kind, &m->scratch, &text))
        return;
    struct need *need = table_get(&m->crowd->needs[kind], text);
    if (!need) {
        need = arena_new(m->arena, struct need);
        need->text = kind == BY_PATH ? text : str_copy(m->arena, text);
        *table_at(&m->crowd->needs[kind], need->text) = need;
        *m->last[kind] = need;
        m->last[kind] = &need->next;
    }
    need->uses++;
    if (t->matcher == MATCHER_CLIENT_IP) {
        struct cidr range = cidr_unmapped(t->range);
        m->crowd->lengths[range.bits == 128][range.length] = true;
    }
}

static const struct need *need_find(struct making *m, const struct test *t, enum kind kind) {
    struct str text;
    return need_of(t, kind, &m->scratch, &text) ? table_get(&m->crowd->needs[kind], text) : NULL;
}

/* How many rules stand under what this one would be entered under; UINT64_MAX: it needs nothing. */
static uint64_t company(struct making *m, const struct test *t, enum kind kind) {
    if (t->kind == RULE_MATCHER) {
        const struct need *need = need_find(m, t, kind);
        return need ? need->uses : UINT64_MAX;
    }
    uint64_t all = 0, least = UINT64_MAX;
    for (const struct test *c = t->kind == RULE_NOT ? NULL : t->first; c; c = c->next) {
        uint64_t one = company(m, c, kind);
        least = one < least ? one : least;
        all = one == UINT64_MAX || all == UINT64_MAX ? UINT64_MAX : all + one;
    }
    return t->kind == RULE_OR ? all : least;
}

static void collect(struct making *m, const struct test *t, enum kind kind, struct positions *to) {
    if (t->kind == RULE_MATCHER) {
        uint32_t number = need_find(m, t, kind)->number;
        positions_add(to, &m->scratch,
                      kind == BY_PAIR ? number : 2 * number + (t->matcher == MATCHER_PATH));
        return;
    }
    const struct test *least = NULL;
    uint64_t fewest = UINT64_MAX;
    for (const struct test *c = t->first; c && t->kind == RULE_AND; c = c->next) {
        uint64_t one = company(m, c, kind);
        if (one < fewest) {
            fewest = one;
            least = c;
        }
    }
    if (least)
        collect(m, least, kind, to);
    for (const struct test *c = t->first; c && t->kind == RULE_OR; c = c->next)
        collect(m, c, kind, to);
}

/* ---- making ---- */

static int by_text(const void *a, const void *b) {
    return str_cmp((*(struct need *const *)a)->text, (*(struct need *const *)b)->text);
}

/* The empty path, which all begin with, is the first one. */
static void sort_paths(struct making *m) {
    struct crowd *c = m->crowd;
    size_t count = c->needs[BY_PATH].count;
    struct need **all = arena_array(m->arena, struct need *, count + 1);
    size_t n = 0;
    for (struct need *need = m->first[BY_PATH]; need; need = need->next)
        all[n++] = need;
    qsort(all, n, sizeof *all, by_text);
    c->paths = arena_array(m->arena, struct str, n + 1);
    c->parents = arena_array(m->arena, uint32_t, n + 1);
    c->path_count = 1;
    for (size_t i = 0; i < n; i++) {
        uint32_t parent = c->path_count - 1;
        while (!str_starts(all[i]->text, c->paths[parent]))
            parent = c->parents[parent];
        c->paths[c->path_count] = all[i]->text;
        c->parents[c->path_count] = parent;
        all[i]->number = c->path_count++;
    }
}

static void add_entry(struct making *m, uint32_t place, uint32_t pair, uint32_t position) {
    if (m->count == m->room) {
        size_t room = m->room ? 2 * m->room : 64;
        struct entry *entries = arena_again(m->arena, room * sizeof *entries);
        if (m->count)
            memcpy(entries, m->entries, m->count * sizeof *entries);
        arena_spare(m->arena, m->entries, m->room * sizeof *entries);
        m->entries = entries;
        m->room = room;
    }
    m->entries[m->count++] = (struct entry){ place, pair, position };
}

static void enter(struct making *m, const struct test *t, uint32_t position) {
    struct positions lists[KINDS] = { 0 }, *places = &lists[BY_PATH], *pairs = &lists[BY_PAIR];
    for (int kind = 0; kind < KINDS; kind++) {
        if (company(m, t, kind) != UINT64_MAX)
            collect(m, t, kind, &lists[kind]);
        if (!lists[kind].count ||
            (kind == BY_PAIR && places->count * pairs->count > PRODUCT_MOST)) {
            lists[kind] = (struct positions){ 0 };
            positions_add(&lists[kind], &m->scratch, 0); /* the root, NO_PAIR */
        }
    }
    for (size_t i = 0; i < places->count; i++)
        for (size_t k = 0; k < pairs->count; k++)
            add_entry(m, places->at[i], pairs->at[k], position);
    arena_reset(&m->scratch);
}

static int by_place(const void *a, const void *b) {
    const struct entry *x = a, *y = b;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    if (x->pair != y->pair)
        return x->pair < y->pair ? -1 : 1;
    return (x->position > y->position) - (x->position < y->position);
}

static void lay_out(struct making *m, struct arena *a) {
    struct crowd *c = m->crowd;
    size_t places = 2 * (size_t)c->path_count;
    qsort(m->entries, m->count, sizeof *m->entries, by_place);
    c->starts = arena_array(a, uint32_t, places + 1);
    c->pairs = arena_array(a, uint32_t, m->count + 1);
    c->positions = arena_array(a, uint32_t, m->count + 1);
    for (size_t i = 0; i < m->count; i++) {
        c->starts[m->entries[i].place + 1] = (uint32_t)i + 1;
        c->pairs[i] = m->entries[i].pair;
        c->positions[i] = m->entries[i].position;
    }
    for (size_t i = 1; i <= places; i++)
        if (c->starts[i] < c->starts[i - 1])
            c->starts[i] = c->starts[i - 1];
    arena_spare(a, m->entries, m->room * sizeof *m->entries);
}

struct crowd *crowd_new(struct arena *a, const struct positions *members, crowd_rule *rule,
                        const void *context) {
    struct crowd *c = arena_new(a, struct crowd);
    struct making m = { .crowd = c, .arena = a };
    for (int kind = 0; kind < KINDS; kind++) {
        c->needs[kind].arena = a;
        m.last[kind] = &m.first[kind];
        for (size_t i = 0; i < members->count; i++) {
            count_needs(&m, rule(context, members->at[i]), kind);
            arena_reset(&m.scratch);
        }
    }
    sort_paths(&m);
    uint32_t number = FIRST_PAIR;
    for (struct need *need = m.first[BY_PAIR]; need; need = need->next)
        need->number = number++;
    for (size_t i = 0; i < members->count; i++)
        enter(&m, rule(context, members->at[i]), members->at[i]);
    lay_out(&m, a);
    arena_free(&m.scratch);
    return c;
}

/* ---- asking ---- */

static void want(const struct crowd *c, struct str text, struct positions *to, struct arena *a) {
    const struct need *need = table_get(&c->needs[BY_PAIR], text);
    if (need)
        positions_add(to, a, need->number);
}

static void want_client(const struct crowd *c, const struct test_input *in, struct positions *to) {
    struct cidr client = cidr_unmapped(&in->client);
    for (unsigned length = 0; length <= client.bits; length++) {
        if (!c->lengths[client.bits == 128][length])
            continue;
        client.length = (uint8_t)length;
        want(c, client_text(in->scratch, &client), to, in->scratch);
    }
}

/* What the request has of all that rules ask for. */
static struct positions wanted(const struct crowd *c, const struct test_input *in) {
    struct arena *a = in->scratch;
    struct positions out = { 0 };
    positions_add(&out, a, NO_PAIR);
    if (!c->needs[BY_PAIR].count)
        return out;
    want(c, pair_text(a, 'm', in->method, STR("")), &out, a);
    for (const struct test_pair *p = in->headers; p; p = p->next)
        want(c, pair_text(a, 'h', p->key, p->value), &out, a);
    for (const struct test_pair *p = in->query; p; p = p->next)
        want(c, pair_text(a, 'q', p->key, p->value), &out, a);
    for (size_t i = 0; i < in->alpn.count; i++)
        want(c, pair_text(a, 'a', in->alpn.at[i], STR("")), &out, a);
    if (in->has_client)
        want_client(c, in, &out);
    return out;
}

/* The first of `sorted` that is not less. */
static uint32_t lower_bound(const uint32_t *sorted, uint32_t from, uint32_t to, uint32_t value) {
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (sorted[middle] < value)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

static void add_place(const struct crowd *c, uint32_t place, const struct positions *pairs,
                      struct merge *to) {
    uint32_t start = c->starts[place], end = c->starts[place + 1];
    for (size_t i = 0; i < pairs->count && start < end; i++) {
        uint32_t first = lower_bound(c->pairs, start, end, pairs->at[i]);
        uint32_t last = lower_bound(c->pairs, first, end, pairs->at[i] + 1);
        merge_add(to, c->positions + first, last - first);
    }
}

/* The last path that does not come after this one. */
static uint32_t path_before(const struct crowd *c, struct str path) {
    uint32_t from = 1, to = c->path_count;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (str_cmp(c->paths[middle], path) <= 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from - 1;
}

void crowd_find(const struct crowd *c, const struct test_input *in, struct merge *to) {
    struct positions pairs = wanted(c, in);
    uint32_t at = path_before(c, in->path);
    while (!str_starts(in->path, c->paths[at]))
        at = c->parents[at];
    if (at && c->paths[at].len == in->path.len)
        add_place(c, 2 * at + 1, &pairs, to);
    for (;; at = c->parents[at]) {
        add_place(c, 2 * at, &pairs, to);
        if (at == 0)
            return;
    }
}
