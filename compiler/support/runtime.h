/* The files of runtime/stack, embedded: the ready-made proxies. */
#pragma once

struct runtime_text {
    const char *name; /* "itsup-3.itsup" */
    const char *text;
};

/* One with a NULL name ends them. */
extern const struct runtime_text runtime_texts[];
