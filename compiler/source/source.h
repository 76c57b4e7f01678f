/* The pool of source files. A place in any of them is one number, a span is two. */
#pragma once

#include "support/str.h"

/* Byte offsets into the pool: [start, end). { 0, 0 } is "no place"; a file's first byte is its
 * base. */
struct span {
    uint32_t start, end;
};

struct source {
    struct str name; /* as messages show it: relative to the workspace, "/" between folders */
    struct str text;
    uint32_t base;   /* pool offset of the first byte */
    bool secret;     /* no message may show its lines */
    bool is_compose; /* Compose reads it: a literal $ is written twice */
    /* One line of a file: so many stand before it, and places in the text are none of the file. */
    uint32_t lines_before;
    bool is_line;
    /* Worked out when first asked for: */
    uint32_t *lines; /* offsets in text where lines begin */
    size_t line_count;
    struct source_mark *marks; /* one every few hundred bytes, so that a column is found at once */
};

struct sources {
    struct arena *arena;
    struct source **list; /* in order of base */
    size_t count, room;
    uint32_t next_base;
};

/* Where a pool offset lies. Lines and columns count from 1. Lines end with LF (the CR before it is
   part of the line end, one elsewhere a character); a column is one Unicode code point, or one byte
   that is no UTF-8; a BOM is none. */
struct place {
    struct source *source; /* NULL for "no place" */
    size_t offset;         /* in source->text */
    size_t line, column;
};

/* The pool keeps both slices, not copies. NULL when the pool of 4 GiB is full. */
struct source *source_add(struct sources *pool, struct str name, struct str text);
struct source *source_at(const struct sources *pool, uint32_t offset);
/* Is it of a file of another system, whose words its user knows? */
bool source_is_foreign(const struct sources *pool, uint32_t offset);
struct place source_place(struct sources *pool, uint32_t offset);
size_t source_line_at(struct sources *pool, uint32_t offset); /* the line alone; 0 for "no place" */
struct str source_line(struct sources *pool, struct source *source, size_t line); /* no line end */
struct str source_text(const struct sources *pool, struct span span);

static inline struct span span_of(const struct source *source, size_t from, size_t to) {
    return (struct span){ source->base + (uint32_t)from, source->base + (uint32_t)to };
}
static inline struct span span_join(struct span a, struct span b) {
    if (a.end == 0)
        return b;
    if (b.end == 0)
        return a;
    return (struct span){ a.start < b.start ? a.start : b.start, a.end > b.end ? a.end : b.end };
}
static inline struct span span_slice(struct span s, size_t from, size_t to) {
    uint32_t start = s.start + (uint32_t)from, end = s.start + (uint32_t)to;
    return (struct span){ start > s.end ? s.end : start, end > s.end ? s.end : end };
}
static inline bool span_is_none(struct span s) {
    return s.end == 0;
}
