/* A text as it has to be written at a place of a file, whatever quotes stand around it there. */
#pragma once

#include "source/source.h"

/* False when it cannot be written there. */
bool requote(struct arena *a, const struct sources *sources, struct span place, struct str text,
             struct str *out);
