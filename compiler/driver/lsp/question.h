/* A question about a place: a session that holds the file, and places of its files as the editor
   counts them. */
#pragma once

#include "driver/lsp/roots.h"

struct question {
    struct request *request;
    struct itsupc *session;
    struct arena arena; /* of the session */
    struct root *root;  /* NULL for a text that is no file */
    const char *name;   /* of the document, as the session knows it */
    struct table lines; /* name → struct lines */
};

/* Of the part of the workspace that the document may name, of the smallest that holds it, or of all
   of it. False when there is nothing to ask. */
bool question_open(struct question *q, struct request *r);
bool question_open_part(struct question *q, struct request *r);
bool question_open_all(struct question *q, struct request *r);
void question_close(struct question *q);

const struct lines *question_lines(struct question *q, const char *name);
struct str question_uri(struct question *q, const char *name);
/* Members `uri` and `range` of the object at hand. */
void question_location(struct question *q, const struct itsupc_place *at);
