/* The ways in which a value grows inside a compose file, all of them by insertion. */
#include "backends/splice_text.h"

struct splice_entry *splice_entry_new(struct splice *s, struct splice_value *value, struct str key,
                                      struct str text) {
    struct splice_entry *e = arena_new(s->arena, struct splice_entry);
    e->key = key;
    e->value = text;
    if (value->last)
        value->last->next = e;
    else
        value->first = e;
    value->last = e;
    return e;
}

/* ---- values as text ---- */

static void flow_entries(struct buf *out, const struct splice_entry *first, bool map) {
    for (const struct splice_entry *e = first; e; e = e->next) {
        if (e != first)
            buf_text(out, ", ");
        if (map) {
            buf_add(out, e->key);
            buf_text(out, ": ");
        }
        if (e->options) {
            buf_char(out, '{');
            flow_entries(out, e->options, true);
            buf_char(out, '}');
        } else if (e->value.len)
            buf_add(out, e->value);
        else
            buf_text(out, "null");
    }
}

static void flow_value(struct buf *out, struct splice_value value) {
    buf_char(out, value.map ? '{' : '[');
    flow_entries(out, value.first, value.map);
    buf_char(out, value.map ? '}' : ']');
}

static void block_entries(const struct splice *s, struct buf *out, const struct splice_entry *e,
                          bool map, size_t indent) {
    for (; e; e = e->next) {
        if (e->comment.len) {
            buf_repeat(out, ' ', indent);
            buf_text(out, "# ");
            buf_add(out, e->comment);
            buf_add(out, s->o->line_end);
        }
        buf_repeat(out, ' ', indent);
        if (map) {
            buf_add(out, e->key);
            buf_char(out, ':');
        } else
            buf_char(out, '-');
        if (e->value.len) {
            buf_char(out, ' ');
            buf_add(out, e->value);
        }
        buf_add(out, s->o->line_end);
        if (e->options)
            block_entries(s, out, e->options, true, indent + s->o->step);
    }
}

static size_t child_indent(const struct splice *s, size_t key_indent, bool map) {
    return key_indent + (map ? s->o->step : s->o->list_step);
}

/* ---- insertions ---- */

static void put(struct splice *s, uint32_t at, enum splice_rank rank, struct str text) {
    insertions_add(&s->insertions, at - s->o->source->base, rank, text);
}

/* Whole lines. Behind a last line without an end each begins with one instead. */
static void put_lines(struct splice *s, uint32_t at, enum splice_rank rank, struct str lines) {
    struct str text = s->o->source->text;
    if (s->o->ends_open && at - s->o->source->base == text.len) {
        struct str end = s->o->line_end;
        struct buf out = { .arena = s->arena };
        buf_add(&out, end);
        buf_add(&out, str_slice(lines, 0, lines.len - end.len));
        lines = buf_str(&out);
    }
    put(s, at, rank, lines);
}

static bool append_flow(struct splice *s, const struct outline_place *p, struct str entries,
                        enum splice_rank rank) {
    struct str text = s->o->source->text;
    size_t at = p->more - s->o->source->base;
    struct buf out = { .arena = s->arena };
    if (!p->empty)
        buf_text(&out, p->last_empty ? " , " : ", ");
    buf_add(&out, entries);
    if (at < text.len && text.at[at] == '#')
        buf_char(&out, ' ');
    put(s, p->more, rank, buf_str(&out));
    return true;
}

/* Lines before the first entry instead of behind the last, where a line behind that would change a
   block scalar which the file's end cuts off. Labels and networks have no order: of the labels that
   are there, none has the name of a new one. */
static void put_before(struct splice *s, const struct outline_place *p, enum splice_rank rank,
                       struct str lines) {
    struct buf out = { .arena = s->arena };
    buf_add(&out, str_from(lines, p->indent));
    buf_repeat(&out, ' ', p->indent);
    put(s, p->value.start, rank, buf_str(&out));
}

bool splice_append(struct splice *s, const struct outline_place *p, struct splice_value value,
                   enum splice_rank rank) {
    struct buf out = { .arena = s->arena };
    if (p->flow) {
        flow_entries(&out, value.first, value.map);
        return append_flow(s, p, buf_str(&out), rank);
    }
    block_entries(s, &out, value.first, value.map, p->indent);
    if (p->open)
        put_before(s, p, rank, buf_str(&out));
    else
        put_lines(s, p->more, rank, buf_str(&out));
    return true;
}

static bool is_break(char c) {
    return c == '\n' || c == '\r';
}

/* The lines of the old value become comments. */
static void comment_out(struct splice *s, struct span span) {
    const struct source *source = s->o->source;
    size_t at = span.start - source->base, end = span.end - source->base;
    put(s, span.start, RANK_VALUE, STR("# "));
    while (at < end) {
        while (at < end && !is_break(source->text.at[at]))
            at++;
        while (at < end && (is_break(source->text.at[at]) || source->text.at[at] == ' ' ||
                            source->text.at[at] == '\t'))
            at++;
        if (at < end && source->text.at[at] != '#')
            put(s, source->base + (uint32_t)at, RANK_VALUE, STR("# "));
    }
}

/* A new line that goes on as far to the right as the one where `at` is, and a bit. */
static struct str line_below(struct splice *s, uint32_t at) {
    struct str text = s->o->source->text;
    size_t start = at - s->o->source->base;
    while (start > 0 && !is_break(text.at[start - 1]))
        start--;
    size_t to = start;
    while (to < text.len && text.at[to] == ' ')
        to++;
    struct buf out = { .arena = s->arena };
    buf_add(&out, s->o->line_end);
    buf_repeat(&out, ' ', to - start + 2);
    return buf_str(&out);
}

/* A key between brackets may stand without a colon; with one, its empty value stands at what comes
   next. */
static bool has_colon(const struct splice *s, const struct outline_place *p) {
    struct str rest = str_from(s->o->source->text, p->key.end - s->o->source->base);
    return str_starts(str_trim(rest), STR(":"));
}

static bool supersede_flow(struct splice *s, const struct outline_place *p,
                           struct splice_value value) {
    struct buf out = { .arena = s->arena };
    if (p->anchors)
        return false;
    if (p->form == OUTLINE_NOTHING && p->where == OUTLINE_OWN) {
        buf_text(&out, has_colon(s, p) ? " " : ": ");
        flow_value(&out, value);
        put(s, p->value.start, RANK_VALUE, buf_str(&out));
        return true;
    }
    flow_value(&out, value);
    buf_char(&out, ' ');
    put(s, p->value.start, RANK_VALUE, buf_str(&out));
    comment_out(s, p->value);
    put(s, p->value.end, RANK_VALUE, line_below(s, p->value.start));
    return true;
}

bool splice_supersede(struct splice *s, const struct outline_place *p, struct splice_value value) {
    if (p->in_flow)
        return supersede_flow(s, p, value);
    bool nothing = p->form == OUTLINE_NOTHING && p->where == OUTLINE_OWN;
    if (p->anchors)
        return false;
    if (!nothing && !value.first) { /* an empty one has no lines */
        struct buf flow = { .arena = s->arena };
        flow_value(&flow, value);
        buf_char(&flow, ' ');
        if (!p->flow && p->value.end > p->value.start && p->where == OUTLINE_OWN)
            return false;
        put(s, p->value.start, RANK_VALUE, buf_str(&flow));
        comment_out(s, p->value);
        return true;
    }
    if (!nothing)
        comment_out(s, p->value);
    struct buf out = { .arena = s->arena };
    block_entries(s, &out, value.first, value.map, child_indent(s, p->key_indent, value.map));
    put_lines(s, p->line_end, RANK_VALUE, buf_str(&out));
    return true;
}

static void key_lines(struct splice *s, struct buf *out, struct str key, struct splice_value value,
                      size_t indent) {
    buf_repeat(out, ' ', indent);
    buf_add(out, key);
    buf_char(out, ':');
    if (!value.first) {
        buf_char(out, ' ');
        flow_value(out, value);
    }
    buf_add(out, s->o->line_end);
    block_entries(s, out, value.first, value.map, child_indent(s, indent, value.map));
}

static bool is_written(const struct outline_place *body) {
    return body->where == OUTLINE_OWN && body->form == OUTLINE_MAP;
}

bool splice_key(struct splice *s, const struct outline_place *body, struct str key,
                struct splice_value value, bool first, enum splice_rank rank) {
    struct buf out = { .arena = s->arena };
    bool written = is_written(body), alias = body->where == OUTLINE_ALIASED;
    if (written ? body->flow : body->in_flow) {
        uint32_t at = written ? body->more : body->value.end;
        if (first && alias)
            put(s, body->value.start, rank, STR("{<<: "));
        if (first && !written && !alias)
            put(s, at, rank, has_colon(s, body) ? STR(" {") : STR(": {"));
        struct outline_place place = *body;
        place.more = at;
        place.empty = first && (written ? body->empty : !alias);
        place.last_empty = first && written && body->last_empty;
        buf_add(&out, key);
        buf_text(&out, ": ");
        flow_value(&out, value);
        return append_flow(s, &place, buf_str(&out), rank);
    }
    if (body->open && !written)
        return false;
    size_t indent = written ? body->indent : body->key_indent + s->o->step;
    if (first && alias) {
        buf_add(&out, s->o->line_end);
        buf_repeat(&out, ' ', indent);
        buf_text(&out, "<<: ");
        put(s, body->value.start, rank, buf_str(&out));
        out = (struct buf){ .arena = s->arena };
    }
    key_lines(s, &out, key, value, indent);
    if (body->open)
        put_before(s, body, rank, buf_str(&out));
    else
        put_lines(s, written ? body->more : body->line_end, rank, buf_str(&out));
    return true;
}

void splice_close(struct splice *s, const struct outline_place *body, enum splice_rank rank) {
    if (!is_written(body) && body->in_flow)
        put(s, body->value.end, rank, STR("}"));
}
