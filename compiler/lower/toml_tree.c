/* TOML → located tree: lines, keys, and which table a line adds to. */
#include "lower/toml_tree.h"

#include "lower/text_check.h"
#include "lower/toml_read.h"
#include "support/utf8.h"

#include <stdarg.h>
#include <stdio.h>

void *toml_refuse(struct toml *t, size_t from, size_t to, const char *help, const char *format,
                  ...) {
    char line[256];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    struct diag *d = diag_add(t->diags, DIAG_TOML, toml_span(t, from, to), "%s", line);
    tree_refuse(t->diags, d, help);
    return NULL;
}

void *toml_too_deep(struct toml *t, const char *what) {
    struct diag *d = diag_add(t->diags, DIAG_TREE_LIMIT, toml_span(t, t->at, t->at + 1),
                              "more than %d %s", (int)TREE_DEEPEST, what);
    tree_refuse(t->diags, d, "remove levels: no configuration has that many");
    return NULL;
}

void *toml_expect(struct toml *t, const char *what, const char *help) {
    uint32_t character;
    size_t from = t->at;
    if (toml_ended(t)) {
        while (from && strchr(" \t\r\n", t->text.at[from - 1]))
            from--;
        return toml_refuse(t, from, from, help, "%s is missing at the end of the file", what);
    }
    if (strchr("\r\n", toml_char(t, 0)))
        return toml_refuse(t, from, from, help, "%s is missing at the end of the line", what);
    size_t to = from + utf8_next(t->text, from, &character);
    if (character < 0x20 || character == 0x7f)
        return toml_refuse(t, from, to, "remove it", "the character U+%04X may not stand here",
                           (unsigned)character);
    return toml_refuse(t, from, to, help, "%s is expected, not `%.*s`", what,
                       STR_ARG(str_slice(t->text, from, to)));
}

/* ---- between things ---- */

void toml_skip_blanks(struct toml *t) {
    while (toml_char(t, 0) == ' ' || toml_char(t, 0) == '\t')
        t->at++;
}

static size_t line_end(const struct toml *t) {
    return toml_char(t, 0) == '\n' ? 1 : toml_char(t, 0) == '\r' && toml_char(t, 1) == '\n' ? 2 : 0;
}

static bool skip_comment(struct toml *t) {
    if (toml_char(t, 0) != '#')
        return true;
    for (; !toml_ended(t) && !line_end(t); t->at++) {
        unsigned char c = (unsigned char)toml_char(t, 0);
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return toml_expect(t, "text", "remove it");
    }
    return true;
}

bool toml_skip_lines(struct toml *t) {
    for (size_t end = 1; end; t->at += end) {
        toml_skip_blanks(t);
        if (!skip_comment(t))
            return false;
        end = line_end(t);
    }
    return true;
}

/* Nothing but a comment may follow on the line. */
static bool end_line(struct toml *t) {
    toml_skip_blanks(t);
    if (!skip_comment(t))
        return false;
    size_t end = line_end(t);
    t->at += end;
    return end || toml_ended(t) || toml_expect(t, "the end of the line", "begin a new line here");
}

/* ---- keys ---- */

static bool is_bare(char c) {
    return char_is_alnum(c) || c == '-' || c == '_';
}

/* One name of a key; its style is that of text even where it is bare: `500` is no number. */
static struct tree *read_name(struct toml *t, struct tree *parent) {
    size_t from = t->at;
    if (toml_char(t, 0) == '"' || toml_char(t, 0) == '\'')
        return toml_read_string(t, parent, false);
    while (is_bare(toml_char(t, 0)))
        t->at++;
    if (t->at == from)
        return toml_expect(t, "a key", "a key holds letters, digits, - and _; others want quotes");
    struct tree *name =
        tree_new(t->file, TREE_SCALAR, TREE_DOUBLE, toml_span(t, from, t->at), parent);
    name->text = str_slice(t->text, from, t->at);
    return name;
}

struct toml_place *toml_place_new(struct toml *t, struct tree *node, enum toml_how how) {
    struct toml_place *place = arena_new(t->arena, struct toml_place);
    *place = (struct toml_place){ .node = node, .how = how, .keys = { .arena = t->arena } };
    return place;
}

static bool tell_twice(struct toml *t, const struct tree *key, const struct toml_place *first) {
    struct diag *d = diag_add(t->diags, DIAG_KEY_TWICE, key->span, "the key `%.*s` is given twice",
                              STR_ARG(key->text));
    diag_effect(t->diags, d, "readers refuse such a file, or silently keep one of the two");
    diag_help(t->diags, d, "remove one of them, or join what stands below them");
    diag_note_at(t->diags, d, first->key->span, "first given here");
    return false;
}

static struct toml_place *find(const struct toml_place *table, const struct tree *key) {
    return table_get(&table->keys, key->text);
}

static bool is_full(struct toml *t, const struct tree *key) {
    if (t->file->nodes < TREE_MOST_NODES)
        return false;
    tree_tell_nodes(t->diags, key->span, TREE_MOST_NODES);
    return true;
}

static struct toml_place *add(struct toml *t, struct toml_place *table, struct tree *key,
                              struct tree *value, enum toml_how how) {
    struct toml_place *place = toml_place_new(t, value, how);
    place->key = key;
    key->parent = value->parent = table->node;
    table->last = tree_append(table->node, table->last, key, value);
    *table_at(&table->keys, key->text) = place;
    return place;
}

static struct toml_place *add_table(struct toml *t, struct toml_place *above, struct tree *key,
                                    enum toml_how how) {
    struct tree *map = tree_new(t->file, TREE_MAPPING, TREE_BLOCK, key->span, above->node);
    return add(t, above, key, map, how);
}

/* A table below, on the way to the last name of a key: made when it is not there. */
static struct toml_place *go_down(struct toml *t, struct toml_place *table, struct tree *key,
                                  bool header) {
    struct toml_place *below = find(table, key);
    if (!below)
        return add_table(t, table, key, header ? TOML_IMPLICIT : TOML_DOTTED);
    if (header && below->how == TOML_ARRAY)
        return below->item;
    if (below->how == TOML_DOTTED ||
        (header && below->how != TOML_VALUE && below->how != TOML_ARRAY))
        return below;
    tell_twice(t, key, below);
    return NULL;
}

/* The table that the last name is in, and that name; NULL after a mistake. */
static struct toml_place *read_key(struct toml *t, struct toml_place *table, bool header,
                                   struct tree **last) {
    for (unsigned depth = 0;; depth++) {
        toml_skip_blanks(t);
        struct tree *key = read_name(t, table->node);
        if (!key || is_full(t, key))
            return NULL;
        toml_skip_blanks(t);
        if (toml_char(t, 0) != '.') {
            *last = key;
            return table;
        }
        if (depth + t->depth == TREE_DEEPEST)
            return toml_too_deep(t, "names in one key");
        t->at++;
        table = go_down(t, table, key, header);
        if (!table)
            return NULL;
    }
}

bool toml_read_pair(struct toml *t, struct toml_place *table) {
    struct tree *key;
    table = read_key(t, table, false, &key);
    if (!table)
        return false;
    if (toml_char(t, 0) != '=')
        return toml_expect(t, "`=`", "write NAME = VALUE");
    t->at++;
    toml_skip_blanks(t);
    struct toml_place *first = find(table, key);
    if (first)
        return tell_twice(t, key, first);
    struct tree *value = toml_read_value(t, table->node);
    if (!value)
        return false;
    add(t, table, key, value, TOML_VALUE);
    return true;
}

/* ---- headers ---- */

/* [a.b]: a table that no header named yet. */
static struct toml_place *open_table(struct toml *t, struct toml_place *above, struct tree *key) {
    struct toml_place *place = find(above, key);
    if (!place)
        return add_table(t, above, key, TOML_TABLE);
    if (place->how != TOML_IMPLICIT)
        return tell_twice(t, key, place) ? place : NULL;
    place->how = TOML_TABLE;
    place->key = key;
    return place;
}

/* [[a.b]]: one more table of a list. */
static struct toml_place *add_item(struct toml *t, struct toml_place *above, struct tree *key) {
    struct toml_place *list = find(above, key);
    if (!list) {
        struct tree *node = tree_new(t->file, TREE_SEQUENCE, TREE_BLOCK, key->span, above->node);
        list = add(t, above, key, node, TOML_ARRAY);
    }
    if (list->how != TOML_ARRAY)
        return tell_twice(t, key, list) ? list : NULL;
    struct tree *map = tree_new(t->file, TREE_MAPPING, TREE_BLOCK, key->span, list->node);
    list->last = tree_append(list->node, list->last, NULL, map);
    list->item = toml_place_new(t, map, TOML_TABLE);
    return list->item;
}

static struct toml_place *read_header(struct toml *t, struct toml_place *root) {
    bool item = toml_char(t, 1) == '[';
    struct tree *key;
    t->at += item ? 2 : 1;
    struct toml_place *above = read_key(t, root, true, &key);
    if (!above)
        return NULL;
    for (int i = 0; i <= item; i++, t->at++)
        if (toml_char(t, 0) != ']')
            return toml_expect(t, item ? "`]]`" : "`]`", "close the brackets");
    return item ? add_item(t, above, key) : open_table(t, above, key);
}

/* ---- the file ---- */

static bool read_lines(struct toml *t, struct toml_place *root) {
    struct toml_place *table = root;
    while (toml_skip_lines(t)) {
        if (toml_ended(t))
            return true;
        if (toml_char(t, 0) == '[')
            table = read_header(t, root);
        else if (!toml_read_pair(t, table))
            return false;
        if (!table || !end_line(t))
            return false;
    }
    return false;
}

/* Tables are complete when the file is: any line may add to one. */
static void close_tables(struct toml *t, struct tree *node) {
    for (struct tree_entry *e = node->first; e; e = e->next)
        if (e->value->kind != TREE_SCALAR && e->value->style == TREE_BLOCK)
            close_tables(t, e->value);
    if (node->kind == TREE_MAPPING)
        tree_close_mapping(t->diags, node);
}

struct tree_file *toml_tree_read(struct arena *arena, struct diags *diags, struct source *source) {
    if (!text_check_utf8(diags, source))
        return NULL;
    struct toml t = { .arena = arena, .diags = diags, .source = source, .text = source->text };
    t.file = tree_file_new(arena, source);
    t.file->toml = true;
    if (str_starts(t.text, UTF8_BOM))
        t.at = UTF8_BOM.len;
    struct tree *map =
        tree_new(t.file, TREE_MAPPING, TREE_BLOCK, toml_span(&t, t.at, t.text.len), NULL);
    if (!read_lines(&t, toml_place_new(&t, map, TOML_TABLE)))
        return NULL;
    t.file->empty = !map->count;
    t.file->root =
        map->count ? map : tree_new(t.file, TREE_SCALAR, TREE_PLAIN, toml_span(&t, 0, 0), NULL);
    close_tables(&t, map);
    return t.file;
}
