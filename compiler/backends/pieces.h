/* A large tree is built in slices of its projects. What each slice puts into an artefact that all
   share are pieces: objects as they stand there, text for text. The base, which has no projects,
   makes those artefacts at the end with the pieces of all in their places. */
#pragma once

#include "backends/backend.h"

struct portion {
    const char *file;         /* of the artefact, a word: "tcp", "static" */
    struct str section, name; /* "tcp.routers"; of the object */
    struct str place, text;   /* the comment above it; the object below that */
    bool own;                 /* of what projects make; all others are the same in each slice */
};

struct pieces {
    void *context;
    /* A slice, and the base at first: takes them; no text needs to stay. */
    void (*piece)(void *context, const struct portion *piece);
    /* An artefact, or what is left of it without its pieces: the same in each slice. */
    void (*rest)(void *context, struct str path, struct str text);
    /* The base in the end, instead: the sections of a file for which there are pieces, by number,
       in the order of the first ones; an empty section when there are no more. */
    const struct doc_lines *(*lines)(void *context, const char *file, size_t number,
                                     struct str *section);
};

static inline bool pieces_are_taken(const struct emission *e) {
    return e->pieces && e->pieces->piece;
}

/* Gives away all objects that lie `depth` keys deep, and tells the tree without those of projects
   as the rest, where `path` is not NULL. */
void pieces_give(struct emission *e, struct doc *doc, const char *file, bool dynamic,
                 const char *path);
/* Puts the lines of the sections whose last word is `kind` into the tree. */
void pieces_place(struct emission *e, struct doc *doc, const char *file, const char *kind);
