/* A graph in the forms that other programs draw. */
#include "analysis/graph.h"
#include "support/json_writer.h"

/* ---- dot ---- */

void graph_write_dot(struct buf *out, const struct graph *g) {
    static const char *const shapes[VERTEX_KINDS] = {
        [VERTEX_ENTRY_POINT] = "cds", [VERTEX_ROUTER] = "box",     [VERTEX_MIDDLEWARE] = "hexagon",
        [VERTEX_SERVICE] = "ellipse", [VERTEX_PROJECT] = "folder", [VERTEX_SERVER] = "component",
        [VERTEX_EGRESS] = "note",
    };
    buf_text(out, "digraph itsupc {\n  rankdir=LR;\n");
    for (size_t i = 0; i < g->node_count; i++) {
        const struct vertex *n = g->nodes[i];
        buf_format(out, "  n%zu [shape=%s, label=\"", n->number, shapes[n->kind]);
        for (size_t j = 0; j < n->name.len; j++) {
            char c = n->name.at[j];
            if (c == '"' || c == '\\')
                buf_char(out, '\\');
            buf_char(out, (unsigned char)c < ' ' ? ' ' : c);
        }
        buf_text(out, "\"];\n");
    }
    for (size_t i = 0; i < g->edge_count; i++)
        buf_format(out, "  n%zu -> n%zu;\n", g->edges[i].from->number, g->edges[i].to->number);
    buf_text(out, "}\n");
}

/* ---- mermaid ---- */

void graph_write_mermaid(struct buf *out, const struct graph *g) {
    static const char *const open[VERTEX_KINDS] = {
        [VERTEX_ENTRY_POINT] = ">\"", [VERTEX_ROUTER] = "[\"",   [VERTEX_MIDDLEWARE] = "{{\"",
        [VERTEX_SERVICE] = "(\"",     [VERTEX_PROJECT] = "[[\"", [VERTEX_SERVER] = "[(\"",
        [VERTEX_EGRESS] = "([\"",
    };
    static const char *const close[VERTEX_KINDS] = {
        [VERTEX_ENTRY_POINT] = "\"]", [VERTEX_ROUTER] = "\"]",   [VERTEX_MIDDLEWARE] = "\"}}",
        [VERTEX_SERVICE] = "\")",     [VERTEX_PROJECT] = "\"]]", [VERTEX_SERVER] = "\")]",
        [VERTEX_EGRESS] = "\"])",
    };
    buf_text(out, "flowchart LR\n");
    for (size_t i = 0; i < g->node_count; i++) {
        const struct vertex *n = g->nodes[i];
        buf_format(out, "  n%zu%s", n->number, open[n->kind]);
        for (size_t j = 0; j < n->name.len; j++) {
            char c = n->name.at[j];
            if (c == '"' || c == '#' || c == '<' || c == '>' || c == '&' || c == '`')
                buf_format(out, "#%d;", c);
            else
                buf_char(out, (unsigned char)c < ' ' ? ' ' : c);
        }
        buf_format(out, "%s\n", close[n->kind]);
    }
    for (size_t i = 0; i < g->edge_count; i++)
        buf_format(out, "  n%zu --> n%zu\n", g->edges[i].from->number, g->edges[i].to->number);
}

/* ---- JSON ---- */

void graph_write_json(struct buf *out, const struct graph *g) {
    struct json w = { .out = out };
    json_object(&w);
    json_key(&w, "nodes");
    json_array(&w);
    for (size_t i = 0; i < g->node_count; i++) {
        json_object(&w);
        json_member_number(&w, "id", g->nodes[i]->number);
        json_member(&w, "kind", str_of(vertex_kind_name(g->nodes[i]->kind)));
        json_member(&w, "name", g->nodes[i]->name);
        json_object_end(&w);
    }
    json_array_end(&w);
    json_key(&w, "edges");
    json_array(&w);
    for (size_t i = 0; i < g->edge_count; i++) {
        json_object(&w);
        json_member_number(&w, "from", g->edges[i].from->number);
        json_member_number(&w, "to", g->edges[i].to->number);
        json_object_end(&w);
    }
    json_array_end(&w);
    json_object_end(&w);
    buf_char(out, '\n');
}
