/* Scalars behind `|` and `>`, whose indentation their first line says. */
#include "lower/yaml_quick.h"

struct block {
    bool folds;
    char keep;     /* '-': no line end at its end; '+': all of them; else one */
    size_t indent; /* of its lines */
};

static bool is_break(char c) {
    return c == '\n' || c == '\r';
}

static bool block_header(struct quick *q, struct block *b) {
    *b = (struct block){ .folds = *q->at++ == '>' };
    if (q->at < q->end && (*q->at == '-' || *q->at == '+'))
        b->keep = *q->at++;
    if (!quick_blank(q, q->at))
        return false;
    quick_spaces(q);
    if (q->at < q->end && *q->at == '#')
        while (q->at < q->end && !is_break(*q->at))
            q->at++;
    return q->at < q->end && is_break(*q->at) && quick_line_end(q);
}

/* The first line that is not blank says how far all are indented. */
static bool block_indent(const struct quick *q, ptrdiff_t around, struct block *b) {
    struct quick look = *q;
    size_t most = 0;
    for (;;) {
        quick_spaces(&look);
        if (look.at == look.end)
            return false;
        b->indent = (size_t)(look.at - look.line);
        if (!is_break(*look.at))
            break;
        most = b->indent > most ? b->indent : most;
        if (!quick_line_end(&look))
            return false;
    }
    return *look.at != '\t' && b->indent >= most && (ptrdiff_t)b->indent > around && b->indent > 0;
}

enum block_line { BLOCK_TEXT, BLOCK_BLANK, BLOCK_OVER, BLOCK_ODD };

/* What the line at `at` is; `at` comes to stand behind its indentation. */
static enum block_line block_line(struct quick *q, const struct block *b) {
    while (q->at < q->end && *q->at == ' ' && (size_t)(q->at - q->line) < b->indent)
        q->at++;
    if (q->at == q->end)
        return BLOCK_OVER;
    if (is_break(*q->at))
        return BLOCK_BLANK;
    if ((size_t)(q->at - q->line) == b->indent)
        return BLOCK_TEXT;
    return *q->at == '\t' ? BLOCK_ODD : BLOCK_OVER;
}

struct block_out {
    char *at;
    bool broken, blank_first; /* the line above ended; it began with a blank */
    size_t blank_lines;       /* since then */
};

static void put_breaks(struct block_out *o) {
    while (o->blank_lines > 0) {
        *o->at++ = '\n';
        o->blank_lines--;
    }
}

static void put_line(struct block_out *o, const struct block *b, const char *from, const char *to) {
    bool blank = *from == ' ' || *from == '\t';
    if (o->broken && (!b->folds || blank || o->blank_first))
        *o->at++ = '\n';
    else if (o->broken && o->blank_lines == 0)
        *o->at++ = ' ';
    put_breaks(o);
    memcpy(o->at, from, (size_t)(to - from));
    o->at += to - from;
    o->blank_first = blank;
}

/* The lines from `at` on; into `o` if given. */
static bool block_lines(struct quick *q, const struct block *b, struct block_out *o) {
    for (;;) {
        enum block_line kind = block_line(q, b);
        if (kind == BLOCK_OVER || kind == BLOCK_ODD) {
            q->at = q->line;
            return kind == BLOCK_OVER;
        }
        const char *from = q->at;
        while (q->at < q->end && !is_break(*q->at))
            q->at++;
        bool ends = q->at < q->end;
        if (o && kind == BLOCK_TEXT)
            put_line(o, b, from, q->at);
        if (o && kind == BLOCK_TEXT)
            o->broken = ends;
        if (o && kind == BLOCK_BLANK)
            o->blank_lines++;
        if (!ends) {
            q->line = q->at;
            return true;
        }
        if (!quick_line_end(q))
            return false;
    }
}

bool quick_block_scalar(struct quick *q, ptrdiff_t indent, struct quick_scalar *s) {
    struct block b;
    s->start = q->at;
    if (!block_header(q, &b) || !block_indent(q, indent, &b))
        return false;
    s->style = b.folds ? TREE_FOLDED : TREE_LITERAL;
    s->inside = q->at;
    struct quick from = *q;
    if (!block_lines(q, &b, NULL))
        return false;
    s->stop = s->outside = q->at;
    char *text = arena_alloc(q->build->file->arena, (size_t)(s->outside - s->inside));
    struct block_out o = { .at = text };
    block_lines(&from, &b, &o);
    if (o.broken && b.keep != '-')
        *o.at++ = '\n';
    if (b.keep == '+')
        put_breaks(&o);
    s->value = (struct str){ text, (size_t)(o.at - text) };
    return true;
}
