/* check: types, names and routes of a workspace; no output but what --fix mends. */
#include "driver/fix.h"

enum outcome cmd_check(struct run *run) {
    struct workspace ws;
    struct report report;
    bool fix = args_given(run->args, FLAG_FIX), written = true;
    if (!workspace_find(run, &ws, &run->args->operands, WORKSPACE_CHECK))
        return OUTCOME_USAGE;
    if (fix && ws.takes_stdin) {
        run_say(run, "check --fix rewrites files; it cannot rewrite standard input");
        return OUTCOME_USAGE;
    }
    if (!report_open(&report, run, &ws))
        return OUTCOME_USAGE;
    itsupc_only_checks(report.session);
    if (fix) {
        written = fix_all(&report, &ws);
    } else {
        workspace_add(&ws, report.session);
        itsupc_rehearse(report.session);
    }
    workspace_warn(run, &ws);
    return report_close(&report, written ? report_outcome(&report) : OUTCOME_FAILURE);
}
