/* What belongs together on the disk, each checked as `itsupc check FOLDER` would: an itsUP tree,
   the files of one folder, an existing configuration of Traefik. */
#pragma once

#include "driver/lsp/server.h"

/* What is known of one project of a tree since its last check. */
struct member {
    const char *name;   /* of its folder */
    struct str prefix;  /* "projects/NAME/" */
    struct arena arena; /* of its claims */
    struct str *claims;
    size_t claim_count;
    uint64_t uses;         /* which names of shared files it, and those around it, use */
    struct arena shown;    /* of the next one */
    struct names findings; /* files that have some */
    bool known, waits;     /* checked by itself; to be checked when the editor is quiet */
    size_t errors;         /* among its findings */
    bool touched;          /* edited since the check began that runs on the side */
};

struct root {
    struct root *next;
    const char *folder; /* with "/" at the end */
    struct arena arena; /* of all below */
    struct workspace ws;
    const struct itsupc_tree *tree; /* or NULL */
    struct member *members;         /* of the tree's projects, in their order */
    struct table by_name, claimed;  /* folder's name → member; claim → struct claimants */
    size_t marks[3], mark_count;    /* projects that tell the tree's generation */
    size_t waiting[64], waiting_count;
    bool found; /* the workspace was looked at, */
    bool whole; /* and all of it checked once */
    bool wants_whole;
    bool rehearses;    /* what is built shows more, as long as nothing anywhere is an error: */
    size_t errors;     /* of all files */
    uint64_t quiet_at; /* milliseconds: when to do what waits */
};

/* The root that a document belongs to; NULL for one that is no file. */
struct root *root_of(struct server *s, const struct document *d);
/* Its name in that workspace. */
const char *root_name(const struct root *root, const char *path);
struct member *root_member(struct root *root, const char *name);
/* A session of the smallest part of the workspace that holds the file, not checked yet: its project
   with the shared files, or all of a folder. `arena` must outlive it. NULL when flags forbid it. */
struct itsupc *root_session(struct server *s, struct root *root, const char *name,
                            struct arena *arena);

/* The same with those projects that it may name: all of a small tree, else its neighbours. */
struct itsupc *root_session_wide(struct server *s, struct root *root, const char *name,
                                 struct arena *arena);
/* The same of all of it. */
struct itsupc *root_session_all(struct server *s, struct root *root, struct arena *arena);

/* Checks what an edit touched and publishes it. */
void roots_check(struct server *s, struct document *d);
void roots_check_dirty(struct server *s);
/* Does what waited for quiet; returns the milliseconds until something is due, -1 for never. */
int roots_rest(struct server *s);
/* A document that was opened: one that is not on the disk yet is new there. */
void roots_seen(struct server *s, struct document *d);
/* A file on the disk is new or gone, or another text stands in it. */
void roots_changed(struct server *s, const char *path, bool same_place);
void roots_forget(struct server *s, const char *path);
/* All findings of a root that nothing open belongs to any more go. */
void roots_close(struct server *s, const struct document *d);
void roots_free(struct server *s);
