/* A place in a YAML file, found line by line: what is being typed need not read as YAML yet. */
#pragma once

#include "editing/editing.h"

enum { YAML_DEEPEST = 32 };

/* A key, or an item of a list ("[]"), with what stands around it. */
struct yaml_key {
    struct str path[YAML_DEEPEST]; /* of what is around, outermost first */
    size_t depth;
    struct str key; /* empty: a bare scalar, which is an item or is being typed */
    struct span key_span;
    struct str value; /* on the same line, without quotes */
    struct span value_span;
};

/* Every key and scalar of a list in order. */
struct yaml_keys {
    struct yaml_key *list;
    size_t count, room;
};
struct yaml_keys yaml_keys_of(struct arena *arena, struct source *source);

/* The line at a place: `value` is what is typed, behind the key when there is one. */
struct yaml_key yaml_key_at(struct arena *arena, struct source *source, size_t offset);

/* What kind of file it is, by the keys at its top, then by its name. */
enum yaml_kind {
    YAML_UNKNOWN,
    YAML_COMPOSE,
    YAML_DYNAMIC,
    YAML_STATIC,
    YAML_PROJECT, /* of itsUP: routes */
    YAML_INFRA,   /* itsup.yml */
};
enum yaml_kind yaml_kind_of(const struct yaml_keys *keys, struct str name);

/* The option that a path of a file of Traefik leads to; NULL when there is none. */
const struct option *yaml_option(enum yaml_kind kind, const struct str *path, size_t depth);
/* "traefik.http.routers.x.rule" → the option; NULL. */
const struct option *yaml_label_option(struct str label);
/* Whether labels of a service stand below this path. */
bool yaml_is_labels(const struct str *path, size_t depth);
/* A label, `key: value` or `key=value`, as its two parts. */
bool yaml_label(const struct yaml_key *k, struct str *key, struct str *value, struct span *key_span,
                struct span *value_span);
