/* A file of our language as editors see it: what each word is, and what may stand at a place; also
   in statements that are not finished, since it goes word by word and needs no tree. */
#pragma once

#include "grammar/parse.h"
#include "model/shape.h"
#include "options/options.h"
#include "support/table.h"

/* What a word is. The order is that of the legend of semantic tokens. */
enum role {
#define ROLE(name, token, modifiers) ROLE_##name,
#include "editing/roles.def"
#undef ROLE
    ROLE_COUNT,
};

/* Kinds of names: those that files declare, and those that come from elsewhere. */
enum name_kind {
    NAME_NONE,
    NAME_VALUE, /* let, parameter, loop variable */
    NAME_MIDDLEWARE,
    NAME_TEMPLATE,
    NAME_TLS,
    NAME_RESOLVER,
    NAME_ENTRYPOINT,
    NAME_PLUGIN,
    NAME_SERVICE, /* of a compose file */
    NAME_PROJECT,
    NAME_FILE, /* of an import */
    NAME_KINDS,
};

/* Where a statement stands. */
struct setting_of {
    enum place_kind place;
    bool routes; /* routes may stand here, too */
    enum mode mode;
    const struct option *options; /* what `option PATH` is relative to; NULL when that is unknown */
};

struct mark {
    enum role role;
    enum name_kind kind;
    bool defines;
    struct span span;
    struct str name;
    struct span scope;             /* of a definition inside a block: where it is seen; else none */
    struct span whole;             /* of a definition: its statement */
    const struct vocable *setting; /* SETTING, and words behind it */
    struct str owner;              /* an argument's middleware */
    struct setting_of in;
    const struct mark *same; /* of a definition: another one of that name */
};

/* Statements, for outlines: in order, `depth` says what stands in what. */
struct piece_of_outline {
    size_t depth;
    enum role role;
    enum name_kind kind;
    struct span span, name_span;
    struct str name, detail;
    struct span body; /* from its `{` to its `}`, or none */
};

/* What may stand behind the last word. */
enum want {
    WANT_NOTHING,
    WANT_STATEMENT,
    WANT_LINK,     /* a middleware */
    WANT_ARGUMENT, /* of `owner`, as `name=` or by position */
    WANT_VALUE,    /* of the argument `argument` of `owner`; or of anything */
    WANT_TARGET,
    WANT_REST,          /* of the setting `setting` */
    WANT_TYPE,          /* of a parameter */
    WANT_CALL_ARGUMENT, /* of the template `owner` */
};
struct wanted {
    enum want want;
    struct setting_of in;
    const struct vocable *setting;
    struct shape_value value; /* of a setting, when has_value */
    bool has_value;
    uint32_t used; /* bits of the setting's items that were given */
    bool more;     /* items behind the value may come, too */
    struct str owner, argument;
    size_t position; /* which argument it is */
    bool in_chain;
};

struct reading {
    struct arena *arena;
    struct source *source;
    struct sources *sources;
    const struct word *words;
    struct comment *comments;
    struct mark *marks;
    size_t count, room;
    struct table defined; /* name → its definitions, a list of marks */
    struct piece_of_outline *outline;
    size_t outline_count, outline_room;
    struct wanted wanted; /* at the end of the text */
};

void editing_read(struct reading *r, struct arena *arena, struct source *source,
                  struct sources *sources);
/* The mark at a place, or one that ends there; NULL when there is none. */
const struct mark *mark_at(const struct reading *r, uint32_t place);
