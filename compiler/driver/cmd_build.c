/* build: compile a workspace. So far its only product is the intermediate form, on stdout. */
#include "driver/report.h"

static bool emit_fits(struct run *run) {
    const struct names *given = &run->args->values[FLAG_EMIT];
    struct names wanted = { 0 };
    for (size_t i = 0; i < given->count; i++)
        names_split(&wanted, run->arena, given->at[i], ',');
    if (wanted.count == 0) {
        run_say(run, "build writes no files in this version; `--emit ir` prints what it would "
                     "compile");
        return false;
    }
    for (size_t i = 0; i < wanted.count; i++) {
        if (strcmp(wanted.at[i], "ir") == 0)
            continue;
        run_say(run, "--emit %s is not available in this version; only `--emit ir` is",
                wanted.at[i]);
        return false;
    }
    return true;
}

enum outcome cmd_build(struct run *run) {
    struct workspace ws;
    struct report report;
    if (!emit_fits(run) || !workspace_find(run, &ws, &run->args->operands, WORKSPACE_PROGRAMS) ||
        !report_open(&report, run, &ws))
        return OUTCOME_USAGE;
    report.terse = true;
    workspace_warn(run, &ws);
    workspace_add(&ws, report.session);
    itsupc_check(report.session);
    enum outcome outcome = report_outcome(&report);
    report.answers = outcome == OUTCOME_CLEAN;
    if (report.answers)
        stream_put(&run->out, str_of_text(itsupc_ir(report.session)));
    return report_close(&report, outcome);
}
