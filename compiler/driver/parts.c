/* A large build in parts: each in a process of its own, which shares what was read and decided.

   A part compares its artefacts with what stands there and writes new ones beside, as the whole
   build would, and tells this process in a few bytes for each. Whatever is out of the ordinary (a
   finding, a file that cannot be written, a process that dies) makes this process do that part
   itself, so that messages are the same whoever works. */
#define _GNU_SOURCE /* sched_getaffinity */
#include "driver/parts.h"

#include "driver/args.h"
#include "driver/fs.h"
#include "support/buf.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/prctl.h>
#endif

/* Fewer projects in a part are made sooner than it starts: of those that are new, and of those that
   are mostly there already and are compared. */
enum { MOST_PARTS = 16, FEWEST_NEW = 250, FEWEST_OLD = 1500 };

static size_t processors(void) {
#if defined(__linux__)
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        return (size_t)CPU_COUNT(&set);
#endif
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (size_t)count : 1;
}

/* How many parts there should be: -j, else what the machine has, for as many projects. */
static size_t wanted(struct run *run, struct publishing *p, size_t projects) {
    const char *given = args_last(run->args, FLAG_JOBS);
    uint64_t count = projects / FEWEST_NEW;
    if (given)
        str_to_uint(str_of(given), UINT64_MAX, &count);
    count = count < MOST_PARTS ? count : MOST_PARTS;
    if (count < 2 || count > projects || !publish_can_share(p))
        return 1;
    if (given)
        return (size_t)count;
    if (!publish_is_first(p))
        count = projects / FEWEST_OLD;
    return (size_t)(count < processors() ? count : processors());
}

static void take(void *publishing, const char *path, struct itsupc_text text) {
    publish_put(publishing, path, str_of_text(text), false);
}

static bool has(void *publishing, const char *path, struct itsupc_text text) {
    return publish_has(publishing, path, str_of_text(text));
}

struct helper {
    pid_t process; /* 0: none */
    int from;
};

/* In the new process: nothing of what is done here may end in the terminal. */
static void help(struct publishing *p, struct itsupc *session, const char *const *emit,
                 struct itsupc_part part, pid_t above, int to) {
#if defined(__linux__)
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    struct itsupc_taker taker = { p, take, has };
    publish_note(p);
    if (getppid() == above && itsupc_build_part(session, emit, &taker, part))
        fs_write_full(to, publish_notes(p));
    _exit(0);
}

static struct helper start(struct publishing *p, struct itsupc *session, const char *const *emit,
                           struct itsupc_part part) {
    struct helper helper = { 0, -1 };
    int ends[2];
    pid_t above = getpid();
    if (pipe(ends) != 0)
        return helper;
    helper.process = fork();
    if (helper.process == 0) {
        close(ends[0]);
        help(p, session, emit, part, above, ends[1]);
    }
    close(ends[1]);
    if (helper.process > 0)
        helper.from = ends[0];
    else
        close(ends[0]);
    return helper;
}

static struct str read_notes(struct arena *arena, struct helper *helper) {
    struct buf notes = { .arena = arena };
    ssize_t got = 0;
    while (helper->from >= 0) {
        buf_reserve(&notes, 64 * 1024);
        got = read(helper->from, notes.at + notes.len, notes.room - notes.len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        notes.len += (size_t)got;
    }
    if (helper->from >= 0)
        close(helper->from);
    while (helper->process > 0 && waitpid(helper->process, NULL, 0) < 0 && errno == EINTR)
        ;
    return buf_str(&notes);
}

bool parts_build(struct run *run, struct publishing *p, struct itsupc *session,
                 const char *const *emit, size_t projects) {
    struct itsupc_taker taker = { p, take, has };
    struct helper helpers[MOST_PARTS] = { { 0, -1 } };
    if (!itsupc_build_start(session))
        return itsupc_build_end(session);
    size_t count = wanted(run, p, projects);
    for (size_t i = 1; i < count; i++)
        helpers[i] = start(p, session, emit, (struct itsupc_part){ i, count });
    itsupc_build_part(session, emit, &taker, (struct itsupc_part){ 0, count });
    struct arena scratch = { 0 };
    for (size_t i = 1; i < count; i++) {
        if (!publish_noted(p, read_notes(&scratch, &helpers[i])))
            itsupc_build_part(session, emit, &taker, (struct itsupc_part){ i, count });
        arena_reset(&scratch);
    }
    arena_free(&scratch);
    return itsupc_build_end(session);
}
