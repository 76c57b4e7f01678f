/* From the text of a rule to its tree, by Go's own rules of tokens and line ends (go/scanner,
   go/parser) and those of the library that Traefik evaluates it with (vulcand/predicate). */
#include "options/rule.h"

#include "support/buf.h"
#include "support/nearest.h"
#include "support/utf8.h"

const struct matcher matchers[MATCHER_COUNT] = {
#define MATCHER(id, name, layers, least, most, first, second)                                      \
    { MATCHER_##id, { name, sizeof(name) - 1 },       layers, least,                               \
      most,         { HOLDS_##first, HOLDS_##second } },
#include "options/matchers.def"
};

static const struct {
    const char *name;
    enum matcher_id id;
} retired[] = {
#define MATCHER_RETIRED(name, id) { name, MATCHER_##id },
#include "options/matchers.def"
};

const char *rule_error_text(enum rule_error error) {
    static const char *const texts[] = {
#define RULE_ERROR(name, text) text,
        RULE_ERRORS(RULE_ERROR)
#undef RULE_ERROR
    };
    return texts[error];
}

/* ---- tokens ---- */

enum token { END, LINE_END, NAME, TEXT, AND, OR, NOT, OPEN, CLOSE, COMMA, WRONG };

struct reader {
    struct arena *arena;
    struct str text;
    enum rule_layer layer;
    size_t at;
    bool ends; /* a line end here ends the expression, as Go puts a semicolon there */
    enum token token;
    size_t from, to;      /* of the token */
    size_t done;          /* where the token before it ended */
    size_t line_end_from; /* of the last LINE_END */
    struct str value;     /* of TEXT */
    bool plain;
    unsigned depth;
    struct rule_fault *first, *last;
    bool broken; /* the syntax is wrong, and was told */
};

static struct rule_fault *tell(struct reader *r, enum rule_error error, size_t from, size_t to) {
    struct rule_fault *f = arena_new(r->arena, struct rule_fault);
    *f = (struct rule_fault){ .error = error, .from = from, .to = to };
    if (r->last)
        r->last->next = f;
    else
        r->first = f;
    r->last = f;
    return f;
}

/* A mistake of syntax: the first one counts, nothing behind it is read. */
static void stop(struct reader *r, enum rule_error error, size_t from, size_t to,
                 struct str instead) {
    r->token = WRONG;
    if (r->broken)
        return;
    r->broken = true;
    tell(r, error, from, to)->instead = instead;
}

static char peek(const struct reader *r, size_t ahead) {
    return r->at + ahead < r->text.len ? r->text.at[r->at + ahead] : '\0';
}

static bool is_name_char(char c) {
    return char_is_alnum(c) || c == '_' || (unsigned char)c >= 0x80;
}

static int hex_of(char c) {
    if (char_is_digit(c))
        return c - '0';
    c = char_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void add_utf8(struct buf *out, uint32_t c) {
    if (c < 0x80) {
        buf_char(out, (char)c);
        return;
    }
    if (c < 0x800) {
        buf_char(out, (char)(0xc0 | c >> 6));
    } else {
        if (c < 0x10000) {
            buf_char(out, (char)(0xe0 | c >> 12));
        } else {
            buf_char(out, (char)(0xf0 | c >> 18));
            buf_char(out, (char)(0x80 | (c >> 12 & 0x3f)));
        }
        buf_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
    }
    buf_char(out, (char)(0x80 | (c & 0x3f)));
}

/* `\101`, `\x41`, `\u00e9`: the digits from `at` on; false when there are too few. */
static bool read_digits(const struct reader *r, size_t at, unsigned count, unsigned base,
                        uint32_t *out) {
    uint32_t value = 0;
    for (unsigned i = 0; i < count; i++) {
        int digit = at + i < r->text.len ? hex_of(r->text.at[at + i]) : -1;
        if (digit < 0 || (unsigned)digit >= base)
            return false;
        value = value * base + (uint32_t)digit;
    }
    *out = value;
    return true;
}

/* One escape of a double-quoted string, r->at on its backslash. */
static bool read_escape(struct reader *r, struct buf *out) {
    static const char simple[] = "abfnrtv\\\"", meant[] = "\a\b\f\n\r\t\v\\\"";
    size_t from = r->at, len = 2;
    char c = peek(r, 1);
    const char *found = c ? strchr(simple, c) : NULL;
    uint32_t value = 0;
    bool good = true;
    if (found) {
        buf_char(out, meant[found - simple]);
    } else if (c == 'x' || (c >= '0' && c <= '7')) {
        good = c == 'x' ? read_digits(r, from + 2, 2, 16, &value)
                        : read_digits(r, from + 1, 3, 8, &value);
        len = 4;
        good = good && value <= 0xff;
        buf_char(out, (char)value);
    } else if (c == 'u' || c == 'U') {
        unsigned digits = c == 'u' ? 4 : 8;
        good = read_digits(r, from + 2, digits, 16, &value);
        len = 2 + digits;
        good = good && value <= 0x10ffff && (value < 0xd800 || value > 0xdfff);
        add_utf8(out, good ? value : 0);
    } else {
        good = false;
    }
    if (!good) {
        size_t to = from + 2 < r->text.len ? from + 2 : r->text.len;
        struct str instead = { 0 };
        if (c && !char_is_alnum(c) && (unsigned char)c >= 0x20 && (unsigned char)c < 0x80)
            instead = str_format(r->arena, "\\\\%c", c);
        stop(r, RULE_ESCAPE, from, to, instead);
        return false;
    }
    r->at = from + len;
    return true;
}

/* What stands as it is up to the quote, as nearly all strings do. */
static bool take_plain(struct reader *r, char quote) {
    size_t len = str_find(str_from(r->text, r->at), quote);
    if (len == STR_NONE)
        return false;
    struct str inner = str_slice(r->text, r->at, r->at + len);
    if (str_find(inner, '\r') != STR_NONE ||
        (quote == '"' && (str_find(inner, '\\') != STR_NONE || str_find(inner, '\n') != STR_NONE)))
        return false;
    r->value = inner;
    r->at += len;
    return true;
}

static void read_string(struct reader *r) {
    char quote = r->text.at[r->at++];
    size_t start = r->at;
    struct buf out = { .arena = r->arena };
    r->plain = true;
    bool taken = take_plain(r, quote);
    while (!taken && r->at < r->text.len && r->text.at[r->at] != quote) {
        char c = r->text.at[r->at];
        if (quote == '"' && c == '\n')
            break;
        if (c == '\\' && quote == '"') {
            r->plain = false;
            if (!read_escape(r, &out))
                return;
            continue;
        }
        r->at++;
        if (c == '\r' && quote == '`')
            r->plain = false; /* Go leaves it out */
        else
            buf_char(&out, c);
    }
    if (r->at >= r->text.len || r->text.at[r->at] != quote) {
        stop(r, RULE_STRING_OPEN, start - 1, start, (struct str){ 0 });
        return;
    }
    r->value = r->plain ? str_slice(r->text, start, r->at) : buf_str(&out);
    r->at++;
    r->token = TEXT;
    r->ends = true;
}

/* 'a' where `a` is meant. */
static void stop_at_quotes(struct reader *r) {
    size_t end = str_find(str_from(r->text, r->at + 1), '\'');
    struct str inner = str_slice(r->text, r->at + 1, end == STR_NONE ? r->at + 1 : r->at + 1 + end);
    bool known = inner.len && str_find(inner, '`') == STR_NONE;
    stop(r, RULE_STRING_QUOTES, r->at, known ? r->at + end + 2 : r->at + 1,
         known ? str_format(r->arena, "`%.*s`", STR_ARG(inner)) : (struct str){ 0 });
}

/* Blanks and comments. True when they hold a line end that ends the expression. */
static bool skip_blanks(struct reader *r) {
    bool line = false;
    for (;;) {
        char c = peek(r, 0);
        if (r->at < r->text.len && (c == ' ' || c == '\t' || c == '\r' || c == '\n')) {
            if (c == '\n' && r->ends && !line) {
                line = true;
                r->line_end_from = r->at;
            }
            r->at++;
        } else if (c == '/' && (peek(r, 1) == '/' || peek(r, 1) == '*')) {
            bool rest_of_line = peek(r, 1) == '/';
            size_t from = r->at;
            struct str rest = str_from(r->text, from + 2);
            size_t end = rest_of_line ? str_find(rest, '\n') : str_find_str(rest, STR("*/"));
            if (!rest_of_line && end == STR_NONE) {
                stop(r, RULE_COMMENT_OPEN, from, from + 2, (struct str){ 0 });
                return false;
            }
            size_t to = end == STR_NONE ? r->text.len : from + 2 + end + (rest_of_line ? 0 : 2);
            bool lines = rest_of_line || str_find(str_slice(r->text, from, to), '\n') != STR_NONE;
            if (lines && r->ends && !line) {
                line = true;
                r->line_end_from = from;
            }
            r->at = to;
        } else {
            return line;
        }
    }
}

static void read_operator(struct reader *r) {
    static const struct {
        const char *text;
        enum token token;
        const char *instead;
    } table[] = {
        { "&&", AND, "" },    { "||", OR, "" },    { "!=", WRONG, "" }, { "!", NOT, "" },
        { "(", OPEN, "" },    { ")", CLOSE, "" },  { ",", COMMA, "" },  { "&", WRONG, "&&" },
        { "|", WRONG, "||" }, { "==", WRONG, "" }, { "=", WRONG, "" },  { "<", WRONG, "" },
        { ">", WRONG, "" },   { "+", WRONG, "" },  { "-", WRONG, "" },  { "^", WRONG, "" },
    };
    struct str rest = str_from(r->text, r->at);
    r->ends = false;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (table[i].text[0] != rest.at[0])
            continue;
        struct str text = str_of(table[i].text);
        if (!str_starts(rest, text))
            continue;
        r->to = r->at + text.len;
        if (table[i].token == WRONG) {
            stop(r, RULE_OPERATOR, r->at, r->to, str_of(table[i].instead));
            return;
        }
        r->at = r->to;
        r->token = table[i].token;
        r->ends = r->token == CLOSE;
        return;
    }
    uint32_t c;
    size_t len = utf8_next(r->text, r->at, &c);
    if (r->text.at[r->at] == '\'')
        stop_at_quotes(r);
    else
        stop(r, RULE_CHARACTER, r->at, r->at + len, (struct str){ 0 });
}

static void next(struct reader *r) {
    if (r->broken)
        return;
    r->done = r->to;
    bool line = skip_blanks(r);
    if (r->broken)
        return;
    if (line) {
        r->token = LINE_END;
        r->ends = false;
        r->from = r->to = r->line_end_from;
        return;
    }
    r->from = r->at;
    if (r->at >= r->text.len) {
        r->token = END;
    } else if (r->text.at[r->at] == '`' || r->text.at[r->at] == '"') {
        read_string(r);
    } else if (is_name_char(r->text.at[r->at])) {
        while (r->at < r->text.len && is_name_char(r->text.at[r->at]))
            r->at++;
        r->token = NAME;
        r->ends = true;
    } else {
        read_operator(r);
    }
    r->to = r->at;
}

/* ---- matchers ---- */

/* Traefik registers each name as declared, in lower case, in upper case and in title case. */
static bool is_known_spelling(struct str name, struct str written) {
    if (!str_eq_nocase(name, written))
        return false;
    bool lower = true, upper = true, title = true;
    for (size_t i = 0; i < written.len; i++) {
        lower &= !char_is_upper(written.at[i]);
        upper &= !char_is_lower(written.at[i]);
        title &= i == 0 ? !char_is_lower(written.at[i]) : !char_is_upper(written.at[i]);
    }
    return lower || upper || title || str_eq(name, written);
}

static const struct matcher *matcher_of(struct reader *r, struct str name, size_t from) {
    for (size_t i = 0; i < MATCHER_COUNT; i++) {
        const struct matcher *m = &matchers[i];
        if (!str_eq_nocase(m->name, name))
            continue;
        if (!is_known_spelling(m->name, name))
            tell(r, RULE_CASE, from, from + name.len)->instead = m->name;
        else if (!(m->layers & r->layer))
            tell(r, r->layer == RULE_TCP ? RULE_LAYER_TCP : RULE_LAYER_HTTP, from, from + name.len)
                ->instead = m->id == MATCHER_HOST       ? matchers[MATCHER_HOST_SNI].name
                            : m->id == MATCHER_HOST_SNI ? matchers[MATCHER_HOST].name
                                                        : (struct str){ 0 };
        return m;
    }
    for (size_t i = 0; i < sizeof retired / sizeof *retired; i++)
        if (str_eq_nocase(str_of(retired[i].name), name)) {
            struct rule_fault *f = tell(r, RULE_V2_NAME, from, from + name.len);
            f->matcher = &matchers[retired[i].id];
            f->instead = f->matcher->name;
            return NULL;
        }
    struct nearest near = { .wanted = name };
    for (size_t i = 0; i < MATCHER_COUNT; i++)
        if (matchers[i].layers & r->layer)
            nearest_offer(&near, matchers[i].name);
    tell(r, RULE_UNKNOWN, from, from + name.len)->instead = near.best;
    return NULL;
}

static void judge_arguments(struct reader *r, const struct rule *call) {
    const struct matcher *m = call->matcher;
    if (m && call->arg_count > m->most && m->most == 1) {
        struct buf out = { .arena = r->arena };
        for (const struct rule_arg *arg = call->args; arg; arg = arg->next) {
            struct str text = str_slice(r->text, arg->from, arg->to);
            buf_format(&out, "%s%.*s(%.*s)", out.len ? " || " : "(", STR_ARG(m->name),
                       STR_ARG(text));
        }
        buf_char(&out, ')');
        struct rule_fault *f = tell(r, RULE_V2_ARGUMENTS, call->from, call->to);
        f->instead = buf_str(&out);
        f->matcher = m;
        return;
    }
    if (m && (call->arg_count < m->least || call->arg_count > m->most)) {
        tell(r, RULE_ARITY, call->from, call->to)->matcher = m;
        return;
    }
    for (const struct rule_arg *arg = call->args; arg; arg = arg->next)
        if (arg->text.len == 0)
            tell(r, RULE_ARGUMENT_EMPTY, arg->from, arg->to)->matcher = m;
}

/* ---- the tree ---- */

static struct rule *rule_new(struct reader *r, enum rule_kind kind, size_t from) {
    struct rule *rule = arena_new(r->arena, struct rule);
    rule->kind = kind;
    rule->from = from;
    return rule;
}

static void add_child(struct rule *parent, struct rule *child) {
    if (parent->last)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
    parent->to = child->to;
}

/* What to type for a word that other languages have. */
static struct str operator_for(struct str word) {
    if (str_eq_nocase(word, STR("and")))
        return STR("&&");
    if (str_eq_nocase(word, STR("or")))
        return STR("||");
    return str_eq_nocase(word, STR("not")) ? STR("!") : (struct str){ 0 };
}

/* The token at hand does not belong here. */
static void stop_here(struct reader *r, enum rule_error error) {
    struct str none = { 0 };
    if (r->token == LINE_END) {
        size_t line = r->from;
        next(r);
        if (!r->broken)
            stop(r, RULE_NEWLINE, r->from, r->to > r->from ? r->to : r->from, none);
        if (r->last && r->last->error == RULE_NEWLINE && r->last->from >= r->text.len)
            r->last->from = r->last->to = line;
        return;
    }
    if (r->token == NAME) {
        struct str instead = operator_for(str_slice(r->text, r->from, r->to));
        stop(r, instead.len ? RULE_OPERATOR : error, r->from, r->to, instead);
        return;
    }
    stop(r, error, r->from, r->to, none);
}

static struct rule *read_or(struct reader *r);

static struct rule *read_call(struct reader *r) {
    struct rule *call = rule_new(r, RULE_MATCHER, r->from);
    struct str name = str_slice(r->text, r->from, r->to);
    call->name_to = r->to;
    struct str word = operator_for(name);
    next(r);
    if (r->token != OPEN) {
        if (word.len)
            stop(r, RULE_OPERATOR, call->from, call->name_to, word);
        else
            stop(r, RULE_CALL, call->from, call->name_to, word);
        return NULL;
    }
    call->matcher = matcher_of(r, name, call->from);
    size_t open = r->from;
    struct rule_arg **tail = &call->args;
    for (next(r); r->token != CLOSE;) {
        if (r->token == END) {
            stop(r, RULE_PAREN_OPEN, open, open + 1, (struct str){ 0 });
            return NULL;
        }
        if (r->token != TEXT) {
            struct str text = str_slice(r->text, r->from, r->to);
            struct str quoted = r->token == NAME ? str_format(r->arena, "`%.*s`", STR_ARG(text))
                                                 : (struct str){ 0 };
            stop(r, RULE_ARGUMENT, r->from, r->to, quoted);
            return NULL;
        }
        struct rule_arg *arg = arena_new(r->arena, struct rule_arg);
        *arg = (struct rule_arg){ NULL, r->value, r->from, r->to, r->plain };
        *tail = arg;
        tail = &arg->next;
        call->arg_count++;
        next(r);
        if (r->token == COMMA) {
            next(r);
        } else if (r->token == END) {
            stop(r, RULE_PAREN_OPEN, open, open + 1, (struct str){ 0 });
            return NULL;
        } else if (r->token != CLOSE) {
            stop_here(r, RULE_ARGUMENT);
            return NULL;
        }
    }
    call->to = r->to;
    judge_arguments(r, call);
    next(r);
    return call;
}

static struct rule *read_operand(struct reader *r) {
    struct rule *made = NULL;
    size_t from = r->from;
    if (r->token == NOT || r->token == OPEN) {
        bool open = r->token == OPEN;
        if (++r->depth > RULE_DEEPEST) {
            stop(r, RULE_DEPTH, from, from + 1, (struct str){ 0 });
            return NULL;
        }
        next(r);
        made = open ? read_or(r) : read_operand(r);
        r->depth--;
        if (!made)
            return NULL;
        if (!open) {
            struct rule *not = rule_new(r, RULE_NOT, from);
            add_child(not, made);
            not ->to = r->done;
            return not ;
        }
        if (r->token == END) {
            stop(r, RULE_PAREN_OPEN, from, from + 1, (struct str){ 0 });
            return NULL;
        }
        if (r->token != CLOSE) {
            stop_here(r, RULE_JUXTAPOSED);
            return NULL;
        }
        next(r);
        return made;
    }
    if (r->token == NAME)
        return read_call(r);
    if (!r->broken)
        stop(r, r->token == CLOSE && r->depth == 0 ? RULE_PAREN_STRAY : RULE_OPERAND, r->from,
             r->to, (struct str){ 0 });
    return NULL;
}

/* A chain of one operator: `a && b && c` is one node with three children. */
static struct rule *read_chain(struct reader *r, enum token operator, enum rule_kind kind,
                               struct rule *(*operand)(struct reader *)) {
    size_t from = r->from;
    struct rule *first = operand(r), *chain = NULL;
    while (first && r->token == operator) {
        if (!chain) {
            chain = rule_new(r, kind, from);
            add_child(chain, first);
        }
        next(r);
        struct rule *more = operand(r);
        if (!more)
            return NULL;
        add_child(chain, more);
        chain->to = r->done;
    }
    return chain ? chain : first;
}

static struct rule *read_and(struct reader *r) {
    return read_chain(r, AND, RULE_AND, read_operand);
}

static struct rule *read_or(struct reader *r) {
    return read_chain(r, OR, RULE_OR, read_and);
}

/* Go's scanner wants UTF-8 everywhere, without NUL, and a byte order mark only in front. */
static bool check_bytes(struct reader *r) {
    if (utf8_ascii_run(r->text, 0, r->text.len) == r->text.len &&
        str_find(r->text, '\0') == STR_NONE)
        return true;
    for (size_t at = 0, len; at < r->text.len; at += len) {
        uint32_t c;
        len = utf8_next(r->text, at, &c);
        if (c != UTF8_INVALID && c != 0 && (c != 0xfeff || at == 0))
            continue;
        stop(r, c == UTF8_INVALID ? RULE_UTF8 : RULE_CHARACTER, at, at + len, (struct str){ 0 });
        return false;
    }
    return true;
}

struct rule_parse rule_parse(struct arena *a, struct str text, enum rule_layer layer) {
    struct reader r = { .arena = a, .text = text, .layer = layer };
    struct rule *root = NULL;
    if (str_starts(text, UTF8_BOM))
        r.at = UTF8_BOM.len;
    if (str_trim(str_from(text, r.at)).len == 0) {
        stop(&r, RULE_EMPTY, 0, text.len, (struct str){ 0 });
    } else if (check_bytes(&r)) {
        next(&r);
        root = read_or(&r);
        if (root && r.token == LINE_END) {
            size_t line = r.from;
            next(&r);
            if (!r.broken && r.token != END)
                stop(&r, RULE_NEWLINE, r.token == AND || r.token == OR ? r.from : line,
                     r.token == AND || r.token == OR ? r.to : line + 1, (struct str){ 0 });
        } else if (root && r.token == CLOSE) {
            stop(&r, RULE_PAREN_STRAY, r.from, r.to, (struct str){ 0 });
        } else if (root && r.token == COMMA) {
            stop(&r, RULE_OPERATOR, r.from, r.to, STR(" ||"));
        } else if (root && r.token != END) {
            stop_here(&r, RULE_JUXTAPOSED);
        }
    }
    return (struct rule_parse){ r.broken ? NULL : root, r.first };
}

/* ---- questions ---- */

static void each(const struct rule *rule, bool negated, rule_visit *visit, void *context) {
    if (rule->kind == RULE_MATCHER)
        visit(context, rule, negated);
    for (const struct rule *child = rule->first; child; child = child->next)
        each(child, negated != (rule->kind == RULE_NOT), visit, context);
}

void rule_each(const struct rule *root, rule_visit *visit, void *context) {
    if (root)
        each(root, false, visit, context);
}

/* ---- patterns of Traefik 2 ---- */

/* The `{name}` or `{name:regex}` at `at`, whose regex may hold braces; 0 when there is none. */
static size_t v2_pattern_at(struct str text, size_t at, size_t *colon) {
    size_t i = at + 1, depth = 1;
    *colon = STR_NONE;
    if (i >= text.len || !(char_is_alpha(text.at[i]) || text.at[i] == '_'))
        return 0;
    while (i < text.len && (char_is_alnum(text.at[i]) || text.at[i] == '_' || text.at[i] == '-'))
        i++;
    if (i < text.len && text.at[i] == '}')
        return i + 1;
    if (i >= text.len || text.at[i] != ':')
        return 0;
    *colon = i;
    for (i++; i < text.len; i++) {
        depth += text.at[i] == '{';
        depth -= text.at[i] == '}';
        if (depth == 0)
            return i + 1;
    }
    return 0;
}

bool rule_find_v2_pattern(struct str text, size_t *from, size_t *to) {
    size_t colon;
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] == '{' && (*to = v2_pattern_at(text, i, &colon)) != 0) {
            *from = i;
            return true;
        }
    return false;
}

struct str rule_from_v2_pattern(struct arena *a, struct str text) {
    struct buf out = { .arena = a };
    for (size_t i = 0; i < text.len;) {
        size_t colon, end = text.at[i] == '{' ? v2_pattern_at(text, i, &colon) : 0;
        if (end && colon == STR_NONE) {
            buf_text(&out, "[^/]+");
        } else if (end) {
            struct str inner = str_slice(text, colon + 1, end - 1);
            bool split = str_find(inner, '|') != STR_NONE;
            buf_format(&out, split ? "(?:%.*s)" : "%.*s", STR_ARG(inner));
        } else {
            if (strchr(".+*?()|[]{}^$\\", text.at[i]))
                buf_char(&out, '\\');
            buf_char(&out, text.at[i]);
        }
        i = end ? end : i + 1;
    }
    return buf_str(&out);
}
