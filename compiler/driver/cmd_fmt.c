/* fmt: the canonical layout, in place, as a filter, or shown as a difference. */
#include "driver/diff.h"
#include "driver/fs.h"
#include "driver/report.h"

struct formatting {
    struct run *run;
    struct workspace *ws;
    struct report *report;
    bool check, diff; /* either writes nothing */
    size_t changed;
    bool failed; /* to write */
};

static bool dry(const struct formatting *f) {
    return f->check || f->diff;
}

static void show(struct formatting *f, const char *name, struct str before, struct str after) {
    /* A machine form on standard output must stay one document. */
    struct stream *to = f->report->machine ? &f->run->err : &f->run->out;
    diff_print(to, name, before, after);
    itsupc_add_layout(f->report->session, name, (struct itsupc_text){ after.at, after.len });
}

static struct str laid_out(struct formatting *f, const char *name, struct str text) {
    return str_of_text(
        itsupc_format(f->report->session, name, (struct itsupc_text){ text.at, text.len }));
}

static void format_file(struct formatting *f, const char *name) {
    struct str before = { 0 };
    const char *reason = NULL, *path = workspace_path(f->ws, name);
    progress_step(&f->run->progress, PROGRESS_READ);
    enum itsupc_load load = fs_read(f->run->arena, path, &before, &reason);
    if (load != ITSUPC_LOADED) {
        itsupc_add_failed(f->report->session, name, load, reason);
        return;
    }
    struct str after = laid_out(f, name, before);
    if (str_eq(before, after))
        return;
    f->changed++;
    if (dry(f)) {
        show(f, name, before, after);
    } else if (fs_publish(f->run->arena, path, after, &reason) == FS_FAILED) {
        run_say(f->run, "cannot write %s: %s", name, reason);
        f->failed = true;
    } else {
        if (!args_given(f->run->args, FLAG_QUIET))
            run_say(f->run, "formatted %s", name);
    }
}

static void format_stdin(struct formatting *f) {
    struct str before = { 0 };
    const char *reason = NULL;
    enum itsupc_load load = fs_read_stdin(f->run->arena, &before, &reason);
    if (load != ITSUPC_LOADED) {
        itsupc_add_failed(f->report->session, STDIN_NAME, load, reason);
        return;
    }
    struct str after = laid_out(f, STDIN_NAME, before);
    if (!dry(f))
        stream_put(&f->run->out, after);
    if (str_eq(before, after))
        return;
    f->changed++;
    if (dry(f))
        show(f, STDIN_NAME, before, after);
}

static void format_all(struct formatting *f) {
    for (struct obstacle *o = f->ws->obstacles; o; o = o->next)
        itsupc_add_failed(f->report->session, o->name, o->why, o->reason);
    for (struct program *p = f->ws->programs; p; p = p->next)
        for (size_t i = 0; i < p->files.count; i++)
            format_file(f, p->files.at[i]);
    if (f->ws->takes_stdin)
        format_stdin(f);
    itsupc_check(f->report->session);
}

enum outcome cmd_fmt(struct run *run) {
    struct workspace ws;
    struct report report;
    struct formatting f = {
        .run = run,
        .ws = &ws,
        .report = &report,
        .check = args_given(run->args, FLAG_CHECK),
        .diff = args_given(run->args, FLAG_DIFF),
    };
    if (!workspace_find(run, &ws, &run->args->operands, WORKSPACE_FILES))
        return OUTCOME_USAGE;
    if (ws.takes_stdin && run->args->operands.count > 1) {
        run_say(run, "fmt - is a filter: it takes no other path");
        return OUTCOME_USAGE;
    }
    if (!report_open(&report, run, &ws))
        return OUTCOME_USAGE;
    report.answers = ws.takes_stdin && !dry(&f);
    report.terse = true;
    workspace_warn(run, &ws);
    format_all(&f);
    enum outcome outcome = report_outcome(&report);
    if (dry(&f) && f.changed)
        outcome = OUTCOME_FINDINGS;
    if (f.failed)
        outcome = OUTCOME_FAILURE;
    return report_close(&report, outcome);
}
