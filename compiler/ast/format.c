/* The canonical layout: how each node is laid out on lines.

   Every construct is tried tight (its pieces unbroken) and, when that does not fit, written again
   broken at its outermost joint. Attempts stop at the hundredth column, so the work is linear. What
   the old layout decides: whether a block is on one line, whether a route was broken before an
   operator, and where blank lines stand; all the rest follows from the tree alone. */
#include "ast/format.h"

#include "ast/print_value.h"
#include "ast/verbatim.h"

#include <assert.h>

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

static void print_whole(struct page *p, struct node *node, size_t indent) {
    if (verbatim_is(node)) {
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
    if (p->ast->syntax_errors == 0 || p->layout == SINGLE || verbatim_is(node))
        return;
    struct str written = str_from(buf_str(p->out), start);
    if (verbatim_same(source_text(p->sources, node->span), written))
        return;
    p->out->len = start;
    p->comment_open = false;
    node->verbatim = true;
    print_verbatim(p, node);
}

/* Where one error ends and the next begins is a guess: what stands between them stays too. */
static void print_body(struct page *p, struct nodes body, size_t indent, bool first) {
    struct node *broken = NULL;
    size_t broken_end = 0;
    enum semicolon semicolon = SEMICOLON_NONE;
    NODES_EACH(node, body) {
        print_line_start(p, node, indent, &first);
        if (semicolon == SEMICOLON_AHEAD)
            page_text(p, ";");
        print_statement(p, node, indent);
        if (verbatim_is(node)) {
            if (broken) {
                p->out->len = broken_end;
                page_verbatim(
                    p, source_text(p->sources, (struct span){ verbatim_end(p->sources, broken),
                                                              verbatim_end(p->sources, node) }));
            }
            broken_end = p->out->len;
            broken = node;
        } else {
            broken = NULL;
        }
        semicolon = verbatim_semicolon(p->sources, node);
        if (semicolon == SEMICOLON_BEHIND)
            page_text(p, ";");
        page_trailing(p, comments_after(node), indent);
    }
    if (semicolon == SEMICOLON_AHEAD) { /* without it, what follows would be read otherwise */
        page_line(p, indent, false);
        page_text(p, ";");
    }
}

bool format_is_word(struct str text) {
    return quote_is_word(text);
}

/* The parser refuses a CR without LF but goes on as if a line ended there. Whether one did is not
   for the printer to say, which could only write the LF or nothing. */
static bool has_bare_return(struct str text) {
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] == '\r' && (i + 1 == text.len || text.at[i + 1] != '\n'))
            return true;
    return false;
}

void ast_format(struct buf *out, const struct ast *ast, struct sources *sources) {
    struct buf text = { .arena = out->arena };
    struct page p = { .out = &text, .ast = ast, .sources = sources };
    if (ast->unreadable || (ast->syntax_errors && has_bare_return(ast->source->text))) {
        buf_add(out, ast->source->text);
        return;
    }
    if (ast->source)
        buf_reserve(&text, ast->source->text.len + ast->source->text.len / 8 + 64);
    print_body(&p, ast->body, 0, true);
    bool first = !ast->body.head;
    page_comments(&p, ast->tail, 0, &first, false);
    /* At the start of a file a byte order mark would be skipped, not refused. */
    if (str_starts(buf_str(&text), STR("\xef\xbb\xbf"))) {
        buf_add(out, ast->source->text);
        return;
    }
    if (text.len)
        buf_char(&text, '\n');
    if (out->at)
        buf_add(out, buf_str(&text));
    else
        *out = text;
}
