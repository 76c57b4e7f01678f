/* libyaml's complaints in plain sentences. Its words name its own grammar; ours name what to type.
 */
#include "lower/yaml_errors.h"

#include "lower/tree_build.h"

#include <string.h>

enum told_at { PROBLEM, CONTEXT };

struct row {
    const char *problem;
    enum told_at at;
    const char *message, *help, *context;
};

static const struct row rows[] = {
#define YAML_ERROR(problem, at, message, help, context) { problem, at, message, help, context },
#include "lower/yaml_errors.def"
#undef YAML_ERROR
};

enum { LONGEST_KEY = 1024 };

static size_t line_start(struct str text, size_t at) {
    while (at > 0 && text.at[at - 1] != '\n' && text.at[at - 1] != '\r')
        at--;
    return at;
}

static size_t line_stop(struct str text, size_t at) {
    while (at < text.len && text.at[at] != '\n' && text.at[at] != '\r')
        at++;
    return at;
}

/* One character, or the place itself at the end of a line or file. */
static struct span character_at(const struct source *source, size_t at) {
    struct str text = source->text;
    size_t to = at;
    if (at < text.len && text.at[at] != '\n' && text.at[at] != '\r')
        do
            to++;
        while (to < text.len && ((unsigned char)text.at[to] & 0xc0) == 0x80);
    return span_of(source, at, to);
}

/* A complaint at the end of the file is about the last line that holds something. */
static size_t pull_back(struct str text, size_t at) {
    if (at < text.len)
        return at;
    while (at > 0 && strchr(" \t\r\n", text.at[at - 1]))
        at--;
    return at;
}

static size_t characters(struct str text) {
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.at[i] & 0xc0) != 0x80;
    return count;
}

/* libyaml gives up a key that is no key after 1024 characters, and then stumbles over its `:`. */
static bool report_long_key(struct diags *diags, const struct source *source, struct yaml_trouble t,
                            size_t at) {
    struct str text = source->text;
    if (!strstr(t.problem, "':'") && !strstr(t.problem, "mapping values") &&
        !strstr(t.problem, "',' or"))
        return false;
    size_t from = line_start(text, at), to = line_stop(text, at), colon;
    if (to - from <= LONGEST_KEY)
        return false;
    for (colon = at; colon < to; colon++)
        if (text.at[colon] == ':' &&
            (colon + 1 == text.len || strchr(" \t\r\n", text.at[colon + 1])))
            break;
    if (colon == to)
        return false;
    while (from < colon && strchr(" -[{,\"'", text.at[from]))
        from++;
    if (characters(str_slice(text, from, colon)) <= LONGEST_KEY)
        return false;
    struct diag *d = diag_add(diags, DIAG_KEY_LONG, span_of(source, from, colon),
                              "a key of more than %d characters", (int)LONGEST_KEY);
    tree_refuse(diags, d, "shorten it, or write `? key` and `: value` on two lines");
    return true;
}

/* Blanks before the place, among them a tab? */
static bool tab_before(struct str text, size_t at, size_t *tab) {
    size_t from = line_start(text, at);
    for (size_t i = from; i < at; i++)
        if (text.at[i] != ' ' && text.at[i] != '\t')
            return false;
    while (from < text.len && text.at[from] == ' ')
        from++;
    *tab = from;
    return from < text.len && text.at[from] == '\t';
}

static bool report_tab(struct diags *diags, const struct source *source, size_t at) {
    struct str text = source->text;
    size_t tab;
    if (!tab_before(text, at, &tab)) {
        if (at >= text.len || text.at[at] != '\t')
            return false;
        tab = at;
    }
    size_t to = tab;
    while (to < text.len && text.at[to] == '\t')
        to++;
    struct diag *d = diag_add(diags, DIAG_YAML_TAB, span_of(source, tab, to),
                              "a tab as indentation, which YAML does not allow");
    tree_refuse(diags, d, "indent with spaces");
    return true;
}

static bool report_character(struct diags *diags, const struct source *source, size_t at) {
    struct span span = character_at(source, at);
    struct str c = str_slice(source->text, at, at + (span.end - span.start));
    struct diag *d =
        diag_add(diags, DIAG_YAML_SYNTAX, span, "a value may not begin with `%.*s`", STR_ARG(c));
    tree_refuse(diags, d, "put the value in quotes");
    return true;
}

static struct str line_around(struct str text, size_t at) {
    size_t from = at, to = at;
    while (from > 0 && text.at[from - 1] != '\n')
        from--;
    while (to < text.len && text.at[to] != '\n')
        to++;
    return str_slice(text, from, to);
}

/* Templates of Go, which fail as YAML where no one fills them in. */
static bool is_template(struct str text, size_t at, size_t context) {
    struct str braces = STR("{{");
    return str_find_str(line_around(text, at), braces) != STR_NONE ||
           str_find_str(line_around(text, context), braces) != STR_NONE;
}

void yaml_error_report(struct diags *diags, const struct source *source, struct yaml_trouble t) {
    size_t at = t.at > source->text.len ? source->text.len : t.at;
    size_t context = t.has_context ? t.context : at;
    if (report_long_key(diags, source, t, context < at ? context : at) ||
        report_tab(diags, source, at))
        return;
    if (strstr(t.problem, "cannot start any token")) {
        report_character(diags, source, at);
        return;
    }
    if (strstr(t.problem, "expected key") && at < source->text.len && source->text.at[at] == ':') {
        struct diag *d =
            diag_add(diags, DIAG_KEY_KIND, character_at(source, at), "a value without a key");
        tree_refuse(diags, d, "write a word before the `:`, or remove the line");
        return;
    }
    const struct row *row = NULL;
    for (size_t i = 0; i < sizeof rows / sizeof *rows && !row; i++)
        if (strncmp(t.problem, rows[i].problem, strlen(rows[i].problem)) == 0)
            row = &rows[i];
    if (!row) {
        struct diag *d = diag_add(diags, DIAG_YAML_SYNTAX, character_at(source, at),
                                  "this is no YAML: %s", t.problem);
        tree_refuse(diags, d, "quote the text if it is a value, or remove it");
        return;
    }
    bool template = is_template(source->text, at, context);
    at = pull_back(source->text, row->at == CONTEXT ? context : at);
    struct diag *d =
        diag_add(diags, DIAG_YAML_SYNTAX, character_at(source, at), "%s", row->message);
    tree_refuse(diags, d,
                template
                    ? "write what `{{…}}` stands for: Traefik fills in templates in files of the "
                      "file provider alone"
                    : row->help);
    if (row->context && t.has_context)
        diag_note_at(diags, d, character_at(source, context), "%s", row->context);
}
