/* A rule as questions to a request: which hold, which do not, and which cannot be told. */
#pragma once

#include "analysis/untyped.h"
#include "options/rule.h"
#include "support/cidr.h"

struct regex_program;

enum test_answer { TEST_NO, TEST_YES, TEST_UNKNOWN };

struct test {
    struct test *next;  /* sibling */
    struct test *first; /* of AND, OR and NOT */
    enum rule_kind kind : 8;
    enum matcher_id matcher : 8;
    bool has_b : 1, anything : 1; /* anything: Host(`*`), which holds for every request */
    bool wildcards : 1;           /* a leading star stands for one label */
    struct str written;           /* the matcher as the rule has it */
    struct str a, b;              /* arguments, as they are compared */
    struct regex_program *regex;
    struct cidr *range; /* of ClientIP */
};

/* One request or connection, as matchers see it. */
struct test_pair {
    struct test_pair *next;
    struct str key, value;
};
/* Puts one behind the others; `tail` for the next. */
struct test_pair **test_pair_add(struct arena *a, struct test_pair **tail, struct str key,
                                 struct str value);
struct test_input {
    struct str host, sni; /* canonical */
    struct str path, method;
    struct test_pair *headers, *query; /* header names in canonical case */
    struct strs alpn;
    struct cidr client;
    bool has_client;
    struct arena *scratch;
};

/* What Traefik of that version makes of a rule; NULL, and `refused`, when it does not take it.
   Nothing of the test points into the parsed rule; it points into its text. */
struct test *test_new(struct arena *a, struct str rule, const struct rule *root, uint32_t version,
                      struct str *refused);
/* The same of a rule in the syntax of Traefik 2. */
struct test *test_new_v2(struct arena *a, struct str rule, const struct rule *root,
                         enum rule_layer layer, struct str *refused);
enum test_answer test_ask(const struct test *t, const struct test_input *in);
/* Why the answer is no: the matcher that decided, and what it met. */
struct str test_explain(const struct test *t, const struct test_input *in, struct arena *a);

/* Does the host fit `name`, `*.name` or, from 3.7.7 on, `*`? Both in lower case. */
bool test_host_fits(struct str host, struct str expression, bool wildcards);
