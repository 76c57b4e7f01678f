/* What the formatter leaves alone: statements with errors. */
#pragma once

#include "ast/ast.h"

static inline bool verbatim_is(const struct node *node) {
    return node->kind == NODE_BROKEN || node->verbatim;
}

/* True when two texts differ in blanks, line ends and separators alone. */
bool verbatim_same(struct str a, struct str b);

/* Where a statement's last visible byte ends. */
uint32_t verbatim_end(const struct sources *sources, const struct node *node);

enum semicolon {
    SEMICOLON_NONE,
    SEMICOLON_BEHIND,
    SEMICOLON_AHEAD, /* of the statement that follows, on its line */
};

/* A line end is as good as a `;`, except where the next line would continue this one or nobody
   knows where this one ends: there the `;` of the source stays. */
enum semicolon verbatim_semicolon(const struct sources *sources, const struct node *node);
