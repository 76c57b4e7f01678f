/* "Did you mean": the known name that a misspelt one most likely stands for. */
#include "support/nearest.h"

enum { LONGEST = 64, MOST_EFFORT = 100000000 };

/* Damerau-Levenshtein (optimal string alignment) over three rows; words beyond LONGEST never match.
 */
size_t nearest_distance(struct str a, struct str b, size_t limit) {
    if (a.len > LONGEST || b.len > LONGEST)
        return limit + 1;
    if ((a.len > b.len ? a.len - b.len : b.len - a.len) > limit)
        return limit + 1;
    size_t rows[3][LONGEST + 1];
    size_t *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b.len; j++)
        last[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        char ca = char_lower(a.at[i - 1]);
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            char cb = char_lower(b.at[j - 1]);
            size_t best = last[j - 1] + (ca != cb);
            if (last[j] + 1 < best)
                best = last[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            if (i > 1 && j > 1 && ca == char_lower(b.at[j - 2]) && char_lower(a.at[i - 2]) == cb &&
                before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            row[j] = best;
        }
        size_t *reuse = before;
        before = last;
        last = row;
        row = reuse;
    }
    return last[b.len] > limit ? limit + 1 : last[b.len];
}

bool nearest_spend(const struct nearest *n, size_t cost) {
    if (!n->effort)
        return true;
    if (*n->effort > MOST_EFFORT)
        return false;
    *n->effort += cost;
    return true;
}

/* Of two that are equally near: fingers leave out a letter more often than they take another. */
static bool comes_first(const struct nearest *n, struct str candidate) {
    bool longer = candidate.len > n->wanted.len, best = n->best.len > n->wanted.len;
    return longer != best ? longer : str_cmp(candidate, n->best) < 0;
}

void nearest_offer(struct nearest *n, struct str candidate) {
    size_t limit = n->wanted.len < 3 ? 1 : n->wanted.len < 6 ? 2 : n->wanted.len / 3;
    if (candidate.len == 0 || (n->wanted.len <= 2 && candidate.len > 3))
        return;
    size_t gap = candidate.len > n->wanted.len ? candidate.len - n->wanted.len
                                               : n->wanted.len - candidate.len;
    if (!nearest_spend(n, gap > limit ? 8 : 8 + n->wanted.len * candidate.len))
        return;
    size_t distance = nearest_distance(n->wanted, candidate, limit);
    if (distance > limit || distance >= n->wanted.len)
        return;
    if (n->best.len == 0 || distance < n->distance ||
        (distance == n->distance && comes_first(n, candidate))) {
        n->best = candidate;
        n->distance = distance;
    }
}
