/* `where`: conditions on a request beside host and path. */
#pragma once

#include "model/settings.h"

/* Reads `where …` into the slots not, kind, key, regex and values. */
bool condition_read(struct settle *s);
