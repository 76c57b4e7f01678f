/* Regular expressions that are legal and hardly meant so: unanchored, or with a loose dot. */
#pragma once

#include "model/value.h"
#include "support/regex.h"

struct regex_lint {
    struct diags *diags;
    struct arena *arena;
    const struct text *text; /* the expression and nothing else */
    const char *what;        /* "host" or "path": where it is looked for */
    bool start_is_enough;    /* a path goes on behind what one looks for */
    bool editable;           /* the source is the text itself: anchors and backslashes may go in */
};

void regex_lint(const struct regex_lint *lint, const struct regex *re);
/* Must every match hold an upper-case letter? Hosts are compared in lower case. */
bool regex_needs_capital(const struct regex_node *n);
