/* Values for Traefik's own options, typed by the option table. */
#pragma once

#include "model/types.h"
#include "options/options.h"

/* The option below `from` that a path in our words means: segments in kebab-case or camelCase,
   parted by dots, `[n]` behind lists of objects. `canonical` is the path in Traefik's words, below
   `from`. NULL when there is none; the miss is at [from, to) below `reached`. */
struct option_miss_place {
    const struct option *reached;
    size_t from, to;
};
const struct option *option_by_words(struct arena *a, const struct option *from, struct str path,
                                     struct str *canonical, struct option_miss_place *miss);

/* One value of that option. Units may be written where Traefik counts without one. */
bool option_check_text(struct scope *scope, const struct option *o, const struct text *text,
                       struct text *out);
/* A credential that was written out is told (X013). */
void option_check_credential(struct scope *scope, struct str key, const struct text *text);
