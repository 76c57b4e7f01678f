/* Runs the passes in order. */
#include "passes/pass.h"

const struct pass passes[] = {
#define PASS(name, gist) { #name, gist, pass_##name },
#include "passes/passes.def"
#undef PASS
    { NULL, NULL, NULL },
};

void passes_run(struct ir *ir) {
    for (size_t i = 0; passes[i].name; i++) {
        passes[i].run(ir);
#ifndef NDEBUG
        passes_verify(ir,
                      i); /* asserts alone: a look at every router that the next pass looks at */
#endif
    }
}

static struct ir_router *first_from(const struct ir_project *project) {
    for (; project; project = project->next)
        if (!project->disabled && project->routers)
            return project->routers;
    return NULL;
}

struct ir_router *router_first(const struct ir *ir) {
    return first_from(ir->projects);
}

struct ir_router *router_next(const struct ir_router *router) {
    return router->next ? router->next : first_from(router->project->next);
}
