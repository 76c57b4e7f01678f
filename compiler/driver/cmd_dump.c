/* tokens, ast: what the scanner and the parser made of one file; for work on the compiler. */
#include "driver/fs.h"
#include "driver/report.h"

typedef struct itsupc_text dump_fn(struct itsupc *, const char *, struct itsupc_text);

static enum outcome dump(struct run *run, dump_fn *dump_text) {
    struct workspace ws;
    struct report report;
    const char *path = run->args->operands.at[0], *reason = NULL;
    bool piped = strcmp(path, "-") == 0;
    if (!workspace_find(run, &ws, &run->args->operands, WORKSPACE_FILES) ||
        !report_open(&report, run, &ws))
        return OUTCOME_USAGE;
    report.answers = true;
    report.terse = true;
    const char *name = piped ? STDIN_NAME : path;
    struct str text = { 0 };
    enum itsupc_load load = piped ? fs_read_stdin(run->arena, &text, &reason)
                                  : fs_read(run->arena, path, &text, &reason);
    if (load == ITSUPC_LOADED)
        stream_put(&run->out, str_of_text(dump_text(report.session, name,
                                                    (struct itsupc_text){ text.at, text.len })));
    else
        itsupc_add_failed(report.session, name, load, reason);
    itsupc_check(report.session);
    return report_close(&report, report_outcome(&report));
}

enum outcome cmd_tokens(struct run *run) {
    return dump(run, itsupc_dump_tokens);
}

enum outcome cmd_ast(struct run *run) {
    return dump(run, itsupc_dump_ast);
}
