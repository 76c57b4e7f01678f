/* check: types, names and routes of a workspace, and no output. */
#include "driver/report.h"

enum outcome cmd_check(struct run *run) {
    struct workspace ws;
    struct report report;
    if (!workspace_find(run, &ws, &run->args->operands, WORKSPACE_CHECK) ||
        !report_open(&report, run, &ws))
        return OUTCOME_USAGE;
    workspace_add(&ws, report.session);
    workspace_warn(run, &ws);
    itsupc_check(report.session);
    return report_close(&report, report_outcome(&report));
}
