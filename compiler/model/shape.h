/* Shapes: what may stand behind a setting's word, as the vocabulary writes it (see vocabulary.h).
 */
#pragma once

#include "model/vocabulary.h"

enum { SHAPE_ITEMS = 20, SHAPE_VALUES = 3 };

struct shape_value {
    struct str name; /* its own, else the type's word */
    enum type_kind type;
    struct str choices; /* "a|b|c" when it is one of these words; then `type` says nothing */
    bool exact;         /* <=a name>: the one choice is a word of the language, not the user's */
    bool list, optional;
    int64_t min, max; /* of a number */
};

enum shape_kind { SHAPE_VALUE, SHAPE_PAIR, SHAPE_FLAG };

struct shape_item {
    enum shape_kind kind;
    struct str word; /* of a pair or flag */
    bool optional;
    struct shape_value values[SHAPE_VALUES];
    size_t value_count;
};

struct shape {
    struct shape_item items[SHAPE_ITEMS];
    size_t count;
};

/* False for a text that is no shape: a mistake in the vocabulary. */
bool shape_parse(struct str text, struct shape *out);
struct str shape_item_name(const struct shape_item *item); /* as its slot is called */
const struct shape_item *shape_word(const struct shape *shape, struct str word);

/* The next of "a|b|c": `while (shape_choice(&rest, &choice))`. */
bool shape_choice(struct str *rest, struct str *choice);
/* "a, b or c", each between backticks. */
struct str shape_choices_text(struct arena *a, struct str choices);
/* As a person reads it: `health <path> [every <duration>]`. */
void shape_show(struct buf *out, const struct shape *shape);
