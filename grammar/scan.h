/* Characters to tokens, and tokens to what the parser reads: the layout decides where statements
 * end. */
#pragma once

#include "ast/ast.h"
#include "itsup_parser.h"

struct token {
    uint8_t kind;        /* enum dsl_tokentype */
    bool braces : 1;     /* a word or string with {x}, ${X} or an escape */
    bool made : 1;       /* put in by the layout, or a string that is never closed */
    uint32_t start, end; /* pool offsets */
};

struct tokens {
    struct token *list;
    size_t count, room;
};

enum { DEEPEST_NESTING = 64, MOST_TOKENS = 2000000 };

struct opener {
    uint8_t kind;
    bool params; /* the parenthesis of a template's parameters, where words stand side by side */
    bool heads;  /* the parenthesis behind a statement's first word */
    bool torn;   /* an unclosed string stands inside */
    struct span span;
};

/* One parse of one file; every stage's state is here. */
struct parse {
    struct arena *arena;  /* of the tree */
    struct arena scratch; /* of the tokens, given back when the tree stands */
    struct source *source;
    struct diags *diags;
    struct ast *ast;
    struct comment **comments; /* where the next one is hung */

    /* scanner */
    struct tokens raw;
    uint32_t at; /* pool offset of the scanner */
    uint32_t heredoc;
    size_t comment_count;
    bool given_up; /* the rest of the file is not read */

    /* layout */
    size_t next; /* in raw */
    struct opener open[DEEPEST_NESTING + 1];
    size_t depth;
    bool starts;        /* the next token is a statement's first */
    bool second;        /* the token before was a statement's first, and a word */
    bool arrow;         /* the statement has a `->` */
    uint8_t first;      /* kind of the statement's first token */
    bool header_params; /* the next parenthesis holds a template's parameters */
    size_t close;       /* closers still to be handed out, down to this depth */
    bool closing;
    struct token last; /* handed out before */

    /* parser */
    struct token statement;    /* first token of the statement at hand */
    struct token read, before; /* the last token and the one before it */
    bool fresh;                /* the next token begins a statement */
    bool muted;                /* the layout told a mistake of this statement already */
};

void scan_tokens(struct parse *p); /* fills raw; the list ends with END */
struct token layout_next(struct parse *p);
struct str token_text(const struct parse *p, struct token token);

static inline struct span token_span(struct token token) {
    return (struct span){ token.start, token.end };
}
