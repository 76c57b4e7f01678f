/* How many findings there are in truth, however many of them are shown. */
#pragma once

#include "source/render.h"
#include "support/json_writer.h"

/* "1000 of 2345 findings shown: 2000 errors, 345 warnings in 3 files", without a line end. */
void summary_words(struct buf *out, const struct render *render);
/* The same as a JSON object. */
void summary_json(struct json *w, const struct render *render);
