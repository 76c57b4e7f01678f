/* From the model of a compose file to the outline that a backend writes by. */
#pragma once

#include "lower/compose_file.h"
#include "source/outline.h"

/* Everything in the outline lives in `arena`, apart from the source's text; the trees may go. */
struct outline *compose_outline(struct arena *arena, const struct compose *c);

/* The outline of a text alone: other files are not looked at. NULL when Compose would not read it.
 */
struct outline *compose_outline_read(struct arena *arena, struct str text);
