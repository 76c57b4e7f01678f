/* What the files that read words share: read.c (words and chains), read_setting.c,
 * read_statement.c. */
#pragma once

#include "editing/read.h"

struct reader {
    struct reading *r;
    const struct word *at;
    struct span scope; /* of names declared at hand; none in the file itself */
    size_t depth;
    bool ended; /* what may stand at the end is known */
    struct wanted want;
};

static inline bool word_is_mark(const struct word *w, char mark) {
    return w->kind == WORD_MARK && w->mark == mark;
}

static inline bool word_is_text(const struct word *w) {
    return w->kind == WORD_PLAIN || w->kind == WORD_PATTERN || w->kind == WORD_STRING ||
           w->kind == WORD_RAW || w->kind == WORD_HEREDOC;
}

static inline bool word_ends(const struct word *w) {
    return w->kind == WORD_SEP || w->kind == WORD_END || word_is_mark(w, '}');
}

static inline const struct word *reader_take(struct reader *p) {
    const struct word *w = p->at;
    if (w->kind != WORD_END)
        p->at++;
    return w;
}

static inline void reader_want(struct reader *p, struct wanted wanted) {
    p->want = wanted;
}

static inline bool text_is_number(struct str text) {
    return text.len && (char_is_digit(text.at[0]));
}

/* The word at hand. At the end of the text what is wanted there is kept. */
const struct word *reader_peek(struct reader *p);

struct mark *reader_add(struct reader *p, struct mark mark);
struct piece_of_outline *reader_piece(struct reader *p, enum role role, const struct word *name);
enum role reader_role(const struct word *w); /* of a value */
void reader_mark_text(struct reader *p, const struct word *w, enum role role, struct setting_of in);
void reader_mark_word(struct reader *p, const struct word *w, enum role role);
struct mark *reader_mark_name(struct reader *p, const struct word *w, enum role role,
                              enum name_kind kind, bool defines);
void reader_mark_target(struct reader *p, const struct word *w);

void reader_value(struct reader *p, struct wanted wanted);
void reader_list(struct reader *p, struct wanted wanted);
/* Behind the `(` of a middleware or template. */
void reader_arguments(struct reader *p, struct wanted wanted);
/* Links parted by `|` or `,` up to `end` (0: the end of the statement, an arrow or a block). */
void reader_chain(struct reader *p, struct setting_of in, char end);

/* Where the words behind a setting stand in its shape. */
struct following {
    const struct vocable *v;
    struct shape shape;
    bool known;
    size_t item, value; /* the next value that stands without a word */
    const struct shape_item *pair;
    size_t pair_value;
    uint32_t used;
    const struct shape_value *list; /* a list that a comma goes on with */
};
void reader_rest(struct reader *p, struct following *f, struct setting_of in);
