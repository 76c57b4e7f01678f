/* Entries of a YAML file, written anew at another depth. */
#include "lower/infra.h"
#include "lower/tree_place.h"
#include "lower/yaml_comments.h"

static void indent(struct raw *raw, size_t columns, struct span span) {
    struct buf blanks = { .arena = raw->l->arena };
    buf_repeat(&blanks, ' ', columns);
    if (columns)
        join_word(&raw->join, buf_str(&blanks), span);
}

/* The comments above an entry; those inside it stand in its own lines. */
static void add_comments(struct raw *raw, size_t columns, uint32_t start, uint32_t end) {
    struct comment *above = yaml_comments_take(&raw->l->comments, start);
    yaml_comments_take(&raw->l->comments, end);
    for (; above; above = above->next) {
        indent(raw, columns, above->span);
        join_source(&raw->join, above->span);
        join_word(&raw->join, STR("\n"), above->span);
    }
}

/* Line by line; the blanks that the entry's own depth gave each line make way for ours. */
static void add_lines(struct raw *raw, size_t columns, size_t own, struct span span) {
    struct str text = raw->l->source->text;
    size_t at = span.start - raw->l->source->base, end = span.end - raw->l->source->base;
    for (bool first = true; at < end; first = false) {
        size_t stop = at, from = at;
        while (stop < end && text.at[stop] != '\n')
            stop++;
        while (!first && from < stop && from - at < own && text.at[from] == ' ')
            from++;
        size_t to = stop > from && text.at[stop - 1] == '\r' ? stop - 1 : stop;
        struct span line = span_of(raw->l->source, from, to);
        if (to > from)
            indent(raw, columns, line);
        join_source(&raw->join, line);
        join_word(&raw->join, STR("\n"), line);
        at = stop + 1;
    }
}

void raw_entry(struct raw *raw, const struct str *path, size_t depth,
               const struct tree_entry *entry) {
    const struct tree *map = entry->owner;
    bool block = map->style == TREE_BLOCK;
    uint32_t start = tree_whole(entry->key).start;
    uint32_t end = block ? yaml_lines_end(entry->value) : tree_whole(entry->value).end;
    raw->join.l = raw->l;
    for (; raw->open < depth; raw->open++) {
        indent(raw, raw->open * 2, entry->key->span);
        join_word(&raw->join, path[raw->open], entry->key->span);
        join_word(&raw->join, STR(":\n"), entry->key->span);
    }
    add_comments(raw, depth * 2, start, end);
    /* Lines of a value in brackets may begin anywhere: they all go below the key. */
    bool loose = !block || (entry->value->kind != TREE_SCALAR && entry->value->style == TREE_FLOW);
    add_lines(raw, depth * 2, loose ? 0 : map->indent, (struct span){ start, end });
}

struct node *raw_node(struct raw *raw, const char *kind) {
    if (raw->join.out.len == 0)
        return NULL;
    struct span span = raw->join.pieces[0].span;
    for (size_t i = 0; i < raw->join.count; i++)
        span = span_join(span, raw->join.pieces[i].span);
    struct nodes args = nodes_append((struct nodes){ 0 }, lower_word(raw->l, str_of(kind), span));
    args = nodes_append(args, join_node(&raw->join, span));
    struct node *node = lower_setting(raw->l, "raw", span, args, NULL);
    return node;
}
