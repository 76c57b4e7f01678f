/* diff: which routers are not the same in two folders? */
#include "driver/asked.h"

enum outcome cmd_diff(struct run *run) {
    struct workspace old_ws, new_ws;
    struct report old, new;
    const struct names *folders = &run->args->operands;
    enum outcome outcome = asked_open_folder(run, folders->at[0], &old_ws, &old);
    if (outcome != OUTCOME_CLEAN)
        return outcome;
    outcome = asked_open_folder(run, folders->at[1], &new_ws, &new);
    if (outcome != OUTCOME_CLEAN) {
        report_close(&old, OUTCOME_CLEAN);
        return outcome;
    }
    bool same;
    struct itsupc_text text = itsupc_diff(old.session, new.session, asked_json(run), &same);
    stream_put(&run->out, str_of_text(text));
    outcome = asked_close(&new, same ? OUTCOME_CLEAN : OUTCOME_FINDINGS);
    return asked_close(&old, outcome);
}
