/* The canonical layout: AST and comments to language text. */
#pragma once

#include "ast/ast.h"
#include "support/buf.h"

/* Writes the whole file. A BROKEN statement is written as it stands in the source (with the
   comments in it), so a file with errors can be formatted around them; one that is no text, or has
   a bare CR for a line end, stays as it is. Formatting twice gives the same bytes. Attach the
   comments first. */
void ast_format(struct buf *out, const struct ast *ast, struct sources *sources);

/* True when `text` may stand as one bare word where a value is read (so needs no quotes). */
bool format_is_word(struct str text);
