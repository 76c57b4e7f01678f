/* The output folder: files in it by relative path, no symlink on the way ever followed. */
#define _GNU_SOURCE /* O_PATH: a folder needs no permission to be listed; syscall, for openat2 */
#include "driver/outdir.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef O_PATH
#define O_PATH O_RDONLY
#endif

enum { FOLDER = O_PATH | O_DIRECTORY | O_CLOEXEC, PIECE = 64 * 1024 };

static const char *text_of(struct outdir *o, struct str s) {
    return str_copy(o->arena, s).at;
}

/* Makes the folders of `root` one after the other, as `mkdir -p` does. */
static bool make_root(struct outdir *o, const char *root) {
    struct str path = str_of(root);
    for (size_t i = 1; i <= path.len; i++) {
        if (i < path.len && path.at[i] != '/')
            continue;
        const char *folder = text_of(o, str_slice(path, 0, i));
        if (mkdir(folder, 0777) == 0) {
            if (!o->made_root)
                o->made_root = folder;
        } else if (errno != EEXIST) {
            return false;
        }
        while (i + 1 < path.len && path.at[i + 1] == '/')
            i++;
    }
    return true;
}

bool outdir_open(struct outdir *o, struct arena *arena, const char *root, bool create) {
    *o = (struct outdir){ .arena = arena, .name = root, .root = -1, .lock = -1, .last_fd = -1 };
    const char *path = *root ? root : ".";
    o->root = open(path, FOLDER);
    if (o->root < 0 && errno == ENOENT && create) {
        if (!make_root(o, path))
            return false;
        o->root = open(path, FOLDER);
    }
    return o->root >= 0 || (errno == ENOENT && !create);
}

static void forget(struct outdir *o) {
    if (o->last_fd >= 0 && o->last_fd != o->root)
        close(o->last_fd);
    o->last_fd = -1;
}

void outdir_close(struct outdir *o) {
    forget(o);
    if (o->root >= 0)
        close(o->root);
    if (o->lock >= 0)
        close(o->lock);
    o->root = o->lock = -1;
}

/* Where there are no locks, the last build wins. */
void outdir_lock(struct outdir *o) {
    if (o->root < 0)
        return;
    o->lock = openat(o->root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (o->lock >= 0)
        flock(o->lock, LOCK_EX);
}

/* One step down. A symlink is told by ELOOP, whatever the system says of it. */
static int step(struct outdir *o, int fd, struct str path, size_t from, size_t to, bool create) {
    const char *name = text_of(o, str_slice(path, from, to));
    int next = openat(fd, name, FOLDER | O_NOFOLLOW);
    if (next < 0 && errno == ENOENT && create) {
        if (mkdirat(fd, name, 0777) != 0 && errno != EEXIST)
            return -1;
        struct made *made = arena_new(o->arena, struct made);
        *made = (struct made){ .next = o->made, .path = text_of(o, str_slice(path, 0, to)) };
        o->made = made;
        next = openat(fd, name, FOLDER | O_NOFOLLOW);
    }
    if (next >= 0)
        return next;
    int why = errno;
    struct stat st;
    if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode))
        why = ELOOP;
    errno = why;
    return -1;
}

int outdir_folder(struct outdir *o, struct str path, bool create, const char **name) {
    size_t slash = str_find_last(path, '/');
    struct str folder = slash == STR_NONE ? STR("") : str_slice(path, 0, slash);
    *name = text_of(o, slash == STR_NONE ? path : str_from(path, slash + 1));
    if (o->root < 0) {
        errno = ENOENT;
        return -1;
    }
    if (o->last_fd >= 0 && str_eq(folder, o->last))
        return o->last_fd;
    forget(o);
    int fd = o->root;
    for (size_t from = 0; from < folder.len;) {
        size_t to = from;
        while (to < folder.len && folder.at[to] != '/')
            to++;
        int next = step(o, fd, folder, from, to, create);
        int why = errno;
        if (fd != o->root)
            close(fd);
        errno = why;
        if (next < 0)
            return -1;
        fd = next;
        from = to + 1;
    }
    o->last = str_copy(o->arena, folder);
    o->last_fd = fd;
    return fd;
}

static void remove_folder(struct outdir *o, struct str path) {
    const char *name;
    int fd = outdir_folder(o, path, false, &name);
    if (fd >= 0)
        unlinkat(fd, name, AT_REMOVEDIR);
    forget(o);
}

void outdir_unmake(struct outdir *o) {
    for (struct made *m = o->made; m; m = m->next)
        remove_folder(o, str_of(m->path));
    o->made = NULL;
    if (!o->made_root)
        return;
    struct str path = str_of(*o->name ? o->name : ".");
    for (;;) { /* from the output folder up to the topmost one made */
        while (path.len > 1 && path.at[path.len - 1] == '/')
            path.len--;
        const char *folder = text_of(o, path);
        if (rmdir(folder) != 0 || strlen(folder) <= strlen(o->made_root))
            break;
        size_t slash = str_find_last(path, '/');
        if (slash == STR_NONE)
            break;
        path.len = slash;
    }
}

void outdir_prune(struct outdir *o, struct str path) {
    for (size_t slash; (slash = str_find_last(path, '/')) != STR_NONE;) {
        path.len = slash;
        const char *name;
        int fd = outdir_folder(o, path, false, &name);
        if (fd < 0 || unlinkat(fd, name, AT_REMOVEDIR) != 0)
            break;
        forget(o);
    }
    forget(o);
}

/* ---- reading ---- */

static ssize_t read_full(int fd, char *at, size_t size) {
    size_t len = 0;
    while (len < size) {
        ssize_t got = read(fd, at + len, size - len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        len += (size_t)got;
    }
    return (ssize_t)len;
}

/* A device or FIFO is asked for its kind first, for opening it can act. */
static int open_file(struct outdir *o, struct str path, struct stat *st, struct out_file *file) {
    const char *name;
    int fd = outdir_folder(o, path, false, &name);
    *file = (struct out_file){ .kind = OUT_FAILED };
    if (fd < 0 || fstatat(fd, name, st, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT)
            file->kind = OUT_MISSING;
        return -1;
    }
    file->mode = st->st_mode & 07777;
    file->owner = st->st_uid;
    file->group = st->st_gid;
    file->kind = S_ISLNK(st->st_mode) ? OUT_LINK : S_ISREG(st->st_mode) ? OUT_FILE : OUT_OTHER;
    if (file->kind != OUT_FILE)
        return -1;
    int in = openat(fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (in < 0)
        file->kind = OUT_FAILED;
    return in;
}

int outdir_open_file(struct outdir *o, struct str path, struct out_file *file) {
    struct stat st;
    return open_file(o, path, &st, file);
}

struct out_file outdir_read(struct outdir *o, struct arena *scratch, struct str path) {
    struct stat st;
    struct out_file file;
    int in = open_file(o, path, &st, &file);
    if (in < 0)
        return file;
    size_t size = (size_t)st.st_size;
    if (size > ITSUPC_LARGEST_FILE)
        size = ITSUPC_LARGEST_FILE;
    char *at = arena_alloc(scratch, size + 1);
    ssize_t got = read_full(in, at, size + 1);
    int why = errno;
    close(in);
    errno = why;
    if (got < 0)
        file.kind = OUT_FAILED;
    else
        file.text = (struct str){ at, (size_t)got };
    return file;
}

/* One step after the other, where the system knows no better. */
static int open_in_steps(int at, const char *path, int flags, mode_t mode) {
    struct outdir below = { .root = at, .lock = -1, .last_fd = -1 };
    struct arena scratch = { 0 };
    const char *name;
    below.arena = &scratch;
    int folder = outdir_folder(&below, str_of(path), false, &name);
    int fd = folder < 0 ? -1 : openat(folder, name, flags | O_NOFOLLOW | O_CLOEXEC, mode);
    int why = errno;
    forget(&below);
    arena_free(&scratch);
    errno = why;
    return fd;
}

int outdir_open_below(int at, const char *path, int flags, mode_t mode) {
#if defined(SYS_openat2)
    struct { /* open_how */
        uint64_t flags, mode, resolve;
    } how = { (uint64_t)(flags | O_CLOEXEC), flags & O_CREAT ? mode : 0,
              4 /* RESOLVE_NO_SYMLINKS */ | 8 /* RESOLVE_BENEATH */ };
    int fd = (int)syscall(SYS_openat2, at, path, &how, sizeof how);
    if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
        return fd;
#endif
    return open_in_steps(at, path, flags, mode);
}

/* What is no file gives no text, and is not waited for. */
static int open_to_compare(const struct outdir *o, struct str path) {
    char name[PATH_MAX];
    if (o->root < 0 || path.len >= sizeof name)
        return -1;
    memcpy(name, path.at, path.len);
    name[path.len] = 0;
    return outdir_open_below(o->root, name, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
}

bool outdir_holds(const struct outdir *o, struct str path, struct str text) {
    static char piece[PIECE];
    int in = text.len ? open_to_compare(o, path) : -1;
    bool same = in >= 0;
    for (ssize_t got = PIECE; same && got == PIECE;) { /* a file that gives less ends there */
        got = read(in, piece, PIECE);
        same = got >= 0 && (size_t)got <= text.len && memcmp(piece, text.at, (size_t)got) == 0;
        text = str_from(text, same ? (size_t)got : 0);
    }
    if (in >= 0)
        close(in);
    return same && text.len == 0;
}

bool outdir_path_fits(struct str path) {
    for (size_t i = 0; i < path.len; i++)
        if ((unsigned char)path.at[i] < 0x20 || path.at[i] == 0x7f)
            return false;
    bool first = true;
    for (size_t from = 0; from <= path.len; first = false) {
        size_t to = from;
        while (to < path.len && path.at[to] != '/')
            to++;
        struct str name = str_slice(path, from, to);
        if (name.len == 0 || name.len > 255 || str_is(name, ".") || str_is(name, "..") ||
            (first && str_is(name, ".itsupc")))
            return false;
        from = to + 1;
    }
    return true;
}
