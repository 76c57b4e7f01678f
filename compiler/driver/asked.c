/* Loading the configuration that a question is about. */
#include "driver/asked.h"

#include "driver/fs.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

enum { FOLDERS_DEEPEST = 32 };

static bool is_missing(struct run *run, const char *path) {
    if (fs_kind(path) != FS_MISSING)
        return false;
    run_say(run, "%s does not exist", path);
    return true;
}

/* What the file provider reads in a folder: by name, folders in their place among the files. */
static void find_files(struct run *run, const char *folder, struct names *out, int depth) {
    struct names names = { 0 };
    if (depth > FOLDERS_DEEPEST || !fs_list(run->arena, folder, &names))
        return;
    for (size_t i = 0; i < names.count; i++) {
        const char *path = str_format(run->arena, "%s/%s", folder, names.at[i]).at;
        struct str name = str_of(names.at[i]);
        enum fs_kind kind = fs_kind(path);
        if (kind == FS_FOLDER || kind == FS_LINKED_FOLDER)
            find_files(run, path, out, depth + 1);
        else if (kind == FS_FILE && (str_ends(name, STR(".yml")) || str_ends(name, STR(".yaml")) ||
                                     str_ends(name, STR(".toml"))))
            names_add(out, run->arena, path);
    }
}

/* Compose names a project after the folder of its file. */
static const char *project_of(struct run *run, const char *file) {
    char real[PATH_MAX];
    if (!realpath(file, real))
        return "";
    struct str path = str_of(real);
    path = str_slice(path, 0, str_find_last(path, '/'));
    path = str_from(path, str_find_last(path, '/') + 1);
    return str_copy(run->arena, path).at;
}

static void add_composes(struct run *run, const struct names *files, struct itsupc *session) {
    struct names projects = { 0 };
    for (size_t i = 0; i < files->count; i++)
        names_add(&projects, run->arena, project_of(run, files->at[i]));
    itsupc_trace_compose(session, files->at, projects.at, files->count);
}

/* False, after telling which, when a path does not exist. */
static bool add_inputs(struct run *run, struct itsupc *session) {
    const struct names *dynamic = &run->args->values[FLAG_DYNAMIC];
    const struct names *compose = &run->args->values[FLAG_COMPOSE];
    const char *base = args_last(run->args, FLAG_STATIC);
    if (base && is_missing(run, base))
        return false;
    for (size_t i = 0; i < dynamic->count; i++)
        if (is_missing(run, dynamic->at[i]))
            return false;
    for (size_t i = 0; i < compose->count; i++)
        if (is_missing(run, compose->at[i]))
            return false;
    if (base)
        itsupc_trace_static(session, base);
    for (size_t i = 0; i < dynamic->count; i++) {
        struct names files = { 0 };
        enum fs_kind kind = fs_kind(dynamic->at[i]);
        if (kind == FS_FOLDER || kind == FS_LINKED_FOLDER)
            find_files(run, dynamic->at[i], &files, 0);
        else
            names_add(&files, run->arena, dynamic->at[i]);
        itsupc_trace_dynamic(session, files.at, files.count);
    }
    add_composes(run, compose, session);
    return true;
}

bool asked_json(const struct run *run) {
    const struct names *formats = &run->args->values[FLAG_FORMAT];
    for (size_t i = 0; i < formats->count; i++)
        if (strcmp(formats->at[i], "json") == 0 || strcmp(formats->at[i], "jsonl") == 0)
            return true;
    return false;
}

enum outcome asked_read(struct run *run, const char *file, struct str *text) {
    const char *reason = "it is no regular file";
    enum itsupc_load load = strcmp(file, "-") == 0 ? fs_read_stdin(run->arena, text, &reason)
                                                   : fs_read(run->arena, file, text, &reason);
    if (load != ITSUPC_LOADED) {
        run_say(run, "cannot read %s: %s", file,
                load == ITSUPC_MISSING     ? "it does not exist"
                : load == ITSUPC_DENIED    ? "it may not be read"
                : load == ITSUPC_TOO_LARGE ? "it is larger than 64 MiB"
                                           : reason);
        return load == ITSUPC_MISSING ? OUTCOME_USAGE : OUTCOME_FINDINGS;
    }
    return OUTCOME_CLEAN;
}

/* ---- opening ---- */

/* Without files that are named the workspace of the current folder is asked. */
static bool is_existing(const struct args *args) {
    return args_given(args, FLAG_STATIC) || args_given(args, FLAG_DYNAMIC) ||
           args_given(args, FLAG_COMPOSE);
}

static enum outcome build(struct run *run, struct workspace *ws, struct report *report) {
    workspace_warn(run, ws);
    workspace_add(ws, report->session);
    if (itsupc_trace_workspace(report->session))
        return OUTCOME_CLEAN;
    return report_close(report, OUTCOME_FINDINGS);
}

static void tell_notes(struct run *run, const struct report *report) {
    if (!args_given(run->args, FLAG_QUIET))
        stream_put(&run->err, str_of_text(itsupc_trace_notes(report->session)));
}

enum outcome asked_open(struct run *run, struct workspace *ws, struct report *report) {
    struct names none = { 0 };
    bool existing = is_existing(run->args);
    *ws = (struct workspace){ .arena = run->arena, .root = "" };
    if ((!existing && !workspace_find(run, ws, &none, WORKSPACE_PROGRAMS)) ||
        !report_open(report, run, ws))
        return OUTCOME_USAGE;
    report->answers = report->terse = report->lone = true;
    if (existing && !add_inputs(run, report->session)) {
        itsupc_free(report->session);
        return OUTCOME_USAGE;
    }
    enum outcome outcome = existing ? OUTCOME_CLEAN : build(run, ws, report);
    if (outcome == OUTCOME_CLEAN)
        tell_notes(run, report);
    return outcome;
}

enum outcome asked_close(struct report *report, enum outcome outcome) {
    enum outcome found = report_outcome(report);
    return report_close(report, found > outcome ? found : outcome);
}

/* ---- a folder ---- */

/* Files that Traefik and Compose read, told by their names as a build gives them. */
static void add_existing(struct run *run, const char *folder, struct itsupc *session) {
    struct names all = { 0 }, dynamic = { 0 }, composes = { 0 };
    find_files(run, folder, &all, 0);
    for (size_t i = 0; i < all.count; i++) {
        struct str path = str_of(all.at[i]);
        struct str base = str_from(path, str_find_last(path, '/') + 1);
        if (str_is(base, "traefik.yml") || str_is(base, "traefik.yaml") ||
            str_is(base, "traefik.toml"))
            itsupc_trace_static(session, all.at[i]);
        else if (str_find_str(base, STR("compose")) != STR_NONE)
            names_add(&composes, run->arena, all.at[i]);
        else
            names_add(&dynamic, run->arena, all.at[i]);
    }
    add_composes(run, &composes, session);
    if (dynamic.count)
        itsupc_trace_dynamic(session, dynamic.at, dynamic.count);
}

enum outcome asked_open_folder(struct run *run, const char *folder, const char *called,
                               struct workspace *ws, struct report *report) {
    struct names paths = { 0 };
    names_add(&paths, run->arena, folder);
    *ws = (struct workspace){ .arena = run->arena, .root = "" };
    if (!workspace_find(run, ws, &paths, WORKSPACE_PROGRAMS))
        return OUTCOME_USAGE;
    ws->called = called;
    bool existing = ws->barren.count > 0;
    if (existing)
        ws->root = "";
    if (!report_open(report, run, ws))
        return OUTCOME_USAGE;
    report->answers = report->terse = report->lone = true;
    if (existing)
        add_existing(run, folder, report->session);
    return existing ? OUTCOME_CLEAN : build(run, ws, report);
}
