/* The reference of the language as Markdown, out of the tables that check it. */
#pragma once

#include "support/buf.h"

/* Everything that is called `word`: settings, middlewares, modes, types, statements. Nothing is
   written when there is none. */
void reference_word(struct buf *out, struct str word);
/* All of them, as in docs/language.md. */
void reference_all(struct buf *out);
