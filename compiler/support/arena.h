/* Bump allocator: memory that is given back all at once. */
#pragma once

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *block; /* the newest; older ones hang behind it */
    char *at, *end;
    size_t total; /* bytes asked of the system so far */
};

/* A zeroed arena is ready for use: `struct arena a = { 0 };` */
void *arena_alloc(struct arena *a, size_t size); /* zeroed, aligned for any type; never NULL */
void *arena_copy(struct arena *a, const void *from, size_t size);
void arena_reset(struct arena *a); /* forgets everything, keeps one block for reuse */
void arena_free(struct arena *a);

#define arena_new(a, type)          ((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, type, count) ((type *)arena_alloc((a), sizeof(type) * (count)))

/* Called when the system has no more memory; it must not return. The default aborts. */
void arena_on_exhausted(void (*handler)(void));
