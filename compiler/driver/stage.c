/* Files that wait until all of them are there, and then take their places.

   Names in .itsupc/stage: N for a new file, N.old for the one it replaces (a second link, so that
   the place is never empty). Whatever an earlier build left there is removed. */
#include "driver/stage.h"

#include "driver/fs.h"
#include "driver/manifest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER ".itsupc/stage"

void stage_start(struct stage *s, struct arena *arena, struct outdir *dir) {
    *s = (struct stage){ .arena = arena, .dir = dir, .folder = -1 };
}

static struct staged *add(struct stage *s, struct str path) {
    struct staged *f = arena_new(s->arena, struct staged);
    f->path = str_copy(s->arena, path);
    f->number = ++s->count;
    if (s->last)
        s->last->next = f;
    else
        s->first = f;
    s->last = f;
    return f;
}

void stage_file(struct stage *s, struct str path, struct str text, bool executable,
                const struct out_file *old) {
    struct staged *f = add(s, path);
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
    add(s, path)->removal = true;
}

/* ---- the folder ---- */

static const char *number(struct stage *s, const struct staged *f, const char *ending) {
    return str_format(s->arena, "%u%s", f->number, ending).at;
}

static void clean(struct stage *s) {
    int fd = openat(s->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (!folder)
        return;
    struct dirent *entry;
    while ((entry = readdir(folder)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(s->folder, entry->d_name, 0);
    closedir(folder);
}

static bool open_folder(struct stage *s) {
    const char *name;
    int folder = outdir_folder(s->dir, STR(FOLDER "/x"), true, &name);
    if (folder < 0)
        return false;
    s->folder = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (s->folder >= 0)
        clean(s);
    return s->folder >= 0;
}

void stage_end(struct stage *s) {
    if (s->folder >= 0) {
        const char *name;
        clean(s);
        close(s->folder);
        int above = outdir_folder(s->dir, STR(FOLDER), false, &name);
        if (above >= 0)
            unlinkat(above, name, AT_REMOVEDIR);
    }
    s->folder = -1;
}

/* ---- writing beside ---- */

static bool write_at(int folder, const char *name, struct str text, const struct staged *like) {
    int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                    like && like->executable ? 0777 : 0666);
    if (fd < 0)
        return false;
    bool done = true;
    if (like && like->replaces) {
        (void)!fchown(fd, like->owner, like->group); /* root alone can keep the owner */
        done = fchmod(fd, like->mode) == 0;
    }
    done = done && fs_write_full(fd, text);
    int why = errno;
    if (close(fd) != 0 && done) {
        done = false;
        why = errno;
    }
    errno = why;
    return done;
}

/* A file whose mode forbids writing stays, also for root; a folder that cannot be changed is known
   before anything is. */
static bool prepare(struct stage *s, struct staged *f) {
    const char *name;
    int fd = outdir_folder(s->dir, f->path, !f->removal, &name);
    if (fd < 0)
        return false;
    if (faccessat(fd, ".", W_OK | X_OK, AT_EACCESS) != 0)
        return false;
    if (f->replaces && (f->mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0) {
        errno = EACCES;
        return false;
    }
    return f->removal || write_at(s->folder, number(s, f, ""), f->text, f);
}

/* ---- taking places ---- */

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

static bool take_place(struct stage *s, struct staged *f) {
    const char *name;
    int fd = outdir_folder(s->dir, f->path, false, &name);
    if (fd < 0)
        return false;
    f->kept = linkat(fd, name, s->folder, number(s, f, ".old"), 0) == 0;
    if (f->removal)
        f->done = unlinkat(fd, name, 0) == 0 || errno == ENOENT;
    else if (renameat(s->folder, number(s, f, ""), fd, name) == 0)
        f->done = true;
    else if (errno == EXDEV)
        f->done = rename_across(s, f, fd, name);
    return f->done;
}

/* As it was: the old file back into its place, a new one away. */
static void take_back(struct stage *s) {
    for (struct staged *f = s->first; f; f = f->next) {
        const char *name;
        int fd = f->done ? outdir_folder(s->dir, f->path, false, &name) : -1;
        if (fd < 0)
            continue;
        if (f->kept)
            renameat(s->folder, number(s, f, ".old"), fd, name);
        else if (!f->removal && !f->replaces)
            unlinkat(fd, name, 0);
    }
}

static bool put_manifest(struct stage *s, struct str text, const char *name) {
    const char *place;
    if (!write_at(s->folder, name, text, NULL))
        return false;
    int fd = outdir_folder(s->dir, STR(MANIFEST_PATH), false, &place);
    return fd >= 0 && renameat(s->folder, name, fd, place) == 0;
}

static bool put_all(struct stage *s, struct str *path) {
    for (struct staged *f = s->first; f; f = f->next)
        if (!take_place(s, f)) {
            *path = f->path;
            return false;
        }
    *path = STR(MANIFEST_PATH);
    const char *place;
    int fd = outdir_folder(s->dir, *path, false, &place);
    return fd >= 0 && renameat(s->folder, "after", fd, place) == 0;
}

bool stage_commit(struct stage *s, struct str pending, struct str after, struct str *path) {
    *path = STR(MANIFEST_PATH);
    if (!open_folder(s))
        return false;
    for (struct staged *f = s->first; f; f = f->next)
        if (!prepare(s, f)) {
            *path = f->path;
            return false;
        }
    *path = STR(MANIFEST_PATH);
    if (!write_at(s->folder, "after", after, NULL))
        return false;
    if (s->first && !put_manifest(s, pending, "pending"))
        return false;
    if (!put_all(s, path)) {
        int why = errno;
        take_back(s);
        errno = why;
        return false;
    }
    for (struct staged *f = s->first; f; f = f->next)
        if (f->removal)
            outdir_prune(s->dir, f->path);
    return true;
}
