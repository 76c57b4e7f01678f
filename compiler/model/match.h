/* Rules in Traefik's own words: the parser's faults and the arguments' types, told at their
   bytes. */
#pragma once

#include "model/settings.h"
#include "options/rule.h"

/* Judges a `match`; false when Traefik would refuse the rule. */
bool match_judge(struct settle *s, const struct text *rule);

/* ---- between match.c and match_args.c ---- */

struct match {
    struct diags *diags;
    struct arena *arena;
    const struct text *text;
    enum mode mode;
    uint32_t version; /* of Traefik; 0: the newest */
    bool refused;
};

/* Tells something about the bytes [from, to) of the rule; `refused` when Traefik refuses it. */
struct diag *match_refuse(struct match *m, enum diag_code code, size_t from, size_t to,
                          const char *format, ...) __attribute__((format(printf, 5, 6)));
struct diag *match_warn(struct match *m, enum diag_code code, size_t from, size_t to,
                        const char *format, ...) __attribute__((format(printf, 5, 6)));
/* "write X", as an edit where the source is the text itself. */
void match_instead(struct match *m, struct diag *d, size_t from, size_t to, struct str instead,
                   bool safe);
/* The arguments of one matcher. */
void match_judge_arguments(struct match *m, const struct rule *call, bool negated);
