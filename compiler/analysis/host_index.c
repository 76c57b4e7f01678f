/* The hosts that a rule needs are those of its Host and HostSNI: of an `and` any one part's will
   do, of an `or` all parts' together; whatever needs none is looked at for every host. */
#include "analysis/host_index.h"

#include <stdlib.h>

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

static void positions_add(struct positions *list, struct arena *a, uint32_t position) {
    if (list->count && list->at[list->count - 1] == position)
        return;
    if ((list->count & (list->count - 1)) == 0) {
        uint32_t *at = arena_array(a, uint32_t, list->count ? 2 * list->count : 1);
        if (list->count)
            memcpy(at, list->at, list->count * sizeof *at);
        list->at = at;
    }
    list->at[list->count++] = position;
}

static void add(struct host_index *index, struct arena *a, const struct test *t,
                uint32_t position) {
    if (is_host(t)) {
        void **slot = table_at(&index->hosts, key_of(t->a));
        if (!*slot)
            *slot = arena_new(a, struct positions);
        positions_add(*slot, a, position);
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
        positions_add(&index->rest, a, position);
}

static int ascending(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
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

struct positions host_index_find(const struct host_index *index, struct str host, struct arena *a) {
    host = key_of(host);
    const struct positions *parts[] = { &index->rest, table_get(&index->hosts, host),
                                        table_get(&index->hosts, with_star(host, a)) };
    struct positions found = { 0 };
    size_t most = 0;
    for (size_t i = 0; i < 3; i++)
        most += parts[i] ? parts[i]->count : 0;
    found.at = arena_array(a, uint32_t, most + 1);
    for (size_t i = 0; i < 3; i++)
        if (parts[i] && parts[i]->count) {
            memcpy(found.at + found.count, parts[i]->at, parts[i]->count * sizeof *found.at);
            found.count += parts[i]->count;
        }
    qsort(found.at, found.count, sizeof *found.at, ascending);
    size_t kept = 0;
    for (size_t i = 0; i < found.count; i++)
        if (kept == 0 || found.at[kept - 1] != found.at[i])
            found.at[kept++] = found.at[i];
    found.count = kept;
    return found;
}

size_t host_index_count(const struct host_index *index, struct str host, struct arena *a) {
    host = key_of(host);
    const struct positions *parts[] = { &index->rest, table_get(&index->hosts, host),
                                        table_get(&index->hosts, with_star(host, a)) };
    size_t count = 0;
    for (size_t i = 0; i < 3; i++)
        count += parts[i] ? parts[i]->count : 0;
    return count;
}
