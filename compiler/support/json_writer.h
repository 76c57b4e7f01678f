/* Writes JSON: commas, escapes, and valid UTF-8 whatever the bytes. */
#pragma once

#include "support/buf.h"

/* `struct json w = { .out = &buf };` writes on one line; `.indent = 2` lays it out in lines. */
struct json {
    struct buf *out;
    unsigned indent, depth;
    bool comma;  /* the next thing needs one before it */
    bool keyed;  /* a key was written, its value comes next */
    bool filled; /* the innermost object or array holds something */
};

void json_object(struct json *w);
void json_object_end(struct json *w);
void json_array(struct json *w);
void json_array_end(struct json *w);
void json_key(struct json *w, const char *key);
void json_key_str(struct json *w, struct str key); /* for keys that are data */

/* Bytes that are no UTF-8 become U+FFFD, one each. */
void json_string(struct json *w, struct str s);
void json_number(struct json *w, int64_t number);
void json_bool(struct json *w, bool value);
void json_null(struct json *w);

/* A member of the current object. */
static inline void json_member(struct json *w, const char *key, struct str value) {
    json_key(w, key);
    json_string(w, value);
}
static inline void json_member_number(struct json *w, const char *key, size_t value) {
    json_key(w, key);
    json_number(w, (int64_t)value);
}
static inline void json_member_bool(struct json *w, const char *key, bool value) {
    json_key(w, key);
    json_bool(w, value);
}
