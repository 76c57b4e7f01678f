/* Many small things by number: a number is half a pointer, nothing moves, and nothing is left
   behind when there are more. */
#pragma once

#include "support/str.h"

struct pool {
    struct arena *arena;
    char **pieces;
    uint32_t count, room; /* of pieces */
    uint32_t used;        /* the number that comes next */
};

/* `struct pool p = { .arena = a };` The bytes are not zeroed; their number is never 0. */
uint32_t pool_take(struct pool *p, size_t size, size_t align);
/* A text with a NUL behind it, by its place. */
char *pool_text(struct pool *p, size_t len);

enum { POOL_PIECE = 8 * 1024 };

static inline void *pool_at(const struct pool *p, uint32_t number) {
    return p->pieces[number / POOL_PIECE] + number % POOL_PIECE;
}
