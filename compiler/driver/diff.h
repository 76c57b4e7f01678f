/* The unified difference of two texts, as `patch -p1` reads it. */
#pragma once

#include "driver/run.h"

/* Prints nothing when they are equal. Time and memory stay bounded: where the texts differ beyond
   measure, whole stretches are shown as replaced. */
void diff_print(struct stream *out, const char *name, struct str before, struct str after);
