/* Pieces of text to put into another text, which itself stays as it is. */
#pragma once

#include "support/buf.h"

struct insertion {
    struct insertion *next;
    size_t at;
    unsigned rank; /* at one place the lower rank stands first, then what was added first */
    struct str text;
};

struct insertions {
    struct arena *arena;
    struct insertion *first, *last;
    size_t count;
};

void insertions_add(struct insertions *list, size_t at, unsigned rank, struct str text);
struct str insertions_apply(const struct insertions *list, struct str text);
