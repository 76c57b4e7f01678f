/* init: writes a first ingress.itsup beside a compose file, without a question. */
#include "driver/fs.h"
#include "driver/report.h"

/* The compose file that Docker would find here. */
static const char *compose_here(void) {
    static const char *const names[] = { "compose.yaml", "compose.yml", "docker-compose.yaml",
                                         "docker-compose.yml" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (fs_kind(names[i]) != FS_MISSING)
            return names[i];
    return NULL;
}

static enum outcome write_file(struct run *run, const char *path, struct str text) {
    const char *reason = NULL;
    if (fs_publish(run->arena, path, text, &reason) == FS_FAILED) {
        run_say(run, "cannot write %s: %s", path, reason);
        return OUTCOME_FAILURE;
    }
    if (!args_given(run->args, FLAG_QUIET))
        run_say(run, "wrote %s; `itsupc check` judges it", path);
    return OUTCOME_CLEAN;
}

enum outcome cmd_init(struct run *run) {
    struct workspace ws;
    struct report report;
    struct names none = { 0 };
    const char *from = args_last(run->args, FLAG_FROM);
    if (!from)
        from = compose_here();
    if (!from || fs_kind(from) == FS_MISSING) {
        run_say(run,
                from ? "%s does not exist" : "there is no compose file here%s; --from names one",
                from ? from : "");
        return OUTCOME_USAGE;
    }
    const char *slash = strrchr(from, '/');
    const char *path =
        slash ? str_format(run->arena, "%.*s/ingress.itsup", (int)(slash - from), from).at
              : "ingress.itsup";
    if (fs_kind(path) != FS_MISSING) {
        run_say(run, "%s is there already, and stays as it is", path);
        return OUTCOME_USAGE;
    }
    if (!workspace_find(run, &ws, &none, WORKSPACE_FILES) || !report_open(&report, run, &ws))
        return OUTCOME_USAGE;
    report.answers = true;
    report.terse = true;
    struct str text = str_of_text(itsupc_start(report.session, from));
    enum outcome outcome = report_outcome(&report);
    if (text.at)
        outcome = write_file(run, path, text);
    return report_close(&report, outcome);
}
