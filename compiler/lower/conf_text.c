/* Texts of Traefik's configuration and the places they come from. */
#include "lower/conf_text.h"

#include "ast/format.h"
#include "lower/tree_place.h"
#include "source/untyped.h"

struct str conf_str(const struct node *text) {
    return text ? ((const struct node_text *)text)->text : (struct str){ 0 };
}

bool conf_has_variable(const struct node *text) {
    return text && ((const struct node_text *)text)->has_braces;
}

bool conf_stands_in(const struct source *source, struct str text) {
    struct str all = source->text;
    return text.len == 0 || (text.at >= all.at && text.at + text.len <= all.at + all.len);
}

struct node *conf_text(struct arena *a, const struct tree *scalar) {
    scalar = tree_resolve(scalar);
    struct node *node = tree_ast_text(a, scalar);
    if (!conf_stands_in(scalar->file->source, scalar->text))
        node_text(node)->text = str_copy(a, scalar->text);
    return node;
}

struct node *conf_written(struct arena *a, const struct source *source, const struct untyped *c) {
    const struct untyped_written *written = (const void *)c;
    uint32_t inner =
        c->is_written ? written->inner : source->base + (uint32_t)(c->text.at - source->text.at);
    struct node *node = ast_text(a, NODE_RAW, c->span, c->text, inner);
    node->free_form = true;
    node_text(node)->pieces = c->is_written ? written->pieces : NULL;
    return node;
}

struct node *conf_made(struct arena *a, struct str text, struct span span) {
    struct node *node = ast_text(a, NODE_RAW, span, text, 0);
    struct piece *pieces = arena_array(a, struct piece, 2);
    pieces[0] = (struct piece){ .at = 0, .whole = true, .span = span };
    pieces[1] = (struct piece){ .at = UINT32_MAX, .whole = true };
    node_text(node)->pieces = pieces;
    node->free_form = true;
    return node;
}

/* ---- a text while it grows ---- */

static void grow_piece(struct conf_join *g, bool whole, struct span span) {
    if (g->count == g->room) {
        size_t room = g->room ? g->room * 2 : 2; /* most have one part, and the end */
        struct piece *pieces = arena_array(g->arena, struct piece, room);
        if (g->count)
            memcpy(pieces, g->pieces, g->count * sizeof *pieces);
        g->pieces = pieces;
        g->room = room;
    }
    g->pieces[g->count++] = (struct piece){ (uint32_t)g->out.len, whole, span };
}

void conf_join_made(struct conf_join *g, struct str text, struct span span) {
    if (text.len == 0)
        return;
    grow_piece(g, true, span);
    buf_add(&g->out, text);
}

/* The bytes [from, to) of a text, with its own pieces. */
static void grow_part(struct conf_join *g, struct node_text *t, size_t from, size_t to) {
    if (from >= to)
        return;
    if (!t->pieces) {
        grow_piece(g, false, node_text_span(t, from, to));
        buf_add(&g->out, str_slice(t->text, from, to));
        return;
    }
    for (const struct piece *p = t->pieces; p->at != UINT32_MAX; p++) {
        size_t end = p[1].at == UINT32_MAX ? t->text.len : p[1].at;
        size_t start = p->at < from ? from : p->at;
        end = end > to ? to : end;
        if (start >= end)
            continue;
        grow_piece(g, p->whole, node_text_span(t, start, end));
        buf_add(&g->out, str_slice(t->text, start, end));
    }
}

static struct node *grown(struct conf_join *g, enum node_kind kind, struct span span) {
    grow_piece(g, true, span);
    g->pieces[g->count - 1].at = UINT32_MAX;
    struct node *node = ast_text(g->arena, kind, span, buf_str(&g->out), 0);
    node_text(node)->pieces = g->pieces;
    node->free_form = kind == NODE_RAW;
    return node;
}

struct conf_join conf_join(struct arena *a) {
    return (struct conf_join){ .arena = a, .out.arena = a };
}

void conf_join_part(struct conf_join *j, struct node *text, size_t from, size_t to) {
    struct node_text *t = node_text(text);
    grow_part(j, t, from, to);
    j->variable |= t->has_braces;
}

void conf_join_text(struct conf_join *j, struct node *text) {
    conf_join_part(j, text, 0, node_text(text)->text.len);
}

struct node *conf_join_end(struct conf_join *j, struct span span) {
    struct node *node = grown(j, NODE_RAW, span);
    node_text(node)->has_braces =
        j->variable && str_find_str(node_text(node)->text, STR("${")) != STR_NONE;
    return node;
}

/* Each part of a text looks through all its pieces: of a text that no one wrote it gets none. */
enum { LARGEST_PIECED = 1 << 16 };

struct node *conf_part(struct arena *a, struct node *text, size_t from, size_t to) {
    struct node_text *t = node_text(text);
    if (from == 0 && to >= t->text.len)
        return text;
    struct span span = node_text_span(t, from, to);
    struct node *part;
    if (t->pieces && t->text.len > LARGEST_PIECED) {
        part = conf_made(a, str_slice(t->text, from, to), text->span);
    } else if (!t->pieces) {
        part = ast_text(a, NODE_RAW, span, str_slice(t->text, from, to),
                        t->inner ? t->inner + (uint32_t)from : 0);
        part->free_form = true;
    } else {
        struct conf_join g = conf_join(a);
        grow_part(&g, t, from, to);
        part = grown(&g, NODE_RAW, span);
    }
    node_text(part)->has_braces =
        t->has_braces && str_find_str(node_text(part)->text, STR("${")) != STR_NONE;
    return part;
}

/* ---- Docker Compose's variables ---- */

static bool is_name_char(char c) {
    return char_is_alnum(c) || c == '_';
}

/* Where the `${…}` or `$NAME` at `at` ends; 0 when it is none. */
static size_t variable_end(struct str s, size_t at) {
    size_t i = at + 1;
    if (i < s.len && s.at[i] == '{') {
        unsigned depth = 0;
        for (; i < s.len; i++) {
            depth += s.at[i] == '{';
            if (s.at[i] == '}' && --depth == 0)
                return i + 1;
        }
        return 0;
    }
    if (i >= s.len || char_is_digit(s.at[i]))
        return 0;
    while (i < s.len && is_name_char(s.at[i]))
        i++;
    return i > at + 1 ? i : 0;
}

static bool is_escape(struct str s, size_t at) {
    return s.at[at] == '$' && at + 1 < s.len && s.at[at + 1] == '$';
}

static bool has_variable(struct str s) {
    for (size_t i = 0; i < s.len; i += is_escape(s, i) ? 2 : 1)
        if (s.at[i] == '$' && !is_escape(s, i) && variable_end(s, i))
            return true;
    return false;
}

struct node *conf_of_compose(struct arena *a, struct node *text) {
    struct node_text *t = node_text(text);
    struct str s = t->text;
    if (str_find(s, '$') == STR_NONE || s.len > LARGEST_PIECED)
        return text;
    struct conf_join g = conf_join(a);
    struct str literal = has_variable(s) ? STR("$$") : STR("$");
    bool variable = false;
    size_t from = 0;
    for (size_t i = 0; i < s.len;) {
        size_t end = s.at[i] == '$' ? variable_end(s, i) : 0;
        if (is_escape(s, i)) {
            bool brace = i + 2 < s.len && s.at[i + 2] == '{';
            grow_part(&g, t, from, i);
            conf_join_made(&g, brace ? literal : STR("$"), node_text_span(t, i, i + 2));
            from = i += 2;
        } else if (end && s.at[i + 1] != '{') {
            grow_part(&g, t, from, i);
            conf_join_made(&g, str_format(a, "${%.*s}", STR_ARG(str_slice(s, i + 1, end))),
                           node_text_span(t, i, end));
            variable = true;
            from = i = end;
        } else {
            variable |= end != 0;
            i = end ? end : i + 1;
        }
    }
    grow_part(&g, t, from, s.len);
    struct node *made = grown(&g, NODE_RAW, text->span);
    node_text(made)->has_braces = variable;
    return made;
}

struct node *conf_of_template(struct arena *a, struct node *text) {
    struct node_text *t = node_text(text);
    struct conf_join g = conf_join(a);
    size_t from = 0;
    for (size_t open; (open = str_find_str(str_from(t->text, from), STR("{{"))) != STR_NONE;) {
        size_t close = str_find_str(str_from(t->text, from + open), STR("}}"));
        if (close == STR_NONE)
            break;
        grow_part(&g, t, from, from + open);
        size_t end = from + open + close + 2;
        conf_join_made(&g, STR("${TEMPLATE}"), node_text_span(t, from + open, end));
        from = end;
    }
    if (from == 0)
        return text;
    grow_part(&g, t, from, t->text.len);
    struct node *made = grown(&g, NODE_RAW, text->span);
    node_text(made)->has_braces = true;
    return made;
}

/* ---- as the language writes it ---- */

/* `$${`: beside variables, one dollar and a brace that are none. */
static bool is_literal(struct str s, size_t at) {
    return is_escape(s, at) && at + 2 < s.len && s.at[at + 2] == '{';
}

/* Between double quotes, everything but variables escaped. */
static struct node *quoted(struct arena *a, struct node *text) {
    struct node_text *t = node_text(text);
    struct conf_join g = conf_join(a);
    size_t from = 0;
    for (size_t i = 0; i < t->text.len;) {
        char c = t->text.at[i];
        if (t->has_braces && is_literal(t->text, i)) {
            grow_part(&g, t, from, i);
            conf_join_made(&g, STR("\\$"), node_text_span(t, i, i + 2));
            from = i += 2;
            continue;
        }
        size_t end = c == '$' && t->has_braces ? variable_end(t->text, i) : 0;
        const char *escape = c == '$' && i + 1 < t->text.len && t->text.at[i + 1] == '{' && !end
                                 ? "\\$"
                             : c == '"'  ? "\\\""
                             : c == '\\' ? "\\\\"
                             : c == '{'  ? "\\{"
                             : c == '\n' ? "\\n"
                             : c == '\t' ? "\\t"
                                         : NULL;
        if (end) {
            i = end;
        } else if (escape) {
            grow_part(&g, t, from, i);
            conf_join_made(&g, str_of(escape), node_text_span(t, i, i + 1));
            from = ++i;
        } else {
            i++;
        }
    }
    grow_part(&g, t, from, t->text.len);
    return grown(&g, NODE_STRING, text->span);
}

static bool is_word(struct str s) {
    if (!format_is_word(s))
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (is_literal(s, i) || (s.at[i] == '{' && (i == 0 || s.at[i - 1] != '$')))
            return false;
    return true;
}

/* The nodes of one list hang together by `next`, so each use is a copy. */
struct node *conf_word(struct arena *a, struct node *text) {
    struct node_text *t = node_text(text);
    struct node *word;
    bool dollar = str_find_str(t->text, STR("${")) != STR_NONE;
    bool awkward = str_find(t->text, '`') != STR_NONE || str_find(t->text, '\n') != STR_NONE;
    if (t->has_braces ? !is_word(t->text) : dollar && awkward) {
        word = quoted(a, text);
        word->free_form = t->has_braces;
        node_text(word)->has_braces = true;
        return word;
    } else {
        word = ast_text(a, t->has_braces ? NODE_WORD : NODE_RAW, text->span, t->text, t->inner);
        /* A `${` that is no variable, such as a group of a regular expression, stays literal. */
        word->free_form = t->has_braces || !dollar;
        node_text(word)->pieces = t->pieces;
    }
    node_text(word)->has_braces = t->has_braces;
    return word;
}

struct node *conf_word_kept(struct arena *a, struct node *text) {
    struct node *word = conf_word(a, text);
    struct node_text *t = node_text(word);
    if (!t->pieces || t->pieces != node_text(text)->pieces)
        return word;
    size_t count = 1;
    while (t->pieces[count - 1].at != UINT32_MAX)
        count++;
    t->text = str_copy(a, t->text);
    t->pieces = arena_copy(a, t->pieces, count * sizeof *t->pieces);
    return word;
}

struct node *conf_copy(struct arena *a, struct node *text) {
    struct node_text *copy = arena_new(a, struct node_text);
    *copy = *node_text(text);
    copy->base.next = NULL;
    return &copy->base;
}
