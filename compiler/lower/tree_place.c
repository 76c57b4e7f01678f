/* Where the parts of a tree stand in its file. */
#include "lower/tree_place.h"

#include <string.h>

enum { MOST_PIECES = 65536 }; /* what follows is pointed at as a whole */

/* Source and text of one scalar side by side; both offsets move on together. */
struct align {
    struct arena *arena;
    const struct tree *node;
    struct str from, to; /* content in the source; text */
    size_t i, j;
    struct piece *pieces;
    size_t count, room;
    size_t indent; /* of a block scalar's lines */
    bool lost;     /* the two do not correspond: our bug, and harmless */
};

static void put(struct align *a, size_t at, bool whole, struct span span) {
    if (a->count == a->room) {
        size_t room = a->room ? a->room * 2 : 4;
        struct piece *pieces = arena_array(a->arena, struct piece, room);
        if (a->count)
            memcpy(pieces, a->pieces, a->count * sizeof *pieces);
        a->pieces = pieces;
        a->room = room;
    }
    a->pieces[a->count++] = (struct piece){ .at = (uint32_t)at, .whole = whole, .span = span };
}

static struct span source_span(const struct align *a, size_t from, size_t to) {
    return span_slice(a->node->content, from, to);
}

/* `from` bytes of source say the same as `to` bytes of text. */
static void take(struct align *a, size_t from, size_t to) {
    if (to > 0)
        put(a, a->j, true, source_span(a, a->i, a->i + from));
    a->i += from;
    a->j += to;
}

static bool is_break(char c) {
    return c == '\n' || c == '\r';
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

static size_t break_length(struct str s, size_t at) {
    return s.at[at] == '\r' && at + 1 < s.len && s.at[at + 1] == '\n' ? 2 : 1;
}

/* Blanks and line ends from `at` on; `at` itself when no line ends among them. */
static size_t fold_end(struct str s, size_t at) {
    size_t i = at;
    bool broken = false;
    while (i < s.len && (is_blank(s.at[i]) || is_break(s.at[i])))
        broken |= is_break(s.at[i++]);
    return broken ? i : at;
}

/* What such a fold became: one blank, or as many line ends as there were empty lines. */
static size_t folded_length(struct str text, size_t at) {
    size_t i = at;
    while (i < text.len && text.at[i] == '\n')
        i++;
    return i == at && at < text.len && text.at[at] == ' ' ? 1 : i - at;
}

static size_t utf8_length(uint32_t c) {
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

static uint32_t hex_value(struct str digits) {
    uint32_t value = 0;
    for (size_t i = 0; i < digits.len; i++) {
        char c = char_lower(digits.at[i]);
        value = value * 16 + (uint32_t)(char_is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return value;
}

static void take_escape(struct align *a) {
    char c = a->i + 1 < a->from.len ? a->from.at[a->i + 1] : 0;
    if (is_break(c)) { /* the line goes on below; the backslash and the indentation are nothing */
        size_t end = fold_end(a->from, a->i + 1);
        take(a, end - a->i,
             folded_length(a->to, a->j) == 1 && a->to.at[a->j] == ' ' ? 0
                                                                      : folded_length(a->to, a->j));
        return;
    }
    size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    uint32_t value = hex_value(str_slice(a->from, a->i + 2, a->i + 2 + digits));
    size_t from = 2 + digits;
    if (digits == 4 && value >= 0xd800 && value < 0xdc00) { /* JSON's pairs */
        from = 12;
        value = 0x10000;
    }
    size_t to = digits ? utf8_length(value) : 1;
    if (c == 'N' || c == '_') /* U+0085, U+00A0 */
        to = 2;
    if (c == 'L' || c == 'P') /* U+2028, U+2029 */
        to = 3;
    take(a, from, to);
}

/* As many bytes as stand equally on both sides, up to where the style has its say. */
static void take_run(struct align *a, const char *stops) {
    size_t i = a->i, j = a->j, blanks = 0; /* up to `blanks`, no line end follows */
    for (; i < a->from.len && j < a->to.len && a->from.at[i] == a->to.at[j]; i++, j++) {
        if (strchr(stops, a->from.at[i]))
            break;
        if (i < blanks || !is_blank(a->from.at[i]))
            continue;
        if (fold_end(a->from, i) != i)
            break;
        for (blanks = i; blanks < a->from.len && is_blank(a->from.at[blanks]);)
            blanks++;
    }
    if (i == a->i) {
        a->lost = true;
        return;
    }
    put(a, a->j, false, source_span(a, a->i, i));
    a->i = i;
    a->j = j;
}

static void align_inline(struct align *a) {
    while (a->j < a->to.len && a->i < a->from.len && !a->lost && a->count < MOST_PIECES) {
        char c = a->from.at[a->i];
        size_t fold = fold_end(a->from, a->i);
        if (fold != a->i)
            take(a, fold - a->i, folded_length(a->to, a->j));
        else if (a->node->style == TREE_DOUBLE && c == '\\')
            take_escape(a);
        else if (a->node->style == TREE_SINGLE && c == '\'')
            take(a, 2, 1);
        else
            take_run(a, a->node->style == TREE_DOUBLE   ? "\\\r\n"
                        : a->node->style == TREE_SINGLE ? "'\r\n"
                                                        : "\r\n");
    }
}

/* Blanks at the start of the first line that has more than blanks. */
static size_t first_indent(struct str s) {
    size_t line = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (is_break(s.at[i]))
            line = i + 1;
        else if (s.at[i] != ' ')
            return i - line;
    }
    return STR_NONE;
}

/* Within the line breaks of a block scalar: breaks, and up to `indent` blanks after each. */
static size_t block_fold_end(const struct align *a) {
    size_t i = a->i;
    while (i < a->from.len && is_break(a->from.at[i])) {
        i += break_length(a->from, i);
        for (size_t n = 0; n < a->indent && i < a->from.len && a->from.at[i] == ' '; n++)
            i++;
    }
    return i;
}

static void skip_indent(struct align *a) {
    for (size_t n = 0; n < a->indent && a->i < a->from.len && a->from.at[a->i] == ' '; n++)
        a->i++;
}

static void align_block(struct align *a) {
    size_t source_indent = first_indent(a->from), text_indent = first_indent(a->to);
    if (source_indent == STR_NONE || text_indent == STR_NONE || text_indent > source_indent) {
        a->lost = true;
        return;
    }
    a->indent = source_indent - text_indent;
    skip_indent(a);
    while (a->j < a->to.len && a->i < a->from.len && !a->lost && a->count < MOST_PIECES) {
        if (!is_break(a->from.at[a->i])) {
            size_t i = a->i;
            while (i < a->from.len && !is_break(a->from.at[i]))
                i++;
            size_t len = i - a->i;
            if (!str_eq(str_slice(a->from, a->i, i), str_slice(a->to, a->j, a->j + len))) {
                a->lost = true;
                return;
            }
            put(a, a->j, false, source_span(a, a->i, i));
            a->i = i;
            a->j += len;
        } else if (a->node->style == TREE_LITERAL) {
            take(a, break_length(a->from, a->i), 1);
            skip_indent(a);
        } else {
            size_t end = block_fold_end(a);
            take(a, end - a->i, folded_length(a->to, a->j));
        }
    }
}

const struct piece *tree_pieces(struct arena *arena, const struct tree *scalar) {
    const struct source *source = scalar->file->source;
    struct align a = { .arena = arena, .node = scalar, .to = scalar->text };
    a.from = str_slice(source->text, scalar->content.start - source->base,
                       scalar->content.end - source->base);
    if (a.from.len == a.to.len && (a.from.at == a.to.at || str_eq(a.from, a.to)))
        return NULL;
    if (scalar->style == TREE_LITERAL || scalar->style == TREE_FOLDED)
        align_block(&a);
    else
        align_inline(&a);
    if (a.j < a.to.len || a.count == 0) {
        size_t rest = a.i < a.from.len ? a.i : a.from.len;
        put(&a, a.j, true, source_span(&a, rest, a.from.len));
    }
    put(&a, UINT32_MAX, true, (struct span){ 0, 0 });
    return a.pieces;
}

struct node *tree_ast_text(struct arena *arena, const struct tree *scalar) {
    struct node *node =
        ast_text(arena, NODE_RAW, scalar->span, scalar->text, scalar->content.start);
    node->free_form = true;
    ((struct node_text *)node)->pieces = tree_pieces(arena, scalar);
    return node;
}

struct span tree_text_span(struct arena *arena, const struct tree *scalar, size_t from, size_t to) {
    scalar = tree_resolve(scalar);
    if (scalar->kind != TREE_SCALAR)
        return scalar->span;
    /* A node for this one question, as tree_ast_text makes it. */
    struct node_text text = { .base = { .kind = NODE_RAW, .span = scalar->span },
                              .text = scalar->text,
                              .inner = scalar->content.start,
                              .pieces = tree_pieces(arena, scalar) };
    return node_text_span(&text, from, to);
}

/* ---- splicing ---- */

uint32_t tree_line_end(const struct tree *node) {
    const struct source *source = node->file->source;
    struct str text = source->text;
    size_t at = node->span.end - source->base;
    bool block_scalar =
        node->kind == TREE_SCALAR && (node->style == TREE_LITERAL || node->style == TREE_FOLDED);
    if (block_scalar && at > 0 && is_break(text.at[at - 1]))
        return node->span.end; /* it ends with its line already */
    while (at < text.len && !is_break(text.at[at]))
        at++;
    if (at < text.len)
        at += break_length(text, at);
    return source->base + (uint32_t)at;
}

const struct tree *tree_last_inside(const struct tree *node) {
    while ((node->kind == TREE_SEQUENCE || node->kind == TREE_MAPPING) &&
           node->style == TREE_BLOCK && node->first) {
        const struct tree_entry *e = node->first;
        while (e->next)
            e = e->next;
        node = e->value;
    }
    return node;
}

struct tree_splice tree_splice_end(const struct tree *collection) {
    const struct source *source = collection->file->source;
    struct tree_splice splice = { .indent = collection->indent };
    const struct tree_entry *last = collection->first;
    while (last && last->next)
        last = last->next;
    splice.empty = !last;
    splice.flow = collection->style == TREE_FLOW;
    if (splice.flow) {
        splice.at = last ? last->value->span.end : collection->span.start + 1;
        return splice;
    }
    splice.at = tree_line_end(tree_last_inside(collection));
    size_t at = splice.at - source->base;
    splice.newline_first = at == source->text.len && at > 0 && !is_break(source->text.at[at - 1]);
    return splice;
}
