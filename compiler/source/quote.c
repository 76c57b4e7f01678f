/* The part of a source line that fits a terminal, and the columns in it where a span stands. */
#include "source/quote.h"

#include "support/utf8.h"
#include "support/width.h"

/* Bytes looked at before and after a span's start: a line may be as long as a file. */
enum { LOOK = 4096 };

/* Columns kept before a span that is wider than the terminal. */
enum { CONTEXT = 8 };

static bool inside_character(struct str s, size_t at) {
    return at < s.len && ((unsigned char)s.at[at] & 0xc0) == 0x80;
}

/* The columns of `s` before the byte `at`; a glyph that crosses it counts whole or not at all. */
static size_t columns_before(struct str s, size_t at, bool whole) {
    size_t columns = 0;
    for (size_t i = 0; i < at && i < s.len;) {
        struct glyph g = glyph_next(s, i);
        i += g.bytes;
        if (i <= at || whole)
            columns += g.columns;
    }
    return columns;
}

/* The first column to show of a text that is `all` wide and does not fit. */
static size_t first_column(const struct quote *q, size_t all, size_t room) {
    if (!q->cut_left && q->mark_to + 1 <= room)
        return 0; /* the line's beginning says most */
    size_t inner = room - 2;
    size_t span = q->mark_to - q->mark_from;
    size_t before = span < inner ? (inner - span) / 2 : CONTEXT;
    size_t first = q->mark_from > before ? q->mark_from - before : 0;
    size_t last = all > room - 1 ? all - (room - 1) : 0; /* shows the end, with "…" before it */
    return !q->cut_right && first > last ? last : first;
}

/* Cuts the text to the columns from `first` on that fit. */
static void cut(struct quote *q, size_t first, size_t all, size_t room) {
    size_t start = 0, skipped = 0;
    while (start < q->text.len && skipped < first) {
        struct glyph g = glyph_next(q->text, start);
        skipped += g.columns;
        start += g.bytes;
    }
    q->cut_left = q->cut_left || start > 0;
    size_t used = q->cut_left, end = q->text.len;
    q->mark_from = q->mark_from > skipped ? q->mark_from - skipped + used : used;
    q->mark_to = q->mark_to > skipped ? q->mark_to - skipped + used : used;
    if (used + (all - skipped) + q->cut_right > room) {
        q->cut_right = true;
        for (end = start; end < q->text.len;) {
            struct glyph g = glyph_next(q->text, end);
            if (used + g.columns + 1 > room)
                break;
            used += g.columns;
            end += g.bytes;
        }
        if (q->mark_to > used + 1)
            q->mark_to = used + 1;
    }
    q->text = str_slice(q->text, start, end);
}

/* Narrows a very long line to the bytes around `from`. */
static void look_around(struct quote *q, size_t *from, size_t *to) {
    struct str line = q->text;
    if (line.len <= 2 * LOOK)
        return;
    size_t low = *from > LOOK ? *from - LOOK : 0, high = *from + LOOK;
    if (high > line.len)
        high = line.len;
    while (inside_character(line, low) && low < *from)
        low++;
    while (inside_character(line, high) && high > *from)
        high--;
    q->text = str_slice(line, low, high);
    q->cut_left = low > 0;
    q->cut_right = high < line.len;
    *from -= low;
    *to = (*to > high ? high : *to) - low;
}

struct quote quote_line(struct str line, size_t from, size_t to, size_t room) {
    struct quote q = { .text = line };
    if (from > line.len)
        from = line.len;
    if (to > line.len)
        to = line.len;
    if (to < from)
        to = from;
    look_around(&q, &from, &to);
    q.mark_from = columns_before(q.text, from, false);
    q.mark_to = columns_before(q.text, to, true);
    size_t all = width_of(q.text);
    if (q.cut_left || q.cut_right || all > room)
        cut(&q, first_column(&q, all, room), all, room);
    if (q.mark_to <= q.mark_from)
        q.mark_to = q.mark_from + 1;
    return q;
}
