/* help: the commands and flags, out of their tables, and the words of the language. */
#include "driver/args.h"
#include "driver/markdown.h"
#include "support/buf.h"
#include "support/nearest.h"

static void heading(struct stream *out, const char *text) {
    stream_text(out, "\n");
    stream_styled(out, STYLE_BOLD, str_of(text));
    stream_text(out, "\n");
}

/* "  left      right": two columns, or two lines where the left one is too long. */
static void row(struct stream *out, struct str left, const char *right, size_t width) {
    stream_text(out, "  ");
    stream_put(out, left);
    if (left.len > width) {
        stream_text(out, "\n  ");
        left.len = 0;
    }
    for (size_t i = left.len; i < width + 2; i++)
        stream_text(out, " ");
    stream_text(out, right);
    stream_text(out, "\n");
}

static void print_flags(struct run *run, uint64_t on, uint64_t except) {
    for (size_t i = 0; i < FLAG_COUNT; i++) {
        const struct flag *flag = &flags[i];
        if (!(flag->on & on) || (flag->on & except))
            continue;
        struct buf left = { .arena = run->arena };
        if (flag->letter)
            buf_format(&left, "-%c, ", flag->letter);
        else
            buf_text(&left, "    ");
        buf_format(&left, "--%s%s%s", flag->name, flag->argument ? " " : "",
                   flag->argument ? flag->argument : "");
        row(&run->out, buf_str(&left), flag->gist, 26);
    }
}

static void print_general(struct run *run) {
    struct stream *out = &run->out;
    stream_text(out, "itsupc compiles ingress descriptions into what Traefik and Docker Compose "
                     "run.\n");
    heading(out, "Usage");
    stream_text(out, "  itsupc COMMAND [FLAGS] [ARGUMENTS]\n");
    heading(out, "Commands");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (commands[i].shown)
            row(out, str_of(commands[i].verb), commands[i].gist, 10);
    heading(out, "Flags of every command");
    print_flags(run, EVERYWHERE, 0);
    heading(out, "Exit codes");
    stream_text(out, "  0 clean, 1 findings, 2 usage, 3 a failure to write, no memory or a bug\n\n"
                     "`itsupc help COMMAND` shows its flags and examples; `itsupc help WORD` "
                     "explains a setting,\nmiddleware, mode or type; `itsupc explain CODE` a "
                     "finding.\n");
}

static void print_examples(struct run *run, const char *examples) {
    for (struct str rest = str_of(examples); rest.len;) {
        size_t tab = str_find(rest, '\t'), end = str_find(rest, '\n');
        struct str gist = str_copy(run->arena, str_slice(rest, tab + 1, end));
        stream_text(&run->out, "  # ");
        stream_put(&run->out, gist);
        stream_text(&run->out, "\n  ");
        stream_put(&run->out, str_slice(rest, 0, tab));
        stream_text(&run->out, "\n");
        rest = str_from(rest, end + 1);
    }
}

static void print_command(struct run *run, const struct command *command) {
    struct stream *out = &run->out;
    stream_styled(out, STYLE_BOLD, str_format(run->arena, "itsupc %s", command->verb));
    stream_text(out, " - ");
    stream_text(out, command->gist);
    stream_text(out, "\n");
    heading(out, "Usage");
    struct str usage =
        str_format(run->arena, "itsupc %s [FLAGS] %s", command->verb, command->synopsis);
    stream_text(out, "  ");
    stream_put(out, str_trim(usage));
    stream_text(out, "\n");
    if (*command->details) {
        stream_text(out, "\n");
        stream_text(out, command->details);
        stream_text(out, "\n");
    }
    uint64_t own = command->takes & ~EVERYWHERE;
    heading(out, "Flags");
    print_flags(run, own, EVERYWHERE);
    print_flags(run, EVERYWHERE, 0);
    heading(out, "Examples");
    print_examples(run, command->examples);
}

/* A word of the language, after a command of the same name where there is one. */
static bool print_word(struct run *run, const char *word, bool also) {
    struct itsupc_options none = { 0 };
    struct itsupc *session = itsupc_new(&none);
    struct str text = str_of_text(itsupc_word_help(session, word));
    bool known = text.at != NULL;
    if (known && also)
        heading(&run->out, "In the language");
    if (known)
        markdown_print(&run->out, text);
    itsupc_free(session);
    return known;
}

static enum outcome print_topic(struct run *run, const char *topic) {
    const struct command *command = command_find(topic);
    if (command)
        print_command(run, command);
    if (print_word(run, topic, command != NULL) || command)
        return OUTCOME_CLEAN;
    struct nearest n = { .wanted = str_of(topic) };
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (commands[i].shown)
            nearest_offer(&n, str_of(commands[i].verb));
    run_say(run, "no command and no word of the language is called %s%s%.*s%s", topic,
            n.best.len ? "; did you mean " : "", STR_ARG(n.best), n.best.len ? "?" : "");
    return OUTCOME_USAGE;
}

static enum outcome print_reference(struct run *run) {
    struct itsupc_options none = { 0 };
    struct itsupc *session = itsupc_new(&none);
    stream_put(&run->out, str_of_text(itsupc_reference(session)));
    itsupc_free(session);
    return OUTCOME_CLEAN;
}

enum outcome cmd_help(struct run *run) {
    const struct args *args = run->args;
    const struct command *asked = args->command;
    if (args_given(args, FLAG_REFERENCE))
        return print_reference(run);
    if (asked && asked != &commands[COMMAND_help]) { /* --help of another command */
        print_command(run, asked);
        return OUTCOME_CLEAN;
    }
    if (asked && args->operands.count)
        return print_topic(run, args->operands.at[0]);
    if (asked && args_given(args, FLAG_HELP)) {
        print_command(run, asked);
        return OUTCOME_CLEAN;
    }
    print_general(run);
    return OUTCOME_CLEAN;
}
