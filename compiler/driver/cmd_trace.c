/* trace: which router of a workspace, or of an existing configuration, answers a request, and why.
 */
#include "driver/fs.h"
#include "driver/report.h"

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
        else if (kind == FS_FILE && (str_ends(name, STR(".yml")) || str_ends(name, STR(".yaml"))))
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
    char *name = arena_alloc(run->arena, path.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < path.len; i++) {
        char c = char_lower(path.at[i]);
        bool starts = char_is_alnum(c);
        if (starts || (len && (c == '_' || c == '-')))
            name[len++] = c;
    }
    return name;
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
    for (size_t i = 0; i < compose->count; i++)
        itsupc_trace_compose(session, compose->at[i], project_of(run, compose->at[i]));
    return true;
}

static bool wants_json(const struct run *run) {
    const struct names *formats = &run->args->values[FLAG_FORMAT];
    for (size_t i = 0; i < formats->count; i++)
        if (strcmp(formats->at[i], "json") == 0 || strcmp(formats->at[i], "jsonl") == 0)
            return true;
    return false;
}

/* ---- one request, or many ---- */

static enum outcome answer_one(struct run *run, struct itsupc *session) {
    const struct args *args = run->args;
    const struct names *headers = &args->values[FLAG_HEADER];
    struct itsupc_request request = { .url = args->operands.at[0],
                                      .method = args_last(args, FLAG_METHOD),
                                      .host = args_last(args, FLAG_HOST),
                                      .sni = args_last(args, FLAG_SNI),
                                      .ip = args_last(args, FLAG_CLIENT),
                                      .entry_point = args_last(args, FLAG_ENTRYPOINT),
                                      .alpn = args_last(args, FLAG_ALPN),
                                      .headers = headers->at,
                                      .header_count = headers->count };
    enum itsupc_answer kind;
    struct itsupc_text text = itsupc_trace(session, &request, wants_json(run), &kind);
    if (kind == ITSUPC_NO_QUESTION && !wants_json(run)) {
        run_say(run, "%.*s", (int)(text.len ? text.len - 1 : 0), text.at);
        return OUTCOME_USAGE;
    }
    stream_put(&run->out, str_of_text(text));
    return kind == ITSUPC_ROUTED        ? OUTCOME_CLEAN
           : kind == ITSUPC_NO_QUESTION ? OUTCOME_USAGE
                                        : OUTCOME_FINDINGS;
}

static enum outcome answer_all(struct run *run, struct itsupc *session, const char *file) {
    struct str text;
    const char *reason = "it is no regular file";
    enum itsupc_load load = strcmp(file, "-") == 0 ? fs_read_stdin(run->arena, &text, &reason)
                                                   : fs_read(run->arena, file, &text, &reason);
    if (load != ITSUPC_LOADED) {
        run_say(run, "cannot read %s: %s", file,
                load == ITSUPC_MISSING     ? "it does not exist"
                : load == ITSUPC_DENIED    ? "it may not be read"
                : load == ITSUPC_TOO_LARGE ? "it is larger than 64 MiB"
                                           : reason);
        return OUTCOME_USAGE;
    }
    enum outcome outcome = OUTCOME_CLEAN;
    while (text.len) {
        size_t end = str_find(text, '\n');
        struct str line = str_trim(str_slice(text, 0, end));
        text = end == STR_NONE ? STR("") : str_from(text, end + 1);
        if (!line.len)
            continue;
        enum itsupc_answer kind;
        struct itsupc_text one =
            itsupc_trace_line(session, (struct itsupc_text){ line.at, line.len }, &kind);
        stream_put(&run->out, str_of_text(one));
        if (kind == ITSUPC_NO_QUESTION)
            outcome = OUTCOME_FINDINGS;
    }
    return outcome;
}

static bool is_asked_well(struct run *run) {
    const struct args *args = run->args;
    bool many = args_given(args, FLAG_REQUESTS);
    if (many == (args->operands.count > 0)) {
        run_say(run, many ? "a URL and --requests exclude each other"
                          : "trace needs a URL, or --requests FILE");
        return false;
    }
    return true;
}

/* Without files that are named the workspace of the current folder is asked. */
static bool is_existing(const struct args *args) {
    return args_given(args, FLAG_STATIC) || args_given(args, FLAG_DYNAMIC) ||
           args_given(args, FLAG_COMPOSE);
}

enum outcome cmd_trace(struct run *run) {
    struct workspace ws = { .arena = run->arena, .root = "" };
    struct names none = { 0 };
    struct report report;
    bool existing = is_existing(run->args);
    if (!is_asked_well(run) ||
        (!existing && !workspace_find(run, &ws, &none, WORKSPACE_PROGRAMS)) ||
        !report_open(&report, run, &ws))
        return OUTCOME_USAGE;
    report.answers = report.terse = report.lone = true;
    if (existing && !add_inputs(run, report.session)) {
        itsupc_free(report.session);
        return OUTCOME_USAGE;
    }
    if (!existing) {
        workspace_warn(run, &ws);
        workspace_add(&ws, report.session);
        if (!itsupc_trace_workspace(report.session))
            return report_close(&report, OUTCOME_FINDINGS);
    }
    if (!args_given(run->args, FLAG_QUIET))
        stream_put(&run->err, str_of_text(itsupc_trace_notes(report.session)));
    const char *requests = args_last(run->args, FLAG_REQUESTS);
    enum outcome outcome =
        requests ? answer_all(run, report.session, requests) : answer_one(run, report.session);
    enum outcome found = report_outcome(&report);
    return report_close(&report, found > outcome ? found : outcome);
}
