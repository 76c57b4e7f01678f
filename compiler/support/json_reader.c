/* Reads one JSON text of another program: strict, since what is malformed is refused as a whole. */
#include "support/json_reader.h"

#include "support/buf.h"
#include "support/utf8.h"

enum { DEEPEST = 200 };

struct reader {
    struct arena *arena;
    struct str text;
    size_t at, depth;
    const char *why;
};

static char peek(const struct reader *r) {
    return r->at < r->text.len ? r->text.at[r->at] : '\0';
}

static bool refuse(struct reader *r, const char *why) {
    if (!r->why)
        r->why = why;
    return false;
}

static void skip_blanks(struct reader *r) {
    while (r->at < r->text.len && peek(r) && strchr(" \t\r\n", peek(r)))
        r->at++;
}

static bool take(struct reader *r, char c) {
    if (r->at >= r->text.len || peek(r) != c)
        return false;
    r->at++;
    return true;
}

/* ---- strings ---- */

static bool hex4(struct reader *r, uint32_t *out) {
    uint32_t value = 0;
    for (int i = 0; i < 4; i++, r->at++) {
        char c = char_lower(peek(r));
        bool digit = char_is_digit(c);
        if (!digit && !(c >= 'a' && c <= 'f'))
            return refuse(r, "\\u wants four hexadecimal digits");
        value = value * 16 + (uint32_t)(digit ? c - '0' : c - 'a' + 10);
    }
    *out = value;
    return true;
}

/* Behind `\u`. Half of a pair is no character: it becomes the sign for one that is unreadable. */
static bool read_unicode(struct reader *r, struct buf *out) {
    uint32_t c, low;
    if (!hex4(r, &c))
        return false;
    if (c >= 0xd800 && c < 0xe000) {
        size_t behind = r->at;
        bool pair = c < 0xdc00 && take(r, '\\') && take(r, 'u');
        if (pair && !hex4(r, &low))
            return false;
        if (pair && low >= 0xdc00 && low < 0xe000) {
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        } else {
            r->at = behind;
            c = 0xfffd;
        }
    }
    utf8_add(out, c);
    return true;
}

static bool read_escape(struct reader *r, struct buf *out) {
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char c = peek(r);
    const char *known = c ? strchr(from, c) : NULL;
    r->at++;
    if (c == 'u')
        return read_unicode(r, out);
    if (!known)
        return refuse(r, "a string holds an unknown escape");
    buf_char(out, to[known - from]);
    return true;
}

static bool read_string(struct reader *r, struct str *out) {
    struct buf text = { .arena = r->arena };
    if (!take(r, '"'))
        return refuse(r, "a string was expected");
    size_t from = r->at;
    for (;; from = r->at) {
        while (r->at < r->text.len && peek(r) != '"' && peek(r) != '\\' &&
               (unsigned char)peek(r) >= 0x20)
            r->at++;
        struct str plain = str_slice(r->text, from, r->at);
        if (take(r, '"')) {
            if (text.len)
                buf_add(&text, plain);
            *out = text.len ? buf_str(&text) : plain;
            return true;
        }
        buf_add(&text, plain);
        if (!take(r, '\\'))
            return refuse(r, "a string is not closed, or holds a control character");
        if (!read_escape(r, &text))
            return false;
    }
}

/* ---- numbers and words ---- */

static bool digits(struct reader *r) {
    size_t from = r->at;
    while (char_is_digit(peek(r)))
        r->at++;
    return r->at > from || refuse(r, "a number lacks a digit");
}

static bool read_number(struct reader *r, struct json_value *value) {
    size_t from = r->at;
    take(r, '-');
    if (!take(r, '0') && !digits(r))
        return false;
    if (take(r, '.') && !digits(r))
        return false;
    if (take(r, 'e') || take(r, 'E')) {
        if (!take(r, '+'))
            take(r, '-');
        if (!digits(r))
            return false;
    }
    value->kind = JSON_NUMBER;
    value->text = str_slice(r->text, from, r->at);
    return true;
}

static bool read_word(struct reader *r, struct json_value *value) {
    static const struct {
        struct str word;
        enum json_kind kind;
        bool truth;
    } words[] = {
        { { "null", 4 }, JSON_NULL, false },
        { { "true", 4 }, JSON_BOOL, true },
        { { "false", 5 }, JSON_BOOL, false },
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_starts(str_from(r->text, r->at), words[i].word)) {
            r->at += words[i].word.len;
            value->kind = words[i].kind;
            value->truth = words[i].truth;
            return true;
        }
    return refuse(r, "a value was expected");
}

/* ---- values ---- */

static struct json_value *read_value(struct reader *r);

static bool read_members(struct reader *r, struct json_value *value, char end) {
    const struct json_value **last = &value->first;
    value->kind = end == '}' ? JSON_OBJECT : JSON_ARRAY;
    r->at++;
    skip_blanks(r);
    if (take(r, end))
        return true;
    do {
        struct str key = { 0 };
        skip_blanks(r);
        if (end == '}') {
            if (!read_string(r, &key))
                return false;
            skip_blanks(r);
            if (!take(r, ':'))
                return refuse(r, "a `:` was expected");
        }
        struct json_value *member = read_value(r);
        if (!member)
            return false;
        member->key = key;
        *last = member;
        last = &member->next;
    } while (take(r, ','));
    return take(r, end) || refuse(r, "an object or array is not closed");
}

static struct json_value *read_value(struct reader *r) {
    struct json_value *value = arena_new(r->arena, struct json_value);
    bool good;
    skip_blanks(r);
    char c = peek(r);
    if (c == '{' || c == '[') {
        good = r->depth++ < DEEPEST ? read_members(r, value, c == '{' ? '}' : ']')
                                    : refuse(r, "values nest too deep");
        r->depth--;
    } else if (c == '"') {
        value->kind = JSON_STRING;
        good = read_string(r, &value->text);
    } else if (c == '-' || char_is_digit(c)) {
        good = read_number(r, value);
    } else {
        good = read_word(r, value);
    }
    skip_blanks(r);
    return good ? value : NULL;
}

const struct json_value *json_read(struct arena *arena, struct str text, const char **why) {
    struct reader r = { .arena = arena, .text = text };
    const struct json_value *value = NULL;
    if (!utf8_is_valid(text))
        refuse(&r, "the text is no UTF-8");
    else
        value = read_value(&r);
    if (value && r.at < text.len) {
        refuse(&r, "something stands behind the value");
        value = NULL;
    }
    *why = r.why;
    return value;
}

/* ---- asking ---- */

static const struct json_value *member(const struct json_value *object, struct str key) {
    for (const struct json_value *m = json_is(object, JSON_OBJECT) ? object->first : NULL; m;
         m = m->next)
        if (str_eq(m->key, key))
            return m;
    return NULL;
}

const struct json_value *json_get(const struct json_value *object, const char *key) {
    return member(object, str_of(key));
}

const struct json_value *json_path(const struct json_value *value, const char *path) {
    struct str rest = str_of(path);
    while (value && rest.len) {
        size_t dot = str_find(rest, '.');
        value = member(value, str_slice(rest, 0, dot));
        rest = dot == STR_NONE ? STR("") : str_from(rest, dot + 1);
    }
    return value;
}

struct str json_text(const struct json_value *string) {
    return json_is(string, JSON_STRING) ? string->text : STR("");
}

bool json_true(const struct json_value *value) {
    return json_is(value, JSON_BOOL) && value->truth;
}

bool json_uint(const struct json_value *number, uint64_t max, uint64_t *out) {
    return json_is(number, JSON_NUMBER) && str_to_uint(number->text, max, out);
}
