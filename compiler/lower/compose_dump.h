/* The model of a compose file as JSON, for tests that compare it with Compose's own. */
#pragma once

#include "lower/compose_file.h"
#include "support/buf.h"

void compose_dump(struct buf *out, const struct compose *c);
