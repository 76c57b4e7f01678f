/* Bump allocator: memory that is given back all at once. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct arena_block;
struct arena_spare;

enum { ARENA_SPARES = 2 * 24 };

struct arena {
    struct arena_block *block; /* the newest; older ones hang behind it */
    char *at, *end;
    size_t total;                             /* bytes asked of the system so far */
    struct arena_spare *spares[ARENA_SPARES]; /* pieces handed back, by size */
};

/* A zeroed arena is ready for use: `struct arena a = { 0 };` */
void *arena_alloc(struct arena *a, size_t size); /* zeroed, aligned for any type; never NULL */
void *arena_bytes(struct arena *a, size_t size); /* the same, but for the zeros */
void *arena_copy(struct arena *a, const void *from, size_t size);
/* Makes the piece that was taken last longer, in place; false when another came after it. */
bool arena_extend(struct arena *a, void *piece, size_t size, size_t wanted);
/* For what grows by moving: hands a piece back, and takes one of exactly that size, not zeroed.
 */
void arena_spare(struct arena *a, void *piece, size_t size);
void *arena_again(struct arena *a, size_t size);
/* Where it stands; all that is taken behind it can be given back at once. */
struct arena_mark {
    struct arena_block *block;
    char *at;
};
struct arena_mark arena_mark(const struct arena *a);
void arena_back(struct arena *a, struct arena_mark mark);
void arena_reset(struct arena *a); /* forgets everything, keeps one block for reuse */
void arena_free(struct arena *a);
/* Blocks that were given back wait for the next who asks. When a piece of work is done most of them
   go back to the system. */
void arena_rest(void);

enum { ARENA_ALIGN = 8 }; /* of pointers and 64-bit numbers: we hold nothing larger */

/* arena_alloc for a size that the compiler knows: mostly a few stores, without a call. */
static inline void *arena_fixed(struct arena *a, size_t size) {
    size_t whole = (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
    if ((size_t)(a->end - a->at) < whole)
        return arena_alloc(a, size);
    void *memory = a->at;
    a->at += whole;
    return memset(memory, 0, size);
}

#define arena_new(a, type)          ((type *)arena_fixed((a), sizeof(type)))
#define arena_array(a, type, count) ((type *)arena_alloc((a), sizeof(type) * (count)))

/* Called when the system has no more memory; it must not return. The default aborts. */
void arena_on_exhausted(void (*handler)(void));
