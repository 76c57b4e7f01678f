/* Names kept once, so that equal names are equal pointers. */
#include "support/intern.h"

struct str intern(struct intern *i, struct str s) {
    const char *known = table_get(&i->names, s);
    if (known)
        return (struct str){ known, s.len };
    struct str kept = str_copy(i->names.arena, s);
    *table_at(&i->names, kept) = (void *)kept.at;
    return kept;
}
