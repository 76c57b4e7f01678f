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
    const struct proxy_container *containers;
    const struct untyped *flags; /* of Traefik's own command; NULL when there are none */
    bool is_folder;              /* the file provider is known to read a whole folder */
    bool is_ours;                /* a workspace: what its own checks tell is left to them */
    bool faultless; /* nothing was found wrong before the lints: what they see is all there is */
    size_t asked, asked_most;       /* what trying rules may cost, so that all input ends in time */
    const struct router *undecided; /* the first one that it was too much for */
    struct table given_up;          /* all of them, by name */
};

#define LINT(name, where) void lint_##name(struct lint *l);
#include "lint/lint.def"
#undef LINT

/* In the order of lint.def. */
void lint_run(struct lint *l);

/* Can both be containers of one system? Two compose files of one folder are often variants of each
   other, of which one alone is used. */
bool lint_together(const struct lint *l, struct span a, struct span b);
/* Does it hold a variable that Compose would put a value for? */
bool lint_is_open(struct str s);
bool lint_is_internal(const struct router *r);
/* Its rule can be asked, and no variable decides about it. */
bool lint_is_known(const struct router *r);
/* Where its rule stands, else its name. */
struct span lint_rule_span(const struct router *r);
/* Where an option of it stands, else its name. */
struct span lint_option_span(const struct router *r, const char *path);
bool lint_has(const struct strs *list, struct str text);
/* The container of Traefik; NULL when there is none or more than one. */
const struct proxy_container *lint_proxy_container(const struct lint *l);

/* May `other` be tried once more for what `about` is asked? When all together was too much, `about`
   counts as undecided. */
bool lint_may_ask(struct lint *l, const struct router *other, const struct router *about);
bool lint_give_up(struct lint *l, const struct router *about); /* false */

/* Offers an edit that gives the router the option, in a line of its own behind its rule. */
void lint_fix_option(struct lint *l, struct diag *d, const struct router *r, const char *option,
                     struct str value);

/* Calls `look` for every router on every entry point that it stands in the tables of. */
typedef void lint_look(struct lint *l, const struct entry_point *e, const struct placement *route);
void lint_each_http(struct lint *l, lint_look *look);
void lint_each_tls(struct lint *l, lint_look *look); /* HTTPS, then TCP with TLS */

/* What a router asks of who comes: some middleware, or nothing for sure. */
enum guard { GUARD_NONE, GUARD_SOME, GUARD_UNKNOWN };
enum guard lint_guard(const struct lint *l, const struct placement *route);
/* The middleware of that kind, chains followed; NULL when there is none. */
const struct object *lint_middleware(const struct lint *l, const struct placement *route,
                                     const char *kind);
