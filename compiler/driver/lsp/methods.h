/* What answers each method of methods.def. */
#pragma once

#include "driver/lsp/server.h"

#define METHOD(name, needs, function) void function(struct request *r);
#include "driver/lsp/methods.def"
#undef METHOD
