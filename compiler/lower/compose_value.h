/* Scalars of a compose file that Compose or Docker reads further. */
#pragma once

#include "support/str.h"

enum compose_reading {
    READ_TEXT,
    READ_DURATION,
    READ_SWITCH,
    READ_COUNT,
    READ_BYTES,
    READ_DECIMAL,
    READ_HOST, /* "name:address" of extra_hosts */
    READ_NAME, /* of a container */
};

struct compose_fault {
    const char *what; /* follows "`text` is" */
    const char *effect;
    const char *help; /* follows "write" */
};

/* NULL when the text reads. */
const struct compose_fault *compose_value_fault(struct str text, enum compose_reading reading);
/* The first `${…}` that is no variable, at [from, to). */
bool compose_variable_fault(struct str text, size_t *from, size_t *to);
/* Unquoted, YAML makes a date of this: 2024-01-02. */
bool compose_is_date(struct str text);
