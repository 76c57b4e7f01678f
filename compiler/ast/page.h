/* The page that the printer fills: lines, columns, comments, and attempts that can be taken back.
 */
#pragma once

#include "ast/ast.h"
#include "support/buf.h"

enum { PAGE_WIDTH = 100 };

enum layout {
    FREE,   /* break where needed */
    TIGHT,  /* lists and calls unbroken; line ends before operators stay */
    SINGLE, /* no line end at all: inside a block on one line */
};

struct page {
    struct buf *out;
    const struct ast *ast;
    struct sources *sources;
    size_t column; /* code points written on this line */
    size_t indent; /* of this line */
    enum layout layout;
    bool failed;       /* the attempt at hand does not fit */
    bool comment_open; /* the line ends in a comment: nothing may follow on it */
};

/* Begins a line; none is begun on an empty page. */
void page_line(struct page *p, size_t indent, bool blank);
void page_put(struct page *p, struct str s);
void page_text(struct page *p, const char *text);
void page_verbatim(struct page *p, struct str s); /* may be of several lines; CRLF becomes LF */

/* Tries a layout; page_fits is true when all that was written since then fits with `tail` columns
   to spare. Otherwise the page is as if the attempt had never been. */
struct page_saved {
    size_t len, column, indent;
    enum layout layout;
    bool comment_open;
};
struct page_saved page_try(struct page *p, enum layout layout);
bool page_fits(struct page *p, struct page_saved saved, size_t tail);

/* Comments behind what was just written; those that do not fit there get lines of their own. */
void page_trailing(struct page *p, const struct comment *list, size_t indent);

/* Comments on lines of their own. `first` says that nothing stands above, and is cleared; `blank`
   asks for an empty line above. */
void page_comments(struct page *p, const struct comment *list, size_t indent, bool *first,
                   bool blank);

/* Comments behind an opening bracket, the first on its line. False when others followed on lines of
   their own, so that an empty line may come next. */
bool page_open(struct page *p, const struct comment *list, size_t indent);
