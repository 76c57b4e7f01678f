/* expand: one instance of a template, or one for each line of JSON, for programs that start
   containers. */
#include "driver/asked.h"
#include "driver/fs.h"
#include "driver/report.h"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

struct expanding {
    struct run *run;
    struct names files; /* the file that the template is looked up in; else the workspace */
    const char *file, *name;
    struct itsupc_expansion how;
    bool json;
};

/* FILE.itsup:NAME, NAME, or - for lines that say it. */
static bool read_name(struct expanding *e, const char *word) {
    size_t colon = str_find_last(str_of(word), ':');
    if (strcmp(word, "-") == 0)
        return true;
    e->name = word;
    if (colon == STR_NONE)
        return true;
    const char *file = str_copy(e->run->arena, str_slice(str_of(word), 0, colon)).at;
    e->name = word + colon + 1;
    names_add(&e->files, e->run->arena, file);
    e->file = file;
    return true;
}

/* Each instance has a session of its own: what is wrong with one is not told of the next. */
static bool open_session(struct expanding *e, struct workspace *ws, struct report *report) {
    if (!workspace_find(e->run, ws, &e->files, WORKSPACE_PROGRAMS) ||
        !report_open(report, e->run, ws))
        return false;
    report->answers = report->terse = true;
    workspace_add(ws, report->session);
    return true;
}

/* The name that the workspace gives the one file it was made of. */
static const char *file_in(const struct expanding *e, const struct workspace *ws) {
    if (!e->file || !ws->programs || !ws->programs->files.count)
        return NULL;
    return ws->programs->files.at[0];
}

/* A call without arguments that is refused may have meant the lines that wait at its door; nobody
   waits for a terminal, or for a pipe that somebody forgot to close. */
static bool lines_wait(void) {
    struct stat info;
    struct pollfd in = { STDIN_FILENO, POLLIN, 0 };
    if (fstat(STDIN_FILENO, &info) != 0)
        return false;
    if (S_ISREG(info.st_mode))
        return info.st_size > 0;
    return (S_ISFIFO(info.st_mode) || S_ISSOCK(info.st_mode)) && poll(&in, 1, 100) > 0 &&
           (in.revents & POLLIN);
}

static enum outcome expand_one(struct expanding *e, bool bare, bool *lines) {
    struct workspace ws;
    struct report report;
    if (!open_session(e, &ws, &report))
        return OUTCOME_USAGE;
    e->how.file = file_in(e, &ws);
    struct itsupc_text text = itsupc_expand(report.session, &e->how);
    *lines = !text.at && bare && lines_wait();
    if (text.at || *lines) {
        stream_put(&e->run->out, str_of_text(text));
        itsupc_free(report.session);
        return OUTCOME_CLEAN;
    }
    return report_close(&report, OUTCOME_FINDINGS);
}

/* ---- lines ---- */

/* One line: an instance to print, or one that exists already. */
static enum outcome expand_line(struct expanding *e, struct str line, const char *origin,
                                size_t number) {
    struct workspace ws;
    struct report report;
    if (!open_session(e, &ws, &report))
        return OUTCOME_USAGE;
    struct itsupc_expansion how = e->how;
    how.file = file_in(e, &ws);
    how.arguments = NULL;
    how.line = (struct itsupc_text){ line.at, line.len };
    how.origin = origin;
    how.line_number = number;
    struct itsupc_text text = itsupc_expand(report.session, &how);
    if (text.at && !how.existing)
        stream_put(&e->run->out, str_of_text(text));
    else if (!text.at && e->json && !how.existing)
        stream_put(&e->run->out, str_of_text(itsupc_expand_error(report.session)));
    else if (!text.at)
        return report_close(&report, OUTCOME_FINDINGS);
    itsupc_free(report.session);
    return text.at ? OUTCOME_CLEAN : OUTCOME_FINDINGS;
}

static enum outcome expand_lines(struct expanding *e, struct str text, const char *origin) {
    enum outcome worst = OUTCOME_CLEAN;
    size_t number = 1;
    for (; text.len; number++) {
        size_t end = str_find(text, '\n');
        struct str line = str_trim(str_slice(text, 0, end));
        text = end == STR_NONE ? STR("") : str_from(text, end + 1);
        if (!line.len)
            continue;
        enum outcome outcome = expand_line(e, line, origin, number);
        if (outcome > worst)
            worst = outcome;
        if (outcome == OUTCOME_USAGE)
            break;
    }
    return worst;
}

/* ---- what exists already ---- */

/* The end of the object that a text begins with, its own text's length when it has none. */
static size_t object_end(struct str text) {
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '{' || c == '['))
            depth++;
        else if (!quoted && (c == '}' || c == ']') && --depth == 0)
            return i + 1;
    }
    return text.len;
}

/* Objects one behind the other, or in a list, on however many lines; what else stands there is told
   as a line. */
static enum outcome read_objects(struct expanding *e, struct str text, const char *origin) {
    enum outcome outcome = OUTCOME_CLEAN;
    size_t number = 1;
    for (size_t at = 0; at < text.len && outcome == OUTCOME_CLEAN;) {
        number += text.at[at] == '\n';
        if (strchr(" \t\r\n,[]", text.at[at])) {
            at++;
            continue;
        }
        struct str rest = str_from(text, at);
        size_t end = rest.at[0] == '{' ? object_end(rest) : str_find(rest, '\n');
        struct str one = str_slice(rest, 0, end);
        outcome = expand_line(e, str_trim(one), origin, number);
        for (size_t i = 0; i < one.len; i++)
            number += one.at[i] == '\n';
        at += one.len;
    }
    return outcome;
}

static enum outcome read_file(struct expanding *e, struct str text, const char *name) {
    struct workspace ws;
    struct report report;
    if (!open_session(e, &ws, &report))
        return OUTCOME_USAGE;
    if (!itsupc_known_file(report.session, e->how.known, name,
                           (struct itsupc_text){ text.at, text.len }))
        return report_close(&report, OUTCOME_FINDINGS);
    itsupc_free(report.session);
    return OUTCOME_CLEAN;
}

static enum outcome read_existing(struct expanding *e, struct str text, const char *name) {
    struct str content = str_starts(text, STR("\xef\xbb\xbf")) ? str_from(text, 3) : text;
    char first = str_trim(content).len ? str_trim(content).at[0] : '{';
    return first == '{' || first == '[' ? read_objects(e, content, name)
                                        : read_file(e, content, name);
}

/* ---- the command ---- */

static bool read_operands(struct expanding *e, bool *lines) {
    const struct names *operands = &e->run->args->operands;
    struct names arguments = { 0 };
    *lines = strcmp(operands->at[0], "-") == 0;
    if (!read_name(e, operands->at[0]))
        return false;
    for (size_t i = 1; i < operands->count; i++) {
        if (strcmp(operands->at[i], "-") == 0 && operands->count == 2) {
            *lines = true;
        } else if (!strchr(operands->at[i], '=')) {
            run_say(e->run, "\"%s\" is no argument: write NAME=VALUE", operands->at[i]);
            return false;
        } else {
            names_add(&arguments, e->run->arena, operands->at[i]);
        }
    }
    names_add(&arguments, e->run->arena, NULL);
    e->how.arguments = arguments.at;
    if (*lines && operands->count > 1 && arguments.count > 1) {
        run_say(e->run, "lines of standard input and arguments exclude each other");
        return false;
    }
    return true;
}

static enum outcome read_against(struct expanding *e) {
    const struct names *against = &e->run->args->values[FLAG_AGAINST];
    enum outcome worst = OUTCOME_CLEAN;
    e->how.existing = true;
    for (size_t i = 0; i < against->count && worst == OUTCOME_CLEAN; i++) {
        struct str text;
        worst = asked_read(e->run, against->at[i], &text);
        if (worst == OUTCOME_CLEAN)
            worst = read_existing(e, text, against->at[i]);
    }
    e->how.existing = false;
    return worst;
}

static enum outcome expand(struct expanding *e, bool lines) {
    struct run *run = e->run;
    struct str text = STR("");
    enum outcome outcome = read_against(e);
    if (outcome != OUTCOME_CLEAN)
        return outcome;
    if (!lines)
        outcome = expand_one(e, !e->how.arguments[0], &lines);
    if (!lines)
        return outcome;
    outcome = asked_read(run, "-", &text);
    if (outcome != OUTCOME_CLEAN)
        return outcome;
    return expand_lines(e, text, STDIN_NAME);
}

enum outcome cmd_expand(struct run *run) {
    const char *format = args_last(run->args, FLAG_SHAPE);
    struct expanding e = { .run = run };
    bool lines;
    e.how.format = format ? format : "labels";
    e.how.no_proxy = args_given(run->args, FLAG_NO_PROXY);
    e.json = strcmp(e.how.format, "json") == 0;
    if (!read_operands(&e, &lines))
        return OUTCOME_USAGE;
    e.how.name = e.name;
    e.how.known = itsupc_known_new();
    enum outcome outcome = expand(&e, lines);
    itsupc_known_free(e.how.known);
    return outcome;
}
