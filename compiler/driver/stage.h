/* Files that wait in .itsupc/stage of the output folder until all of them are there; then each
   takes its place by one step. What goes wrong on the way is taken back. */
#pragma once

#include "driver/manifest.h"
#include "driver/outdir.h"

enum staged_kind {
    STAGED_FILE,
    STAGED_REMOVAL,
    STAGED_TREE, /* a folder that is not there yet: it is filled beside, and comes as a whole */
};

struct stage {
    struct arena *arena;
    struct outdir *dir;
    int folder; /* -1: not made yet */
    struct staged {
        struct staged *next;
        enum staged_kind kind;
        struct str path;
        struct str text;
        bool replaces;
        bool done;       /* it took its place, */
        bool kept;       /* and the old one waits beside, */
        bool exchanged;  /* under the number of the new one */
        bool executable; /* when it is new */
        mode_t mode;
        uid_t owner;
        gid_t group;
        unsigned number;
        int fd;          /* of a tree */
        char *last_made; /* … the folder in it that was made last */
    } * first, *last;
    struct staged *tree; /* the one filled last */
    unsigned count;
    bool again; /* files of a tree may be there: somebody began to write them */
    bool fsync; /* everything is on the disk before the first file changes */
};

void stage_start(struct stage *s, struct arena *arena, struct outdir *dir);
/* `old`, if not NULL, gives mode and owner. The text must stay. */
void stage_file(struct stage *s, struct str path, struct str text, bool executable,
                const struct out_file *old);
void stage_removal(struct stage *s, struct str path);
/* Writes the file at once when the topmost folder of its path is not there; the text need not stay.
   False when it is; `failed` is set where it cannot be written: see errno. */
bool stage_in_tree(struct stage *s, struct str path, struct str text, bool executable,
                   bool *failed);
/* Makes the tree of that folder, when nothing stands there. False: see errno. */
bool stage_tree(struct stage *s, struct str top);
/* While the files change the manifest says what is on either side of `m`, then what comes. False:
   see errno and `path`, and nothing has changed. */
bool stage_commit(struct stage *s, const struct manifest *m, struct str *path);
/* Takes away what a build that was killed left beside, where this one has nothing to write. */
void stage_sweep(struct stage *s);
void stage_end(struct stage *s);
