/* The one place that knows what a scalar means: the core schema of YAML 1.2. */
#include "lower/tree.h"

#include <string.h>

struct scan {
    struct str text;
    size_t at;
};

static bool sign(struct scan *s) {
    if (s->at < s->text.len && (s->text.at[s->at] == '-' || s->text.at[s->at] == '+')) {
        s->at++;
        return true;
    }
    return false;
}

static size_t digits(struct scan *s) {
    size_t from = s->at;
    while (s->at < s->text.len && char_is_digit(s->text.at[s->at]))
        s->at++;
    return s->at - from;
}

static bool is_null(struct str text) {
    return text.len == 0 || str_is(text, "~") || str_is(text, "null") || str_is(text, "Null") ||
           str_is(text, "NULL");
}

static bool is_true(struct str text) {
    return str_is(text, "true") || str_is(text, "True") || str_is(text, "TRUE");
}

static bool is_false(struct str text) {
    return str_is(text, "false") || str_is(text, "False") || str_is(text, "FALSE");
}

static int digit_value(char c) {
    if (char_is_digit(c))
        return c - '0';
    c = char_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
}

/* 0o17 and 0x1F have no sign; decimal may, and may begin with zeros. */
static int int_base(struct str text, size_t *from) {
    *from = 2;
    if (text.len > 2 && text.at[0] == '0' && text.at[1] == 'x')
        return 16;
    if (text.len > 2 && text.at[0] == '0' && text.at[1] == 'o')
        return 8;
    *from = text.len && (text.at[0] == '-' || text.at[0] == '+');
    return 10;
}

static bool is_int(struct str text) {
    size_t from;
    int base = int_base(text, &from);
    for (size_t i = from; i < text.len; i++)
        if (digit_value(text.at[i]) >= base)
            return false;
    return text.len > from;
}

static bool is_float(struct str text) {
    struct scan s = { .text = text };
    bool signed_ = sign(&s);
    struct str rest = str_from(text, s.at);
    if (str_is(rest, ".inf") || str_is(rest, ".Inf") || str_is(rest, ".INF"))
        return true;
    if (str_is(rest, ".nan") || str_is(rest, ".NaN") || str_is(rest, ".NAN"))
        return !signed_;
    size_t before = digits(&s), after = 0;
    if (s.at < text.len && text.at[s.at] == '.') {
        s.at++;
        after = digits(&s);
    }
    if (before + after == 0)
        return false;
    if (s.at < text.len && char_lower(text.at[s.at]) == 'e') {
        s.at++;
        sign(&s);
        if (digits(&s) == 0)
            return false;
    }
    return s.at == text.len;
}

/* Letters that begin no word of the schema; more begin a text, but rarely. */
const bool tree_begins_text[256] = {
    ['a'] = true, ['b'] = true, ['c'] = true, ['d'] = true, ['e'] = true, ['g'] = true,
    ['h'] = true, ['i'] = true, ['j'] = true, ['k'] = true, ['l'] = true, ['m'] = true,
    ['o'] = true, ['p'] = true, ['q'] = true, ['r'] = true, ['s'] = true, ['u'] = true,
    ['v'] = true, ['w'] = true, ['x'] = true, ['y'] = true, ['z'] = true, ['A'] = true,
    ['B'] = true, ['C'] = true, ['D'] = true, ['E'] = true, ['G'] = true, ['H'] = true,
    ['I'] = true, ['J'] = true, ['K'] = true, ['L'] = true, ['M'] = true, ['O'] = true,
    ['P'] = true, ['Q'] = true, ['R'] = true, ['S'] = true, ['U'] = true, ['V'] = true,
    ['W'] = true, ['X'] = true, ['Y'] = true, ['Z'] = true, ['/'] = true, ['$'] = true,
};

static enum tree_scalar by_text(struct str text) {
    if (is_null(text))
        return SCALAR_NULL;
    if (is_true(text) || is_false(text))
        return SCALAR_BOOL;
    if (is_int(text))
        return SCALAR_INT;
    return is_float(text) ? SCALAR_FLOAT : SCALAR_TEXT;
}

enum tree_scalar tree_scalar_kind_of(const struct tree *node) {
    if (!node || node->kind != TREE_SCALAR)
        return node ? SCALAR_TEXT : SCALAR_NULL;
    if (!node->props || node->props->tag.len == 0)
        return node->style == TREE_PLAIN ? by_text(node->text) : SCALAR_TEXT;
    struct str tag = node->props->tag;
    if (str_is(tag, "tag:yaml.org,2002:str") || str_is(tag, "!"))
        return SCALAR_TEXT;
    bool tagged = str_starts(tag, STR("tag:yaml.org,2002:"));
    return node->style == TREE_PLAIN || tagged ? by_text(node->text) : SCALAR_TEXT;
}

bool tree_is_null(const struct tree *node) {
    return tree_scalar_kind(node) == SCALAR_NULL;
}

bool tree_to_bool(const struct tree *node, bool *out) {
    if (tree_scalar_kind(node) != SCALAR_BOOL)
        return false;
    *out = is_true(tree_text(node));
    return true;
}

bool tree_to_int(const struct tree *node, int64_t *out) {
    if (tree_scalar_kind(node) != SCALAR_INT)
        return false;
    struct str text = tree_text(node);
    size_t from;
    int base = int_base(text, &from);
    uint64_t value = 0, most = INT64_MAX;
    for (size_t i = from; i < text.len; i++) {
        uint64_t digit = (uint64_t)digit_value(text.at[i]);
        if (value > (most - digit) / (uint64_t)base)
            return false;
        value = value * (uint64_t)base + digit;
    }
    *out = text.at[0] == '-' ? -(int64_t)value : (int64_t)value;
    return true;
}

const char *tree_kind_name(const struct tree *node) {
    node = tree_resolve(node);
    if (node && node->kind == TREE_SEQUENCE)
        return "a list";
    if (node && node->kind == TREE_MAPPING)
        return "a mapping";
    switch (tree_scalar_kind(node)) {
    case SCALAR_TEXT: return "text";
    case SCALAR_NULL: return "nothing";
    case SCALAR_BOOL: return "true or false";
    case SCALAR_INT:
    case SCALAR_FLOAT: return "a number";
    }
    return "text";
}
