/* Configuration of Traefik before it has types: names, values and where they stand, whether they
   came from YAML or from labels. Names are compared without regard to case, as Traefik does. */
#pragma once

#include "source/source.h"

enum conf_kind { CONF_NULL, CONF_TEXT, CONF_LIST, CONF_MAP };

struct conf {
    struct conf *next;         /* sibling */
    struct conf *first, *last; /* of LIST and MAP; of a label's TEXT, too */
    struct str key;            /* of an item of a list it is empty */
    struct str text;           /* of TEXT */
    enum conf_kind kind;
    struct span span, key_span;
};

struct conf *conf_new(struct arena *a, enum conf_kind kind, struct str key, struct span span);
void conf_add(struct conf *parent, struct conf *child);

/* The child, or NULL; NULL has none. A null value counts as absent. */
const struct conf *conf_child(const struct conf *c, struct str key);
/* "http.redirections.entryPoint" */
const struct conf *conf_get(const struct conf *c, const char *path);
struct str conf_text(const struct conf *c, const char *path); /* empty when there is none */
bool conf_bool(const struct conf *c, const char *path, bool otherwise);
bool conf_bool_reads(struct str text); /* Go's spellings of true and false */
int64_t conf_int(const struct conf *c, const char *path, int64_t otherwise);
/* An object that may stand alone, such as `tls`: it is there as a mapping, empty or `true`. */
bool conf_is_present(const struct conf *c);
/* The same names with the same values, in any order. */
bool conf_equal(const struct conf *a, const struct conf *b);

struct strs {
    struct str *at;
    size_t count;
};
void strs_add(struct strs *s, struct arena *a, struct str text);
/* A list of texts: items, or one text with commas. */
struct strs conf_texts(const struct conf *c, const char *path, struct arena *a);

/* ---- labels ---- */

struct conf_label {
    struct str key, value;
    struct span key_span, value_span;
};

struct conf_fault {
    bool wrong;
    struct span span;
    struct str message;
};

/* The labels below `traefik.` that one of `roots` begins ("traefik.http", …), as a mapping whose
   children are `http` and so on. NULL, and the fault, when one cannot be read. */
struct conf *conf_from_labels(struct arena *a, struct conf_label *labels, size_t count,
                              const char *const *roots, struct conf_fault *fault);

/* ---- types ---- */

struct option;
enum conf_place { CONF_IN_FILE, CONF_IN_LABELS };

/* What Traefik would refuse it for, by its option table; one fault is enough for it. In labels,
   options that only files have are then taken away. */
struct conf_fault conf_check(struct arena *a, struct conf *c, const struct option *o,
                             enum conf_place place);
