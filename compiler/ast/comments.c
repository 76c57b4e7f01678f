/* Comments to nodes: one walk over the tree beside the list of comments.

   A comment on a line of its own goes before the next part of the innermost thing around it, or
   inside that thing when nothing follows. A comment behind code goes after the part that ends
   there, or to the bracket that opens there. Between a header and its block it goes to the block:
   the printer writes `header {` on one line. */
#include "ast/comments.h"

struct attach {
    struct ast *ast;
    struct str text;
    uint32_t base;
    struct comment *next; /* the first one that hangs nowhere yet */
    bool started;
    uint32_t done;                /* all text before this place has been looked at */
    size_t newlines;              /* in it */
    struct comment **list, *last; /* where the comment before was put */
};

/* What stands between `done` and some place: layout and, in a file with errors, lost text. */
struct gap {
    bool newline;
    bool fresh; /* only blanks since the last line end */
    bool blank; /* an empty line */
    bool paren; /* a closing parenthesis */
    struct span lost;
    bool parted, ended; /* a line end or `;` stands before, behind what was lost */
};

static void count_newlines(struct attach *a, uint32_t to) {
    for (; a->done < to; a->done++)
        a->newlines += a->text.at[a->done - a->base] == '\n';
}

static struct gap gap_read(struct attach *a, uint32_t to) {
    struct gap gap = { 0 };
    if (!a->started) {
        a->started = true;
        gap.fresh = gap.newline = true;
        if (str_starts(a->text, STR("\xef\xbb\xbf")) && to >= a->base + 3)
            a->done += 3;
    }
    for (; a->done < to; a->done++) {
        char c = a->text.at[a->done - a->base];
        if (c == '\n') {
            a->newlines++;
            gap.blank |= gap.fresh && gap.newline;
            gap.fresh = gap.newline = true;
            gap.ended = true;
        } else if (c != ' ' && c != '\t' && c != '\r') {
            gap.fresh = false;
            gap.paren |= c == ')';
            if (c == ';') {
                gap.ended = true;
                continue;
            }
            if (span_is_none(gap.lost))
                gap.parted = gap.ended;
            gap.ended = false;
            gap.lost = span_join(gap.lost, (struct span){ a->done, a->done + 1 });
        }
    }
    return gap;
}

static struct trivia *trivia_of(struct attach *a, struct node *node) {
    if (!node->trivia)
        node->trivia = arena_new(a->ast->arena, struct trivia);
    return node->trivia;
}

static void hang(struct attach *a, struct comment **list, struct comment *comment) {
    comment->next = NULL;
    if (a->list != list) {
        a->list = list;
        a->last = *list;
        while (a->last && a->last->next)
            a->last = a->last->next;
    }
    if (a->last)
        a->last->next = comment;
    else
        *list = comment;
    a->last = comment;
}

static struct comment *take(struct attach *a) {
    struct comment *comment = a->next;
    a->next = comment->next;
    a->done = comment->span.end;
    return comment;
}

static bool has_brackets(const struct node *node) {
    return node->kind == NODE_BLOCK || node->kind == NODE_CALL || node->kind == NODE_TEMPLATE ||
           (node->kind == NODE_LIST && !node->listed);
}

/* Whether a comment stands behind `node`, on whose line none stands yet. `below` says that a line
   end parts them; `later` are the comments that were already placed behind that line. */
static bool is_behind(const struct node *node, bool below, const struct comment *later) {
    return node && !below && !later && !(node->trivia && node->trivia->after);
}

static struct comment *comments_before(const struct node *node) {
    return node && node->trivia ? node->trivia->before : NULL;
}

static struct comment *comments_inside(const struct node *node) {
    return node && node->trivia ? node->trivia->inside : NULL;
}

/* A comment in `around`, behind its part `before` (or none) and ahead of `after` (or none).
   A TEMPLATE is bracketed as long as its `)` has not come. */
static void place(struct attach *a, struct node *around, struct node *before, struct node *after,
                  struct comment *comment, bool below) {
    bool brackets = has_brackets(around);
    struct comment *later = after ? comments_before(after) : comments_inside(around);
    if (after && after->kind == NODE_BLOCK)
        hang(a, &trivia_of(a, after)->open, comment);
    else if (around->kind == NODE_ARG || around->kind == NODE_PARAM)
        /* Too small to be broken over lines: its comments stand around it. */
        hang(a, before ? &trivia_of(a, around)->after : &trivia_of(a, around)->before, comment);
    else if (is_behind(before, below, later))
        hang(a, &trivia_of(a, before)->after, comment);
    else if (!before && !comment->own_line && !later && brackets)
        hang(a, &trivia_of(a, around)->open, comment);
    else if (after)
        hang(a, &trivia_of(a, after)->before, comment);
    else if (brackets)
        hang(a, &trivia_of(a, around)->inside, comment);
    else
        hang(a, &trivia_of(a, around)->after, comment);
}

static void walk(struct attach *a, struct node *node);

static bool is_lost(struct attach *a, struct gap gap) {
    return a->ast->syntax_errors && !span_is_none(gap.lost);
}

static void set_blank(struct node *node, bool blank) {
    struct comment *last = node->trivia ? node->trivia->before : NULL;
    node->blank_before = last ? last->blank_before : blank;
    while (last && last->next)
        last = last->next;
    if (last)
        last->blank_after = blank;
}

/* Text that the parser gave up belongs to the statement on its line, which then stays as it is, or
   becomes a statement. Returns the last statement up to there. */
static struct node *keep_lost(struct attach *a, struct node *around, struct nodes *body,
                              struct node *before, struct node *after, struct gap gap) {
    if (before && !gap.parted) {
        before->span.end = gap.lost.end;
        before->verbatim = true;
        return before;
    }
    if (after && !gap.ended) {
        after->span.start = gap.lost.start;
        after->verbatim = true;
        return before;
    }
    struct node *node = ast_broken(a->ast->arena, gap.lost, NULL);
    /* The comments that seemed to stand before what follows stand before it. */
    struct comment **waiting = after    ? &trivia_of(a, after)->before
                               : around ? &trivia_of(a, around)->inside
                                        : &a->ast->tail;
    if (*waiting)
        trivia_of(a, node)->before = *waiting;
    *waiting = NULL;
    a->list = NULL;
    set_blank(node, gap.blank);
    node->next = before ? before->next : body->head;
    if (before)
        before->next = node;
    else
        body->head = node;
    if (body->tail == before)
        body->tail = node;
    return node;
}

/* The place of a comment among statements; `around` is NULL for the file. */
static void place_statement(struct attach *a, struct node *around, struct node *before,
                            struct node *after, struct comment *comment, bool below) {
    struct comment *later = after    ? comments_before(after)
                            : around ? comments_inside(around)
                                     : a->ast->tail;
    if (is_behind(before, below, later))
        hang(a, &trivia_of(a, before)->after, comment);
    else if (!before && !comment->own_line && !later && around)
        hang(a, &trivia_of(a, around)->open, comment);
    else if (after)
        hang(a, &trivia_of(a, after)->before, comment);
    else
        hang(a, around ? &trivia_of(a, around)->inside : &a->ast->tail, comment);
}

/* Goes through a file's or block's statements up to `end`. True when a statement among them is to
   stay as it stands. */
static bool walk_body(struct attach *a, struct node *around, struct nodes *body, uint32_t end) {
    struct node *before = NULL, *after = body->head;
    bool verbatim = false;
    for (;;) {
        uint32_t limit = after ? after->span.start : end;
        bool comment_first = a->next && a->next->span.start < limit;
        struct gap gap = gap_read(a, comment_first ? a->next->span.start : limit);
        bool below = span_is_none(gap.lost) ? gap.newline : gap.ended;
        gap.ended |= comment_first;
        if (is_lost(a, gap)) {
            before = keep_lost(a, around, body, before, after, gap);
            verbatim = true;
        }
        if (comment_first) {
            struct comment *comment = take(a);
            comment->own_line = gap.fresh;
            comment->blank_before = gap.blank;
            place_statement(a, around, before, after, comment, below);
            continue;
        }
        if (!after)
            return verbatim;
        set_blank(after, gap.blank);
        walk(a, after);
        verbatim |= after->verbatim || after->kind == NODE_BROKEN;
        before = after;
        after = after->next;
    }
}

static void walk_block(struct attach *a, struct node *statement, struct node *block) {
    size_t newlines = a->newlines;
    bool closed = block->span.end - block->span.start >= 2 &&
                  a->text.at[block->span.end - 1 - a->base] == '}';
    a->done = block->span.start + 1;
    bool verbatim = walk_body(a, block, &node_block(block)->body, block->span.end - closed);
    count_newlines(a, block->span.end);
    block->one_line = a->newlines == newlines;
    /* An error's reach may depend on the lines around it; never mend a missing bracket. */
    if (!closed || (verbatim && block->one_line))
        statement->verbatim = true;
}

static void walk_part(struct attach *a, struct node *node, struct node **before, struct node *part,
                      bool *paren) {
    struct gap gap = { 0 };
    bool newline = false;
    for (;;) {
        bool comment_first = a->next && a->next->span.start < part->span.start;
        gap = gap_read(a, comment_first ? a->next->span.start : part->span.start);
        newline |= gap.newline;
        *paren |= gap.paren;
        if (!comment_first)
            break;
        struct comment *comment = take(a);
        comment->own_line = gap.fresh;
        comment->blank_before = gap.blank;
        bool in_params = node->kind == NODE_TEMPLATE && !*paren && part->kind == NODE_BLOCK;
        place(a, node, *before, in_params ? NULL : part, comment, gap.newline);
    }
    part->on_new_line = newline;
    set_blank(part, gap.blank);
    if (part->kind == NODE_BLOCK)
        walk_block(a, node, part);
    else
        walk(a, part);
    *before = part;
}

/* Everything from a node's first byte to its last; leaves `done` behind it. */
static void walk(struct attach *a, struct node *node) {
    size_t newlines = a->newlines;
    struct nodes parts[NODE_PARTS];
    size_t count = node->kind == NODE_BROKEN ? 0 : node_parts(node, parts);
    struct node *before = NULL;
    bool paren = false;
    for (size_t i = 0; i < count; i++)
        NODES_EACH(part, parts[i])
    walk_part(a, node, &before, part, &paren);
    while (a->next && a->next->span.start < node->span.end) {
        struct gap gap = gap_read(a, a->next->span.start);
        struct comment *comment = take(a);
        comment->own_line = gap.fresh;
        comment->blank_before = gap.blank;
        if (node->kind != NODE_BROKEN)
            place(a, node, before, NULL, comment, gap.newline);
    }
    count_newlines(a, node->span.end);
    node->one_line = a->newlines == newlines;
}

void ast_attach_comments(struct ast *ast, struct comment *all) {
    struct attach a = { .ast = ast,
                        .text = ast->source->text,
                        .base = ast->source->base,
                        .next = all,
                        .done = ast->source->base };
    walk_body(&a, NULL, &ast->body, a.base + (uint32_t)a.text.len);
}
