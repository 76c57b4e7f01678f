/* Which characters a Unicode name of a regular expression holds, and which are one letter when case
   is ignored. */
#pragma once

#include "support/str.h"

/* `name` as regex_names.def spells it. */
bool regex_unicode_has(const char *name, uint32_t rune);
/* The next character of the same letter, the last one's next being the first; `rune` when there is
   no other. */
uint32_t regex_fold_next(uint32_t rune);
