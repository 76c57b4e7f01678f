/* The tree as JSON, for other programs: kinds, names and parts, without places and comments. */
#include "ast/json.h"

#include "support/json_writer.h"

static void add_node(struct json *w, const struct node *node);

static void add_nodes(struct json *w, const char *key, struct nodes list) {
    if (!list.head)
        return;
    json_key(w, key);
    json_array(w);
    NODES_EACH(node, list)
    add_node(w, node);
    json_array_end(w);
}

static void add_part(struct json *w, const char *key, const struct node *node) {
    if (!node)
        return;
    json_key(w, key);
    add_node(w, node);
}

static void add_block(struct json *w, const struct node_block *block) {
    if (!block)
        return;
    json_key(w, "body");
    json_array(w);
    NODES_EACH(node, block->body)
    add_node(w, node);
    json_array_end(w);
}

static void add_text(struct json *w, const char *kind, const struct node_text *text) {
    json_member(w, "kind", str_of(kind));
    json_member(w, "text", text->text);
}

static void add_members(struct json *w, struct node *node) {
    switch ((enum node_kind)node->kind) {
    case NODE_WORD: add_text(w, "word", node_text(node)); return;
    case NODE_STRING: add_text(w, "string", node_text(node)); return;
    case NODE_RAW: add_text(w, "raw", node_text(node)); return;
    case NODE_HEREDOC: add_text(w, "heredoc", node_text(node)); return;
    case NODE_CALL:
        json_member(w, "kind", STR("call"));
        json_member(w, "name", node_call(node)->name);
        add_nodes(w, "args", node_call(node)->args);
        return;
    case NODE_LIST:
        json_member(w, "kind", STR("list"));
        add_nodes(w, "items", node_list(node)->items);
        return;
    case NODE_ARG:
        json_member(w, "kind", STR("arg"));
        json_member(w, "name", node_arg(node)->name);
        add_part(w, "value", node_arg(node)->value);
        return;
    case NODE_ROUTE:
        json_member(w, "kind", STR("route"));
        add_nodes(w, "patterns", node_route(node)->patterns);
        add_nodes(w, "middlewares", node_route(node)->links);
        add_nodes(w, "pools", node_route(node)->pools);
        add_part(w, "redirect", node_route(node)->redirect);
        add_part(w, "status", node_route(node)->status);
        add_block(w, node_route(node)->block);
        return;
    case NODE_SETTING:
        json_member(w, "kind", STR("setting"));
        json_member(w, "name", node_setting(node)->name);
        add_nodes(w, "args", node_setting(node)->args);
        add_block(w, node_setting(node)->block);
        return;
    case NODE_LET:
        json_member(w, "kind", STR("let"));
        json_member(w, "name", node_let(node)->name);
        add_part(w, "value", node_let(node)->value);
        return;
    case NODE_MIDDLEWARE:
        json_member(w, "kind", STR("middleware"));
        json_member(w, "name", node_let(node)->name);
        add_nodes(w, "middlewares", node_let(node)->links);
        return;
    case NODE_TEMPLATE:
        json_member(w, "kind", STR("template"));
        json_member(w, "name", node_template(node)->name);
        add_nodes(w, "params", node_template(node)->params);
        add_block(w, node_template(node)->block);
        return;
    case NODE_FOR:
        json_member(w, "kind", STR("for"));
        json_member(w, "name", node_for(node)->name);
        add_part(w, "in", node_for(node)->value);
        add_block(w, node_for(node)->block);
        add_part(w, "call", node_for(node)->call);
        return;
    case NODE_BROKEN:
        json_member(w, "kind", STR("broken"));
        add_block(w, node_broken(node)->block);
        return;
    case NODE_BLOCK:
        json_member(w, "kind", STR("block"));
        add_block(w, node_block(node));
        return;
    case NODE_POOL:
        json_member(w, "kind", STR("pool"));
        add_nodes(w, "targets", node_pool(node)->targets);
        return;
    case NODE_TARGET:
        json_member(w, "kind", STR("target"));
        add_part(w, "to", node_target(node)->text);
        add_part(w, "percent", node_target(node)->percent);
        return;
    case NODE_PARAM:
        json_member(w, "kind", STR("param"));
        json_member(w, "name", node_param(node)->name);
        add_part(w, "type", node_param(node)->type);
        add_part(w, "range", node_param(node)->range);
        add_part(w, "default", node_param(node)->value);
        return;
    }
}

static void add_node(struct json *w, const struct node *node) {
    json_object(w);
    add_members(w, (struct node *)node);
    json_object_end(w);
}

void ast_json(struct buf *out, const struct ast *ast) {
    struct json w = { .out = out, .indent = 2 };
    json_object(&w);
    json_key(&w, "body");
    json_array(&w);
    NODES_EACH(node, ast->body)
    add_node(&w, node);
    json_array_end(&w);
    json_object_end(&w);
    buf_char(out, '\n');
}
