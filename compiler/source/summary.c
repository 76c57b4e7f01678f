/* How many findings there are in truth, however many of them are shown. */
#include "source/summary.h"

/* "2 errors, 1 warning" */
static void counted(struct buf *out, size_t count, const char *word, bool *first) {
    if (count == 0)
        return;
    buf_format(out, "%s%zu %s%s", *first ? "" : ", ", count, word, count == 1 ? "" : "s");
    *first = false;
}

void summary_words(struct buf *out, const struct render *render) {
    const struct diags *diags = render->diags;
    size_t files = render->style.files;
    bool first = true;
    if (render_is_cut(render))
        buf_format(out, "%zu of %s%zu findings shown: ", render->shown,
                   diags->full ? "more than " : "", diags->count);
    counted(out, diags->errors, "error", &first);
    counted(out, diags->warnings, "warning", &first);
    counted(out, diags->notes, "note", &first);
    if (first)
        buf_text(out, "no findings");
    if (files)
        buf_format(out, " in %zu file%s", files, files == 1 ? "" : "s");
}

void summary_json(struct json *w, const struct render *render) {
    json_object(w);
    json_member_number(w, "errors", render->diags->errors);
    json_member_number(w, "warnings", render->diags->warnings);
    json_member_number(w, "notes", render->diags->notes);
    json_member_number(w, "files", render->style.files);
    if (render_is_cut(render))
        json_member_bool(w, "truncated", true);
    json_object_end(w);
}
