/* Reading configuration before it has types. */
#pragma once

#include "source/untyped.h"

/* The child, or NULL; NULL has none. A null value counts as absent. */
const struct untyped *untyped_child(const struct untyped *c, struct str key);
/* "http.redirections.entryPoint" */
const struct untyped *untyped_get(const struct untyped *c, const char *path);
struct str untyped_text(const struct untyped *c, const char *path); /* empty when there is none */
bool untyped_bool(const struct untyped *c, const char *path, bool otherwise);
bool untyped_bool_reads(struct str text); /* Go's spellings of true and false */
int64_t untyped_int(const struct untyped *c, const char *path, int64_t otherwise);
/* An object that may stand alone, such as `tls`: it is there as a mapping, empty or `true`. */
bool untyped_is_present(const struct untyped *c);
/* The same names with the same values, in any order. */
bool untyped_equal(const struct untyped *a, const struct untyped *b);

struct strs {
    struct str *at;
    size_t count;
};
void strs_add(struct strs *s, struct arena *a, struct str text);
/* A list of texts: items, or one text with commas. */
struct strs untyped_texts(const struct untyped *c, const char *path, struct arena *a);

/* ---- labels ---- */

struct untyped_label {
    struct str key, value;
    struct span key_span, value_span;
    bool expands; /* Compose puts a variable's value into what is written */
};

struct untyped_fault {
    bool wrong;
    struct span span;
    struct str message;
};

/* The labels below `traefik.` that one of `roots` begins ("traefik.http", …), as a mapping whose
   children are `http` and so on. NULL, and the fault, when one cannot be read. */
struct untyped *untyped_from_labels(struct arena *a, struct untyped_label *labels, size_t count,
                                    const char *const *roots, struct untyped_fault *fault);

/* ---- types ---- */

struct option;
enum untyped_place { UNTYPED_IN_FILE, UNTYPED_IN_LABELS };

/* What Traefik would refuse it for, by its option table; one fault is enough for it. In labels,
   options that only files have are then taken away. */
struct untyped_fault untyped_check(struct arena *a, struct untyped *c, const struct option *o,
                                   enum untyped_place place);
