/* JSON text → located tree; strict, because what other readers of the file refuse we refuse too. */
#include "lower/json_tree.h"

#include "lower/text_check.h"
#include "lower/tree_build.h"
#include "support/utf8.h"

#include <string.h>

struct reader {
    struct arena *arena;
    struct diags *diags;
    struct source *source;
    struct tree_file *file;
    struct str text;
    size_t at;
    size_t depth;
};

static struct span here(const struct reader *r, size_t from, size_t to) {
    return span_of(r->source, from, to);
}

static char peek(const struct reader *r) {
    return r->at < r->text.len ? r->text.at[r->at] : '\0';
}

static void refuse(const struct reader *r, struct diag *d) {
    diag_effect(r->diags, d, "nothing of this file can be read");
}

static bool at_end(const struct reader *r) {
    return r->at >= r->text.len;
}

static size_t character_end(const struct reader *r, size_t at) {
    if (at < r->text.len)
        do
            at++;
        while (at < r->text.len && ((unsigned char)r->text.at[at] & 0xc0) == 0x80);
    return at;
}

/* ---- between values ---- */

static bool report_comment(struct reader *r) {
    size_t to = r->at;
    while (to < r->text.len && r->text.at[to] != '\n')
        to++;
    struct diag *d =
        diag_add(r->diags, DIAG_JSON_COMMENT, here(r, r->at, to), "JSON has no comments");
    tree_refuse(r->diags, d, "remove it, or keep the remark as a value: \"note\": \"…\"");
    return false;
}

/* False after a comment, which is reported. */
static bool skip_blanks(struct reader *r) {
    while (!at_end(r) && strchr(" \t\r\n", peek(r)) && peek(r))
        r->at++;
    if (peek(r) == '#' || (peek(r) == '/' && r->at + 1 < r->text.len &&
                           (r->text.at[r->at + 1] == '/' || r->text.at[r->at + 1] == '*')))
        return report_comment(r);
    return true;
}

/* The last byte before the blanks before `at`. */
static size_t behind_last(const struct reader *r, size_t at) {
    while (at > 0 && strchr(" \t\r\n", r->text.at[at - 1]))
        at--;
    return at;
}

/* ---- strings ---- */

static bool bad_string(struct reader *r, size_t from, size_t to, const char *message,
                       const char *help) {
    struct diag *d = diag_add(r->diags, DIAG_JSON_STRING, here(r, from, to), "%s", message);
    tree_refuse(r->diags, d, help);
    return false;
}

static bool hex4(const struct reader *r, size_t at, uint32_t *out) {
    uint32_t value = 0;
    for (size_t i = at; i < at + 4; i++) {
        char c = i < r->text.len ? char_lower(r->text.at[i]) : '\0';
        if (!char_is_digit(c) && !(c >= 'a' && c <= 'f'))
            return false;
        value = value * 16 + (uint32_t)(char_is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    *out = value;
    return true;
}

/* \u0041, or the two halves of a character beyond U+FFFF. */
static bool read_unicode(struct reader *r, struct buf *out) {
    size_t from = r->at;
    uint32_t c, low;
    if (!hex4(r, from + 2, &c))
        return bad_string(r, from, from + 2, "`\\u` wants four hexadecimal digits",
                          "write \\u00e9, say, or the character itself");
    r->at += 6;
    if (c >= 0xd800 && c < 0xe000) {
        bool pair = c < 0xdc00 && r->at + 1 < r->text.len && r->text.at[r->at] == '\\' &&
                    r->text.at[r->at + 1] == 'u' && hex4(r, r->at + 2, &low) && low >= 0xdc00 &&
                    low < 0xe000;
        if (!pair)
            return bad_string(r, from, r->at, "half of a surrogate pair, which is no character",
                              "write both halves, \\ud83d\\ude00 say, or the character itself");
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        r->at += 6;
    }
    if (c == 0)
        return bad_string(r, from, r->at, "the character U+0000 may not stand in a text",
                          "remove it");
    utf8_add(out, c);
    return true;
}

static bool bad_escape(struct reader *r) {
    size_t end = character_end(r, r->at + 1);
    struct diag *d =
        diag_add(r->diags, DIAG_JSON_STRING, here(r, r->at, end), "`%.*s` is no escape of JSON",
                 STR_ARG(str_slice(r->text, r->at, end)));
    tree_refuse(r->diags, d, "write `\\\\` for a backslash");
    return false;
}

static bool read_escape(struct reader *r, struct buf *out) {
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    char c = r->at + 1 < r->text.len ? r->text.at[r->at + 1] : '\0';
    if (c == 'u')
        return read_unicode(r, out);
    const char *hit = c ? strchr(names, c) : NULL;
    if (!hit)
        return bad_escape(r);
    buf_char(out, values[hit - names]);
    r->at += 2;
    return true;
}

static bool string_stops(struct reader *r, size_t from) {
    if (at_end(r) || peek(r) == '\n' || peek(r) == '\r')
        return bad_string(r, from, from + 1, "a text that is never closed",
                          "close it with `\"` on the same line; a line end in it is `\\n`");
    if (peek(r) == '\t')
        return bad_string(r, r->at, r->at + 1, "a tab inside a text", "write `\\t`");
    struct diag *d =
        diag_add(r->diags, DIAG_CHARACTER, here(r, r->at, r->at + 1),
                 "the character U+%04X may not stand in JSON", (unsigned)(unsigned char)peek(r));
    tree_refuse(r->diags, d, "remove it, or write it as an escape");
    return false;
}

/* From the opening quote; the text lies in the source as long as there is no escape. */
static struct tree *read_string(struct reader *r, struct tree *parent) {
    size_t from = r->at++, done = r->at;
    struct buf out = { .arena = r->arena };
    bool escaped = false;
    while (at_end(r) || peek(r) != '"') {
        if (at_end(r) || (unsigned char)peek(r) < 0x20) {
            string_stops(r, from);
            return NULL;
        }
        if (peek(r) != '\\') {
            r->at++;
            continue;
        }
        buf_add(&out, str_slice(r->text, done, r->at));
        escaped = true;
        if (!read_escape(r, &out))
            return NULL;
        done = r->at;
    }
    struct str rest = str_slice(r->text, done, r->at);
    if (escaped)
        buf_add(&out, rest);
    r->at++;
    struct tree *node = tree_new(r->file, TREE_SCALAR, TREE_DOUBLE, here(r, from, r->at), parent);
    node->content = here(r, from + 1, r->at - 1);
    node->text = escaped ? buf_str(&out) : rest;
    return node;
}

/* ---- words and numbers ---- */

static bool is_number(struct str s) {
    size_t i = s.len && s.at[0] == '-';
    size_t from = i;
    while (i < s.len && char_is_digit(s.at[i]))
        i++;
    if (i == from || (s.at[from] == '0' && i > from + 1))
        return false;
    if (i < s.len && s.at[i] == '.') {
        from = ++i;
        while (i < s.len && char_is_digit(s.at[i]))
            i++;
        if (i == from)
            return false;
    }
    if (i < s.len && char_lower(s.at[i]) == 'e') {
        i++;
        i += i < s.len && (s.at[i] == '+' || s.at[i] == '-');
        from = i;
        while (i < s.len && char_is_digit(s.at[i]))
            i++;
        if (i == from)
            return false;
    }
    return i == s.len;
}

static struct tree *report_word(struct reader *r, size_t from, struct str word) {
    static const char *const known[] = { "true", "false", "null" };
    struct diag *d;
    if (char_is_digit(word.at[0]) || strchr("-+.", word.at[0])) {
        d = diag_add(r->diags, DIAG_JSON_WORD, here(r, from, r->at),
                     "`%.*s` is no number that JSON has", STR_ARG(word));
        refuse(r, d);
        diag_help(r->diags, d,
                  "write it in decimal digits without leading zeros, or as text: \"%.*s\"",
                  STR_ARG(word));
        return NULL;
    }
    d = diag_add(r->diags, DIAG_JSON_WORD, here(r, from, r->at), "`%.*s` is not in double quotes",
                 STR_ARG(word));
    refuse(r, d);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq_nocase(word, str_of(known[i]))) {
            diag_suggest(r->diags, d, here(r, from, r->at), str_of(known[i]));
            return NULL;
        }
    diag_help(r->diags, d, "write \"%.*s\"", STR_ARG(word));
    return NULL;
}

static bool ends_word(char c) {
    return c == '\0' || strchr(" \t\r\n,:[]{}\"'#", c) != NULL;
}

static struct tree *read_word(struct reader *r, struct tree *parent) {
    size_t from = r->at;
    while (!at_end(r) && !ends_word(peek(r)))
        r->at++;
    struct str word = str_slice(r->text, from, r->at);
    if (!str_is(word, "true") && !str_is(word, "false") && !str_is(word, "null") &&
        !is_number(word))
        return report_word(r, from, word);
    struct tree *node = tree_new(r->file, TREE_SCALAR, TREE_PLAIN, here(r, from, r->at), parent);
    node->content = node->span;
    node->text = word;
    return node;
}

static struct tree *report_value(struct reader *r, const char *what) {
    if (at_end(r)) {
        size_t at = behind_last(r, r->text.len);
        struct diag *d = diag_add(r->diags, DIAG_JSON_SYNTAX, here(r, at, at),
                                  "%s is missing at the end of the file", what);
        tree_refuse(r->diags, d, "write the rest of the file, which may have been cut off");
        return NULL;
    }
    size_t to = character_end(r, r->at);
    struct str c = str_slice(r->text, r->at, to);
    if ((unsigned char)c.at[0] < 0x20) {
        string_stops(r, r->at);
        return NULL;
    }
    struct diag *d = diag_add(r->diags, DIAG_JSON_SYNTAX, here(r, r->at, to),
                              "%s is expected, not `%.*s`", what, STR_ARG(c));
    refuse(r, d);
    if (peek(r) == '\'')
        diag_help(r->diags, d, "write it in double quotes: JSON has no others");
    else
        diag_help(r->diags, d, "write %s before this, or remove this", what);
    return NULL;
}

/* ---- collections; the recursion is TREE_DEEPEST deep at most ---- */

static struct tree *read_value(struct reader *r, struct tree *parent);

static bool report_trailing_comma(struct reader *r, size_t comma, char close) {
    struct span span = here(r, comma, comma + 1);
    struct diag *d = diag_add(r->diags, DIAG_JSON_COMMA, span, "a comma before `%c`", close);
    tree_refuse(r->diags, d, "remove it: nothing follows that it could part");
    diag_fix_replace(r->diags, d, true, span, STR(""));
    return false;
}

/* Behind an entry: false when the collection is over or broken; then `*done` tells which. */
static bool next_entry(struct reader *r, size_t open, char close, bool *done) {
    *done = false;
    if (!skip_blanks(r))
        return false;
    if (peek(r) == close && !at_end(r)) {
        r->at++;
        *done = true;
        return false;
    }
    if (peek(r) == ',') {
        size_t comma = r->at++;
        if (!skip_blanks(r))
            return false;
        return peek(r) == close ? report_trailing_comma(r, comma, close) : true;
    }
    size_t at = behind_last(r, r->at);
    bool value_follows = !at_end(r) && !strchr("]}:,", peek(r));
    struct diag *d = value_follows ? diag_add(r->diags, DIAG_JSON_COMMA, here(r, at, at),
                                              "a comma is missing here")
                                   : diag_add(r->diags, DIAG_JSON_SYNTAX, here(r, at, at),
                                              "a `,` or `%c` is missing here", close);
    refuse(r, d);
    if (value_follows) {
        diag_help(r->diags, d, "write a `,` between the two");
        diag_fix_replace(r->diags, d, false, here(r, at, at), STR(","));
    } else {
        diag_help(r->diags, d, "write `%c` here", close);
    }
    diag_note_at(r->diags, d, here(r, open, open + 1), "this is not closed yet");
    return false;
}

static bool read_items(struct reader *r, struct tree *list, size_t open) {
    struct tree_entry *last = NULL;
    bool done = false;
    do {
        struct tree *value = read_value(r, list);
        if (!value)
            return false;
        last = tree_append(list, last, NULL, value);
    } while (next_entry(r, open, ']', &done));
    return done;
}

static struct tree *read_key(struct reader *r, struct tree *map) {
    if (peek(r) == '"' && !at_end(r))
        return read_string(r, map);
    if (at_end(r) || !char_is_alnum(peek(r)))
        return report_value(r, "a key in double quotes");
    size_t from = r->at;
    while (!at_end(r) && !ends_word(peek(r)))
        r->at++;
    struct str word = str_slice(r->text, from, r->at);
    struct diag *d = diag_add(r->diags, DIAG_JSON_WORD, here(r, from, r->at),
                              "the key `%.*s` is not in double quotes", STR_ARG(word));
    refuse(r, d);
    diag_help(r->diags, d, "write \"%.*s\"", STR_ARG(word));
    return NULL;
}

static bool read_colon(struct reader *r) {
    if (!skip_blanks(r))
        return false;
    if (peek(r) == ':') {
        r->at++;
        return true;
    }
    report_value(r, "a `:`");
    return false;
}

static bool read_entries(struct reader *r, struct tree *map, size_t open) {
    struct tree_entry *last = NULL;
    bool done = false;
    do {
        struct tree *key = read_key(r, map);
        struct tree *value = key && read_colon(r) ? read_value(r, map) : NULL;
        if (!value)
            return false;
        last = tree_append(map, last, key, value);
    } while (next_entry(r, open, '}', &done));
    return done;
}

static struct tree *read_collection(struct reader *r, struct tree *parent) {
    size_t open = r->at++;
    bool map = r->text.at[open] == '{';
    char close = map ? '}' : ']';
    if (r->depth == TREE_DEEPEST) {
        struct diag *d =
            diag_add(r->diags, DIAG_TREE_LIMIT, here(r, open, open + 1),
                     "values stand inside each other more than %d deep", (int)TREE_DEEPEST);
        tree_refuse(r->diags, d, "remove levels: no configuration has that many");
        return NULL;
    }
    struct tree *node = tree_new(r->file, map ? TREE_MAPPING : TREE_SEQUENCE, TREE_FLOW,
                                 here(r, open, open), parent);
    if (!skip_blanks(r))
        return NULL;
    r->depth++;
    if (!at_end(r) && peek(r) == close)
        r->at++;
    else if (map ? !read_entries(r, node, open) : !read_items(r, node, open))
        return NULL;
    r->depth--;
    node->span = here(r, open, r->at);
    if (map)
        tree_close_mapping(r->diags, node);
    return node;
}

static struct tree *read_value(struct reader *r, struct tree *parent) {
    if (!skip_blanks(r))
        return NULL;
    if (r->file->nodes >= TREE_MOST_NODES) {
        tree_tell_nodes(r->diags, here(r, r->at, r->at), TREE_MOST_NODES);
        return NULL;
    }
    if (at_end(r))
        return report_value(r, "a value");
    if (peek(r) == '{' || peek(r) == '[')
        return read_collection(r, parent);
    if (peek(r) == '"')
        return read_string(r, parent);
    return ends_word(peek(r)) || (unsigned char)peek(r) < 0x20 ? report_value(r, "a value")
                                                               : read_word(r, parent);
}

static bool read_end(struct reader *r) {
    if (!skip_blanks(r))
        return false;
    if (at_end(r))
        return true;
    struct diag *d = diag_add(r->diags, DIAG_JSON_SYNTAX, here(r, r->at, character_end(r, r->at)),
                              "something follows the end of the JSON value");
    tree_refuse(r->diags, d, "remove it, or look above for a bracket that is closed too early");
    return false;
}

struct tree_file *json_tree_read(struct arena *arena, struct diags *diags, struct source *source) {
    if (!text_check_utf8(diags, source))
        return NULL;
    struct reader r = { .arena = arena, .diags = diags, .source = source, .text = source->text };
    r.file = tree_file_new(arena, source);
    r.file->json = true;
    if (str_starts(r.text, STR("\xef\xbb\xbf")))
        r.at = 3;
    if (str_trim(str_from(r.text, r.at)).len == 0) {
        r.file->empty = true;
        r.file->root = tree_new(r.file, TREE_SCALAR, TREE_PLAIN, here(&r, 0, 0), NULL);
        return r.file;
    }
    r.file->root = read_value(&r, NULL);
    return r.file->root && read_end(&r) ? r.file : NULL;
}
