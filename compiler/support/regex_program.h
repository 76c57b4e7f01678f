/* Regular expressions at work: does a text hold a match? Time grows with text times expression and
   never more, since all ways through the expression are followed at once. */
#pragma once

#include "support/regex.h"

struct regex_program;

/* NULL after a fault. The program lives in the arena. */
struct regex_program *regex_compile(struct arena *a, struct str pattern, struct fault *fault);

enum regex_answer {
    REGEX_NO,
    REGEX_YES,
    REGEX_UNKNOWN, /* expression times text is beyond what a request may cost */
};
/* Anywhere in the text, as Go's MatchString. `scratch` is used for the moment only. */
enum regex_answer regex_match(const struct regex_program *p, struct str text,
                              struct arena *scratch);
