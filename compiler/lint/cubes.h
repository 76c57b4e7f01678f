/* A rule as alternatives, each of which is a list of matchers that must hold (or must not). */
#pragma once

#include "analysis/test.h"
#include "support/regex_program.h"

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
/* What belongs to both. */
struct cube cube_join(struct arena *a, const struct cube *x, const struct cube *y);
/* Is `wide` true wherever `narrow` is? False when that cannot be told. */
bool literal_implies(struct arena *scratch, const struct literal *narrow,
                     const struct literal *wide);
/* Has no request both? False when that cannot be told; neither is looked at for its negation. */
bool literals_exclude(struct arena *scratch, const struct literal *x, const struct literal *y);
/* Does the host begin with a star that stands for a label? In Traefik 2 it is a letter. */
bool cube_is_wildcard(const struct test *t);
/* Does it hold for every request? False when that cannot be told. */
bool literal_is_always(struct arena *scratch, const struct literal *x);
/* The host without a dot at its end, which makes no difference to Host. */
struct str cube_host(const struct test *t);
/* The host of its requests as the rule has it; empty when it has none. */
struct str cube_asks_host(const struct cube *c);
/* Does the regular expression answer so for each host that the matcher takes? */
bool cube_regex_of_host(struct arena *scratch, const struct test *regex, const struct test *host,
                        enum regex_answer answer);
/* Does every request of `narrow` belong to `wide`? False when that cannot be told. */
bool cube_covers(struct arena *scratch, const struct cube *wide, const struct cube *narrow);
/* Is there no such request? False when that cannot be told. */
bool cube_is_empty(struct arena *scratch, const struct cube *c);
/* The same as cube_covers of all of them together, each but in parts. */
bool cube_is_covered(struct arena *scratch, const struct cube *c, const struct cube *wide,
                     size_t count);
