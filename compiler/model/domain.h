/* Host names and wildcards over them: checked, in lower case, in A-labels (IDNA 2008). */
#pragma once

#include "support/fault.h"
#include "support/str.h"

#define DOMAIN_ERRORS(X)                                                                           \
    X(DOMAIN_OK, "nothing is wrong")                                                               \
    X(DOMAIN_EMPTY, "the host name is empty")                                                      \
    X(DOMAIN_EMPTY_LABEL, "a label between two dots is empty")                                     \
    X(DOMAIN_LABEL_LONG, "a label may have at most 63 characters")                                 \
    X(DOMAIN_LONG, "a host name may have at most 253 characters")                                  \
    X(DOMAIN_IP, "an IP address is no host name; requests are told apart by name")                 \
    X(DOMAIN_PORT, "a port does not belong to the host name")                                      \
    X(DOMAIN_UNDERSCORE, "a host name may not hold an underscore")                                 \
    X(DOMAIN_SPACE, "a host name may not hold blanks")                                             \
    X(DOMAIN_CHARACTER, "a host name holds only letters, digits, - and .")                         \
    X(DOMAIN_HYPHEN_START, "a label may not begin with -")                                         \
    X(DOMAIN_HYPHEN_END, "a label may not end with -")                                             \
    X(DOMAIN_HYPHEN_34, "a label may not have -- as its third and fourth characters")              \
    X(DOMAIN_WILDCARD_ALONE, "* alone is any host and no name; write *.example.com")               \
    X(DOMAIN_WILDCARD_PLACE, "* may stand only as the whole first label")                          \
    X(DOMAIN_WILDCARD_HERE, "a wildcard may not stand here")                                       \
    X(DOMAIN_UTF8, "these bytes are not UTF-8")                                                    \
    X(DOMAIN_IDN_CHARACTER, "this character may not stand in an international host name")          \
    X(DOMAIN_IDN_MARK, "a label may not begin with a combining mark")                              \
    X(DOMAIN_IDN_JOINER, "an invisible joiner may not stand here")                                 \
    X(DOMAIN_IDN_CONTEXT, "this character may not stand between these neighbours")                 \
    X(DOMAIN_IDN_BIDI, "left-to-right and right-to-left letters are mixed in one label")           \
    X(DOMAIN_PUNYCODE, "this xn-- label is not valid punycode")                                    \
    X(DOMAIN_PUNYCODE_FORM, "this xn-- label is not the form that its letters encode to")          \
    X(DOMAIN_VARIABLE_IDN, "a label with a run-time variable may hold only ASCII")

enum domain_error { DOMAIN_ERRORS(FAULT_NAME) };

/* A stretch of the text that is a run-time variable: it stands for legal characters of a label. */
struct domain_hole {
    size_t from, to;
};

struct domain {
    struct str name;  /* canonical, a wildcard's "*." included; variables verbatim */
    bool is_wildcard; /* the first label is "*" */
    bool has_holes;
};

/* `holes` are in order and do not meet; none: NULL, 0. */
struct fault domain_parse(struct arena *a, struct str text, const struct domain_hole *holes,
                          size_t hole_count, struct domain *out);

/* A wildcard covers exactly one label, never the apex; a plain name covers itself; a wildcard
   covers itself, too. Both canonical. */
bool domain_covers(struct str pattern, struct str host);
bool domain_eq(struct str a, struct str b); /* both canonical, so bytes decide */
int domain_cmp(struct str a, struct str b); /* from the last label to the first */

/* The name ends in `zone` at a dot, or is the zone; `*.zone` means below it only. */
bool domain_is_within(struct str name, struct str zone);

/* Whether the wildcard reaches over names of many owners: `*.com`, `*.co.uk`. It knows a few
   suffixes only; the full list ages too fast to be compiled in. */
bool domain_is_public_suffix_like(struct str wildcard);
const char *domain_error_text(int error);
