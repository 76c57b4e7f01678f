#include "lower/compose_shapes.h"

#include "lower/compose_check.h"

#include <assert.h>

const struct shape shapes[SHAPE_COUNT] = {
#define SHAPE(name, kinds, items, each) [SHAPE_##name] = { kinds, SHAPE_##items, SHAPE_##each },
#include "lower/compose_keys.def"
};

struct row {
    enum shape_id shape;
    struct str text;
    enum shape_id value;
};

static const struct row keys[] = {
#define KEY(shape, key, value) { SHAPE_##shape, { key, sizeof key - 1 }, SHAPE_##value },
#include "lower/compose_keys.def"
};

/* A shape and the first six letters of a key as one number, in the order of the rows. */
#define LETTER(key, i)                                                                             \
    ((uint64_t)(sizeof key - 1 > (i) ? (unsigned char)(key)[sizeof key > (i) ? (i) : 0] : 0)       \
     << (40 - 8 * (i)))
#define ORDER(shape, key)                                                                          \
    ((uint64_t)(shape) << 48 | LETTER(key, 0) | LETTER(key, 1) | LETTER(key, 2) | LETTER(key, 3) | \
     LETTER(key, 4) | LETTER(key, 5))
static const uint64_t orders[] = {
#define KEY(shape, key, value) ORDER(SHAPE_##shape, key),
#include "lower/compose_keys.def"
};

static const struct row words[] = {
#define WORD(shape, word) { SHAPE_##shape, { word, sizeof word - 1 }, SHAPE_NONE },
#include "lower/compose_keys.def"
};

static const struct row needs[] = {
#define NEED(shape, key) { SHAPE_##shape, { key, sizeof key - 1 }, SHAPE_NONE },
#include "lower/compose_keys.def"
};

enum { KEYS = sizeof keys / sizeof *keys };

static uint64_t order_of(enum shape_id id, struct str key) {
    uint64_t order = (uint64_t)id << 48;
    for (size_t i = 0; i < 6 && i < key.len; i++)
        order |= (uint64_t)(unsigned char)key.at[i] << (40 - 8 * i);
    return order;
}

/* The first row that is not before `order`. They stand in the order of their shapes and keys; a
   unit test holds them to it. */
static size_t row_from(uint64_t order) {
    size_t low = 0, high = KEYS;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (orders[middle] < order)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t first_key(enum shape_id id) {
    return row_from(order_of(id, STR("")));
}

/* A mapping is open when the table has a shape for its values, else it is closed. */
bool shape_has_keys(enum shape_id id) {
    return shapes[id].each == SHAPE_NONE;
}

bool compose_keys_are_sorted(void) {
    for (size_t i = 1; i < KEYS; i++)
        if (orders[i] < orders[i - 1] || keys[i].shape < keys[i - 1].shape ||
            (keys[i].shape == keys[i - 1].shape && str_cmp(keys[i].text, keys[i - 1].text) <= 0))
            return false;
    for (int id = SHAPE_ANY + 1; id < SHAPE_COUNT; id++) {
        size_t at = first_key((enum shape_id)id);
        bool keyed = at < KEYS && (int)keys[at].shape == id;
        if ((shapes[id].kinds & MAP) && keyed != shape_has_keys((enum shape_id)id))
            return false;
    }
    return true;
}

struct str shape_key_at(enum shape_id id, size_t index) {
    size_t at = first_key(id) + index;
    return at < KEYS && keys[at].shape == id ? keys[at].text : STR("");
}

enum shape_id shape_of_key(enum shape_id id, struct str key) {
    uint64_t order = order_of(id, key);
    for (size_t i = row_from(order); i < KEYS && orders[i] == order; i++)
        if (str_eq(keys[i].text, key))
            return keys[i].value;
    return SHAPE_NONE;
}

/* Short tables. */
static struct str row_at(const struct row *rows, size_t count, enum shape_id id, size_t index) {
    for (size_t i = 0; i < count; i++)
        if (rows[i].shape == id && index-- == 0)
            return rows[i].text;
    return STR("");
}

/* Most shapes have no words, and every scalar asks. */
#define BIT(shape, half) ((shape) / 64 == (half) ? (uint64_t)1 << (shape) % 64 : 0)
static const uint64_t has_words[] = {
#define WORD(shape, word) BIT(SHAPE_##shape, 0) |
#include "lower/compose_keys.def"
    0,
#define WORD(shape, word) BIT(SHAPE_##shape, 1) |
#include "lower/compose_keys.def"
    0,
};
static_assert(SHAPE_COUNT <= 128, "has_words needs one more");

struct str shape_word_at(enum shape_id id, size_t index) {
    if (!(has_words[id / 64] >> id % 64 & 1))
        return STR("");
    return row_at(words, sizeof words / sizeof *words, id, index);
}

struct str shape_need_at(enum shape_id id, size_t index) {
    return row_at(needs, sizeof needs / sizeof *needs, id, index);
}

static enum shape_id shape_at(const struct str *path, size_t depth) {
    enum shape_id id = SHAPE_TOP;
    for (size_t i = 0; i < depth; i++)
        id = str_is(path[i], "[]") ? shapes[id].items
             : shape_has_keys(id)  ? shape_of_key(id, path[i])
                                   : shapes[id].each;
    return id;
}

struct str compose_key_below(const struct str *path, size_t depth, size_t index) {
    return shape_key_at(shape_at(path, depth), index);
}

struct str compose_word_below(const struct str *path, size_t depth, size_t index) {
    return shape_word_at(shape_at(path, depth), index);
}
