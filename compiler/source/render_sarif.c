/* Findings as SARIF 2.1.0, with the pages of docs/diagnostics as the help of each rule. */
#include "source/diag_json.h"
#include "source/pages.h"
#include "source/summary.h"

static void text_of(struct json *w, const char *key, struct str text) {
    json_key(w, key);
    json_object(w);
    json_member(w, "text", text);
    json_object_end(w);
}

/* ---- rules ---- */

static struct str page_of(struct str code) {
    for (const struct diagnostic_page *page = diagnostic_pages; page->code; page++)
        if (str_is(code, page->code))
            return str_of(page->text);
    return STR("");
}

/* The paragraph below the title, as one line. */
static struct str first_paragraph(struct arena *arena, struct str page) {
    size_t from = str_find_str(page, STR("\n\n"));
    if (from == STR_NONE)
        return STR("");
    page = str_from(page, from + 2);
    struct str text = str_copy(arena, str_slice(page, 0, str_find_str(page, STR("\n\n"))));
    char *at = (char *)text.at;
    for (size_t i = 0; i < text.len; i++)
        if (at[i] == '\n')
            at[i] = ' ';
    return text;
}

static void rule(struct json *w, const struct diag_info *info) {
    struct arena *arena = w->out->arena;
    struct str page = page_of(info->code), about = first_paragraph(arena, page);
    json_object(w);
    json_member(w, "id", info->code);
    text_of(w, "shortDescription", info->gist);
    if (about.len)
        text_of(w, "fullDescription", about);
    if (page.len) {
        json_key(w, "help");
        json_object(w);
        json_member(w, "text", page);
        json_member(w, "markdown", page);
        json_object_end(w);
    }
    json_key(w, "defaultConfiguration");
    json_object(w);
    json_member(w, "level", level_name(info->level));
    json_object_end(w);
    json_object_end(w);
}

/* The codes of the findings that are shown, each once, in the order of codes.def; `index` tells
   where each stands. */
static void rules(struct json *w, const struct render *render, size_t index[DIAG_COUNT]) {
    struct render again = *render; /* going through the findings uses up the room for them */
    bool used[DIAG_COUNT] = { false };
    for (const struct diag *d = NULL; (d = render_next(&again, d));)
        used[d->code] = true;
    json_key(w, "rules");
    json_array(w);
    size_t count = 0;
    for (int code = 0; code < DIAG_COUNT; code++)
        if (used[code]) {
            index[code] = count++;
            rule(w, &diag_infos[code]);
        }
    json_array_end(w);
}

static void tool(struct json *w, const struct render *render, size_t index[DIAG_COUNT]) {
    json_key(w, "tool");
    json_object(w);
    json_key(w, "driver");
    json_object(w);
    json_member(w, "name", STR("itsupc"));
    json_member(w, "version", STR(ITSUPC_VERSION));
    rules(w, render, index);
    json_object_end(w);
    json_object_end(w);
}

/* ---- places ---- */

/* A relative reference: all but unreserved characters and "/" as bytes in hexadecimal. */
static void artifact(struct json *w, struct str file) {
    struct buf uri = { .arena = w->out->arena };
    if (str_starts(file, STR("/")))
        buf_text(&uri, "file://");
    for (size_t i = 0; i < file.len; i++) {
        char c = file.at[i];
        if (char_is_alnum(c) || (c && strchr("-._~/", c)))
            buf_char(&uri, c);
        else
            buf_format(&uri, "%%%02X", (unsigned)(unsigned char)c);
    }
    json_key(w, "artifactLocation");
    json_object(w);
    json_member(w, "uri", buf_str(&uri));
    json_object_end(w);
}

static void region(struct json *w, const char *key, const struct extent *e) {
    json_key(w, key);
    json_object(w);
    json_member_number(w, "startLine", e->line);
    json_member_number(w, "startColumn", e->column);
    json_member_number(w, "endLine", e->end_line);
    json_member_number(w, "endColumn", e->end_column);
    json_object_end(w);
}

static void physical(struct json *w, const struct extent *e) {
    json_key(w, "physicalLocation");
    json_object(w);
    artifact(w, e->file);
    region(w, "region", e);
    json_object_end(w);
}

static void locations(struct json *w, struct sources *sources, struct span span) {
    struct extent extent = extent_of(sources, span);
    json_key(w, "locations");
    json_array(w);
    if (extent.file.len) {
        json_object(w);
        physical(w, &extent);
        json_object_end(w);
    }
    json_array_end(w);
}

static void related(struct json *w, struct sources *sources, const struct diag *d) {
    json_key(w, "relatedLocations");
    json_array(w);
    for (const struct diag_note *note = d->notes; note; note = note->next) {
        struct extent extent = extent_of(sources, note->span);
        json_object(w);
        if (extent.file.len)
            physical(w, &extent);
        text_of(w, "message", note->message);
        json_object_end(w);
    }
    json_array_end(w);
}

/* ---- fixes ---- */

static void replacement(struct json *w, const struct extent *e, struct str text) {
    json_object(w);
    region(w, "deletedRegion", e);
    text_of(w, "insertedContent", text);
    json_object_end(w);
}

/* A fix lists its edits file by file; ours stand in the order of the file already. */
static void changes(struct json *w, struct sources *sources, const struct diag_fix *fix) {
    struct str file = { 0 };
    json_key(w, "artifactChanges");
    json_array(w);
    for (const struct diag_edit *edit = fix->edits; edit; edit = edit->next) {
        struct extent extent = extent_of(sources, edit->span);
        if (edit == fix->edits || !str_eq(extent.file, file)) {
            if (edit != fix->edits) {
                json_array_end(w);
                json_object_end(w);
            }
            file = extent.file;
            json_object(w);
            artifact(w, file);
            json_key(w, "replacements");
            json_array(w);
        }
        replacement(w, &extent, edit->text);
    }
    json_array_end(w);
    json_object_end(w);
    json_array_end(w);
}

static void fixes(struct json *w, struct sources *sources, const struct diag *d) {
    json_key(w, "fixes");
    json_array(w);
    for (const struct diag_fix *fix = d->fixes; fix; fix = fix->next) {
        if (!fix->edits)
            continue;
        json_object(w);
        text_of(w, "description", fix->title);
        changes(w, sources, fix);
        json_object_end(w);
    }
    json_array_end(w);
}

/* ---- the whole ---- */

static void result(struct json *w, struct sources *sources, const struct diag *d, size_t index) {
    struct buf message = { .arena = w->out->arena };
    buf_add(&message, d->message);
    if (d->effect.len) {
        buf_text(&message, "\n");
        buf_add(&message, d->effect);
    }
    if (d->help.len) {
        buf_text(&message, "\nhelp: ");
        buf_add(&message, d->help);
    }
    json_object(w);
    json_member(w, "ruleId", diag_infos[d->code].code);
    json_member_number(w, "ruleIndex", index);
    json_member(w, "level", level_name(d->level));
    text_of(w, "message", buf_str(&message));
    locations(w, sources, d->span);
    if (d->notes)
        related(w, sources, d);
    if (d->fixes)
        fixes(w, sources, d);
    json_object_end(w);
}

/* Where findings are left out, readers of the log are told so. */
static void invocation(struct json *w, const struct render *render) {
    json_key(w, "invocations");
    json_array(w);
    json_object(w);
    json_member_bool(w, "executionSuccessful", true);
    if (render_is_cut(render)) {
        struct buf words = { .arena = w->out->arena };
        summary_words(&words, render);
        json_key(w, "toolExecutionNotifications");
        json_array(w);
        json_object(w);
        json_member(w, "level", STR("warning"));
        text_of(w, "message", buf_str(&words));
        json_object_end(w);
        json_array_end(w);
    }
    json_object_end(w);
    json_array_end(w);
}

void render_sarif(struct render *render) {
    struct json w = { .out = render->out, .indent = 1 };
    size_t index[DIAG_COUNT] = { 0 };
    json_object(&w);
    json_member(&w, "$schema", STR("https://json.schemastore.org/sarif-2.1.0.json"));
    json_member(&w, "version", STR("2.1.0"));
    json_key(&w, "runs");
    json_array(&w);
    json_object(&w);
    tool(&w, render, index);
    invocation(&w, render);
    json_member(&w, "columnKind", STR("unicodeCodePoints"));
    json_key(&w, "results");
    json_array(&w);
    for (const struct diag *d = NULL; (d = render_next(render, d));)
        result(&w, render->sources, d, index[d->code]);
    json_array_end(&w);
    json_key(&w, "properties");
    json_object(&w);
    json_key(&w, "summary");
    summary_json(&w, render);
    json_object_end(&w);
    json_object_end(&w);
    json_array_end(&w);
    json_object_end(&w);
    buf_char(render->out, '\n');
}
