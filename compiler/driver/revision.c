/* `git archive` writes a revision as tar, which is unpacked into a folder of its own: nothing of
   the repository is touched. From a folder of a worktree git takes that folder's part. */
#include "driver/revision.h"

#include "driver/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { BLOCK = 512, LONGEST_PATH = 4096, DEEPEST = 64 };
#define LARGEST_TREE (UINT64_C(1) << 30)

struct unpacking {
    struct run *run;
    int from;
    const char *folder;
    uint64_t total;
    char long_path[LONGEST_PATH]; /* of the entry that comes next; empty when its head says it */
};

static bool read_full(int fd, char *at, size_t size) {
    while (size) {
        ssize_t count = read(fd, at, size);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        at += count;
        size -= (size_t)count;
    }
    return true;
}

/* Numbers of tar are octal texts. */
static uint64_t octal(const char *text, size_t size) {
    uint64_t value = 0;
    for (size_t i = 0; i < size && text[i] >= '0' && text[i] <= '7'; i++)
        value = value * 8 + (uint64_t)(text[i] - '0');
    return value;
}

/* "30 path=a/long/name\n", one behind the other. */
static void take_long_path(struct unpacking *u, struct str records) {
    while (records.len) {
        uint64_t length;
        size_t blank = str_find(records, ' ');
        if (blank == STR_NONE || !str_to_uint(str_slice(records, 0, blank), records.len, &length) ||
            length <= blank)
            return;
        struct str record = str_slice(records, blank + 1, (size_t)length);
        if (str_starts(record, STR("path=")) && record.len - 6 < sizeof u->long_path) {
            memcpy(u->long_path, record.at + 5, record.len - 6);
            u->long_path[record.len - 6] = 0;
        }
        records = str_from(records, (size_t)length);
    }
}

/* A way out of the folder would be no path of git's. */
static bool is_inside(struct str path) {
    if (!path.len || path.at[0] == '/')
        return false;
    for (struct str rest = path; rest.len;) {
        size_t slash = str_find(rest, '/');
        if (str_is(str_slice(rest, 0, slash), ".."))
            return false;
        rest = slash == STR_NONE ? STR("") : str_from(rest, slash + 1);
    }
    return true;
}

static bool make_folders(struct unpacking *u, struct str path) {
    for (size_t i = 1; i < path.len; i++) {
        if (path.at[i] != '/')
            continue;
        struct str part =
            str_format(u->run->arena, "%s/%.*s", u->folder, STR_ARG(str_slice(path, 0, i)));
        if (mkdir(part.at, 0700) != 0 && errno != EEXIST)
            return false;
    }
    return true;
}

static bool write_file(struct unpacking *u, struct str path, struct str text) {
    struct str name = str_format(u->run->arena, "%s/%.*s", u->folder, STR_ARG(path));
    if (!make_folders(u, path))
        return false;
    int fd = open(name.at, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool good = fd >= 0 && fs_write_full(fd, text);
    if (fd >= 0)
        close(fd);
    return good;
}

/* One entry; false at the end, or when something is wrong with it. */
static bool unpack_one(struct unpacking *u, bool *broken) {
    char head[BLOCK];
    if (!read_full(u->from, head, sizeof head) || !head[0])
        return false;
    uint64_t size = octal(head + 124, 12);
    u->total += size;
    *broken = u->total > LARGEST_TREE;
    if (*broken)
        return false;
    size_t padded = (size_t)(size + BLOCK - 1) / BLOCK * BLOCK;
    char *text = arena_alloc(u->run->arena, padded + 1);
    *broken = !read_full(u->from, text, padded);
    if (*broken)
        return false;
    if (head[156] == 'x') {
        take_long_path(u, (struct str){ text, (size_t)size });
        return true;
    }
    char name[100 + 1] = { 0 }, prefix[155 + 1] = { 0 };
    memcpy(name, head, 100);
    memcpy(prefix, head + 345, 155);
    struct str path = u->long_path[0] ? str_copy(u->run->arena, str_of(u->long_path))
                      : prefix[0]     ? str_format(u->run->arena, "%s/%s", prefix, name)
                                      : str_copy(u->run->arena, str_of(name));
    u->long_path[0] = 0;
    bool file = head[156] == '0' || head[156] == 0;
    if (file && is_inside(path))
        *broken = !write_file(u, path, (struct str){ text, (size_t)size });
    return !*broken;
}

static bool run_git(const char *word, int out, pid_t *pid) {
    posix_spawn_file_actions_t actions;
    char *const words[] = { "git", "archive", "--format=tar", (char *)(uintptr_t)word, NULL };
    if (posix_spawn_file_actions_init(&actions) != 0)
        return false;
    bool good = posix_spawn_file_actions_adddup2(&actions, out, 1) == 0 &&
                posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0) == 0 &&
                posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0) == 0 &&
                posix_spawnp(pid, "git", &actions, NULL, words, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    return good;
}

/* Did git write an archive, and was all of it unpacked? */
static bool unpack(struct run *run, const char *word, const char *folder) {
    struct unpacking u = { .run = run, .folder = folder };
    int ends[2];
    pid_t pid;
    if (pipe(ends) != 0)
        return false;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    bool started = run_git(word, ends[1], &pid), broken = false;
    close(ends[1]);
    u.from = ends[0];
    while (started && unpack_one(&u, &broken)) {
    }
    char rest[BLOCK];
    while (started && !broken && read_full(ends[0], rest, sizeof rest)) {
    }
    close(ends[0]);
    int status = 1;
    while (started && waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return started && !broken && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Compose names projects after folders: the folder is called as it is in the worktree. */
static const char *name_of(struct run *run, const char *word) {
    char here[PATH_MAX];
    struct str path = str_of(word);
    size_t colon = str_find(path, ':');
    path = colon == STR_NONE ? STR("") : str_from(path, colon + 1);
    while (str_ends(path, STR("/")))
        path.len--;
    if (!path.len || str_is(path, ".") || str_is(path, "./"))
        path = getcwd(here, sizeof here) ? str_of(here) : STR("");
    size_t slash = str_find_last(path, '/');
    path = slash == STR_NONE ? path : str_from(path, slash + 1);
    return path.len && !str_is(path, "..") ? str_copy(run->arena, path).at : "revision";
}

bool revision_open(struct run *run, const char *word, struct revision *out) {
    *out = (struct revision){ .folder = word };
    if (fs_kind(word) != FS_MISSING)
        return true;
    const char *base = getenv("TMPDIR");
    struct str pattern = str_format(run->arena, "%s/itsupc-XXXXXX", base && *base ? base : "/tmp");
    char *made = (char *)(uintptr_t)pattern.at;
    if (!*word || word[0] == '-' || !mkdtemp(made)) {
        run_say(run, "%s does not exist", *word ? word : "\"\"");
        return false;
    }
    const char *folder = str_format(run->arena, "%s/%s", made, name_of(run, word)).at;
    *out = (struct revision){ .folder = folder, .unpacked = made };
    if (mkdir(folder, 0700) == 0 && unpack(run, word, folder))
        return true;
    run_say(run, "%s does not exist, and git knows no such revision here", word);
    return false;
}

static void remove_all(struct run *run, const char *folder, int depth) {
    struct names names = { 0 };
    if (depth > DEEPEST || !fs_list_all(run->arena, folder, &names))
        return;
    for (size_t i = 0; i < names.count; i++) {
        struct str path = str_format(run->arena, "%s/%s", folder, names.at[i]);
        if (fs_kind(path.at) == FS_FOLDER)
            remove_all(run, path.at, depth + 1);
        else
            unlink(path.at);
    }
    rmdir(folder);
}

void revision_close(struct run *run, const struct revision *revision) {
    if (revision->unpacked)
        remove_all(run, revision->unpacked, 0);
}
