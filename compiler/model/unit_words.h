/* Units as people say them: `10 seconds`, `5 minutes`, `10 MB`. */
#pragma once

#include "model/scope.h"
#include "model/types.h"

/* The unit that the word means for values of the type; NULL when it is none. */
const char *unit_meant(enum type_kind type, struct str word);
/* A number with its unit as the next argument, which is told; the unit's node, else NULL. */
struct node *unit_detached(struct scope *scope, enum type_kind type, struct node *number);
