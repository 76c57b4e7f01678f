/* Findings as JUnit XML. Only what makes the exit status 1 is a failure; the rest is a test that
   passed and said something. */
#include "source/summary.h"
#include "support/utf8.h"

/* XML 1.0 has no way to write most control characters, and none for what is no UTF-8. */
static bool is_xml(uint32_t c) {
    return c != UTF8_INVALID && (c >= 0x20 || c == '\n' || c == '\t') && c != 0x7f &&
           (c & 0xfffe) != 0xfffe;
}

static void escaped(struct buf *out, struct str text) {
    for (size_t at = 0; at < text.len;) {
        uint32_t c;
        size_t len = utf8_next(text, at, &c);
        switch (c) {
        case '&': buf_text(out, "&amp;"); break;
        case '<': buf_text(out, "&lt;"); break;
        case '>': buf_text(out, "&gt;"); break;
        case '"': buf_text(out, "&quot;"); break;
        case '\n': buf_text(out, "&#10;"); break;
        case '\t': buf_text(out, "&#9;"); break;
        default: buf_add(out, is_xml(c) ? str_slice(text, at, at + len) : UTF8_UNREADABLE);
        }
        at += len;
    }
}

static void attribute(struct buf *out, const char *name, struct str value) {
    buf_format(out, " %s=\"", name);
    escaped(out, value);
    buf_char(out, '"');
}

static void remark(struct buf *out, const char *kind, struct str text) {
    if (text.len == 0)
        return;
    buf_format(out, "%s: ", kind);
    escaped(out, text);
    buf_char(out, '\n');
}

static void body(struct render *render, const struct diag *d, const struct extent *e) {
    struct buf *out = render->out;
    escaped(out, e->file);
    buf_format(out, ":%zu:%zu: %.*s[%.*s]: ", e->line, e->column, STR_ARG(level_name(d->level)),
               STR_ARG(diag_infos[d->code].code));
    escaped(out, d->message);
    buf_char(out, '\n');
    remark(out, "effect", d->effect);
    for (const struct diag_note *note = d->notes; note; note = note->next) {
        struct extent at = extent_of(render->sources, note->span);
        struct buf text = { .arena = out->arena };
        if (at.file.len)
            buf_format(&text, "%.*s:%zu:%zu: ", STR_ARG(at.file), at.line, at.column);
        buf_add(&text, note->message);
        remark(out, "note", buf_str(&text));
    }
    remark(out, "help", d->help);
}

static void finding(struct render *render, const struct diag *d) {
    struct buf *out = render->out;
    struct extent extent = extent_of(render->sources, d->span);
    struct str code = diag_infos[d->code].code;
    struct buf name = { .arena = out->arena };
    buf_format(&name, "%.*s %zu:%zu ", STR_ARG(code), extent.line, extent.column);
    buf_add(&name, d->message);
    buf_text(out, "    <testcase");
    attribute(out, "classname", extent.file.len ? extent.file : STR("."));
    attribute(out, "name", buf_str(&name));
    if (extent.file.len)
        attribute(out, "file", extent.file);
    buf_format(out, " line=\"%zu\">\n      ", extent.line);
    bool failure = d->level == LEVEL_ERROR;
    if (failure) {
        buf_text(out, "<failure");
        attribute(out, "type", code);
        attribute(out, "message", d->message);
        buf_char(out, '>');
    } else {
        buf_text(out, "<system-out>");
    }
    body(render, d, &extent);
    buf_text(out, failure ? "</failure>\n    </testcase>\n" : "</system-out>\n    </testcase>\n");
}

/* Totals that agree with the elements; the true numbers stand among the properties. */
static void totals(struct render *render) {
    size_t errors = render->diags->errors;
    size_t failures = errors < render->shown ? errors : render->shown;
    size_t tests = render->shown ? render->shown : 1;
    buf_format(render->out, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"0\"", tests,
               failures);
}

static void properties(struct render *render) {
    struct buf *out = render->out;
    const struct diags *diags = render->diags;
    buf_format(out,
               "    <properties>\n"
               "      <property name=\"errors\" value=\"%zu\"/>\n"
               "      <property name=\"warnings\" value=\"%zu\"/>\n"
               "      <property name=\"notes\" value=\"%zu\"/>\n"
               "      <property name=\"files\" value=\"%zu\"/>\n",
               diags->errors, diags->warnings, diags->notes, render->style.files);
    if (render_is_cut(render))
        buf_text(out, "      <property name=\"truncated\" value=\"true\"/>\n");
    buf_text(out, "    </properties>\n");
}

void render_junit(struct render *render) {
    struct buf *out = render->out;
    buf_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"itsupc\"");
    totals(render);
    buf_text(out, ">\n  <testsuite name=\"itsupc\"");
    totals(render);
    buf_text(out, ">\n");
    properties(render);
    if (render->shown == 0) /* readers of reports take a suite without tests as a broken run */
        buf_text(out, "    <testcase classname=\"itsupc\" name=\"no findings\"/>\n");
    for (const struct diag *d = NULL; (d = render_next(render, d));)
        finding(render, d);
    buf_text(out, "  </testsuite>\n</testsuites>\n");
}
