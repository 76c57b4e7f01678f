/* The command line: words → command, flags and operands, after the tables of commands.def. */
#include "driver/args.h"

#include "support/nearest.h"

enum { HIDDEN = false, SHOWN = true };
#define MANY SIZE_MAX

const struct command commands[COMMAND_COUNT] = {
#define COMMAND(verb, shown, takes, operand, least, most, synopsis, gist, details, examples)       \
    { #verb,    shown, takes | ON(verb), operand,  least,     most,                                \
      synopsis, gist,  details,          examples, cmd_##verb },
#include "driver/commands.def"
};

const struct flag flags[FLAG_COUNT] = {
#define FLAG(id, long, letter, kind, argument, choices, on, gist)                                  \
    { long, letter, kind, argument, choices, on, gist },
#include "driver/commands.def"
};

struct parser {
    struct run *run;
    struct args *args;
    char **words;
    int count, next;
};

bool args_given(const struct args *args, enum flag_id flag) {
    return args->values[flag].count > 0;
}

const char *args_last(const struct args *args, enum flag_id flag) {
    const struct names *values = &args->values[flag];
    return values->count ? values->at[values->count - 1] : NULL;
}

const struct command *command_find(const char *verb) {
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i].verb, verb) == 0)
            return &commands[i];
    return NULL;
}

/* ---- finding rows: of this command first, else of any (to read past a flag, or to say whose it
 * is) */

static bool is_on(const struct flag *flag, const struct command *command) {
    return (flag->on & command->takes) != 0;
}

static const struct flag *long_find(struct str name, const struct command *command) {
    for (size_t i = 0; i < FLAG_COUNT; i++)
        if (str_is(name, flags[i].name) && (!command || is_on(&flags[i], command)))
            return &flags[i];
    return NULL;
}

static const struct flag *letter_find(char letter, const struct command *command) {
    for (size_t i = 0; i < FLAG_COUNT; i++)
        if (flags[i].letter == letter && (!command || is_on(&flags[i], command)))
            return &flags[i];
    return NULL;
}

/* ---- messages ---- */

/* " (did you mean X?)", or nothing. */
static const char *suggestion(struct run *run, const struct nearest *n, const char *prefix) {
    if (n->best.len == 0)
        return "";
    return str_format(run->arena, "; did you mean %s%.*s?", prefix, STR_ARG(n->best)).at;
}

static bool refuse_command(struct run *run, const char *verb) {
    struct nearest n = { .wanted = str_of(verb) };
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (commands[i].shown)
            nearest_offer(&n, str_of(commands[i].verb));
    run_say(run, "unknown command %s%s", verb, suggestion(run, &n, ""));
    run_say(run, "`itsupc help` lists the commands");
    return false;
}

static bool refuse_long(struct parser *p, struct str name) {
    const struct command *command = p->args->command;
    const struct flag *other = long_find(name, NULL);
    if (other && command) {
        run_say(p->run, "%s has no flag --%.*s", command->verb, STR_ARG(name));
    } else {
        struct nearest n = { .wanted = name };
        for (size_t i = 0; i < FLAG_COUNT; i++)
            if (!command || is_on(&flags[i], command))
                nearest_offer(&n, str_of(flags[i].name));
        run_say(p->run, "unknown flag --%.*s%s", STR_ARG(name), suggestion(p->run, &n, "--"));
    }
    run_say(p->run, "`itsupc help%s%s` lists the flags", command ? " " : "",
            command ? command->verb : "");
    return false;
}

static bool refuse_letter(struct parser *p, const char *letter) {
    const struct command *command = p->args->command;
    run_say(p->run, "unknown flag -%.*s", (int)strcspn(letter, " "), letter);
    run_say(p->run, "`itsupc help%s%s` lists the flags", command ? " " : "",
            command ? command->verb : "");
    return false;
}

/* ---- values ---- */

static bool check_choice(struct run *run, const struct flag *flag, struct str value) {
    struct nearest n = { .wanted = value };
    for (struct str rest = str_of(flag->choices); rest.len;) {
        size_t end = str_find(rest, '|');
        struct str choice = str_slice(rest, 0, end);
        if (str_eq(choice, value))
            return true;
        nearest_offer(&n, choice);
        rest = end == STR_NONE ? STR("") : str_from(rest, end + 1);
    }
    run_say(run, "--%s does not take \"%.*s\"%s%s", flag->name, STR_ARG(value),
            n.best.len ? suggestion(run, &n, "") : "; it takes ", n.best.len ? "" : flag->choices);
    return false;
}

static bool check_choices(struct run *run, const struct flag *flag, struct str value) {
    for (;;) {
        size_t comma = str_find(value, ',');
        if (!check_choice(run, flag, str_slice(value, 0, comma)))
            return false;
        if (comma == STR_NONE)
            return true;
        value = str_from(value, comma + 1);
    }
}

static bool check_format(struct run *run, struct str value) {
    size_t colon = str_find(value, ':');
    struct str name = str_slice(value, 0, colon);
    struct nearest n = { .wanted = name };
    struct str known = STR("");
    for (const char *const *f = itsupc_formats; *f; f++) {
        if (str_is(name, *f)) {
            if (colon != STR_NONE && colon + 1 == value.len) {
                run_say(run, "--format %.*s names no file", STR_ARG(value));
                return false;
            }
            return true;
        }
        nearest_offer(&n, str_of(*f));
        known = str_format(run->arena, "%.*s%s%s", STR_ARG(known), known.len ? ", " : "", *f);
    }
    run_say(run, "unknown format \"%.*s\"%s", STR_ARG(name),
            n.best.len ? suggestion(run, &n, "")
                       : str_format(run->arena, "; there are %.*s", STR_ARG(known)).at);
    return false;
}

/* Only lints can be dropped: a file with a syntax, type or reference error has no meaning. */
static bool check_code(struct run *run, const struct flag *flag, struct str code) {
    if (flag == &flags[FLAG_DENY] && str_is(code, "warnings"))
        return true;
    struct nearest n = { .wanted = code };
    for (const struct itsupc_code *c = itsupc_codes; c->code; c++) {
        if (str_is(code, c->code)) {
            if (flag == &flags[FLAG_ALLOW] && code.at[0] == 'E') {
                run_say(run, "%.*s cannot be allowed: only lints (R, C, X) can", STR_ARG(code));
                return false;
            }
            return true;
        }
        nearest_offer(&n, str_of(c->code));
    }
    run_say(run, "--%s names no code: \"%.*s\"%s", flag->name, STR_ARG(code),
            n.best.len ? suggestion(run, &n, "") : "; `itsupc explain` lists them");
    return false;
}

static bool check_codes(struct run *run, const struct flag *flag, struct str value) {
    for (;;) {
        size_t comma = str_find(value, ',');
        if (!check_code(run, flag, str_slice(value, 0, comma)))
            return false;
        if (comma == STR_NONE)
            return true;
        value = str_from(value, comma + 1);
    }
}

/* 3.0 to 3.7.9: the versions whose options the tables hold. */
static bool check_traefik(struct run *run, struct str value) {
    uint64_t minor = 0, patch = 0;
    struct str rest = str_starts(value, STR("v")) ? str_from(value, 1) : value;
    bool reads = str_starts(rest, STR("3."));
    rest = str_from(rest, 2);
    size_t dot = str_find(rest, '.');
    reads = reads && str_to_uint(str_slice(rest, 0, dot), 7, &minor);
    if (dot != STR_NONE)
        reads = reads && str_to_uint(str_from(rest, dot + 1), minor == 7 ? 9 : 999, &patch);
    if (!reads)
        run_say(run, "--traefik takes a version from 3.0 to 3.7.9, not \"%.*s\"", STR_ARG(value));
    return reads;
}

static bool check_number(struct run *run, const struct flag *flag, struct str value) {
    uint64_t number;
    if (str_to_uint(value, 4096, &number) && number > 0)
        return true;
    run_say(run, "--%s takes a number from 1 to 4096, not \"%.*s\"", flag->name, STR_ARG(value));
    return false;
}

static bool check_value(struct run *run, const struct flag *flag, struct str value) {
    switch (flag->kind) {
    case ARG_CHOICE: return check_choice(run, flag, value);
    case ARG_CHOICES: return check_choices(run, flag, value);
    case ARG_FORMAT: return check_format(run, value);
    case ARG_CODE:
    case ARG_CODES: return check_codes(run, flag, value);
    case ARG_TRAEFIK: return check_traefik(run, value);
    case ARG_NUMBER: return check_number(run, flag, value);
    case ARG_NONE:
    case ARG_PATH:
    case ARG_FOLDER:
    case ARG_SHELL:
    case ARG_TEXT:
    case ARG_URL:
    case ARG_TOPIC: return true;
    }
    return true;
}

/* ---- parsing ---- */

/* `value` is what stood behind "=" or the letter, or NULL: then the next word is it. */
static bool take(struct parser *p, const struct flag *flag, const char *value) {
    struct names *values = &p->args->values[flag - flags];
    if (flag->kind == ARG_NONE) {
        names_add(values, p->run->arena, flag->name);
        return true;
    }
    if (!value) {
        if (p->next >= p->count) {
            run_say(p->run, "--%s needs a value: --%s %s", flag->name, flag->name, flag->argument);
            return false;
        }
        value = p->words[p->next++];
    }
    if (!check_value(p->run, flag, str_of(value)))
        return false;
    names_add(values, p->run->arena, value);
    return true;
}

static bool parse_long(struct parser *p, const char *word) {
    struct str name = str_of(word + 2);
    size_t equals = str_find(name, '=');
    const char *value = equals == STR_NONE ? NULL : name.at + equals + 1;
    name = str_slice(name, 0, equals);
    const struct flag *flag = long_find(name, p->args->command);
    if (!flag)
        return refuse_long(p, name);
    if (value && flag->kind == ARG_NONE) {
        run_say(p->run, "--%s takes no value", flag->name);
        return false;
    }
    return take(p, flag, value);
}

/* "-qj4" is "-q -j 4". */
static bool parse_letters(struct parser *p, const char *word) {
    for (const char *letter = word + 1; *letter; letter++) {
        const struct flag *flag = letter_find(*letter, p->args->command);
        if (!flag)
            return refuse_letter(p, letter);
        bool valued = flag->kind != ARG_NONE;
        if (!take(p, flag, valued && letter[1] ? letter + 1 : NULL))
            return false;
        if (valued)
            break;
    }
    return true;
}

static bool is_flag(const char *word) {
    return word[0] == '-' && word[1];
}

/* Whether the flag `word` takes the word after it; the command, which decides what flags there
   are, may come later. */
static bool eats_next(const char *word) {
    if (word[1] == '-') {
        const struct flag *flag = strchr(word, '=') ? NULL : long_find(str_of(word + 2), NULL);
        return flag && flag->kind != ARG_NONE;
    }
    for (const char *letter = word + 1; *letter; letter++) {
        const struct flag *flag = letter_find(*letter, NULL);
        if (flag && flag->kind != ARG_NONE)
            return !letter[1];
    }
    return false;
}

static int verb_at(int count, char **words) {
    for (int i = 1; i < count; i++) {
        if (!is_flag(words[i]))
            return i;
        if (strcmp(words[i], "--") == 0)
            return i + 1;
        if (eats_next(words[i]))
            i++;
    }
    return count;
}

static bool check_operands(struct run *run, const struct args *args) {
    const struct command *command = args->command;
    size_t count = args->operands.count;
    if (count > command->most)
        run_say(run, "%s does not take \"%s\"", command->verb, args->operands.at[command->most]);
    else if (count < command->least)
        run_say(run, "%s needs %s", command->verb, command->synopsis);
    else
        return true;
    run_say(run, "`itsupc help %s` shows how it is used", command->verb);
    return false;
}

bool args_parse(struct run *run, int count, char **words, struct args *args) {
    struct parser p = { run, args, words, count, 1 };
    int verb = verb_at(count, words);
    if (verb < count) {
        args->command = command_find(words[verb]);
        if (!args->command)
            return refuse_command(run, words[verb]);
    }
    bool ended = false;
    while (p.next < count) {
        const char *word = words[p.next++];
        if (p.next - 1 == verb)
            continue;
        if (ended || !is_flag(word))
            names_add(&args->operands, run->arena, word);
        else if (strcmp(word, "--") == 0)
            ended = true;
        else if (word[1] == '-' ? !parse_long(&p, word) : !parse_letters(&p, word))
            return false;
    }
    if (args_given(args, FLAG_HELP) || args_given(args, FLAG_VERSION))
        return true;
    if (!args->command) {
        run_say(run, "no command; `itsupc help` lists them");
        return false;
    }
    return check_operands(run, args);
}
