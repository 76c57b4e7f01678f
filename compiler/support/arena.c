/* Bump allocator: memory that is given back all at once. The only caller of malloc. */
#include "support/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct arena_block {
    struct arena_block *older;
    size_t size; /* of data */
    alignas(max_align_t) char data[];
};

enum {
    FIRST_BLOCK = 16 * 1024,
    LARGEST_STEP = 8 * 1024 * 1024,
    HUGE_PAGE = 2 * 1024 * 1024,
    LEAST_HUGE = 2 * HUGE_PAGE,
    IDLE_SIZE = 128 * 1024,
};

static void (*on_exhausted)(void) = abort;

void arena_on_exhausted(void (*handler)(void)) {
    on_exhausted = handler;
}

static void *must(void *memory) {
    if (!memory) {
        on_exhausted();
        abort(); /* a handler that returns would let NULL out */
    }
    return memory;
}

/* A large block lies on huge pages where the system has them: touching memory for the first time
   costs more than filling it. One such page is there as a whole as soon as its first byte is used,
   so that an arena of a few megabytes does without. */
static struct arena_block *new_block(size_t size) {
#ifdef MADV_HUGEPAGE
    if (size >= LEAST_HUGE) {
        size = (size + HUGE_PAGE - 1) & ~(size_t)(HUGE_PAGE - 1);
        void *block = must(aligned_alloc(HUGE_PAGE, size));
        madvise(block, size, MADV_HUGEPAGE);
        return block;
    }
#endif
    return must(malloc(size));
}

/* Large blocks that were given back, for the next who asks: the system clears what it hands out,
   which costs more than all else that is done with it. */
enum { MOST_IDLE = 64, RESTING_IDLE = 4 };
static struct arena_block *idle[MOST_IDLE];

static void release(struct arena_block *block) {
    for (int i = 0; i < MOST_IDLE && block->size >= IDLE_SIZE; i++)
        if (!idle[i]) {
            idle[i] = block;
            return;
        }
    free(block);
}

void arena_rest(void) {
    for (int i = RESTING_IDLE; i < MOST_IDLE; i++) {
        free(idle[i]);
        idle[i] = NULL;
    }
}

/* A block that is idle and fits, or NULL. */
static struct arena_block *reuse(size_t size) {
    for (int i = 0; i < MOST_IDLE; i++)
        if (idle[i] && idle[i]->size >= size && idle[i]->size / 8 <= size) {
            struct arena_block *block = idle[i];
            idle[i] = NULL;
            return block;
        }
    return NULL;
}

/* Blocks double up to a step that keeps the waste small beside what is in use. */
static void grow(struct arena *a, size_t size) {
    size_t step = a->block ? a->block->size * 2 : FIRST_BLOCK;
    if (step > LARGEST_STEP)
        step = LARGEST_STEP;
    if (step < size)
        step = size;
    if (step >= LEAST_HUGE) /* whole huge pages, the head included */
        step = ((sizeof(struct arena_block) + step + HUGE_PAGE - 1) & ~(size_t)(HUGE_PAGE - 1)) -
               sizeof(struct arena_block);
    struct arena_block *block = step >= IDLE_SIZE ? reuse(step) : NULL;
    if (!block) {
        block = new_block(sizeof *block + step);
        block->size = step;
    }
    step = block->size;
    block->older = a->block;
    a->block = block;
    a->at = block->data;
    a->end = block->data + step;
    a->total += step;
}

static size_t rounded(size_t size) {
    return size ? (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1) : ARENA_ALIGN;
}

void *arena_bytes(struct arena *a, size_t size) {
    if (size > SIZE_MAX / 2)
        must(NULL);
    size = rounded(size);
    if ((size_t)(a->end - a->at) < size)
        grow(a, size);
    void *memory = a->at;
    a->at += size;
    return memory;
}

void *arena_alloc(struct arena *a, size_t size) {
    return memset(arena_bytes(a, size), 0, size);
}

void *arena_copy(struct arena *a, const void *from, size_t size) {
    void *memory = arena_bytes(a, size);
    if (size)
        memcpy(memory, from, size);
    return memory;
}

bool arena_extend(struct arena *a, void *piece, size_t size, size_t wanted) {
    char *end = (char *)piece + rounded(size);
    if (!piece || end != a->at || wanted > SIZE_MAX / 2 ||
        (size_t)(a->end - (char *)piece) < rounded(wanted))
        return false;
    a->at = (char *)piece + rounded(wanted);
    return true;
}

struct arena_spare {
    struct arena_spare *next;
    size_t size;
};

/* Sizes that double from whatever start share a list with few others. */
static struct arena_spare **spares_of(struct arena *a, size_t size) {
    size_t at = 0;
    for (; size > 3; size >>= 1)
        at += 2;
    at += size == 3;
    return at < ARENA_SPARES ? &a->spares[at] : NULL;
}

void arena_spare(struct arena *a, void *piece, size_t size) {
    struct arena_spare *spare = piece, **list = spares_of(a, size);
    if (!piece || !list || size < sizeof *spare)
        return;
    *spare = (struct arena_spare){ *list, size };
    *list = spare;
}

void *arena_again(struct arena *a, size_t size) {
    struct arena_spare **list = spares_of(a, size), *spare = list ? *list : NULL;
    if (!spare || spare->size != size)
        return arena_bytes(a, size);
    *list = spare->next;
    return spare;
}

struct arena_mark arena_mark(const struct arena *a) {
    return (struct arena_mark){ a->block, a->at };
}

/* The first block stays when there was none: the next file fills it again. */
void arena_back(struct arena *a, struct arena_mark mark) {
    if (!mark.block) {
        arena_reset(a);
        return;
    }
    memset(a->spares, 0, sizeof a->spares); /* they may lie behind the mark */
    while (a->block != mark.block) {
        struct arena_block *older = a->block->older;
        a->total -= a->block->size;
        release(a->block);
        a->block = older;
    }
    a->at = mark.at;
    a->end = a->block->data + a->block->size;
}

void arena_reset(struct arena *a) {
    struct arena_block *keep = a->block;
    memset(a->spares, 0, sizeof a->spares);
    if (!keep)
        return;
    for (struct arena_block *b = keep->older, *older; b; b = older) {
        older = b->older;
        release(b);
    }
    keep->older = NULL;
    a->at = keep->data;
    a->end = keep->data + keep->size;
    a->total = keep->size;
}

void arena_free(struct arena *a) {
    for (struct arena_block *b = a->block, *older; b; b = older) {
        older = b->older;
        release(b);
    }
    *a = (struct arena){ 0 };
}
