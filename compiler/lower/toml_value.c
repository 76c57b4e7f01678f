/* Values of TOML: texts, numbers, times, arrays and inline tables. */
#include "lower/toml_read.h"
#include "support/utf8.h"

/* ---- texts ---- */

static bool hex(const struct toml *t, size_t at, size_t count, uint32_t *out) {
    *out = 0;
    for (size_t i = at; i < at + count; i++) {
        char c = i < t->text.len ? char_lower(t->text.at[i]) : '\0';
        if (!char_is_digit(c) && !(c >= 'a' && c <= 'f'))
            return false;
        *out = *out * 16 + (uint32_t)(char_is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return true;
}

/* A backslash at the end of a line of a long text: up to the next that is no blank. */
static bool skip_continuation(struct toml *t) {
    size_t at = t->at + 1;
    while (at < t->text.len && (t->text.at[at] == ' ' || t->text.at[at] == '\t'))
        at++;
    if (at >= t->text.len || !strchr("\r\n", t->text.at[at]))
        return false;
    while (at < t->text.len && strchr(" \t\r\n", t->text.at[at]))
        at++;
    t->at = at;
    return true;
}

static bool read_escape(struct toml *t, struct buf *out, bool lines) {
    static const char names[] = "btnfre\"\\", values[] = "\b\t\n\f\r\x1b\"\\";
    if (lines && skip_continuation(t))
        return true;
    char c = toml_char(t, 1);
    size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    const char *hit = c ? strchr(names, c) : NULL;
    uint32_t value;
    if (hit) {
        buf_char(out, values[hit - names]);
        t->at += 2;
        return true;
    }
    size_t to = t->at + 1;
    if (to < t->text.len)
        to += utf8_next(t->text, to, &value);
    if (!digits)
        return toml_refuse(t, t->at, to, "write `\\\\` for a backslash, or the text in '…'",
                           "`%.*s` is no escape of TOML", STR_ARG(str_slice(t->text, t->at, to)));
    if (!hex(t, t->at + 2, digits, &value) || value > 0x10ffff ||
        (value >= 0xd800 && value < 0xe000))
        return toml_refuse(t, t->at, to, "write \\u00e9, say, or the character itself",
                           "`\\%c` wants the %zu hexadecimal digits of a character", c, digits);
    if (value == 0)
        return toml_refuse(t, t->at, t->at + 2 + digits, "remove it",
                           "the character U+0000 may not stand in a text");
    utf8_add(out, value);
    t->at += 2 + digits;
    return true;
}

static bool is_triple(const struct toml *t, char quote) {
    return toml_char(t, 0) == quote && toml_char(t, 1) == quote && toml_char(t, 2) == quote;
}

/* Three quotes end a long text; up to two more before them are its own. */
static bool ends(const struct toml *t, char quote, bool lines) {
    return lines ? is_triple(t, quote) && toml_char(t, 3) != quote : toml_char(t, 0) == quote;
}

static bool may_stand(const struct toml *t, bool lines) {
    unsigned char c = (unsigned char)toml_char(t, 0);
    bool end = c == '\n' || (c == '\r' && toml_char(t, 1) == '\n');
    return end ? lines : (c >= 0x20 && c != 0x7f) || c == '\t';
}

static void *stopped(struct toml *t, size_t from, size_t quotes) {
    char c = toml_char(t, 0);
    if (toml_ended(t) || c == '\n' || c == '\r')
        return toml_refuse(t, from, from + quotes,
                           quotes == 1 ? "close it on the same line; several want three quotes"
                                       : "close it with three quotes",
                           "a text that is never closed");
    return toml_expect(t, "text", "remove it");
}

struct tree *toml_read_string(struct toml *t, struct tree *parent, bool lines) {
    size_t from = t->at;
    char quote = toml_char(t, 0);
    lines = lines && is_triple(t, quote);
    size_t quotes = lines ? 3 : 1;
    t->at += quotes;
    if (lines) /* a line end right behind the quotes is none */
        t->at += toml_char(t, 0) == '\n'                              ? 1
                 : toml_char(t, 0) == '\r' && toml_char(t, 1) == '\n' ? 2
                                                                      : 0;
    size_t inner = t->at, done = inner;
    struct buf out = { .arena = t->arena };
    bool escaped = false;
    while (toml_ended(t) || !ends(t, quote, lines)) {
        if (toml_ended(t) || !may_stand(t, lines))
            return stopped(t, from, quotes);
        if (lines && is_triple(t, quote) && toml_char(t, 4) == quote && toml_char(t, 5) == quote)
            return stopped(t, from, quotes);
        if (quote == '\'' || toml_char(t, 0) != '\\') {
            t->at++;
            continue;
        }
        buf_add(&out, str_slice(t->text, done, t->at));
        escaped = true;
        if (!read_escape(t, &out, lines))
            return NULL;
        done = t->at;
    }
    struct str rest = str_slice(t->text, done, t->at);
    if (escaped)
        buf_add(&out, rest);
    struct tree *node = tree_new(t->file, TREE_SCALAR, quote == '"' ? TREE_DOUBLE : TREE_SINGLE,
                                 toml_span(t, from, t->at + quotes), parent);
    node->content = toml_span(t, inner, t->at);
    node->text = escaped ? buf_str(&out) : rest;
    t->at += quotes;
    return node;
}

/* ---- numbers ---- */

/* Digits of that base with single `_` between them, into `out` without; where they end. */
static size_t digits(struct str s, size_t at, int base, struct buf *out) {
    size_t from = at;
    for (; at < s.len; at++) {
        char c = char_lower(s.at[at]);
        int value = char_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : base;
        bool between = c == '_' && at > from && s.at[at - 1] != '_' && at + 1 < s.len;
        if (value < base)
            buf_char(out, s.at[at]);
        else if (!between)
            break;
    }
    return at > from && s.at[at - 1] == '_' ? from : at;
}

/* 0xff, 0o17, 0b11, as decimal digits: readers of a tree know no others. */
static bool read_based(struct arena *a, struct str s, struct str *out) {
    static const char signs[] = "xob";
    static const int bases[] = { 16, 8, 2 };
    const char *hit = s.len > 2 && s.at[0] == '0' ? strchr(signs, s.at[1]) : NULL;
    if (!hit || !*hit)
        return false;
    struct buf plain = { .arena = a };
    int base = bases[hit - signs];
    if (digits(s, 2, base, &plain) != s.len)
        return false;
    struct str all = buf_str(&plain);
    uint64_t value = 0;
    for (size_t i = 0; i < all.len; i++) {
        char c = char_lower(all.at[i]);
        uint64_t digit = (uint64_t)(char_is_digit(c) ? c - '0' : c - 'a' + 10);
        if (value > ((uint64_t)INT64_MAX - digit) / (uint64_t)base)
            return false;
        value = value * (uint64_t)base + digit;
    }
    *out = str_format(a, "%llu", (unsigned long long)value);
    return true;
}

static bool fits(struct str decimal) {
    bool minus = decimal.at[0] == '-';
    uint64_t value;
    return str_to_uint(str_from(decimal, minus || decimal.at[0] == '+'),
                       (uint64_t)INT64_MAX + minus, &value);
}

/* -12, 1_000, 1.5, 6e-7, inf: as written, without `_`. */
static bool read_decimal(struct arena *a, struct str s, struct str *out) {
    struct buf plain = { .arena = a };
    size_t at = s.len && strchr("+-", s.at[0]) ? 1 : 0;
    if (at)
        buf_char(&plain, s.at[0]);
    if (str_is(str_from(s, at), "inf") || str_is(str_from(s, at), "nan")) {
        *out = s;
        return true;
    }
    size_t whole = at, end = digits(s, at, 10, &plain);
    if (end == whole || (s.at[whole] == '0' && end > whole + 1))
        return false;
    bool real = false;
    if (end < s.len && s.at[end] == '.') {
        real = true;
        buf_char(&plain, '.');
        at = end + 1;
        end = digits(s, at, 10, &plain);
        if (end == at)
            return false;
    }
    if (end < s.len && char_lower(s.at[end]) == 'e') {
        real = true;
        buf_char(&plain, 'e');
        at = end + 1;
        if (at < s.len && strchr("+-", s.at[at]))
            buf_char(&plain, s.at[at++]);
        end = digits(s, at, 10, &plain);
        if (end == at)
            return false;
    }
    struct str text = buf_str(&plain);
    if (end != s.len || (!real && !fits(text)))
        return false;
    *out = text;
    return true;
}

/* ---- dates and times ---- */

static bool number_at(struct str s, size_t at, size_t count, unsigned least, unsigned most,
                      unsigned *out) {
    uint64_t value;
    if (at + count > s.len || !str_to_uint(str_slice(s, at, at + count), most, &value))
        return false;
    *out = (unsigned)value;
    return value >= least;
}

static bool is_date(struct str s) {
    unsigned year, month, day;
    static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (s.len != 10 || s.at[4] != '-' || s.at[7] != '-' || !number_at(s, 0, 4, 0, 9999, &year) ||
        !number_at(s, 5, 2, 1, 12, &month) || !number_at(s, 8, 2, 1, 31, &day))
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= days[month - 1] + (month == 2 && leap ? 1u : 0u);
}

/* 07:32, 07:32:00, 07:32:00.5; where it ends, or 0. */
static size_t time_end(struct str s) {
    unsigned part;
    if (s.len < 5 || s.at[2] != ':' || !number_at(s, 0, 2, 0, 23, &part) ||
        !number_at(s, 3, 2, 0, 59, &part))
        return 0;
    if (s.len < 8 || s.at[5] != ':')
        return 5;
    if (!number_at(s, 6, 2, 0, 59, &part))
        return 0;
    size_t end = 8;
    if (end < s.len && s.at[end] == '.')
        for (end++; end < s.len && char_is_digit(s.at[end]);)
            end++;
    return end == 9 ? 0 : end;
}

static bool is_offset(struct str s) {
    unsigned part;
    return !s.len || str_is(s, "Z") || str_is(s, "z") ||
           (s.len == 6 && strchr("+-", s.at[0]) && s.at[3] == ':' &&
            number_at(s, 1, 2, 0, 23, &part) && number_at(s, 4, 2, 0, 59, &part));
}

static bool is_time(struct str s) {
    if (is_date(s) || (s.len && time_end(s) == s.len))
        return true;
    if (s.len < 16 || !is_date(str_slice(s, 0, 10)) || !strchr("Tt ", s.at[10]))
        return false;
    struct str rest = str_from(s, 11);
    size_t end = time_end(rest);
    return end && is_offset(str_from(rest, end));
}

/* ---- values ---- */

static bool ends_word(char c) {
    return c == '\0' || strchr(" \t\r\n,]}#=\"'[{", c) != NULL;
}

static void *report_word(struct toml *t, size_t from, struct str word) {
    struct diag *d = diag_add(t->diags, DIAG_TOML, toml_span(t, from, t->at),
                              "`%.*s` is no value of TOML", STR_ARG(word));
    static const char *const known[] = { "true", "false" };
    tree_refuse(t->diags, d, "a text stands in quotes");
    for (size_t i = 0; i < 2; i++)
        if (str_eq_nocase(word, str_of(known[i])))
            diag_fix_replace(t->diags, d, true, toml_span(t, from, t->at), str_of(known[i]));
    if (word.len < 200 && str_find(word, '\\') == STR_NONE)
        diag_fix_replace(t->diags, d, false, toml_span(t, from, t->at),
                         str_format(t->arena, "\"%.*s\"", STR_ARG(word)));
    return NULL;
}

static struct tree *read_word(struct toml *t, struct tree *parent) {
    size_t from = t->at;
    while (!ends_word(toml_char(t, 0)))
        t->at++;
    struct str word = str_slice(t->text, from, t->at), value = word;
    if (!word.len)
        return toml_expect(t, "a value", "write a text in quotes, a number, true or false");
    /* A blank may stand between a date and its time. */
    if (toml_char(t, 0) == ' ' && char_is_digit(toml_char(t, 1)) && is_date(word)) {
        for (t->at++; !ends_word(toml_char(t, 0));)
            t->at++;
        word = value = str_slice(t->text, from, t->at);
    }
    if (!str_is(word, "true") && !str_is(word, "false") && !read_based(t->arena, word, &value) &&
        !read_decimal(t->arena, word, &value) && !is_time(word))
        return report_word(t, from, word);
    struct tree *node =
        tree_new(t->file, TREE_SCALAR, TREE_PLAIN, toml_span(t, from, t->at), parent);
    node->text = value;
    return node;
}

static bool read_items(struct toml *t, struct tree *list) {
    struct tree_entry *last = NULL;
    while (toml_skip_lines(t) && toml_char(t, 0) != ']') {
        struct tree *item = toml_read_value(t, list);
        if (!item)
            return false;
        last = tree_append(list, last, NULL, item);
        if (!toml_skip_lines(t))
            return false;
        if (toml_char(t, 0) == ']')
            return true;
        if (toml_char(t, 0) != ',')
            return toml_expect(t, "a `,` or `]`", "write `]` behind the last item");
        t->at++;
    }
    return toml_char(t, 0) == ']';
}

static bool read_pairs(struct toml *t, struct tree *map) {
    struct toml_place *table = toml_place_new(t, map, TOML_TABLE);
    while (toml_skip_lines(t) && toml_char(t, 0) != '}') {
        if (!toml_read_pair(t, table) || !toml_skip_lines(t))
            return false;
        if (toml_char(t, 0) == '}')
            return true;
        if (toml_char(t, 0) != ',')
            return toml_expect(t, "a `,` or `}`", "write `}` behind the last value");
        t->at++;
    }
    return toml_char(t, 0) == '}';
}

/* Inside an inline table keys with dots make tables, which are complete now. */
static void close_inside(struct toml *t, struct tree *map) {
    for (struct tree_entry *e = map->first; e; e = e->next)
        if (e->value->kind == TREE_MAPPING && e->value->style == TREE_BLOCK) {
            close_inside(t, e->value);
            e->value->style = TREE_FLOW;
        }
    tree_close_mapping(t->diags, map);
}

static struct tree *read_collection(struct toml *t, struct tree *parent) {
    if (t->depth == TREE_DEEPEST)
        return toml_too_deep(t, "values inside each other");
    size_t from = t->at++;
    bool map = t->text.at[from] == '{';
    struct tree *node = tree_new(t->file, map ? TREE_MAPPING : TREE_SEQUENCE, TREE_FLOW,
                                 toml_span(t, from, from), parent);
    t->depth++;
    if (map ? !read_pairs(t, node) : !read_items(t, node))
        return NULL;
    t->depth--;
    t->at++;
    node->span = toml_span(t, from, t->at);
    if (map)
        close_inside(t, node);
    return node;
}

struct tree *toml_read_value(struct toml *t, struct tree *parent) {
    if (t->file->nodes >= TREE_MOST_NODES) {
        tree_tell_nodes(t->diags, toml_span(t, t->at, t->at), TREE_MOST_NODES);
        return NULL;
    }
    char c = toml_char(t, 0);
    if (c == '"' || c == '\'')
        return toml_read_string(t, parent, true);
    return c == '[' || c == '{' ? read_collection(t, parent) : read_word(t, parent);
}
