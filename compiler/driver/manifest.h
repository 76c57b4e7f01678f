/* .itsupc/manifest: which files of the output folder we wrote, and what was in them. */
#pragma once

#include "support/buf.h"
#include "support/sha256.h"
#include "support/table.h"

#define MANIFEST_PATH ".itsupc/manifest"

struct manifest_hash {
    struct manifest_hash *next; /* a build that was killed leaves either: both are ours */
    char hex[65];
};

struct manifest_entry {
    struct manifest_entry *next;
    struct str path;
    struct str from; /* the workspaces that it comes from (roots.h); empty: the only one */
    struct manifest_hash *hashes;
};

struct manifest {
    struct arena *arena;
    struct manifest_entry *first, *last; /* sorted by path when read from a file that is */
    struct table index;
    struct str from; /* of what is added next */
};

/* Lines that are none of ours are left out. */
void manifest_read(struct manifest *m, struct arena *arena, struct str text);
struct manifest_entry *manifest_find(const struct manifest *m, struct str path);
bool manifest_knows(const struct manifest_entry *entry, struct str text);
void manifest_add(struct manifest *m, struct str path, const char *hex);
struct str manifest_text(struct manifest *m,
                         struct arena *arena); /* sorted by workspaces, by path */
