/* What stands inside statements: values, and the two kinds of lists.

   `indent` is that of the line on which a thing begins, `tail` the columns to keep free behind it.
 */
#pragma once

#include "ast/page.h"
#include "ast/quote.h"

enum { STEP = 2, COMMA_STEP = 4 };

static inline const struct comment *comments_before(const struct node *node) {
    return node->trivia ? node->trivia->before : NULL;
}

static inline const struct comment *comments_after(const struct node *node) {
    return node->trivia ? node->trivia->after : NULL;
}

static inline bool has_comments_inside(const struct node *node) {
    return node->trivia && (node->trivia->open || node->trivia->inside);
}

typedef void print_item(struct page *p, struct node *node, size_t indent, size_t tail);

void print_value(struct page *p, struct node *node, size_t indent, size_t tail);
void print_text(struct page *p, struct node *node, size_t indent, enum quote_place place);
void print_call(struct page *p, struct node *node, size_t indent, size_t tail);

/* `apart`: with blanks around the `=`. */
void print_arg(struct page *p, struct node_arg *arg, bool apart, size_t indent, size_t tail);

/* Items between brackets: on one line, or one line each with a comma behind the last. */
void print_bracketed(struct page *p, struct node *node, const char *brackets, struct nodes items,
                     print_item *print_one, size_t indent, size_t tail);

/* `a, b`: on one line, or one line each behind the first. */
void print_commas(struct page *p, struct nodes items, print_item *print_one, size_t indent,
                  size_t tail);

/* Starts the line of a node, its comments above it. `first` as in page_comments. */
void print_line_start(struct page *p, const struct node *node, size_t indent, bool *first);
