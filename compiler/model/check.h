/* Between the parts of the checker: settings, middlewares and single values of a type. */
#pragma once

#include "model/program.h"

/* Judges one value by its type and makes it canonical. What is wrong is told at the exact bytes;
   false then. `sample` and placeholder texts are judged leniently. */
bool check_type(struct scope *scope, enum type_kind type, const struct text *text,
                struct text *out);

/* One setting in a place: finds its row, judges its values by the shape, and its block by the place
   it opens. NULL when it was told to be wrong as a whole. `mode` is MODE_UNKNOWN outside routes. */
struct setting *check_setting(struct scope *scope, enum place_kind place, enum mode mode,
                              struct node *node);
/* All statements of a block that consists of settings; anything else in it is told. Settings given
   twice that do not repeat are told with the place of the first. */
struct setting *check_settings(struct scope *scope, enum place_kind place, enum mode mode,
                               struct node_block *block);
/* What a `where` or `match` setting of a route says; NULL when it was told to be wrong. */
struct condition *setting_condition(struct arena *a, const struct setting *setting);

/* One link of a chain: a name or a call, for a route of this mode (MODE_UNKNOWN: in a named chain).
 */
struct mw *check_link(struct scope *scope, struct node *link);
/* A `middleware NAME = …`, built when first asked for; a circle is told once. */
struct mw_chain *check_chain(struct declared *declared);
/* Tells links that the route's protocol does not have. */
void check_link_mode(struct scope *scope, const struct mw *link, enum mode mode);
