/* A growing list of names. */
#pragma once

#include "support/str.h"

struct names {
    const char **at; /* NULL-terminated once anything was added */
    size_t count, room;
};

void names_add(struct names *n, struct arena *arena, const char *name);
void names_sort(struct names *n); /* by bytes */

/* Adds the parts of "a,b,c". */
void names_split(struct names *n, struct arena *arena, const char *text, char separator);
