/* What a lint is: one question to the tables that Traefik would make of an existing configuration.
   Findings are proved: what is unknown stays silent. */
#pragma once

#include "analysis/proxy.h"
#include "source/diag.h"

struct lint {
    struct proxy *proxy;
    struct diags *diags;
    struct arena *arena;   /* as long as the lints run */
    struct arena *scratch; /* for one request at a time */
    bool is_folder;        /* the file provider is known to read a whole folder */
};

#define LINT(name) void lint_##name(struct lint *l);
#include "lint/lint.def"
#undef LINT

/* In the order of lint.def. */
void lint_run(struct lint *l);

/* Can both be containers of one system? Two compose files of one folder are often variants of each
   other, of which one alone is used. */
bool lint_together(const struct lint *l, struct span a, struct span b);
/* Does it hold a variable that Compose would put a value for? */
bool lint_is_open(struct str s);
