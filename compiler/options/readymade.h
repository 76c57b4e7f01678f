/* The names that a ready-made proxy brings: entry points, resolvers, plugins, middlewares. */
#pragma once

#include "support/str.h"

enum readymade_kind {
    READYMADE_ENTRYPOINT,
    READYMADE_RESOLVER,
    READYMADE_PLUGIN,
    READYMADE_MIDDLEWARE
};

struct readymade {
    enum readymade_kind kind;
    struct str name;
    unsigned generations; /* bit N: that of `stack itsup N` */
    struct str address;   /* of an entry point */
};

extern const struct readymade readymades[];
extern const size_t readymade_count;

/* The row of that name, or NULL. Generation 0 has none. */
const struct readymade *readymade_find(unsigned generation, enum readymade_kind kind,
                                       struct str name);
