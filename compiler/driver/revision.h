/* A revision of git as a folder: `HEAD~1`, `v1.2:infra`. git itself is run, and only for a word
   that is no path. */
#pragma once

#include "driver/run.h"

struct revision {
    const char *folder;   /* what to look at: the word itself, or where it was unpacked */
    const char *unpacked; /* what to take away again; NULL for nothing */
};

/* False, after telling why, when it is neither a path nor a revision; to be closed all the same. */
bool revision_open(struct run *run, const char *word, struct revision *out);
/* Takes away what was unpacked. */
void revision_close(struct run *run, const struct revision *revision);
