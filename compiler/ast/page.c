/* The page that the printer fills. Characters count as columns, whatever their width on screen. */
#include "ast/page.h"

/* ---- characters ---- */

static size_t columns(struct str s) {
    size_t count = 0;
    for (size_t i = 0; i < s.len; i++)
        count += ((unsigned char)s.at[i] & 0xc0) != 0x80;
    return count;
}

void page_line(struct page *p, size_t indent, bool blank) {
    if (p->layout == SINGLE)
        p->failed = true;
    if (p->failed)
        return;
    if (p->out->len)
        buf_char(p->out, '\n');
    if (blank && p->out->len)
        buf_char(p->out, '\n');
    buf_repeat(p->out, ' ', indent);
    p->column = p->indent = indent;
    p->comment_open = false;
}

void page_put(struct page *p, struct str s) {
    if (p->comment_open)
        page_line(p, p->indent + 4, false);
    if (p->failed)
        return;
    buf_add(p->out, s);
    p->column += columns(s);
    if (p->layout != FREE && p->column > PAGE_WIDTH)
        p->failed = true;
}

void page_text(struct page *p, const char *text) {
    page_put(p, str_of(text));
}

void page_verbatim(struct page *p, struct str s) {
    size_t line = p->out->len;
    for (size_t i = 0; i < s.len && !p->failed; i++) {
        if (s.at[i] == '\r' && i + 1 < s.len && s.at[i + 1] == '\n')
            continue;
        buf_char(p->out, s.at[i]);
        if (s.at[i] == '\n')
            line = p->out->len;
    }
    if (!p->failed)
        p->column = columns(str_from(buf_str(p->out), line));
}

/* ---- attempts ---- */

struct page_saved page_try(struct page *p, enum layout layout) {
    struct page_saved saved = { p->out->len, p->column, p->indent, p->layout, p->comment_open };
    p->layout = layout;
    return saved;
}

bool page_fits(struct page *p, struct page_saved saved, size_t tail) {
    bool fits = !p->failed && p->column + tail <= PAGE_WIDTH;
    p->layout = saved.layout;
    p->failed = false;
    if (fits)
        return true;
    p->out->len = saved.len;
    p->column = saved.column;
    p->indent = saved.indent;
    p->comment_open = saved.comment_open;
    return false;
}

/* ---- comments ---- */

static void put_comment(struct page *p, const struct comment *comment) {
    struct str text = comment->text;
    if (text.len == 0)
        text = source_text(p->sources, comment->span);
    text = str_trim(text);
    if (p->failed)
        return;
    if (!str_starts(text, STR("#")))
        buf_text(p->out, "# ");
    for (size_t i = 0; i < text.len; i++)
        buf_char(p->out, text.at[i] == '\n' ? ' ' : text.at[i]);
    p->comment_open = true;
}

void page_trailing(struct page *p, const struct comment *list, size_t indent) {
    for (const struct comment *c = list; c; c = c->next) {
        if (p->layout == SINGLE)
            p->failed = true;
        if (p->failed)
            return;
        if (c->own_line || p->comment_open)
            page_line(p, indent, c != list && c->blank_before);
        else
            buf_text(p->out, "  ");
        put_comment(p, c);
    }
}

void page_comments(struct page *p, const struct comment *list, size_t indent, bool *first,
                   bool blank) {
    for (const struct comment *c = list; c; c = c->next) {
        page_line(p, indent, !*first && (c->blank_before || (c == list && blank)));
        put_comment(p, c);
        *first = false;
    }
}

bool page_open(struct page *p, const struct comment *list, size_t indent) {
    bool first = true;
    if (list && !list->own_line) {
        buf_text(p->out, "  ");
        put_comment(p, list);
        list = list->next;
    }
    page_comments(p, list, indent, &first, false);
    return first;
}
