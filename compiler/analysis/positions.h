/* Lists of places in a table, ascending, and several of them read as one. */
#pragma once

#include "support/arena.h"

#include <stdint.h>

struct positions {
    uint32_t *at;
    size_t count;
};

/* `position` is not less than the last one; the last one again is not added. */
void positions_add(struct positions *list, struct arena *a, uint32_t position);

/* A heap of lists by their first positions. */
struct merge {
    struct arena *arena;
    struct positions *lists;
    size_t count, room;
    uint32_t last;
    bool begun;
};
void merge_add(struct merge *m, uint32_t *at, size_t count);
/* The least position that was not given yet, each once; false when there is none. */
bool merge_next(struct merge *m, uint32_t *position);
