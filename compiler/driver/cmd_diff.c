/* diff: which routers are not the same in two folders, or in two revisions of one? */
#include "driver/asked.h"
#include "driver/revision.h"

static enum outcome compare(struct run *run, const char *before, const char *after) {
    struct workspace old_ws, new_ws;
    struct report old, new;
    enum outcome outcome = asked_open_folder(run, before, NULL, &old_ws, &old);
    if (outcome != OUTCOME_CLEAN)
        return outcome;
    const char *called = old_ws.barren.count ? NULL : workspace_folder(&old_ws);
    outcome = asked_open_folder(run, after, called, &new_ws, &new);
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

enum outcome cmd_diff(struct run *run) {
    struct revision before = { 0 }, after = { 0 };
    const struct names *words = &run->args->operands;
    enum outcome outcome = OUTCOME_USAGE;
    if (revision_open(run, words->at[0], &before) && revision_open(run, words->at[1], &after))
        outcome = compare(run, before.folder, after.folder);
    revision_close(run, &before);
    revision_close(run, &after);
    return outcome;
}
