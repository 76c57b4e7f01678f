/* Between the parts of the quick reader: structure (yaml_quick.c) and scalars. Functions that
   give a bool give up with false: the file is read by libyaml then. */
#pragma once

#include "lower/yaml_build.h"

struct quick {
    struct yaml_build *build;
    const char *text, *end;
    const char *at;
    const char *line; /* where the line of `at` begins */
};

/* A scalar, and its places as the readers need them: with quotes, and between them. */
struct quick_scalar {
    enum tree_style style;
    const char *start, *stop;
    const char *inside, *outside;
    struct str value;
};

/* Is there the end of the text, of a line, or a blank? */
static inline bool quick_blank(const struct quick *q, const char *at) {
    return at >= q->end || *at == ' ' || *at == '\n' || *at == '\r' || *at == '\t';
}
static inline void quick_spaces(struct quick *q) {
    while (q->at < q->end && *q->at == ' ')
        q->at++;
}
/* To where the next word begins: over blanks, comments and line ends. */
bool quick_skip(struct quick *q);
/* Over one line end, LF or CR LF. */
bool quick_line_end(struct quick *q);

/* A scalar without or in quotes. `indent`: of the block collection around it, -1 without one; a
   scalar without quotes goes on below when the next line is indented more. Between brackets it ends
   with its line. Afterwards `at` may stand on a later line's first word. */
bool quick_scalar(struct quick *q, ptrdiff_t indent, bool brackets, struct quick_scalar *out);
/* `|` and `>`; afterwards `at` begins a line, or is the end. */
bool quick_block_scalar(struct quick *q, ptrdiff_t indent, struct quick_scalar *out);
