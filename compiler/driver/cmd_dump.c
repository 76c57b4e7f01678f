/* tokens, ast, dump: what single stages make of one file; for work on the compiler. */
#include "driver/fs.h"
#include "driver/report.h"

typedef struct itsupc_text dump_fn(struct itsupc *, const char *, struct itsupc_text);

static bool dump_open(struct run *run, struct workspace *ws, struct report *report,
                      const char *path) {
    struct names paths = { 0 };
    names_add(&paths, run->arena, path);
    if (!workspace_find(run, ws, &paths, WORKSPACE_FILES) || !report_open(report, run, ws))
        return false;
    report->answers = true;
    report->terse = true;
    return true;
}

static enum outcome dump_close(struct report *report) {
    itsupc_check(report->session);
    return report_close(report, report_outcome(report));
}

static enum outcome dump(struct run *run, dump_fn *dump_text) {
    struct workspace ws;
    struct report report;
    const char *path = run->args->operands.at[0], *reason = NULL;
    bool piped = strcmp(path, "-") == 0;
    if (!dump_open(run, &ws, &report, path))
        return OUTCOME_USAGE;
    const char *name = piped ? STDIN_NAME : path;
    struct str text = { 0 };
    enum itsupc_load load = piped ? fs_read_stdin(run->arena, &text, &reason)
                                  : fs_read(run->arena, path, &text, &reason);
    if (load == ITSUPC_LOADED)
        stream_put(&run->out, str_of_text(dump_text(report.session, name,
                                                    (struct itsupc_text){ text.at, text.len })));
    else
        itsupc_add_failed(report.session, name, load, reason);
    return dump_close(&report);
}

enum outcome cmd_tokens(struct run *run) {
    return dump(run, itsupc_dump_tokens);
}

enum outcome cmd_ast(struct run *run) {
    return dump(run, itsupc_dump_ast);
}

/* Other files are found beside it, so it is read through the workspace's loader. */
static enum outcome dump_compose(struct run *run, const char *path) {
    struct workspace ws;
    struct report report;
    if (!dump_open(run, &ws, &report, path))
        return OUTCOME_USAGE;
    stream_put(&run->out, str_of_text(itsupc_dump_compose(report.session, path)));
    return dump_close(&report);
}

static const struct dump_kind {
    const char *name;
    enum outcome (*dump)(struct run *run, const char *operand);
} dump_kinds[] = {
    { "compose", dump_compose },
};

enum outcome cmd_dump(struct run *run) {
    const struct names *operands = &run->args->operands;
    for (size_t i = 0; i < sizeof dump_kinds / sizeof *dump_kinds; i++)
        if (strcmp(operands->at[0], dump_kinds[i].name) == 0)
            return dump_kinds[i].dump(run, operands->at[1]);
    run_say(run, "dump knows no `%s`", operands->at[0]);
    return OUTCOME_USAGE;
}
