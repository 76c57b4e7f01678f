/* Nodes in the order of the file → tree with its anchors, aliases and merges. */
#include "lower/yaml_build.h"

#include "lower/tree_build.h"

void yaml_build_start(struct yaml_build *b, struct arena *arena, struct diags *diags,
                      struct source *source, size_t most) {
    b->most = most;
    b->file = tree_file_new(arena, source);
    b->diags = diags;
    b->depth = 0;
    b->top = NULL;
    b->expansions = 0;
    b->stop = b->broken = false;
}

static void give_up(struct yaml_build *b) {
    b->stop = b->broken = true;
}

bool yaml_build_room(struct yaml_build *b, struct span span) {
    if (b->file->nodes < b->most)
        return true;
    tree_tell_nodes(b->diags, span, b->most);
    give_up(b);
    return false;
}

static struct tree *parent_of(const struct yaml_build *b) {
    return b->top ? b->top->node : NULL;
}

/* Hands a complete node to what it stands in. */
static void deliver(struct yaml_build *b, struct tree *node, uint64_t size, uint32_t height) {
    struct yaml_frame *f = b->top;
    if (!f) {
        b->file->root = node;
        return;
    }
    f->size += size;
    if (height > f->height)
        f->height = height;
    if (f->node->kind == TREE_MAPPING && !f->key) {
        f->key = node;
        return;
    }
    f->last = tree_append(f->node, f->last, f->key, node);
    f->key = NULL;
}

static void take_props(struct yaml_build *b, struct tree *node, struct tree_props *props) {
    node->props = props;
    if (props && props->anchor.len)
        *table_at(b->file->anchors, props->anchor) = node;
}

/* ---- scalars ---- */

void yaml_build_scalar(struct yaml_build *b, const struct yaml_scalar *s,
                       struct tree_props *props) {
    struct tree *node = tree_new(b->file, TREE_SCALAR, s->style, s->span, parent_of(b));
    node->content = s->content;
    node->text = s->text;
    if (props) {
        take_props(b, node, props);
        props->size = 1;
        props->height = 1;
    }
    struct yaml_frame *f = b->top;
    bool key = f && f->node->kind == TREE_MAPPING && !f->key;
    if (!key) {
        deliver(b, node, 1, 1);
        return;
    }
    f->key = node; /* as deliver does, for half of all scalars */
    f->size++;
    f->height += f->height == 0;
}

/* ---- aliases ---- */

static bool is_open(const struct yaml_build *b, const struct tree *node) {
    for (size_t i = 0; i < b->depth; i++)
        if (b->stack[i].node == node)
            return true;
    return false;
}

static void report_alias(struct yaml_build *b, struct str name, struct span span) {
    struct diag *d = diag_add(b->diags, DIAG_ALIAS, span,
                              "no anchor `&%.*s` stands above this alias", STR_ARG(name));
    diag_effect(b->diags, d, "readers of YAML refuse the file");
    diag_help(b->diags, d, "write `&%.*s` before the value that is meant, or quote the text",
              STR_ARG(name));
}

static void report_loop(struct yaml_build *b, struct str name, struct span span) {
    struct diag *d = diag_add(b->diags, DIAG_ALIAS, span,
                              "`*%.*s` stands inside the value that it names", STR_ARG(name));
    diag_effect(b->diags, d, "the value would have no end");
    diag_help(b->diags, d, "remove the alias, or write the value that is meant in its place");
}

/* False when the alias would repeat more than any file has reason to. */
static bool within_limits(struct yaml_build *b, const struct tree *target, struct span span) {
    b->expansions += target->props->size;
    const struct yaml_frame *f = b->top;
    if (b->expansions > TREE_MOST_EXPANSIONS ||
        (f && f->size + target->props->size > TREE_MOST_EXPANSIONS + (uint64_t)b->file->nodes)) {
        struct diag *d = diag_add(b->diags, DIAG_TREE_LIMIT, span,
                                  "the aliases of this file repeat more than 1,000,000 values");
        tree_refuse(b->diags, d, "name fewer or smaller values with aliases");
        return false;
    }
    if (b->depth + target->props->height > TREE_DEEPEST) {
        struct diag *d =
            diag_add(b->diags, DIAG_TREE_LIMIT, span,
                     "values stand inside each other more than %d deep, counting what aliases name",
                     (int)TREE_DEEPEST);
        tree_refuse(b->diags, d, "use fewer aliases inside values that aliases name");
        return false;
    }
    return true;
}

void yaml_build_alias(struct yaml_build *b, struct str name, struct span span) {
    struct tree *node = tree_new(b->file, TREE_ALIAS, TREE_PLAIN, span, parent_of(b));
    struct tree *target = table_get(b->file->anchors, name);
    node->alias = name;
    if (b->file->last_alias)
        b->file->last_alias->next_alias = node;
    else
        b->file->aliases = node;
    b->file->last_alias = node;
    if (!target) {
        report_alias(b, name, span);
        b->broken = true;
    } else if (is_open(b, target)) {
        report_loop(b, name, span);
        b->broken = true;
        target = NULL;
    }
    if (target && !within_limits(b, target, span)) {
        give_up(b);
        return;
    }
    node->target = target;
    if (target)
        deliver(b, node, target->props->size, target->props->height);
    else /* the file is lost; a scalar keeps the rest readable until its end */
        deliver(b, tree_new(b->file, TREE_SCALAR, TREE_PLAIN, span, parent_of(b)), 1, 1);
}

/* ---- collections ---- */

void yaml_build_open(struct yaml_build *b, enum tree_kind kind, enum tree_style style,
                     struct span span, uint32_t indent, struct tree_props *props) {
    if (b->depth == TREE_DEEPEST) {
        struct span from = { props ? props->start : span.start, span.end };
        struct diag *d =
            diag_add(b->diags, DIAG_TREE_LIMIT, from,
                     "values stand inside each other more than %d deep", (int)TREE_DEEPEST);
        tree_refuse(b->diags, d, "remove levels: no configuration has that many");
        give_up(b);
        return;
    }
    struct tree *node = tree_new(b->file, kind, style, span, parent_of(b));
    node->indent = indent;
    take_props(b, node, props);
    b->top = &b->stack[b->depth++];
    *b->top = (struct yaml_frame){ .node = node, .size = 1 };
}

void yaml_build_close(struct yaml_build *b, uint32_t end) {
    struct yaml_frame *f = b->top;
    struct tree *node = f->node;
    b->depth--;
    b->top = b->depth ? f - 1 : NULL;
    if (end)
        node->span.end = end;
    else if (f->last)
        node->span.end = f->last->value->span.end;
    if (node->kind == TREE_MAPPING && !b->broken)
        tree_close_mapping(b->diags, node);
    if (node->props) {
        node->props->size = f->size > UINT32_MAX ? UINT32_MAX : (uint32_t)f->size;
        node->props->height = f->height + 1;
    }
    deliver(b, node, f->size, f->height + 1);
}

struct tree_file *yaml_build_finish(struct yaml_build *b) {
    struct tree_file *file = b->file;
    if (b->broken)
        return NULL;
    if (!file->root) {
        file->empty = true;
        file->root = tree_new(file, TREE_SCALAR, TREE_PLAIN, span_of(file->source, 0, 0), NULL);
    }
    return file;
}
