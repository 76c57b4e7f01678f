/* What the user wrote, with spans: constructors and casts. */
#include "ast/ast.h"

#include <assert.h>

struct nodes nodes_append(struct nodes list, struct node *node) {
    if (!node)
        return list;
    if (list.tail)
        list.tail->next = node;
    else
        list.head = node;
    list.tail = node;
    return list;
}

size_t nodes_count(struct nodes list) {
    size_t count = 0;
    for (struct node *n = list.head; n; n = n->next)
        count++;
    return count;
}

static void part_one(struct nodes parts[], size_t *count, const void *part) {
    struct node *node = (struct node *)part;
    if (node)
        parts[(*count)++] = (struct nodes){ node, node };
}

static void part_list(struct nodes parts[], size_t *count, struct nodes list) {
    if (list.head)
        parts[(*count)++] = list;
}

size_t node_parts(const struct node *node, struct nodes parts[NODE_PARTS]) {
    size_t count = 0;
    struct node *n = (struct node *)node;
    switch ((enum node_kind)node->kind) {
    case NODE_WORD:
    case NODE_STRING:
    case NODE_RAW:
    case NODE_HEREDOC: break;
    case NODE_CALL: part_list(parts, &count, node_call(n)->args); break;
    case NODE_LIST: part_list(parts, &count, node_list(n)->items); break;
    case NODE_ARG: part_one(parts, &count, node_arg(n)->value); break;
    case NODE_ROUTE:
        part_list(parts, &count, node_route(n)->patterns);
        part_list(parts, &count, node_route(n)->links);
        part_list(parts, &count, node_route(n)->pools);
        part_one(parts, &count, node_route(n)->redirect);
        part_one(parts, &count, node_route(n)->status);
        part_one(parts, &count, node_route(n)->block);
        break;
    case NODE_SETTING:
        part_list(parts, &count, node_setting(n)->args);
        part_one(parts, &count, node_setting(n)->block);
        break;
    case NODE_LET:
    case NODE_MIDDLEWARE:
        part_one(parts, &count, node_let(n)->value);
        part_list(parts, &count, node_let(n)->links);
        break;
    case NODE_TEMPLATE:
        part_list(parts, &count, node_template(n)->params);
        part_one(parts, &count, node_template(n)->block);
        break;
    case NODE_FOR:
        part_one(parts, &count, node_for(n)->value);
        part_one(parts, &count, node_for(n)->block);
        part_one(parts, &count, node_for(n)->call);
        break;
    case NODE_BROKEN: part_one(parts, &count, node_broken(n)->block); break;
    case NODE_BLOCK: part_list(parts, &count, node_block(n)->body); break;
    case NODE_POOL: part_list(parts, &count, node_pool(n)->targets); break;
    case NODE_TARGET:
        part_one(parts, &count, node_target(n)->text);
        part_one(parts, &count, node_target(n)->percent);
        break;
    case NODE_PARAM:
        part_one(parts, &count, node_param(n)->type);
        part_one(parts, &count, node_param(n)->range);
        part_one(parts, &count, node_param(n)->value);
        break;
    }
    return count;
}

#define CAST(type, test)                                                                           \
    struct type *type(struct node *node) {                                                         \
        assert(test);                                                                              \
        return (struct type *)node;                                                                \
    }

CAST(node_text, node_is_text(node))
CAST(node_call, node->kind == NODE_CALL)
CAST(node_list, node->kind == NODE_LIST)
CAST(node_arg, node->kind == NODE_ARG)
CAST(node_block, node->kind == NODE_BLOCK)
CAST(node_route, node->kind == NODE_ROUTE)
CAST(node_pool, node->kind == NODE_POOL)
CAST(node_target, node->kind == NODE_TARGET)
CAST(node_setting, node->kind == NODE_SETTING)
CAST(node_let, node->kind == NODE_LET || node->kind == NODE_MIDDLEWARE)
CAST(node_template, node->kind == NODE_TEMPLATE)
CAST(node_param, node->kind == NODE_PARAM)
CAST(node_for, node->kind == NODE_FOR)
CAST(node_broken, node->kind == NODE_BROKEN)

struct span node_text_span(const struct node_text *text, size_t from, size_t to) {
    if (text->pieces) {
        const struct piece *first = text->pieces, *last;
        while (first[1].at <= from && first[1].at != UINT32_MAX)
            first++;
        last = first;
        while (last[1].at < to && last[1].at != UINT32_MAX)
            last++;
        struct span a =
            first->whole ? first->span : span_slice(first->span, from - first->at, to - first->at);
        struct span b = last == first ? a
                        : last->whole ? last->span
                                      : span_slice(last->span, 0, to - last->at);
        return span_join(a, b);
    }
    if (span_is_none(text->base.span))
        return text->base.span;
    uint32_t start = text->inner + (uint32_t)from, end = text->inner + (uint32_t)to;
    uint32_t limit = text->base.span.end;
    return (struct span){ start < limit ? start : limit, end < limit ? end : limit };
}

static void *make(struct arena *a, size_t size, enum node_kind kind, struct span span) {
    struct node *node = arena_alloc(a, size);
    node->kind = (uint8_t)kind;
    node->span = span;
    return node;
}
#define MAKE(type, kind) struct type *n = make(a, sizeof *n, kind, span)

static struct node_block *block_or_null(struct node *block) {
    return block ? node_block(block) : NULL;
}

struct node *ast_text(struct arena *a, enum node_kind kind, struct span span, struct str text,
                      uint32_t inner) {
    MAKE(node_text, kind);
    n->text = text;
    n->inner = inner;
    return &n->base;
}

struct node *ast_call(struct arena *a, struct span span, struct node *name, struct nodes args) {
    MAKE(node_call, NODE_CALL);
    n->name = node_text(name)->text;
    n->name_span = name->span;
    n->args = args;
    return &n->base;
}

struct node *ast_list(struct arena *a, struct span span, struct nodes items, bool listed) {
    if (listed && items.head && items.head == items.tail)
        return items.head;
    MAKE(node_list, NODE_LIST);
    n->items = items;
    n->base.listed = listed;
    return &n->base;
}

struct node *ast_arg(struct arena *a, struct span span, struct node *name, struct node *value) {
    MAKE(node_arg, NODE_ARG);
    n->name = node_text(name)->text;
    n->name_span = name->span;
    n->value = value;
    return &n->base;
}

struct node *ast_block(struct arena *a, struct span span, struct nodes body) {
    MAKE(node_block, NODE_BLOCK);
    n->body = body;
    return &n->base;
}

struct node *ast_route(struct arena *a, struct span span, struct nodes patterns, struct nodes links,
                       struct nodes pools, struct node *block) {
    MAKE(node_route, NODE_ROUTE);
    n->patterns = patterns;
    n->links = links;
    n->pools = pools;
    n->block = block_or_null(block);
    return &n->base;
}

struct node *ast_redirect(struct arena *a, struct span span, struct nodes patterns,
                          struct nodes links, struct node *target, struct node *status,
                          struct node *block) {
    MAKE(node_route, NODE_ROUTE);
    n->patterns = patterns;
    n->links = links;
    n->redirect = target;
    n->status = status;
    n->block = block_or_null(block);
    return &n->base;
}

struct node *ast_pool(struct arena *a, struct span span, struct nodes targets) {
    MAKE(node_pool, NODE_POOL);
    n->targets = targets;
    return &n->base;
}

struct node *ast_target(struct arena *a, struct span span, struct node *text,
                        struct node *percent) {
    MAKE(node_target, NODE_TARGET);
    n->text = text;
    n->percent = percent;
    return &n->base;
}

struct node *ast_setting(struct arena *a, struct span span, struct node *name, struct nodes args,
                         struct node *block) {
    MAKE(node_setting, NODE_SETTING);
    n->name = node_text(name)->text;
    n->name_span = name->span;
    n->args = args;
    n->block = block_or_null(block);
    return &n->base;
}

struct node *ast_let(struct arena *a, struct span span, struct node *name, struct node *value) {
    MAKE(node_let, NODE_LET);
    n->name = node_text(name)->text;
    n->name_span = name->span;
    n->value = value;
    return &n->base;
}

struct node *ast_middleware(struct arena *a, struct span span, struct node *name,
                            struct nodes links) {
    MAKE(node_let, NODE_MIDDLEWARE);
    n->name = node_text(name)->text;
    n->name_span = name->span;
    n->links = links;
    return &n->base;
}

struct node *ast_template(struct arena *a, struct span span, struct node *name, struct nodes params,
                          struct node *block) {
    MAKE(node_template, NODE_TEMPLATE);
    n->name = node_text(name)->text;
    n->name_span = name->span;
    n->params = params;
    n->block = block_or_null(block);
    return &n->base;
}

struct node *ast_param(struct arena *a, struct span span, struct node *name, struct node *type,
                       struct node *range, struct node *value) {
    MAKE(node_param, NODE_PARAM);
    n->name = node_text(name)->text;
    n->name_span = name->span;
    n->type = type;
    n->range = range;
    n->value = value;
    return &n->base;
}

struct node *ast_for(struct arena *a, struct span span, struct node *name, struct node *value,
                     struct node *block, struct node *call) {
    MAKE(node_for, NODE_FOR);
    n->name = node_text(name)->text;
    n->name_span = name->span;
    n->value = value;
    n->block = block_or_null(block);
    n->call = call;
    return &n->base;
}

struct node *ast_broken(struct arena *a, struct span span, struct node *block) {
    MAKE(node_broken, NODE_BROKEN);
    n->block = block_or_null(block);
    return &n->base;
}
