/* Language text to AST. The one door to the scanner, the layout and the parser. */
#pragma once

#include "ast/ast.h"
#include "support/buf.h"

/* Never NULL: what cannot be read is told to `diags` and stands in the tree as BROKEN, or is left
   out. The tree's words are slices of the source text, which must live as long. */
struct ast *parse_text(struct arena *arena, struct source *source, struct diags *diags);

/* One line per token as the parser sees them, for tests and people: kind, place, text. */
void parse_dump_tokens(struct buf *out, struct source *source, struct diags *diags);
