/* Tokens to what the parser reads: where statements end, which words are keywords, which brackets
   match.

   The parser is handed balanced brackets only, so that its own recovery never has to guess about
   them. */
#include "grammar/scan.h"

struct str token_text(const struct parse *p, struct token token) {
    return str_slice(p->source->text, token.start - p->source->base, token.end - p->source->base);
}

static struct token peek(const struct parse *p, size_t ahead) {
    size_t at = p->next + ahead;
    return p->raw.list[at < p->raw.count ? at : p->raw.count - 1];
}

/* The next token that is no line end. */
static struct token peek_solid(const struct parse *p) {
    size_t at = p->next;
    while (p->raw.list[at].kind == TOK_NEWLINE)
        at++;
    return p->raw.list[at];
}

static void skip_newlines(struct parse *p) {
    while (p->raw.list[p->next].kind == TOK_NEWLINE)
        p->next++;
}

static bool is_word(const struct parse *p, struct token token, const char *word) {
    return token.kind == TOK_WORD && str_is(token_text(p, token), word);
}

static struct token make(const struct parse *p, int kind, uint32_t place) {
    (void)p;
    return (struct token){ .kind = (uint8_t)kind, .made = true, .start = place, .end = place };
}

static const char *bracket(int kind) {
    switch (kind) {
    case TOK_LPAREN: return "(";
    case TOK_RPAREN: return ")";
    case TOK_LBRACKET: return "[";
    case TOK_RBRACKET: return "]";
    case TOK_LBRACE: return "{";
    default: return "}";
    }
}

static int closer(int opener) {
    switch (opener) {
    case TOK_LPAREN: return TOK_RPAREN;
    case TOK_LBRACKET: return TOK_RBRACKET;
    default: return TOK_RBRACE;
    }
}

static const struct opener *innermost(const struct parse *p) {
    return p->depth ? &p->open[p->depth - 1] : NULL;
}

static bool in_brackets(const struct parse *p) {
    const struct opener *top = innermost(p);
    return top && top->kind != TOK_LBRACE;
}

/* ---- closing what was left open ---- */

/* When an unclosed string stands inside, the closer is most likely in it, and that was told. */
static void tell_open(struct parse *p, const struct opener *opener) {
    if (opener->torn || (p->muted && opener->kind != TOK_LBRACE))
        return; /* one message for one statement */
    struct diag *d = diag_add(p->diags, DIAG_BRACKET_OPEN, opener->span,
                              "this `%s` is never closed", bracket(opener->kind));
    if (opener->kind == TOK_LBRACE)
        diag_help(p->diags, d, "close the block with `}` on a line of its own");
    else
        diag_help(p->diags, d, "write `%s` where the list ends", bracket(closer(opener->kind)));
}

/* Begins to hand out closers until `depth` openers are left; the outermost of them is the one to
 * tell. */
static void close_down_to(struct parse *p, size_t depth) {
    if (p->depth <= depth)
        return;
    tell_open(p, &p->open[depth]);
    p->close = depth;
    p->closing = true;
}

static size_t depth_of_block(const struct parse *p) {
    size_t depth = p->depth;
    while (depth && p->open[depth - 1].kind != TOK_LBRACE)
        depth--;
    return depth;
}

/* What an unclosed string took with it: the closers of brackets that its own line opened are handed
   out behind it. The brackets that stay open may be missing theirs for the same reason. */
static void close_torn(struct parse *p, struct token token) {
    struct str text = p->source->text;
    size_t line = token.start - p->source->base;
    while (line && text.at[line - 1] != '\n')
        line--;
    size_t depth = p->depth, nested = 0;
    struct str taken = token_text(p, token);
    if (str_starts(taken, STR("\"\"\""))) { /* a heredoc takes all that follows */
        for (size_t i = 0; i < p->depth; i++)
            p->open[i].torn = true;
        return;
    }
    for (size_t i = 1; i < taken.len && depth; i++) {
        const struct opener *opener = &p->open[depth - 1];
        if (opener->span.start - p->source->base < line)
            break;
        const char *open = bracket(opener->kind), *close = bracket(closer(opener->kind));
        if (taken.at[i] == *open)
            nested++;
        else if (taken.at[i] == *close && nested)
            nested--;
        else if (taken.at[i] == *close)
            depth--;
    }
    for (size_t i = depth_of_block(p); i < p->depth; i++)
        p->open[i].torn = true;
    if (depth < p->depth) {
        p->close = depth;
        p->closing = true;
    }
}

/* Inside brackets a line end means nothing, unless the bracket was forgotten: then the next line is
   a statement. It is one when it holds an arrow, a pipe or a block before it closes anything, or
   when a value would follow a value without a comma. */
static bool next_line_is_statement(const struct parse *p) {
    size_t at = p->next;
    while (p->raw.list[at].kind == TOK_NEWLINE)
        at++;
    const struct token *first = &p->raw.list[at];
    bool params = innermost(p)->params;
    switch (p->last.kind) {
    case TOK_LPAREN:
    case TOK_LBRACKET:
    case TOK_COMMA:
    case TOK_EQUALS: break;
    default:
        /* An unclosed string may have taken the comma with it. */
        if (first->kind == TOK_WORD && !params && !p->last.made)
            return true;
        break;
    }
    size_t nested = 0;
    for (const struct token *t = first;; t++) {
        switch (t->kind) {
        case TOK_ARROW:
        case TOK_REDIRECT:
        case TOK_PIPE: return true;
        case TOK_LBRACE: return t != first && !params;
        case TOK_LPAREN:
        case TOK_LBRACKET: nested++; break;
        case TOK_RPAREN:
        case TOK_RBRACKET:
            if (nested == 0)
                return false;
            nested--;
            break;
        case TOK_WORD:
            /* `let x = …` and its sisters: two words side by side are no argument */
            if (t == first && t[1].kind == TOK_WORD && !params)
                return true;
            break;
        case TOK_NEWLINE:
        case TOK_END: return false;
        default: break;
        }
    }
}

/* ---- one token after the other ---- */

static struct token hand_out(struct parse *p, struct token token) {
    if (p->starts && token.kind != TOK_SEP && token.kind != TOK_RBRACE && token.kind != TOK_END) {
        p->first = token.kind;
        p->header_params = token.kind == TOK_TEMPLATE;
        p->arrow = false;
    }
    if (token.kind == TOK_ARROW)
        p->arrow = true;
    p->second = p->starts && token.kind == TOK_WORD;
    p->starts = token.kind == TOK_SEP || token.kind == TOK_LBRACE;
    p->last = token;
    return token;
}

/* Everything up to the closer of the bracket that was read last. */
static void skip_nested(struct parse *p) {
    for (size_t nested = 1; nested && p->raw.list[p->next].kind != TOK_END; p->next++)
        switch (p->raw.list[p->next].kind) {
        case TOK_LPAREN:
        case TOK_LBRACKET:
        case TOK_LBRACE: nested++; break;
        case TOK_RPAREN:
        case TOK_RBRACKET:
        case TOK_RBRACE: nested--; break;
        default: break;
        }
}

/* `a.{x` or `a.{my x} -> …`: braces that stick to words on both sides, and that a block cannot be
   since a block ends its statement. Gives the raw token behind them, or 0. */
static size_t false_braces(const struct parse *p, struct token token) {
    const struct token *list = p->raw.list;
    size_t at = p->next;
    bool sticks = p->last.end == token.start && list[at].start == token.end;
    if (token.kind != TOK_LBRACE || in_brackets(p) || p->starts || !sticks ||
        list[at].kind != TOK_WORD || token_text(p, list[at]).at[0] == '/')
        return 0;
    at++;
    switch (list[at].kind) {
    case TOK_ARROW:
    case TOK_REDIRECT:
    case TOK_PIPE:
    case TOK_COMMA:
    case TOK_NEWLINE:
    case TOK_END: return at;
    default: break;
    }
    while (list[at].kind == TOK_WORD)
        at++;
    if (list[at++].kind != TOK_RBRACE)
        return 0;
    switch (list[at].kind) {
    case TOK_ARROW:
    case TOK_REDIRECT:
    case TOK_PIPE:
    case TOK_COMMA: return at;
    default: return list[at].kind == TOK_WORD && list[at].start == list[at - 1].end ? at : 0;
    }
}

/* "{domain/api" → "domain" */
static struct str name_behind(struct str text) {
    size_t from = str_find(text, '{') + 1, to = from;
    while (to < text.len && (char_is_alnum(text.at[to]) || strchr("_-", text.at[to])))
        to++;
    return str_slice(text, from, to);
}

static struct token drop_braces(struct parse *p, struct token token, size_t end) {
    struct span span = { token.start, p->raw.list[end - 1].end };
    struct str text = source_text(p->diags->sources, span);
    bool closed = text.at[text.len - 1] == '}';
    struct diag *d =
        closed ? diag_add(p->diags, DIAG_INTERPOLATION, span, "`%.*s` holds no name", STR_ARG(text))
               : diag_add(p->diags, DIAG_INTERPOLATION, span, "this `{` is not closed");
    if (closed)
        diag_help(p->diags, d,
                  "a name begins with a letter or _ and goes on with letters, digits and . _ -");
    else
        diag_help(p->diags, d, "write `{%.*s}`", STR_ARG(name_behind(text)));
    p->next = end;
    p->muted = true;
    return hand_out(p, make(p, TOK_MADE, token.start));
}

static void tell_nesting(struct parse *p, struct token token) {
    struct diag *d = diag_add(p->diags, DIAG_NESTING, token_span(token),
                              "brackets and blocks are nested more than %d deep", DEEPEST_NESTING);
    diag_help(p->diags, d, "give the inner part a name with `let` or `middleware`");
}

static struct token open_bracket(struct parse *p, struct token token) {
    if (p->depth == DEEPEST_NESTING) {
        if (!p->muted)
            tell_nesting(p, token);
        p->muted = true;
        skip_nested(p);
        return hand_out(p, make(p, TOK_MADE, token.start));
    }
    p->open[p->depth++] = (struct opener){ .kind = token.kind,
                                           .params = p->header_params,
                                           .heads = p->second && token.kind == TOK_LPAREN,
                                           .span = token_span(token) };
    if (token.kind == TOK_LPAREN)
        p->header_params = false;
    return hand_out(p, token);
}

/* Statement-first words: keywords and patterns are told by their place. */
static struct token first_word(struct parse *p, struct token token) {
    struct str text = token_text(p, token);
    size_t slashes = str_find_str(text, STR("://"));
    if (text.at[0] == '/' || slashes != STR_NONE) {
        token.kind = TOK_PATTERN;
        return token;
    }
#define KEYWORD(word, keyword, gist)                                                               \
    if (TOK_##keyword != TOK_FOR && str_is(text, word))                                            \
        token.kind = TOK_##keyword;
#include "grammar/keywords.def"
#undef KEYWORD
    if (str_is(text, "for") && peek(p, 0).kind == TOK_WORD && is_word(p, peek(p, 1), "in")) {
        token.kind = TOK_FOR;
        p->raw.list[p->next + 1].kind = TOK_IN;
    }
    return token;
}

static bool continues(const struct parse *p) {
    struct token after = peek_solid(p);
    switch (p->last.kind) {
    case TOK_COMMA:
    case TOK_PIPE: return after.kind != TOK_END;
    default: break;
    }
    switch (after.kind) {
    case TOK_PIPE:
    case TOK_ARROW:
    case TOK_REDIRECT:
    case TOK_LBRACE: return true;
    case TOK_WORD: return p->arrow && is_word(p, after, "else");
    default: return false;
    }
}

static void drop_stray(struct parse *p, struct token token) {
    struct diag *d = diag_add(p->diags, DIAG_BRACKET_STRAY, token_span(token),
                              "this `%s` closes nothing", bracket(token.kind));
    diag_help(p->diags, d, "remove it, or open it with `%s`",
              token.kind == TOK_RPAREN     ? "("
              : token.kind == TOK_RBRACKET ? "["
                                           : "{");
    diag_fix_replace(p->diags, d, false, token_span(token), STR(""));
    p->muted = true;
}

/* `f(a }`: nothing but the innermost bracket is open, and its own closer does not follow on the
   line. */
static bool is_wrong_closer(const struct parse *p) {
    const struct opener *top = innermost(p);
    size_t nested = 0;
    if (!top || top->kind == TOK_LBRACE)
        return false;
    for (const struct token *t = &p->raw.list[p->next];; t++)
        switch (t->kind) {
        case TOK_LPAREN:
        case TOK_LBRACKET: nested++; break;
        case TOK_RPAREN:
        case TOK_RBRACKET:
            if (nested == 0 && t->kind == closer(top->kind))
                return false;
            nested -= nested > 0;
            break;
        case TOK_NEWLINE:
        case TOK_SEMICOLON:
        case TOK_END: return true;
        default: break;
        }
}

/* The bracket is closed as it should have been; but where a statement is one call, a block may have
   been meant, and what it names is not judged: `]` for `)` is what the grammar does not take. */
static struct token correct_closer(struct parse *p, struct token token) {
    const struct opener *top = &p->open[--p->depth];
    const char *right = bracket(closer(top->kind));
    if (!p->muted) {
        struct diag *d =
            diag_add(p->diags, DIAG_BRACKET_STRAY, token_span(token),
                     "this `%s` cannot close the `%s`", bracket(token.kind), bracket(top->kind));
        diag_note_at(p->diags, d, top->span, "opened here");
        diag_help(p->diags, d, "write `%s`", right);
        diag_fix_replace(p->diags, d, false, token_span(token), str_of(right));
    }
    p->muted = true;
    token.kind = (uint8_t)(top->heads ? TOK_RBRACKET : closer(top->kind));
    return hand_out(p, token);
}

/* A closing token: hands out closers for what stands open inside it, then itself. */
static bool close_bracket(struct parse *p, struct token token, struct token *out) {
    size_t depth = p->depth, floor = token.kind == TOK_RBRACE ? 0 : depth_of_block(p);
    while (depth > floor && closer(p->open[depth - 1].kind) != token.kind)
        depth--;
    if (depth == floor && is_wrong_closer(p)) {
        *out = correct_closer(p, token);
        return true;
    }
    if (depth == floor) {
        drop_stray(p, token);
        return false;
    }
    if (depth < p->depth) {
        p->next--; /* it is read again when the closers are out */
        close_down_to(p, depth);
        return false;
    }
    p->depth--;
    *out = hand_out(p, token);
    return true;
}

static struct token next_closer(struct parse *p) {
    struct opener opener = p->open[--p->depth];
    if (p->depth == p->close)
        p->closing = false;
    p->muted = true;
    return hand_out(p, make(p, closer(opener.kind), p->last.end ? p->last.end : opener.span.end));
}

struct token layout_next(struct parse *p) {
    for (;;) {
        if (p->closing) {
            if (p->depth > p->close)
                return next_closer(p);
            p->closing = false;
        }
        struct token token = p->raw.list[p->next];
        if (token.kind == TOK_END) {
            if (p->depth) {
                close_down_to(p, 0);
                continue;
            }
            return token;
        }
        p->next++;
        struct token out;
        size_t end;
        switch (token.kind) {
        case TOK_NEWLINE:
            if (in_brackets(p) && next_line_is_statement(p)) {
                p->next--;
                close_down_to(p, depth_of_block(p));
                continue;
            }
            if (in_brackets(p) || p->starts || continues(p)) {
                skip_newlines(p); /* a run of them is judged once */
                continue;
            }
            return hand_out(
                p, (struct token){ .kind = TOK_SEP, .start = token.start, .end = token.start });
        case TOK_SEMICOLON:
            if (in_brackets(p)) {
                p->next--;
                close_down_to(p, depth_of_block(p));
                continue;
            }
            if (p->starts)
                continue;
            token.kind = TOK_SEP;
            return hand_out(p, token);
        case TOK_LPAREN:
        case TOK_LBRACKET:
        case TOK_LBRACE:
            if (token.kind == TOK_LBRACE && in_brackets(p)) {
                p->next--;
                close_down_to(p, depth_of_block(p));
                continue;
            }
            end = false_braces(p, token);
            return end ? drop_braces(p, token, end) : open_bracket(p, token);
        case TOK_RPAREN:
        case TOK_RBRACKET:
        case TOK_RBRACE:
            if (close_bracket(p, token, &out))
                return out;
            continue;
        case TOK_WORD:
            if (p->starts)
                token = first_word(p, token);
            else if (p->arrow && !in_brackets(p) && is_word(p, token, "else") &&
                     p->last.kind != TOK_ARROW && p->last.kind != TOK_COMMA)
                token.kind = TOK_ELSE;
            return hand_out(p, token);
        case TOK_ARROW:
        case TOK_REDIRECT:
        case TOK_PIPE:
            /* No argument holds one of these: the bracket was forgotten. */
            if (in_brackets(p)) {
                p->next--;
                close_down_to(p, depth_of_block(p));
                continue;
            }
            return hand_out(p, token);
        default:
            if (token.made) {
                p->muted = true;
                close_torn(p, token);
            }
            return hand_out(p, token);
        }
    }
}
