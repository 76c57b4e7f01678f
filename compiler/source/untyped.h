/* Configuration before it has types: names, values and where they stand, whether they came from
   YAML or from labels. Names are compared without regard to case, as Traefik does. */
#pragma once

#include "source/source.h"

enum untyped_kind { UNTYPED_NULL, UNTYPED_TEXT, UNTYPED_LIST, UNTYPED_MAP };

/* What a text would be to a reader of YAML's core schema. */
enum untyped_scalar { UNTYPED_WORD, UNTYPED_NOTHING, UNTYPED_TRUTH, UNTYPED_INT, UNTYPED_FLOAT };

struct untyped {
    struct untyped *next;  /* sibling */
    struct untyped *first; /* of LIST and MAP; of a label's TEXT, too */
    struct str key;        /* of an item of a list it is empty */
    struct str text;       /* of TEXT */
    struct span span, key_span;
    enum untyped_kind kind : 8;
    enum untyped_scalar scalar : 4, key_scalar : 4; /* of texts and keys without quotes in YAML */
    bool is_written : 1;                            /* it is a struct untyped_written */
};

struct piece;

/* A text that its file has in another form: with escapes, or folded. */
struct untyped_written {
    struct untyped base;
    uint32_t inner; /* as in struct node_text */
    const struct piece *pieces;
};

struct untyped *untyped_new(struct arena *a, enum untyped_kind kind, struct str key,
                            struct span span);
/* Puts a child where the last one said that the next belongs, first `&parent->first`. */
struct untyped **untyped_put(struct untyped **end, struct untyped *child);
