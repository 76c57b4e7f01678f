/* Are two trees of one file the same, in every part that a reader can give? For tests. */
#pragma once

#include "lower/tree.h"
#include "lower/yaml_readers.h"

#include <stdio.h>

/* Where two trees differ first. */
struct tree_difference {
    const char *what; /* NULL: nowhere */
    uint32_t at;      /* in the file */
};

static inline bool same_span(struct span a, struct span b) {
    return a.start == b.start && a.end == b.end;
}

/* Their files are the same text, so that nodes are the same when they stand at the same place. */
static inline bool same_place(const struct tree *a, const struct tree *b) {
    return !a == !b && (!a || (same_span(a->span, b->span) && a->kind == b->kind));
}

static inline bool same_props(const struct tree_props *a, const struct tree_props *b) {
    if (!a || !b)
        return a == b;
    return str_eq(a->anchor, b->anchor) && str_eq(a->tag, b->tag) && a->start == b->start &&
           a->size == b->size && a->height == b->height;
}

static inline bool lies_inside(const struct tree *node) {
    struct str all = node->file->source->text;
    return node->text.at >= all.at && node->text.at < all.at + all.len;
}

static inline const char *scalar_difference(const struct tree *a, const struct tree *b) {
    if (!str_eq(a->text, b->text))
        return "the text";
    if (a->text.len && lies_inside(a) != lies_inside(b))
        return "where the text lies";
    return same_span(a->content, b->content) ? NULL : "the content's span";
}

static inline const char *list_difference(const struct tree_entry *a, const struct tree_entry *b) {
    for (; a && b; a = a->next, b = b->next)
        if (!same_place(a->key, b->key) || !same_place(a->value, b->value) ||
            !same_place(a->owner, b->owner))
            return "an entry";
    return a || b ? "the number of entries" : NULL;
}

static inline const char *collection_difference(const struct tree *a, const struct tree *b) {
    if (a->count != b->count || a->live != b->live)
        return "the counts";
    if (!a->index != !b->index)
        return "the index";
    for (const struct tree_entry *e = a->merged; e && a->index; e = e->next) {
        const struct tree_entry *x = table_get(a->index, tree_key(e)),
                                *y = table_get(b->index, tree_key(e));
        if (!x != !y || (x && !same_place(x->key, y->key)))
            return "what the index says";
    }
    const char *what = list_difference(a->first, b->first);
    return what ? what : list_difference(a->merged, b->merged);
}

static inline const char *node_difference(const struct tree *a, const struct tree *b) {
    if (a->kind != b->kind || a->style != b->style)
        return "kind or style";
    if (!same_span(a->span, b->span))
        return "the span";
    if (!same_props(a->props, b->props))
        return "anchor or tag";
    if (!same_place(a->parent, b->parent))
        return "the parent";
    if (a->indent != b->indent)
        return "the indent";
    if (a->kind == TREE_SCALAR)
        return scalar_difference(a, b);
    if (a->kind == TREE_ALIAS)
        return str_eq(a->alias, b->alias) && same_place(a->target, b->target) ? NULL : "the alias";
    return collection_difference(a, b);
}

static inline struct tree_difference tree_differs(const struct tree *a, const struct tree *b) {
    struct tree_difference d = { node_difference(a, b), a->span.start };
    if (d.what || a->kind == TREE_SCALAR || a->kind == TREE_ALIAS)
        return d;
    const struct tree_entry *x = a->first, *y = b->first;
    for (; x && !d.what; x = x->next, y = y->next) {
        if (x->key)
            d = tree_differs(x->key, y->key);
        if (!d.what)
            d = tree_differs(x->value, y->value);
    }
    return d;
}

enum readers {
    READERS_AGREE,
    READERS_ONE,  /* the quick one does not read this */
    READERS_NONE, /* neither does */
    READERS_DIFFER,
};

/* Reads a text, which is not empty, by both. */
static inline enum readers readers_compare(struct arena *arena, struct str text,
                                           struct tree_difference *d) {
    struct sources sources = { .arena = arena };
    struct diags diags = { .arena = arena, .sources = &sources };
    struct source *source = source_add(&sources, STR("input"), text);
    struct tree_file *quick = yaml_read_quick(arena, source, TREE_MOST_NODES);
    struct tree_file *any = yaml_read_any(arena, &diags, source, TREE_MOST_NODES);
    *d = (struct tree_difference){ NULL, 0 };
    if (!quick)
        return any ? READERS_ONE : READERS_NONE;
    if (!any || diags.first)
        d->what = "libyaml has a finding";
    else if (quick->nodes != any->nodes || quick->empty != any->empty || quick->json != any->json)
        d->what = "the file";
    else
        *d = tree_differs(quick->root, any->root);
    return d->what ? READERS_DIFFER : READERS_AGREE;
}
