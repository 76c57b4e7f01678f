/* The program: one command, one outcome. The only place that sets the exit status. */
#include "driver/args.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static void out_of_memory(void) {
    static const char message[] = "itsupc: out of memory\n";
    (void)!write(STDERR_FILENO, message, sizeof message - 1);
    _exit(OUTCOME_FAILURE);
}

/* --help and --version stand for the commands of that name, wherever they are given. */
static const struct command *choose(struct args *args) {
    if (args_given(args, FLAG_VERSION))
        return &commands[COMMAND_version];
    if (args_given(args, FLAG_HELP) && args->command != &commands[COMMAND_help])
        return &commands[COMMAND_help];
    return args->command;
}

static enum outcome run_command(struct run *run, int count, char **words) {
    run_color(run, "auto");
    if (!args_parse(run, count, words, run->args))
        return OUTCOME_USAGE;
    const char *color = args_last(run->args, FLAG_COLOR);
    if (color)
        run_color(run, color);
    if (args_given(run->args, FLAG_VERBOSE))
        run_progress(run);
    const char *folder = args_last(run->args, FLAG_DIRECTORY);
    if (folder && chdir(folder) != 0) {
        run_say(run, "cannot enter %s: %s", folder, strerror(errno));
        return OUTCOME_USAGE;
    }
    return choose(run->args)->run(run);
}

int main(int count, char **words) {
    struct arena arena = { 0 };
    struct args args = { 0 };
    struct run run = { .arena = &arena, .args = &args };
    itsupc_on_exhausted(out_of_memory);
    run_open(&run);
    enum outcome outcome = run_close(&run, run_command(&run, count, words));
    arena_free(&arena);
    return (int)outcome;
}
