/* Which of many routers of one host can match a request. Their rules are told apart by the path
   that they need, and by one more thing: a method, a header, a value of the query, a client, a
   protocol. What needs nothing of the kind is looked at for every request. */
#pragma once

#include "analysis/positions.h"
#include "analysis/test.h"

struct crowd;

/* The rule that stands at a position. */
typedef const struct test *crowd_rule(const void *context, uint32_t position);

struct crowd *crowd_new(struct arena *a, const struct positions *members, crowd_rule *rule,
                        const void *context);
/* Adds the lists of those that can match; each that does match is in one of them. */
void crowd_find(const struct crowd *c, const struct test_input *in, struct merge *to);
