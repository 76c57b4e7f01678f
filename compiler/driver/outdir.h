/* The output folder: files in it by relative path, no symlink on the way ever followed. */
#pragma once

#include "driver/run.h"

#include <sys/types.h>

struct outdir {
    struct arena *arena;
    int root; /* -1: there is none yet */
    int lock;
    const char *name; /* of the root, as messages show it: "" or "folder/" */
    struct str last;  /* the folder opened last, and its descriptor: neighbours follow each other */
    int last_fd;
    struct made { /* folders made by this run, newest first */
        struct made *next;
        const char *path;
    } * made;
    const char *made_root; /* the topmost folder made above the output folder, or NULL */
};

/* Opens `root` ("" or "folder/"); makes it where `create`. False: see errno. */
bool outdir_open(struct outdir *o, struct arena *arena, const char *root, bool create);
void outdir_close(struct outdir *o);
/* Waits until no other build is at work in the folder; ends with outdir_close. */
void outdir_lock(struct outdir *o);

/* The folder of `path` and its own name in it. -1: see errno; ELOOP when a symlink is in the way.
 */
int outdir_folder(struct outdir *o, struct str path, bool create, const char **name);
/* Takes back the folders that this run made, where they are empty. */
void outdir_unmake(struct outdir *o);
/* Removes folders above `path` that are empty now. */
void outdir_prune(struct outdir *o, struct str path);

enum out_kind { OUT_MISSING, OUT_FILE, OUT_LINK, OUT_OTHER, OUT_FAILED };
struct out_file {
    enum out_kind kind;
    struct str text;
    mode_t mode;
    uid_t owner;
    gid_t group;
};
/* Opened for reading, never through a link. -1, with the kind in `file`: there is nothing to read;
   OUT_FAILED: see errno. */
int outdir_open_file(struct outdir *o, struct str path, struct out_file *file);
/* What stands there, whole; read into `scratch`. OUT_FAILED: see errno. */
struct out_file outdir_read(struct outdir *o, struct arena *scratch, struct str path);
/* Does a file of this text stand there? */
bool outdir_holds(const struct outdir *o, struct str path, struct str text);
/* A descriptor of the file below the folder `at`, no link on the way ever followed. -1: see errno.
 */
int outdir_open_below(int at, const char *path, int flags, mode_t mode);
/* "a/b.yml": relative, no "." or "..", no control character, not in ".itsupc". */
bool outdir_path_fits(struct str path);
