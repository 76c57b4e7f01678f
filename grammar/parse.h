/* Language text to AST. The one door to the scanner, the layout and the parser. */
#pragma once

#include "ast/ast.h"
#include "support/buf.h"

/* Never NULL: what cannot be read is told to `diags` and stands in the tree as BROKEN, or is left
   out. The tree's words are slices of the source text, which must live as long. */
struct ast *parse_text(struct arena *arena, struct source *source, struct diags *diags);

/* The words and marks as the parser sees them, for editors: brackets are balanced, `made` ones
   stand where one is missing. Nothing is told. */
enum word_kind {
    WORD_END,
    WORD_SEP, /* the end of a statement */
    WORD_PLAIN,
    WORD_PATTERN, /* a statement's first word that begins a route */
    WORD_STRING,
    WORD_RAW,
    WORD_HEREDOC,
    WORD_KEYWORD, /* of keywords.def, and `in`, `else` */
    WORD_MARK,
};
struct word {
    enum word_kind kind;
    char mark; /* ( ) [ ] { } , | =, `>` for `->` and `~` for `=>` */
    bool made, braces;
    struct span span;
    struct str text;
};
/* The list ends with END. The comments are those of the file in order. */
const struct word *parse_words(struct arena *arena, struct source *source, struct sources *sources,
                               struct comment **comments);

/* One line per token as the parser sees them, for tests and people: kind, place, text. */
void parse_dump_tokens(struct buf *out, struct source *source, struct diags *diags);
