/* Writes JSON: commas, escapes, and valid UTF-8 whatever the bytes. */
#include "support/json_writer.h"

#include "support/utf8.h"

#include <inttypes.h>

static void new_line(struct json *w) {
    if (w->indent == 0)
        return;
    buf_char(w->out, '\n');
    buf_repeat(w->out, ' ', (size_t)w->indent * w->depth);
}

/* What stands between the thing before and the one that comes now. */
static void separate(struct json *w) {
    if (w->keyed) {
        w->keyed = false;
        return;
    }
    if (w->comma)
        buf_char(w->out, ',');
    if (w->depth)
        new_line(w);
}

static void open(struct json *w, char bracket) {
    separate(w);
    buf_char(w->out, bracket);
    w->depth++;
    w->comma = w->filled = false;
}

static void shut(struct json *w, char bracket) {
    w->depth--;
    if (w->filled)
        new_line(w);
    buf_char(w->out, bracket);
    w->comma = w->filled = true;
}

static void scalar(struct json *w) {
    separate(w);
    w->comma = w->filled = true;
}

void json_object(struct json *w) {
    open(w, '{');
}

void json_object_end(struct json *w) {
    shut(w, '}');
}

void json_array(struct json *w) {
    open(w, '[');
}

void json_array_end(struct json *w) {
    shut(w, ']');
}

static void add_escaped(struct buf *b, unsigned char c) {
    static const char short_form[] = { ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r',
                                       ['\t'] = 't', ['"'] = '"',  ['\\'] = '\\' };
    if (c < sizeof short_form && short_form[c])
        buf_format(b, "\\%c", short_form[c]);
    else
        buf_format(b, "\\u%04x", c);
}

static void add_string(struct buf *b, struct str s) {
    size_t written = 0;
    buf_char(b, '"');
    for (size_t at = 0; at < s.len;) {
        uint32_t character;
        size_t len = utf8_next(s, at, &character);
        bool plain = character != UTF8_INVALID && character >= 0x20 && character != '"' &&
                     character != '\\' && character != 0x7f;
        if (!plain) {
            buf_add(b, str_slice(s, written, at));
            written = at + len;
            if (character == UTF8_INVALID)
                buf_add(b, UTF8_UNREADABLE);
            else
                add_escaped(b, (unsigned char)character);
        }
        at += len;
    }
    buf_add(b, str_from(s, written));
    buf_char(b, '"');
}

void json_key_str(struct json *w, struct str key) {
    scalar(w);
    add_string(w->out, key);
    buf_text(w->out, w->indent ? ": " : ":");
    w->keyed = true;
}

void json_key(struct json *w, const char *key) {
    json_key_str(w, str_of(key));
}

void json_string(struct json *w, struct str s) {
    scalar(w);
    add_string(w->out, s);
}

void json_number(struct json *w, int64_t number) {
    scalar(w);
    buf_format(w->out, "%" PRId64, number);
}

void json_bool(struct json *w, bool value) {
    scalar(w);
    buf_text(w->out, value ? "true" : "false");
}

void json_null(struct json *w) {
    scalar(w);
    buf_text(w->out, "null");
}
