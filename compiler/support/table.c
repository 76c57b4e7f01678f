/* One hash table: slices to pointers; open addressing, linear probes, at most half full. */
#include "support/table.h"

struct table_slot {
    struct str key; /* at is NULL in a free slot */
    void *value;
    uint64_t hash;
};

static struct table_slot *find(const struct table *t, struct str key, uint64_t hash) {
    size_t mask = t->room - 1;
    for (size_t i = (size_t)hash & mask;; i = (i + 1) & mask) {
        struct table_slot *slot = &t->slots[i];
        if (!slot->key.at || (slot->hash == hash && str_eq(slot->key, key)))
            return slot;
    }
}

void *table_get(const struct table *t, struct str key) {
    if (t->count == 0)
        return NULL;
    struct table_slot *slot = find(t, key, str_hash(key));
    return slot->key.at ? slot->value : NULL;
}

static void grow(struct table *t) {
    struct table old = *t;
    t->room = old.room ? old.room * 2 : 8;
    t->slots = arena_array(t->arena, struct table_slot, t->room);
    for (size_t i = 0; i < old.room; i++)
        if (old.slots[i].key.at)
            *find(t, old.slots[i].key, old.slots[i].hash) = old.slots[i];
}

void **table_at(struct table *t, struct str key) {
    if (t->count * 2 >= t->room)
        grow(t);
    uint64_t hash = str_hash(key);
    struct table_slot *slot = find(t, key, hash);
    if (!slot->key.at) {
        slot->key = key.at ? key : STR("");
        slot->hash = hash;
        t->count++;
    }
    return &slot->value;
}
