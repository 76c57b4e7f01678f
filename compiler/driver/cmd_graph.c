/* graph: who reaches what, drawn. */
#include "driver/asked.h"

enum outcome cmd_graph(struct run *run) {
    struct workspace ws;
    struct report report;
    const char *form = args_last(run->args, FLAG_GRAPH_FORMAT);
    enum outcome outcome = asked_open(run, &ws, &report);
    if (outcome != OUTCOME_CLEAN)
        return outcome;
    stream_put(&run->out, str_of_text(itsupc_graph(report.session, form ? form : "dot")));
    return asked_close(&report, OUTCOME_CLEAN);
}
