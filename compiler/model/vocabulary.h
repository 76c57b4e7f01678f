/* The words of the language: settings by place, middlewares, value types, routing modes. All data.

   The rows of vocabulary.def, middlewares.def, types.def and modes.def drive the checker,
   did-you-mean, `itsupc help`, the generated parts of docs/language.md, and later the editors. */
#pragma once

#include "support/buf.h"

/* The places where a setting may stand. */
enum place_kind {
#define PLACE(name, text) PLACE_##name,
#include "model/places.def"
#undef PLACE
    PLACE_COUNT,
};
extern const struct str place_names[PLACE_COUNT]; /* "a route's block" */

enum mode {
    MODE_UNKNOWN, /* poisoned: told already */
#define MODE(name, scheme, ...) MODE_##name,
#include "model/modes.def"
#undef MODE
    MODE_COUNT,
};

enum need { FORBIDDEN, OPTIONAL, REQUIRED };
enum protocol { PROTOCOL_HTTP, PROTOCOL_TCP, PROTOCOL_UDP };

struct mode_info {
    struct str scheme;
    enum protocol protocol;
    enum need host, path, hostport, tls;
    bool many_hosts, any_host; /* a list; `*` or nothing for any */
    bool ends_tls, passes_tls;
    struct str gist;
};
extern const struct mode_info mode_infos[MODE_COUNT];
enum mode mode_find(struct str scheme); /* MODE_UNKNOWN when there is none */

#define MODE_BIT(mode) (1u << (mode))
#define ALL_MODES      (~0u)

enum type_kind {
#define TYPE(name, word, check, opacity, expected, gist) TYPE_##name,
#include "model/types.def"
#undef TYPE
    TYPE_COUNT,
};
struct type_info {
    struct str word;     /* as it stands in a shape: <duration> */
    struct str expected; /* for messages: "a duration such as `30s`" */
    struct str gist;
};
extern const struct type_info type_infos[TYPE_COUNT];

/* One setting in one place. Its shape says what stands behind the word:

     <type>           a value, in this order
     [<type>]         one that may be left out
     <type>,...       a list `a, b`, at least one
     <type name>      a value with a name of its own for messages, help and its slot
     <type:1..9>      a number within bounds; either may be left out
     <a|b|c name>     one of these words; <=a name> exactly this one
     word <type>      a pair, behind the values, in any order; it may hold several values, and
                      [<type>] ones
     [word <type>]    a pair that may be left out
     [word]           a flag

   A word of the shape that stands where a value may be left out is that word, not the value. */
struct vocable {
    struct str name;
    enum place_kind place;
    enum place_kind block; /* what its block is, or PLACE_NONE when it takes none */
    bool block_needed, repeats;
    bool in_defaults; /* of a route: `defaults MODE { … }` may hold it, too */
    bool not_bare;    /* at least one of its arguments must be there, whichever */
    unsigned modes;   /* in a route: the modes that have it */
    struct str shape;
    struct str gist; /* one line of documentation */
    int id;          /* enum vocable_id */
};
extern const struct vocable vocables[];
extern const size_t vocable_count;

enum vocable_id {
#define SETTING(id, name, place, block, flags, modes, shape, gist) SETTING_##id,
#include "model/vocabulary.def"
#undef SETTING
    SETTING_COUNT,
};

const struct vocable *vocable_find(enum place_kind place, struct str name);
bool vocable_stands_in(const struct vocable *v, enum place_kind place);
/* Some place that has a setting of this name, for "may not stand here"; NULL when none has. */
const struct vocable *vocable_anywhere(struct str name);
struct nearest;
void vocable_offer(enum place_kind place, struct nearest *near);
