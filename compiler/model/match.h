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
    uint32_t version;  /* of Traefik; 0: the newest */
    struct str masked; /* the text with letters for its variables; empty when it has none */
    bool refused;
    /* The first HostSNI is `*`: Traefik looks at no other before it takes the rule. */
    bool any_name;
    bool named; /* … is another one */
};

/* The bytes [from, to) of the rule; all of it when they are none. */
struct span match_span(const struct match *m, size_t from, size_t to);
/* Traefik refuses the rule for this. */
struct diag *match_refuse(struct match *m, struct diag *d);
/* "write X", as an edit where the source is the text itself. */
void match_instead(struct match *m, struct diag *d, size_t from, size_t to, struct str instead,
                   bool safe);
/* The arguments of one matcher. */
void match_judge_arguments(struct match *m, const struct rule *call, bool negated);
