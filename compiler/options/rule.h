/* Traefik's rule language: Host(`a.example`) && !PathPrefix(`/api`). It is Go's syntax of
   expressions cut down to calls of known matchers, `&&`, `||`, `!` and parentheses. */
#pragma once

#include "support/str.h"

enum rule_layer { RULE_HTTP = 1, RULE_TCP = 2, RULE_ANY = RULE_HTTP | RULE_TCP };

enum matcher_id {
#define MATCHER(id, name, layers, least, most, first, second) MATCHER_##id,
#include "options/matchers.def"
    MATCHER_COUNT
};

/* What an argument holds. */
enum matcher_holds {
    HOLDS_NONE,
    HOLDS_HOST,
    HOLDS_HOST_REGEX,
    HOLDS_PATH,
    HOLDS_PATH_REGEX,
    HOLDS_METHOD,
    HOLDS_HEADER,
    HOLDS_TEXT,
    HOLDS_REGEX,
    HOLDS_CLIENT, /* an address or a range */
    HOLDS_SNI,
    HOLDS_ALPN
};

struct matcher {
    enum matcher_id id;
    struct str name;
    unsigned layers;
    unsigned least, most;
    enum matcher_holds holds[2];
};
extern const struct matcher matchers[MATCHER_COUNT];

enum rule_kind { RULE_AND, RULE_OR, RULE_NOT, RULE_MATCHER };

struct rule_arg {
    struct rule_arg *next;
    struct str text; /* the value */
    size_t from, to; /* as written, quotes included */
    bool plain;      /* the value is what stands between the quotes, byte for byte */
};

struct rule {
    struct rule *next;             /* sibling */
    struct rule *first, *last;     /* of AND and OR two or more, of NOT one */
    const struct matcher *matcher; /* NULL when the name is none: a fault was given */
    struct rule_arg *args;
    size_t arg_count;
    size_t from, to; /* parentheses around it left out, those inside it kept */
    size_t name_to;  /* where a matcher's name ends */
    enum rule_kind kind;
};

#define RULE_ERRORS(X)                                                                             \
    X(RULE_OK, "nothing is wrong")                                                                 \
    X(RULE_EMPTY, "the rule is empty")                                                             \
    X(RULE_UTF8, "these bytes are not UTF-8")                                                      \
    X(RULE_CHARACTER, "this may not stand in a rule")                                              \
    X(RULE_OPERATOR, "rules have the operators &&, || and ! only")                                 \
    X(RULE_NEWLINE, "a line may not end before an operator or a closing parenthesis")              \
    X(RULE_COMMENT_OPEN, "this comment is never closed")                                           \
    X(RULE_STRING_OPEN, "this string is never closed")                                             \
    X(RULE_STRING_QUOTES, "strings stand between backticks or double quotes")                      \
    X(RULE_ESCAPE, "Go's strings do not have this escape")                                         \
    X(RULE_PAREN_OPEN, "this ( is never closed")                                                   \
    X(RULE_PAREN_STRAY, "this ) closes nothing")                                                   \
    X(RULE_OPERAND, "a matcher is missing here")                                                   \
    X(RULE_JUXTAPOSED, "an operator is missing before this")                                       \
    X(RULE_CALL, "a matcher is followed by its arguments in parentheses")                          \
    X(RULE_ARGUMENT, "an argument is a string, between backticks or double quotes")                \
    X(RULE_DEPTH, "the rule is nested more than 64 deep")                                          \
    X(RULE_UNKNOWN, "Traefik has no such matcher")                                                 \
    X(RULE_CASE, "Traefik does not know this spelling of the matcher")                             \
    X(RULE_LAYER_HTTP, "HTTP routers do not have this matcher")                                    \
    X(RULE_LAYER_TCP, "TCP routers do not have this matcher")                                      \
    X(RULE_ARITY, "the matcher takes another number of arguments")                                 \
    X(RULE_ARGUMENT_EMPTY, "an argument may not be empty")                                         \
    X(RULE_V2_NAME, "this matcher is one of Traefik 2")                                            \
    X(RULE_V2_ARGUMENTS, "several arguments are the syntax of Traefik 2")

enum rule_error {
#define RULE_ERROR(name, text) name,
    RULE_ERRORS(RULE_ERROR)
#undef RULE_ERROR
};

struct rule_fault {
    struct rule_fault *next;
    enum rule_error error;
    size_t from, to;
    struct str instead;            /* what to write at [from, to); empty when unknown */
    const struct matcher *matcher; /* whose arguments are at fault, or NULL */
};

struct rule_parse {
    struct rule *root;         /* NULL when the syntax is wrong; then the last fault says so */
    struct rule_fault *faults; /* in order of the text */
};

enum { RULE_DEEPEST = 64 };

/* Everything lives in the arena. */
struct rule_parse rule_parse(struct arena *a, struct str text, enum rule_layer layer);
const char *rule_error_text(enum rule_error error);

/* The next matcher of a tree in order of the text; NULL behind the last. `root` first. */
typedef void rule_visit(void *context, const struct rule *matcher, bool negated);
void rule_each(const struct rule *root, rule_visit *visit, void *context);

/* `{name}` and `{name:regex}` were patterns in Traefik 2; the first in a text. */
bool rule_find_v2_pattern(struct str text, size_t *from, size_t *to);
/* Such a text as a regular expression of Traefik 3, not anchored. */
struct str rule_from_v2_pattern(struct arena *a, struct str text);
