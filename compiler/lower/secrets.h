/* secrets/NAME.txt: lines of NAME=value. A value never stands in a message. */
#pragma once

#include "source/diag.h"
#include "support/table.h"

struct secret {
    struct secret *next;
    struct str name, value;
    struct span span; /* of the name */
};

struct secrets {
    struct arena *arena; /* the compilation's: values are used when artefacts are written */
    struct table index;
    struct secret *first, *last;
    const struct source *file; /* the first one read, or NULL */
};

/* `struct secrets s = { .arena = a, .index.arena = a };` Of two values the later read one counts.
 */
void secrets_read(struct secrets *s, struct diags *diags, const struct source *source);
const struct secret *secrets_find(const struct secrets *s, struct str name);

/* Of all `${…}` in a text: the name of the one at `from`, which is moved behind it; `place` is
   where it stands in the text. False when there is none left. */
bool secrets_next_placeholder(struct str text, size_t *from, struct str *name, size_t place[2]);

/* A secret that nothing gives. `what` says what it is for, `at` is the nearest file's start;
   `encrypted` is the file that may hold it ("secrets/itsup.enc.txt"), or NULL. */
void secrets_tell_missing(struct diags *diags, struct span at, const char *name, const char *what,
                          const char *encrypted);
