/* test: does a configuration answer a list of requests as somebody expects? */
#include "driver/asked.h"

enum outcome cmd_test(struct run *run) {
    struct workspace ws;
    struct report report;
    const char *file = run->args->operands.at[0];
    struct str text;
    enum outcome outcome = asked_read(run, file, &text);
    if (outcome != OUTCOME_CLEAN)
        return outcome;
    outcome = asked_open(run, &ws, &report);
    if (outcome != OUTCOME_CLEAN)
        return outcome;
    bool holds;
    struct itsupc_text answer = itsupc_test(
        report.session, strcmp(file, "-") == 0 ? STDIN_NAME : file,
        (struct itsupc_text){ text.at, text.len }, asked_json(run), report_is_asked(run), &holds);
    stream_put(&run->out, str_of_text(answer));
    return asked_close(&report, holds ? OUTCOME_CLEAN : OUTCOME_FINDINGS);
}
