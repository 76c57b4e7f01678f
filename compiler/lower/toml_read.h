/* Between the two halves of the TOML reader: tables and keys, and the values behind them. */
#pragma once

#include "lower/tree_build.h"
#include "support/table.h"

struct toml {
    struct arena *arena;
    struct diags *diags;
    struct source *source;
    struct tree_file *file;
    struct str text;
    size_t at;
    unsigned depth; /* of arrays and inline tables */
};

/* How a name came to be, which says what may be added to it. */
enum toml_how {
    TOML_VALUE,    /* a value, an array, an inline table: nothing */
    TOML_IMPLICIT, /* above a table's name: its own header may come later */
    TOML_TABLE,    /* [name] */
    TOML_DOTTED,   /* a.b = … */
    TOML_ARRAY,    /* [[name]]: one more table */
};

struct toml_place {
    struct tree *node;
    struct tree_entry *last; /* of `node` */
    struct table keys;       /* text → struct toml_place */
    struct toml_place *item; /* TOML_ARRAY: the table added last */
    struct tree *key;        /* where it was named first */
    enum toml_how how;
};

static inline char toml_char(const struct toml *t, size_t ahead) {
    return t->at + ahead < t->text.len ? t->text.at[t->at + ahead] : '\0';
}
static inline bool toml_ended(const struct toml *t) {
    return t->at >= t->text.len;
}
static inline struct span toml_span(const struct toml *t, size_t from, size_t to) {
    return span_of(t->source, from, to);
}

/* Tells the mistake that ends the reading; always NULL. */
void *toml_refuse(struct toml *t, size_t from, size_t to, const char *help, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* "more than 200 names in one key"; always NULL. */
void *toml_too_deep(struct toml *t, const char *what);
/* "a value is expected, not `x`"; always NULL. */
void *toml_expect(struct toml *t, const char *what, const char *help);

void toml_skip_blanks(struct toml *t);
/* Blanks, line ends and comments; false after a character that may not stand in a comment. */
bool toml_skip_lines(struct toml *t);

struct toml_place *toml_place_new(struct toml *t, struct tree *node, enum toml_how how);
/* `a.b = value` into a table. */
bool toml_read_pair(struct toml *t, struct toml_place *table);
/* "text", 'text', and each in three quotes where `lines`. */
struct tree *toml_read_string(struct toml *t, struct tree *parent, bool lines);
struct tree *toml_read_value(struct toml *t, struct tree *parent);
