/* The completion of bash. It needs no helper of the package bash-completion, and bash 4. */
#include "driver/completion.h"

/* Readline replaces what stands behind the last break character, so what is before it is taken off
   the answers; `head` is the part of the word that stays as it is. */
static const char start[] =
    "# bash completion of itsupc, made by `itsupc completion bash`\n"
    "\n"
    "_itsupc() {\n"
    "    local line=${COMP_LINE:0:COMP_POINT} word whole verb='' flag='' head='' strip part\n"
    "    local kind='' words='' i\n"
    "    local -a parts\n"
    "    word=${line##*[[:blank:]]} whole=$word\n"
    "    strip=${word%\"${word##*[=:]}\"}\n"
    "    read -ra parts <<<\"${line%\"$word\"}\"\n"
    "    for part in \"${parts[@]:1}\"; do\n"
    "        if [[ -n $flag ]]; then\n"
    "            flag=''\n"
    "            continue\n"
    "        fi\n"
    "        case $part in\n"
    "        --*=*) ;;\n"
    "        ";

static const char middle[] = ") flag=$part ;;\n"
                             "        -*) ;;\n"
                             "        *) verb=${verb:-$part} ;;\n"
                             "        esac\n"
                             "    done\n"
                             "    if [[ -z $flag && $word == --*=* ]]; then\n"
                             "        flag=${word%%=*} head=${word%%=*}= word=${word#*=}\n"
                             "    fi\n"
                             "    if [[ -n $flag ]]; then\n"
                             "        case $flag in\n";

static const char end[] =
    "        esac\n"
    "    fi\n"
    "    case $kind in\n"
    "    format)\n"
    "        if [[ $word == *:* ]]; then\n"
    "            head+=${word%%:*}: word=${word#*:} kind=paths\n"
    "        fi\n"
    "        ;;\n"
    "    list)\n"
    "        if [[ $word == *,* ]]; then\n"
    "            head+=${word%,*}, word=${word##*,}\n"
    "        fi\n"
    "        ;;\n"
    "    esac\n"
    "    case $kind in\n"
    "    paths) mapfile -t COMPREPLY < <(compgen -f -- \"$word\") ;;\n"
    "    folders) mapfile -t COMPREPLY < <(compgen -d -- \"$word\") ;;\n"
    "    *) mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\") ;;\n"
    "    esac\n"
    "    [[ $kind != paths && $kind != folders ]] || compopt -o filenames 2>/dev/null\n"
    "    [[ $COMP_WORDBREAKS == *[=:]* ]] || strip=''\n"
    "    for i in \"${!COMPREPLY[@]}\"; do\n"
    "        part=$head${COMPREPLY[i]}\n"
    "        [[ $whole != \"$strip\"* ]] || part=${part#\"$strip\"}\n"
    "        COMPREPLY[i]=$part\n"
    "    done\n"
    "}\n"
    "complete -F _itsupc itsupc\n";

/* "--color|-C|--directory": a pattern that fits the flag in both spellings. */
static void pattern(struct stream *out, const struct flag *flag) {
    stream_text(out, "--");
    stream_text(out, flag->name);
    if (flag->letter) {
        char letter[] = { '|', '-', flag->letter, 0 };
        stream_text(out, letter);
    }
}

static void answer(struct stream *out, enum arg_kind kind, struct str values) {
    switch (kind) {
    case ARG_PATH: stream_text(out, "kind=paths"); return;
    case ARG_FOLDER: stream_text(out, "kind=folders"); return;
    case ARG_FORMAT: stream_text(out, "kind=format "); break;
    case ARG_CHOICES:
    case ARG_CODES: stream_text(out, "kind=list "); break;
    case ARG_NONE:
    case ARG_NUMBER:
    case ARG_TEXT:
    case ARG_URL:
    case ARG_CHOICE:
    case ARG_CODE:
    case ARG_TRAEFIK:
    case ARG_SHELL:
    case ARG_TOPIC: break;
    }
    stream_text(out, "words='");
    stream_put(out, values);
    stream_text(out, "'");
}

static const struct flag *namesake(const struct flag *from, const struct flag *to,
                                   const char *name) {
    for (const struct flag *f = from; f < to; f++)
        if (strcmp(f->name, name) == 0)
            return f;
    return NULL;
}

static void valued_flags(struct stream *out) {
    bool first = true;
    for (size_t i = 0; i < FLAG_COUNT; i++) {
        if (flags[i].kind == ARG_NONE || namesake(flags, &flags[i], flags[i].name))
            continue;
        stream_text(out, first ? "" : " | ");
        pattern(out, &flags[i]);
        first = false;
    }
}

static void flags_of(struct stream *out, const struct command *command) {
    stream_text(out, "words='");
    bool first = true;
    for (size_t i = 0; i < FLAG_COUNT; i++)
        if (command ? flag_is_on(&flags[i], command) : (flags[i].on & EVERYWHERE) != 0) {
            stream_text(out, first ? "--" : " --");
            stream_text(out, flags[i].name);
            first = false;
        }
    stream_text(out, "' ;;\n");
}

static void row(struct stream *out, const char *word) {
    stream_text(out, "        ");
    stream_text(out, word);
    stream_text(out, ") ");
}

static void verbs_of(struct stream *out, const struct flag *flag) {
    for (size_t i = 0, n = 0; i < COMMAND_COUNT; i++)
        if (flag_is_on(flag, &commands[i])) {
            stream_text(out, n++ ? "|" : "");
            stream_text(out, commands[i].verb);
        }
}

/* Several flags may share a name, each on commands of its own; the last is for all the others. */
static void flag_answer(struct run *run, const struct flag *flag) {
    struct stream *out = &run->out;
    const struct flag *all = flags + FLAG_COUNT, *next = namesake(flag + 1, all, flag->name);
    bool many = next != NULL;
    stream_text(out, many ? "case $verb in " : "");
    for (const struct flag *f = flag; f; f = next) {
        next = namesake(f + 1, all, f->name);
        if (next)
            verbs_of(out, f);
        else if (many)
            stream_text(out, "*");
        stream_text(out, many ? ") " : "");
        answer(out, f->kind, completion_of_flag(run, f));
        stream_text(out, many ? " ;; " : "");
    }
    stream_text(out, many ? "esac" : "");
}

void complete_bash(struct run *run) {
    struct stream *out = &run->out;
    stream_text(out, start);
    valued_flags(out);
    stream_text(out, middle);
    for (size_t i = 0; i < FLAG_COUNT; i++) {
        if (flags[i].kind == ARG_NONE || namesake(flags, &flags[i], flags[i].name))
            continue;
        stream_text(out, "        ");
        pattern(out, &flags[i]);
        stream_text(out, ") ");
        flag_answer(run, &flags[i]);
        stream_text(out, " ;;\n");
    }
    stream_text(out, "        esac\n    elif [[ $word == -* ]]; then\n        case $verb in\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (commands[i].shown) {
            row(out, commands[i].verb);
            flags_of(out, &commands[i]);
        }
    row(out, "*");
    flags_of(out, NULL);
    stream_text(out, "        esac\n    else\n        case $verb in\n        '') words='");
    for (size_t i = 0, n = 0; i < COMMAND_COUNT; i++)
        if (commands[i].shown) {
            stream_text(out, n++ ? " " : "");
            stream_text(out, commands[i].verb);
        }
    stream_text(out, "' ;;\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (commands[i].shown && commands[i].operand != ARG_NONE) {
            row(out, commands[i].verb);
            answer(out, commands[i].operand,
                   completion_values(run, commands[i].operand, NULL, false));
            stream_text(out, " ;;\n");
        }
    stream_text(out, end);
}
