/* completion: a script that makes a shell complete our words. */
#include "driver/completion.h"
#include "support/buf.h"
#include "support/nearest.h"

const struct shell shells[] = {
#define SHELL(name) { #name, complete_##name },
#include "driver/shells.def"
#undef SHELL
    { NULL, NULL },
};

static void add(struct buf *list, struct str word) {
    if (list->len)
        buf_char(list, ' ');
    buf_add(list, word);
}

static void add_parted(struct buf *list, struct str words, char separator) {
    while (words.len) {
        size_t end = str_find(words, separator);
        add(list, str_slice(words, 0, end));
        words = end == STR_NONE ? STR("") : str_from(words, end + 1);
    }
}

/* The second column of what `words` prints, but matchers: no command asks about those. */
static void add_language(struct buf *list) {
    struct itsupc_options none = { 0 };
    struct itsupc *session = itsupc_new(&none);
    struct str rest = str_of_text(itsupc_words(session));
    while (rest.len) {
        size_t tab = str_find(rest, '\t'), end = str_find(rest, '\n');
        struct str class = str_slice(rest, 0, tab);
        if (!str_is(class, "matcher") && !str_is(class, "word"))
            add(list, str_slice(rest, tab + 1, end));
        rest = str_from(rest, end + 1);
    }
    itsupc_free(session);
}

struct str completion_values(struct run *run, enum arg_kind kind, const char *choices, bool lints) {
    struct buf list = { .arena = run->arena };
    switch (kind) {
    case ARG_CHOICE:
    case ARG_CHOICES: add_parted(&list, str_of(choices), '|'); break;
    case ARG_FORMAT:
        for (const char *const *f = itsupc_formats; *f; f++)
            add(&list, str_of(*f));
        break;
    case ARG_CODE:
    case ARG_CODES:
        for (const struct itsupc_code *c = itsupc_codes; c->code; c++)
            if (!lints || c->code[0] != 'E')
                add(&list, str_of(c->code));
        break;
    case ARG_TRAEFIK: add_parted(&list, STR("3.0 3.1 3.2 3.3 3.4 3.5 3.6 3.7 3.7.9"), ' '); break;
    case ARG_SHELL:
        for (const struct shell *s = shells; s->name; s++)
            add(&list, str_of(s->name));
        break;
    case ARG_TOPIC:
        for (size_t i = 0; i < COMMAND_COUNT; i++)
            if (commands[i].shown)
                add(&list, str_of(commands[i].verb));
        add_language(&list);
        break;
    case ARG_NONE:
    case ARG_PATH:
    case ARG_FOLDER:
    case ARG_TEXT:
    case ARG_URL:
    case ARG_NUMBER: break;
    }
    return buf_str(&list);
}

struct str completion_of_flag(struct run *run, const struct flag *flag) {
    bool lints = flag == &flags[FLAG_ALLOW];
    struct str values = completion_values(run, flag->kind, flag->choices, lints);
    return flag == &flags[FLAG_DENY] ? str_format(run->arena, "warnings %.*s", STR_ARG(values))
                                     : values;
}

void completion_quote(struct stream *out, const char *text, const char *special) {
    stream_text(out, "'");
    for (; *text; text++) {
        if (strchr(special, *text))
            stream_text(out, "\\");
        stream_put(out, *text == '\'' ? STR("’") : (struct str){ text, 1 });
    }
    stream_text(out, "'");
}

enum outcome cmd_completion(struct run *run) {
    const char *wanted = run->args->operands.at[0];
    struct nearest n = { .wanted = str_of(wanted) };
    for (const struct shell *s = shells; s->name; s++) {
        if (strcmp(s->name, wanted) == 0) {
            s->write(run);
            return OUTCOME_CLEAN;
        }
        nearest_offer(&n, str_of(s->name));
    }
    run_say(run, "no completion for %s%s%.*s%s", wanted, n.best.len ? "; did you mean " : "",
            STR_ARG(n.best), n.best.len ? "?" : "; there are bash, zsh and fish");
    return OUTCOME_USAGE;
}
