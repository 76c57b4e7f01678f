/* The command line: words → command, flags and operands, after the tables of commands.def. */
#pragma once

#include "driver/names.h"
#include "driver/run.h"

enum arg_kind {
    ARG_NONE,
    ARG_PATH, /* of a file or folder */
    ARG_FOLDER,
    ARG_NUMBER,
    ARG_CHOICE,  /* one of the row's choices */
    ARG_CHOICES, /* several of them, parted by commas */
    ARG_FORMAT,
    ARG_CODE,
    ARG_CODES, /* or "warnings", parted by commas */
    ARG_TRAEFIK,
    ARG_SHELL,
    ARG_TEXT,
    ARG_URL,
    ARG_TOPIC, /* a command or a word of the language */
};

enum command_id {
#define COMMAND(verb, ...) COMMAND_##verb,
#include "driver/commands.def"
    COMMAND_COUNT,
};

enum flag_id {
#define FLAG(id, ...) FLAG_##id,
#include "driver/commands.def"
    FLAG_COUNT,
};

struct command {
    const char *verb;
    bool shown;
    uint64_t takes; /* a flag belongs to it when its `on` has one of these bits */
    enum arg_kind operand;
    size_t least, most; /* operands */
    const char *synopsis, *gist, *details, *examples;
    enum outcome (*run)(struct run *);
};

struct flag {
    const char *name;
    char letter; /* 0: none */
    enum arg_kind kind;
    const char *argument, *choices;
    uint64_t on; /* groups and commands; see below */
    const char *gist;
};

/* One file each: cmd_VERB.c. */
#define COMMAND(verb, ...) enum outcome cmd_##verb(struct run *run);
#include "driver/commands.def"

/* Bits of `takes` and `on`: groups first, then one bit a command. */
#define EVERYWHERE ((uint64_t)1)
#define FINDINGS   ((uint64_t)2)
#define ON(verb)   ((uint64_t)4 << COMMAND_##verb)

extern const struct command commands[COMMAND_COUNT];
extern const struct flag flags[FLAG_COUNT];

struct args {
    const struct command *command;
    struct names values[FLAG_COUNT]; /* of a flag without argument: its own name, each time */
    struct names operands;
};

/* False after telling what is wrong. The last of a repeated flag comes last in its list. */
bool args_parse(struct run *run, int count, char **words, struct args *args);

bool args_given(const struct args *args, enum flag_id flag);
const char *args_last(const struct args *args, enum flag_id flag); /* NULL when not given */

const struct command *command_find(const char *verb);
