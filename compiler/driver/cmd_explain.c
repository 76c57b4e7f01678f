/* explain: the page of a diagnostic code, the list of all, or what a router is made of. */
#include "driver/asked.h"
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

/* A letter and digits, as all codes are; routers are called otherwise. */
static bool is_code(struct str word) {
    bool digits = word.len > 1 && word.len < 6 && char_is_alpha(word.at[0]);
    for (size_t i = 1; i < word.len && digits; i++)
        digits = char_is_digit(word.at[i]);
    return digits;
}

static enum outcome explain_router(struct run *run, const char *name) {
    struct workspace ws;
    struct report report;
    enum outcome outcome = asked_open(run, &ws, &report);
    if (outcome != OUTCOME_CLEAN)
        return outcome;
    bool found;
    struct str text = str_of_text(itsupc_explain(report.session, name, &found));
    if (found)
        stream_put(&run->out, text);
    else
        run_say(run, "no code and no router is called %s%s%.*s%s", name,
                text.len ? "; did you mean " : "", STR_ARG(text), text.len ? "?" : "");
    return asked_close(&report, found ? OUTCOME_CLEAN : OUTCOME_USAGE);
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
    if (!is_code(wanted) && !n.best.len)
        return explain_router(run, wanted.at);
    run_say(run, "no code %.*s%s%.*s%s", STR_ARG(wanted), n.best.len ? "; did you mean " : "",
            STR_ARG(n.best), n.best.len ? "?" : "; `itsupc explain` lists them");
    return OUTCOME_USAGE;
}
