/* A rule as alternatives, each of which is a list of matchers that must hold (or must not). */
#pragma once

#include "analysis/test.h"

struct literal {
    const struct test *test; /* a matcher */
    bool negated;
};
struct cube {
    struct literal *at;
    size_t count;
};
struct cubes {
    struct cube *at;
    size_t count;
    bool whole; /* false: the rule has more alternatives than are looked at */
};

struct cubes cubes_of(struct arena *a, const struct test *test);
/* Does every request of `narrow` belong to `wide`? False when that cannot be told. */
bool cube_covers(const struct cube *wide, const struct cube *narrow);
