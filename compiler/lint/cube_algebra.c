/* Alternatives as sets of requests: which are empty, and what is left of one when others are taken
   away. Emptiness is proved or not claimed, so a remainder that is claimed to be empty is. */
#include "lint/cubes.h"

enum { PIECES_MOST = 512 };

static bool is_matcher(const struct literal *l, enum matcher_id id) {
    return l->test->matcher == id && !l->test->anything;
}

static bool hosts_exclude(const struct test *a, const struct test *b) {
    struct str one = cube_host(a), two = cube_host(b);
    if (cube_is_wildcard(a) && cube_is_wildcard(b))
        return !str_eq(one, two);
    return cube_is_wildcard(a) ? !test_host_fits(two, one, a->wildcards)
                               : !test_host_fits(one, two, b->wildcards);
}

/* Two values that one request cannot have both. */
static bool exclude(struct arena *scratch, const struct literal *x, const struct literal *y) {
    const struct test *a = x->test, *b = y->test;
    if (a->matcher == b->matcher) {
        switch (a->matcher) {
        case MATCHER_HOST:
        case MATCHER_HOST_SNI: return !a->anything && !b->anything && hosts_exclude(a, b);
        case MATCHER_PATH:
        case MATCHER_METHOD: return !str_eq(a->a, b->a);
        case MATCHER_PATH_PREFIX: return !str_starts(a->a, b->a) && !str_starts(b->a, a->a);
        case MATCHER_CLIENT_IP:
            return a->range->bits == b->range->bits && !cidr_overlaps(a->range, b->range);
        default: return false;
        }
    }
    if (is_matcher(x, MATCHER_PATH) && b->matcher == MATCHER_PATH_PREFIX)
        return !str_starts(a->a, b->a);
    if (is_matcher(x, MATCHER_PATH) && b->matcher == MATCHER_PATH_REGEXP)
        return regex_match(b->regex, a->a, scratch) == REGEX_NO;
    if (is_matcher(x, MATCHER_HOST) && !cube_is_wildcard(a) && b->matcher == MATCHER_HOST_REGEXP) {
        return cube_regex_of_host(scratch, b, a, REGEX_NO) &&
               regex_match(b->regex, STR(""), scratch) == REGEX_NO;
    }
    return false;
}

bool literals_exclude(struct arena *scratch, const struct literal *x, const struct literal *y) {
    return exclude(scratch, x, y) || exclude(scratch, y, x);
}

bool cube_is_empty(struct arena *scratch, const struct cube *c) {
    for (size_t i = 0; i < c->count; i++) {
        const struct literal *x = &c->at[i];
        struct literal held = { x->test, false };
        if (x->negated && literal_is_always(scratch, &held))
            return true;
        for (size_t j = 0; j < c->count; j++) {
            const struct literal *y = &c->at[j];
            if (x->negated)
                continue;
            if (!y->negated && literals_exclude(scratch, x, y))
                return true;
            struct literal other = { y->test, false };
            if (y->negated && literal_implies(scratch, x, &other))
                return true;
        }
    }
    return false;
}

struct taking {
    struct arena *arena;
    size_t pieces;
};

/* Is nothing left of `c` when wide[0], wide[1], … are taken away? */
static bool is_used_up(struct taking *t, const struct cube *c, const struct cube *wide,
                       size_t count) {
    if (cube_is_empty(t->arena, c))
        return true;
    if (count == 0 || ++t->pieces > PIECES_MOST)
        return false;
    if (cube_covers(t->arena, &wide[0], c))
        return true;
    struct literal *room = arena_array(t->arena, struct literal, c->count + wide[0].count + 1);
    struct cube rest = { room, c->count };
    if (c->count)
        memcpy(room, c->at, c->count * sizeof *room);
    /* What fails its first literal, what holds that and fails the second, and so on. */
    for (size_t i = 0; i < wide[0].count; i++) {
        room[rest.count] = wide[0].at[i];
        room[rest.count].negated = !wide[0].at[i].negated;
        rest.count++;
        if (!is_used_up(t, &rest, wide + 1, count - 1))
            return false;
        room[rest.count - 1].negated = wide[0].at[i].negated;
    }
    return true;
}

bool cube_is_covered(struct arena *scratch, const struct cube *c, const struct cube *wide,
                     size_t count) {
    struct taking t = { .arena = scratch };
    return is_used_up(&t, c, wide, count);
}
