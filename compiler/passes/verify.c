/* What each pass promises to those after it. */
#include "passes/pass.h"

#include <assert.h>

enum number {
#define PASS(name, gist) DONE_##name,
#include "passes/passes.def"
#undef PASS
};

static void verify_router(const struct ir_router *r, size_t pass) {
    assert(r->project && !span_is_none(r->span));
    assert(r->service);
    if (pass >= DONE_entrypoints)
        assert(r->entrypoints.count || r->port == 0);
    if (pass >= DONE_names)
        assert(r->name.len && r->service->name.len);
    for (const struct ir_middleware *m = pass >= DONE_names ? r->middlewares : NULL; m; m = m->next)
        assert(m->object.len);
    if (pass >= DONE_placement) {
        assert(r->place != IR_NOWHERE);
        assert((r->place == IR_LABELS) == (r->on != NULL));
        assert(r->service->kind == IR_PROVIDED || r->service->place != IR_NOWHERE);
        for (const struct ir_middleware *m = r->middlewares; m; m = m->next)
            assert(str_is(m->type, "@") || m->place != IR_NOWHERE);
    }
    (void)pass;
}

void passes_verify(const struct ir *ir, size_t pass) {
    for (const struct ir_router *r = router_first(ir); r; r = router_next(r))
        verify_router(r, pass);
}
