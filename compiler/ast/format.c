/* The canonical layout: how each node is laid out on lines.

   Every construct is tried tight (its pieces unbroken) and, when that does not fit, written again
   broken at its outermost joint. Attempts stop at the hundredth column, so the work is linear. What
   the old layout decides: whether a block is on one line, whether a route was broken before an
   operator, and where blank lines stand; all the rest follows from the tree alone. */
#include "ast/format.h"

#include "ast/page.h"
#include "ast/quote.h"

#include <assert.h>

enum { STEP = 2, COMMA_STEP = 4 };

static const struct comment *comments_before(const struct node *node) {
    return node->trivia ? node->trivia->before : NULL;
}

static const struct comment *comments_after(const struct node *node) {
    return node->trivia ? node->trivia->after : NULL;
}

/* Starts the line of a node, its comments above it. */
static void start_line(struct page *p, const struct node *node, size_t indent, bool *first) {
    const struct comment *last = comments_before(node);
    page_comments(p, last, indent, first, node->blank_before);
    while (last && last->next)
        last = last->next;
    bool blank = last ? last->blank_after : node->blank_before;
    page_line(p, indent, blank && !*first);
    *first = false;
}

/* ---- values ---- */

typedef void print_item(struct page *p, struct node *node, size_t indent, size_t tail);

static void print_value(struct page *p, struct node *node, size_t indent, size_t tail);

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

static void print_text(struct page *p, struct node *node, size_t indent, enum quote_place place) {
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

static bool has_comments_inside(const struct node *node) {
    return node->trivia && (node->trivia->open || node->trivia->inside);
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

/* Items between brackets: on one line, or one line each with a comma behind the last. */
static void print_bracketed(struct page *p, struct node *node, const char *brackets,
                            struct nodes items, print_item *print_one, size_t indent, size_t tail) {
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
        start_line(p, item, indent + STEP, &first);
        print_one(p, item, indent + STEP, 1);
        page_text(p, ",");
        page_trailing(p, comments_after(item), indent + STEP);
    }
    page_comments(p, trivia->inside, indent + STEP, &first, false);
    page_line(p, indent, false);
    page_put(p, close);
}

/* `a, b`: on one line, or one line each behind the first. */
static void print_commas(struct page *p, struct nodes items, print_item *print_one, size_t indent,
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
            start_line(p, item, indent + COMMA_STEP, &first);
        print_one(p, item, indent + COMMA_STEP, item == items.tail ? tail : 1);
        if (item != items.tail)
            page_text(p, ",");
        page_trailing(p, comments_after(item), indent + COMMA_STEP);
    }
}

static void print_arg(struct page *p, struct node_arg *arg, bool apart, size_t indent,
                      size_t tail) {
    page_put(p, arg->name);
    /* Behind a `?` an `=` would belong to the word. */
    page_text(p, apart || str_find(arg->name, '?') != STR_NONE ? " = " : "=");
    print_value(p, arg->value, indent, tail);
}

static void print_call(struct page *p, struct node *node, size_t indent, size_t tail) {
    page_put(p, node_call(node)->name);
    print_bracketed(p, node, "()", node_call(node)->args, print_value, indent, tail);
}

static void print_value(struct page *p, struct node *node, size_t indent, size_t tail) {
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

/* ---- blocks ---- */

static void print_statement(struct page *p, struct node *node, size_t indent);
static void print_body(struct page *p, struct nodes body, size_t indent, bool first);

static bool block_is_empty(const struct node_block *block) {
    return !block->body.head && !has_comments_inside(&block->base);
}

/* The columns that a header keeps free for what its block puts on the same line. */
static size_t block_tail(const struct node_block *block) {
    return !block ? 0 : block_is_empty(block) ? strlen(" { }") : strlen(" {");
}

static void print_block_single(struct page *p, struct node_block *block) {
    if (!block->base.one_line || has_comments_inside(&block->base))
        p->failed = true;
    page_text(p, " {");
    NODES_EACH(statement, block->body) {
        if (statement->trivia && (statement->trivia->before || statement->trivia->after))
            p->failed = true;
        if (p->failed)
            return;
        page_text(p, statement == block->body.head ? " " : "; ");
        print_statement(p, statement, p->indent);
    }
    page_text(p, " }");
}

/* `indent` is that of the line which the brace closes. */
static void print_block(struct page *p, struct node_block *block, size_t indent) {
    if (!block)
        return;
    if (p->comment_open) {
        page_line(p, indent, false);
        p->column = indent;
    }
    if (block_is_empty(block)) {
        page_text(p, " { }");
        return;
    }
    if (p->layout == SINGLE) {
        print_block_single(p, block);
        return;
    }
    if (block->base.one_line) {
        struct page_saved saved = page_try(p, SINGLE);
        print_block_single(p, block);
        if (page_fits(p, saved, 0))
            return;
    }
    const struct trivia none = { 0 }, *trivia = block->base.trivia ? block->base.trivia : &none;
    page_text(p, " {");
    bool first = page_open(p, trivia->open, indent + STEP);
    print_body(p, block->body, indent + STEP, first);
    first = first && !block->body.head;
    page_comments(p, trivia->inside, indent + STEP, &first, false);
    page_line(p, indent, false);
    page_text(p, "}");
}

/* ---- statements ---- */

typedef void print_header(struct page *p, struct node *node, size_t indent, size_t tail);

/* A header tight if it fits, else broken where it can be; then the block. */
static void print_headed(struct page *p, struct node *node, print_header *header,
                         struct node_block *block, size_t indent) {
    size_t tail = block_tail(block);
    if (p->layout == SINGLE) {
        header(p, node, indent, tail);
        print_block(p, block, indent);
        return;
    }
    struct page_saved saved = page_try(p, TIGHT);
    header(p, node, indent, tail);
    if (!page_fits(p, saved, tail))
        header(p, node, indent, tail);
    print_block(p, block, indent);
}

/* Writes `mark` (an operator) and decides whether it begins a line. True if it does. */
static bool print_operator(struct page *p, struct node *part, const char *mark, size_t indent) {
    const struct comment *before = comments_before(part);
    bool breaks =
        before || p->comment_open || p->layout == FREE || (part->on_new_line && p->layout == TIGHT);
    if (breaks) {
        bool first = false;
        page_comments(p, before, indent, &first, part->blank_before);
        bool blank = false;
        for (const struct comment *c = before; c; c = c->next)
            blank = c->blank_after;
        page_line(p, indent, blank);
    } else {
        page_text(p, " ");
    }
    page_text(p, mark);
    return breaks;
}

static void print_link(struct page *p, struct node *link, size_t indent, size_t tail) {
    if (link->kind == NODE_CALL)
        print_call(p, link, indent, tail);
    else
        print_text(p, link, indent, QUOTE_NEVER);
    page_trailing(p, comments_after(link), indent);
}

static void print_pattern(struct page *p, struct node *node, size_t indent, size_t tail) {
    (void)tail;
    print_text(p, node, indent, QUOTE_NEVER);
}

static void print_target(struct page *p, struct node *node, size_t indent, size_t tail) {
    struct node_target *target = node_target(node);
    (void)tail;
    print_text(p, target->text, indent, QUOTE_TEXT);
    if (target->percent) {
        page_text(p, " ");
        print_text(p, target->percent, indent, QUOTE_NEVER);
    }
}

/* Returns through `indent` where a block that follows has to stand. Only the last part shares its
   line with the block. */
static void print_route_head(struct page *p, struct node_route *route, size_t *indent,
                             size_t tail) {
    size_t start = *indent, in = start + STEP;
    bool leads = route->pools.head || route->redirect;
    print_commas(p, route->patterns, print_pattern, start, leads || route->links.head ? 0 : tail);
    NODES_EACH(link, route->links) {
        if (print_operator(p, link, "| ", in))
            *indent = in;
        print_link(p, link, *indent, leads || link != route->links.tail ? 0 : tail);
    }
    NODES_EACH(pool, route->pools) {
        if (print_operator(p, pool, pool == route->pools.head ? "-> " : "else ", in))
            *indent = in;
        print_commas(p, node_pool(pool)->targets, print_target, *indent,
                     pool == route->pools.tail ? tail : 0);
        page_trailing(p, comments_after(pool), in);
    }
    if (route->redirect) {
        if (print_operator(p, route->redirect, "=> ", in))
            *indent = in;
        print_text(p, route->redirect, *indent, QUOTE_TEXT);
        page_trailing(p, comments_after(route->redirect), in);
    }
    if (route->status) {
        page_text(p, " ");
        print_text(p, route->status, *indent, QUOTE_NEVER);
    }
}

/* Like print_headed, but a header that goes over lines takes its block with it. */
static void print_route(struct page *p, struct node_route *route, size_t indent) {
    size_t tail = block_tail(route->block), in = indent;
    if (p->layout == SINGLE) {
        print_route_head(p, route, &in, tail);
    } else {
        struct page_saved saved = page_try(p, TIGHT);
        print_route_head(p, route, &in, tail);
        if (!page_fits(p, saved, tail)) {
            in = indent;
            print_route_head(p, route, &in, tail);
        }
    }
    print_block(p, route->block, in);
}

static void print_setting_item(struct page *p, struct node *item, size_t indent, size_t tail) {
    if (item->kind == NODE_ARG)
        print_arg(p, node_arg(item), true, indent, tail);
    else
        print_value(p, item, indent, tail);
}

static void print_setting_head(struct page *p, struct node *node, size_t indent, size_t tail) {
    struct node_setting *setting = node_setting(node);
    page_put(p, setting->name);
    NODES_EACH(arg, setting->args) {
        size_t behind = arg == setting->args.tail ? tail : 0;
        page_text(p, " ");
        if (arg->kind == NODE_LIST && arg->listed)
            print_commas(p, node_list(arg)->items, print_setting_item, indent, behind);
        else
            print_setting_item(p, arg, indent, behind);
        page_trailing(p, comments_after(arg), indent);
    }
}

static void print_let(struct page *p, struct node *node, size_t indent, size_t tail) {
    struct node_let *let = node_let(node);
    page_text(p, node->kind == NODE_LET ? "let " : "middleware ");
    page_put(p, let->name);
    page_text(p, " = ");
    if (let->value)
        print_value(p, let->value, indent, tail);
    size_t at = indent;
    NODES_EACH(link, let->links) {
        if (link != let->links.head && print_operator(p, link, "| ", indent + STEP))
            at = indent + STEP;
        print_link(p, link, at, 0);
    }
}

static void print_param(struct page *p, struct node *node, size_t indent, size_t tail) {
    struct node_param *param = node_param(node);
    page_put(p, param->name);
    if (param->type) {
        page_text(p, " ");
        print_value(p, param->type, indent, tail);
    }
    if (param->range) {
        page_text(p, " ");
        print_value(p, param->range, indent, tail);
    }
    if (param->value) {
        page_text(p, " = ");
        print_value(p, param->value, indent, tail);
    }
}

static void print_template_head(struct page *p, struct node *node, size_t indent, size_t tail) {
    struct node_template *template = node_template(node);
    page_text(p, "template ");
    page_put(p, template->name);
    print_bracketed(p, node, "()", template->params, print_param, indent, tail);
}

static void print_for_head(struct page *p, struct node *node, size_t indent, size_t tail) {
    struct node_for *loop = node_for(node);
    page_text(p, "for ");
    page_put(p, loop->name);
    page_text(p, " in ");
    print_value(p, loop->value, indent, loop->call ? 0 : tail);
    if (loop->call) {
        page_text(p, " ");
        print_call(p, loop->call, indent, tail);
    }
}

/* ---- files with errors ---- */

/* Where the parser gave up, the bytes are the user's. */
static void print_verbatim(struct page *p, const struct node *node) {
    if (p->layout == SINGLE)
        p->failed = true;
    page_verbatim(p, str_trim(source_text(p->sources, node->span)));
}

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

/* True when two texts differ in blanks, line ends and separators alone. */
static bool same_but_layout(struct str a, struct str b) {
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

static bool is_verbatim(const struct node *node) {
    return node->kind == NODE_BROKEN || node->verbatim;
}

static void print_whole(struct page *p, struct node *node, size_t indent) {
    if (is_verbatim(node)) {
        print_verbatim(p, node);
        return;
    }
    switch ((enum node_kind)node->kind) {
    case NODE_ROUTE: print_route(p, node_route(node), indent); break;
    case NODE_SETTING:
        print_headed(p, node, print_setting_head, node_setting(node)->block, indent);
        break;
    case NODE_CALL: print_headed(p, node, print_call, NULL, indent); break;
    case NODE_LET:
    case NODE_MIDDLEWARE: print_headed(p, node, print_let, NULL, indent); break;
    case NODE_TEMPLATE:
        print_headed(p, node, print_template_head, node_template(node)->block, indent);
        break;
    case NODE_FOR: print_headed(p, node, print_for_head, node_for(node)->block, indent); break;
    case NODE_BROKEN:
    case NODE_WORD:
    case NODE_STRING:
    case NODE_RAW:
    case NODE_HEREDOC:
    case NODE_LIST:
    case NODE_ARG:
    case NODE_BLOCK:
    case NODE_POOL:
    case NODE_TARGET:
    case NODE_PARAM: assert(!"a statement"); break;
    }
}

/* In a file with syntax errors the tree may lack what the parser dropped or hold brackets that it
   made up: a statement whose text would change stays as it stands. */
static void print_statement(struct page *p, struct node *node, size_t indent) {
    size_t start = p->out->len;
    print_whole(p, node, indent);
    if (p->ast->syntax_errors == 0 || p->layout == SINGLE || is_verbatim(node))
        return;
    struct str written = str_from(buf_str(p->out), start);
    if (same_but_layout(source_text(p->sources, node->span), written))
        return;
    p->out->len = start;
    p->comment_open = false;
    node->verbatim = true;
    print_verbatim(p, node);
}

/* True when a statement at the start of a line would be read as the end of the one above. */
static bool continues_line(struct page *p, const struct node *node) {
    struct str text = STR("");
    if (node && is_verbatim(node))
        text = source_text(p->sources, node->span);
    else if (node && node->kind == NODE_SETTING)
        text = ((const struct node_setting *)node)->name;
    else if (node && node->kind == NODE_CALL)
        text = ((const struct node_call *)node)->name;
    static const char *const marks[] = { "|", "->", "=>", "{", "else" };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (str_starts(text, str_of(marks[i])))
            return true;
    return false;
}

/* Where a statement's last visible byte ends. */
static uint32_t visible_end(struct page *p, const struct node *node) {
    struct str text = source_text(p->sources, node->span);
    while (text.len && strchr(" \t\r\n", text.at[text.len - 1]))
        text.len--;
    return node->span.start + (uint32_t)text.len;
}

/* True when a broken statement would take the next line for its own. */
static bool ends_open(struct page *p, const struct node *node) {
    uint32_t end = visible_end(p, node);
    struct str last = source_text(p->sources, (struct span){ end - 1, end });
    return str_is(last, ",") || str_is(last, "|");
}

enum semicolon {
    SEMICOLON_NONE,
    SEMICOLON_BEHIND,
    SEMICOLON_AHEAD, /* of the statement that follows, on its line */
};

/* A line end is as good as a `;`, except where the next line would continue this one or nobody
   knows where this one ends: there the `;` of the source stays. */
static enum semicolon find_semicolon(struct page *p, const struct node *node) {
    bool continued = continues_line(p, node->next) || (is_verbatim(node) && ends_open(p, node));
    struct source *source = source_at(p->sources, node->span.end);
    if (!source)
        return continued ? SEMICOLON_BEHIND : SEMICOLON_NONE;
    if (!is_verbatim(node) && !continued)
        return SEMICOLON_NONE;
    bool same_line = true, comment = false;
    struct str behind = str_from(source->text, node->span.end - source->base);
    for (size_t i = 0; i < behind.len; i++) {
        char c = behind.at[i];
        if (c == ';' && !comment)
            return same_line || !is_verbatim(node) ? SEMICOLON_BEHIND : SEMICOLON_AHEAD;
        if (c == '\n' && !continued)
            return SEMICOLON_NONE;
        if (c == '\n')
            same_line = comment = false;
        else if (c == '#')
            comment = true;
        else if (!comment && c != ' ' && c != '\t' && c != '\r')
            return SEMICOLON_NONE;
    }
    return SEMICOLON_NONE;
}

/* Where one error ends and the next begins is a guess: what stands between them stays too. */
static void print_body(struct page *p, struct nodes body, size_t indent, bool first) {
    struct node *broken = NULL;
    size_t broken_end = 0;
    enum semicolon semicolon = SEMICOLON_NONE;
    NODES_EACH(node, body) {
        start_line(p, node, indent, &first);
        if (semicolon == SEMICOLON_AHEAD)
            page_text(p, ";");
        print_statement(p, node, indent);
        if (is_verbatim(node)) {
            if (broken) {
                p->out->len = broken_end;
                page_verbatim(p, source_text(p->sources, (struct span){ visible_end(p, broken),
                                                                        visible_end(p, node) }));
            }
            broken_end = p->out->len;
            broken = node;
        } else {
            broken = NULL;
        }
        semicolon = find_semicolon(p, node);
        if (semicolon == SEMICOLON_BEHIND)
            page_text(p, ";");
        page_trailing(p, comments_after(node), indent);
    }
}

bool format_is_word(struct str text) {
    return quote_is_word(text);
}

void ast_format(struct buf *out, const struct ast *ast, struct sources *sources) {
    struct buf text = { .arena = out->arena };
    struct page p = { .out = &text, .ast = ast, .sources = sources };
    if (ast->unreadable) {
        buf_add(out, ast->source->text);
        return;
    }
    print_body(&p, ast->body, 0, true);
    bool first = !ast->body.head;
    page_comments(&p, ast->tail, 0, &first, false);
    if (text.len)
        buf_char(&text, '\n');
    buf_add(out, buf_str(&text));
}
