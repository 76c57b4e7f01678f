/* A `#` is a comment where no scalar stands and a blank or line start is before it. */
#include "lower/yaml_comments.h"

#include "lower/tree_place.h"

struct leaves {
    struct arena *arena;
    struct span *at;
    size_t count, room;
};

static void leaf_add(struct leaves *l, struct span span) {
    if (l->count == l->room) {
        size_t room = l->room ? l->room * 2 : 64;
        struct span *at = arena_array(l->arena, struct span, room);
        if (l->count)
            memcpy(at, l->at, l->count * sizeof *at);
        l->at = at;
        l->room = room;
    }
    l->at[l->count++] = span;
}

/* In the order of the file; trees are at most TREE_DEEPEST deep. */
static void leaves_of(struct leaves *l, const struct tree *node) {
    if (node->kind == TREE_SCALAR && node->span.end > node->span.start)
        leaf_add(l, node->span);
    if (node->kind != TREE_MAPPING && node->kind != TREE_SEQUENCE)
        return;
    for (const struct tree_entry *e = node->first; e; e = e->next) {
        if (e->key)
            leaves_of(l, e->key);
        leaves_of(l, e->value);
    }
}

struct comment *yaml_comments_read(struct arena *a, struct diags *diags,
                                   const struct tree_file *file) {
    struct leaves leaves = { .arena = file->arena };
    struct str text = file->source->text;
    struct comment *first = NULL, **end = &first;
    if (str_find(text, '#') == STR_NONE)
        return NULL;
    bool fresh = true, blank = false; /* only blanks since the line's start; an empty line above */
    leaves_of(&leaves, file->root);
    for (size_t i = str_starts(text, STR("\xef\xbb\xbf")) ? 3 : 0, leaf = 0; i < text.len;) {
        while (leaf < leaves.count && leaves.at[leaf].end <= file->source->base + i)
            leaf++;
        if (leaf < leaves.count && leaves.at[leaf].start <= file->source->base + i) {
            i = leaves.at[leaf].end - file->source->base;
            fresh = text.at[i - 1] == '\n';
            blank = false;
            continue;
        }
        char c = text.at[i], before = i ? text.at[i - 1] : '\n';
        if (c == '#' && (fresh || before == ' ' || before == '\t')) {
            size_t stop = i;
            while (stop < text.len && text.at[stop] != '\n')
                stop++;
            struct comment *comment = arena_new(a, struct comment);
            comment->text = str_trim(str_slice(text, i, stop));
            comment->span = span_of(file->source, i, i + comment->text.len);
            comment->own_line = fresh;
            comment->blank_before = blank;
            diag_allow_comment(diags, comment->span);
            *end = comment;
            end = &comment->next;
            i = stop;
            fresh = false;
            blank = false;
            continue;
        }
        if (c == '\n') {
            blank = fresh && (blank || i > 0);
            fresh = true;
        } else if (c != ' ' && c != '\t' && c != '\r') {
            fresh = blank = false;
        }
        i++;
    }
    return first;
}

struct comment *yaml_comments_take(struct comment **list, uint32_t end) {
    struct comment *first = *list, **at = list;
    if (!first || first->span.start >= end)
        return NULL;
    while (*at && (*at)->span.start < end)
        at = &(*at)->next;
    struct comment *rest = *at;
    *at = NULL;
    *list = rest;
    return first;
}

/* Does an empty line stand above the line of this place? */
static bool blank_above(const struct source *source, uint32_t place) {
    struct str text = source->text;
    size_t i = place - source->base;
    while (i > 0 && text.at[i - 1] != '\n')
        i--;
    if (i == 0)
        return false;
    size_t end = --i;
    while (i > 0 && text.at[i - 1] != '\n')
        i--;
    return str_trim(str_slice(text, i, end)).len == 0;
}

static bool blank_below(const struct source *source, uint32_t place) {
    struct str rest = str_from(source->text, place - source->base);
    size_t line = str_find(rest, '\n');
    if (line == STR_NONE)
        return false;
    rest = str_from(rest, line + 1);
    line = str_find(rest, '\n');
    return line != STR_NONE && str_trim(str_slice(rest, 0, line)).len == 0;
}

void yaml_comments_hang(struct arena *arena, const struct source *source, struct node *node,
                        uint32_t place, struct comment *comments) {
    size_t behind = 0;
    for (struct comment *c = comments; c; c = c->next)
        behind += !c->own_line;
    if (comments && !node->trivia)
        node->trivia = arena_new(arena, struct trivia);
    struct comment *above = NULL; /* the last one */
    for (struct comment *c = comments, *next; c; c = next) {
        bool goes_after = !c->own_line && behind == 1;
        next = c->next;
        c->next = NULL;
        c->own_line = !goes_after;
        if (goes_after) {
            node->trivia->after = c;
            continue;
        }
        if (above) {
            above->next = c;
            c->blank_before |= blank_below(source, above->span.end);
        } else {
            node->trivia->before = c;
        }
        above = c;
    }
    if (above) {
        above->blank_after = blank_below(source, above->span.end);
        node->blank_before |= node->trivia->before->blank_before;
    } else {
        node->blank_before |= place && blank_above(source, place);
    }
}

uint32_t yaml_lines_end(const struct tree *node) {
    while ((node->kind == TREE_SEQUENCE || node->kind == TREE_MAPPING) &&
           node->style == TREE_BLOCK && node->first) {
        const struct tree_entry *last = node->first;
        while (last->next)
            last = last->next;
        node = last->value;
    }
    return tree_line_end(node);
}
