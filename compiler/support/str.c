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

struct target {
    char *to;
    size_t room, len;
};

static void put(struct target *t, const char *text, size_t len) {
    if (t->len < t->room && len)
        memcpy(t->to + t->len, text, len < t->room - t->len ? len : t->room - t->len);
    t->len += len;
}

static void put_number(struct target *t, uint64_t value, bool negative) {
    char digits[24], *at = digits + sizeof digits;
    do
        *--at = (char)('0' + value % 10);
    while (value /= 10);
    if (negative)
        *--at = '-';
    put(t, at, (size_t)(digits + sizeof digits - at));
}

/* One conversion, `at` behind its "%"; gives what follows it, or NULL for one that is rare. */
static const char *convert(struct target *t, const char *at, va_list *args) {
    if (at[0] == '.' && at[1] == '*' && at[2] == 's') {
        int most = va_arg(*args, int);
        const char *text = va_arg(*args, const char *);
        const char *end = most > 0 ? memchr(text, 0, (size_t)most) : text;
        put(t, text, end ? (size_t)(end - text) : (size_t)most);
        return most < 0 ? NULL : at + 3;
    }
    if (at[0] == 'z' && at[1] == 'u') {
        put_number(t, va_arg(*args, size_t), false);
        return at + 2;
    }
    switch (*at) {
    case '%': put(t, "%", 1); return at + 1;
    case 'u': put_number(t, va_arg(*args, unsigned), false); return at + 1;
    case 's': {
        const char *text = va_arg(*args, const char *);
        put(t, text, strlen(text));
        return at + 1;
    }
    case 'c': {
        char c = (char)va_arg(*args, int);
        put(t, &c, 1);
        return at + 1;
    }
    case 'd': {
        int value = va_arg(*args, int);
        put_number(t, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, value < 0);
        return at + 1;
    }
    }
    return NULL;
}

int str_lay_out(char *to, size_t room, const char *format, va_list args) {
    struct target t = { to, room, 0 };
    va_list copy, whole;
    va_copy(copy, args);
    va_copy(whole, args);
    const char *at = format;
    while (at && *at) {
        const char *percent = strchr(at, '%');
        put(&t, at, percent ? (size_t)(percent - at) : strlen(at));
        at = percent ? convert(&t, percent + 1, &copy) : "";
    }
    int len = at ? (int)t.len : vsnprintf(to, room, format, whole);
    if (at && room)
        to[t.len < room ? t.len : room - 1] = 0;
    va_end(copy);
    va_end(whole);
    return len;
}

struct str str_format(struct arena *a, const char *format, ...) {
    char brief[256]; /* mostly enough: then the text is laid out once */
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = str_lay_out(brief, sizeof brief, format, args);
    va_end(args);
    size_t size = len > 0 ? (size_t)len : 0;
    char *at = arena_bytes(a, size + 1);
    if (size < sizeof brief)
        memcpy(at, brief, size + 1);
    else
        str_lay_out(at, size + 1, format, again);
    va_end(again);
    return (struct str){ at, size };
}

bool str_same_nocase(const char *a, const char *b, size_t len) {
    size_t i = 0;
    for (uint64_t x, y; len - i >= sizeof x; i += sizeof x) { /* as it is mostly written */
        memcpy(&x, a + i, sizeof x);
        memcpy(&y, b + i, sizeof y);
        if (x != y)
            break;
    }
    for (; i < len; i++)
        if (a[i] != b[i] && char_lower(a[i]) != char_lower(b[i]))
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

/* Fewer than eight bytes as a number; with the length that goes before, no two texts are one. */
static uint64_t last_word(const char *at, size_t len) {
    if (len < 4)
        return (uint64_t)(unsigned char)at[0] | (uint64_t)(unsigned char)at[len / 2] << 8 |
               (uint64_t)(unsigned char)at[len - 1] << 16;
    uint32_t low, high;
    memcpy(&low, at, sizeof low);
    memcpy(&high, at + len - sizeof high, sizeof high);
    return low | (uint64_t)high << 32;
}

/* Multiplied eight bytes at a time, with a final mix so that low bits can pick a slot. */
uint64_t str_hash(struct str s) {
    uint64_t hash = 0xcbf29ce484222325u ^ s.len, word;
    size_t i = 0;
    for (; i + sizeof word <= s.len; i += sizeof word) {
        memcpy(&word, s.at + i, sizeof word);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 32;
    }
    if (i < s.len)
        hash = (hash ^ last_word(s.at + i, s.len - i)) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 29;
    hash *= 0xbf58476d1ce4e5b9u;
    return hash ^ (hash >> 32);
}
