/* Any bytes: parse, expand, check, print the IR and render the findings, without crash, leak or
 * hang. */
#include "itsupc.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum itsupc_load answer_missing(void *context, const char *name, struct itsupc *session,
                                       struct itsupc_text *text) {
    (void)context;
    (void)name;
    (void)session;
    *text = (struct itsupc_text){ 0 };
    return ITSUPC_MISSING;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct itsupc_options options = { .loader = { .load = answer_missing } };
    struct itsupc *session = itsupc_new(&options);
    itsupc_add_text(session, "input.itsup", (struct itsupc_text){ (const char *)data, size });
    itsupc_check(session);

    struct itsupc_summary summary = itsupc_summary(session);
    if (summary.errors == 0 && !itsupc_ir(session).at)
        abort(); /* a sound program has a meaning */
    for (size_t i = 0; itsupc_formats[i]; i++) {
        struct itsupc_style style = { .color = i % 2 == 0, .width = 80 };
        if (!itsupc_render(session, itsupc_formats[i], style).at)
            abort();
    }
    itsupc_free(session);
    return 0;
}
