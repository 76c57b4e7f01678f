/* Slugs: any text made into part of a host label. */
#pragma once

#include "support/fault.h"
#include "support/str.h"

#define SLUG_ERRORS(X)                                                                             \
    X(SLUG_OK, "nothing is wrong")                                                                 \
    X(SLUG_EMPTY, "nothing of this text can stand in a host name")                                 \
    X(SLUG_TOO_SHORT, "a unique slug needs room for at least 8 characters")

enum slug_error { SLUG_ERRORS(FAULT_NAME) };

/* slug(limit), or slug(limit) unique: then `-` and 6 hex digits of the text's SHA-256 follow
   whenever the slug differs from the lower-cased text. */
struct fault slug_make(struct arena *a, struct str text, size_t limit, bool unique,
                       struct str *slug);
const char *slug_error_text(int error);
