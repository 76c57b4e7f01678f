/* Findings as GitLab's code quality report: an array, whose fingerprints stay when lines move. */
#include "source/summary.h"
#include "support/sha256.h"
#include "support/table.h"

static struct str severity(enum diag_level level) {
    switch (level) {
    case LEVEL_NOTE: return STR("info");
    case LEVEL_WARNING: return STR("minor");
    case LEVEL_ERROR: return STR("major");
    }
    return STR("info");
}

/* Of what a finding says and in which file, not of its line, so that it is the same finding after
   an edit above it; equal ones of a file are numbered. */
static void fingerprint(struct json *w, struct table *seen, struct str file, struct str name,
                        struct str message) {
    struct buf text = { .arena = w->out->arena };
    buf_add(&text, name);
    buf_char(&text, '\0');
    buf_add(&text, file);
    buf_char(&text, '\0');
    buf_add(&text, message);
    size_t *count = table_get(seen, buf_str(&text));
    if (!count) {
        count = arena_new(seen->arena, size_t);
        *table_at(seen, str_copy(seen->arena, buf_str(&text))) = count;
    }
    buf_format(&text, "%c%zu", '\0', ++*count);
    char hex[65];
    sha256_hex(buf_str(&text), hex);
    json_member(w, "fingerprint", str_of(hex));
}

static void entry(struct json *w, struct table *seen, const struct extent *e, struct str name,
                  enum diag_level level, struct str description, struct str message) {
    struct str file = e->file.len ? e->file : STR(".");
    json_object(w);
    json_member(w, "description", description);
    json_member(w, "check_name", name);
    fingerprint(w, seen, file, name, message);
    json_member(w, "severity", severity(level));
    json_key(w, "location");
    json_object(w);
    json_member(w, "path", file);
    json_key(w, "lines");
    json_object(w);
    json_member_number(w, "begin", e->line);
    json_member_number(w, "end", e->end_line);
    json_object_end(w);
    json_object_end(w);
    json_object_end(w);
}

static void finding(struct json *w, struct table *seen, struct render *render,
                    const struct diag *d) {
    struct buf text = { .arena = w->out->arena };
    struct extent extent = extent_of(render->sources, d->span);
    buf_add(&text, d->message);
    if (d->effect.len) {
        buf_text(&text, "; ");
        buf_add(&text, d->effect);
    }
    if (d->help.len)
        buf_format(&text, "; help: %.*s", STR_ARG(d->help));
    entry(w, seen, &extent, diag_infos[d->code].code, d->level, buf_str(&text), d->message);
}

/* The form has no place for a summary; where findings are left out, an entry says so. */
static void left_out(struct json *w, struct table *seen, struct render *render) {
    struct buf text = { .arena = w->out->arena };
    struct extent nowhere = extent_of(render->sources, (struct span){ 0, 0 });
    summary_words(&text, render);
    entry(w, seen, &nowhere, STR("summary"), LEVEL_NOTE, buf_str(&text), STR(""));
}

void render_gitlab(struct render *render) {
    struct json w = { .out = render->out };
    struct table seen = { .arena = render->out->arena };
    json_array(&w);
    for (const struct diag *d = NULL; (d = render_next(render, d));)
        finding(&w, &seen, render, d);
    if (render_is_cut(render))
        left_out(&w, &seen, render);
    json_array_end(&w);
    buf_char(render->out, '\n');
}
