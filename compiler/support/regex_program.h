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

/* The first match at `from` or behind it, leftmost, then as the expression prefers. `places` holds
   where the match and each group begin and end, two for each of `regex_captures`; REGEX_UNSET for a
   group that took no part. Good for texts of a request, not for long ones. */
#define REGEX_UNSET SIZE_MAX
size_t regex_captures(const struct regex_program *p);
enum regex_answer regex_find(const struct regex_program *p, struct str text, size_t from,
                             size_t *places, struct arena *scratch);
/* Go's ReplaceAllString: `$1`, `${name}`, `$$` in the replacement. NULL text when it is unknown. */
struct str regex_replace(const struct regex_program *p, struct str text, struct str replacement,
                         struct arena *a);
