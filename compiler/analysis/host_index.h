/* Which routers of a table can match a request at all, in the table's order: found by hashing the
   host, and where one host has many, by what else their rules need. */
#pragma once

#include "analysis/crowd.h"
#include "support/table.h"

struct host_members {
    struct positions positions;
    struct crowd *crowd; /* NULL while they are few */
    struct host_members *next;
};

struct host_index {
    struct table hosts;       /* host without a dot at its end, or `*.rest` -> host_members */
    struct host_members rest; /* rules that may match any host */
    struct host_members *many;
};

/* `position` grows from call to call. */
void host_index_add(struct host_index *index, struct arena *a, const struct test *test,
                    uint32_t position);
/* After all of them. */
void host_index_finish(struct host_index *index, struct arena *a, crowd_rule *rule,
                       const void *context);

/* Those that may match, ascending, each once: of the request; or of the host, which is in lower
   case. `in` has a scratch arena, `a` holds the way. */
struct merge host_index_ask(const struct host_index *index, const struct test_input *in,
                            struct arena *a);
struct merge host_index_find(const struct host_index *index, struct str host, struct arena *a);
/* How many host_index_find would give, and those given twice once more. */
size_t host_index_count(const struct host_index *index, struct str host, struct arena *a);
