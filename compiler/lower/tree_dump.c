/* A tree as text, for tests. */
#include "lower/tree_dump.h"

static void dump_span(struct buf *out, const struct tree *node) {
    uint32_t base = node->file->source->base;
    struct span whole = tree_whole(node);
    buf_format(out, "@%u-%u", whole.start - base, node->span.end - base);
}

static void dump_text(struct buf *out, struct str text) {
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] == '\n')
            buf_text(out, "\\n");
        else if (text.at[i] == '\t')
            buf_text(out, "\\t");
        else if (text.at[i] == '\r')
            buf_text(out, "\\r");
        else
            buf_char(out, text.at[i]);
}

static void dump_scalar(struct buf *out, const struct tree *node) {
    static const char *const open[] = { "", "'", "\"", "|", ">" };
    static const char *const close[] = { "", "'", "\"", "", "" };
    buf_text(out, open[node->style]);
    dump_text(out, node->text);
    buf_text(out, close[node->style]);
}

struct dump {
    struct buf *out;
    bool spans, resolve;
};

static void dump(const struct dump *d, const struct tree *node);

static void dump_entries(const struct dump *d, const struct tree_entry *e) {
    for (const char *separator = ""; e; e = e->next, separator = ", ") {
        buf_text(d->out, separator);
        if (e->key) {
            dump(d, e->key);
            buf_text(d->out, ": ");
        }
        dump(d, e->value);
    }
}

/* Block collections are marked by a blank behind the bracket. */
static void dump(const struct dump *d, const struct tree *node) {
    if (d->resolve)
        node = tree_resolve(node);
    if (node->props && !d->resolve && node->props->anchor.len)
        buf_format(d->out, "&%.*s ", STR_ARG(node->props->anchor));
    if (node->props && !d->resolve && node->props->tag.len)
        buf_format(d->out, "!<%.*s> ", STR_ARG(node->props->tag));
    const char *blank = node->style == TREE_BLOCK && !d->resolve ? " " : "";
    switch ((enum tree_kind)node->kind) {
    case TREE_SCALAR: dump_scalar(d->out, node); break;
    case TREE_ALIAS: buf_format(d->out, "*%.*s", STR_ARG(node->alias)); break;
    case TREE_SEQUENCE:
        buf_format(d->out, "[%s", blank);
        dump_entries(d, node->first);
        buf_format(d->out, "%s]", blank);
        break;
    case TREE_MAPPING:
        buf_format(d->out, "{%s", blank);
        dump_entries(d, d->resolve ? node->merged : node->first);
        buf_format(d->out, "%s}", blank);
        break;
    }
    if (d->spans)
        dump_span(d->out, node);
}

void tree_dump(struct buf *out, const struct tree *node, bool spans) {
    dump(&(struct dump){ .out = out, .spans = spans }, node);
}

void tree_dump_resolved(struct buf *out, const struct tree *node) {
    dump(&(struct dump){ .out = out, .resolve = true }, node);
}
