/* Reads one JSON text (RFC 8259, nothing more) of another program into plain values. */
#pragma once

#include "support/str.h"

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json_value {
    enum json_kind kind;
    bool truth;
    struct str text; /* of a string; of a number as it was written */
    struct str key;  /* of a member */
    const struct json_value *first,
        *next; /* items or members; of two by one key the first counts */
};

/* NULL when it is no JSON, no UTF-8, or deeper than 200; `why` then says so. */
const struct json_value *json_read(struct arena *arena, struct str text, const char **why);

/* All of these take NULL, and give NULL, the empty text or false where there is no such thing. */
const struct json_value *json_get(const struct json_value *object, const char *key);
/* "textDocument.position.line" */
const struct json_value *json_path(const struct json_value *value, const char *path);
struct str json_text(const struct json_value *string);
bool json_true(const struct json_value *value);
bool json_uint(const struct json_value *number, uint64_t max, uint64_t *out);
static inline bool json_is(const struct json_value *value, enum json_kind kind) {
    return value && value->kind == kind;
}
