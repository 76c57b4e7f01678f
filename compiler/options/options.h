/* Traefik's options as a table: every path of the dynamic configuration (and of the labels that
 * only providers read) and of the static one, with type, default, place, versions and one line of
 * help. The rows are dynamic.tsv and static.tsv; the build turns them into constant data.
 *
 * A path is a row's name: `http.routers.<name>.tls.domains[n].main`. `<name>` stands for a key that
 * the user chooses and `[n]` for an index. Traefik compares names without regard to case, and so
 * does every function here. A label is such a path behind `traefik.`.
 *
 * Tree and row are one: a node is a `struct option`. Nodes without a row of their own, such as
 * `http.routers`, have the type NAMES, are not `listed`, and carry their child's doc. */
#pragma once

#include "support/str.h"

enum option_type {
#define OPTION_TYPE(name, spelling, by, gist) OPTION_##name,
#include "options/types.def"
    OPTION_TYPE_COUNT
};

enum option_ref {
#define OPTION_REF(name, spelling) OPTION_REF_##name,
#include "options/types.def"
    OPTION_REF_COUNT
};

enum option_unit {
#define OPTION_UNIT(name, spelling, nanoseconds) OPTION_UNIT_##name,
#include "options/types.def"
    OPTION_UNIT_COUNT
};

enum option_shape {
    OPTION_ONE,  /* one value */
    OPTION_LIST, /* values; in a label one text, parted at commas without an escape */
    OPTION_MAP   /* the value of one key; `key_type` says what the key is */
};

/* Where an option has an effect; a set of these. */
enum option_place {
    OPTION_IN_LABELS = 1,
    OPTION_IN_FILE = 2,
    OPTION_IN_STATIC = 4,
    OPTION_DEFAULT_STORE = 8 /* in labels only for the store named `default` */
};

enum option_tree { OPTION_DYNAMIC, OPTION_STATIC };

struct option {
    struct str path;
    struct str fallback;       /* the default as one would write it; empty when there is none */
    struct str fallback_note;  /* how Traefik comes to its default when it is no plain text */
    struct str doc;            /* one sentence */
    const struct str *choices; /* of an ENUM */
    int64_t min, max;          /* of a number, both allowed */
    uint32_t since;            /* version that brought it; 0 when every v3 has it */
    uint32_t deprecated;       /* version that deprecated it; 0 when none did */
    enum option_type type;
    enum option_type key_type; /* of a MAP; STRING unless the table says more */
    enum option_shape shape;
    enum option_ref ref;   /* of a REF */
    enum option_unit unit; /* of an INT */
    uint16_t parent, first_child, child_count;
    uint16_t name_at; /* where the last segment starts in `path` */
    uint8_t choice_count;
    uint8_t places;
    bool listed;         /* has a row in the tables */
    bool any_name;       /* `<name>`: matches every segment */
    bool indexed;        /* `[n]`: a list of objects */
    bool choices_nocase; /* Traefik takes the choices in any case */
    bool ineffective;    /* read by Traefik, and then ignored */
};

/* ---- the tree ---- */
const struct option *option_top(enum option_tree tree);
const struct option *option_parent(const struct option *o);      /* NULL at the top */
const struct option *option_first_child(const struct option *o); /* NULL for a leaf */
const struct option *option_next_sibling(const struct option *o);
const struct option *option_walk(const struct option *o); /* next in the tree, parents first */

struct str option_name(const struct option *o); /* the last segment, without `[n]` */

/* The child for one key of a file, or for one segment of a label without its index. */
const struct option *option_child(const struct option *o, struct str name);
/* The same for a word of our language: `strip-prefix`, `stripPrefix` and `stripprefix` are one. */
const struct option *option_child_by_word(const struct option *o, struct str word);
/* The child's name that a misspelt word stands for; empty when nothing is close. */
struct str option_child_nearest(const struct option *o, struct str word);
/* Rows whose last segment is `word`, one after the other: for "it belongs to …". */
const struct option *option_named(enum option_tree tree, struct str word,
                                  const struct option *after);

bool option_name_matches(struct str camel, struct str word);
struct str option_name_kebab(struct arena *a, struct str camel);

/* ---- paths ---- */
enum option_miss {
    OPTION_FOUND,
    OPTION_SEGMENT_UNKNOWN,
    OPTION_SEGMENT_EMPTY,
    OPTION_INDEX_MISSING, /* `domains.main`; ending on the bare list itself is fine */
    OPTION_INDEX_STRAY,   /* an index on something that is no list of objects */
    OPTION_INDEX_BAD,     /* `domains[x]` */
    OPTION_BELOW_VALUE    /* the option before this segment takes a value and has no children */
};

struct option_lookup {
    const struct option *option;  /* NULL unless found */
    const struct option *reached; /* the last node that was right */
    enum option_miss miss;
    size_t segment;  /* number of the segment at fault, from 0 */
    size_t from, to; /* where it stands in the path */
};

struct option_lookup option_find(enum option_tree tree, struct str path);
struct option_lookup option_find_below(const struct option *from, struct str path);

/* An option that Traefik 1 or 2 had and 3 has not; NULL when the path is none. */
struct option_retired {
    enum option_tree tree;
    const char *path;
    const char *instead; /* a path of the tables; empty when there is no successor */
    bool v1;             /* of Traefik 1: its successor may hold something else */
};
const struct option_retired *option_retired(enum option_tree tree, struct str path);

/* ---- versions ---- */
/* "3", "3.6", "v3.6.4": comparable numbers. A part left out means the newest: an image tagged 3.6
 * is its last patch. */
bool option_version_parse(struct str text, uint32_t *version);
enum { OPTION_NEWEST = 3007009 }; /* 3.7.9, which the tables end with */
struct str option_version_text(struct arena *a, uint32_t version);

enum option_state {
    OPTION_CURRENT,
    OPTION_DEPRECATED,
    OPTION_WITHOUT_EFFECT,
    OPTION_NOT_YET /* the option, or something above it, came later */
};
enum option_state option_state_in(const struct option *o, uint32_t version);
/* A path as the version spells it: under its old name where the new one came later. */
struct str option_path_in(struct arena *a, enum option_tree tree, struct str path,
                          uint32_t version);

/* ---- middlewares ---- */
enum option_layer { OPTION_HTTP, OPTION_TCP };
/* The node whose children are the kinds; `option_child_by_word` finds one. */
const struct option *option_middlewares(enum option_layer layer);

/* ---- the generated table ---- */
extern const struct option option_table[];
extern const uint16_t option_tops[2];
extern const size_t option_count, option_row_count;
