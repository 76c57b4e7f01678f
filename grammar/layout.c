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

static void tell_open(struct parse *p, const struct opener *opener) {
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
        if (first->kind == TOK_WORD && !params)
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
    p->starts = token.kind == TOK_SEP || token.kind == TOK_LBRACE;
    p->last = token;
    return token;
}

static struct token open_bracket(struct parse *p, struct token token) {
    if (p->depth == DEEPEST_NESTING) {
        struct diag *d =
            diag_add(p->diags, DIAG_NESTING, token_span(token),
                     "brackets and blocks are nested more than %d deep", DEEPEST_NESTING);
        diag_help(p->diags, d, "give the inner part a name with `let` or `middleware`");
        p->next = p->raw.count - 1;
        p->close = 0;
        p->closing = true;
        return make(p, TOK_MADE, token.start);
    }
    p->open[p->depth++] = (struct opener){ token.kind, p->header_params, token_span(token) };
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

/* A closing token: hands out closers for what stands open inside it, then itself. */
static bool close_bracket(struct parse *p, struct token token, struct token *out) {
    size_t depth = p->depth, floor = token.kind == TOK_RBRACE ? 0 : depth_of_block(p);
    while (depth > floor && closer(p->open[depth - 1].kind) != token.kind)
        depth--;
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
        switch (token.kind) {
        case TOK_NEWLINE: {
            size_t newline = p->next - 1;
            while (p->raw.list[p->next].kind == TOK_NEWLINE) /* blank lines mean nothing more */
                p->next++;
            if (in_brackets(p)) {
                if (next_line_is_statement(p)) {
                    p->next = newline;
                    close_down_to(p, depth_of_block(p));
                }
                continue;
            }
            if (p->starts || continues(p))
                continue;
            return hand_out(
                p, (struct token){ .kind = TOK_SEP, .start = token.start, .end = token.start });
        }
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
            return open_bracket(p, token);
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
            if (token.made)
                p->muted = true;
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
            if (token.made)
                p->muted = true;
            return hand_out(p, token);
        }
    }
}
