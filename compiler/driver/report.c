/* Findings on their way out: a session made after the flags, and what it found in every --format.
 */
#include "driver/report.h"

#include "driver/fs.h"

extern char **environ; /* POSIX leaves its declaration to the program */

static const char *const *codes(struct run *run, enum flag_id flag, struct names *into) {
    const struct names *given = &run->args->values[flag];
    for (size_t i = 0; i < given->count; i++)
        names_split(into, run->arena, given->at[i], ',');
    return into->at;
}

/* "json:FILE" → name and file; the file is NULL for the terminal, which "json:-" means, too. */
static const char *format_parts(struct run *run, const char *given, const char **file) {
    struct str text = str_of(given);
    size_t colon = str_find(text, ':');
    *file = colon == STR_NONE || strcmp(given + colon + 1, "-") == 0 ? NULL : given + colon + 1;
    return str_copy(run->arena, str_slice(text, 0, colon)).at;
}

/* The machine form for the terminal: NULL when there is none. False when there are two. */
static bool find_machine(struct run *run, const char **found) {
    const struct names *given = &run->args->values[FLAG_FORMAT];
    const char *machine = NULL;
    for (size_t i = 0; i < given->count; i++) {
        const char *file, *name = format_parts(run, given->at[i], &file);
        if (file || !itsupc_format_is_machine(name))
            continue;
        if (machine && strcmp(machine, name) != 0) {
            run_say(run,
                    "--format %s and --format %s would share one stream; write --format %s:FILE",
                    machine, name, name);
            return false;
        }
        machine = name;
    }
    *found = machine;
    return true;
}

bool report_is_asked(struct run *run) {
    const struct names *given = &run->args->values[FLAG_FORMAT];
    for (size_t i = 0; i < given->count; i++) {
        const char *file, *name = format_parts(run, given->at[i], &file);
        if (file || (itsupc_format_is_machine(name) && !str_starts(str_of(name), STR("json"))))
            return true;
    }
    return false;
}

/* --env-file: read as it is named, wherever the workspace lies. */
static bool add_values(struct run *run, struct itsupc *session) {
    const struct names *files = &run->args->values[FLAG_ENV_FILE];
    for (size_t i = 0; i < files->count; i++) {
        struct str text;
        const char *why = NULL;
        enum itsupc_load load = fs_read(run->arena, files->at[i], &text, &why);
        if (load == ITSUPC_MISSING) {
            run_say(run, "cannot read %s: it does not exist", files->at[i]);
            return false;
        }
        if (load == ITSUPC_LOADED)
            itsupc_add_values(session, files->at[i], (struct itsupc_text){ text.at, text.len });
        else
            itsupc_add_failed(session, files->at[i], load, why);
    }
    return true;
}

struct itsupc *report_session(struct run *run, struct workspace *ws, struct itsupc_loader loader) {
    struct names deny = { 0 }, allow = { 0 };
    const char *traefik = args_last(run->args, FLAG_TRAEFIK);
    struct itsupc_options options = {
        .loader = loader,
        .deny = codes(run, FLAG_DENY, &deny),
        .allow = codes(run, FLAG_ALLOW, &allow),
        .traefik = traefik && *traefik == 'v' ? traefik + 1 : traefik,
        .traefik_mode = args_last(run->args, FLAG_TRAEFIK_MODE),
        .folder = workspace_folder(ws),
        .environment = (const char *const *)environ,
    };
    struct itsupc *session = itsupc_new(&options);
    if (add_values(run, session))
        return session;
    itsupc_free(session);
    return NULL;
}

bool report_open(struct report *report, struct run *run, struct workspace *ws) {
    const char *machine = NULL;
    if (!find_machine(run, &machine))
        return false;
    *report = (struct report){ .run = run, .machine = machine };
    report->session = report_session(run, ws, workspace_loader(ws));
    return report->session != NULL;
}

enum outcome report_outcome(const struct report *report) {
    return itsupc_summary(report->session).errors ? OUTCOME_FINDINGS : OUTCOME_CLEAN;
}

static bool found_anything(const struct report *report) {
    struct itsupc_summary s = itsupc_summary(report->session);
    return s.errors || s.warnings || s.notes;
}

static void render_terminal(struct report *report, const char *format) {
    struct run *run = report->run;
    bool machine = itsupc_format_is_machine(format);
    if ((!machine || report->lone) && report->terse && !found_anything(report))
        return;
    struct itsupc_style style = {
        .color = run->err.color && !machine,
        .width = run_width(run),
        .quiet = args_given(run->args, FLAG_QUIET),
    };
    struct stream *to = machine && !report->answers ? &run->out : &run->err;
    stream_put(to, str_of_text(itsupc_render(report->session, format, style)));
}

static bool render_file(struct report *report, const char *format, const char *file) {
    struct itsupc_style style = { .quiet = args_given(report->run->args, FLAG_QUIET) };
    struct str text = str_of_text(itsupc_render(report->session, format, style));
    const char *reason;
    if (fs_publish(report->run->arena, file, text, &reason) != FS_FAILED)
        return true;
    run_say(report->run, "cannot write %s: %s", file, reason);
    return false;
}

enum outcome report_close(struct report *report, enum outcome outcome) {
    struct run *run = report->run;
    const struct names *given = &run->args->values[FLAG_FORMAT];
    struct names shown = { 0 };
    for (size_t i = 0; i < given->count; i++) {
        const char *file, *name = format_parts(run, given->at[i], &file);
        if (file) {
            if (!render_file(report, name, file))
                outcome = OUTCOME_FAILURE;
            continue;
        }
        bool again = false;
        for (size_t j = 0; j < shown.count; j++)
            again = again || strcmp(shown.at[j], name) == 0;
        if (again)
            continue;
        names_add(&shown, run->arena, name);
        render_terminal(report, name);
    }
    if (shown.count == 0)
        render_terminal(report, "text");
    itsupc_free(report->session);
    return outcome;
}
