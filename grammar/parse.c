/* The door: text to AST, and the sentences about syntax errors. */
#include "grammar/parse.h"

#include "grammar/scan.h"
#include "grammar/syntax_error.h"
#include "support/nearest.h"

/* ---- tokens for the parser ---- */

struct token parse_next(struct parse *p) {
    struct token token = layout_next(p);
    if (p->fresh && token.kind != TOK_RBRACE && token.kind != TOK_SEP) {
        p->statement = token;
        p->muted = token.made;
    }
    p->fresh = token.kind == TOK_SEP || token.kind == TOK_LBRACE;
    p->before = p->read;
    p->read = token;
    return token;
}

struct node *parse_node(struct parse *p, struct token token, enum node_kind kind) {
    struct str text = token_text(p, token);
    uint32_t quotes = kind == NODE_STRING ? 1 : kind == NODE_HEREDOC ? 3 : kind == NODE_RAW ? 1 : 0;
    uint32_t closing = token.made || text.len < 2 * quotes ? 0 : quotes;
    struct str inner = str_slice(text, quotes, text.len - closing);
    struct node *node = ast_text(p->arena, kind, token_span(token), inner, token.start + quotes);
    bool braces = token.braces || (kind == NODE_HEREDOC && str_find(inner, '{') != STR_NONE);
    node_text(node)->has_braces = braces;
    return node;
}

/* The parser has read one token beyond what it threw away; that one belongs to what follows. */
struct span parse_broken_span(struct parse *p, struct span error) {
    if (p->read.start > error.start && p->read.start < error.end)
        error.end = p->read.start;
    struct str text = source_text(p->diags->sources, error);
    size_t len = text.len;
    while (len && strchr(" \t\r\n", text.at[len - 1]))
        len--;
    return span_slice(error, 0, len);
}

/* ---- sentences ---- */

static bool expects(const struct syntax_error *error, const char *name) {
    for (int i = 0; i < error->count; i++)
        if (str_is(str_of(error->expected[i]), name))
            return true;
    return false;
}

static bool begins_value(const char *name) {
    static const char *const forms[] = { "a word", "a string", "a raw string", "a heredoc", "[" };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (str_is(str_of(name), forms[i]))
            return true;
    return false;
}

/* Where a value may stand, its five forms are called that. */
static void add_list(struct buf *out, const struct syntax_error *error) {
    bool value = expects(error, "a heredoc");
    int count = 0, told = 0;
    for (int i = 0; i < error->count; i++)
        count += !value || !begins_value(error->expected[i]);
    if (value)
        buf_text(out, "a value");
    told += value;
    count += value;
    for (int i = 0; i < error->count; i++) {
        const char *name = error->expected[i];
        if (value && begins_value(name))
            continue;
        if (told)
            buf_text(out, told + 1 == count ? " or " : ", ");
        bool literal = !char_is_alpha(name[0]) || str_is(str_of(name), "in");
        buf_format(out, literal ? "`%s`" : "%s", name);
        told++;
    }
}

/* A header that does not parse often begins with a keyword written wrongly: blame that word then.
 */
static bool blame_keyword(struct parse *p) {
    if (p->statement.kind != TOK_WORD)
        return false;
    struct str word = token_text(p, p->statement);
    struct nearest near = { .wanted = word, .effort = &p->diags->hints };
#define KEYWORD(name, token, gist) nearest_offer(&near, STR(name));
#include "grammar/keywords.def"
#undef KEYWORD
    if (near.best.len == 0 || str_eq(near.best, word))
        return false;
    struct span span = token_span(p->statement);
    struct diag *d = diag_add(p->diags, DIAG_KEYWORD, span, "`%.*s` is no keyword", STR_ARG(word));
    diag_suggest(p->diags, d, span, near.best);
    return true;
}

static struct str found_text(struct parse *p, const struct syntax_error *error) {
    struct str text = source_text(p->diags->sources, error->span);
    if (!error->found || str_is(str_of(error->found), "end of file") ||
        str_is(str_of(error->found), "end of line"))
        return STR("the end of the line");
    if (text.len > 60)
        text = str_slice(text, 0, 60);
    size_t line = str_find(text, '\n');
    text = str_slice(text, 0, line);
    return str_format(p->arena, "`%.*s`", STR_ARG(text));
}

/* `shop.example.com -> web:3000`, or an arrow with nothing before it. */
static bool tell_no_pattern(struct parse *p, const struct syntax_error *error) {
    struct span span = token_span(p->statement);
    if (span.start == error->span.start) {
        struct diag *d = diag_add(p->diags, DIAG_SYNTAX, span, "a pattern is missing before this");
        diag_help(p->diags, d, "a route begins with a URL: https://shop.example.com -> web:3000");
        return true;
    }
    if (p->statement.kind != TOK_WORD || p->before.start != p->statement.start)
        return false;
    struct diag *d =
        diag_add(p->diags, DIAG_SYNTAX, span, "a route begins with a scheme, such as https://");
    struct str word = token_text(p, p->statement);
    if (str_find(word, '/') == STR_NONE && str_find(word, '.') != STR_NONE)
        diag_fix_replace(p->diags, d, false, span,
                         str_format(p->arena, "https://%.*s", STR_ARG(word)));
    diag_help(p->diags, d, "the schemes are http, https, tls, passthrough, tcp and udp");
    return true;
}

/* What could stand there: by the token before, by the brackets around, by the statement. */
static void help_form(struct parse *p, const struct syntax_error *error, struct diag *d) {
    static const struct {
        int before;
        const char *help;
    } behind[] = {
        { TOK_ARROW,
          "write where requests go, such as `web:8080`, `192.0.2.7:80` or `api@internal`" },
        { TOK_REDIRECT, "write `https://other.example.com`, or a path such as `/new`" },
        { TOK_PIPE, "write a middleware such as `compress`, or remove the `|`" },
    };
    static const struct {
        int token;
        const char *gist;
    } forms[] = {
#define KEYWORD(name, token, gist) { TOK_##token, gist },
#include "grammar/keywords.def"
#undef KEYWORD
    };
    for (size_t i = 0; i < sizeof behind / sizeof *behind; i++)
        if (p->before.kind == behind[i].before) {
            diag_help(p->diags, d, "%s", behind[i].help);
            return;
        }
    bool value =
        error->found && (begins_value(error->found) || str_is(str_of(error->found), "number"));
    if (value && expects(error, ")") && expects(error, ",")) {
        diag_help(p->diags, d, "part arguments with commas; a value with blanks stands in quotes");
        return;
    }
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (p->statement.kind == forms[i].token) {
            struct str gist = str_of(forms[i].gist);
            size_t colon = str_find(gist, ':');
            diag_help(p->diags, d, "write: %.*s", STR_ARG(str_trim(str_from(gist, colon + 1))));
            return;
        }
    if (!error->count || error->count > 6)
        diag_help(p->diags, d, "a statement begins with a URL, a name or a word such as `let`");
}

void parse_tell(struct parse *p, const struct syntax_error *error) {
    p->ast->syntax_errors++;
    if (p->muted)
        return;
    p->muted = true;
    if (blame_keyword(p))
        return;
    struct str found = found_text(p, error);
    bool route = p->statement.kind == TOK_PATTERN;
    if (route && expects(error, "->") && expects(error, "=>")) {
        struct diag *d =
            diag_add(p->diags, DIAG_SYNTAX, error->span,
                     "this route leads nowhere: expected `->`, `=>`, `|` or `{`, found %.*s",
                     STR_ARG(found));
        diag_help(p->diags, d,
                  "write `-> service:port`, `=> URL` for a redirect, or a block of paths");
        return;
    }
    if (error->found &&
        (str_is(str_of(error->found), "->") || str_is(str_of(error->found), "=>")) &&
        tell_no_pattern(p, error))
        return;
    struct buf list = { .arena = p->arena };
    add_list(&list, error);
    struct str wanted = error->count > 6 ? STR("a statement") : buf_str(&list);
    if (p->before.kind == TOK_ARROW || p->before.kind == TOK_REDIRECT || p->before.kind == TOK_PIPE)
        wanted = p->before.kind == TOK_ARROW      ? STR("a target such as `web:8080`")
                 : p->before.kind == TOK_REDIRECT ? STR("a URL or a path")
                                                  : STR("a middleware");
    struct diag *d =
        error->count == 0
            ? diag_add(p->diags, DIAG_SYNTAX, error->span, "unexpected %.*s", STR_ARG(found))
            : diag_add(p->diags, DIAG_SYNTAX, error->span, "expected %.*s, found %.*s",
                       STR_ARG(wanted), STR_ARG(found));
    help_form(p, error, d);
}

/* ---- the door ---- */

static size_t utf8_length(const unsigned char *at, size_t left) {
    unsigned char c = at[0];
    if (c < 0x80)
        return 1;
    size_t len = c >= 0xc2 && c < 0xe0   ? 2
                 : c >= 0xe0 && c < 0xf0 ? 3
                 : c >= 0xf0 && c < 0xf5 ? 4
                                         : 0;
    if (len == 0 || len > left)
        return 0;
    for (size_t i = 1; i < len; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    if ((c == 0xe0 && at[1] < 0xa0) || (c == 0xed && at[1] > 0x9f) || (c == 0xf0 && at[1] < 0x90) ||
        (c == 0xf4 && at[1] > 0x8f))
        return 0;
    return len;
}

/* Text that is no text is told once, at its first bad byte, and not read any further. */
static bool is_text(struct source *source, struct diags *diags) {
    const unsigned char *at = (const unsigned char *)source->text.at;
    for (size_t i = 0; i < source->text.len;) {
        if (at[i] && at[i] < 0x80) {
            i++;
            continue;
        }
        if (at[i] == 0) {
            struct diag *d = diag_add(diags, DIAG_CHARACTER, span_of(source, i, i + 1),
                                      "a NUL byte: this is no text file");
            diag_help(diags, d, "save the file as UTF-8");
            return false;
        }
        size_t len = utf8_length(at + i, source->text.len - i);
        if (len == 0) {
            struct diag *d = diag_add(diags, DIAG_UTF8, span_of(source, i, i + 1),
                                      "the byte 0x%02x is not UTF-8", at[i]);
            diag_help(diags, d, "save the file as UTF-8");
            return false;
        }
        i += len;
    }
    return true;
}

static struct parse start(struct arena *arena, struct source *source, struct diags *diags) {
    struct parse p = {
        .arena = arena, .source = source, .diags = diags, .starts = true, .fresh = true
    };
    p.ast = arena_new(arena, struct ast);
    p.ast->arena = arena;
    p.ast->source = source;
    return p;
}

struct ast *parse_text(struct arena *arena, struct source *source, struct diags *diags) {
    struct parse p = start(arena, source, diags);
    p.comments = &p.ast->comments;
    if (!is_text(source, diags)) {
        p.ast->unreadable = true;
        p.ast->syntax_errors = 1;
        return p.ast;
    }
    size_t errors = diags->errors;
    scan_tokens(&p);
    if (!p.ast->unreadable) /* else it is too long, and left alone */
        dsl_parse(&p);
    arena_free(&p.scratch);
    p.ast->syntax_errors = diags->errors - errors;
    return p.ast;
}

static const char *kind_name(int kind) {
    static const struct {
        int kind;
        const char *name;
    } names[] = {
        { TOK_WORD, "word" },
        { TOK_PATTERN, "pattern" },
        { TOK_STRING, "string" },
        { TOK_RAW, "raw" },
        { TOK_HEREDOC, "heredoc" },
        { TOK_LET, "let" },
        { TOK_MIDDLEWARE, "middleware" },
        { TOK_TEMPLATE, "template" },
        { TOK_FOR, "for" },
        { TOK_IN, "in" },
        { TOK_ELSE, "else" },
        { TOK_SEP, "sep" },
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].kind == kind)
            return names[i].name;
    return "mark";
}

void parse_dump_tokens(struct buf *out, struct source *source, struct diags *diags) {
    struct parse p = start(out->arena, source, diags);
    p.comments = &p.ast->comments;
    if (!is_text(source, diags))
        return;
    scan_tokens(&p);
    for (;;) {
        struct token token = parse_next(&p);
        if (token.kind == TOK_END)
            break;
        struct place place = source_place(diags->sources, token.start);
        struct str text = token_text(&p, token);
        buf_format(out, "%zu:%zu %s", place.line, place.column, kind_name(token.kind));
        if (token.made)
            buf_text(out, " made");
        if (token.kind != TOK_SEP) {
            buf_char(out, ' ');
            for (size_t i = 0; i < text.len; i++) {
                if (text.at[i] == '\n')
                    buf_text(out, "\\n");
                else
                    buf_char(out, text.at[i]);
            }
        }
        buf_char(out, '\n');
    }
    arena_free(&p.scratch);
}

/* ---- for editors ---- */

static struct word word_of(const struct parse *p, struct token token) {
    static const struct {
        uint8_t kind;
        enum word_kind word;
        char mark;
    } kinds[] = {
        { TOK_END, WORD_END, 0 },
        { TOK_SEP, WORD_SEP, 0 },
        { TOK_WORD, WORD_PLAIN, 0 },
        { TOK_PATTERN, WORD_PATTERN, 0 },
        { TOK_STRING, WORD_STRING, 0 },
        { TOK_RAW, WORD_RAW, 0 },
        { TOK_HEREDOC, WORD_HEREDOC, 0 },
        { TOK_LET, WORD_KEYWORD, 0 },
        { TOK_MIDDLEWARE, WORD_KEYWORD, 0 },
        { TOK_TEMPLATE, WORD_KEYWORD, 0 },
        { TOK_FOR, WORD_KEYWORD, 0 },
        { TOK_IN, WORD_KEYWORD, 0 },
        { TOK_ELSE, WORD_KEYWORD, 0 },
        { TOK_LPAREN, WORD_MARK, '(' },
        { TOK_RPAREN, WORD_MARK, ')' },
        { TOK_LBRACKET, WORD_MARK, '[' },
        { TOK_RBRACKET, WORD_MARK, ']' },
        { TOK_LBRACE, WORD_MARK, '{' },
        { TOK_RBRACE, WORD_MARK, '}' },
        { TOK_COMMA, WORD_MARK, ',' },
        { TOK_PIPE, WORD_MARK, '|' },
        { TOK_EQUALS, WORD_MARK, '=' },
        { TOK_ARROW, WORD_MARK, '>' },
        { TOK_REDIRECT, WORD_MARK, '~' },
    };
    struct word word = { .kind = WORD_STRING, /* what is never closed */
                         .made = token.made,
                         .braces = token.braces,
                         .span = token_span(token),
                         .text = token_text(p, token) };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].kind == token.kind) {
            word.kind = kinds[i].word;
            word.mark = kinds[i].mark;
        }
    return word;
}

const struct word *parse_words(struct arena *arena, struct source *source, struct sources *sources,
                               struct comment **comments) {
    struct arena scratch = { 0 };
    struct diags quiet = { .arena = &scratch, .sources = sources };
    struct parse p = start(arena, source, &quiet);
    p.comments = &p.ast->comments;
    struct word *list = arena_new(arena, struct word);
    if (is_text(source, &quiet)) {
        scan_tokens(&p);
        size_t room = p.raw.count + 1, count = 0;
        for (bool more = true; more; count++) {
            if (count + 1 >= room || count == 0) {
                room = count ? room * 2 : room + 16;
                struct word *grown = arena_array(arena, struct word, room);
                if (count)
                    memcpy(grown, list, count * sizeof *list);
                list = grown;
            }
            struct token token = parse_next(&p);
            list[count] = word_of(&p, token);
            more = token.kind != TOK_END;
        }
    }
    *comments = p.ast->comments;
    arena_free(&p.scratch);
    arena_free(&scratch);
    return list;
}
