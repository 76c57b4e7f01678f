/* A tree of configuration, as YAML has it: what Traefik's files hold before they are text. */
#pragma once

#include "source/source.h"
#include "support/buf.h"

enum doc_kind {
    DOC_MAP,
    DOC_LIST,
    DOC_TEXT,
    DOC_READY, /* in a MAP: keys with their values that are YAML already, indented */
};

struct doc_lines { /* of READY */
    const struct doc_lines *next;
    struct str text;
};

struct doc {
    struct doc *next, *first, *last; /* children of MAP and LIST */
    enum doc_kind kind;
    struct str key;  /* in a MAP */
    struct str text; /* of TEXT */
    bool plain;      /* a number, true, false, null: never quoted */
    bool object;     /* a comment names the line that it comes from */
    bool own;        /* of one project or entry point, not of all (see backends/pieces.h); READY:
                        it waits for its lines */
    void *user;      /* of TEXT: what the text is made of, once that is named */
    const struct doc_lines *lines;
    struct span span;
    struct span over; /* of what the user merged into it, or none */
    struct str notes; /* the user's own comments, a line each, without their `# ` */
};

struct doc *doc_new(struct arena *a, enum doc_kind kind);
/* A new child at the end; the caller knows that the key is new. */
struct doc *doc_add(struct arena *a, struct doc *map, struct str key, enum doc_kind kind);
struct doc *doc_get(const struct doc *map, struct str key); /* NULL when absent */
/* The mapping below `key`, made when there is none. */
struct doc *doc_map(struct arena *a, struct doc *map, struct str key);
/* The place of a path such as `tls.domains[0].main`, made when there is none. */
struct doc *doc_at(struct arena *a, struct doc *map, struct str path);

/* Everything but the key. */
void doc_copy(struct arena *a, struct doc *to, const struct doc *from);
/* Both maps: recurse; else what is merged in replaces. Keys keep the base's order, new ones follow.
 */
void doc_merge(struct arena *a, struct doc *base, const struct doc *over);
/* Takes out empty maps and lists, the emptied ones above them included. */
void doc_prune(struct doc *map);
