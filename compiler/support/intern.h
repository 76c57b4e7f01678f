/* Names kept once, so that equal names are equal pointers. */
#pragma once

#include "support/table.h"

struct intern {
    struct table names;
};

/* `struct intern i = { .names.arena = a };` The result lives in that arena, followed by a NUL. */
struct str intern(struct intern *i, struct str s);
