/* The instructions of a regular expression, for the two machines that run them. */
#pragma once

#include "support/regex_program.h"

enum op {
    OP_RUNE,
    OP_FOLD,
    OP_CLASS,
    OP_ANY,
    OP_NOT_NEWLINE,
    OP_ASSERT,
    OP_SPLIT,
    OP_JUMP,
    OP_SAVE,
    OP_MATCH
};

struct instruction {
    enum op op;
    uint32_t x, y; /* RUNE: the character; CLASS: its number; ASSERT: a regex_kind; targets, the
                      preferred one first; SAVE: the place in a list of captures */
};

struct class {
    const struct regex_node *node;
    uint32_t ascii[4]; /* one bit a character */
};

struct regex_program {
    struct arena *arena;
    struct instruction *code;
    size_t count, room;
    struct class *classes;
    size_t class_count, class_room;
    struct str *names; /* of captures, from 0; empty without one */
    size_t captures;   /* the whole match included */
    bool anchored;     /* it begins with ^: only the text's start is tried */
};

/* Does an instruction that waits for a character take this one? */
bool regex_takes(const struct regex_program *p, const struct instruction *i, uint32_t rune);
/* Does the assertion (a regex_kind) hold between these two? */
bool regex_holds(uint32_t kind, uint32_t before, uint32_t after);
/* The character at `at` and its length; a byte that is no UTF-8 counts as U+FFFD, as in Go. */
uint32_t regex_rune_at(struct str text, size_t at, size_t *len);

#define REGEX_NOTHING UINT32_MAX /* the characters around the ends of a text */
/* Steps that one question may take: a second or so, far beyond any expression written by hand. */
enum { REGEX_STEPS_MOST = 100 * 1000 * 1000 };
