/* What lies in a folder, by one listing. */
#define _GNU_SOURCE /* syscall, for getdents64: no stat before, no buffer to allocate */
#include "driver/folder.h"

#include "support/buf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { KIND_FILE = 'f', KIND_FOLDER = 'd', KIND_OTHER = 'o', KIND_ASK = '?' };

/* A symlink may lead to anything, and some file systems tell no kind: those are asked for. */
static char kind_of(unsigned char type) {
    switch (type) {
    case DT_REG: return KIND_FILE;
    case DT_DIR: return KIND_FOLDER;
    case DT_FIFO:
    case DT_SOCK:
    case DT_CHR:
    case DT_BLK: return KIND_OTHER;
    }
    return KIND_ASK;
}

static void add(struct buf *out, const char *name, unsigned char type) {
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return;
    buf_char(out, kind_of(type));
    buf_text(out, name);
    buf_char(out, 0);
}

#if defined(SYS_getdents64)

struct kernel_entry { /* linux_dirent64 */
    uint64_t inode;
    int64_t offset;
    unsigned short size;
    unsigned char type;
    char name[];
};

static bool list(struct buf *out, const char *path) {
    static union {
        char at[32 * 1024];
        struct kernel_entry align;
    } room;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    long got;
    while ((got = syscall(SYS_getdents64, fd, room.at, sizeof room.at)) > 0)
        for (long at = 0; at < got;) {
            const struct kernel_entry *e = (const void *)(room.at + at);
            add(out, e->name, e->type);
            at += e->size;
        }
    int why = errno;
    close(fd);
    errno = why;
    return got == 0;
}

#else

static bool list(struct buf *out, const char *path) {
    DIR *folder = opendir(path);
    struct dirent *entry;
    if (!folder)
        return false;
    while ((errno = 0, entry = readdir(folder)))
        add(out, entry->d_name, DT_UNKNOWN);
    int why = errno;
    closedir(folder);
    errno = why;
    return why == 0;
}

#endif

static struct arena scratch; /* one piece of memory for all folders in turn */

bool folder_read(struct folder *folder, struct arena *arena, const char *path) {
    struct buf out = { .arena = &scratch };
    bool listed = list(&out, path);
    int why = errno;
    folder->entries = listed ? str_copy(arena, buf_str(&out)).at : NULL;
    arena_reset(&scratch);
    errno = why;
    return listed;
}

static uint32_t keep(struct listings *l, struct str all) {
    uintptr_t number = (uintptr_t)table_get(&l->known, all);
    if (number)
        return (uint32_t)number;
    number = pool_take(l->pool, all.len + 1, 1);
    char *text = pool_at(l->pool, (uint32_t)number);
    memcpy(text, all.at, all.len);
    text[all.len] = 0;
    *table_at(&l->known, (struct str){ text, all.len }) = (void *)number;
    return (uint32_t)number;
}

uint32_t folder_keep(struct listings *listings, const char *path) {
    struct buf out = { .arena = &scratch };
    bool listed = list(&out, path);
    int why = errno;
    uint32_t number = listed ? keep(listings, buf_str(&out)) : 0;
    arena_reset(&scratch);
    errno = why;
    return number;
}

struct folder folder_kept(const struct pool *pool, uint32_t number) {
    return (struct folder){ number ? pool_at(pool, number) : NULL };
}

/* The entry's kind letter with its name behind it, or NULL. */
static const char *find(const struct folder *folder, const char *name) {
    for (const char *e = folder->entries; e && *e; e += strlen(e) + 1)
        if (strcmp(e + 1, name) == 0)
            return e;
    return NULL;
}

static enum fs_kind ask(const char *path, const char *name) {
    char whole[PATH_MAX];
    int len = snprintf(whole, sizeof whole, "%s/%s", path, name);
    return len < (int)sizeof whole ? fs_kind(whole) : FS_UNKNOWN;
}

static enum fs_kind entry_kind(const char *path, const char *entry) {
    switch (*entry) {
    case KIND_FILE: return FS_FILE;
    case KIND_FOLDER: return FS_FOLDER;
    case KIND_OTHER: return FS_OTHER;
    }
    return ask(path, entry + 1);
}

enum fs_kind folder_kind(const struct folder *folder, const char *path, const char *name) {
    const char *entry = find(folder, name);
    if (!folder->entries)
        return ask(path, name);
    return entry ? entry_kind(path, entry) : FS_MISSING;
}

bool folder_lists_file(const struct folder *folder, const char *name) {
    const char *entry = find(folder, name);
    return entry && *entry == KIND_FILE;
}

bool folder_lacks(const struct folder *folder, const char *name) {
    return folder->entries && !find(folder, name);
}

void folder_folders(const struct folder *folder, struct arena *arena, const char *path,
                    struct names *names) {
    for (const char *e = folder->entries; e && *e; e += strlen(e) + 1) {
        enum fs_kind kind = e[1] == '.' ? FS_OTHER : entry_kind(path, e);
        if (kind == FS_FOLDER || kind == FS_LINKED_FOLDER)
            names_add(names, arena, e + 1);
    }
    names_sort(names);
}

void folder_ending(const struct folder *folder, struct arena *arena, const char *ending,
                   struct names *names) {
    for (const char *e = folder->entries; e && *e; e += strlen(e) + 1)
        if (e[1] != '.' && e[0] != KIND_FOLDER && str_ends(str_of(e + 1), str_of(ending)))
            names_add(names, arena, e + 1);
    names_sort(names);
}
