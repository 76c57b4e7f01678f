/* Compose reads unquoted numbers and dates, and writes them anew: 0755 becomes 493, 1.10 becomes
   1.1. */
#pragma once

#include "support/str.h"

struct arena;

/* What becomes of a plain scalar in a variable or a label; empty when it stays as it is. */
struct str compose_rewritten(struct arena *a, struct str plain);

/* What a plain scalar is, where it is no text; NULL for text. */
const char *compose_key_kind(struct str plain);
