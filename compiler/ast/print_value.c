/* Values and the two kinds of lists, between brackets and behind commas. */
#include "ast/print_value.h"

#include <assert.h>

void print_line_start(struct page *p, const struct node *node, size_t indent, bool *first) {
    const struct comment *last = comments_before(node);
    page_comments(p, last, indent, first, node->blank_before);
    while (last && last->next)
        last = last->next;
    bool blank = last ? last->blank_after : node->blank_before;
    page_line(p, indent, blank && !*first);
    *first = false;
}

static void print_heredoc(struct page *p, const struct node_text *text, size_t indent) {
    if (p->layout == SINGLE)
        p->failed = true;
    if (!span_is_none(text->base.span)) {
        page_text(p, "\"\"\"");
        page_verbatim(p, text->text);
        page_text(p, "\"\"\"");
        return;
    }
    struct str lines = text->text;
    size_t end = str_find_last(lines, '\n');
    if (end != STR_NONE && str_trim(str_from(lines, end)).len == 0)
        lines.len = end + 1;
    struct buf quoted = { .arena = p->out->arena };
    quote_heredoc(&quoted, str_starts(lines, STR("\n")) ? str_from(lines, 1) : lines, indent);
    page_verbatim(p, buf_str(&quoted));
}

void print_text(struct page *p, struct node *node, size_t indent, enum quote_place place) {
    struct node_text *text = node_text(node);
    if (node->kind == NODE_HEREDOC) {
        print_heredoc(p, text, indent);
    } else if (node->kind == NODE_RAW && node->free_form) {
        struct buf quoted = { .arena = p->out->arena };
        if (quote_choose(&quoted, text->text, place, indent) == QUOTED_HEREDOC) {
            if (p->layout == SINGLE)
                p->failed = true;
            page_verbatim(p, buf_str(&quoted));
        } else {
            page_put(p, buf_str(&quoted));
        }
    } else {
        const char *quotes = node->kind == NODE_STRING ? "\"" : node->kind == NODE_RAW ? "`" : "";
        page_text(p, quotes);
        page_put(p, text->text);
        page_text(p, quotes);
    }
}

static void print_items_tight(struct page *p, struct nodes items, print_item *print_one) {
    NODES_EACH(item, items) {
        if (item->trivia && (item->trivia->before || item->trivia->after))
            p->failed = true;
        if (p->failed)
            return;
        if (item != items.head)
            page_text(p, ", ");
        print_one(p, item, p->indent, 0);
    }
}

void print_bracketed(struct page *p, struct node *node, const char *brackets, struct nodes items,
                     print_item *print_one, size_t indent, size_t tail) {
    struct str open = { brackets, 1 }, close = { brackets + 1, 1 };
    bool commented = has_comments_inside(node);
    page_put(p, open);
    if (p->layout != FREE || (!items.head && !commented)) {
        if (commented)
            p->failed = true;
        print_items_tight(p, items, print_one);
        page_put(p, close);
        return;
    }
    if (!commented) {
        struct page_saved saved = page_try(p, TIGHT);
        print_items_tight(p, items, print_one);
        page_put(p, close);
        if (page_fits(p, saved, tail))
            return;
    }
    const struct trivia none = { 0 }, *trivia = node->trivia ? node->trivia : &none;
    bool first = page_open(p, trivia->open, indent + STEP);
    NODES_EACH(item, items) {
        print_line_start(p, item, indent + STEP, &first);
        print_one(p, item, indent + STEP, 1);
        page_text(p, ",");
        page_trailing(p, comments_after(item), indent + STEP);
    }
    page_comments(p, trivia->inside, indent + STEP, &first, false);
    page_line(p, indent, false);
    page_put(p, close);
}

void print_commas(struct page *p, struct nodes items, print_item *print_one, size_t indent,
                  size_t tail) {
    bool commented = false, first = false;
    NODES_EACH(item, items)
    commented |= comments_before(item) || (comments_after(item) && item != items.tail);
    if (p->layout != FREE || items.head == items.tail) {
        p->failed |= commented;
        NODES_EACH(item, items) {
            if (p->failed)
                return;
            if (item != items.head)
                page_text(p, ", ");
            print_one(p, item, indent, tail);
        }
        page_trailing(p, items.tail ? comments_after(items.tail) : NULL, indent + COMMA_STEP);
        return;
    }
    if (!commented) {
        struct page_saved saved = page_try(p, TIGHT);
        print_commas(p, items, print_one, indent, tail);
        if (page_fits(p, saved, tail))
            return;
    }
    NODES_EACH(item, items) {
        if (item != items.head)
            print_line_start(p, item, indent + COMMA_STEP, &first);
        print_one(p, item, indent + COMMA_STEP, item == items.tail ? tail : 1);
        if (item != items.tail)
            page_text(p, ",");
        page_trailing(p, comments_after(item), indent + COMMA_STEP);
    }
}

void print_arg(struct page *p, struct node_arg *arg, bool apart, size_t indent, size_t tail) {
    page_put(p, arg->name);
    /* Behind a `?` an `=` would belong to the word. */
    page_text(p, apart || str_find(arg->name, '?') != STR_NONE ? " = " : "=");
    print_value(p, arg->value, indent, tail);
}

void print_call(struct page *p, struct node *node, size_t indent, size_t tail) {
    page_put(p, node_call(node)->name);
    print_bracketed(p, node, "()", node_call(node)->args, print_value, indent, tail);
}

void print_value(struct page *p, struct node *node, size_t indent, size_t tail) {
    switch ((enum node_kind)node->kind) {
    case NODE_WORD:
    case NODE_STRING:
    case NODE_RAW:
    case NODE_HEREDOC: print_text(p, node, indent, QUOTE_VALUE); break;
    case NODE_CALL: print_call(p, node, indent, tail); break;
    case NODE_LIST:
        print_bracketed(p, node, "[]", node_list(node)->items, print_value, indent, tail);
        break;
    case NODE_ARG: print_arg(p, node_arg(node), false, indent, tail); break;
    case NODE_ROUTE:
    case NODE_SETTING:
    case NODE_LET:
    case NODE_MIDDLEWARE:
    case NODE_TEMPLATE:
    case NODE_FOR:
    case NODE_BROKEN:
    case NODE_BLOCK:
    case NODE_POOL:
    case NODE_TARGET:
    case NODE_PARAM: assert(!"a value"); break;
    }
}
