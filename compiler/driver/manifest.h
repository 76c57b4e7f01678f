/* .itsupc/manifest: which files of the output folder we wrote, and what was in them. The one that
   is there and the one that comes are one table, for most files are in both, and the same. */
#pragma once

#include "support/pool.h"

#define MANIFEST_PATH ".itsupc/manifest"

/* Which of the two something is in. While files change places, either is ours. */
enum manifest_side {
    MANIFEST_BEFORE = 1,
    MANIFEST_AFTER = 2,
    MANIFEST_EITHER = MANIFEST_BEFORE | MANIFEST_AFTER,
};

struct manifest_entry;

struct manifest {
    struct pool pool;       /* entries and what hangs on them; 0 is none */
    struct arena table;     /* holds the heads: lists of entries, by the hash of their path */
    uint32_t *heads, room;  /* … a power of two of them */
    uint32_t first, last;   /* entries, as they came */
    uint32_t count;         /* of all */
    uint32_t before, after; /* of those on one side */
    uint32_t own;           /* the workspaces of what is added */
};

/* `own`: the workspaces that what is added comes from (roots.h); empty: the only one. */
void manifest_start(struct manifest *m, struct arena *arena, struct str own);
void manifest_end(struct manifest *m);

/* What stands there. Lines that are none of ours are left out. False: see errno. */
bool manifest_read(struct manifest *m, int fd);
/* What comes: this file … */
void manifest_add(struct manifest *m, struct str path, const unsigned char hash[32]);
/* … and this one as it was, from where it came. */
void manifest_keep(struct manifest *m, struct manifest_entry *entry);

/* The entry if it is on that side, else NULL. */
struct manifest_entry *manifest_find(const struct manifest *m, struct str path,
                                     enum manifest_side side);
/* Did we write that text there before? `entry` may be NULL. */
bool manifest_knows(const struct manifest *m, const struct manifest_entry *entry, struct str text);
/* The next one behind `entry` (NULL: the first) that was there before and does not come. */
struct manifest_entry *manifest_left(const struct manifest *m, const struct manifest_entry *entry);
struct str manifest_path(const struct manifest_entry *entry);
struct str manifest_from(const struct manifest *m, const struct manifest_entry *entry);

/* Is what stands there a part of what comes? */
bool manifest_grows(const struct manifest *m);
/* Writes the text, sorted by workspaces and by path. False: see errno. */
bool manifest_write(const struct manifest *m, enum manifest_side side, int fd);
/* Is that the text of this file? */
bool manifest_is(const struct manifest *m, enum manifest_side side, int fd);
