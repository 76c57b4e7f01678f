/* build: compile a workspace into the files that run. */
#include "driver/fs.h"
#include "driver/mirror.h"
#include "driver/report.h"
#include "driver/roots.h"
#include "driver/slices.h"
#include "driver/watch.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct wanted {
    struct names words;
    bool ir, routes; /* printed, and nothing is written */
};

static bool read_emit(struct run *run, struct wanted *wanted) {
    const struct names *given = &run->args->values[FLAG_EMIT];
    struct names all = { 0 };
    for (size_t i = 0; i < given->count; i++)
        names_split(&all, run->arena, given->at[i], ',');
    for (size_t i = 0; i < all.count; i++) {
        if (strcmp(all.at[i], "ir") == 0)
            wanted->ir = true;
        else if (strcmp(all.at[i], "routes") == 0)
            wanted->routes = true;
        else
            names_add(&wanted->words, run->arena, all.at[i]);
    }
    if ((wanted->ir || wanted->routes) && all.count > 1) {
        run_say(run, "--emit %s prints and writes nothing; ask for it alone",
                wanted->ir ? "ir" : "routes");
        return false;
    }
    return true;
}

/* Where outputs go: -o, else the workspace. */
static const char *output_root(struct run *run, const struct workspace *ws) {
    const char *folder = args_last(run->args, FLAG_OUTPUT);
    if (!folder)
        return ws->root;
    return str_format(run->arena, "%s%s", folder, str_ends(str_of(folder), STR("/")) ? "" : "/").at;
}

static bool has_sources(struct run *run, const char *folder) {
    struct names names = { 0 };
    bool found = false;
    if (fs_list(run->arena, folder, &names))
        for (size_t i = 0; i < names.count; i++)
            found |= str_ends(str_of(names.at[i]), STR(".itsup")) ||
                     strcmp(names.at[i], "itsup.yml") == 0;
    return found;
}

/* Is the folder a part of a larger workspace? Its tree has a proxy, or lies in the current folder,
   as a repository of several folders does. */
static bool is_part(struct run *run, const char *folder) {
    char at[PATH_MAX], here[PATH_MAX];
    const char *projects = str_format(run->arena, "%s/projects", folder).at;
    if (fs_kind(projects) == FS_FOLDER || !realpath(folder, at) || !realpath(".", here))
        return false;
    for (char *slash; (slash = strrchr(at, '/')) && slash != at;) {
        bool below = str_starts(str_of(at), str_of(here)) && at[strlen(here)] == '/';
        *slash = 0;
        bool tree = str_ends(str_of(at), STR("/projects"));
        if ((below && tree) || ((below || tree) && has_sources(run, at)))
            return true;
    }
    return false;
}

/* What was named file by file is not all that the output folder holds, nor is a part of a tree that
   is built into a folder elsewhere; and a folder without anything for us is rather a wrong one than
   a reason to remove all. */
static bool is_partial(struct run *run, const struct workspace *ws, const struct wanted *wanted) {
    const struct names *operands = &run->args->operands;
    bool partial = wanted->words.count > 0 || (!ws->programs && !ws->trees) || ws->takes_stdin;
    for (size_t i = 0; i < operands->count && !partial; i++)
        partial = fs_kind(operands->at[i]) == FS_FILE ||
                  (args_given(run->args, FLAG_OUTPUT) && is_part(run, operands->at[i]));
    return partial;
}

static bool takes_upstream(const struct wanted *wanted) {
    bool takes = !wanted->words.count && !wanted->ir && !wanted->routes;
    for (size_t i = 0; i < wanted->words.count; i++)
        takes |= strcmp(wanted->words.at[i], "upstream") == 0;
    return takes;
}

struct building {
    struct run *run;
    struct workspace ws;
    struct wanted wanted;
    struct mirror mirror;
    bool machine; /* the terminal is a program's */
};

static struct publishing *start(void *building, struct itsupc *session) {
    struct building *b = building;
    struct run *run = b->run;
    const struct names *operands = &run->args->operands;
    struct publish_options options = { .session = session,
                                       .check = args_given(run->args, FLAG_CHECK),
                                       .force = args_given(run->args, FLAG_FORCE),
                                       .fsync = args_given(run->args, FLAG_FSYNC),
                                       .partial = is_partial(run, &b->ws, &b->wanted) };
    options.diff = b->machine ? &run->err : &run->out;
    options.several = operands->count > 1;
    options.roots = roots_of(run->arena, output_root(run, &b->ws), operands);
    return publish_start(run, output_root(run, &b->ws), options);
}

static enum outcome finish(struct building *b, struct publishing *publishing, bool whole) {
    for (size_t i = 0; whole && i < b->mirror.count; i++)
        publish_put(publishing, b->mirror.list[i].path, str_of_text(b->mirror.list[i].text),
                    b->mirror.list[i].executable);
    return publish_end(publishing, whole);
}

static enum outcome print(struct building *b, struct report *report) {
    struct itsupc_text text = { NULL, 0 };
    if (b->wanted.routes)
        text = itsupc_routes(report->session);
    else
        itsupc_check(report->session);
    enum outcome outcome = report_outcome(report);
    report->answers = outcome == OUTCOME_CLEAN;
    if (report->answers)
        stream_put(&b->run->out, str_of_text(b->wanted.ir ? itsupc_ir(report->session) : text));
    return report_close(report, outcome);
}

static enum outcome build_whole(struct building *b, struct report *report) {
    workspace_add(&b->ws, report->session);
    if (b->wanted.ir || b->wanted.routes)
        return print(b, report);
    struct publishing *publishing = start(b, report->session);
    struct itsupc_taker taker = publish_taker(publishing);
    bool whole = itsupc_build_into(report->session,
                                   b->wanted.words.count ? b->wanted.words.at : NULL, &taker);
    return report_close(report, finish(b, publishing, whole));
}

/* False when the tree is to be built as a whole. */
static bool build_slices(struct building *b, struct report *report, enum outcome *outcome) {
    struct slices_build slices = { .run = b->run, .ws = &b->ws, .start = start, .context = b };
    struct itsupc *base = slices_build(&slices);
    if (base) {
        itsupc_free(report->session);
        report->session = base;
        *outcome = report_close(report, finish(b, slices.publishing, true));
    } else if (slices.publishing) {
        publish_end(slices.publishing, false);
    }
    arena_free(&slices.arena);
    return base;
}

static enum outcome build(struct run *run) {
    struct building b = { .run = run };
    struct report report;
    enum outcome outcome;
    if (!read_emit(run, &b.wanted) ||
        !workspace_find(run, &b.ws, &run->args->operands, WORKSPACE_PROGRAMS) ||
        !report_open(&report, run, &b.ws))
        return OUTCOME_USAGE;
    report.terse = true;
    b.machine = report.machine;
    workspace_warn(run, &b.ws);
    if (takes_upstream(&b.wanted))
        mirror_read(&b.mirror, &b.ws);
    bool all = !b.wanted.words.count && !b.wanted.ir && !b.wanted.routes;
    if (all && slices_fit(run, &b.ws) && build_slices(&b, &report, &outcome))
        return outcome;
    return build_whole(&b, &report);
}

/* Each build is a process of its own: its memory goes with it, and what breaks it breaks it alone.
 */
static bool build_aside(struct run *run) {
    pid_t child = fork();
    if (child == 0)
        _exit((int)run_close(run, build(run)));
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (child < 0)
        run_say(run, "cannot start a build: %s", strerror(errno));
    return child > 0 && !(WIFEXITED(status) && WEXITSTATUS(status) == OUTCOME_USAGE);
}

/* Until somebody stops us. With errors the last good output stays. */
static enum outcome build_again_and_again(struct run *run) {
    const struct names *operands = &run->args->operands;
    struct watch *watch = watch_open(run->arena, operands->at, operands->count);
    for (;;) {
        watch_wait(watch);
        if (!build_aside(run))
            return OUTCOME_USAGE;
    }
}

enum outcome cmd_build(struct run *run) {
    return args_given(run->args, FLAG_WATCH) ? build_again_and_again(run) : build(run);
}
