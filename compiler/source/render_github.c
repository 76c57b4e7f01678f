/* Findings as workflow commands of GitHub Actions: each becomes an annotation beside its line. */
#include "source/summary.h"
#include "support/width.h"

/* In a message "%" and line ends are escaped, in a property ":" and "," as well; what a log viewer
   could take as a command to the terminal is shown as a mark. */
static void escaped(struct render *render, struct str text, bool property) {
    struct buf visible = { .arena = render->out->arena };
    width_add_visible(&visible, text);
    struct str s = buf_str(&visible);
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (c == '%' || (property && (c == ':' || c == ',')))
            buf_format(render->out, "%%%02X", (unsigned)c);
        else
            buf_char(render->out, c);
    }
}

static void line_of_message(struct render *render, const char *before, struct str text) {
    if (text.len == 0)
        return;
    buf_text(render->out, "%0A");
    buf_text(render->out, before);
    escaped(render, text, false);
}

/* Columns belong to annotations of one line alone. */
static void place(struct render *render, const struct extent *e) {
    struct buf *out = render->out;
    if (e->file.len == 0)
        return;
    buf_text(out, "file=");
    escaped(render, e->file, true);
    buf_format(out, ",line=%zu,endLine=%zu", e->line, e->end_line);
    if (e->line == e->end_line)
        buf_format(out, ",col=%zu,endColumn=%zu", e->column, e->end_column);
    buf_char(out, ',');
}

static void finding(struct render *render, const struct diag *d) {
    static const char *const commands[] = {
        [LEVEL_NOTE] = "notice", [LEVEL_WARNING] = "warning", [LEVEL_ERROR] = "error"
    };
    struct extent extent = extent_of(render->sources, d->span);
    buf_format(render->out, "::%s ", commands[d->level]);
    place(render, &extent);
    buf_format(render->out, "title=%.*s::", STR_ARG(diag_infos[d->code].code));
    escaped(render, d->message, false);
    line_of_message(render, "", d->effect);
    for (const struct diag_note *note = d->notes; note; note = note->next) {
        struct extent at = extent_of(render->sources, note->span);
        line_of_message(render, "note: ", note->message);
        if (at.file.len) {
            buf_text(render->out, " (");
            escaped(render, at.file, false);
            buf_format(render->out, ":%zu:%zu)", at.line, at.column);
        }
    }
    line_of_message(render, "help: ", d->help);
    buf_char(render->out, '\n');
}

void render_github(struct render *render) {
    for (const struct diag *d = NULL; (d = render_next(render, d));)
        finding(render, d);
    summary_words(render->out, render);
    buf_char(render->out, '\n');
}
