/* Tests while they are built, shared by the files for the two syntaxes of rules. */
#pragma once

#include "analysis/test.h"

struct test_build {
    struct arena *arena;
    struct str rule;
    bool wildcards, any_host; /* of 3.7.0 and of 3.7.7 */
    struct str refused;
};

/* Its arguments as they are compared; false, and the reason, when Traefik refuses them. */
bool test_build_matcher(struct test_build *b, struct test *t);
bool test_build_refuse(struct test_build *b, const struct test *t, const char *why);
/* An argument's text for as long as the test lives: what the rule itself holds stays there. */
struct str test_build_keep(struct test_build *b, struct str text);
