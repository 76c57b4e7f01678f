/* The tree as text: one node per line, indented, with its role, kind, names, text and place. */
#include "ast/ast.h"
#include "support/buf.h"

struct dump {
    struct buf *out;
    struct sources *sources; /* NULL: shape alone, without spans and comments */
    const struct ast *ast;
};

static const char *kind_name(const struct node *node) {
    switch ((enum node_kind)node->kind) {
    case NODE_WORD: return "word";
    case NODE_STRING: return "string";
    case NODE_RAW: return "raw";
    case NODE_HEREDOC: return "heredoc";
    case NODE_CALL: return "call";
    case NODE_LIST: return node->listed ? "commas" : "list";
    case NODE_ARG: return "arg";
    case NODE_ROUTE: return "route";
    case NODE_SETTING: return "setting";
    case NODE_LET: return "let";
    case NODE_MIDDLEWARE: return "middleware";
    case NODE_TEMPLATE: return "template";
    case NODE_FOR: return "for";
    case NODE_BROKEN: return "broken";
    case NODE_BLOCK: return "block";
    case NODE_POOL: return "pool";
    case NODE_TARGET: return "target";
    case NODE_PARAM: return "param";
    }
    return "";
}

/* What a part is to its parent, where its kind alone does not tell. */
static const char *role_name(const struct node *parent, const struct node *part) {
    struct node *n = (struct node *)parent;
    switch ((enum node_kind)parent->kind) {
    case NODE_ROUTE:
        if (part == node_route(n)->redirect)
            return "redirect ";
        if (part == node_route(n)->status)
            return "status ";
        return "";
    case NODE_PARAM:
        if (part == node_param(n)->type)
            return "type ";
        if (part == node_param(n)->range)
            return "range ";
        return "default ";
    case NODE_TARGET: return part == node_target(n)->percent ? "percent " : "";
    case NODE_FOR: return part == node_for(n)->value ? "in " : "";
    case NODE_WORD:
    case NODE_STRING:
    case NODE_RAW:
    case NODE_HEREDOC:
    case NODE_CALL:
    case NODE_LIST:
    case NODE_ARG:
    case NODE_SETTING:
    case NODE_LET:
    case NODE_MIDDLEWARE:
    case NODE_TEMPLATE:
    case NODE_BROKEN:
    case NODE_BLOCK:
    case NODE_POOL: break;
    }
    return "";
}

/* The lists of a route follow each other and hold words alike. */
static const char *list_name(const struct node *parent, struct nodes list) {
    if (parent->kind != NODE_ROUTE)
        return "";
    const struct node_route *route = (const struct node_route *)parent;
    return list.head == route->patterns.head ? "pattern "
           : list.head == route->links.head  ? "link "
                                             : "";
}

static bool node_name(const struct node *node, struct str *name) {
    struct node *n = (struct node *)node;
    switch ((enum node_kind)node->kind) {
    case NODE_CALL: *name = node_call(n)->name; return true;
    case NODE_ARG: *name = node_arg(n)->name; return true;
    case NODE_SETTING: *name = node_setting(n)->name; return true;
    case NODE_LET:
    case NODE_MIDDLEWARE: *name = node_let(n)->name; return true;
    case NODE_TEMPLATE: *name = node_template(n)->name; return true;
    case NODE_FOR: *name = node_for(n)->name; return true;
    case NODE_PARAM: *name = node_param(n)->name; return true;
    case NODE_WORD:
    case NODE_STRING:
    case NODE_RAW:
    case NODE_HEREDOC: *name = node_text(n)->text; return true;
    case NODE_LIST:
    case NODE_ROUTE:
    case NODE_BROKEN:
    case NODE_BLOCK:
    case NODE_POOL:
    case NODE_TARGET: break;
    }
    return false;
}

static void add_quoted(struct buf *out, struct str text) {
    buf_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c == '\r' && i + 1 < text.len && text.at[i + 1] == '\n')
            continue;
        if (c == '\n')
            buf_text(out, "\\n");
        else if (c == '"' || c == '\\')
            buf_format(out, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            buf_format(out, "\\x%02x", c);
        else
            buf_char(out, (char)c);
    }
    buf_char(out, '"');
}

static void add_place(struct dump *d, struct span span) {
    if (!d->sources || span_is_none(span))
        return;
    struct place from = source_place(d->sources, span.start),
                 to = source_place(d->sources, span.end);
    buf_format(d->out, " %zu:%zu-%zu:%zu", from.line, from.column, to.line, to.column);
}

static void add_comments(struct dump *d, const struct comment *list, const char *where,
                         size_t depth) {
    if (!d->sources)
        return;
    for (const struct comment *c = list; c; c = c->next) {
        buf_repeat(d->out, ' ', 2 * depth);
        buf_format(d->out, "%s ", where);
        add_quoted(d->out, c->text.len ? c->text : source_text(d->sources, c->span));
        add_place(d, c->span);
        buf_char(d->out, '\n');
    }
}

static void add_node(struct dump *d, const struct node *node, const char *list, const char *role,
                     size_t depth) {
    const struct trivia none = { 0 }, *trivia = node->trivia ? node->trivia : &none;
    struct nodes parts[NODE_PARTS];
    struct str name;
    size_t count = node_parts(node, parts);
    add_comments(d, trivia->before, "before", depth);
    buf_repeat(d->out, ' ', 2 * depth);
    buf_format(d->out, "%s%s%s", list, role, kind_name(node));
    if (node_name(node, &name)) {
        buf_char(d->out, ' ');
        add_quoted(d->out, name);
    }
    if (node_is_text(node) && ((const struct node_text *)node)->has_braces)
        buf_text(d->out, " braces");
    add_place(d, node->span);
    buf_char(d->out, '\n');
    add_comments(d, trivia->open, "open", depth + 1);
    for (size_t i = 0; i < count; i++)
        NODES_EACH(part, parts[i])
    add_node(d, part, list_name(node, parts[i]), role_name(node, part), depth + 1);
    add_comments(d, trivia->inside, "inside", depth + 1);
    add_comments(d, trivia->after, "after", depth);
}

static void add_tree(struct dump *d) {
    NODES_EACH(node, d->ast->body)
    add_node(d, node, "", "", 0);
    add_comments(d, d->ast->tail, "tail", 0);
}

void ast_dump(struct buf *out, const struct ast *ast, struct sources *sources) {
    struct dump d = { out, sources, ast };
    add_tree(&d);
}

void ast_dump_shape(struct buf *out, const struct ast *ast) {
    struct dump d = { out, NULL, ast };
    add_tree(&d);
}
