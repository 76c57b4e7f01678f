/* What a written value means: text with its escapes, interpolations and pieces resolved, or a list.
 */
#pragma once

#include "ast/ast.h"

/* A `${NAME}` that is left for run time, at [at, at + len) of a text. */
struct placeholder {
    uint32_t at, len;
};

struct text {
    struct str s;
    struct span span;           /* of the whole, quotes included */
    const struct piece *pieces; /* where the bytes stand; see ast.h */
    const struct placeholder *placeholders;
    uint32_t inner; /* where s[0] stands, if bytes and source correspond one to one */
    uint32_t placeholder_count : 29; /* there are many texts: each byte of one counts */
    bool quoted : 1;                 /* written between quotes: never a name */
    bool compose : 1; /* of a compose file: its variables have every form that Compose knows */
    bool sample : 1;  /* made of a template parameter's stand-in: judge its form leniently */
};

/* Where the bytes [from, to) of the text stand in the source. */
struct span text_span(const struct text *t, size_t from, size_t to);
/* Text that is the compiler's own, pointed at as a whole. */
struct text text_made(struct str s, struct span span);
/* The bytes [from, to) as a text of its own. */
struct text text_slice(const struct text *t, size_t from, size_t to);
static inline bool text_has_placeholder(const struct text *t) {
    return t->placeholder_count > 0;
}

enum value_kind {
    VALUE_BAD, /* told already; every later check stays silent */
    VALUE_TEXT,
    VALUE_LIST,
    VALUE_CALL, /* name(args): a middleware with its arguments, not yet judged */
    VALUE_ARG,  /* name = value: its value is items[0] */
};

struct value {
    enum value_kind kind;
    struct span span;
    struct text text;    /* TEXT; for CALL and ARG the name */
    struct value *items; /* LIST, CALL, ARG */
    size_t count;
    size_t weight;     /* what writing it out would take: values that share items may be vast */
    struct node *node; /* where it was written */
};

struct scope;

/* Never fails: what cannot be resolved is told and becomes VALUE_BAD. A word that is a whole `{x}`
   is the value of x itself, a list included. */
struct value value_of(struct scope *scope, struct node *node);
/* The same where a list is expected: a bare word that names a list is that list, and a single value
   is a list of one. A list inside a list is flattened. */
struct value value_list_of(struct scope *scope, struct node *node);
struct value value_as_list(struct scope *scope, struct value value);
/* Expects one text; anything else is told ("a list stands where one word belongs"). */
bool value_text(struct scope *scope, const struct value *value, const char *what, struct text *out);

/* The text of a list or text for messages, as a person would write it. */
struct str value_show(struct arena *arena, const struct value *value);
