/* What lies in a folder, by one listing: what is not asked of the disk again costs nothing. */
#pragma once

#include "driver/fs.h"
#include "support/pool.h"
#include "support/table.h"

struct folder {
    const char *entries; /* a letter for the kind and a name, NUL; an empty text ends it. NULL: the
                            folder could not be listed, and each name is asked for */
};

/* Many folders hold the same: what lies in them is kept once. */
struct listings {
    struct pool *pool;
    struct table known;
};

/* False: see errno. */
bool folder_read(struct folder *folder, struct arena *arena, const char *path);
/* The same, kept for long; by its number, which is 0 when the folder could not be listed. */
uint32_t folder_keep(struct listings *listings, const char *path);
struct folder folder_kept(const struct pool *pool, uint32_t number);
/* The kind of the entry `name`; `path` is the folder's own. */
enum fs_kind folder_kind(const struct folder *folder, const char *path, const char *name);
/* Is it a plain file that may be opened at once (fs_read_listed)? */
bool folder_lists_file(const struct folder *folder, const char *name);
/* Is it known that there is none? */
bool folder_lacks(const struct folder *folder, const char *name);
/* The names of the folders in it, linked ones too, sorted by bytes; none that begins with a dot.
   They live in the listing. */
void folder_folders(const struct folder *folder, struct arena *arena, const char *path,
                    struct names *names);
/* The names of what is no folder and ends so, in the order of the listing. They live in it, too. */
void folder_ending(const struct folder *folder, struct arena *arena, const char *ending,
                   struct names *names);
