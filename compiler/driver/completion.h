/* What shells are told about commands and flags, out of the tables of commands.def. */
#pragma once

#include "driver/args.h"

struct shell {
    const char *name;
    void (*write)(struct run *run);
};
extern const struct shell shells[]; /* ends with a NULL name */

#define SHELL(name) void complete_##name(struct run *run);
#include "driver/shells.def"
#undef SHELL

/* What an argument can be, parted by blanks; empty where anything may stand. */
struct str completion_values(struct run *run, enum arg_kind kind, const char *choices, bool lints);
struct str completion_of_flag(struct run *run, const struct flag *flag);
/* `text` between single quotes, with each of `special` behind a backslash first. A quote inside
   becomes an apostrophe: all texts here are ours. */
void completion_quote(struct stream *out, const char *text, const char *special);

static inline bool flag_is_on(const struct flag *flag, const struct command *command) {
    return (flag->on & command->takes) != 0;
}
