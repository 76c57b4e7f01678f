/* What the formatter leaves alone. Where a statement with an error ends is the parser's guess, and
   the guess reads line ends: such a statement keeps its bytes and the mark that ends it. */
#include "ast/verbatim.h"

/* Skips blanks, line ends and separators; inside brackets a `;` is none. */
static size_t skip_layout(struct str s, size_t i, size_t *depth) {
    for (; i < s.len; i++) {
        char c = s.at[i];
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n' && c != ',' && (c != ';' || *depth))
            break;
    }
    if (i < s.len && (s.at[i] == '(' || s.at[i] == '['))
        ++*depth;
    if (i < s.len && (s.at[i] == ')' || s.at[i] == ']') && *depth)
        --*depth;
    return i;
}

bool verbatim_same(struct str a, struct str b) {
    size_t i = 0, j = 0, depth_a = 0, depth_b = 0;
    for (;; i++, j++) {
        i = skip_layout(a, i, &depth_a);
        j = skip_layout(b, j, &depth_b);
        if (i == a.len || j == b.len)
            return i == a.len && j == b.len;
        if (a.at[i] != b.at[j])
            return false;
        /* A `${` that is never closed must not come apart. */
        if (a.at[i] == '$' &&
            str_starts(str_from(a, i), STR("${")) != str_starts(str_from(b, j), STR("${")))
            return false;
    }
}

/* True when a statement at the start of a line would be read as the end of the one above. */
static bool continues_line(const struct sources *sources, const struct node *node) {
    if (!node)
        return false;
    if (node->kind == NODE_SETTING && !node->verbatim)
        return str_is(((const struct node_setting *)node)->name, "else");
    if (node->kind == NODE_CALL && !node->verbatim)
        return str_is(((const struct node_call *)node)->name, "else");
    if (!verbatim_is(node))
        return false;
    struct str text = source_text(sources, node->span);
    static const char *const marks[] = { "|", "->", "=>", "{", "else" };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (str_starts(text, str_of(marks[i])))
            return true;
    return false;
}

uint32_t verbatim_end(const struct sources *sources, const struct node *node) {
    struct str text = source_text(sources, node->span);
    while (text.len && strchr(" \t\r\n", text.at[text.len - 1]))
        text.len--;
    return node->span.start + (uint32_t)text.len;
}

enum semicolon verbatim_semicolon(const struct sources *sources, const struct node *node) {
    struct source *source = source_at(sources, node->span.end);
    if (!verbatim_is(node) && !continues_line(sources, node->next))
        return SEMICOLON_NONE;
    if (!source)
        return SEMICOLON_BEHIND;
    bool same_line = true, comment = false;
    struct str behind = str_from(source->text, node->span.end - source->base);
    for (size_t i = 0; i < behind.len; i++) {
        char c = behind.at[i];
        if (c == ';' && !comment)
            return same_line || !verbatim_is(node) ? SEMICOLON_BEHIND : SEMICOLON_AHEAD;
        if (c == '\n')
            same_line = comment = false;
        else if (c == '#')
            comment = true;
        else if (!comment && c != ' ' && c != '\t' && c != '\r')
            return SEMICOLON_NONE;
    }
    return SEMICOLON_NONE;
}
