/* One finding as a JSON object: the contract that editors, CI and run-time spawners read. */
#pragma once

#include "source/diag.h"
#include "support/json_writer.h"

void diag_json(struct json *w, struct sources *sources, const struct diag *d);
