/* YAML, JSON and TOML as one located tree: what stands in the file, byte for byte where it stands.
 */
#pragma once

#include "source/diag.h"
#include "support/table.h"

enum tree_kind {
    TREE_SCALAR,
    TREE_SEQUENCE,
    TREE_MAPPING,
    TREE_ALIAS,
};

enum tree_style {
    TREE_PLAIN,
    TREE_SINGLE,
    TREE_DOUBLE,
    TREE_LITERAL,
    TREE_FOLDED,
    TREE_BLOCK, /* a sequence or mapping by indentation */
    TREE_FLOW,  /* … between brackets; JSON has only these */
};

/* What a scalar is by the core schema of YAML 1.2. Its text never changes: 0755, 1e3, yes, 2222:22
   and 2024-01-02 stay as written. */
enum tree_scalar {
    SCALAR_TEXT,
    SCALAR_NULL,
    SCALAR_BOOL,
    SCALAR_INT,
    SCALAR_FLOAT,
};

/* One entry of a mapping, or one item of a sequence (whose key is NULL). */
struct tree_entry {
    struct tree_entry *next;
    struct tree *key, *value; /* as written: either may be an alias */
    struct tree *owner;       /* the mapping that it is written in: another one when merged */
};

/* `&name`, `!tag`. Only nodes that have some carry this. */
struct tree_props {
    struct str anchor, tag; /* the tag in full, "tag:yaml.org,2002:str" */
    uint32_t start;         /* where the first of them begins */
    uint32_t size, height;  /* of an anchored node with all its aliases followed */
};

struct tree {
    uint8_t kind, style;
    uint32_t indent;  /* block collection: columns before its keys or dashes */
    struct span span; /* the value: quotes and brackets, not anchor or tag */
    struct tree_file *file;
    struct tree *parent;
    struct tree_props *props;
    union {
        struct {             /* SCALAR */
            struct str text; /* unescaped; lies in the source itself when that is the same */
            struct span content;
        };
        struct {                       /* SEQUENCE, MAPPING */
            struct tree_entry *first;  /* as written, `<<` included */
            struct tree_entry *merged; /* MAPPING: own entries without `<<`, then merged ones */
            struct table *index;       /* of large mappings: text of key -> merged entry */
            uint32_t count, live;      /* entries as written, and of `merged` */
        };
        struct { /* ALIAS */
            struct str alias;
            struct tree *target, *next_alias; /* of the file */
        };
    };
};

struct tree_file {
    struct arena *arena;
    struct source *source;
    struct tree *root;        /* a null scalar when the file holds nothing; NULL once it is gone */
    struct untyped *conf;     /* the same as configuration, once it was asked for */
    struct comment *comments; /* of a file whose tree is gone */
    struct table *anchors;
    struct tree *aliases, *last_alias; /* in the file's order */
    struct compose *compose; /* what was made of a compose file that names no other; or NULL */
    struct tree_file *over;  /* the next compose file that changes this one, by Compose's rules */
    bool is_over;            /* it changes another one */
    size_t nodes;
    bool empty; /* blank, or comments only */
    bool json, toml;
};

enum {
    TREE_DEEPEST = 200,
    TREE_MOST_NODES = 1000000,
    TREE_MOST_PLAIN = 2500000, /* of a file whose tree goes before anything is made of it, */
    TREE_PLAIN_BYTES = 8,      /* as long as each has that many bytes, as what people write has */
    TREE_MOST_EXPANSIONS = 1000000,
};
size_t tree_most_plain(const struct source *source);

/* ---- reading; every function takes NULL and aliases, and looks through the latter ---- */

static inline struct tree *tree_resolve(const struct tree *node) {
    while (node && node->kind == TREE_ALIAS)
        node = node->target;
    return (struct tree *)node;
}
static inline bool tree_is(const struct tree *node, enum tree_kind kind) {
    node = tree_resolve(node);
    return node && node->kind == kind;
}
/* The text of a scalar, else the empty slice. */
struct str tree_text(const struct tree *node);
/* TEXT for what is no scalar. Most scalars are told by their style or their first character. */
extern const bool tree_begins_text[256];
enum tree_scalar tree_scalar_kind_of(const struct tree *node);
static inline enum tree_scalar tree_scalar_kind(const struct tree *node) {
    node = tree_resolve(node);
    if (node && node->kind == TREE_SCALAR && !node->props &&
        (node->style != TREE_PLAIN ||
         (node->text.len && tree_begins_text[(unsigned char)node->text.at[0]])))
        return SCALAR_TEXT;
    return tree_scalar_kind_of(node);
}
bool tree_is_null(const struct tree *node); /* NULL is null, too */
bool tree_to_bool(const struct tree *node, bool *out);
bool tree_to_int(const struct tree *node, int64_t *out);

/* The entries that count: of a mapping with `<<` followed (own ones win), of a sequence all. */
struct tree_entry *tree_entries(const struct tree *node);
size_t tree_count(const struct tree *node);
struct tree_entry *tree_find(const struct tree *map, struct str key);
struct tree *tree_get(const struct tree *map, struct str key); /* resolved value, NULL if absent */
static inline struct str tree_key(const struct tree_entry *entry) {
    return tree_text(entry->key);
}
static inline struct tree *tree_value(const struct tree_entry *entry) {
    return tree_resolve(entry->value);
}
/* From the key to the end of the value. */
struct span tree_entry_span(const struct tree_entry *entry);
/* With anchor and tag. */
struct span tree_whole(const struct tree *node);
/* "services.web.ports[1]" */
struct str tree_path(struct arena *arena, const struct tree *node);
/* "a list", "a mapping", "a number", "text", "true or false", "nothing" */
const char *tree_kind_name(const struct tree *node);
