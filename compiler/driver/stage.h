/* Files that wait in .itsupc/stage of the output folder until all of them are there; then each
   takes its place by one rename. What goes wrong on the way is taken back. */
#pragma once

#include "driver/outdir.h"

struct stage {
    struct arena *arena;
    struct outdir *dir;
    int folder; /* -1: not made yet */
    struct staged {
        struct staged *next;
        struct str path;
        struct str text;
        bool removal, replaces;
        bool done, kept; /* it took its place; the old one waits beside */
        bool executable; /* when it is new */
        mode_t mode;
        uid_t owner;
        gid_t group;
        unsigned number;
    } * first, *last;
    unsigned count;
};

void stage_start(struct stage *s, struct arena *arena, struct outdir *dir);
/* `old`, if not NULL, gives mode and owner. The text must stay. */
void stage_file(struct stage *s, struct str path, struct str text, bool executable,
                const struct out_file *old);
void stage_removal(struct stage *s, struct str path);
/* `pending` is what the manifest says while the files change, `after` when they have. False: see
   errno and `path`, and nothing has changed. */
bool stage_commit(struct stage *s, struct str pending, struct str after, struct str *path);
void stage_end(struct stage *s);
