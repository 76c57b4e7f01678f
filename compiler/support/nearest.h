/* "Did you mean": the known name that a misspelt one most likely stands for. */
#pragma once

#include "support/str.h"

struct nearest {
    struct str wanted;
    struct str best; /* empty while nothing is close enough */
    size_t distance;
};

/* `struct nearest n = { .wanted = word };`, then offer every candidate, then read `best`. */
void nearest_offer(struct nearest *n, struct str candidate);

/* Edits (insert, delete, replace, swap of neighbours) between two words, case aside; `limit` + 1
 * when more. */
size_t nearest_distance(struct str a, struct str b, size_t limit);
