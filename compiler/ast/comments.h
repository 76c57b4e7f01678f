/* Comments to nodes: which comment belongs where, and where the writer left blank lines. */
#pragma once

#include "ast/ast.h"

/* Hangs every comment of the file (`all`, in source order) on exactly one node of the tree, or on
   `ast->tail`; those inside a BROKEN or `verbatim` statement are part of its text and may hang
   nowhere. Sets what the printer has to know of the old layout: blank_before, one_line,
   on_new_line, verbatim. Text between statements that no node covers (the parser gave it up)
   becomes a BROKEN statement, so that nothing is lost. Linear in the size of the file. */
void ast_attach_comments(struct ast *ast, struct comment *all);
