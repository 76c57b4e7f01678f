/* The hosts that a rule needs are those of its Host and HostSNI: of an `and` any one part's will
   do, of an `or` all parts' together; whatever needs none is looked at for every host. */
#include "analysis/host_index.h"

static struct str key_of(struct str host) {
    return str_ends(host, STR(".")) ? str_slice(host, 0, host.len - 1) : host;
}

static bool is_host(const struct test *t) {
    return t->kind == RULE_MATCHER && !t->anything &&
           (t->matcher == MATCHER_HOST || t->matcher == MATCHER_HOST_SNI);
}

static bool needs_host(const struct test *t) {
    bool any = false, all = true;
    if (t->kind == RULE_MATCHER || t->kind == RULE_NOT)
        return is_host(t);
    for (const struct test *c = t->first; c; c = c->next) {
        bool one = needs_host(c);
        any = any || one;
        all = all && one;
    }
    return t->kind == RULE_AND ? any : all;
}

enum { MANY = 16 };

static void host_add(struct host_index *index, struct host_members *to, struct arena *a,
                     uint32_t position) {
    size_t before = to->positions.count;
    positions_add(&to->positions, a, position);
    if (before < MANY && to->positions.count == MANY) {
        to->next = index->many;
        index->many = to;
    }
}

static void add(struct host_index *index, struct arena *a, const struct test *t,
                uint32_t position) {
    if (is_host(t)) {
        void **slot = table_at(&index->hosts, key_of(t->a));
        if (!*slot)
            *slot = arena_new(a, struct host_members);
        host_add(index, *slot, a, position);
        return;
    }
    for (const struct test *c = t->first; c; c = c->next) {
        if (!needs_host(c))
            continue;
        add(index, a, c, position);
        if (t->kind == RULE_AND)
            return;
    }
}

void host_index_add(struct host_index *index, struct arena *a, const struct test *test,
                    uint32_t position) {
    index->hosts.arena = a;
    if (needs_host(test))
        add(index, a, test, position);
    else
        host_add(index, &index->rest, a, position);
}

void host_index_finish(struct host_index *index, struct arena *a, crowd_rule *rule,
                       const void *context) {
    for (struct host_members *many = index->many; many; many = many->next)
        many->crowd = crowd_new(a, &many->positions, rule, context);
}

static struct str with_star(struct str host, struct arena *a) {
    size_t dot = str_find(host, '.');
    size_t len = dot == STR_NONE ? 0 : host.len - dot;
    char *at = arena_alloc(a, len + 1);
    at[0] = '*';
    if (len)
        memcpy(at + 1, host.at + dot, len);
    return (struct str){ at, len + 1 };
}

struct lists {
    const struct host_members *at[3];
};

static struct lists lists_of(const struct host_index *index, struct str host, struct arena *a) {
    host = key_of(host);
    return (struct lists){ { &index->rest, table_get(&index->hosts, host),
                             table_get(&index->hosts, with_star(host, a)) } };
}

struct merge host_index_ask(const struct host_index *index, const struct test_input *in,
                            struct arena *a) {
    struct lists lists = lists_of(index, in->host.len ? in->host : in->sni, a);
    struct merge found = { .arena = a };
    for (size_t i = 0; i < 3; i++) {
        const struct host_members *some = lists.at[i];
        if (some && some->crowd)
            crowd_find(some->crowd, in, &found);
        else if (some)
            merge_add(&found, some->positions.at, some->positions.count);
    }
    return found;
}

struct merge host_index_find(const struct host_index *index, struct str host, struct arena *a) {
    struct lists lists = lists_of(index, host, a);
    struct merge found = { .arena = a };
    for (size_t i = 0; i < 3; i++)
        if (lists.at[i])
            merge_add(&found, lists.at[i]->positions.at, lists.at[i]->positions.count);
    return found;
}

size_t host_index_count(const struct host_index *index, struct str host, struct arena *a) {
    struct lists lists = lists_of(index, host, a);
    size_t count = 0;
    for (size_t i = 0; i < 3; i++)
        count += lists.at[i] ? lists.at[i]->positions.count : 0;
    return count;
}
