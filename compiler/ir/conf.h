/* A tree of configuration, as YAML has it: what Traefik's files hold before they are text. */
#pragma once

#include "source/source.h"
#include "support/buf.h"

enum conf_kind { CONF_MAP, CONF_LIST, CONF_TEXT };

struct conf {
    struct conf *next, *first, *last; /* children of MAP and LIST */
    enum conf_kind kind;
    struct str key;  /* in a MAP */
    struct str text; /* of TEXT */
    bool plain;      /* a number, true, false, null: never quoted */
    bool object;     /* a comment names the line that it comes from */
    void *user;      /* of TEXT: what the text is made of, once that is named */
    struct span span;
};

struct conf *conf_new(struct arena *a, enum conf_kind kind);
/* A new child at the end; the caller knows that the key is new. */
struct conf *conf_add(struct arena *a, struct conf *map, struct str key, enum conf_kind kind);
struct conf *conf_get(const struct conf *map, struct str key); /* NULL when absent */
/* The mapping below `key`, made when there is none. */
struct conf *conf_map(struct arena *a, struct conf *map, struct str key);
/* The place of a path such as `tls.domains[0].main`, made when there is none. */
struct conf *conf_at(struct arena *a, struct conf *map, struct str path);

/* Both maps: recurse; else what is merged in replaces. Keys keep the base's order, new ones follow.
 */
void conf_merge(struct arena *a, struct conf *base, const struct conf *over);
/* Takes out empty maps and lists, the emptied ones above them included. */
void conf_prune(struct conf *map);
