/* Where the parts of a tree stand in its file: under a scalar's text, and behind its last entry. */
#pragma once

#include "ast/ast.h"
#include "lower/tree.h"

/* How text and source correspond; NULL when they do byte for byte from content.start on. */
const struct piece *tree_pieces(struct arena *arena, const struct tree *scalar);
/* Where the bytes [from, to) of a scalar's text stand. */
struct span tree_text_span(struct arena *arena, const struct tree *scalar, size_t from, size_t to);
/* The scalar as the AST keeps it. */
struct node *tree_ast_text(struct arena *arena, const struct tree *scalar);

/* Where a new last entry goes. Block: whole lines, at `at`, indented by `indent`. Flow: right
   behind the last item, or behind the opening bracket when there is none. */
struct tree_splice {
    uint32_t at;
    uint32_t indent;
    bool flow, empty;
    bool newline_first; /* block: the file ends there without a line end */
};
struct tree_splice tree_splice_end(const struct tree *collection);
/* The last node inside, in the order of the file, aliases not followed; itself when it has none. */
const struct tree *tree_last_inside(const struct tree *node);
/* Just behind the line end of the node's last line (or the end of the file). */
uint32_t tree_line_end(const struct tree *node);
