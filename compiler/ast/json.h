/* The tree as JSON, for other programs: kinds, names and parts, without places and comments. */
#pragma once

#include "ast/ast.h"
#include "support/buf.h"

void ast_json(struct buf *out, const struct ast *ast);
