/* explain: the page of a diagnostic code, or the list of all. */
#include "driver/args.h"
#include "driver/markdown.h"
#include "support/nearest.h"

static void list_codes(struct stream *out) {
    for (const struct itsupc_code *c = itsupc_codes; c->code; c++) {
        stream_styled(out, STYLE_BOLD, str_of(c->code));
        stream_text(out, strlen(c->code) < sizeof "E000" ? "   " : "  ");
        stream_text(out, c->level);
        for (size_t pad = strlen(c->level); pad < sizeof "warning"; pad++)
            stream_text(out, " ");
        stream_text(out, " ");
        stream_text(out, c->gist);
        stream_text(out, "\n");
    }
}

enum outcome cmd_explain(struct run *run) {
    if (run->args->operands.count == 0) {
        list_codes(&run->out);
        return OUTCOME_CLEAN;
    }
    struct str wanted = str_of(run->args->operands.at[0]);
    struct nearest n = { .wanted = wanted };
    for (const struct itsupc_code *c = itsupc_codes; c->code; c++) {
        if (str_eq_nocase(wanted, str_of(c->code))) {
            markdown_print(&run->out, str_of(itsupc_page(c->code)));
            return OUTCOME_CLEAN;
        }
        nearest_offer(&n, str_of(c->code));
    }
    run_say(run, "no code %.*s%s%.*s%s", STR_ARG(wanted), n.best.len ? "; did you mean " : "",
            STR_ARG(n.best), n.best.len ? "?" : "; `itsupc explain` lists them");
    return OUTCOME_USAGE;
}
