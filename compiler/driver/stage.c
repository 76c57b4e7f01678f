/* Files that wait until all of them are there, and then take their places.

   Names in .itsupc/stage: N for a new file or tree, which after an exchange is the old file; N.old
   for an old one that could not be exchanged (a second link, so that the place is never empty).
   Whatever an earlier build left there is removed. */
#define _GNU_SOURCE /* syscall, for renameat2 */
#include "driver/stage.h"

#include "driver/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FOLDER ".itsupc/stage"

enum {
    OPEN_FOLDER = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
    NEW_FILE = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
};

void stage_start(struct stage *s, struct arena *arena, struct outdir *dir) {
    *s = (struct stage){ .arena = arena, .dir = dir, .folder = -1 };
}

static struct staged *add(struct stage *s, struct str path, enum staged_kind kind) {
    struct staged *f = arena_new(s->arena, struct staged);
    f->path = str_copy(s->arena, path);
    f->kind = kind;
    f->number = ++s->count;
    f->fd = -1;
    if (s->last)
        s->last->next = f;
    else
        s->first = f;
    s->last = f;
    return f;
}

void stage_file(struct stage *s, struct str path, struct str text, bool executable,
                const struct out_file *old) {
    struct staged *f = add(s, path, STAGED_FILE);
    f->text = text;
    f->executable = executable;
    f->replaces = old != NULL;
    if (old) {
        f->mode = old->mode;
        f->owner = old->owner;
        f->group = old->group;
    }
}

void stage_removal(struct stage *s, struct str path) {
    add(s, path, STAGED_REMOVAL);
}

/* ---- the folder ---- */

static const char *number(struct stage *s, const struct staged *f, const char *ending) {
    return str_format(s->arena, "%u%s", f->number, ending).at;
}

enum { DEEPEST = 128 };

static void clear(int at, const char *name, int depth) {
    int fd = openat(at, name, OPEN_FOLDER);
    DIR *folder = fd < 0 || depth > DEEPEST ? NULL : fdopendir(fd);
    if (!folder) {
        if (fd >= 0)
            close(fd);
        return;
    }
    struct dirent *entry;
    while ((entry = readdir(folder)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            unlinkat(fd, entry->d_name, 0) != 0) {
            clear(fd, entry->d_name, depth + 1);
            unlinkat(fd, entry->d_name, AT_REMOVEDIR);
        }
    closedir(folder);
}

static bool open_folder(struct stage *s) {
    const char *name;
    if (s->folder >= 0)
        return true;
    int folder = outdir_folder(s->dir, STR(FOLDER "/x"), true, &name);
    if (folder < 0)
        return false;
    s->folder = openat(folder, ".", OPEN_FOLDER);
    if (s->folder >= 0)
        clear(s->folder, ".", 0);
    return s->folder >= 0;
}

/* An empty name of ours goes in one call; what a killed build left in it is cleared by stage_end.
 */
void stage_sweep(struct stage *s) {
    const char *name;
    int above = outdir_folder(s->dir, STR(FOLDER), false, &name);
    if (above >= 0 && unlinkat(above, name, AT_REMOVEDIR) != 0 && errno != ENOENT)
        open_folder(s);
}

void stage_end(struct stage *s) {
    for (struct staged *f = s->first; f; f = f->next)
        if (f->fd >= 0)
            close(f->fd);
    if (s->folder >= 0) {
        const char *name;
        clear(s->folder, ".", 0);
        close(s->folder);
        int above = outdir_folder(s->dir, STR(FOLDER), false, &name);
        if (above >= 0)
            unlinkat(above, name, AT_REMOVEDIR);
    }
    s->folder = -1;
}

/* ---- writing beside ---- */

/* Closes what was written. */
static bool end_file(int fd, bool done) {
    int why = errno;
    if (close(fd) != 0 && done) {
        done = false;
        why = errno;
    }
    errno = why;
    return done;
}

static bool fill(int fd, struct str text) {
    return fd >= 0 && end_file(fd, fs_write_full(fd, text));
}

static bool write_at(int folder, const char *name, struct str text, const struct staged *like) {
    int fd = openat(folder, name, NEW_FILE, like->executable ? 0777 : 0666);
    if (fd >= 0 && like->replaces) {
        (void)!fchown(fd, like->owner, like->group); /* root alone can keep the owner */
        if (fchmod(fd, like->mode) != 0) {
            int why = errno;
            close(fd);
            errno = why;
            return false;
        }
    }
    return fill(fd, text);
}

/* A file whose mode forbids writing stays, also for root; a folder that cannot be changed is known
   before anything is. */
static bool prepare(struct stage *s, struct staged *f) {
    const char *name;
    if (f->kind == STAGED_TREE)
        return true;
    bool removal = f->kind == STAGED_REMOVAL;
    int fd = outdir_folder(s->dir, f->path, !removal, &name);
    if (fd < 0)
        return false;
    if (faccessat(fd, ".", W_OK | X_OK, AT_EACCESS) != 0)
        return false;
    if (f->replaces && (f->mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0) {
        errno = EACCES;
        return false;
    }
    return removal || write_at(s->folder, number(s, f, ""), f->text, f);
}

/* ---- trees ---- */

/* Both on one file system, or renaming could not work. */
static bool is_beside(struct stage *s) {
    struct stat there, here;
    return fstatat(s->dir->root, ".", &there, 0) == 0 && fstat(s->folder, &here) == 0 &&
           there.st_dev == here.st_dev;
}

static struct staged *new_tree(struct stage *s, struct str top) {
    struct staged *f = add(s, top, STAGED_TREE);
    const char *name = number(s, f, "");
    if (mkdirat(s->folder, name, 0777) == 0)
        f->fd = openat(s->folder, name, OPEN_FOLDER);
    f->last_made = arena_alloc(s->arena, PATH_MAX);
    return f;
}

/* The tree of that folder, made where there is nothing; NULL when something is. */
static struct staged *tree_of(struct stage *s, struct str top, bool *failed) {
    if (s->tree && str_eq(s->tree->path, top))
        return s->tree;
    for (struct staged *f = s->first; f; f = f->next)
        if (f->kind == STAGED_TREE && str_eq(f->path, top))
            return s->tree = f;
    struct stat st;
    const char *name = str_copy(s->arena, top).at;
    if (s->dir->root < 0 || fstatat(s->dir->root, name, &st, AT_SYMLINK_NOFOLLOW) == 0 ||
        errno != ENOENT)
        return NULL;
    if (!open_folder(s)) {
        *failed = true;
        return NULL;
    }
    return is_beside(s) ? s->tree = new_tree(s, top) : NULL;
}

/* The folders above a file in a tree. */
static bool make_folders(struct staged *tree, struct str folder) {
    char *path = tree->last_made;
    if (str_is(folder, path))
        return true;
    for (size_t i = 1; i <= folder.len; i++) {
        if (i < folder.len && folder.at[i] != '/')
            continue;
        memcpy(path, folder.at, i);
        path[i] = 0;
        if (mkdirat(tree->fd, path, 0777) != 0 && errno != EEXIST)
            return false;
    }
    return true;
}

bool stage_tree(struct stage *s, struct str top) {
    bool failed = false;
    struct staged *tree = tree_of(s, top, &failed);
    return !failed && (!tree || tree->fd >= 0);
}

bool stage_in_tree(struct stage *s, struct str path, struct str text, bool executable,
                   bool *failed) {
    size_t slash = str_find(path, '/');
    struct staged *tree = slash == STR_NONE ? NULL : tree_of(s, str_slice(path, 0, slash), failed);
    if (*failed || !tree)
        return *failed;
    char name[PATH_MAX];
    struct str rest = str_from(path, slash + 1);
    size_t end = str_find_last(rest, '/');
    struct str folder = str_slice(rest, 0, end == STR_NONE ? 0 : end);
    if (rest.len >= sizeof name)
        errno = ENAMETOOLONG;
    *failed = tree->fd < 0 || rest.len >= sizeof name || !make_folders(tree, folder);
    if (*failed)
        return true;
    memcpy(name, rest.at, rest.len);
    name[rest.len] = 0;
    mode_t mode = executable ? 0777 : 0666;
    int how = O_WRONLY | O_CREAT | (s->again ? O_TRUNC : O_EXCL);
    *failed = !fill(outdir_open_below(tree->fd, name, how, mode), text);
    return true;
}

/* ---- taking places ---- */

#if defined(SYS_renameat2)
static bool rename_as(int from, const char *name, int to, const char *place, unsigned how) {
    return syscall(SYS_renameat2, from, name, to, place, how) == 0;
}
#else
static bool rename_as(int from, const char *name, int to, const char *place, unsigned how) {
    (void)from, (void)name, (void)to, (void)place, (void)how;
    errno = ENOSYS;
    return false;
}
#endif

enum { NO_REPLACE = 1, EXCHANGE = 2 };

/* Another file system hangs below the output folder: the new file waits beside its place. */
static bool rename_across(struct stage *s, const struct staged *f, int fd, const char *name) {
    const char *beside = str_format(s->arena, ".%s.itsupc-%ld", name, (long)getpid()).at;
    unlinkat(fd, beside, 0);
    bool done = write_at(fd, beside, f->text, f) && renameat(fd, beside, fd, name) == 0;
    int why = errno;
    if (!done)
        unlinkat(fd, beside, 0);
    errno = why;
    return done;
}

static bool put_file(struct stage *s, struct staged *f, int fd, const char *name) {
    const char *from = number(s, f, "");
    /* Swapping the two keeps ext4 from flushing, as it does when a rename replaces a file. */
    if (f->replaces && rename_as(s->folder, from, fd, name, EXCHANGE))
        return f->kept = f->exchanged = true;
    f->kept = linkat(fd, name, s->folder, number(s, f, ".old"), 0) == 0;
    return renameat(s->folder, from, fd, name) == 0 ||
           (errno == EXDEV && rename_across(s, f, fd, name));
}

static bool put_tree(struct stage *s, const struct staged *f, int fd, const char *name) {
    const char *from = number(s, f, "");
    return rename_as(s->folder, from, fd, name, NO_REPLACE) ||
           ((errno == ENOSYS || errno == EINVAL) && renameat(s->folder, from, fd, name) == 0);
}

static bool remove_file(struct stage *s, struct staged *f, int fd, const char *name) {
    f->kept = linkat(fd, name, s->folder, number(s, f, ".old"), 0) == 0;
    return unlinkat(fd, name, 0) == 0 || errno == ENOENT;
}

static bool take_place(struct stage *s, struct staged *f) {
    const char *name;
    int fd = outdir_folder(s->dir, f->path, false, &name);
    if (fd < 0)
        return false;
    switch (f->kind) {
    case STAGED_FILE: f->done = put_file(s, f, fd, name); break;
    case STAGED_TREE:
        if (unlinkat(s->folder, number(s, f, ""), AT_REMOVEDIR) == 0)
            return true; /* made ahead for many, and nobody had anything for it */
        f->done = put_tree(s, f, fd, name);
        break;
    case STAGED_REMOVAL: f->done = remove_file(s, f, fd, name); break;
    }
    return f->done;
}

/* As it was: the old file back into its place, what is new away. */
static void take_back(struct stage *s) {
    for (struct staged *f = s->first; f; f = f->next) {
        const char *name;
        int fd = f->done ? outdir_folder(s->dir, f->path, false, &name) : -1;
        if (fd < 0)
            continue;
        if (f->kept)
            renameat(s->folder, number(s, f, f->exchanged ? "" : ".old"), fd, name);
        else if (f->kind == STAGED_TREE)
            renameat(fd, name, s->folder, number(s, f, ""));
        else if (f->kind == STAGED_FILE && !f->replaces)
            unlinkat(fd, name, 0);
    }
}

static bool write_manifest(struct stage *s, const struct manifest *m, enum manifest_side side,
                           const char *name) {
    int fd = openat(s->folder, name, NEW_FILE, 0666);
    return fd >= 0 && end_file(fd, manifest_write(m, side, fd));
}

static bool put_manifest(struct stage *s, const char *name) {
    const char *place;
    int fd = outdir_folder(s->dir, STR(MANIFEST_PATH), false, &place);
    return fd >= 0 && renameat(s->folder, name, fd, place) == 0;
}

static bool put_all(struct stage *s, bool told, struct str *path) {
    for (struct staged *f = s->first; f; f = f->next)
        if (!take_place(s, f)) {
            *path = f->path;
            return false;
        }
    *path = STR(MANIFEST_PATH);
    return told || put_manifest(s, "after");
}

/* One call for all, however many they are. */
static bool reach_disk(const struct stage *s) {
#ifdef SYS_syncfs
    return !s->fsync || syscall(SYS_syncfs, s->folder) == 0;
#else
    if (s->fsync)
        sync();
    return true;
#endif
}

bool stage_commit(struct stage *s, const struct manifest *m, struct str *path) {
    bool same = s->first && manifest_grows(m); /* nothing of ours goes */
    *path = STR(MANIFEST_PATH);
    if (!open_folder(s))
        return false;
    for (struct staged *f = s->first; f; f = f->next)
        if (!prepare(s, f)) {
            *path = f->path;
            return false;
        }
    *path = STR(MANIFEST_PATH);
    if ((!same && !write_manifest(s, m, MANIFEST_AFTER, "after")) ||
        (s->first && !write_manifest(s, m, MANIFEST_EITHER, "pending")))
        return false;
    if (!reach_disk(s) || (s->first && !put_manifest(s, "pending")))
        return false;
    if (!put_all(s, same, path)) {
        int why = errno;
        take_back(s);
        errno = why;
        return false;
    }
    for (struct staged *f = s->first; f; f = f->next)
        if (f->kind == STAGED_REMOVAL)
            outdir_prune(s->dir, f->path);
    return true;
}
