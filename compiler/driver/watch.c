/* Waits until something below some folders changes: inotify says when to look, a look says whether.
   Where there is no inotify, or no watch left, a look every half second does. */
#include "driver/watch.h"

#include "driver/names.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/inotify.h>
#endif

enum { DEEPEST = 64, PAUSE = 500, SETTLE = 30 }; /* milliseconds */

struct watch {
    struct names folders;
    uint64_t last;
    int events; /* inotify, or -1 */
    bool blind; /* some folder could not be watched */
    bool ready;
};

struct watch *watch_open(struct arena *arena, const char *const *paths, size_t count) {
    struct watch *w = arena_new(arena, struct watch);
    w->events = -1;
    for (size_t i = 0; i < count; i++) {
        struct stat st;
        struct str path = str_of(paths[i]);
        size_t slash = str_find_last(path, '/');
        bool folder = stat(paths[i], &st) == 0 && S_ISDIR(st.st_mode);
        struct str above = slash == STR_NONE ? STR(".") : str_slice(path, 0, slash ? slash : 1);
        names_add(&w->folders, arena, folder ? paths[i] : str_copy(arena, above).at);
    }
    if (count == 0)
        names_add(&w->folders, arena, ".");
#ifdef __linux__
    w->events = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
#endif
    return w;
}

void watch_close(struct watch *w) {
    if (w->events >= 0)
        close(w->events);
    w->events = -1;
}

static void add_folder(struct watch *w, const char *path) {
#ifdef __linux__
    const uint32_t what = IN_CREATE | IN_DELETE | IN_CLOSE_WRITE | IN_MOVE | IN_MODIFY | IN_ATTRIB;
    if (w->events >= 0 && inotify_add_watch(w->events, path, what | IN_ONLYDIR) < 0)
        w->blind = true;
#else
    (void)path;
    w->blind = true;
#endif
}

static uint64_t mix(uint64_t a, uint64_t b) {
    uint64_t h = (a ^ b) * 0x9e3779b97f4a7c15u;
    return h ^ (h >> 29);
}

/* Names, sizes and times of what lies below, in no order. Links to folders are not entered. */
static uint64_t look(struct watch *w, struct arena *scratch, const char *path, unsigned depth) {
    DIR *folder = depth < DEEPEST ? opendir(path) : NULL;
    uint64_t sum = 0;
    if (!folder)
        return sum;
    add_folder(w, path);
    struct dirent *entry;
    while ((entry = readdir(folder))) {
        struct stat st;
        if (entry->d_name[0] == '.' ||
            fstatat(dirfd(folder), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        const char *below = str_format(scratch, "%s/%s", path, entry->d_name).at;
        if (S_ISLNK(st.st_mode) && stat(below, &st) == 0 && S_ISDIR(st.st_mode))
            continue;
        uint64_t one = str_hash(str_of(below));
        if (S_ISDIR(st.st_mode)) {
            sum += mix(one, look(w, scratch, below, depth + 1));
            continue;
        }
        one = mix(one, (uint64_t)st.st_size);
        one = mix(one, (uint64_t)st.st_ino);
        sum += mix(one, (uint64_t)st.st_mtim.tv_sec * 1000000000u + (uint64_t)st.st_mtim.tv_nsec);
    }
    closedir(folder);
    return sum + 1;
}

static uint64_t look_all(struct watch *w) {
    struct arena scratch = { 0 };
    uint64_t sum = 0;
    w->blind = w->events < 0;
    for (size_t i = 0; i < w->folders.count; i++)
        sum = mix(sum, look(w, &scratch, w->folders.at[i], 0));
    arena_free(&scratch);
    return sum;
}

static void pause_for(int milliseconds) {
    struct timespec span = { milliseconds / 1000, (long)(milliseconds % 1000) * 1000000 };
    nanosleep(&span, NULL);
}

/* Editors write, rename and change modes in one breath. */
static void wait_for_event(struct watch *w) {
    struct pollfd fd = { .fd = w->events, .events = POLLIN };
    char events[4096];
    if (w->events < 0)
        pause_for(PAUSE);
    else if (poll(&fd, 1, w->blind ? PAUSE : -1) > 0)
        pause_for(SETTLE);
    while (w->events >= 0 && read(w->events, events, sizeof events) > 0)
        ;
}

void watch_wait(struct watch *w) {
    uint64_t now = look_all(w);
    while (w->ready && now == w->last) {
        wait_for_event(w);
        now = look_all(w);
    }
    w->last = now;
    w->ready = true;
}
