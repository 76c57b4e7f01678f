#include "lower/go_template.h"

#include <stdlib.h>

static const char *const words[] = {
#define TEMPLATE_WORD(name) name,
#include "lower/template_words.def"
#undef TEMPLATE_WORD
};

static bool is_known(struct str word) {
    size_t from = 0, to = sizeof words / sizeof *words;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = str_cmp(word, str_of(words[middle]));
        if (order == 0)
            return true;
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return false;
}

/* Behind a quoted text, or where it never ends. */
static size_t skip_quoted(struct str s, size_t at) {
    char quote = s.at[at++];
    while (at < s.len && s.at[at] != quote && (quote == '`' || s.at[at] != '\n'))
        at += s.at[at] == '\\' && quote != '`' ? 2 : 1;
    return at + 1;
}

struct action {
    size_t end;       /* behind its braces; STR_NONE when they are never closed */
    struct str wrong; /* a word that is no function; empty when all are */
};

/* `at` stands behind the opening braces. */
static struct action read_action(struct str s, size_t at) {
    struct action a = { STR_NONE, { 0 } };
    if (str_starts(str_from(s, at), STR("/*")) || str_starts(str_from(s, at), STR("- /*"))) {
        size_t close = str_find_str(str_from(s, at), STR("*/"));
        at = close == STR_NONE ? s.len : at + close + 2;
    }
    while (at < s.len) {
        char c = s.at[at];
        if (c == '}' && at + 1 < s.len && s.at[at + 1] == '}') {
            a.end = at + 2;
            return a;
        }
        if (c == '"' || c == '`' || c == '\'') {
            at = skip_quoted(s, at);
        } else if (char_is_alpha(c) || c == '_') {
            size_t from = at;
            bool field = from && (s.at[from - 1] == '.' || s.at[from - 1] == '$');
            while (at < s.len && (char_is_alnum(s.at[at]) || s.at[at] == '_'))
                at++;
            struct str word = str_slice(s, from, at);
            if (!field && !a.wrong.len && !is_known(word))
                a.wrong = word;
        } else if (char_is_digit(c)) {
            while (at < s.len && (char_is_alnum(s.at[at]) || s.at[at] == '.' || s.at[at] == '_'))
                at++;
        } else {
            at++;
        }
    }
    return a;
}

void go_template_check(struct diags *diags, struct source *source) {
    struct str s = source->text;
    for (size_t at = 0; at < s.len;) {
        size_t open = str_find_str(str_from(s, at), STR("{{"));
        if (open == STR_NONE)
            return;
        open += at;
        struct action a = read_action(s, open + 2);
        at = a.end;
        if (a.end != STR_NONE && !a.wrong.len)
            continue;
        struct diag *d =
            a.end == STR_NONE
                ? diag_add(diags, DIAG_TEMPLATE_BRACES, span_of(source, open, open + 2),
                           "these braces begin a template, and nothing closes it")
                : diag_add(diags, DIAG_TEMPLATE_BRACES, span_of(source, open, a.end),
                           "these braces are a template, which has no function `%.*s`",
                           STR_ARG(a.wrong));
        diag_effect(diags, d, "Traefik refuses the whole file, in a directory all files of it");
        diag_help(diags, d, "write {{ `{{` }} for two braces, in comments, too");
        if (a.end == STR_NONE)
            return;
    }
}
