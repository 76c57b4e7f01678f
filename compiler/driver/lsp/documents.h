/* The files that an editor has open: their texts win over the disk. */
#pragma once

#include "driver/lsp/text.h"
#include "support/table.h"

struct root;

struct document {
    struct document *next;
    struct arena arena; /* of the document itself */
    struct arena body;  /* of its text */
    struct str uri;
    const char *path; /* on the disk, with "/" first; the URI when that is of another kind */
    int64_t version;
    struct lines lines;
    bool dirty;        /* changed since it was checked */
    bool due;          /* what was found in it is still to be published */
    bool stands_in;    /* a text that is only tried */
    struct root *root; /* that it belongs to, once that is known */
};

struct documents {
    struct document *first;
    enum encoding encoding;
};

struct document *documents_find(const struct documents *all, struct str uri);
struct document *documents_at(const struct documents *all, const char *path);
struct document *documents_open(struct documents *all, struct str uri, int64_t version,
                                struct str text);
void documents_close(struct documents *all, struct document *document);
/* One of contentChanges; false when it does not read. */
bool document_change(struct documents *all, struct document *document,
                     const struct json_value *change);

/* file:///a%20b → /a b; NULL when it is no file. And back. */
const char *uri_path(struct arena *arena, struct str uri);
struct str path_uri(struct arena *arena, const char *path);
