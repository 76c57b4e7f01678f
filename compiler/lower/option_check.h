/* A YAML file of Traefik's against the option table. */
#pragma once

#include "lower/lower.h"
#include "options/options.h"

/* Tells unknown keys (with the nearest one), values of the wrong kind, and values that Traefik
   would refuse, each at its place. Texts with `${…}` or `{{…}}` have no value yet and are not
   judged. */
void option_check_tree(struct lower *l, const struct option *top, const struct tree *node);

/* One text against an option's type; false when Traefik would refuse it, which was told.
   `effect` is what happens then. */
bool option_tell_value(struct lower *l, const struct option *o, struct node_text *text,
                       const char *effect);

/* A key that is no option below `o`; `also` could stand there, too, or is empty. */
void option_tell_unknown(struct lower *l, const struct option *o, const struct tree_entry *entry,
                         struct str also);
