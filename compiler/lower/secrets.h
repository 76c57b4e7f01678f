/* secrets/NAME.txt: lines of NAME=value. A value never stands in a message. */
#pragma once

#include "lower/tree.h"

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

/* Tells each `${…}` in the texts below a node that no secret gives a value: it stands in a file
   that Traefik reads, and Traefik expands nothing. */
void secrets_check_tree(struct diags *diags, struct arena *arena, const struct secrets *given,
                        const struct tree *node);

/* A secret that nothing gives. `what` says what it is for, `at` is the nearest file's start;
   `encrypted` is the file that may hold it ("secrets/itsup.enc.txt"), or NULL. */
void secrets_tell_missing(struct diags *diags, struct span at, const char *name, const char *what,
                          const char *encrypted);
