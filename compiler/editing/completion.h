/* What the files that offer words share: completion.c (statements, the place) and
   completion_values.c (what stands behind them). */
#pragma once

#include "editing/editing.h"

static inline struct itsupc_text completion_text(struct str s) {
    return (struct itsupc_text){ s.at ? s.at : "", s.len };
}
/* `health [<path>] …`, as a detail. */
struct str completion_usage(struct arena *a, const struct vocable *v);
/* Names of a kind that are seen at a place; `snippet` stands behind each, or NULL. */
void offer_names(struct completing *c, struct reading *r, uint32_t place, enum name_kind kind,
                 const char *snippet);

void offer_links(struct completing *c, struct reading *r, uint32_t place, struct setting_of in);
void offer_arguments(struct completing *c, struct reading *r, uint32_t place,
                     const struct wanted *w);
void offer_value(struct completing *c, struct reading *r, uint32_t place, const struct wanted *w);
void offer_targets(struct completing *c, struct reading *r);
void offer_rest(struct completing *c, struct reading *r, uint32_t place, const struct wanted *w);
void offer_types(struct completing *c);
void offer_parameters(struct completing *c, struct reading *r, uint32_t place,
                      const struct wanted *w);
