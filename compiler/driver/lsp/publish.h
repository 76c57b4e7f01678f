/* What the editor is shown: findings of each file, from each root that has some. */
#pragma once

#include "driver/lsp/roots.h"

/* Findings of one check, by file, as JSON. */
struct harvest {
    struct server *server;
    const struct root *root;
    struct itsupc *session;
    struct arena *arena;
    struct table files; /* name → struct harvested */
    struct harvested *first, **last;
};
struct harvested {
    struct harvested *next;
    const char *name;
    struct lines *lines; /* NULL until asked for */
    struct str *items;
    size_t count, room, errors;
};

/* Of all that was found after itsupc_check. */
void harvest_findings(struct harvest *h);
/* Findings that were made into JSON elsewhere. */
struct harvested *harvest_file(struct harvest *h, const char *name);
void harvest_item(struct harvest *h, struct harvested *f, struct str item);
/* Publishes the findings of one file; without any it is clean. */
void publish_file(struct server *s, const struct root *root, const char *name,
                  const struct harvested *f);
/* What is due, and every file of the root that had some and is not in `h`. */
void publish_rest(struct server *s, struct root *root, const struct harvest *h);
void publish_forget(struct server *s, const struct root *root);
/* The diagnostics as they were last published for a document: JSON objects. */
size_t published(struct server *s, const char *path, struct arena *arena, struct str **items);
void publish_free(struct server *s);
