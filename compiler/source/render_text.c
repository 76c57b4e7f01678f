/* Findings for people: the line, a caret, what happens at run time, the words to type. */
#include "source/quote.h"
#include "source/summary.h"
#include "support/width.h"

enum { UNKNOWN_WIDTH = 200, LEAST_WIDTH = 40, LABEL_WIDTH = 50, MOST_LINES = 5 };

#define BOLD   "1"
#define RED    "1;31"
#define YELLOW "1;33"
#define BLUE   "1;34"

struct page {
    struct buf *out;
    struct sources *sources;
    bool color;
    size_t width;
    size_t gutter; /* digits of the largest line number of the finding at hand */
};

static const char *color_of(enum diag_level level) {
    switch (level) {
    case LEVEL_NOTE: return BLUE;
    case LEVEL_WARNING: return YELLOW;
    case LEVEL_ERROR: return RED;
    }
    return BOLD;
}

static void color_on(struct page *p, const char *color) {
    if (p->color)
        buf_format(p->out, "\033[%sm", color);
}

static void color_off(struct page *p) {
    if (p->color)
        buf_text(p->out, "\033[0m");
}

static void paint(struct page *p, const char *color, struct str text) {
    color_on(p, color);
    width_add_visible(p->out, text);
    color_off(p);
}

/* ---- the gutter ---- */

/* "12 |", or "   |" for line 0. What follows on the line brings its own blank. */
static void gutter(struct page *p, size_t line) {
    color_on(p, BLUE);
    if (line)
        buf_format(p->out, "%-*zu |", (int)p->gutter, line);
    else
        buf_format(p->out, "%*s |", (int)p->gutter, "");
    color_off(p);
}

static void gutter_line(struct page *p) {
    gutter(p, 0);
    buf_char(p->out, '\n');
}

/* "   = help: text" */
static void remark(struct page *p, const char *kind, struct str text) {
    if (text.len == 0)
        return;
    buf_repeat(p->out, ' ', p->gutter + 1);
    color_on(p, BLUE);
    buf_char(p->out, '=');
    color_off(p);
    buf_char(p->out, ' ');
    paint(p, BOLD, str_of(kind));
    buf_text(p->out, ": ");
    width_add_visible(p->out, text);
    buf_char(p->out, '\n');
}

static size_t room_beside_gutter(const struct page *p) {
    size_t taken = p->gutter + 3;
    return p->width > taken + LEAST_WIDTH / 2 ? p->width - taken : LEAST_WIDTH / 2;
}

/* ---- the text beside or below the carets ---- */

/* The bytes of `text` that go on one line of `room` columns, broken at a blank where there is one.
 */
static size_t fitting(struct str text, size_t room) {
    size_t at = 0, columns = 0, blank = 0;
    while (at < text.len) {
        struct glyph g = glyph_next(text, at);
        if (text.at[at] == ' ')
            blank = at;
        if (columns + g.columns > room && blank)
            return blank;
        columns += g.columns;
        at += g.bytes;
    }
    return text.len;
}

/* Writes the label after carets that stand in columns [from, to) behind the gutter, and ends the
   line. Where it would pass the edge it goes below them. */
static void label(struct page *p, const char *color, struct str text, size_t from, size_t to) {
    size_t room = room_beside_gutter(p), wide = width_of(text);
    if (text.len && to + 1 + wide <= room) {
        buf_char(p->out, ' ');
        paint(p, color, text);
        text.len = 0;
    }
    buf_char(p->out, '\n');
    size_t wanted = wide < LABEL_WIDTH ? wide : LABEL_WIDTH;
    if (from + wanted > room)
        from = room > wanted ? room - wanted : 0;
    while (text.len) {
        size_t bytes = fitting(text, room - from);
        gutter(p, 0);
        buf_repeat(p->out, ' ', from + 1);
        paint(p, color, str_slice(text, 0, bytes));
        buf_char(p->out, '\n');
        text = str_trim(str_from(text, bytes));
    }
}

/* ---- quoted lines ---- */

static void quoted(struct page *p, const struct quote *q) {
    if (q->cut_left)
        buf_text(p->out, "…");
    width_add_visible(p->out, q->text);
    if (q->cut_right)
        buf_text(p->out, "…");
}

static bool is_empty(const struct quote *q) {
    return q->text.len == 0 && !q->cut_left && !q->cut_right;
}

/* A span as lines and the bytes in the first and the last one. A line end at its end is left out:
   no one sees it. */
struct stretch {
    struct source *source;
    size_t first, last; /* lines */
    size_t from, to;    /* bytes in those */
};

static size_t line_start(struct sources *sources, struct source *source, size_t line) {
    struct str text = source_line(sources, source, line);
    return text.at ? (size_t)(text.at - source->text.at) : 0;
}

static struct stretch stretch_of(struct page *p, struct span span, struct extent extent) {
    struct source *source = source_at(p->sources, span.start);
    while (extent.end > extent.start && source->text.at[extent.end - 1] == '\n')
        extent.end--;
    size_t last = source_line_at(p->sources, source->base + (uint32_t)extent.end);
    size_t start = line_start(p->sources, source, extent.line);
    size_t end = line_start(p->sources, source, last);
    return (struct stretch){ source, extent.line, last,
                             extent.start > start ? extent.start - start : 0,
                             extent.end > end ? extent.end - end : 0 };
}

static void one_line(struct page *p, struct stretch s, const char *color, struct str text) {
    struct str line = source_line(p->sources, s.source, s.first);
    struct quote q = quote_line(line, s.from, s.to, room_beside_gutter(p));
    gutter(p, s.first);
    if (!is_empty(&q))
        buf_char(p->out, ' ');
    quoted(p, &q);
    buf_char(p->out, '\n');
    gutter(p, 0);
    buf_repeat(p->out, ' ', q.mark_from + 1);
    color_on(p, color);
    buf_repeat(p->out, '^', q.mark_to - q.mark_from);
    color_off(p);
    label(p, color, text, q.mark_from, q.mark_to);
}

/* One line of several: `bar` stands in a column of its own before the text. */
static void barred(struct page *p, const char *color, size_t line, char bar,
                   const struct quote *q) {
    gutter(p, line);
    if (bar != ' ' || !is_empty(q))
        buf_char(p->out, ' ');
    if (bar == ' ' && !is_empty(q)) {
        buf_char(p->out, ' ');
    } else if (bar != ' ') {
        color_on(p, color);
        buf_char(p->out, bar);
        color_off(p);
    }
    if (!is_empty(q))
        buf_char(p->out, ' ');
    quoted(p, q);
    buf_char(p->out, '\n');
}

/* The bracket that leads to or from the bar: " ____^" below the first line, "|_^" below the last.
 */
static void corner(struct page *p, const char *color, char bar, size_t column) {
    gutter(p, 0);
    buf_char(p->out, ' ');
    color_on(p, color);
    buf_char(p->out, bar);
    buf_repeat(p->out, '_', column + 1);
    buf_char(p->out, '^');
    color_off(p);
}

static bool is_blank_before(struct str line, size_t at) {
    return str_trim(str_slice(line, 0, at)).len == 0;
}

static void several_lines(struct page *p, struct stretch s, const char *color, struct str text) {
    size_t room = room_beside_gutter(p) - 2;
    struct str line = source_line(p->sources, s.source, s.first);
    struct quote q = quote_line(line, s.from, s.from + 1, room);
    if (is_blank_before(line, s.from)) {
        barred(p, color, s.first, '/', &q);
    } else {
        barred(p, color, s.first, ' ', &q);
        corner(p, color, ' ', q.mark_from);
        buf_char(p->out, '\n');
    }
    bool elide = s.last - s.first + 1 > MOST_LINES;
    for (size_t i = s.first + 1; i < s.last; i++) {
        if (elide && i == s.first + 2) {
            color_on(p, BLUE);
            buf_text(p->out, "...");
            color_off(p);
            buf_repeat(p->out, ' ', p->gutter);
            color_on(p, color);
            buf_char(p->out, '|');
            color_off(p);
            buf_char(p->out, '\n');
            i = s.last - 1;
        }
        q = quote_line(source_line(p->sources, s.source, i), 0, 0, room);
        barred(p, color, i, '|', &q);
    }
    line = source_line(p->sources, s.source, s.last);
    q = quote_line(line, s.to ? s.to - 1 : 0, s.to, room);
    barred(p, color, s.last, '|', &q);
    corner(p, color, '|', q.mark_to - 1);
    label(p, color, text, q.mark_to + 1, q.mark_to + 2);
}

/* "  --> file:12:28", the quoted lines, the carets and the label. */
static void snippet(struct page *p, struct span span, const char *color, struct str text) {
    struct extent extent = extent_of(p->sources, span);
    buf_repeat(p->out, ' ', p->gutter);
    color_on(p, BLUE);
    buf_text(p->out, "-->");
    color_off(p);
    buf_char(p->out, ' ');
    width_add_visible(p->out, extent.file);
    buf_format(p->out, ":%zu:%zu\n", extent.line, extent.column);
    struct stretch s = stretch_of(p, span, extent);
    if (s.source->secret) {
        remark(p, "note", text);
        return;
    }
    gutter_line(p);
    if (s.first == s.last)
        one_line(p, s, color, text);
    else
        several_lines(p, s, color, text);
}

/* ---- a finding ---- */

static bool has_place(struct page *p, struct span span) {
    return !span_is_none(span) && source_at(p->sources, span.start);
}

/* As extent_of has it, which counts columns, too. */
static size_t last_line(struct page *p, struct span span) {
    struct source *from = source_at(p->sources, span.start);
    bool whole = span.end >= span.start && source_at(p->sources, span.end) == from;
    return from ? source_line_at(p->sources, whole ? span.end : span.start) : 1;
}

static size_t digits_of(struct page *p, const struct diag *d) {
    size_t line = last_line(p, d->span), digits = 1;
    for (const struct diag_note *note = d->notes; note; note = note->next) {
        size_t end = last_line(p, note->span);
        line = end > line ? end : line;
    }
    for (; line >= 10; line /= 10)
        digits++;
    return digits;
}

static void finding(struct page *p, const struct diag *d) {
    const char *color = color_of(d->level);
    p->gutter = digits_of(p, d);
    color_on(p, color);
    buf_add(p->out, level_name(d->level));
    buf_format(p->out, "[%.*s]", STR_ARG(diag_infos[d->code].code));
    color_off(p);
    color_on(p, BOLD);
    buf_text(p->out, ": ");
    width_add_visible(p->out, d->message);
    color_off(p);
    buf_char(p->out, '\n');
    if (has_place(p, d->span))
        snippet(p, d->span, color, d->effect);
    else
        remark(p, "note", d->effect);
    for (const struct diag_note *note = d->notes; note; note = note->next)
        if (!has_place(p, note->span))
            remark(p, "note", note->message);
    remark(p, "help", d->help);
    buf_repeat(p->out, ' ', p->gutter + 1);
    color_on(p, BLUE);
    buf_char(p->out, '=');
    color_off(p);
    buf_char(p->out, ' ');
    paint(p, BOLD, STR("explain"));
    buf_format(p->out, ": itsupc explain %.*s\n", STR_ARG(diag_infos[d->code].code));
    for (const struct diag_note *note = d->notes; note; note = note->next) {
        if (!has_place(p, note->span))
            continue;
        paint(p, BLUE, STR("note"));
        buf_text(p->out, ": ");
        width_add_visible(p->out, note->message);
        buf_char(p->out, '\n');
        snippet(p, note->span, BLUE, STR(""));
    }
    buf_char(p->out, '\n');
}

static struct page page_of(struct buf *out, struct sources *sources, struct render_style style) {
    size_t width = style.width ? style.width : UNKNOWN_WIDTH;
    return (struct page){ .out = out,
                          .sources = sources,
                          .color = style.color,
                          .width = width > LEAST_WIDTH ? width : LEAST_WIDTH };
}

void render_text_one(struct buf *out, struct sources *sources, struct render_style style,
                     const struct diag *d) {
    struct page p = page_of(out, sources, style);
    finding(&p, d);
}

static struct str file_of(const struct page *p, const struct diag *d) {
    const struct source *source = source_at(p->sources, d->span.start);
    return source ? source->name : STR("");
}

/* Those that are text already are in the order of files, too. */
void render_text(struct render *render) {
    struct page p = page_of(render->out, render->sources, render->style);
    const struct diag_told *told = render->diags->first_told;
    bool late = !render->diags->last_sorted; /* all that is in order of files is behind us */
    for (const struct diag *d = render->diags->first; d || told;) {
        if (told && (!d || late || str_cmp(told->file, file_of(&p, d)) < 0)) {
            if (render_takes(render, told->level))
                buf_add(p.out, told->text);
            told = told->next;
        } else {
            if (render_takes(render, d->level))
                finding(&p, d);
            late |= d == render->diags->last_sorted;
            d = d->next;
        }
    }
    if (!render->style.quiet) {
        summary_words(render->out, render);
        buf_char(render->out, '\n');
    }
}
