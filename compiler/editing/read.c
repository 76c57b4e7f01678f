/* Word by word: what each one is, and what may stand at the end. */
#include "editing/reader.h"

/* ---- words ---- */

/* What closes brackets that are open at the end stands there by no one's will. */
static bool is_end(const struct reader *p, const struct word *w) {
    uint32_t end = p->r->source->base + (uint32_t)p->r->source->text.len;
    return w->kind == WORD_END ||
           (w->made && w->span.start == w->span.end && w->span.end <= end &&
            w[1].kind == WORD_END) ||
           (w->made && w->span.start == w->span.end && is_end(p, w + 1));
}

const struct word *reader_peek(struct reader *p) {
    if (!p->ended && is_end(p, p->at)) {
        p->ended = true;
        p->r->wanted = p->want;
    }
    return p->at;
}

/* ---- marks ---- */

struct mark *reader_add(struct reader *p, struct mark mark) {
    struct reading *r = p->r;
    if (r->count == r->room) {
        size_t room = r->room ? r->room * 2 : 64;
        struct mark *marks = arena_array(r->arena, struct mark, room);
        if (r->count)
            memcpy(marks, r->marks, r->count * sizeof *marks);
        r->marks = marks;
        r->room = room;
    }
    r->marks[r->count] = mark;
    return &r->marks[r->count++];
}

struct piece_of_outline *reader_piece(struct reader *p, enum role role, const struct word *name) {
    struct reading *r = p->r;
    if (r->outline_count == r->outline_room) {
        size_t room = r->outline_room ? r->outline_room * 2 : 32;
        struct piece_of_outline *list = arena_array(r->arena, struct piece_of_outline, room);
        if (r->outline_count)
            memcpy(list, r->outline, r->outline_count * sizeof *list);
        r->outline = list;
        r->outline_room = room;
    }
    struct piece_of_outline *piece = &r->outline[r->outline_count++];
    *piece = (struct piece_of_outline){ .depth = p->depth,
                                        .role = role,
                                        .span = name->span,
                                        .name_span = name->span,
                                        .name = name->text };
    return piece;
}

static bool is_name_char(char c) {
    return char_is_alnum(c) || c == '_' || c == '-' || c == '.';
}

/* `{name}` inside a word, string or heredoc; `${NAME}` is another's. */
static void mark_names(struct reader *p, const struct word *w) {
    if (!w->braces && w->kind != WORD_HEREDOC)
        return;
    for (size_t i = 0; i < w->text.len; i++) {
        if (w->text.at[i] == '\\') {
            i++;
            continue;
        }
        if (w->text.at[i] != '{' || (i && w->text.at[i - 1] == '$'))
            continue;
        size_t from = i + 1, to = from;
        while (to < w->text.len && is_name_char(w->text.at[to]))
            to++;
        if (to < w->text.len && w->text.at[to] == '}' && to > from)
            reader_add(p, (struct mark){ .role = ROLE_VARIABLE,
                                         .kind = NAME_VALUE,
                                         .span = span_slice(w->span, from, to),
                                         .name = str_slice(w->text, from, to) });
    }
}

enum role reader_role(const struct word *w) {
    if (w->kind == WORD_RAW)
        return ROLE_REGEX;
    return w->kind == WORD_PLAIN && text_is_number(w->text) ? ROLE_NUMBER : ROLE_TEXT;
}

void reader_mark_text(struct reader *p, const struct word *w, enum role role,
                      struct setting_of in) {
    reader_add(p, (struct mark){ .role = role, .span = w->span, .name = w->text, .in = in });
    if (w->kind != WORD_RAW)
        mark_names(p, w);
}

void reader_mark_word(struct reader *p, const struct word *w, enum role role) {
    reader_add(p, (struct mark){ .role = role, .span = w->span, .name = w->text });
}

struct mark *reader_mark_name(struct reader *p, const struct word *w, enum role role,
                              enum name_kind kind, bool defines) {
    return reader_add(p, (struct mark){ .role = role,
                                        .kind = kind,
                                        .defines = defines,
                                        .span = w->span,
                                        .name = w->text,
                                        .scope = defines ? p->scope : (struct span){ 0, 0 } });
}

/* ---- values ---- */

/* A bare word may be the name of a list. */
void reader_value(struct reader *p, struct wanted wanted) {
    reader_want(p, wanted);
    const struct word *w = reader_peek(p);
    if (word_is_mark(w, '[')) {
        reader_list(p, wanted);
    } else if (word_is_text(w)) {
        reader_take(p);
        if (w->kind == WORD_PLAIN && !w->braces && !text_is_number(w->text))
            reader_add(p, (struct mark){ .role = ROLE_TEXT,
                                         .kind = NAME_VALUE,
                                         .span = w->span,
                                         .name = w->text,
                                         .owner = wanted.owner });
        else
            reader_mark_text(p, w, reader_role(w), wanted.in);
    }
    reader_want(p, (struct wanted){ 0 });
}

void reader_list(struct reader *p, struct wanted wanted) {
    reader_take(p);
    while (reader_peek(p)->kind != WORD_END && !word_is_mark(reader_peek(p), ']')) {
        const struct word *w = p->at;
        if (word_is_text(w) && word_is_mark(w + 1, '=')) { /* [X-Foo="bar"] */
            reader_mark_word(p, reader_take(p), ROLE_ARGUMENT);
            reader_take(p);
        }
        const struct word *before = p->at;
        reader_value(p, wanted);
        reader_want(p, wanted);
        if (p->at == before)
            reader_take(p);
    }
    if (word_is_mark(reader_peek(p), ']'))
        reader_take(p);
}

/* ---- chains ---- */

/* Behind the `(` of a middleware or template. */
void reader_arguments(struct reader *p, struct wanted wanted) {
    bool nested = str_is(wanted.owner, "chain") && wanted.want == WANT_ARGUMENT;
    reader_take(p);
    reader_want(p, wanted);
    while (reader_peek(p)->kind != WORD_END && !word_is_mark(reader_peek(p), ')')) {
        const struct word *w = p->at, *before = p->at;
        if (nested) {
            reader_chain(p, wanted.in, ')');
        } else if (word_is_text(w) && word_is_mark(w + 1, '=')) {
            reader_add(p, (struct mark){ .role = ROLE_ARGUMENT,
                                         .span = w->span,
                                         .name = w->text,
                                         .owner = wanted.owner,
                                         .in = wanted.in });
            reader_take(p);
            reader_take(p);
            struct wanted value = wanted;
            value.want = WANT_VALUE;
            value.argument = w->text;
            reader_value(p, value);
        } else if (word_is_text(w) && w->kind == WORD_PLAIN && !w->braces &&
                   !text_is_number(w->text)) {
            reader_take(p);
            reader_add(p, (struct mark){ .role = ROLE_ARGUMENT,
                                         .kind = NAME_VALUE,
                                         .span = w->span,
                                         .name = w->text,
                                         .owner = wanted.owner,
                                         .in = wanted.in });
        } else {
            reader_value(p, wanted);
        }
        if (word_is_mark(reader_peek(p), ',')) {
            reader_take(p);
            wanted.position++;
        } else if (p->at == before) {
            reader_take(p);
        }
        reader_want(p, wanted);
    }
    if (word_is_mark(reader_peek(p), ')'))
        reader_take(p);
    reader_want(p, (struct wanted){ 0 });
}

static void read_link(struct reader *p, struct setting_of in) {
    reader_want(p, (struct wanted){ .want = WANT_LINK, .in = in });
    const struct word *w = reader_peek(p);
    if (w->kind != WORD_PLAIN && w->kind != WORD_PATTERN)
        return;
    reader_take(p);
    struct mark *m = reader_mark_name(p, w, ROLE_MIDDLEWARE, NAME_MIDDLEWARE, false);
    m->in = in;
    bool call = word_is_mark(p->at, '(');
    reader_want(p, (struct wanted){ 0 });
    if (call)
        reader_arguments(p, (struct wanted){ .want = WANT_ARGUMENT, .in = in, .owner = w->text });
    bool plugin = str_is(w->text, "plugin") && call && word_is_text(w + 2);
    if (plugin)
        for (size_t i = p->r->count; i-- > 0;)
            if (p->r->marks[i].span.start == w[2].span.start) {
                p->r->marks[i].kind = NAME_PLUGIN;
                p->r->marks[i].role = ROLE_NAME;
            }
}

/* Links parted by `|` or `,` up to `end` (0: the end of the statement, an arrow or a block). */
void reader_chain(struct reader *p, struct setting_of in, char end) {
    for (;;) {
        const struct word *before = p->at;
        read_link(p, in);
        const struct word *w = reader_peek(p);
        if (word_is_mark(w, '|') || word_is_mark(w, ',')) {
            reader_take(p);
            reader_want(p, (struct wanted){ .want = WANT_LINK, .in = in });
            reader_peek(p);
            continue;
        }
        if (word_ends(w) || (end && word_is_mark(w, end)) || word_is_mark(w, '{') ||
            word_is_mark(w, '>') || word_is_mark(w, '~'))
            return;
        if (p->at == before)
            reader_take(p);
    }
}
