/* import, convert: files of any kind as one program on standard output. */
#include "driver/report.h"

/* The operands as the workspace names them, standard input included. */
static struct names names_of(struct run *run, const struct workspace *ws) {
    struct names all = { 0 };
    for (struct program *p = ws->programs; p; p = p->next)
        for (size_t i = 0; i < p->files.count; i++)
            names_add(&all, run->arena, p->files.at[i]);
    if (ws->takes_stdin)
        names_add(&all, run->arena, STDIN_NAME);
    return all;
}

static enum outcome convert(struct run *run, const char *form) {
    struct workspace ws;
    struct report report;
    if (!workspace_find(run, &ws, &run->args->operands, WORKSPACE_NAMED) ||
        !report_open(&report, run, &ws))
        return OUTCOME_USAGE;
    report.answers = true;
    report.terse = true;
    for (struct obstacle *o = ws.obstacles; o; o = o->next)
        itsupc_add_failed(report.session, o->name, o->why, o->reason);
    struct names names = names_of(run, &ws);
    struct itsupc_text text = itsupc_convert(report.session, names.at, names.count, form);
    stream_put(&run->out, str_of_text(text));
    return report_close(&report, report_outcome(&report));
}

enum outcome cmd_import(struct run *run) {
    return convert(run, "itsup");
}

enum outcome cmd_convert(struct run *run) {
    const char *form = args_last(run->args, FLAG_TO);
    if (form)
        return convert(run, form);
    run_say(run, "convert wants a form: --to itsup, --to yaml or --to json");
    return OUTCOME_USAGE;
}
