/* Does a text fit an option's type? Judged as Traefik reads labels and files, see options.h. */
#pragma once

#include "options/options.h"

enum option_verdict {
    OPTION_GOOD,
    OPTION_BAD,
    OPTION_NEEDS /* fits as text; the checker that knows `type` has the last word */
};

struct option_check {
    enum option_verdict verdict;
    enum option_type type; /* the type it was judged by */
    struct str reason;     /* of BAD: "expected a duration such as `30s`, found `30sec`" */
    struct str nearest;    /* of BAD: what to write instead; empty when unknown */
};

/* One value: of a LIST one item, of a MAP the value of one key. Reasons live in the arena. A text
 * with `${NAME}` in it has no value yet; do not ask. */
struct option_check option_check_value(const struct option *o, struct str text, struct arena *a);
struct option_check option_check_key(const struct option *o, struct str key, struct arena *a);

/* The items of a list in a label: `struct str rest = text; while (option_list_next(&rest, &item))`.
 * Traefik trims each; an empty text is an empty list. */
bool option_list_next(struct str *rest, struct str *item);

struct str option_type_text(struct arena *a, const struct option *o); /* "list<duration>" */
const char *option_type_gist(enum option_type type); /* "a duration such as `30s`" */
const char *option_ref_name(enum option_ref ref);    /* "http.service" */
