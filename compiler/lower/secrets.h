/* secrets/NAME.txt: lines of NAME=value. A value never stands in a message. */
#pragma once

#include "lower/tree.h"

/* Which file a value comes from; a later one wins, the environment comes last. */
enum secrets_from { SECRETS_TREE, SECRETS_ENV_FILE, SECRETS_FROM };

struct secrets {
    struct arena *arena; /* the compilation's: values are used when artefacts are written */
    struct table of[SECRETS_FROM];  /* name → its value, a struct str */
    const char *const *environment; /* "NAME=value", …, NULL; or NULL */
    const struct source *file;      /* the first one of the tree, or NULL */
    const char *encrypted;          /* secrets/itsup.enc.txt when only that is there, else NULL */
};

void secrets_start(struct secrets *s, struct arena *arena);
/* Of two values in one place the later read one counts. No message will show the file's lines. */
void secrets_read(struct secrets *s, enum secrets_from from, struct diags *diags,
                  struct source *source);
bool secrets_find(const struct secrets *s, struct str name, struct str *value);

/* Tells each `${…}` in the texts below a node that no secret gives a value: it stands in a file
   that Traefik reads, and Traefik expands nothing. */
void secrets_check_tree(struct diags *diags, struct arena *arena, const struct secrets *given,
                        const struct tree *node);

/* `${…}` of the text at `at` that no secret gives a value; false when there is none from there on.
   `from` and `to` say where it stands. */
bool secrets_lack(const struct secrets *given, struct str text, size_t at, size_t *from,
                  size_t *to);
/* The words to type, for such a one. */
void secrets_help(struct diags *diags, struct diag *d, const struct secrets *given,
                  struct str placeholder);

/* A secret that nothing gives. `what` says what it is for, `at` is the nearest file's start. */
void secrets_tell_missing(struct diags *diags, struct span at, const char *name, const char *what,
                          const struct secrets *given);
