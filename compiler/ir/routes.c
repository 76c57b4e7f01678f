/* The routes as a table for people: where a request comes in, what it becomes, and who vouches for
   the name. What a route brings along (its redirect from http://) has no line of its own. */
#include "ir/ir.h"

enum column { HOST, PATH, MODE, TARGET, CERTIFICATE, COLUMNS };
#define GAP 2

static const char *const heads[COLUMNS] = { "host", "path", "mode", "target", "certificate" };

struct row {
    struct row *next;
    struct str cells[COLUMNS];
};

static void add_texts(struct buf *out, const struct ir_texts *texts) {
    for (size_t i = 0; i < texts->count; i++) {
        if (i)
            buf_text(out, ", ");
        buf_add(out, texts->list[i]);
    }
}

static struct str host(struct arena *a, const struct ir_router *r) {
    struct buf out = { .arena = a };
    if (r->hosts.count != 1 || !r->own_port || !str_is(r->hosts.list[0], "*"))
        add_texts(&out, &r->hosts);
    if (r->own_port)
        buf_format(&out, ":%u", r->port);
    return buf_str(&out);
}

static void add_targets(struct buf *out, const struct ir_project *p, const struct ir_target *list) {
    for (const struct ir_target *t = list; t; t = t->next) {
        if (t != list)
            buf_text(out, ", ");
        if (p && t->container)
            buf_format(out, "%.*s/", STR_ARG(p->name));
        buf_add(out, t->address);
        if (t->weight)
            buf_format(out, " %u%%", t->weight);
    }
}

/* In a tree of projects with the project whose service it is. */
static struct str target(const struct ir *ir, struct arena *a, const struct ir_router *r) {
    struct buf out = { .arena = a };
    const struct ir_project *p = ir->world == IR_TREE ? r->project : NULL;
    if (r->use == IR_ACME && r->service)
        add_targets(&out, p, r->service->targets);
    for (const struct ir_pool *pool = r->pools; pool; pool = pool->next) {
        if (pool != r->pools)
            buf_text(&out, " else ");
        add_targets(&out, p, pool->targets);
    }
    if (r->redirect.len) {
        buf_text(&out, "=> ");
        buf_add(&out, r->redirect);
        buf_format(&out, " %u", r->redirect_status);
    }
    return buf_str(&out);
}

static bool same(const struct ir_texts *x, const struct ir_texts *y) {
    bool equal = x->count == y->count;
    for (size_t i = 0; equal && i < x->count; i++)
        equal = str_eq(x->list[i], y->list[i]);
    return equal;
}

static struct str certificate(struct arena *a, const struct ir_router *r) {
    struct buf out = { .arena = a };
    if (!r->tls)
        return STR("none");
    if (r->passthrough)
        return STR("the backend's");
    if (!r->resolver.len)
        return STR("one that is there");
    buf_add(&out, r->resolver);
    if (r->certificate.count && !same(&r->certificate, &r->hosts)) {
        buf_text(&out, " for ");
        add_texts(&out, &r->certificate);
    }
    return buf_str(&out);
}

static struct row *row_of(const struct ir *ir, struct arena *a, const struct ir_router *r) {
    struct row *row = arena_new(a, struct row);
    row->cells[HOST] = host(a, r);
    row->cells[PATH] = r->path;
    row->cells[MODE] = r->use == IR_ACME ? STR("acme") : r->mode;
    row->cells[TARGET] = target(ir, a, r);
    row->cells[CERTIFICATE] = certificate(a, r);
    for (int c = 0; c < COLUMNS; c++)
        if (!row->cells[c].len)
            row->cells[c] = c == HOST ? STR("*") : STR("-");
    return row;
}

/* A variable is written with its `$` again. */
static void add_cell(struct buf *out, struct str s) {
    for (size_t i = 0; i < s.len; i++)
        buf_char(out, s.at[i] == IR_VARIABLE ? '$' : s.at[i]);
}

static void add_row(struct buf *out, const struct row *row, const size_t *widths) {
    for (int c = 0; c < COLUMNS; c++) {
        add_cell(out, row->cells[c]);
        if (c + 1 < COLUMNS)
            buf_repeat(out, ' ', widths[c] - row->cells[c].len + GAP);
    }
    buf_char(out, '\n');
}

void ir_routes(struct buf *out, const struct ir *ir) {
    struct row head = { NULL, { { NULL, 0 } } }, **last = &head.next;
    size_t widths[COLUMNS];
    for (int c = 0; c < COLUMNS; c++) {
        head.cells[c] = str_of(heads[c]);
        widths[c] = head.cells[c].len;
    }
    for (const struct ir_project *p = ir->projects; p; p = p->next)
        for (const struct ir_router *r = p->disabled ? NULL : p->routers; r; r = r->next) {
            if (r->use == IR_TO_HTTPS)
                continue;
            struct row *row = *last = row_of(ir, out->arena, r);
            last = &row->next;
            for (int c = 0; c < COLUMNS; c++)
                if (widths[c] < row->cells[c].len)
                    widths[c] = row->cells[c].len;
        }
    for (const struct row *row = &head; row; row = row->next)
        add_row(out, row, widths);
}
