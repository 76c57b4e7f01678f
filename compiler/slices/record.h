/* A large itsUP tree in slices of its projects.

   A slice is a session like any other that knows but some of the projects. What it is judged by,
   beside them, are the shared files of the tree and the edges that lead to them from elsewhere;
   what it gives are the artefacts of its own projects, and a record: its findings as text, pieces
   of the artefacts that all share (backends/pieces.h), and what its projects claim. The base has
   all the shared files and no projects. It joins the records, and makes the shared artefacts.

   That is the same as one session for all, unless something in one slice bears on another: two that
   claim the same, an object that is another's, an error anywhere. Then nothing is joined, and the
   whole tree is compiled at once: so no rule stands here twice, and no message is made here. */
#pragma once

#include "session.h"

enum slice_mark {
    SLICE_PIECE = 1,
    SLICE_REST,
    SLICE_CLAIM,
    SLICE_SHARED, /* a finding about a file that all have */
    SLICE_FINDING,
    SLICE_COUNT,  /* of findings, silenced ones among them */
    SLICE_SOURCE, /* a file that is no project's own */
    SLICE_END,    /* of a record that is whole */
};

/* ---- a record: numbers and texts, behind a mark each ---- */

static inline void slice_number(struct buf *out, uint64_t n) {
    buf_add(out, (struct str){ (const char *)&n, sizeof n });
}

static inline void slice_text(struct buf *out, struct str text) {
    slice_number(out, text.len);
    buf_add(out, text);
}

static inline uint64_t slice_get(struct str *rest) {
    uint64_t n = 0;
    if (rest->len < sizeof n) {
        rest->len = 0;
        return 0;
    }
    memcpy(&n, rest->at, sizeof n);
    *rest = str_from(*rest, sizeof n);
    return n;
}

static inline struct str slice_get_text(struct str *rest) {
    uint64_t len = slice_get(rest);
    if (len > rest->len)
        len = rest->len;
    struct str text = str_slice(*rest, 0, (size_t)len);
    *rest = str_from(*rest, (size_t)len);
    return text;
}

/* One number for two texts. */
static inline uint64_t slice_hash(struct str a, struct str b) {
    uint64_t x = str_hash(a), y = str_hash(b);
    return (x ^ (y << 1 | y >> 63)) * 0x9e3779b97f4a7c15u;
}

/* The same finding in any slice. */
uint64_t slice_finding(struct itsupc *s, const struct diag *d);
/* The project that the source belongs to, by its name; empty for what all share. */
struct str slice_owner(const struct itsupc *s, const struct source *source);
