/* From a located tree to the AST: what every importer of YAML and JSON needs. */
#pragma once

#include "ast/ast.h"
#include "lower/tree.h"
#include "support/buf.h"

/* What the language has no words for and leaves out; for the report of `import`. */
struct lower_loss {
    struct lower_loss *next;
    struct span span;
    struct str key; /* "backup.s3.host" */
    const char *reason;
};

struct lower_losses {
    struct lower_loss *first, *last;
};

struct lower {
    struct arena *arena; /* of the tree and the AST */
    struct diags *diags;
    struct source *source;
    struct comment *comments;    /* of the file, those that hang nowhere yet */
    struct lower_losses *losses; /* may be NULL */
    size_t effort;               /* steps taken so far to find the comments of a line */
};

/* Reads the file's comments, too. What is made lives in `arena`; in the file's own by lower_start.
 */
void lower_begin(struct lower *l, struct arena *arena, struct diags *diags,
                 const struct tree_file *file, struct lower_losses *losses);
void lower_start(struct lower *l, struct diags *diags, const struct tree_file *file,
                 struct lower_losses *losses);
void lower_lose(struct lower *l, const struct tree *value, const char *reason);

/* ---- fields: the keys that a mapping may have ---- */

enum field_kind {
    FIELD_TEXT,   /* text; a number or a truth value must be quoted */
    FIELD_NUMBER, /* "80", 80 and 80.0; judged by the model */
    FIELD_BOOL,   /* true, yes, on, 1 and their opposites, quoted or not */
    FIELD_SCALAR, /* text or a number */
    FIELD_TEXTS,  /* a list of texts */
    FIELD_MAPS,   /* a list of mappings */
    FIELD_MAP,
    FIELD_ANY,
};

struct field {
    struct str key;
    enum field_kind kind;
    bool nullable;
    unsigned versions;  /* bits of the versions of the format that have it */
    const char *before; /* what to write instead where a version has it not; may be NULL */
};

enum { FIELDS_MOST = 16 };

/* A table is a run of rows in a larger one, whose numbers name its fields. */
struct field_table {
    const struct field *rows;
    size_t first, count; /* the number of rows[0] */
};

struct fields {
    size_t first;
    struct tree *at[FIELDS_MOST]; /* the value, aliases followed; NULL when there is none */
    struct tree_entry *entry[FIELDS_MOST]; /* NULL when the key is not there */
    bool bad[FIELDS_MOST];                 /* told already: say nothing more about it, */
    bool slip[FIELDS_MOST];                /* because its key is misspelt */
};

/* Sorts a mapping's entries by a table's rows; unknown keys and wrong kinds are told. */
void fields_read(struct lower *l, struct field_table table, unsigned version,
                 const struct tree *map, struct fields *out);
/* The value; NULL when the key is not there, is null or of the wrong kind. */
struct tree *fields_get(const struct fields *f, size_t field);
/* Where it stands; NULL when it does not. */
const struct tree_entry *fields_entry(const struct fields *f, size_t field);
bool fields_bad(const struct fields *f, size_t field);
/* Bad only because its key is misspelt. */
bool fields_slip(const struct fields *f, size_t field);
/* The truth value, or `otherwise`. */
bool fields_bool(const struct fields *f, size_t field, bool otherwise);
/* The key's place; where the mapping begins when it is not there. */
struct span fields_key_span(const struct fields *f, size_t field, const struct tree *map);

bool lower_bool(const struct tree *scalar, bool *out);
/* Is the node of that kind? If not, it is told: "`port` is a number, not a list". */
bool lower_kind(struct lower *l, const struct tree *node, struct str key, enum field_kind kind);

/* ---- nodes ---- */

/* A word of ours, `span` being what made us write it. */
struct node *lower_word(struct lower *l, struct str text, struct span span);
/* A scalar of the file. */
struct node *lower_text(struct lower *l, const struct tree *scalar);
/* `a, b, c` of a list of scalars. */
struct node *lower_list(struct lower *l, const struct tree *list);
/* `name args… { … }`; `block` may be NULL. */
struct node *lower_setting(struct lower *l, const char *name, struct span span, struct nodes args,
                           struct node *block);
/* A setting with one argument, or (arg NULL) none. */
struct node *lower_setting_one(struct lower *l, const char *name, struct span span,
                               struct node *arg);
struct node *lower_block(struct lower *l, struct span span, struct nodes body, bool one_line);

/* A text put together from scalars and words of ours; each byte keeps its place. */
struct join {
    struct lower *l;
    struct buf out;
    struct piece *pieces;
    size_t count, room;
};
void join_word(struct join *j, struct str text, struct span span);
void join_scalar(struct join *j, const struct tree *scalar);
/* Bytes of the file as they stand there. */
void join_source(struct join *j, struct span span);
/* A part of a scalar's text. */
void join_slice(struct join *j, const struct tree *scalar, size_t from, size_t to);
struct node *join_node(struct join *j, struct span span);
