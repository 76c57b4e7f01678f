/* Between parser and message: what was found, what could have stood there, and which statement it
 * broke. */
#pragma once

#include "grammar/scan.h"

enum { MOST_EXPECTED = 40 };

struct syntax_error {
    struct span span;
    const char *found;
    const char *expected[MOST_EXPECTED]; /* the names that users read */
    int count;
};

struct token parse_next(struct parse *p); /* the next token, with the statement kept in view */
struct node *parse_node(struct parse *p, struct token token, enum node_kind kind);
struct span parse_broken_span(struct parse *p,
                              struct span error); /* cut before the parser's lookahead */
void parse_tell(struct parse *p, const struct syntax_error *error);
