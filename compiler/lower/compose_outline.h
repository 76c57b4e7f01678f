/* From the model of a compose file to the outline that a backend writes by. */
#pragma once

#include "lower/compose_file.h"
#include "source/outline.h"

/* Everything in the outline lives in `arena`, apart from the source's text; the trees may go.
   A brief one costs half as much; compose_outline_again makes the whole of it when it is plain. */
struct outline *compose_outline(struct arena *arena, const struct compose *c, bool brief);
struct outline *compose_outline_again(struct arena *arena, struct source *source);

/* The outline of a text alone: other files are not looked at. NULL when Compose would not read it.
 */
struct outline *compose_outline_read(struct arena *arena, struct str text);
