/* Many small things by number. */
#include "support/pool.h"

/* As many pieces as one thing needs lie in one row, so that it does not end where a piece does. */
static void grow(struct pool *p, size_t size) {
    size_t more = (size + POOL_PIECE - 1) / POOL_PIECE, most = UINT32_MAX / POOL_PIECE;
    if (more > most - p->count)
        arena_bytes(p->arena, SIZE_MAX); /* tells that there is no more memory */
    if (p->count + more > p->room) {
        size_t room = p->room * 2 > p->count + more ? p->room * 2 : p->count + more + 8;
        char **pieces = arena_bytes(p->arena, room * sizeof *pieces);
        if (p->count)
            memcpy(pieces, p->pieces, p->count * sizeof *pieces);
        p->pieces = pieces;
        p->room = (uint32_t)room;
    }
    char *row = arena_bytes(p->arena, more * POOL_PIECE);
    for (size_t i = 0; i < more; i++)
        p->pieces[p->count + i] = row + i * POOL_PIECE;
    p->used = p->count * POOL_PIECE;
    p->count += (uint32_t)more;
}

uint32_t pool_take(struct pool *p, size_t size, size_t align) {
    size_t skip = p->used ? (align - p->used % align) % align : align; /* 0 is nothing's number */
    if ((size_t)p->count * POOL_PIECE - p->used < skip + size) {
        bool first = p->count == 0;
        grow(p, size + align);
        skip = first ? align : 0;
    }
    uint32_t number = p->used + (uint32_t)skip;
    p->used = number + (uint32_t)size;
    return number;
}

char *pool_text(struct pool *p, size_t len) {
    char *text = pool_at(p, pool_take(p, len + 1, 1));
    text[len] = 0;
    return text;
}
