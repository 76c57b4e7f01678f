/* Findings as one JSON object with a summary. */
#include "source/diag_json.h"
#include "source/render.h"

void render_json(struct render *render) {
    struct json w = { .out = render->out };
    json_object(&w);
    json_key(&w, "diagnostics");
    json_array(&w);
    for (const struct diag *d = NULL; (d = render_next(render, d));)
        diag_json(&w, render->sources, d);
    json_array_end(&w);
    json_key(&w, "summary");
    json_object(&w);
    json_member_number(&w, "errors", render->diags->errors);
    json_member_number(&w, "warnings", render->diags->warnings);
    json_member_number(&w, "notes", render->diags->notes);
    json_member_number(&w, "files", render->style.files);
    if (render_is_cut(render))
        json_member_bool(&w, "truncated", true);
    json_object_end(&w);
    json_object_end(&w);
    buf_char(render->out, '\n');
}
