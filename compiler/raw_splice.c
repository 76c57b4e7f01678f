/* `raw compose` into the user's compose text: what is new goes behind what is there, what is said
   otherwise stands before the old value, which stays as a comment. Whoever calls reads the result
   again; what cannot be put in is left out, and shows there. */
#include "backends/backend.h"
#include "backends/insertions.h"
#include "lower/tree_place.h"
#include "lower/yaml_tree.h"
#include "session.h"
#include "support/yaml_writer.h"

struct splicing {
    struct emission *e;
    const struct source *source;
    struct insertions insertions;
    struct str line_end;
};

static void put(struct splicing *s, uint32_t at, unsigned depth, struct str text) {
    /* Where several mappings end in one place, the innermost goes on first. */
    insertions_add(&s->insertions, at - s->source->base, TREE_DEEPEST - depth, text);
}

/* ---- values on one line ---- */

static struct str plain_text(struct splicing *s, struct str text) {
    char *out = arena_copy(s->e->arena, text.at, text.len);
    for (size_t i = 0; i < text.len; i++)
        if (out[i] == IR_VARIABLE)
            out[i] = '$';
    return (struct str){ out, text.len };
}

static void add_key(struct splicing *s, struct buf *out, struct str key) {
    yaml_quoted(out, plain_text(s, key));
    buf_text(out, ": ");
}

static void add_flow(struct splicing *s, struct buf *out, const struct doc *c) {
    if (c->kind == DOC_TEXT) {
        if (c->plain)
            buf_add(out, c->text);
        else
            yaml_quoted(out, plain_text(s, c->text));
        return;
    }
    buf_char(out, c->kind == DOC_MAP ? '{' : '[');
    for (const struct doc *k = c->first; k; k = k->next) {
        buf_text(out, k == c->first ? "" : ", ");
        if (c->kind == DOC_MAP)
            add_key(s, out, k->key);
        add_flow(s, out, k);
    }
    buf_char(out, c->kind == DOC_MAP ? '}' : ']');
}

static struct str flow_text(struct splicing *s, const struct doc *c) {
    struct buf out = { .arena = s->e->arena };
    add_flow(s, &out, c);
    return buf_str(&out);
}

/* ---- more entries ---- */

/* Lines of their own, indented as the others. */
static void put_lines(struct splicing *s, const struct tree_splice *place, unsigned depth,
                      struct str lines) {
    struct buf out = { .arena = s->e->arena };
    while (lines.len) {
        size_t end = str_find(lines, '\n');
        if (place->newline_first)
            buf_add(&out, s->line_end);
        buf_repeat(&out, ' ', place->indent);
        buf_add(&out, str_slice(lines, 0, end));
        if (!place->newline_first)
            buf_add(&out, s->line_end);
        lines = end == STR_NONE ? STR("") : str_from(lines, end + 1);
    }
    put(s, place->at, depth, buf_str(&out));
}

static void append(struct splicing *s, const struct tree *to, struct doc *more, unsigned depth) {
    struct tree_splice place = tree_splice_end(to);
    if (!more->first)
        return;
    if (place.flow) {
        struct str text = flow_text(s, more);
        struct buf out = { .arena = s->e->arena };
        buf_text(&out, place.empty ? "" : ", ");
        buf_add(&out, str_slice(text, 1, text.len - 1));
        put(s, place.at, depth, buf_str(&out));
        return;
    }
    struct buf items = { .arena = s->e->arena };
    for (const struct doc *c = more->kind == DOC_LIST ? more->first : NULL; c; c = c->next) {
        struct yaml comments = { .out = &items };
        if (c->notes.len)
            yaml_comment(&comments, c->notes);
        buf_text(&items, "- ");
        add_flow(s, &items, c);
        buf_char(&items, '\n');
    }
    put_lines(s, &place, depth, more->kind == DOC_LIST ? buf_str(&items) : doc_compose(s->e, more));
}

static void keep(struct splicing *s, struct doc *more, const struct doc *c) {
    doc_copy(s->e->arena, doc_add(s->e->arena, more, c->key, c->kind), c);
}

/* ---- another value ---- */

static bool is_break(char c) {
    return c == '\n' || c == '\r';
}

static uint32_t indent_of_line(const struct source *source, size_t at) {
    while (at && !is_break(source->text.at[at - 1]))
        at--;
    size_t from = at;
    while (at < source->text.len && source->text.at[at] == ' ')
        at++;
    return (uint32_t)(at - from);
}

static void replace(struct splicing *s, const struct tree *value, struct str text, unsigned depth) {
    const struct source *source = s->source;
    struct str all = source->text;
    size_t at = value->span.start - source->base, end = value->span.end - source->base;
    bool nothing = at == end;
    size_t start = at;
    put(s, value->span.start, depth,
        str_format(s->e->arena, "%s%.*s%s", nothing && at && all.at[at - 1] != ' ' ? " " : "",
                   STR_ARG(text), nothing ? "" : " # "));
    for (; at < end; at++) {
        bool begins = at > start && is_break(all.at[at - 1]);
        while (begins && at < end && all.at[at] == ' ')
            at++;
        if (begins && at < end && !is_break(all.at[at]))
            put(s, source->base + (uint32_t)at, depth, STR("# "));
    }
    if (nothing || !value->parent || value->parent->style != TREE_FLOW)
        return;
    struct buf next = { .arena = s->e->arena };
    buf_add(&next, s->line_end);
    buf_repeat(&next, ' ', indent_of_line(source, start) + 2);
    put(s, value->span.end, depth, buf_str(&next));
}

/* ---- the two trees side by side ---- */

static void merge_map(struct splicing *s, const struct tree *map, const struct doc *over,
                      unsigned depth);

static struct str item_key(struct str text) {
    return str_slice(text, 0, str_find(text, '='));
}

static void merge_list(struct splicing *s, const struct tree *list, const struct doc *over,
                       unsigned depth) {
    struct table index = { .arena = s->e->arena };
    for (const struct tree_entry *e = list->first; e; e = e->next)
        if (e->value->kind == TREE_SCALAR)
            *table_at(&index, item_key(tree_text(e->value))) = e->value;
    struct doc *more = doc_new(s->e->arena, DOC_LIST);
    for (const struct doc *c = over->first; c; c = c->next) {
        struct str text = c->kind == DOC_TEXT ? plain_text(s, c->text) : STR("");
        const struct tree *same = c->kind == DOC_TEXT ? table_get(&index, item_key(text)) : NULL;
        if (!same)
            keep(s, more, c);
        else if (!str_eq(tree_text(same), text) && !same->props)
            replace(s, same, flow_text(s, c), depth);
    }
    append(s, list, more, depth);
}

/* `*name` becomes `{<<: *name, KEY: VALUE}`: the others who name it see nothing of that. */
static bool widen(struct splicing *s, const struct tree *alias, const struct doc *over,
                  unsigned depth) {
    for (const struct doc *c = over->first; c; c = c->next)
        if (c->kind != DOC_TEXT)
            return false;
    struct str more = flow_text(s, over);
    put(s, alias->span.start, depth, STR("{<<: "));
    put(s, alias->span.end, depth, str_format(s->e->arena, ", %.*s", STR_ARG(str_from(more, 1))));
    return true;
}

/* What cannot be said in place is left as it is. */
static void merge_value(struct splicing *s, const struct tree *value, const struct doc *c,
                        unsigned depth) {
    bool list = value->kind == TREE_SEQUENCE, map = value->kind == TREE_MAPPING;
    if (value->kind == TREE_ALIAS && tree_is(value, TREE_MAPPING) && c->kind == DOC_MAP &&
        widen(s, value, c, depth))
        return;
    if (map && c->kind != DOC_TEXT)
        merge_map(s, value, raw_as(s->e, c, DOC_MAP), depth);
    else if (list && c->kind != DOC_TEXT)
        merge_list(s, value, raw_as(s->e, c, DOC_LIST), depth);
    else if (value->kind == TREE_SCALAR && !value->props &&
             (c->kind == DOC_TEXT || tree_is_null(value)))
        replace(s, value, flow_text(s, c), depth);
}

static void merge_map(struct splicing *s, const struct tree *map, const struct doc *over,
                      unsigned depth) {
    struct doc *more = doc_new(s->e->arena, DOC_MAP);
    for (const struct doc *c = over->first; c; c = c->next) {
        const struct tree_entry *e = tree_find(map, plain_text(s, c->key));
        if (!e)
            keep(s, more, c);
        else if (e->owner == map)
            merge_value(s, e->value, c, depth + 1);
    }
    append(s, map, more, depth);
}

static struct str line_end_of(struct str text) {
    size_t at = str_find(text, '\n');
    return at != STR_NONE && at && text.at[at - 1] == '\r' ? STR("\r\n") : STR("\n");
}

struct str raw_splice(struct emission *e, struct str text, const struct doc *over) {
    struct sources sources = { .arena = e->arena };
    struct diags found = { .arena = e->arena, .sources = &sources };
    struct source *source = source_add(&sources, STR("<compose>"), text);
    struct tree_file *file = source ? yaml_tree_read(e->arena, &found, source) : NULL;
    if (!file || found.errors || !tree_is(file->root, TREE_MAPPING))
        return text;
    struct splicing s = { .e = e, .source = source, .line_end = line_end_of(text) };
    s.insertions.arena = e->arena;
    merge_map(&s, file->root, over, 0);
    return insertions_apply(&s.insertions, text);
}
