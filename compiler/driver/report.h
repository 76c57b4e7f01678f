/* Findings on their way out: a session made after the flags, and what it found in every --format.
 */
#pragma once

#include "driver/args.h"
#include "driver/workspace.h"

struct report {
    struct run *run;
    struct itsupc *session;
    bool machine; /* a machine form was asked for, without a file */
    bool answers; /* standard output carries an answer: a machine form goes to standard error */
    bool lone;    /* … and a machine form is kept back, too, when nothing was found */
    bool terse;   /* the text form says nothing when nothing was found */
};

/* A session as the flags want it; NULL after telling which --env-file cannot be read. */
struct itsupc *report_session(struct run *run, struct workspace *ws, struct itsupc_loader loader);

/* False, after telling why, when the flags contradict each other. */
bool report_open(struct report *report, struct run *run, struct workspace *ws);

/* Is a report wanted that holds findings alone: any form but text, or JSON on the terminal, which
   commands give to their answer? */
bool report_is_asked(struct run *run);

/* After itsupc_check: the outcome, which no format can change. */
enum outcome report_outcome(const struct report *report);

/* Renders to the terminal and files, frees the session and gives `outcome`, or OUTCOME_FAILURE when
   a report could not be written. */
enum outcome report_close(struct report *report, enum outcome outcome);
