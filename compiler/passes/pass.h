/* A pass makes the IR more certain; after each one the verifier looks. */
#pragma once

#include "ir/ir.h"

struct pass {
    const char *name, *gist;
    void (*run)(struct ir *ir);
};
extern const struct pass passes[]; /* in order; ends with a NULL name */

#define PASS(name, gist) void pass_##name(struct ir *ir);
#include "passes/passes.def"
#undef PASS

void passes_run(struct ir *ir);
/* What must hold after the pass of that number; a broken one is our bug. */
void passes_verify(const struct ir *ir, size_t pass);

/* Every router that is to be built, one after the other: for (r = router_first(ir); r; r =
   router_next(r)). Those of disabled projects are none. */
struct ir_router *router_first(const struct ir *ir);
struct ir_router *router_next(const struct ir_router *router);
