/* The only disk access: read whole regular files, list folders, publish atomically. */
#pragma once

#include "driver/names.h"
#include "itsupc.h"

enum fs_kind {
    FS_MISSING,
    FS_FILE,
    FS_FOLDER,
    FS_LINKED_FOLDER, /* a symlink to one */
    FS_OTHER,         /* device, FIFO, socket */
    FS_UNKNOWN,       /* not permitted to know, or errno says */
};
enum fs_kind fs_kind(const char *path);

/* Reads a whole regular file, at most ITSUPC_LARGEST_FILE bytes. A device or FIFO is never opened.
   `reason` (may be NULL) is set when the answer is ITSUPC_FAILED. */
enum itsupc_load fs_read(struct arena *arena, const char *path, struct str *text,
                         const char **reason);
/* The same of a path that was listed as a regular file (folder.h): opened at once, and read in one
   piece where it is small. */
enum itsupc_load fs_read_listed(struct arena *arena, const char *path, struct str *text,
                                const char **reason);
enum itsupc_load fs_read_stdin(struct arena *arena, struct str *text, const char **reason);

/* The names in a folder, sorted by bytes, without those that begin with a dot. False: see errno. */
bool fs_list(struct arena *arena, const char *path, struct names *names);
/* With those that begin with a dot. */
bool fs_list_all(struct arena *arena, const char *path, struct names *names);

enum fs_write {
    FS_SAME,    /* the file held this text already and was not touched */
    FS_WRITTEN, /* replaced in one step; its mode is kept */
    FS_FAILED,  /* nothing changed */
};
/* All of it, however many calls that takes; false: see errno. */
bool fs_write_full(int fd, struct str text);
/* Writes beside the file, then renames. A symlink is followed, not replaced. */
enum fs_write fs_publish(struct arena *arena, const char *path, struct str text,
                         const char **reason);
