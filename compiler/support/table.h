/* One hash table: slices to pointers. Its order is never visible; keep a list beside it for that.
 */
#pragma once

#include "support/str.h"

struct table_slot;

struct table {
    struct arena *arena;
    struct table_slot *slots;
    size_t room, count;
};

/* `struct table t = { .arena = a };` Keys are not copied: they must live as long as the table. */
void *table_get(const struct table *t, struct str key); /* NULL when absent */

/* The place of the key's value, made (holding NULL) when the key is new. Valid until the next call.
 */
void **table_at(struct table *t, struct str key);
