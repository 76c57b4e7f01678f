/* Run-time variables `${NAME}` in text, and credentials that were written out in clear. */
#pragma once

#include "support/fault.h"
#include "support/str.h"

#define SECRET_ERRORS(X)                                                                           \
    X(SECRET_OK, "nothing is wrong")                                                               \
    X(SECRET_OPEN, "${ is never closed by }")                                                      \
    X(SECRET_NAME_EMPTY, "a variable's name is missing")                                           \
    X(SECRET_NAME, "a variable's name is letters, digits and _, and begins with no digit")         \
    X(SECRET_FORM, "a variable is ${NAME}, ${NAME:-default} or ${NAME:?message}")

enum secret_error { SECRET_ERRORS(FAULT_NAME) };

enum secret_form {
    SECRET_PLAIN,    /* ${NAME} */
    SECRET_DEFAULT,  /* ${NAME:-text} */
    SECRET_REQUIRED, /* ${NAME:?text} */
};

struct secret {
    size_t from, to; /* of the whole ${…} */
    enum secret_form form;
    struct str name;
    struct str text; /* the default or the message */
};

/* The next variable at or after `at`; false when there is none, or when one is malformed: then the
   fault says how, and its `to` is where to go on. `$${` is an escaped dollar and no variable. */
bool secret_next(struct str text, size_t at, struct secret *out, struct fault *fault);
bool secret_is_name(struct str text);
bool secret_present(struct str text); /* a well-formed variable stands in it */

enum secret_literal {
    SECRET_LITERAL_NONE,
    SECRET_LITERAL_HASH,  /* an htpasswd hash: $apr1$, $2y$, {SHA}, … */
    SECRET_LITERAL_TOKEN, /* a long random word under a key that names a credential */
};

/* What `value`, written under `key` (may be empty), gives away; offsets are within the value. */
enum secret_literal secret_find_literal(struct str key, struct str value, size_t *from, size_t *to);
const char *secret_error_text(int error);
