/* The names that a ready-made proxy brings. */
#include "options/readymade.h"

enum { SECOND = 1 << 2, THIRD = 1 << 3 };

const struct readymade readymades[] = {
#define READYMADE(kind, name, generations, address)                                                \
    { READYMADE_##kind, { name, sizeof name - 1 }, generations, { address, sizeof address - 1 } },
#include "options/readymade.def"
#undef READYMADE
};
const size_t readymade_count = sizeof readymades / sizeof *readymades;

const struct readymade *readymade_find(unsigned generation, enum readymade_kind kind,
                                       struct str name) {
    for (size_t i = 0; i < readymade_count; i++)
        if (readymades[i].kind == kind && readymades[i].generations >> generation & 1 &&
            str_eq(readymades[i].name, name))
            return &readymades[i];
    return NULL;
}
