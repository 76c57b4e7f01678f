/* A graph as a picture: a column for each kind, things below each other in their order, lines
   between them. */
#include "analysis/graph.h"

enum { ROW = 34, BOX = 24, GAP = 90, MARGIN = 16, HEAD = 30, PER_CHARACTER = 7, PADDING = 16 };
enum { COLUMNS = 5 };

static size_t column_of(const struct vertex *n) {
    static const size_t columns[VERTEX_KINDS] = {
        [VERTEX_ENTRY_POINT] = 0, [VERTEX_ROUTER] = 1,  [VERTEX_MIDDLEWARE] = 2,
        [VERTEX_SERVICE] = 3,     [VERTEX_PROJECT] = 3, [VERTEX_SERVER] = 4,
        [VERTEX_EGRESS] = 4,
    };
    return columns[n->kind];
}

struct layout {
    size_t x[COLUMNS], width[COLUMNS], rows[COLUMNS];
    size_t *y; /* of each node */
    size_t right, bottom;
};

static void lay_out(struct layout *l, const struct graph *g) {
    *l = (struct layout){ .y = arena_array(g->arena, size_t, g->node_count + 1) };
    for (size_t i = 0; i < g->node_count; i++) {
        size_t column = column_of(g->nodes[i]);
        size_t width = g->nodes[i]->name.len * PER_CHARACTER + PADDING;
        l->y[i] = HEAD + MARGIN + ROW * l->rows[column]++;
        if (width > l->width[column])
            l->width[column] = width;
        if (l->y[i] + ROW > l->bottom)
            l->bottom = l->y[i] + ROW;
    }
    size_t x = MARGIN;
    for (size_t c = 0; c < COLUMNS; c++) {
        l->x[c] = x;
        if (l->width[c])
            x += l->width[c] + GAP;
    }
    l->right = x > MARGIN ? x - GAP + MARGIN : 2 * MARGIN;
    l->bottom += MARGIN;
}

static void write_text(struct buf *out, struct str text) {
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '<' || c == '>' || c == '&' || c == '"')
            buf_format(out, "&#%d;", c);
        else
            buf_char(out, (unsigned char)c < ' ' ? ' ' : c);
    }
}

void graph_write_svg(struct buf *out, const struct graph *g) {
    static const char *const fills[VERTEX_KINDS] = {
        [VERTEX_ENTRY_POINT] = "#cfe3ff", [VERTEX_ROUTER] = "#d8f0d0",
        [VERTEX_MIDDLEWARE] = "#ffe9c2",  [VERTEX_SERVICE] = "#e6dcf7",
        [VERTEX_PROJECT] = "#f2f2f2",     [VERTEX_SERVER] = "#ffffff",
        [VERTEX_EGRESS] = "#ffd9d9",
    };
    static const char *const heads[COLUMNS] = { "entry points", "routers", "middlewares",
                                                "services", "servers" };
    struct layout l;
    lay_out(&l, g);
    buf_format(out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%zu\" height=\"%zu\" "
               "font-family=\"monospace\" font-size=\"11\">\n",
               l.right, l.bottom);
    for (size_t c = 0; c < COLUMNS; c++)
        if (l.width[c])
            buf_format(out, "<text x=\"%zu\" y=\"%d\" font-weight=\"bold\">%s</text>\n", l.x[c],
                       HEAD, heads[c]);
    for (size_t i = 0; i < g->edge_count; i++) {
        const struct vertex *from = g->edges[i].from, *to = g->edges[i].to;
        size_t a = column_of(from), b = column_of(to);
        size_t x = l.x[a] + l.width[a], y = l.y[from->number] + BOX / 2;
        size_t end = l.x[b], down = l.y[to->number] + BOX / 2;
        buf_format(out,
                   "<path d=\"M%zu %zuC%zu %zu %zu %zu %zu %zu\" fill=\"none\" "
                   "stroke=\"#888\"/>\n",
                   x, y, x + GAP / 2, y, end - GAP / 2, down, end, down);
    }
    for (size_t i = 0; i < g->node_count; i++) {
        const struct vertex *n = g->nodes[i];
        size_t c = column_of(n);
        buf_format(out,
                   "<rect x=\"%zu\" y=\"%zu\" width=\"%zu\" height=\"%d\" rx=\"4\" fill=\"%s\" "
                   "stroke=\"#444\"/>\n<text x=\"%zu\" y=\"%zu\">",
                   l.x[c], l.y[i], l.width[c], BOX, fills[n->kind], l.x[c] + PADDING / 2,
                   l.y[i] + BOX / 2 + 4);
        write_text(out, n->name);
        buf_text(out, "</text>\n");
    }
    buf_text(out, "</svg>\n");
}
