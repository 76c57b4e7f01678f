/* Findings as one JSON object with a summary. */
#include "source/diag_json.h"
#include "source/summary.h"

void render_json(struct render *render) {
    struct json w = { .out = render->out };
    json_object(&w);
    json_key(&w, "diagnostics");
    json_array(&w);
    for (const struct diag *d = NULL; (d = render_next(render, d));)
        diag_json(&w, render->sources, d);
    json_array_end(&w);
    json_key(&w, "summary");
    summary_json(&w, render);
    json_object_end(&w);
    buf_char(render->out, '\n');
}
