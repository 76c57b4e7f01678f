/* One line on a terminal that tells how far long work is (-v); it goes before anything else is
   written there. */
#pragma once

#include "support/str.h"

#include <stdio.h>

enum progress_kind { PROGRESS_READ, PROGRESS_WEIGHED, PROGRESS_KINDS };

struct progress {
    FILE *terminal; /* NULL: nobody asked, or nobody sees it */
    size_t counts[PROGRESS_KINDS];
    bool shown;
};

void progress_step(struct progress *p, enum progress_kind kind);
void progress_clear(struct progress *p);
