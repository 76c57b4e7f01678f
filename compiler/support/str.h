/* Slices: text with a length that owns nothing. */
#pragma once

#include "support/arena.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
    const char *at;
    size_t len;
};

/* A slice of a string literal, and the two arguments that "%.*s" wants. */
#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
#define STR_ARG(s)   str_print_len(s), str_print_at(s)

static inline int str_print_len(struct str s) {
    return s.len > 4096 ? 4096 : (int)s.len;
}
static inline const char *str_print_at(struct str s) {
    return s.at ? s.at : "";
}

struct str str_copy(struct arena *a, struct str s); /* the copy is followed by a NUL */
struct str str_format(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* vsnprintf without its detours for what most texts are made of: %.*s %s %c %u %d %zu. */
int str_lay_out(char *to, size_t room, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

/* NULL gives the empty slice. */
static inline struct str str_of(const char *zero_terminated) {
    return (struct str){ zero_terminated, zero_terminated ? strlen(zero_terminated) : 0 };
}
/* Both ends are cut to the length. */
static inline struct str str_slice(struct str s, size_t from, size_t to) {
    if (to > s.len)
        to = s.len;
    if (from > to)
        from = to;
    return (struct str){ s.at ? s.at + from : NULL, to - from };
}
static inline struct str str_from(struct str s, size_t from) {
    return str_slice(s, from, s.len);
}
static inline bool str_eq(struct str a, struct str b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}
static inline bool str_is(struct str a, const char *b) {
    size_t len = strlen(b); /* of a literal, so that the comparison is a few instructions */
    return len == a.len && (a.len == 0 || memcmp(a.at, b, len) == 0);
}

static inline bool str_starts(struct str s, struct str prefix) {
    return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.at, prefix.at, prefix.len) == 0);
}
static inline bool str_ends(struct str s, struct str suffix) {
    return s.len >= suffix.len &&
           (suffix.len == 0 || memcmp(s.at + (s.len - suffix.len), suffix.at, suffix.len) == 0);
}

bool str_same_nocase(const char *a, const char *b, size_t len);
/* ASCII letters only. Most texts that are compared differ in length or in their first letter. */
static inline bool str_eq_nocase(struct str a, struct str b) {
    return a.len == b.len && (a.len == 0 || (((a.at[0] ^ b.at[0]) & ~0x20) == 0 &&
                                             str_same_nocase(a.at, b.at, a.len)));
}
int str_cmp(struct str a, struct str b); /* by bytes, a prefix first */
struct str str_trim(struct str s);       /* blanks, tabs and line ends at both ends */

#define STR_NONE ((size_t)-1)
/* STR_NONE when absent */
static inline size_t str_find(struct str s, char c) {
    const char *hit = s.len ? (const char *)memchr(s.at, c, s.len) : NULL;
    return hit ? (size_t)(hit - s.at) : STR_NONE;
}
size_t str_find_last(struct str s, char c);
size_t str_find_str(struct str s, struct str what);

/* The whole of `s` as decimal digits; false when it is not, or above `max`. */
bool str_to_uint(struct str s, uint64_t max, uint64_t *out);

uint64_t str_hash(struct str s);

static inline bool char_is_digit(char c) {
    return c >= '0' && c <= '9';
}
static inline bool char_is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
static inline bool char_is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
static inline bool char_is_alpha(char c) {
    return char_is_lower(c) || char_is_upper(c);
}
static inline bool char_is_alnum(char c) {
    return char_is_alpha(c) || char_is_digit(c);
}
static inline char char_lower(char c) {
    return char_is_upper(c) ? (char)(c - 'A' + 'a') : c;
}
