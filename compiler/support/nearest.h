/* "Did you mean": the known name that a misspelt one most likely stands for. */
#pragma once

#include "support/str.h"

struct nearest {
    struct str wanted;
    struct str best; /* empty while nothing is close enough */
    size_t distance;
    size_t *effort; /* of all searches that share it; without it there is no bound */
};

/* `struct nearest n = { .wanted = word };`, then offer every candidate, then read `best`. Once the
   shared effort is spent, candidates are passed over: a thousand hints help, a million do not. */
void nearest_offer(struct nearest *n, struct str candidate);

/* Counts `cost` comparisons of letters; false when the shared effort is spent. */
bool nearest_spend(const struct nearest *n, size_t cost);

/* Edits (insert, delete, replace, swap of neighbours) between two words, case aside; `limit` + 1
 * when more. */
size_t nearest_distance(struct str a, struct str b, size_t limit);
