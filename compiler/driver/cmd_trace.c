/* trace: which router of a workspace, or of an existing configuration, answers a request, and why.
 */
#include "driver/asked.h"

/* ---- one request, or many ---- */

static enum outcome answer_one(struct run *run, struct itsupc *session) {
    const struct args *args = run->args;
    const struct names *headers = &args->values[FLAG_HEADER];
    struct itsupc_request request = { .url = args->operands.at[0],
                                      .method = args_last(args, FLAG_METHOD),
                                      .host = args_last(args, FLAG_HOST),
                                      .sni = args_last(args, FLAG_SNI),
                                      .ip = args_last(args, FLAG_CLIENT),
                                      .entry_point = args_last(args, FLAG_ENTRYPOINT),
                                      .alpn = args_last(args, FLAG_ALPN),
                                      .headers = headers->at,
                                      .header_count = headers->count };
    enum itsupc_answer kind;
    struct itsupc_text text = itsupc_trace(session, &request, asked_json(run), &kind);
    if (kind == ITSUPC_NO_QUESTION && !asked_json(run)) {
        run_say(run, "%.*s", (int)(text.len ? text.len - 1 : 0), text.at);
        return OUTCOME_USAGE;
    }
    stream_put(&run->out, str_of_text(text));
    return kind == ITSUPC_ROUTED        ? OUTCOME_CLEAN
           : kind == ITSUPC_NO_QUESTION ? OUTCOME_USAGE
                                        : OUTCOME_FINDINGS;
}

static enum outcome answer_all(struct run *run, struct itsupc *session, const char *file) {
    struct str text;
    enum outcome outcome = asked_read(run, file, &text);
    if (outcome != OUTCOME_CLEAN)
        return outcome;
    while (text.len) {
        size_t end = str_find(text, '\n');
        struct str line = str_trim(str_slice(text, 0, end));
        text = end == STR_NONE ? STR("") : str_from(text, end + 1);
        if (!line.len)
            continue;
        enum itsupc_answer kind;
        struct itsupc_text one =
            itsupc_trace_line(session, (struct itsupc_text){ line.at, line.len }, &kind);
        stream_put(&run->out, str_of_text(one));
        if (kind == ITSUPC_NO_QUESTION)
            outcome = OUTCOME_FINDINGS;
    }
    return outcome;
}

static bool is_asked_well(struct run *run) {
    const struct args *args = run->args;
    bool many = args_given(args, FLAG_REQUESTS);
    if (many == (args->operands.count > 0)) {
        run_say(run, many ? "a URL and --requests exclude each other"
                          : "trace needs a URL, or --requests FILE");
        return false;
    }
    return true;
}

enum outcome cmd_trace(struct run *run) {
    struct workspace ws;
    struct report report;
    if (!is_asked_well(run))
        return OUTCOME_USAGE;
    enum outcome outcome = asked_open(run, &ws, &report);
    if (outcome != OUTCOME_CLEAN)
        return outcome;
    const char *requests = args_last(run->args, FLAG_REQUESTS);
    return asked_close(&report, requests ? answer_all(run, report.session, requests)
                                         : answer_one(run, report.session));
}
