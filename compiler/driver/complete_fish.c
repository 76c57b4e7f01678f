/* The completion of fish: one `complete` line a command, flag and argument. */
#include "driver/completion.h"

/* The commands that have the flag, as fish's condition; nothing for a flag of every command. */
static void condition(struct stream *out, const struct flag *flag) {
    if (flag->on & EVERYWHERE)
        return;
    stream_text(out, " -n '__fish_seen_subcommand_from");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (commands[i].shown && flag_is_on(flag, &commands[i])) {
            stream_text(out, " ");
            stream_text(out, commands[i].verb);
        }
    stream_text(out, "'");
}

static void values(struct stream *out, enum arg_kind kind, struct str words) {
    switch (kind) {
    case ARG_NONE: return;
    case ARG_PATH: stream_text(out, " -r -F"); return;
    case ARG_FOLDER: stream_text(out, " -x -a '(__fish_complete_directories)'"); return;
    case ARG_CHOICES:
    case ARG_CODES:
        stream_text(out, " -x -a '(__fish_append , ");
        stream_put(out, words);
        stream_text(out, ")'");
        return;
    case ARG_TEXT:
    case ARG_URL:
    case ARG_NUMBER: stream_text(out, " -x"); return;
    case ARG_CHOICE:
    case ARG_FORMAT:
    case ARG_CODE:
    case ARG_TRAEFIK:
    case ARG_SHELL:
    case ARG_TOPIC: break;
    }
    stream_text(out, " -x -a '");
    stream_put(out, words);
    stream_text(out, "'");
}

static void flag_line(struct run *run, const struct flag *flag) {
    struct stream *out = &run->out;
    stream_text(out, "complete -c itsupc");
    condition(out, flag);
    if (flag->letter) {
        char letter[] = { ' ', '-', 's', ' ', flag->letter, 0 };
        stream_text(out, letter);
    }
    stream_text(out, " -l ");
    stream_text(out, flag->name);
    values(out, flag->kind, completion_of_flag(run, flag));
    stream_text(out, " -d ");
    completion_quote(out, flag->gist, "\\");
    stream_text(out, "\n");
}

static void operand_line(struct run *run, const struct command *command) {
    struct stream *out = &run->out;
    stream_text(out, "complete -c itsupc -n '__fish_seen_subcommand_from ");
    stream_text(out, command->verb);
    if (command->operand == ARG_PATH) {
        stream_text(out, "' -F\n");
        return;
    }
    stream_text(out, "' -a '");
    stream_put(out, completion_values(run, command->operand, NULL, false));
    stream_text(out, "'\n");
}

void complete_fish(struct run *run) {
    struct stream *out = &run->out;
    stream_text(out, "# fish completion of itsupc, made by `itsupc completion fish`\n\n"
                     "complete -c itsupc -f\n"
                     "function __itsupc_no_command\n"
                     "    not __fish_seen_subcommand_from");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (commands[i].shown) {
            stream_text(out, " ");
            stream_text(out, commands[i].verb);
        }
    stream_text(out, "\nend\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (!commands[i].shown)
            continue;
        stream_text(out, "complete -c itsupc -n __itsupc_no_command -a ");
        stream_text(out, commands[i].verb);
        stream_text(out, " -d ");
        completion_quote(out, commands[i].gist, "\\");
        stream_text(out, "\n");
    }
    for (size_t i = 0; i < FLAG_COUNT; i++)
        flag_line(run, &flags[i]);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (commands[i].shown && commands[i].operand != ARG_NONE)
            operand_line(run, &commands[i]);
}
