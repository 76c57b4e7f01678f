/* What every command is given: memory, the parsed command line, and the terminal. */
#pragma once

#include "driver/progress.h"
#include "itsupc.h"

/* The exit status of the whole program; a later stage may only make it worse. */
enum outcome {
    OUTCOME_CLEAN = 0,
    OUTCOME_FINDINGS = 1,
    OUTCOME_USAGE = 2,
    OUTCOME_FAILURE = 3, /* to write; no memory; internal */
};

struct stream {
    FILE *file;
    bool color;
    int failure;               /* errno of the first write that failed */
    struct progress *progress; /* its line makes way for what is written; may be NULL */
};

struct args;

struct run {
    struct arena *arena;
    struct args *args;
    struct stream out, err;
    struct progress progress;
};

void run_open(struct run *run); /* the streams, colourless until the command line is known */
/* Sets the colours of both streams: "auto", "always" or "never". */
void run_color(struct run *run, const char *when);
/* Shows how far the work is, where a person sees it. */
void run_progress(struct run *run);
/* Flushes and closes; a stream that could not be written makes the outcome a failure. */
enum outcome run_close(struct run *run, enum outcome outcome);
unsigned run_width(const struct run *run); /* columns of the terminal behind stderr, or 0 */

/* One line on standard error, "itsupc: …". What a terminal could take as a command is masked. */
void run_say(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

void stream_put(struct stream *s, struct str text);
void stream_text(struct stream *s, const char *text);
void stream_styled(struct stream *s, const char *style, struct str text); /* STYLE_…, if coloured */

#define STYLE_BOLD  "1"
#define STYLE_RED   "31"
#define STYLE_GREEN "32"
#define STYLE_CYAN  "36"

static inline struct str str_of_text(struct itsupc_text text) {
    return (struct str){ text.at, text.len };
}
