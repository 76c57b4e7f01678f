/* The named character classes of regular expressions: \d, [:alpha:], \p{Greek}. */
#pragma once

#include "support/regex.h"

struct regex_items {
    struct arena *arena;
    struct regex_item *at;
    size_t len, room;
};

void regex_items_add(struct regex_items *items, struct regex_item item);

/* \d \s \w and their capitals; false when `letter` is none of them. */
bool regex_items_add_perl(struct regex_items *items, char letter);
/* The name as in [:name:], a leading ^ included; false when it is unknown. */
bool regex_items_add_posix(struct regex_items *items, struct str name);
/* The name as in \p{name}, a leading ^ included; false when it is unknown. */
bool regex_items_add_unicode(struct regex_items *items, struct str name, bool negated);
