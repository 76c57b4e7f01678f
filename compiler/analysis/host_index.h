/* Which routers of a table can match a host at all: found by hashing, in the table's order. */
#pragma once

#include "analysis/test.h"
#include "support/table.h"

struct positions {
    uint32_t *at;
    size_t count;
};

struct host_index {
    struct table hosts;    /* host without a dot at its end, or `*.rest` -> struct positions */
    struct positions rest; /* rules that may match any host */
};

/* `position` grows from call to call. */
void host_index_add(struct host_index *index, struct arena *a, const struct test *test,
                    uint32_t position);
/* Those that may match, ascending, each once. `host` is in lower case. */
struct positions host_index_find(const struct host_index *index, struct str host, struct arena *a);
/* How many host_index_find would give, and those given twice once more. */
size_t host_index_count(const struct host_index *index, struct str host, struct arena *a);
