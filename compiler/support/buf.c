/* Growing text in an arena. */
#include "support/buf.h"

/* Mostly a text grows where it stands. The old bytes of one that moves stay, for slices may point
   to them; doubling bounds the waste to the final size. */
void buf_reserve(struct buf *b, size_t more) {
    if (b->room - b->len >= more)
        return;
    size_t least = b->room ? b->room * 2 : 24, room = b->len + more;
    if (room < least)
        room = least;
    if (!b->room || !arena_extend(b->arena, b->at, b->room, room)) {
        char *at = arena_bytes(b->arena, room);
        if (b->len)
            memcpy(at, b->at, b->len);
        b->at = at;
    }
    b->room = room;
}

void buf_add(struct buf *b, struct str s) {
    if (s.len == 0)
        return;
    buf_reserve(b, s.len);
    memcpy(b->at + b->len, s.at, s.len);
    b->len += s.len;
}

void buf_repeat(struct buf *b, char c, size_t count) {
    if (count == 0)
        return;
    buf_reserve(b, count);
    memset(b->at + b->len, c, count);
    b->len += count;
}

void buf_format(struct buf *b, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    buf_reserve(b, 64); /* mostly enough: then the text is laid out once */
    int len = str_lay_out(b->at + b->len, b->room - b->len, format, args);
    va_end(args);
    if (len > 0 && (size_t)len >= b->room - b->len) {
        buf_reserve(b, (size_t)len + 1);
        str_lay_out(b->at + b->len, (size_t)len + 1, format, again);
    }
    if (len > 0)
        b->len += (size_t)len;
    va_end(again);
}
