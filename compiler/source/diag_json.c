/* One finding as a JSON object: the contract that editors, CI and run-time spawners read. */
#include "source/diag_json.h"

#include "source/render.h"

static void start_of(struct json *w, const struct extent *extent) {
    json_member(w, "file", extent->file);
    json_member_number(w, "line", extent->line);
    json_member_number(w, "column", extent->column);
}

static void notes_of(struct json *w, struct sources *sources, const struct diag *d) {
    json_key(w, "notes");
    json_array(w);
    for (const struct diag_note *note = d->notes; note; note = note->next) {
        struct extent extent = extent_of(sources, note->span);
        json_object(w);
        json_member(w, "message", note->message);
        start_of(w, &extent);
        json_object_end(w);
    }
    json_array_end(w);
}

static void edits_of(struct json *w, struct sources *sources, const struct diag_fix *fix) {
    json_key(w, "edits");
    json_array(w);
    for (const struct diag_edit *edit = fix->edits; edit; edit = edit->next) {
        struct extent extent = extent_of(sources, edit->span);
        json_object(w);
        json_member(w, "file", extent.file);
        json_member_number(w, "start", extent.start);
        json_member_number(w, "end", extent.end);
        json_member(w, "text", edit->text);
        json_object_end(w);
    }
    json_array_end(w);
}

static void fixes_of(struct json *w, struct sources *sources, const struct diag *d) {
    json_key(w, "fixes");
    json_array(w);
    for (const struct diag_fix *fix = d->fixes; fix; fix = fix->next) {
        json_object(w);
        json_member(w, "title", fix->title);
        edits_of(w, sources, fix);
        json_object_end(w);
    }
    json_array_end(w);
}

void diag_json(struct json *w, struct sources *sources, const struct diag *d) {
    struct extent extent = extent_of(sources, d->span);
    json_object(w);
    json_member(w, "code", diag_infos[d->code].code);
    json_member(w, "level", level_name(d->level));
    json_member(w, "message", d->message);
    json_member(w, "effect", d->effect);
    start_of(w, &extent);
    json_member_number(w, "endLine", extent.end_line);
    json_member_number(w, "endColumn", extent.end_column);
    json_member(w, "help", d->help);
    notes_of(w, sources, d);
    fixes_of(w, sources, d);
    json_object_end(w);
}
