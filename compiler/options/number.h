/* Numbers, sizes and durations as Traefik reads them, and what people write instead. */
#pragma once

#include "support/str.h"

/* Each wants the whole text. */
bool number_looks(struct str s);                          /* an optional sign, and digits */
bool number_int(struct str s, int64_t *out);              /* Go's ParseInt in base ten */
bool number_float(struct str s, double *out);             /* enough for a configuration */
bool number_duration(struct str s, int64_t *nanoseconds); /* Go's syntax, or bare seconds */

/* What was meant; empty when it cannot be told. */
struct str number_from_size(struct arena *a, struct str s); /* `10MiB` -> 10485760 */
struct str number_from_time(struct arena *a, struct str s); /* `30 sec` -> 30s, `7d` -> 168h */
