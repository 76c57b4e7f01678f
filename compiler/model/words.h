/* The words of the language by class, for editors and completions. */
#pragma once

#include "support/buf.h"

/* A line each, "class<tab>word", every word of a class once, sorted. Classes: keyword, mode,
   declaration, setting, word, middleware, type, matcher. */
void words_all(struct buf *out);
