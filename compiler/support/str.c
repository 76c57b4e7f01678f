/* Slices: text with a length that owns nothing. */
#include "support/str.h"

#include <stdarg.h>
#include <stdio.h>

struct str str_copy(struct arena *a, struct str s) {
    char *at = arena_bytes(a, s.len + 1);
    if (s.len)
        memcpy(at, s.at, s.len);
    at[s.len] = '\0';
    return (struct str){ at, s.len };
}

struct str str_format(struct arena *a, const char *format, ...) {
    char brief[256]; /* mostly enough: then the text is laid out once */
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(brief, sizeof brief, format, args);
    va_end(args);
    size_t size = len > 0 ? (size_t)len : 0;
    char *at = arena_bytes(a, size + 1);
    if (size < sizeof brief)
        memcpy(at, brief, size + 1);
    else
        vsnprintf(at, size + 1, format, again);
    va_end(again);
    return (struct str){ at, size };
}

bool str_eq_nocase(struct str a, struct str b) {
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (char_lower(a.at[i]) != char_lower(b.at[i]))
            return false;
    return true;
}

int str_cmp(struct str a, struct str b) {
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len ? memcmp(a.at, b.at, len) : 0;
    if (order)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct str str_trim(struct str s) {
    size_t from = 0, to = s.len;
    while (from < to && is_blank(s.at[from]))
        from++;
    while (to > from && is_blank(s.at[to - 1]))
        to--;
    return str_slice(s, from, to);
}

size_t str_find(struct str s, char c) {
    const char *hit = s.len ? memchr(s.at, c, s.len) : NULL;
    return hit ? (size_t)(hit - s.at) : STR_NONE;
}

size_t str_find_last(struct str s, char c) {
    for (size_t i = s.len; i > 0; i--)
        if (s.at[i - 1] == c)
            return i - 1;
    return STR_NONE;
}

size_t str_find_str(struct str s, struct str what) {
    if (what.len == 0)
        return 0;
    for (size_t i = 0; i + what.len <= s.len; i++) {
        const char *hit = memchr(s.at + i, what.at[0], s.len - what.len + 1 - i);
        if (!hit)
            return STR_NONE;
        i = (size_t)(hit - s.at);
        if (memcmp(hit, what.at, what.len) == 0)
            return i;
    }
    return STR_NONE;
}

bool str_to_uint(struct str s, uint64_t max, uint64_t *out) {
    uint64_t value = 0;
    if (s.len == 0)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (!char_is_digit(s.at[i]))
            return false;
        uint64_t digit = (uint64_t)(s.at[i] - '0');
        if (value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    if (value > max)
        return false;
    *out = value;
    return true;
}

/* FNV-1a over eight bytes at a time, with a final mix so that low bits can pick a slot. */
uint64_t str_hash(struct str s) {
    uint64_t hash = 0xcbf29ce484222325u ^ s.len;
    size_t i = 0;
    for (; i + 8 <= s.len; i += 8) {
        uint64_t word;
        memcpy(&word, s.at + i, 8);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 32;
    }
    for (; i < s.len; i++)
        hash = (hash ^ (unsigned char)s.at[i]) * 0x100000001b3u;
    hash ^= hash >> 29;
    hash *= 0xbf58476d1ce4e5b9u;
    return hash ^ (hash >> 32);
}
