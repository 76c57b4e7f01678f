/* What the user wrote, with spans. Shapes only: which words are legal is the model's business.

   Every front end (the language, YAML, JSON) builds this tree, and one printer writes it. */
#pragma once

#include "source/diag.h"

enum node_kind {
    /* values */
    NODE_WORD,    /* as written; may hold {x} and ${X} */
    NODE_STRING,  /* between "…": escapes and interpolation not yet done */
    NODE_RAW,     /* between `…`, or a scalar of YAML or JSON: final as it stands */
    NODE_HEREDOC, /* between """…""": indentation and interpolation not yet done */
    NODE_CALL,    /* name(args) */
    NODE_LIST,    /* [args] in a value, or `a, b` in a setting */
    NODE_ARG,     /* name = value */
    /* statements */
    NODE_ROUTE,
    NODE_SETTING, /* word args… { body } */
    NODE_LET,
    NODE_MIDDLEWARE,
    NODE_TEMPLATE,
    NODE_FOR,
    NODE_BROKEN, /* a statement with a syntax error; its block may still be read */
    /* parts */
    NODE_BLOCK,
    NODE_POOL,
    NODE_TARGET,
    NODE_PARAM,
};

struct node;

struct nodes {
    struct node *head, *tail;
};

struct comment {
    struct comment *next;
    struct span span;  /* from the `#` to the end of the line; may be "no place" when text is set */
    struct str text;   /* "# …", without the line end */
    bool blank_before; /* an empty line stands before it */
    bool blank_after;  /* the last of `before`: an empty line parts it from its node */
    bool own_line;     /* nothing but blanks before it on its line */
};

/* Comments around a node. Only nodes that have some carry this. */
struct trivia {
    struct comment *before; /* on lines of their own, above */
    struct comment *after;  /* behind it, on its last line */
    struct comment *open;   /* of a block, list, call or template: behind the opening bracket */
    struct comment *inside; /* of the same: before the closing bracket, with nothing after */
};

struct node {
    uint8_t kind;
    bool blank_before : 1; /* an empty line stands before it (before its first comment, if any) */
    bool one_line : 1;     /* block, list, call: written on one line */
    bool free_form : 1;    /* came from YAML or JSON; of a RAW the printer chooses the quoting */
    bool listed : 1;       /* LIST written as `a, b` without brackets, or of one argument */
    bool on_new_line : 1;  /* a part: the source has a line end between the part before and it */
    bool verbatim : 1;     /* a statement: errors in it forbid any other layout than its own */
    struct span span;
    struct node *next;
    struct trivia *trivia;
};

/* WORD, STRING, RAW, HEREDOC. `text` is the source between the delimiters; for RAW it is the value.
   `inner` is where text[0] stands; bytes of text and of the source correspond one to one unless
   `pieces` is set (a YAML scalar with escapes or folding, say). */
struct node_text {
    struct node base;
    struct str text;
    uint32_t inner;
    bool has_braces; /* WORD, STRING, HEREDOC: holds {x}, ${X} or an escape */
    const struct piece *pieces;
};

/* From text offset `at` on (up to the next piece), bytes stand at `span`; a piece whose span is
   shorter or longer than its text (an escape, an expansion) is pointed at as a whole. */
struct piece {
    uint32_t at;
    bool whole;
    struct span span;
};
/* An array of pieces ends with one whose `at` is UINT32_MAX. */

struct node_call {
    struct node base;
    struct str name;
    struct span name_span;
    struct nodes args; /* ARG or value */
};

struct node_list {
    struct node base;
    struct nodes items;
};

struct node_arg {
    struct node base;
    struct str name;
    struct span name_span;
    struct node *value;
};

struct node_block {
    struct node base;
    struct nodes body;
};

struct node_route {
    struct node base;
    struct nodes patterns; /* WORD or RAW */
    struct nodes links;    /* WORD (a name) or CALL */
    struct nodes pools;    /* POOL; the second and later stand behind `else` */
    struct node *redirect; /* behind `=>` */
    struct node *status;
    struct node_block *block;
};

struct node_pool {
    struct node base;
    struct nodes targets;
};

struct node_target {
    struct node base;
    struct node *text;    /* WORD, STRING or RAW */
    struct node *percent; /* WORD or NULL */
};

struct node_setting {
    struct node base;
    struct str name;
    struct span name_span;
    struct nodes args; /* each a value, an ARG, or a `listed` LIST of those */
    struct node_block *block;
};

struct node_let { /* also MIDDLEWARE, whose links hang at `links` */
    struct node base;
    struct str name;
    struct span name_span;
    struct node *value;
    struct nodes links;
};

struct node_template {
    struct node base;
    struct str name;
    struct span name_span;
    struct nodes params;
    struct node_block *block;
};

struct node_param {
    struct node base;
    struct str name;
    struct span name_span;
    struct node *type;  /* WORD or CALL, or NULL */
    struct node *range; /* WORD such as 1..9999, or `unique`, or NULL */
    struct node *value; /* the default, or NULL */
};

struct node_for {
    struct node base;
    struct str name;
    struct span name_span;
    struct node *value;
    struct node_block *block; /* either a block … */
    struct node *call;        /* … or one call */
};

struct node_broken {
    struct node base;
    struct node_block *block; /* may be NULL */
};

struct ast {
    struct arena *arena;
    struct source *source;
    struct nodes body;
    struct comment *tail;     /* comments after the last statement */
    struct comment *comments; /* all of them in source order, until they are attached to nodes */
    bool unreadable;          /* no text at all: nothing of it stands in the tree */
    size_t syntax_errors;
};

struct nodes nodes_append(struct nodes list, struct node *node);
size_t nodes_count(struct nodes list);

/* The parts of a node in source order; a part that is a single node is a list of one. Walk each
   with NODES_EACH, which does not look beyond `tail`. Returns their number, at most NODE_PARTS. */
enum { NODE_PARTS = 6 };
size_t node_parts(const struct node *node, struct nodes parts[NODE_PARTS]);
#define NODES_EACH(n, list)                                                                        \
    for (struct node *n = (list).head; n; n = n == (list).tail ? NULL : n->next)

/* Casts that check the kind in debug builds. */
struct node_text *node_text(struct node *node);
struct node_call *node_call(struct node *node);
struct node_list *node_list(struct node *node);
struct node_arg *node_arg(struct node *node);
struct node_block *node_block(struct node *node);
struct node_route *node_route(struct node *node);
struct node_pool *node_pool(struct node *node);
struct node_target *node_target(struct node *node);
struct node_setting *node_setting(struct node *node);
struct node_let *node_let(struct node *node);
struct node_template *node_template(struct node *node);
struct node_param *node_param(struct node *node);
struct node_for *node_for(struct node *node);
struct node_broken *node_broken(struct node *node);

static inline bool node_is_text(const struct node *node) {
    return node->kind <= NODE_HEREDOC;
}

/* Where the bytes [from, to) of a text stand in the source. */
struct span node_text_span(const struct node_text *text, size_t from, size_t to);

/* Constructors; each is one call from a grammar action or an importer. */
struct node *ast_text(struct arena *a, enum node_kind kind, struct span span, struct str text,
                      uint32_t inner);
struct node *ast_call(struct arena *a, struct span span, struct node *name, struct nodes args);
struct node *ast_list(struct arena *a, struct span span, struct nodes items, bool listed);
struct node *ast_arg(struct arena *a, struct span span, struct node *name, struct node *value);
struct node *ast_block(struct arena *a, struct span span, struct nodes body);
struct node *ast_route(struct arena *a, struct span span, struct nodes patterns, struct nodes links,
                       struct nodes pools, struct node *block);
struct node *ast_redirect(struct arena *a, struct span span, struct nodes patterns,
                          struct nodes links, struct node *target, struct node *status,
                          struct node *block);
struct node *ast_pool(struct arena *a, struct span span, struct nodes targets);
struct node *ast_target(struct arena *a, struct span span, struct node *text, struct node *percent);
struct node *ast_setting(struct arena *a, struct span span, struct node *name, struct nodes args,
                         struct node *block);
struct node *ast_let(struct arena *a, struct span span, struct node *name, struct node *value);
struct node *ast_middleware(struct arena *a, struct span span, struct node *name,
                            struct nodes links);
struct node *ast_template(struct arena *a, struct span span, struct node *name, struct nodes params,
                          struct node *block);
struct node *ast_param(struct arena *a, struct span span, struct node *name, struct node *type,
                       struct node *range, struct node *value);
struct node *ast_for(struct arena *a, struct span span, struct node *name, struct node *value,
                     struct node *block, struct node *call);
struct node *ast_broken(struct arena *a, struct span span, struct node *block);

/* The tree as indented text with line:column spans and comments, for tests and for people. */
struct buf;
void ast_dump(struct buf *out, const struct ast *ast, struct sources *sources);

/* The same without spans and comments: what must not change when the layout does. */
void ast_dump_shape(struct buf *out, const struct ast *ast);
