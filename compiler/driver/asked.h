/* The configuration that a question is about: the workspace of the current folder, or the files
   that
   --static, --dynamic and --compose name. */
#pragma once

#include "driver/report.h"

/* CLEAN with everything loaded; what Traefik would not load is told. Otherwise the outcome of the
   whole command, which is told, too. */
enum outcome asked_open(struct run *run, struct workspace *ws, struct report *report);
/* What was found while it was loaded may make the outcome worse. */
enum outcome asked_close(struct report *report, enum outcome outcome);

/* The same for a folder: a workspace, or what one was built into. `called` takes the place of its
   name when it is another state of a folder of that name; else NULL. */
enum outcome asked_open_folder(struct run *run, const char *folder, const char *called,
                               struct workspace *ws, struct report *report);

bool asked_json(const struct run *run);
/* A file or, as "-", standard input. False after telling why it cannot be read. */
bool asked_read(struct run *run, const char *file, struct str *text);
