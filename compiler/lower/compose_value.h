/* Scalars of a compose file that Compose reads further: variables, durations, switches, counts. */
#pragma once

#include "support/str.h"

enum compose_reading { READ_TEXT, READ_DURATION, READ_SWITCH, READ_COUNT };

/* What the text is not, in words that follow "`text` is"; NULL when it reads. */
const char *compose_value_fault(struct str text, enum compose_reading reading);
/* The first `${…}` that is no variable, at [from, to). */
bool compose_variable_fault(struct str text, size_t *from, size_t *to);
/* Unquoted, YAML makes a date of this: 2024-01-02. */
bool compose_is_date(struct str text);
