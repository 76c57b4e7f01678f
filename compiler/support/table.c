/* One hash table: slices to pointers; open addressing, linear probes, at most three quarters full.
 */
#include "support/table.h"

struct table_slot {
    const char *key; /* NULL in a free slot */
    void *value;
    uint32_t len, hash;
};

static bool is_key(const struct table_slot *slot, struct str key, uint32_t hash) {
    return slot->hash == hash && str_eq((struct str){ slot->key, slot->len }, key);
}

/* Texts are shorter than 4 GiB: the pool of all sources is. */
static struct table_slot *find(const struct table *t, struct str key, uint32_t hash) {
    size_t mask = t->room - 1;
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        struct table_slot *slot = &t->slots[i];
        if (!slot->key || is_key(slot, key, hash))
            return slot;
    }
}

void *table_get(const struct table *t, struct str key) {
    if (t->count == 0)
        return NULL;
    struct table_slot *slot = find(t, key, (uint32_t)str_hash(key));
    return slot->key ? slot->value : NULL;
}

static void grow(struct table *t) {
    struct table old = *t;
    size_t mask = (t->room = old.room ? old.room * 2 : 4) - 1;
    t->slots = arena_again(t->arena, t->room * sizeof *t->slots);
    memset(t->slots, 0, t->room * sizeof *t->slots);
    for (size_t i = 0; i < old.room; i++) {
        size_t at = old.slots[i].hash & mask;
        while (old.slots[i].key && t->slots[at].key)
            at = (at + 1) & mask;
        if (old.slots[i].key)
            t->slots[at] = old.slots[i];
    }
    arena_spare(t->arena, old.slots, old.room * sizeof *t->slots);
}

void **table_at(struct table *t, struct str key) {
    if (t->count * 4 >= t->room * 3)
        grow(t);
    uint32_t hash = (uint32_t)str_hash(key);
    struct table_slot *slot = find(t, key, hash);
    if (!slot->key) {
        slot->key = key.at ? key.at : "";
        slot->len = (uint32_t)key.len;
        slot->hash = hash;
        t->count++;
    }
    return &slot->value;
}
