/* The tables of words, and how they are asked. */
#include "model/vocabulary.h"

#include "support/nearest.h"

#define S(literal)                                                                                 \
    { "" literal, sizeof(literal) - 1 }

const struct str place_names[PLACE_COUNT] = {
#define PLACE(name, text) S(text),
#include "model/places.def"
#undef PLACE
};

const struct mode_info mode_infos[MODE_COUNT] = {
    { S(""), PROTOCOL_HTTP, OPTIONAL, OPTIONAL, OPTIONAL, OPTIONAL, true, true, false, false,
      S("") },
#define MODE(name, scheme, protocol, host, path, hostport, tls, many, any, ends, passes, gist)     \
    { S(scheme), PROTOCOL_##protocol, host, path, hostport, tls, many, any, ends, passes, S(gist) },
#include "model/modes.def"
#undef MODE
};

enum mode mode_find(struct str scheme) {
    for (int i = MODE_UNKNOWN + 1; i < MODE_COUNT; i++)
        if (str_eq(mode_infos[i].scheme, scheme))
            return (enum mode)i;
    return MODE_UNKNOWN;
}

const struct type_info type_infos[TYPE_COUNT] = {
#define TYPE(name, word, check, opacity, expected, gist) { S(word), S(expected), S(gist) },
#include "model/types.def"
#undef TYPE
};

enum { NONE_OF_THEM = 0, REPEATS = 1, BLOCK_NEEDED = 2, IN_DEFAULTS = 4, NOT_BARE = 8 };

enum {
    HTTPS_ONLY = MODE_BIT(MODE_HTTPS),
    PASSTHROUGH_ONLY = MODE_BIT(MODE_PASSTHROUGH),
    HTTP_MODES = MODE_BIT(MODE_HTTP) | MODE_BIT(MODE_HTTPS),
    ENDS_TLS = MODE_BIT(MODE_HTTPS) | MODE_BIT(MODE_TLS),
    TCP_MODES = MODE_BIT(MODE_TLS) | MODE_BIT(MODE_PASSTHROUGH) | MODE_BIT(MODE_TCP),
    ROUTED = HTTP_MODES | TCP_MODES,  /* UDP knows no rules, and no more than an address */
    CHAINED = HTTP_MODES | TCP_MODES, /* UDP has no middlewares */
    ALL = ROUTED | MODE_BIT(MODE_UDP),
};

const struct vocable vocables[] = {
#define SETTING(id_, word, place_, block_, flags, modes_, shape_, gist_)                           \
    {                                                                                              \
        .name = S(word),                                                                           \
        .place = PLACE_##place_,                                                                   \
        .block = PLACE_##block_,                                                                   \
        .block_needed = ((flags)&BLOCK_NEEDED) != 0,                                               \
        .repeats = ((flags)&REPEATS) != 0,                                                         \
        .in_defaults = ((flags)&IN_DEFAULTS) != 0,                                                 \
        .not_bare = ((flags)&NOT_BARE) != 0,                                                       \
        .modes = (modes_),                                                                         \
        .shape = S(shape_),                                                                        \
        .gist = S(gist_),                                                                          \
        .id = SETTING_##id_,                                                                       \
    },
#include "model/vocabulary.def"
#undef SETTING
};
const size_t vocable_count = sizeof vocables / sizeof *vocables;

bool vocable_stands_in(const struct vocable *v, enum place_kind place) {
    return v->place == place || (place == PLACE_DEFAULTS && v->in_defaults);
}

const struct vocable *vocable_find(enum place_kind place, struct str name) {
    for (size_t i = 0; i < vocable_count; i++)
        if (str_eq(vocables[i].name, name) && vocable_stands_in(&vocables[i], place))
            return &vocables[i];
    return NULL;
}

const struct vocable *vocable_anywhere(struct str name) {
    for (size_t i = 0; i < vocable_count; i++)
        if (str_eq(vocables[i].name, name))
            return &vocables[i];
    return NULL;
}

void vocable_offer(enum place_kind place, struct nearest *near) {
    static const struct str statements[] = {
#define STATEMENT(word, form, gist) S(word),
#include "model/statements.def"
#undef STATEMENT
    };
    bool whole = place == PLACE_FILE || place == PLACE_PROJECT;
    for (size_t i = 0; i < vocable_count; i++)
        if (vocable_stands_in(&vocables[i], place) ||
            (place == PLACE_FILE && vocables[i].place == PLACE_PROJECT))
            nearest_offer(near, vocables[i].name);
    for (size_t i = 0; whole && i < sizeof statements / sizeof *statements; i++)
        nearest_offer(near, statements[i]);
}
