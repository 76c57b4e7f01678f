/* Growing text in an arena. */
#pragma once

#include "support/str.h"

struct buf {
    struct arena *arena;
    char *at;
    size_t len, room;
};

/* `struct buf b = { .arena = a };` */
void buf_reserve(struct buf *b, size_t more); /* when the size is known beforehand */
void buf_add(struct buf *b, struct str s);
void buf_repeat(struct buf *b, char c, size_t count);
void buf_format(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline void buf_char(struct buf *b, char c) {
    if (b->len == b->room)
        buf_reserve(b, 1);
    b->at[b->len++] = c;
}
static inline struct str buf_str(const struct buf *b) {
    return (struct str){ b->at ? b->at : "", b->len };
}
static inline void buf_text(struct buf *b, const char *text) {
    buf_add(b, str_of(text));
}
