/* build: compile a workspace into the files that run. */
#include "driver/fs.h"
#include "driver/mirror.h"
#include "driver/parts.h"
#include "driver/report.h"
#include "driver/roots.h"
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

static size_t projects_in(const struct workspace *ws) {
    size_t count = 0;
    for (const struct tree *t = ws->trees; t; t = t->next)
        count += t->files.project_count;
    return count;
}

static bool maps(const struct wanted *wanted) {
    bool maps = false;
    for (size_t i = 0; i < wanted->words.count; i++)
        maps |= strcmp(wanted->words.at[i], "sourcemap") == 0;
    return maps;
}

static enum outcome build(struct run *run) {
    struct workspace ws;
    struct report report;
    struct wanted wanted = { 0 };
    if (!read_emit(run, &wanted) ||
        !workspace_find(run, &ws, &run->args->operands, WORKSPACE_PROGRAMS) ||
        !report_open(&report, run, &ws))
        return OUTCOME_USAGE;
    report.terse = true;
    workspace_warn(run, &ws);
    struct mirror mirror = { NULL, 0, 0 };
    if (takes_upstream(&wanted))
        mirror_read(&mirror, &ws);
    workspace_add(&ws, report.session);
    if (wanted.ir || wanted.routes) {
        struct itsupc_text text = { NULL, 0 };
        if (wanted.routes)
            text = itsupc_routes(report.session);
        else
            itsupc_check(report.session);
        enum outcome outcome = report_outcome(&report);
        report.answers = outcome == OUTCOME_CLEAN;
        if (report.answers)
            stream_put(&run->out, str_of_text(wanted.ir ? itsupc_ir(report.session) : text));
        return report_close(&report, outcome);
    }
    struct publish_options options = { .session = report.session,
                                       .check = args_given(run->args, FLAG_CHECK),
                                       .force = args_given(run->args, FLAG_FORCE),
                                       .fsync = args_given(run->args, FLAG_FSYNC),
                                       .partial = is_partial(run, &ws, &wanted) };
    options.diff = report.machine ? &run->err : &run->out;
    const struct names *operands = &run->args->operands;
    options.several = operands->count > 1;
    options.roots = roots_of(run->arena, output_root(run, &ws), operands);
    struct publishing *publishing = publish_start(run, output_root(run, &ws), options);
    bool whole =
        parts_build(run, publishing, report.session, wanted.words.count ? wanted.words.at : NULL,
                    maps(&wanted) ? 0 : projects_in(&ws));
    for (size_t i = 0; whole && i < mirror.count; i++)
        publish_put(publishing, mirror.list[i].path, str_of_text(mirror.list[i].text),
                    mirror.list[i].executable);
    return report_close(&report, publish_end(publishing, whole));
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
