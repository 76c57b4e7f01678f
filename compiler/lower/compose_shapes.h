/* The table of what may stand where in a compose file (compose_keys.def). */
#pragma once

#include "support/str.h"

enum { TEXT = 1, NUMBER = 2, BOOL = 4, NIL = 8, LIST = 16, MAP = 32 };

enum shape_id {
    SHAPE_NONE,
    SHAPE_ANY,
#define SHAPE(name, kinds, items, each) SHAPE_##name,
#include "lower/compose_keys.def"
    SHAPE_COUNT,
};

struct shape {
    uint8_t kinds;
    enum shape_id items, each; /* of a list, of an open mapping */
};
extern const struct shape shapes[SHAPE_COUNT];

/* The shape of a key's value; SHAPE_NONE for one that does not exist. */
enum shape_id shape_of_key(enum shape_id id, struct str key);
bool shape_has_keys(enum shape_id id);
/* In the order of the table; empty behind the last. */
struct str shape_key_at(enum shape_id id, size_t index);
struct str shape_word_at(enum shape_id id, size_t index);
struct str shape_need_at(enum shape_id id, size_t index);
