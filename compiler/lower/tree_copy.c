/* A node on one line, and its meaning as a number. Depth is bounded by the reader of the tree. */
#include "lower/tree_copy.h"

#include "support/yaml_writer.h"

/* ---- on one line ---- */

static struct str written(const struct tree *scalar) {
    const struct source *source = scalar->file->source;
    return str_slice(source->text, scalar->span.start - source->base,
                     scalar->span.end - source->base);
}

static bool tagged(const struct tree *node) {
    return node->props && node->props->tag.len;
}

/* Bytes that begin or end a line, two of them the first of a longer one, and those that mean
   something between brackets. */
enum { ENDS_LINE = 1, IN_BRACKETS = 2 };
static const unsigned char special[256] = {
    ['\r'] = ENDS_LINE,  ['\n'] = ENDS_LINE,  [0xc2] = ENDS_LINE,
    [0xe2] = ENDS_LINE,  [','] = IN_BRACKETS, ['['] = IN_BRACKETS,
    [']'] = IN_BRACKETS, ['{'] = IN_BRACKETS, ['}'] = IN_BRACKETS,
};

static bool must_quote(const struct tree *scalar, struct str text) {
    if (scalar->style == TREE_LITERAL || scalar->style == TREE_FOLDED)
        return true;
    bool plain = scalar->style == TREE_PLAIN;
    unsigned char found = 0;
    for (size_t i = 0; i < text.len; i++)
        found |= special[(unsigned char)text.at[i]];
    if (found & (plain ? ENDS_LINE | IN_BRACKETS : ENDS_LINE))
        return true;
    return plain && text.len && strchr("?:-", text.at[0]) &&
           tree_scalar_kind(scalar) == SCALAR_TEXT;
}

static void scalar_line(struct buf *out, const struct tree *node) {
    if (tagged(node))
        buf_format(out, str_is(node->props->tag, "!") ? "! " : "!<%.*s> ",
                   STR_ARG(node->props->tag));
    struct str text = written(node);
    if (must_quote(node, text))
        yaml_quoted(out, node->text);
    else
        buf_add(out, text);
}

static void value_line(struct buf *out, const struct tree *node) {
    node = tree_resolve(node);
    if (node->kind == TREE_SCALAR && node->span.start == node->span.end && !node->props)
        buf_text(out, "null");
    else
        tree_line(out, node);
}

void tree_line(struct buf *out, const struct tree *node) {
    node = tree_resolve(node);
    if (node->kind == TREE_SCALAR) {
        scalar_line(out, node);
        return;
    }
    bool map = node->kind == TREE_MAPPING;
    buf_char(out, map ? '{' : '[');
    for (struct tree_entry *e = tree_entries(node); e; e = e->next) {
        if (e != tree_entries(node))
            buf_text(out, ", ");
        if (map) {
            value_line(out, e->key);
            buf_text(out, ": ");
        }
        value_line(out, e->value);
    }
    buf_char(out, map ? '}' : ']');
}

/* ---- as a number ---- */

static uint64_t mix(uint64_t a, uint64_t b) {
    uint64_t h = (a ^ (b + 0x9e3779b97f4a7c15u + (a << 6) + (a >> 2))) * 0xff51afd7ed558ccdu;
    return h ^ (h >> 32);
}

static uint64_t scalar_digest(const struct tree *node) {
    uint64_t tag = tagged(node) ? str_hash(node->props->tag) : 0;
    enum tree_scalar kind = tree_scalar_kind(node);
    return mix(mix((uint64_t)kind + 11, kind == SCALAR_NULL ? 0 : str_hash(node->text)), tag);
}

static bool stands_below(const struct tree *node, const struct tree *of) {
    while (node && node != of)
        node = node->parent;
    return node != NULL;
}

uint64_t tree_digest_entry(const struct tree_entry *entry, const struct tree *of, bool *inside) {
    return mix(tree_digest(entry->key, of, inside), tree_digest(entry->value, of, inside));
}

uint64_t tree_digest(const struct tree *node, const struct tree *of, bool *inside) {
    if (node->kind == TREE_ALIAS && inside && stands_below(node->target, of))
        *inside = true;
    node = tree_resolve(node);
    if (node->kind == TREE_SCALAR)
        return scalar_digest(node);
    uint64_t digest = node->kind == TREE_MAPPING ? 3 : 5;
    if (tagged(node))
        digest = mix(digest, str_hash(node->props->tag));
    if (node->kind == TREE_MAPPING && inside) /* what is merged lost its alias on the way */
        for (struct tree_entry *e = node->first; e; e = e->next)
            if (str_is(tree_key(e), "<<"))
                tree_digest(e->value, of, inside);
    if (node->kind == TREE_SEQUENCE)
        for (struct tree_entry *e = tree_entries(node); e; e = e->next)
            digest = mix(digest, tree_digest(e->value, of, inside));
    else
        for (struct tree_entry *e = tree_entries(node); e; e = e->next)
            digest += tree_digest_entry(e, of, inside);
    return digest;
}
