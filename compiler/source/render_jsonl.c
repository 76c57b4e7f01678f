/* Findings as JSON lines: an object each, as in the JSON form, and the summary in the last line. */
#include "source/diag_json.h"
#include "source/summary.h"

void render_jsonl(struct render *render) {
    for (const struct diag *d = NULL; (d = render_next(render, d));) {
        struct json w = { .out = render->out };
        diag_json(&w, render->sources, d);
        buf_char(render->out, '\n');
    }
    struct json w = { .out = render->out };
    json_object(&w);
    json_key(&w, "summary");
    summary_json(&w, render);
    json_object_end(&w);
    buf_char(render->out, '\n');
}
