/* Text as roff, for the pages of the manual. Only requests of man(7) that groff and mandoc both
   know; what is no ASCII is written by its number, as neither reads the locale then. */
#include "driver/roff.h"

#include "support/utf8.h"

static void character(struct buf *out, uint32_t c, struct str bytes, bool literal) {
    switch (c) {
    case '\\': buf_text(out, "\\(rs"); return;
    case '`': buf_text(out, "\\(ga"); return;
    case '^': buf_text(out, "\\(ha"); return;
    case '~': buf_text(out, "\\(ti"); return;
    case '"': buf_text(out, "\\(dq"); return;
    case '\'': buf_text(out, literal ? "\\(aq" : "'"); return;
    case 0x2026: buf_text(out, "..."); return; /* a terminal may know ASCII alone */
    case '-': buf_text(out, literal ? "\\-" : "-"); return;
    case '|': buf_text(out, literal ? "|\\:" : "|"); return; /* a long list may be broken here */
    }
    if (c >= 0x80 && c != UTF8_INVALID)
        buf_format(out, "\\[u%04X]", (unsigned)c);
    else
        buf_add(out, bytes);
}

static void characters(struct buf *out, struct str text, bool literal) {
    for (size_t at = 0; at < text.len;) {
        uint32_t c;
        size_t len = utf8_next(text, at, &c);
        character(out, c, str_slice(text, at, at + len), literal);
        at += len;
    }
}

/* A dot or an apostrophe that begins a line would make it a request. */
static void guard(struct buf *out, struct str text) {
    if (text.len && (text.at[0] == '.' || text.at[0] == '\''))
        buf_text(out, "\\&");
}

void roff_literal(struct buf *out, struct str text) {
    guard(out, text);
    characters(out, text, true);
}

/* `code` or ``co`de`` at the start of `text`: its inside; 0 when there is none. */
static size_t code_at(struct str text, struct str *inside) {
    size_t marks = 0;
    while (marks < text.len && text.at[marks] == '`')
        marks++;
    if (marks == 0 || marks > 2)
        return 0;
    size_t end = str_find_str(str_from(text, marks), str_slice(text, 0, marks));
    if (end == STR_NONE)
        return 0;
    *inside = str_slice(text, marks, marks + end);
    return end + 2 * marks;
}

static void words(struct buf *out, struct str text) {
    bool italic = false;
    while (text.len) {
        struct str inside;
        size_t len = code_at(text, &inside);
        if (len) {
            buf_text(out, "\\fB");
            characters(out, inside, true);
            buf_text(out, italic ? "\\fI" : "\\fR");
        } else if (str_starts(text, STR("*(")) || (italic && str_starts(text, STR(")*")))) {
            italic = text.at[0] == '*';
            buf_text(out, italic ? "\\fI(" : ")\\fR");
            len = 2;
        } else {
            uint32_t c;
            len = utf8_next(text, 0, &c);
            character(out, c, str_slice(text, 0, len), false);
        }
        text = str_from(text, len);
    }
}

void roff_prose(struct buf *out, struct str text) {
    guard(out, text);
    words(out, text);
    buf_char(out, '\n');
}

void roff_heading(struct buf *out, const char *macro, struct str text) {
    bool capitals = strcmp(macro, "SH") == 0;
    buf_format(out, ".%s \"", macro);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c != '`')
            buf_char(out, capitals && char_is_lower(c) ? (char)(c - 'a' + 'A') : c);
    }
    buf_text(out, "\"\n");
}

/* "- `form`: what it is": the form stands beside or above its text; other items have a bullet. */
static void item(struct buf *out, struct str text) {
    struct str form;
    size_t len = code_at(text, &form);
    bool described = len && str_starts(str_from(text, len), STR(": "));
    buf_text(out, described ? ".TP 4\n\\fB" : ".IP \\(bu 2\n");
    if (described) {
        characters(out, form, true);
        buf_text(out, "\\fR\n");
        text = str_from(text, len + 2);
    }
    roff_prose(out, text);
}

void roff_markdown(struct buf *out, struct str text) {
    bool fenced = false, headed = true; /* a heading begins a paragraph by itself */
    bool apart = true;                  /* and so does an empty line */
    while (text.len) {
        size_t end = str_find(text, '\n');
        struct str line = str_slice(text, 0, end);
        text = end == STR_NONE ? STR("") : str_from(text, end + 1);
        if (str_starts(line, STR("```"))) {
            fenced = !fenced;
            buf_text(out, fenced ? ".PP\n.nf\n" : ".fi\n");
        } else if (fenced) {
            roff_literal(out, line);
            buf_char(out, '\n');
        } else if (str_starts(line, STR("### "))) {
            roff_heading(out, "SS", str_from(line, 4));
        } else if (str_starts(line, STR("## "))) {
            roff_heading(out, "SH", str_from(line, 3));
        } else if (str_starts(line, STR("- "))) {
            item(out, str_from(line, 2));
        } else if (line.len) {
            if (apart && !headed)
                buf_text(out, ".PP\n");
            roff_prose(out, line);
        }
        if (line.len)
            headed = str_starts(line, STR("##")) && !fenced;
        apart = line.len == 0 && !fenced;
    }
}
