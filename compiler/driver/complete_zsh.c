/* The completion of zsh, as a file for $fpath; sourced it works as well. */
#include "driver/completion.h"

static const char start[] = "#compdef itsupc\n"
                            "# zsh completion of itsupc, made by `itsupc completion zsh`\n"
                            "\n"
                            "_itsupc_format() {\n"
                            "    if compset -P '*:'; then\n"
                            "        _files\n"
                            "    else\n"
                            "        local -a formats\n"
                            "        formats=(";

static const char end[] = "        esac\n"
                          "        ;;\n"
                          "    esac\n"
                          "}\n"
                          "\n"
                          "if [[ $funcstack[1] == _itsupc ]]; then\n"
                          "    _itsupc \"$@\"\n"
                          "else\n"
                          "    compdef _itsupc itsupc\n"
                          "fi\n";

/* What _arguments does with a value: ":name:action". */
static void action(struct stream *out, enum arg_kind kind, struct str values) {
    switch (kind) {
    case ARG_PATH: stream_text(out, "_files"); return;
    case ARG_FOLDER: stream_text(out, "_files -/"); return;
    case ARG_FORMAT: stream_text(out, "_itsupc_format"); return;
    case ARG_CODE:
    case ARG_CODES: stream_text(out, "_itsupc_codes"); return;
    case ARG_CHOICES:
        stream_text(out, "_values -s , word ");
        stream_put(out, values);
        return;
    case ARG_TEXT:
    case ARG_URL:
    case ARG_NUMBER: stream_text(out, " "); return;
    case ARG_NONE:
    case ARG_CHOICE:
    case ARG_TRAEFIK:
    case ARG_SHELL:
    case ARG_TOPIC: break;
    }
    stream_text(out, "(");
    stream_put(out, values);
    stream_text(out, ")");
}

/* '(-q --quiet)'{-q,--quiet}'[gist]': one row for both spellings; '*' where it may repeat. */
static void flag_row(struct run *run, const struct flag *flag) {
    struct stream *out = &run->out;
    bool repeats = strstr(flag->gist, "(repeatable)") != NULL;
    stream_text(out, "            ");
    if (flag->letter) {
        struct str row = str_format(run->arena, "'%s-%c --%s%s'{-%c,--%s%s}", repeats ? "*" : "(",
                                    flag->letter, flag->name, repeats ? "" : ")", flag->letter,
                                    flag->name, flag->kind == ARG_NONE ? "" : "=");
        stream_put(out, row);
        stream_text(out, "'[");
    } else {
        struct str row = str_format(run->arena, "'%s--%s%s[", repeats ? "*" : "", flag->name,
                                    flag->kind == ARG_NONE ? "" : "=");
        stream_put(out, row);
    }
    for (const char *c = flag->gist; *c; c++) {
        if (strchr("[]:\\", *c))
            stream_text(out, "\\");
        stream_put(out, *c == '\'' ? STR("’") : (struct str){ c, 1 });
    }
    stream_text(out, "]");
    if (flag->kind != ARG_NONE) {
        struct str name = str_format(run->arena, ":%s:", flag->name);
        stream_put(out, name);
        action(out, flag->kind, completion_of_flag(run, flag));
    }
    stream_text(out, "'\n");
}

static void described(struct stream *out, const char *word, const char *gist) {
    stream_text(out, "            '");
    stream_text(out, word);
    stream_text(out, ":");
    for (const char *c = gist; *c; c++)
        stream_put(out, *c == '\'' ? STR("’") : (struct str){ c, 1 });
    stream_text(out, "'\n");
}

static void command_row(struct run *run, const struct command *command) {
    struct stream *out = &run->out;
    stream_text(out, "        ");
    stream_text(out, command->verb);
    stream_text(out, ")\n            _arguments -s -S $everywhere");
    stream_text(out, " \\\n            $own_");
    stream_text(out, command->verb);
    if (command->operand != ARG_NONE) {
        stream_text(out, command->most > 1 ? " \\\n            '*:argument:"
                                           : " \\\n            '1:argument:");
        action(out, command->operand, completion_values(run, command->operand, NULL, false));
        stream_text(out, "'");
    }
    stream_text(out, "\n            ;;\n");
}

void complete_zsh(struct run *run) {
    struct stream *out = &run->out;
    stream_text(out, start);
    stream_put(out, completion_values(run, ARG_FORMAT, NULL, false));
    stream_text(out, ")\n        compadd -a formats\n    fi\n}\n\n"
                     "_itsupc_codes() {\n    local -a codes\n    compset -P '*,'\n    codes=(\n");
    described(out, "warnings", "every warning");
    for (const struct itsupc_code *c = itsupc_codes; c->code; c++)
        described(out, c->code, c->gist);
    stream_text(out, "    )\n    _describe code codes\n}\n\n"
                     "_itsupc() {\n"
                     "    local curcontext=$curcontext state line\n"
                     "    typeset -A opt_args\n"
                     "    local -a everywhere verbs\n"
                     "    everywhere=(\n");
    for (size_t i = 0; i < FLAG_COUNT; i++)
        if (flags[i].on & EVERYWHERE)
            flag_row(run, &flags[i]);
    stream_text(out, "    )\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (!commands[i].shown)
            continue;
        stream_text(out, "    local -a own_");
        stream_text(out, commands[i].verb);
        stream_text(out, "\n    own_");
        stream_text(out, commands[i].verb);
        stream_text(out, "=(\n");
        for (size_t n = 0; n < FLAG_COUNT; n++)
            if (flag_is_on(&flags[n], &commands[i]) && !(flags[n].on & EVERYWHERE))
                flag_row(run, &flags[n]);
        stream_text(out, "    )\n");
    }
    stream_text(out, "    verbs=(\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (commands[i].shown)
            described(out, commands[i].verb, commands[i].gist);
    stream_text(out, "    )\n"
                     "    _arguments -C -s -S $everywhere '1:command:->command' "
                     "'*::argument:->argument'\n"
                     "    case $state in\n"
                     "    command) _describe command verbs ;;\n"
                     "    argument)\n"
                     "        case $words[1] in\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (commands[i].shown)
            command_row(run, &commands[i]);
    stream_text(out, end);
}
