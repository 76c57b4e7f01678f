/* The parser follows Go's regexp/syntax step by step, since Traefik compiles these texts with it:
   what is accepted here and refused there would disable a router at run time. Groups are kept on a
   list, not on the C stack, so no input makes the parser recurse. */
#include "support/regex.h"

#include "support/regex_class.h"

#define REPEAT_MAX    1000
#define HEIGHT_MAX    1000
#define NODE_SIZE_MAX ((INT64_C(128) << 20) / 40) /* Go: 128 MiB of instructions of 40 bytes */
#define RUNE_MAX      0x10ffff

struct flags {
    bool fold;      /* i */
    bool multiline; /* m */
    bool dot_all;   /* s */
    bool lazy;      /* U: x* is lazy and x*? is not */
};

/* Siblings in the making. `before` is the one ahead of `last`, for the merging of literals. */
struct row {
    struct regex_node *first, *last, *before;
    size_t count;
};

struct group {
    struct group *outer;
    size_t from;        /* its ( */
    struct flags flags; /* restored at its ) */
    int capture;        /* 0: only groups */
    struct str name;
    struct row alternatives; /* finished ones */
    struct row current;
    size_t branch; /* where the current alternative begins */
};

struct parser {
    struct arena *arena;
    struct str text;
    size_t at;
    struct flags flags;
    struct group *group;
    int captures;
    uint32_t *runes; /* room for every literal; neighbours in the text are neighbours here */
    size_t rune_count;
    bool has_repeat; /* the item before was a repetition, from here on */
    size_t repeat_from;
    int64_t made; /* nodes that Go would have allocated; merged ones are reused */
    int64_t spare;
    int64_t repeats; /* product of all counts */
    bool sizing;
    bool no_posix_end; /* no `:]` stands ahead: searching once is enough */
    struct fault fault;
};

static bool fail(struct parser *p, int error, size_t from, size_t to) {
    p->fault = fault_at(error, from, to);
    return false;
}

static bool at_text(const struct parser *p, const char *text) {
    return str_starts(str_from(p->text, p->at), str_of(text));
}

static char char_at(const struct parser *p, size_t at) {
    return at < p->text.len ? p->text.at[at] : 0;
}

/* ---- UTF-8; checked once for the whole text, so that reading cannot fail ---- */

static size_t sequence_length(struct str text, size_t at) {
    unsigned char c = (unsigned char)text.at[at];
    size_t len = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
    if (at + len > text.len)
        return 0;
    for (size_t i = 1; i < len; i++)
        if (((unsigned char)text.at[at + i] & 0xc0) != 0x80)
            return 0;
    unsigned char next = len > 1 ? (unsigned char)text.at[at + 1] : 0;
    bool wrong = (c == 0xe0 && next < 0xa0) || (c == 0xed && next > 0x9f) ||
                 (c == 0xf0 && next < 0x90) || (c == 0xf4 && next > 0x8f);
    return wrong ? 0 : len;
}

static uint32_t read_rune(struct parser *p) {
    size_t len = sequence_length(p->text, p->at);
    unsigned char c = (unsigned char)p->text.at[p->at];
    uint32_t rune = len == 1 ? c : c & (0xffu >> (len + 1));
    for (size_t i = 1; i < len; i++)
        rune = rune << 6 | ((unsigned char)p->text.at[p->at + i] & 0x3f);
    p->at += len;
    return rune;
}

/* ---- building the tree ---- */

static struct regex_node *new_node(struct parser *p, enum regex_kind kind, size_t from) {
    struct regex_node *n = arena_new(p->arena, struct regex_node);
    if (p->spare)
        p->spare--;
    else
        p->made++;
    *n = (struct regex_node){
        .kind = kind, .from = from, .to = p->at, .height = 1, .repeats = 1, .size = 1
    };
    return n;
}

static int64_t size_of(const struct regex_node *n) {
    int64_t size = n->kind == REGEX_LITERAL ? (int64_t)n->rune_count : n->size;
    return size > 1 ? size : 1;
}

static bool check_limits(struct parser *p, const struct regex_node *n) {
    if (n->height > HEIGHT_MAX)
        return fail(p, REGEX_DEPTH, 0, p->text.len);
    bool counted = n->kind == REGEX_REPEAT && n->max != 1 && !(n->min <= 1 && n->max < 0);
    if (!p->sizing && counted) {
        int64_t count = n->max < 0 ? n->min : n->max;
        count = count < 1 ? 1 : count;
        p->repeats = count > NODE_SIZE_MAX / p->repeats ? NODE_SIZE_MAX : p->repeats * count;
    }
    p->sizing = p->sizing || p->made >= NODE_SIZE_MAX / p->repeats;
    if (p->sizing && size_of(n) > NODE_SIZE_MAX)
        return fail(p, REGEX_LARGE, 0, p->text.len);
    return true;
}

static void row_add(struct row *row, struct regex_node *n) {
    if (row->last)
        row->last->next = n;
    else
        row->first = n;
    row->before = row->last;
    row->last = n;
    row->count++;
}

/* Go merges the two newest literals when a third item comes: the newest one stays apart until
   then, because a repetition would be its own. */
static void merge_literals(struct parser *p, struct row *row) {
    struct regex_node *a = row->before, *b = row->last;
    if (!a || a->kind != REGEX_LITERAL || b->kind != REGEX_LITERAL || a->fold != b->fold)
        return;
    if (a->runes + a->rune_count != b->runes) {
        size_t count = a->rune_count + b->rune_count;
        uint32_t *runes = arena_array(p->arena, uint32_t, count);
        memcpy(runes, a->runes, a->rune_count * sizeof *runes);
        memcpy(runes + a->rune_count, b->runes, b->rune_count * sizeof *runes);
        a->runes = runes;
    }
    a->rune_count += b->rune_count;
    a->is_char = false;
    a->to = b->to;
    a->next = NULL;
    row->last = a;
    row->before = NULL; /* it is no literal of the same kind, else it had been merged before */
    row->count--;
    p->spare++;
}

static bool push(struct parser *p, struct regex_node *n) {
    struct row *row = &p->group->current;
    merge_literals(p, row);
    n->to = p->at;
    row_add(row, n);
    return check_limits(p, n);
}

static bool push_literal(struct parser *p, uint32_t rune, size_t from) {
    struct regex_node *n = new_node(p, REGEX_LITERAL, from);
    n->runes = p->runes + p->rune_count;
    n->rune_count = 1;
    n->is_char = true;
    n->fold = p->flags.fold;
    p->runes[p->rune_count++] = rune;
    return push(p, n);
}

static bool push_simple(struct parser *p, enum regex_kind kind, size_t length) {
    size_t from = p->at;
    p->at += length;
    struct regex_node *n = new_node(p, kind, from);
    n->is_char = kind == REGEX_ANY || kind == REGEX_ANY_NOT_NEWLINE;
    return push(p, n);
}

static bool push_class(struct parser *p, struct regex_items *items, bool negated, size_t from) {
    struct regex_node *n = new_node(p, REGEX_CLASS, from);
    n->items = items->at;
    n->item_count = items->len;
    n->negated = negated;
    n->fold = p->flags.fold;
    n->is_char = true;
    return push(p, n);
}

/* Go makes neighbouring alternatives of one character each into one class; they count as one. */
static void measure(struct regex_node *n) {
    int64_t size = 0, count = 0;
    bool all_chars = true, after_char = false;
    for (const struct regex_node *c = n->first; c; c = c->next) {
        bool merged = n->kind == REGEX_ALTERNATE && c->is_char && after_char;
        n->height = c->height + 1 > n->height ? c->height + 1 : n->height;
        n->repeats = c->repeats > n->repeats ? c->repeats : n->repeats;
        size += merged ? 0 : size_of(c);
        count += !merged;
        after_char = c->is_char;
        all_chars = all_chars && c->is_char;
    }
    n->size = n->kind == REGEX_ALTERNATE ? size + count - 1 : size;
    if (n->kind == REGEX_ALTERNATE && all_chars) {
        n->height = 1;
        n->is_char = true;
    }
}

/* A row as one node: nothing, the only one, or a node around them. Children of the same kind are
   taken in, as Go does, since (?:a(?:bc)) is one sequence. */
static struct regex_node *collapse(struct parser *p, struct row *row, enum regex_kind kind,
                                   size_t from) {
    if (row->count == 0)
        return new_node(p, REGEX_EMPTY, from);
    if (row->count == 1)
        return row->first;
    struct regex_node *n = new_node(p, kind, from);
    struct row flat = { 0 };
    for (struct regex_node *c = row->first, *next; c; c = next) {
        next = c->next;
        c->next = NULL;
        if (c->kind != kind) {
            row_add(&flat, c);
            continue;
        }
        for (struct regex_node *inner = c->first, *after; inner; inner = after) {
            after = inner->next;
            inner->next = NULL;
            row_add(&flat, inner);
        }
        p->spare++;
    }
    n->first = flat.first;
    n->from = from;
    measure(n);
    return n;
}

static bool finish_alternative(struct parser *p) {
    struct group *g = p->group;
    merge_literals(p, &g->current);
    struct regex_node *n = collapse(p, &g->current, REGEX_CONCAT, g->branch);
    g->current = (struct row){ 0 };
    row_add(&g->alternatives, n);
    return check_limits(p, n);
}

static void open_group(struct parser *p, size_t from, int capture, struct str name) {
    struct group *g = arena_new(p->arena, struct group);
    *g = (struct group){ .outer = p->group,
                         .from = from,
                         .flags = p->flags,
                         .capture = capture,
                         .name = name,
                         .branch = p->at };
    p->group = g;
}

static bool close_group(struct parser *p) {
    struct group *g = p->group;
    if (!g->outer)
        return fail(p, REGEX_PAREN_STRAY, p->at, p->at + 1);
    if (!finish_alternative(p))
        return false;
    struct regex_node *n = collapse(p, &g->alternatives, REGEX_ALTERNATE, g->from + 1);
    if (!check_limits(p, n))
        return false;
    p->at++;
    p->group = g->outer;
    p->flags = g->flags;
    n->next = NULL;
    if (!g->capture) {
        n->from = g->from;
        p->spare++;
        return push(p, n);
    }
    struct regex_node *capture = new_node(p, REGEX_CAPTURE, g->from);
    capture->capture = g->capture;
    capture->name = g->name;
    capture->first = n;
    capture->height = n->height + 1;
    capture->repeats = n->repeats;
    capture->size = size_of(n) + 2;
    return push(p, capture);
}

/* ---- repetition ---- */

static int64_t repeat_size(const struct regex_node *sub, int min, int max) {
    int64_t size = size_of(sub);
    if (max < 0)
        return min == 0 ? 2 + size : 1 + min * size;
    return max * size + (max - min);
}

/* `p->at` stands behind the operator that began at `from`. */
static bool repeat(struct parser *p, size_t from, int min, int max, bool counted) {
    struct row *row = &p->group->current;
    bool lazy = p->flags.lazy;
    if (char_at(p, p->at) == '?') {
        p->at++;
        lazy = !lazy;
    }
    if (p->has_repeat)
        return fail(p, REGEX_REPEAT_TWICE, p->repeat_from, p->at);
    struct regex_node *sub = row->last;
    if (!sub)
        return fail(p, REGEX_REPEAT_NOTHING, from, p->at);
    struct regex_node *n = new_node(p, REGEX_REPEAT, sub->from);
    n->to = p->at;
    n->first = sub;
    n->min = min;
    n->max = max;
    n->lazy = lazy;
    n->height = sub->height + 1;
    n->size = counted ? repeat_size(sub, min, max) : size_of(sub) + (max < 0 && min == 0 ? 2 : 1);
    int count = max < 0 ? min : max;
    bool stops = counted && max == 0; /* nothing inside can be repeated any more */
    n->repeats = stops ? 1 : counted && count > 1 ? sub->repeats * count : sub->repeats;
    /* Every push sets `before` anew, so it is missing only ahead of the first item. */
    if (row->before)
        row->before->next = n;
    else
        row->first = n;
    row->last = n;
    sub->next = NULL;
    if (!check_limits(p, n))
        return false;
    if (counted && (min >= 2 || max >= 2) && n->repeats > REPEAT_MAX)
        return fail(p, REGEX_REPEAT_NESTED, n->from, p->at);
    if (n->repeats > REPEAT_MAX)
        n->repeats = REPEAT_MAX + 1;
    p->repeat_from = from;
    return true;
}

/* Digits without leading zeros; -1 in `out` when they exceed what matters. */
static bool read_count(const struct parser *p, size_t *at, int *out) {
    size_t from = *at;
    if (!char_is_digit(char_at(p, from)) ||
        (char_at(p, from) == '0' && char_is_digit(char_at(p, from + 1))))
        return false;
    int value = 0;
    while (char_is_digit(char_at(p, *at))) {
        int digit = char_at(p, *at) - '0';
        value = value < 0 || value > REPEAT_MAX ? -1 : value * 10 + digit;
        ++*at;
    }
    *out = value > REPEAT_MAX ? -1 : value;
    return true;
}

/* {n}, {n,} or {n,m}; anything else in braces is literal. */
static bool read_braces(const struct parser *p, size_t *end, int *min, int *max, bool *legal) {
    size_t at = p->at + 1;
    if (!read_count(p, &at, min))
        return false;
    *max = *min;
    *legal = *min >= 0;
    if (char_at(p, at) == ',') {
        at++;
        *max = REGEX_NO_LIMIT;
        if (char_at(p, at) != '}') {
            if (!read_count(p, &at, max))
                return false;
            *legal = *legal && *max >= *min;
        }
    }
    *end = at + 1;
    return char_at(p, at) == '}';
}

static bool parse_braces(struct parser *p, bool *repeated) {
    size_t from = p->at, end;
    int min, max;
    bool legal;
    if (!read_braces(p, &end, &min, &max, &legal)) {
        p->at++;
        return push_literal(p, '{', from);
    }
    if (!legal)
        return fail(p, REGEX_REPEAT_SIZE, from, end);
    p->at = end;
    *repeated = true;
    return repeat(p, from, min, max, true);
}

static bool parse_repeat(struct parser *p, bool *repeated) {
    size_t from = p->at;
    char c = char_at(p, p->at++);
    *repeated = true;
    return repeat(p, from, c == '+', c == '?' ? 1 : REGEX_NO_LIMIT, false);
}

/* ---- groups ---- */

static bool is_group_name(struct str name) {
    for (size_t i = 0; i < name.len; i++)
        if (!char_is_alnum(name.at[i]) && name.at[i] != '_')
            return false;
    return name.len > 0;
}

static bool parse_named_group(struct parser *p, size_t from, size_t name_from) {
    size_t length = str_find(str_from(p->text, name_from), '>');
    if (length == STR_NONE)
        return fail(p, REGEX_GROUP_NAME, name_from, p->text.len);
    struct str name = str_slice(p->text, name_from, name_from + length);
    if (!is_group_name(name))
        return fail(p, REGEX_GROUP_NAME, name_from, name_from + length);
    p->at = name_from + length + 1;
    open_group(p, from, ++p->captures, name);
    return true;
}

static bool set_flag(struct flags *flags, char letter, bool on) {
    switch (letter) {
    case 'i': flags->fold = on; return true;
    case 'm': flags->multiline = on; return true;
    case 's': flags->dot_all = on; return true;
    case 'U': flags->lazy = on; return true;
    default: return false;
    }
}

/* (?i), (?i:, (?:, (?i-s) and so on. */
static bool parse_flags(struct parser *p, size_t from) {
    struct flags flags = p->flags;
    bool negative = false, seen = false;
    for (p->at = from + 2; p->at < p->text.len; p->at++) {
        char c = char_at(p, p->at);
        if (set_flag(&flags, c, !negative)) {
            seen = true;
        } else if (c == '-' && !negative) {
            negative = true;
            seen = false;
        } else if ((c == ':' || c == ')') && (!negative || seen)) {
            p->at++;
            if (c == ':')
                open_group(p, from, 0, STR(""));
            p->flags = flags;
            return true;
        } else {
            break;
        }
    }
    size_t end = p->at < p->text.len ? p->at + sequence_length(p->text, p->at) : p->at;
    return fail(p, REGEX_GROUP, from, end);
}

static bool parse_group(struct parser *p) {
    size_t from = p->at;
    if (!at_text(p, "(?")) {
        p->at++;
        open_group(p, from, ++p->captures, STR(""));
        return true;
    }
    if (at_text(p, "(?=") || at_text(p, "(?!"))
        return fail(p, REGEX_LOOK_AROUND, from, from + 3);
    if (at_text(p, "(?<=") || at_text(p, "(?<!"))
        return fail(p, REGEX_LOOK_AROUND, from, from + 4);
    if (at_text(p, "(?P<") && p->text.len - from > 4)
        return parse_named_group(p, from, from + 4);
    if (at_text(p, "(?<") && p->text.len - from > 3)
        return parse_named_group(p, from, from + 3);
    return parse_flags(p, from);
}

/* ---- escapes ---- */

static int hex_value(uint32_t c) {
    if (c >= '0' && c <= '9')
        return (int)(c - '0');
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? (int)(c - 'a') + 10 : -1;
}

static bool fail_escape(struct parser *p, int error, size_t from) {
    return fail(p, error, from, p->at);
}

/* Behind \x: two digits, or any number of them in braces. */
static bool read_hex(struct parser *p, size_t from, uint32_t *rune) {
    uint32_t value = 0;
    if (char_at(p, p->at) == '{' && p->at < p->text.len) {
        size_t digits = 0;
        for (p->at++; p->at < p->text.len; digits++) {
            uint32_t c = read_rune(p);
            if (c == '}' && digits) {
                *rune = value;
                return true;
            }
            int digit = hex_value(c);
            if (digit < 0)
                break;
            value = value * 16 + (uint32_t)digit;
            if (value > RUNE_MAX)
                break;
        }
        return fail_escape(p, REGEX_ESCAPE, from);
    }
    for (int i = 0; i < 2; i++) {
        int digit = p->at < p->text.len ? hex_value(read_rune(p)) : -1;
        if (digit < 0)
            return fail_escape(p, REGEX_ESCAPE, from);
        value = value * 16 + (uint32_t)digit;
    }
    *rune = value;
    return true;
}

/* The escape of one character; `p->at` stands on the backslash. */
static bool read_escape(struct parser *p, uint32_t *rune) {
    static const char controls[][2] = { { 'a', '\a' }, { 'f', '\f' }, { 'n', '\n' },
                                        { 'r', '\r' }, { 't', '\t' }, { 'v', '\v' } };
    size_t from = p->at++;
    if (p->at >= p->text.len)
        return fail(p, REGEX_TRAILING_BACKSLASH, from, p->at);
    uint32_t c = read_rune(p);
    if (c >= '0' && c <= '7') {
        bool octal = char_at(p, p->at) >= '0' && char_at(p, p->at) <= '7';
        if (c != '0' && !octal)
            return fail_escape(p, REGEX_BACK_REFERENCE, from);
        uint32_t value = c - '0';
        for (int i = 1; i < 3 && char_at(p, p->at) >= '0' && char_at(p, p->at) <= '7'; i++)
            value = value * 8 + (uint32_t)(char_at(p, p->at++) - '0');
        *rune = value;
        return true;
    }
    if (c == '8' || c == '9')
        return fail_escape(p, REGEX_BACK_REFERENCE, from);
    if (c == 'x')
        return read_hex(p, from, rune);
    for (size_t i = 0; i < sizeof controls / sizeof controls[0]; i++) {
        if ((uint32_t)controls[i][0] == c) {
            *rune = (uint32_t)controls[i][1];
            return true;
        }
    }
    if (c >= 0x80 || char_is_alnum((char)c))
        return fail_escape(p, REGEX_ESCAPE, from);
    *rune = c;
    return true;
}

/* \pN or \p{Greek} at `p->at`; `found` when one stands there. */
static bool read_unicode_class(struct parser *p, struct regex_items *items, bool *found) {
    size_t from = p->at;
    *found = at_text(p, "\\p") || at_text(p, "\\P");
    if (!*found)
        return true;
    bool negated = char_at(p, from + 1) == 'P';
    p->at += 2;
    struct str name = STR("");
    if (char_at(p, p->at) == '{') {
        size_t close = str_find(str_from(p->text, p->at), '}');
        if (close == STR_NONE)
            return fail(p, REGEX_UNICODE_NAME, from, p->text.len);
        name = str_slice(p->text, p->at + 1, p->at + close);
        p->at += close + 1;
    } else if (p->at < p->text.len) {
        size_t start = p->at;
        read_rune(p);
        name = str_slice(p->text, start, p->at);
    }
    if (!regex_items_add_unicode(items, name, negated))
        return fail(p, REGEX_UNICODE_NAME, from, p->at);
    return true;
}

static bool read_perl_class(struct parser *p, struct regex_items *items) {
    if (char_at(p, p->at) != '\\' || p->at + 1 >= p->text.len ||
        !regex_items_add_perl(items, char_at(p, p->at + 1)))
        return false;
    p->at += 2;
    return true;
}

static bool parse_quoted(struct parser *p) {
    size_t from = p->at + 2, length = str_find_str(str_from(p->text, from), STR("\\E"));
    size_t end = length == STR_NONE ? p->text.len : from + length;
    p->at = from;
    while (p->at < end) {
        size_t start = p->at;
        if (!push_literal(p, read_rune(p), start))
            return false;
    }
    p->at = length == STR_NONE ? end : end + 2;
    return true;
}

static bool parse_escape(struct parser *p) {
    struct regex_items items = { .arena = p->arena };
    size_t from = p->at;
    bool found;
    uint32_t rune;
    switch (char_at(p, p->at + 1)) {
    case 'A': return push_simple(p, REGEX_BEGIN_TEXT, 2);
    case 'z': return push_simple(p, REGEX_END_TEXT, 2);
    case 'b': return push_simple(p, REGEX_WORD_BOUNDARY, 2);
    case 'B': return push_simple(p, REGEX_NO_WORD_BOUNDARY, 2);
    case 'C': return fail(p, REGEX_ANY_BYTE, from, from + 2);
    case 'Q': return parse_quoted(p);
    default: break;
    }
    if (!read_unicode_class(p, &items, &found))
        return false;
    if (found || read_perl_class(p, &items))
        return push_class(p, &items, false, from);
    return read_escape(p, &rune) && push_literal(p, rune, from);
}

/* ---- character classes ---- */

static bool read_class_char(struct parser *p, size_t bracket, uint32_t *rune) {
    if (p->at >= p->text.len)
        return fail(p, REGEX_BRACKET_OPEN, bracket, bracket + 1);
    if (char_at(p, p->at) == '\\')
        return read_escape(p, rune);
    *rune = read_rune(p);
    return true;
}

/* [:alpha:] inside of a class; without a `:]` the bracket is an ordinary character. */
static bool read_posix_class(struct parser *p, struct regex_items *items, bool *found) {
    *found = false;
    if (p->no_posix_end || !at_text(p, "[:"))
        return true;
    size_t length = str_find_str(str_from(p->text, p->at + 2), STR(":]"));
    p->no_posix_end = length == STR_NONE;
    if (p->no_posix_end)
        return true;
    *found = true;
    size_t from = p->at;
    p->at += length + 4;
    if (!regex_items_add_posix(items, str_slice(p->text, from + 2, from + 2 + length)))
        return fail(p, REGEX_CLASS_NAME, from, p->at);
    return true;
}

static bool read_class_range(struct parser *p, size_t bracket, struct regex_items *items) {
    uint32_t low, high;
    size_t from = p->at;
    if (!read_class_char(p, bracket, &low))
        return false;
    high = low;
    if (char_at(p, p->at) == '-' && p->at + 1 < p->text.len && char_at(p, p->at + 1) != ']') {
        p->at++;
        if (!read_class_char(p, bracket, &high))
            return false;
        if (high < low)
            return fail(p, REGEX_RANGE, from, p->at);
    }
    regex_items_add(items, (struct regex_item){ .from = low, .to = high });
    return true;
}

static bool parse_class(struct parser *p) {
    struct regex_items items = { .arena = p->arena };
    size_t bracket = p->at++;
    bool negated = char_at(p, p->at) == '^';
    p->at += negated;
    /* A ] that comes first is an ordinary character. */
    for (bool first = true; first || char_at(p, p->at) != ']'; first = false) {
        bool found;
        if (!read_posix_class(p, &items, &found))
            return false;
        if (!found && !read_unicode_class(p, &items, &found))
            return false;
        if (!found && !read_perl_class(p, &items) && !read_class_range(p, bracket, &items))
            return false;
    }
    p->at++;
    return push_class(p, &items, negated, bracket);
}

/* ---- the whole ---- */

static bool parse_item(struct parser *p, bool *repeated) {
    size_t from = p->at;
    switch (char_at(p, p->at)) {
    case '(': return parse_group(p);
    case ')': return close_group(p);
    case '|':
        if (!finish_alternative(p))
            return false;
        p->group->branch = ++p->at;
        return true;
    case '^': return push_simple(p, p->flags.multiline ? REGEX_BEGIN_LINE : REGEX_BEGIN_TEXT, 1);
    case '$': return push_simple(p, p->flags.multiline ? REGEX_END_LINE : REGEX_END_TEXT, 1);
    case '.': return push_simple(p, p->flags.dot_all ? REGEX_ANY : REGEX_ANY_NOT_NEWLINE, 1);
    case '[': return parse_class(p);
    case '*':
    case '+':
    case '?': return parse_repeat(p, repeated);
    case '{': return parse_braces(p, repeated);
    case '\\': return parse_escape(p);
    default: return push_literal(p, read_rune(p), from);
    }
}

static bool parse_all(struct parser *p) {
    for (size_t at = 0, len; at < p->text.len; at += len) {
        len = sequence_length(p->text, at);
        if (!len)
            return fail(p, REGEX_UTF8, at, at + 1);
    }
    open_group(p, 0, 0, STR(""));
    while (p->at < p->text.len) {
        bool repeated = false;
        if (!parse_item(p, &repeated))
            return false;
        p->has_repeat = repeated;
    }
    if (p->group->outer)
        return fail(p, REGEX_PAREN_OPEN, p->group->from, p->group->from + 1);
    return finish_alternative(p);
}

struct fault regex_parse(struct arena *a, struct str pattern, struct regex *out) {
    struct parser p = { .arena = a, .text = pattern, .repeats = 1 };
    p.runes = arena_array(a, uint32_t, pattern.len + 1);
    *out = (struct regex){ 0 };
    if (!parse_all(&p))
        return p.fault;
    struct regex_node *root = collapse(&p, &p.group->alternatives, REGEX_ALTERNATE, 0);
    if (!check_limits(&p, root))
        return p.fault;
    *out = (struct regex){ root, p.captures };
    return fault_none();
}

/* ---- questions for lints; the recursion is as deep as the tree, at most 1000 ---- */

static bool is_empty_width(const struct regex_node *n) {
    return n->kind == REGEX_EMPTY || n->kind == REGEX_WORD_BOUNDARY ||
           n->kind == REGEX_NO_WORD_BOUNDARY;
}

static bool is_anchored(const struct regex_node *n, enum regex_kind anchor) {
    bool result = false;
    switch (n->kind) {
    case REGEX_CAPTURE: return is_anchored(n->first, anchor);
    case REGEX_REPEAT: return n->min > 0 && is_anchored(n->first, anchor);
    case REGEX_ALTERNATE:
        for (const struct regex_node *c = n->first; c; c = c->next)
            if (!is_anchored(c, anchor))
                return false;
        return true;
    case REGEX_CONCAT:
        for (const struct regex_node *c = n->first; c; c = c->next) {
            if (is_empty_width(c))
                continue;
            result = is_anchored(c, anchor);
            if (anchor == REGEX_BEGIN_TEXT)
                return result;
        }
        return result;
    case REGEX_EMPTY:
    case REGEX_LITERAL:
    case REGEX_CLASS:
    case REGEX_ANY:
    case REGEX_ANY_NOT_NEWLINE:
    case REGEX_BEGIN_LINE:
    case REGEX_END_LINE:
    case REGEX_BEGIN_TEXT:
    case REGEX_END_TEXT:
    case REGEX_WORD_BOUNDARY:
    case REGEX_NO_WORD_BOUNDARY: break;
    }
    return n->kind == anchor;
}

bool regex_is_anchored_start(const struct regex *re) {
    return is_anchored(re->root, REGEX_BEGIN_TEXT);
}

bool regex_is_anchored_end(const struct regex *re) {
    return is_anchored(re->root, REGEX_END_TEXT);
}

static bool is_word_rune(uint32_t rune) {
    return rune < 0x80 && char_is_alnum((char)rune);
}

static bool find_loose_dot(const struct regex_node *n, size_t *at) {
    const struct regex_node *before = NULL;
    for (const struct regex_node *c = n->first; c; before = c, c = c->next) {
        const struct regex_node *after = c->next;
        bool is_dot = c->kind == REGEX_ANY || c->kind == REGEX_ANY_NOT_NEWLINE;
        if (n->kind == REGEX_CONCAT && is_dot && before && before->kind == REGEX_LITERAL && after &&
            after->kind == REGEX_LITERAL && is_word_rune(before->runes[before->rune_count - 1]) &&
            is_word_rune(after->runes[0])) {
            *at = c->from;
            return true;
        }
        if (find_loose_dot(c, at))
            return true;
    }
    return false;
}

bool regex_find_loose_dot(const struct regex *re, size_t *at) {
    return find_loose_dot(re->root, at);
}

const char *regex_error_text(int error) {
    static const char *const texts[] = { REGEX_ERRORS(FAULT_PHRASE) };
    return texts[error];
}
