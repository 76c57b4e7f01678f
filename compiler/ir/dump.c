/* IR to stable text: what a program means, without its layout, comments and places. */
#include "ir/ir.h"

/* A word as the user wrote it: variables with their `$`. */
static void add_word(struct buf *out, struct str s) {
    for (size_t i = 0; i < s.len; i++)
        buf_char(out, s.at[i] == IR_VARIABLE ? '$' : s.at[i]);
}

/* Text as a quoted word, so that blanks and line ends can be told apart. */
static void add_text(struct buf *out, struct str s) {
    buf_char(out, '"');
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (c == '\n')
            buf_text(out, "\\n");
        else if (c == '"' || c == '\\')
            buf_format(out, "\\%c", c);
        else if (c == IR_VARIABLE)
            buf_char(out, '$');
        else
            buf_char(out, c);
    }
    buf_char(out, '"');
}

static void add_texts(struct buf *out, const struct ir_texts *texts, bool list) {
    if (list || texts->count != 1)
        buf_char(out, '[');
    for (size_t i = 0; i < texts->count; i++) {
        if (i)
            buf_text(out, ", ");
        add_text(out, texts->list[i]);
    }
    if (list || texts->count != 1)
        buf_char(out, ']');
}

static void start(struct buf *out, size_t depth, struct str name) {
    buf_repeat(out, ' ', 2 * depth);
    buf_add(out, name);
}

static void add_settings(struct buf *out, const struct ir_setting *list, size_t depth) {
    for (const struct ir_setting *s = list; s; s = s->next) {
        start(out, depth, s->name);
        for (size_t i = 0; i < s->value_count; i++) {
            buf_char(out, ' ');
            buf_add(out, s->values[i].name);
            if (s->values[i].texts.count) {
                buf_char(out, '=');
                add_texts(out, &s->values[i].texts, false);
            }
        }
        buf_char(out, '\n');
        add_settings(out, s->children, depth + 1);
    }
}

static void add_conditions(struct buf *out, const struct ir_condition *list) {
    for (const struct ir_condition *w = list; w; w = w->next) {
        start(out, 2, STR("where "));
        if (w->negated)
            buf_text(out, "not ");
        buf_add(out, w->kind);
        if (w->key.len) {
            buf_char(out, ' ');
            add_text(out, w->key);
        }
        buf_text(out, w->regex ? " ~ " : " = ");
        add_texts(out, &w->texts, false);
        buf_char(out, '\n');
    }
}

static void add_middlewares(struct buf *out, const struct ir_middleware *list) {
    for (const struct ir_middleware *m = list; m; m = m->next) {
        start(out, 2, STR("| "));
        buf_add(out, m->type);
        if (m->name.len) {
            buf_char(out, ' ');
            buf_add(out, m->name);
        }
        for (const struct ir_option *o = m->options; o; o = o->next) {
            buf_char(out, ' ');
            buf_add(out, o->path);
            buf_char(out, '=');
            add_texts(out, &o->texts, o->list);
        }
        buf_char(out, '\n');
    }
}

static void add_pools(struct buf *out, const struct ir_pool *list) {
    for (const struct ir_pool *p = list; p; p = p->next) {
        start(out, 2, p == list ? STR("->") : STR("else"));
        for (const struct ir_target *t = p->targets; t; t = t->next) {
            buf_char(out, ' ');
            add_text(out, t->address);
            if (t->weight)
                buf_format(out, " %u%%", t->weight);
        }
        buf_char(out, '\n');
    }
}

static void add_router(struct buf *out, const struct ir_router *router) {
    start(out, 1, STR("router "));
    buf_add(out, router->mode);
    for (size_t i = 0; i < router->hosts.count; i++) {
        buf_char(out, ' ');
        add_word(out, router->hosts.list[i]);
    }
    if (router->port)
        buf_format(out, " port %u", router->port);
    if (router->path.len) {
        buf_text(out, " path ");
        add_text(out, router->path);
    }
    if (router->instance.len) {
        buf_text(out, " of ");
        buf_add(out, router->instance);
    }
    buf_char(out, '\n');
    add_conditions(out, router->conditions);
    add_middlewares(out, router->middlewares);
    add_pools(out, router->pools);
    if (router->redirect.len) {
        start(out, 2, STR("=> "));
        add_text(out, router->redirect);
        buf_format(out, " %u\n", router->redirect_status);
    }
    add_settings(out, router->settings, 2);
}

void ir_dump(struct buf *out, const struct ir *ir) {
    add_settings(out, ir->settings, 0);
    for (const struct ir_project *p = ir->projects; p; p = p->next) {
        if (p->name.len || p->routers || p->settings) {
            buf_text(out, "project");
            if (p->name.len) {
                buf_char(out, ' ');
                buf_add(out, p->name);
            }
            if (p->at.len) {
                buf_text(out, " at ");
                buf_add(out, p->at);
            }
            buf_text(out, p->disabled ? " disabled\n" : "\n");
        }
        add_settings(out, p->settings, 1);
        for (const struct ir_router *r = p->routers; r; r = r->next)
            add_router(out, r);
    }
}
