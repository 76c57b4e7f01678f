/* Instances that exist already: what of them no other may have. */
#pragma once

#include "backends/instance.h"
#include "lower/tree.h"
#include "session.h"

/* False, after telling whom it meets, when the instance is none of its own; else it is remembered.
   `who` is how messages call it. With `existing` it is remembered either way. */
bool known_take(struct itsupc_known *known, struct diags *diags, struct span span, struct str who,
                const struct instance *it, bool existing);
/* The same of one that `--format json` printed. False when the object is none. */
bool known_read(struct itsupc_known *known, const struct tree *object);
bool known_port_taken(void *known, unsigned port);
