/* Regular expressions in the syntax of Go's regexp package (RE2's), checked and as a tree. */
#pragma once

#include "support/fault.h"
#include "support/str.h"

#define REGEX_ERRORS(X)                                                                            \
    X(REGEX_OK, "nothing is wrong")                                                                \
    X(REGEX_UTF8, "these bytes are not UTF-8")                                                     \
    X(REGEX_PAREN_OPEN, "this ( is never closed")                                                  \
    X(REGEX_PAREN_STRAY, "this ) closes nothing; a literal one is \\)")                            \
    X(REGEX_BRACKET_OPEN, "this [ is never closed; a literal one is \\[")                          \
    X(REGEX_RANGE, "the range's first character lies above its last")                              \
    X(REGEX_CLASS_NAME, "no character class has this name")                                        \
    X(REGEX_UNICODE_NAME, "no Unicode category or script has this name")                           \
    X(REGEX_REPEAT_NOTHING, "there is nothing here to repeat")                                     \
    X(REGEX_REPEAT_TWICE, "one repetition may not follow another")                                 \
    X(REGEX_REPEAT_SIZE, "a repetition is at most {1000}, its first number not above its second")  \
    X(REGEX_REPEAT_NESTED, "nested repetitions multiply to more than 1000")                        \
    X(REGEX_ESCAPE, "Go's regular expressions do not have this escape")                            \
    X(REGEX_BACK_REFERENCE, "Go's regular expressions have no back-references")                    \
    X(REGEX_ANY_BYTE, "Go's regular expressions do not have \\C")                                  \
    X(REGEX_TRAILING_BACKSLASH, "a backslash at the end escapes nothing")                          \
    X(REGEX_LOOK_AROUND, "Go's regular expressions have no look-ahead or look-behind")             \
    X(REGEX_GROUP, "Go's regular expressions do not have this kind of group")                      \
    X(REGEX_GROUP_NAME, "a group's name holds only letters, digits and _")                         \
    X(REGEX_LARGE, "the expression grows too large when its repetitions are written out")          \
    X(REGEX_DEPTH, "the expression is nested more than 1000 deep")

enum regex_error { REGEX_ERRORS(FAULT_NAME) };

enum regex_kind {
    REGEX_EMPTY,
    REGEX_LITERAL,         /* runes */
    REGEX_CLASS,           /* one of items */
    REGEX_ANY,             /* any code point */
    REGEX_ANY_NOT_NEWLINE, /* any code point but \n */
    REGEX_BEGIN_LINE,
    REGEX_END_LINE,
    REGEX_BEGIN_TEXT, /* ^ without (?m), \A */
    REGEX_END_TEXT,   /* $ without (?m), \z */
    REGEX_WORD_BOUNDARY,
    REGEX_NO_WORD_BOUNDARY,
    REGEX_CAPTURE,   /* one child */
    REGEX_REPEAT,    /* one child, min to max times */
    REGEX_CONCAT,    /* two or more children in a row */
    REGEX_ALTERNATE, /* two or more children, the first that fits wins */
};

struct regex_range {
    unsigned char from, to;
};

enum { REGEX_RANGES_MOST = 4 };

/* What a class may match: a range of code points, all of one Unicode name, or what lies outside of
   a named class of ASCII (kept so, since case is ignored before the negation). */
struct regex_item {
    uint32_t from, to;
    const char *unicode; /* NULL, or a name of regex_names.def in canonical spelling */
    const struct regex_range
        *ascii;   /* NULL, or ranges that end at { 0, 0 } unless it is the first */
    bool negated; /* of `unicode` and `ascii` */
};

#define REGEX_NO_LIMIT (-1)

struct regex_node {
    enum regex_kind kind;
    size_t from, to;                 /* in the pattern */
    struct regex_node *first, *next; /* children; the next sibling */
    bool fold;                       /* literal, class: case is ignored */
    bool negated;                    /* class: none of the items */
    bool lazy;                       /* repeat: as few as possible */
    int min, max;                    /* repeat */
    int capture;                     /* capture: its number, from 1 */
    struct str name;                 /* capture: its name, or empty */
    uint32_t *runes;                 /* literal */
    size_t rune_count;
    struct regex_item *items; /* class */
    size_t item_count;
    int height;   /* of the tree below, at most 1000: recursion over it is bounded */
    int repeats;  /* the largest product of nested repeat counts */
    int64_t size; /* instructions when compiled, as Go estimates them */
    bool is_char; /* matches exactly one code point */
};

struct regex {
    struct regex_node *root;
    int captures;
};

struct fault regex_parse(struct arena *a, struct str pattern, struct regex *out);

/* Every alternative begins with ^ (ends with $): it cannot match inside a longer text. */
bool regex_is_anchored_start(const struct regex *re);
bool regex_is_anchored_end(const struct regex *re);
/* The first `.` that stands between letters or digits, most likely meant literally. */
bool regex_find_loose_dot(const struct regex *re, size_t *at);
const char *regex_error_text(int error);
