/* What a grammar of tree-sitter cannot say: where a statement ends, and what a word is made of. It
   keeps no state: which tokens may follow says enough.

   The rules are those of grammar/itsup.l (words) and grammar/layout.c (line ends). */
#include "tree_sitter/parser.h"

#include <string.h>

/* In the order of `externals` in grammar.js. A piece and the same piece behind another one are
   neighbours. */
enum token {
    LINE_END,
    ROUTE_MARK,
    SETTING_MARK,
    KEYWORD_MARK,
    /* generated:begin keywords (editors/generate.py -u) */
    KEYWORD_FOR,
    KEYWORD_LET,
    KEYWORD_MIDDLEWARE,
    KEYWORD_TEMPLATE,
    /* generated:end */
    KEYWORD_IN,
    KEYWORD_ELSE,
    SCHEME,
    TEXT,
    TEXT_ON,
    PORT,
    PORT_ON,
    BRACE,
    BRACE_ON,
    VARIABLE,
    VARIABLE_ON,
    QUERY,
    QUERY_ON,
    HEREDOC_TEXT,
    RECOVERY, /* in no rule: valid only while tree-sitter looks for its way back */
    NONE
};

static const struct {
    const char *word;
    enum token token;
} keywords[] = {
    /* generated:begin keyword-table (editors/generate.py -u) */
    { "for", KEYWORD_FOR },
    { "let", KEYWORD_LET },
    { "middleware", KEYWORD_MIDDLEWARE },
    { "template", KEYWORD_TEMPLATE },
    /* generated:end */
    { "in", KEYWORD_IN },
    { "else", KEYWORD_ELSE },
};

/* ---- characters ---- */

static bool is_blank(int32_t c) {
    return c == ' ' || c == '\t' || c == '\r';
}

static bool is_digit(int32_t c) {
    return c >= '0' && c <= '9';
}

static bool is_letter(int32_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name(int32_t c) {
    return is_letter(c) || is_digit(c) || c == '_';
}

static bool is_scheme(int32_t c) {
    return is_letter(c) || is_digit(c) || c == '+' || c == '.' || c == '-';
}

static bool is_hex(int32_t c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_plain(int32_t c) {
    return c > ' ' && c != 0x7f && (c >= 0x80 || !strchr("\"`'()[]{},;|=<>\\#?", (int)c));
}

/* ---- words ---- */

struct reader {
    TSLexer *lexer;
    bool whole;   /* the word to its end, only to look at it */
    bool first;   /* it begins here */
    bool query;   /* behind a `?` */
    bool scheme;  /* letters only, so far */
    bool url;     /* has `://` */
    bool overran; /* it ended before the character that is read */
    unsigned len; /* in characters */
    int32_t before[2];
    char head[16];
};

static int32_t ahead(const struct reader *r) {
    return r->lexer->eof(r->lexer) ? 0 : r->lexer->lookahead;
}

static void step(struct reader *r) {
    r->lexer->advance(r->lexer, false);
}

static void keep(struct reader *r) {
    if (!r->whole)
        r->lexer->mark_end(r->lexer);
}

static void take(struct reader *r) {
    int32_t c = ahead(r);
    if (r->len < sizeof r->head)
        r->head[r->len] = c < 0x80 ? (char)c : '?';
    if (c == '/' && r->before[0] == '/' && r->before[1] == ':')
        r->url = true;
    r->before[1] = r->before[0];
    r->before[0] = c;
    r->len++;
    step(r);
}

static bool is(const struct reader *r, const char *word) {
    size_t len = strlen(word);
    return !r->overran && r->len == len && memcmp(r->head, word, len) == 0;
}

/* `{name}`; the end of the token is set behind its brace when `mark` says so. */
static bool read_interpolation(struct reader *r, bool mark) {
    step(r);
    if (mark)
        keep(r);
    if (!is_name(ahead(r)) || is_digit(ahead(r)))
        return false;
    while (is_name(ahead(r)) || ahead(r) == '.' || ahead(r) == '-')
        step(r);
    if (ahead(r) != '}')
        return false;
    if (r->whole)
        step(r);
    r->before[0] = '}';
    r->len++;
    return true;
}

/* `${NAME}` or `${NAME:-text {with} braces}`, from its brace on. */
static bool read_variable(struct reader *r) {
    int depth = 0;
    for (;; step(r)) {
        int32_t c = ahead(r);
        if (c == '{' && ++depth > 2)
            return false;
        if (c == 0 || c == '\n')
            return false;
        if (c == '}' && --depth == 0)
            break;
    }
    take(r);
    return true;
}

/* `[2001:db8::1]`, from its bracket on. */
static bool read_address(struct reader *r) {
    bool colon = false;
    take(r);
    for (; is_hex(ahead(r)) || ahead(r) == ':' || ahead(r) == '.'; take(r))
        colon = colon || ahead(r) == ':';
    if (ahead(r) != ']' || !colon)
        return false;
    take(r);
    return true;
}

static bool ends_port(int32_t c) {
    return !is_plain(c) || c == '/';
}

/* What follows a colon: `//` behind a scheme, the digits of a port, or more text. Gives the piece
   that ends here, NONE when it goes on. */
static enum token read_colon(struct reader *r, enum token kind) {
    bool scheme = r->scheme && r->len;
    unsigned digits = 0;
    r->scheme = false;
    take(r);
    if (scheme && ahead(r) == '/') {
        take(r);
        if (ahead(r) == '/' && !r->whole)
            return SCHEME;
    }
    for (; is_digit(ahead(r)); take(r))
        digits++;
    if (digits && digits <= 5 && ends_port(ahead(r)) && !r->whole) {
        if (kind == NONE)
            keep(r);
        return kind == NONE ? PORT : kind;
    }
    keep(r);
    return NONE;
}

/* The next piece of a word, or all of it: NONE where no word stands. */
static enum token read_piece(struct reader *r) {
    enum token kind = NONE, ended;
    for (;;) {
        int32_t c = ahead(r);
        bool inside = r->len || !r->first;
        switch (c) {
        case '{':
            if (r->len && !r->whole)
                return kind;
            if (!read_interpolation(r, true)) {
                r->overran = true;
                return kind;
            }
            if (!r->whole)
                return BRACE;
            break;
        case '$':
            if (r->len && !r->whole)
                return kind; /* a bare `$` begins a piece of its own */
            take(r);
            if (ahead(r) == '{') {
                if (!read_variable(r))
                    return NONE;
                keep(r);
                if (!r->whole)
                    return VARIABLE;
            }
            break;
        case ':':
            if (r->query) {
                take(r);
                break;
            }
            if ((ended = read_colon(r, kind)) != NONE)
                return ended;
            break;
        case '[':
            if (r->len ? r->before[0] != '/' || r->before[1] != '/' : !r->first)
                return kind;
            if (!read_address(r) || (!inside && ahead(r) != ':')) {
                r->overran = true;
                return kind;
            }
            break;
        case '?':
            if (r->len && !r->whole && !r->query)
                return kind;
            r->query = true;
            take(r);
            break;
        case '-':
        case '=':
            if (c == '=' && !r->query)
                return kind;
            take(r);
            if (ahead(r) == '>') { /* it belongs to the arrow */
                r->len--;
                r->overran = true;
                return kind;
            }
            break;
        default:
            if (!is_plain(c) && !(inside && (c == '#' || c == '\'')))
                return kind;
            r->scheme = r->scheme && is_scheme(c) && (r->len || is_letter(c));
            take(r);
            break;
        }
        kind = r->query ? QUERY : TEXT;
        keep(r);
    }
}

static struct reader reader(TSLexer *lexer, bool whole, bool first) {
    return (struct reader){ .lexer = lexer, .whole = whole, .first = first, .scheme = first };
}

/* ---- statements ---- */

static void skip_blanks(TSLexer *lexer) {
    while (is_blank(lexer->lookahead))
        lexer->advance(lexer, false);
}

/* `for` is a keyword where `in` follows a name on its line. */
static bool in_follows(TSLexer *lexer) {
    struct reader name = reader(lexer, true, true), in = reader(lexer, true, true);
    skip_blanks(lexer);
    read_piece(&name);
    skip_blanks(lexer);
    read_piece(&in);
    return name.len && is(&in, "in");
}

/* What kind of statement begins here: a mark without a width. */
static bool read_mark(TSLexer *lexer) {
    struct reader word = reader(lexer, true, true);
    lexer->mark_end(lexer);
    read_piece(&word);
    if (word.len == 0)
        return false;
    lexer->result_symbol = word.head[0] == '/' || word.url ? ROUTE_MARK : SETTING_MARK;
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (keywords[i].token < KEYWORD_IN && is(&word, keywords[i].word) &&
            (keywords[i].token != KEYWORD_FOR || in_follows(lexer)))
            lexer->result_symbol = KEYWORD_MARK;
    return true;
}

static bool give(TSLexer *lexer, const bool *valid, enum token token) {
    lexer->result_symbol = token;
    return token != NONE && valid[token];
}

static bool read_word(TSLexer *lexer, const bool *valid) {
    struct reader word = reader(lexer, false, true);
    enum token kind = read_piece(&word);
    int32_t c = ahead(&word);
    bool ended = kind == TEXT && c != '{' && c != '$' && c != '?';
    for (size_t i = 0; ended && i < sizeof keywords / sizeof *keywords; i++)
        if (valid[keywords[i].token] && is(&word, keywords[i].word))
            return give(lexer, valid, keywords[i].token);
    return give(lexer, valid, kind);
}

static bool read_next_piece(TSLexer *lexer, const bool *valid) {
    struct reader word = reader(lexer, false, false);
    word.query = valid[QUERY_ON] && !valid[TEXT_ON];
    enum token kind = read_piece(&word);
    return give(lexer, valid, kind == NONE ? NONE : kind + 1);
}

/* A line that begins with one of these goes on with the statement above. */
static bool goes_on(TSLexer *lexer) {
    struct reader r = reader(lexer, true, true);
    int32_t c = ahead(&r);
    switch (c) {
    case '|': return true;
    case '{': return !read_interpolation(&r, false);
    case '-':
    case '=': step(&r); return ahead(&r) == '>';
    default: return false;
    }
}

/* From a line's end on, over empty lines: the end of the statement, or `else`. Before a comment
   nothing is decided: the line behind it tells. */
static bool read_line_end(TSLexer *lexer, const bool *valid) {
    while (is_blank(lexer->lookahead) || lexer->lookahead == '\n')
        lexer->advance(lexer, true);
    lexer->mark_end(lexer);
    if (lexer->lookahead == '#' || goes_on(lexer))
        return false;
    struct reader word = reader(lexer, true, true);
    if (valid[KEYWORD_ELSE] && lexer->lookahead == 'e') {
        read_piece(&word);
        if (is(&word, "else")) {
            lexer->mark_end(lexer);
            return give(lexer, valid, KEYWORD_ELSE);
        }
    }
    return give(lexer, valid, LINE_END);
}

/* ---- text of several lines ---- */

static bool read_heredoc(TSLexer *lexer, const bool *valid) {
    struct reader r = reader(lexer, false, false);
    bool any = false;
    for (;;) {
        int32_t c = ahead(&r);
        unsigned quotes = 0;
        if (c == 0 && lexer->eof(lexer))
            return any && give(lexer, valid, HEREDOC_TEXT);
        if (c == '{' && read_interpolation(&r, !any))
            return give(lexer, valid, any ? HEREDOC_TEXT : BRACE_ON);
        if (c == '$') {
            step(&r);
            if (lexer->lookahead == '{' && any)
                return give(lexer, valid, HEREDOC_TEXT);
            if (lexer->lookahead == '{' && read_variable(&r)) {
                keep(&r);
                return give(lexer, valid, VARIABLE_ON);
            }
        }
        for (; c == '"' && ahead(&r) == '"'; quotes++) {
            if (quotes == 2)
                return any && give(lexer, valid, HEREDOC_TEXT);
            step(&r);
        }
        if (c != '{' && c != '$' && c != '"')
            step(&r);
        any = true;
        keep(&r);
    }
}

/* ---- what tree-sitter calls ---- */

void *tree_sitter_itsup_external_scanner_create(void) {
    return NULL;
}

void tree_sitter_itsup_external_scanner_destroy(void *state) {
    (void)state;
}

unsigned tree_sitter_itsup_external_scanner_serialize(void *state, char *bytes) {
    (void)state;
    (void)bytes;
    return 0;
}

void tree_sitter_itsup_external_scanner_deserialize(void *state, const char *bytes, unsigned len) {
    (void)state;
    (void)bytes;
    (void)len;
}

bool tree_sitter_itsup_external_scanner_scan(void *state, TSLexer *lexer, const bool *valid) {
    (void)state;
    bool recovery = valid[RECOVERY];
    bool more = valid[TEXT_ON] || valid[QUERY_ON];
    if (valid[HEREDOC_TEXT] && !recovery)
        return read_heredoc(lexer, valid);
    if (valid[BRACE_ON] && !more && lexer->lookahead != '{' && lexer->lookahead != '$')
        return false; /* text between quotes */
    if (valid[BRACE_ON] && !is_blank(lexer->lookahead) && lexer->lookahead != '\n' && !recovery)
        return read_next_piece(lexer, valid);
    while (is_blank(lexer->lookahead) || (lexer->lookahead == '\n' && !valid[LINE_END]))
        lexer->advance(lexer, true);
    if (lexer->eof(lexer) || lexer->lookahead == '#')
        return false;
    if (lexer->lookahead == '\n')
        return read_line_end(lexer, valid);
    if (valid[SETTING_MARK] && !recovery)
        return read_mark(lexer);
    return read_word(lexer, valid);
}
