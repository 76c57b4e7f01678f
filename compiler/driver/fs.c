/* The only disk access: read whole regular files, list folders, publish atomically. */
#define _GNU_SOURCE /* syscall, for renameat2 */
#include "driver/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum fs_kind fs_kind(const char *path) {
    struct stat st, link;
    if (stat(path, &st) != 0)
        return errno == ENOENT || errno == ENOTDIR ? FS_MISSING : FS_UNKNOWN;
    if (S_ISREG(st.st_mode))
        return FS_FILE;
    if (!S_ISDIR(st.st_mode))
        return FS_OTHER;
    return lstat(path, &link) == 0 && S_ISLNK(link.st_mode) ? FS_LINKED_FOLDER : FS_FOLDER;
}

/* ---- reading ---- */

static ssize_t read_some(int fd, char *at, size_t size) {
    ssize_t got;
    do
        got = read(fd, at, size);
    while (got < 0 && errno == EINTR);
    return got;
}

/* Fills `at` unless the end comes before. -1: see errno. */
static ssize_t read_full(int fd, char *at, size_t size) {
    size_t len = 0;
    while (len < size) {
        ssize_t got = read_some(fd, at + len, size - len);
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        len += (size_t)got;
    }
    return (ssize_t)len;
}

static enum itsupc_load why_not(const char **reason) {
    switch (errno) {
    case ENOENT:
    case ENOTDIR: return ITSUPC_MISSING;
    case EACCES:
    case EPERM: return ITSUPC_DENIED;
    case EISDIR: return ITSUPC_NOT_A_FILE;
    }
    if (reason)
        *reason = strerror(errno);
    return ITSUPC_FAILED;
}

enum { STEP = 1024 * 1024, MOST_STEPS = ITSUPC_LARGEST_FILE / STEP + 1 };

/* Reads until the end, whatever size was promised: the first piece is `promised` + 1 bytes, so that
   a file that did not grow needs no copy; what follows is gathered in steps and joined. */
static enum itsupc_load read_all(struct arena *arena, int fd, size_t promised, struct str *text,
                                 const char **reason) {
    char *first = arena_bytes(arena, promised + 1);
    ssize_t got = read_full(fd, first, promised + 1);
    if (got < 0)
        return why_not(reason);
    *text = (struct str){ first, (size_t)got };
    if ((size_t)got <= promised)
        return ITSUPC_LOADED;

    struct arena scratch = { 0 };
    char *steps[MOST_STEPS];
    size_t count = 0, more = 0;
    enum itsupc_load load = ITSUPC_LOADED;
    do {
        if (count == MOST_STEPS || text->len + more > ITSUPC_LARGEST_FILE) {
            load = ITSUPC_TOO_LARGE;
            break;
        }
        steps[count] = arena_alloc(&scratch, STEP);
        got = read_full(fd, steps[count++], STEP);
        if (got < 0)
            load = why_not(reason);
        else
            more += (size_t)got;
    } while (got == STEP);
    if (load == ITSUPC_LOADED && text->len + more > ITSUPC_LARGEST_FILE)
        load = ITSUPC_TOO_LARGE;
    if (load == ITSUPC_LOADED && more) {
        char *whole = arena_alloc(arena, text->len + more);
        memcpy(whole, text->at, text->len);
        for (size_t i = 0; i < count; i++) {
            size_t at = i * STEP;
            memcpy(whole + text->len + at, steps[i], more - at < STEP ? more - at : STEP);
        }
        *text = (struct str){ whole, text->len + more };
    }
    arena_free(&scratch);
    return load;
}

/* Opening a device or FIFO can block or act, so its kind is asked before; and again after, for the
   path may have been changed in between (O_NONBLOCK keeps even that from hanging). */
enum itsupc_load fs_read(struct arena *arena, const char *path, struct str *text,
                         const char **reason) {
    struct stat st;
    if (stat(path, &st) != 0)
        return why_not(reason);
    if (!S_ISREG(st.st_mode))
        return ITSUPC_NOT_A_FILE;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return why_not(reason);
    enum itsupc_load load = ITSUPC_NOT_A_FILE;
    if (fstat(fd, &st) != 0)
        load = why_not(reason);
    else if (S_ISREG(st.st_mode))
        load = st.st_size > (off_t)ITSUPC_LARGEST_FILE
                   ? ITSUPC_TOO_LARGE
                   : read_all(arena, fd, (size_t)st.st_size, text, reason);
    close(fd);
    return load;
}

/* A regular file gives all it has at once; less than asked for is its end. Anything else (nothing,
   too much, a link that took its place since) goes the long way. */
enum itsupc_load fs_read_listed(struct arena *arena, const char *path, struct str *text,
                                const char **reason) {
    static char piece[64 * 1024];
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : read_some(fd, piece, sizeof piece);
    if (fd >= 0)
        close(fd);
    if (got <= 0 || (size_t)got == sizeof piece)
        return fs_read(arena, path, text, reason);
    piece[got] = 0;
    *text = (struct str){ arena_copy(arena, piece, (size_t)got + 1), (size_t)got };
    return ITSUPC_LOADED;
}

enum itsupc_load fs_read_stdin(struct arena *arena, struct str *text, const char **reason) {
    struct stat st;
    size_t promised = STEP;
    if (fstat(STDIN_FILENO, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) {
        if (st.st_size > (off_t)ITSUPC_LARGEST_FILE)
            return ITSUPC_TOO_LARGE;
        promised = (size_t)st.st_size;
    }
    return read_all(arena, STDIN_FILENO, promised, text, reason);
}

static bool list(struct arena *arena, const char *path, struct names *names, bool hidden) {
    DIR *folder = opendir(path);
    if (!folder)
        return false;
    struct dirent *entry;
    while ((errno = 0, entry = readdir(folder)))
        if (entry->d_name[0] != '.' ||
            (hidden && strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0))
            names_add(names, arena, str_copy(arena, str_of(entry->d_name)).at);
    int failed = errno;
    closedir(folder);
    errno = failed;
    names_sort(names);
    return failed == 0;
}

bool fs_list(struct arena *arena, const char *path, struct names *names) {
    return list(arena, path, names, false);
}

bool fs_list_all(struct arena *arena, const char *path, struct names *names) {
    return list(arena, path, names, true);
}

/* ---- writing ---- */

bool fs_write_full(int fd, struct str text) {
    while (text.len) {
        ssize_t put = write(fd, text.at, text.len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        text = str_from(text, (size_t)put);
    }
    return true;
}

/* Compares in pieces, so that a check of a large file takes no memory. */
static bool holds(const char *path, struct str text) {
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return false;
    static const size_t piece = 64 * 1024;
    char at[64 * 1024];
    ssize_t got;
    bool same = true;
    while (same && (got = read_full(fd, at, piece)) != 0) {
        same = got > 0 && (size_t)got <= text.len && memcmp(at, text.at, (size_t)got) == 0;
        text = str_from(text, same ? (size_t)got : 0);
    }
    close(fd);
    return same && text.len == 0;
}

/* A file whose mode forbids writing is left alone even where rename would go around it, also for
   root. */
static bool is_writable(const char *path, const struct stat *st) {
    if ((st->st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0) {
        errno = EACCES;
        return false;
    }
    return faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0;
}

/* A new file in the folder of `path`: renaming works only within one file system. */
static int open_beside(struct arena *arena, const char *path, const char **name) {
    size_t slash = str_find_last(str_of(path), '/');
    int folder = slash == STR_NONE ? 0 : (int)(slash + 1);
    for (int try = 0; try < 100; try++) {
        *name = str_format(arena, "%.*s.itsupc-%ld-%d", folder, path, (long)getpid(), try).at;
        int fd = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

/* Swapping the two names keeps ext4 from flushing, as it does when a rename replaces a file. */
static bool exchange(const char *from, const char *to) {
#if defined(SYS_renameat2)
    if (syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 1u << 1) == 0)
        return unlink(from) == 0;
#endif
    return rename(from, to) == 0;
}

static bool write_beside(struct arena *arena, const char *path, struct str text,
                         const struct stat *old) {
    const char *beside;
    int fd = open_beside(arena, path, &beside);
    if (fd < 0)
        return false;
    bool done = true;
    if (old) {
        /* The owner can be kept by root alone; others make the file theirs, as editors do. */
        (void)!fchown(fd, old->st_uid, old->st_gid);
        done = fchmod(fd, old->st_mode & 07777) == 0;
    }
    done = done && fs_write_full(fd, text);
    int why = errno;
    if (close(fd) != 0 && done) {
        done = false;
        why = errno;
    }
    if (done) {
        done = old ? exchange(beside, path) : rename(beside, path) == 0;
        why = errno;
    }
    if (!done)
        unlink(beside);
    errno = why;
    return done;
}

static bool write_straight(const char *path, struct str text) {
    int fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool done = fs_write_full(fd, text);
    return close(fd) == 0 && done;
}

static bool publish(struct arena *arena, const char *path, struct str text, bool *same) {
    struct stat st;
    bool exists = stat(path, &st) == 0;
    if (!exists && errno != ENOENT)
        return false;
    if (exists && S_ISDIR(st.st_mode)) {
        errno = EISDIR;
        return false;
    }
    if (exists && !S_ISREG(st.st_mode))
        return write_straight(path, text); /* /dev/null, a pipe: there is nothing to keep whole */
    *same = exists && (size_t)st.st_size == text.len && holds(path, text);
    if (*same)
        return true;
    if (exists && !is_writable(path, &st))
        return false;

    char target[PATH_MAX];
    const char *real = path;
    struct stat link;
    if (lstat(path, &link) == 0 && S_ISLNK(link.st_mode)) {
        real = realpath(path, target);
        if (!real)
            return false; /* a link to nowhere */
    }
    sigset_t stop, before;
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGHUP);
    sigprocmask(SIG_BLOCK, &stop, &before); /* or the file beside would be left behind */
    bool done = write_beside(arena, real, text, exists ? &st : NULL);
    int why = errno;
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = why;
    return done;
}

enum fs_write fs_publish(struct arena *arena, const char *path, struct str text,
                         const char **reason) {
    bool same = false;
    if (publish(arena, path, text, &same))
        return same ? FS_SAME : FS_WRITTEN;
    *reason = errno == EACCES ? "it is read-only, or its folder is" : strerror(errno);
    return FS_FAILED;
}
