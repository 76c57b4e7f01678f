/* Settings in Traefik's own words: one table from setting and slot to path and value. */
#include "ir/build.h"
#include "model/units.h"
#include "options/options.h"

#include <inttypes.h>

enum how {
    COPY,
    FIRST,
    SECOND,
    FLAG,
    UNFLAG,
    GRPC,
    WORD,
    UPPER,
    SECONDS,
    HOURS,
    DAYS,
    MEGABYTES,
    BYTES,
    RATIO,
    DIGIT,
    BEFORE, /* the same, for a Traefik that knows no other place */
    ONOFF,
    VERBOSITY,
    TLSVERSION,
    CURVE,
    CLIENTAUTH,
    FILEREF,
    EVERY,
};

#define ROUTER        BUILD_ROUTER
#define SERVICE       BUILD_SERVICE
#define TRANSPORT     BUILD_TRANSPORT
#define TCP_SERVICE   BUILD_TCP_SERVICE
#define TCP_TRANSPORT BUILD_TCP_TRANSPORT
#define TLS_OPTIONS   BUILD_TLS_OPTIONS
#define STATIC        BUILD_STATIC

static const struct row {
    int setting;
    const char *slot;
    enum build_object object;
    const char *path;
    enum how how;
} rows[] = {
#define PATH(setting, slot, object, path, how) { SETTING_##setting, slot, object, path, how },
#include "ir/build_paths.def"
#undef PATH
};

/* ---- words ---- */

struct word {
    const char *ours, *traefik;
};

static const struct word curves[] = {
    { "P-256", "CurveP256" }, { "P-384", "CurveP384" }, { "P-521", "CurveP521" }, { NULL, NULL }
};
static const struct word versions[] = { { "1.0", "VersionTLS10" },
                                        { "1.1", "VersionTLS11" },
                                        { "1.2", "VersionTLS12" },
                                        { "1.3", "VersionTLS13" },
                                        { NULL, NULL } };
static const struct word policies[] = { { "request", "RequestClientCert" },
                                        { "require-any", "RequireAnyClientCert" },
                                        { "verify-if-given", "VerifyClientCertIfGiven" },
                                        { "require", "RequireAndVerifyClientCert" },
                                        { NULL, NULL } };

static struct str translate(const struct word *words, struct str word) {
    for (; words->ours; words++)
        if (str_is(word, words->ours))
            return str_of(words->traefik);
    return word;
}

static struct str upper(struct arena *a, struct str word) {
    char *out = arena_copy(a, word.at, word.len);
    for (size_t i = 0; i < word.len; i++)
        if (char_is_lower(out[i]))
            out[i] = (char)(out[i] - 'a' + 'A');
    return (struct str){ out, word.len };
}

/* Traefik counts these without a unit; a variable is left as it is. */
static struct str in_units(struct arena *a, struct str word, int64_t seconds) {
    struct duration d;
    if (duration_parse(word, &d).error != UNITS_OK)
        return word;
    int64_t one = seconds * 1000000000;
    return str_format(a, "%" PRId64, (d.nanoseconds + one - 1) / one);
}

static struct str in_bytes(struct arena *a, struct str word, uint64_t one) {
    uint64_t bytes;
    if (size_parse(word, &bytes).error != UNITS_OK)
        return word;
    return str_format(a, "%" PRIu64, (bytes + one - 1) / one);
}

static struct str ratio(struct arena *a, struct str word) {
    unsigned percent;
    struct str digits = word;
    if (percent_parse(word, &percent).error != UNITS_OK) {
        uint64_t n;
        if (!str_to_uint(digits, 100, &n))
            return word;
        percent = (unsigned)n;
    }
    return percent == 100 ? STR("1.0") : str_format(a, "0.%02u", percent);
}

static struct str said(struct build *b, const struct row *row, struct str word) {
    switch (row->how) {
    case COPY:
    case FIRST:
    case SECOND:
    case WORD: return word;
    case FLAG: return STR("true");
    case UNFLAG: return STR("false");
    case GRPC: return STR("grpc");
    case UPPER: return upper(b->arena, word);
    case SECONDS: return in_units(b->arena, word, 1);
    case HOURS: return in_units(b->arena, word, 3600);
    case DAYS: return in_units(b->arena, word, 86400);
    case MEGABYTES: return in_bytes(b->arena, word, 1024 * 1024);
    case BYTES: return in_bytes(b->arena, word, 1);
    case RATIO: return ratio(b->arena, word);
    case DIGIT:
    case BEFORE: return str_starts(word, STR("v")) ? str_from(word, 1) : word;
    case ONOFF: return str_is(word, "off") ? STR("false") : STR("true");
    case VERBOSITY: return str_is(word, "on") || str_is(word, "off") ? STR("") : word;
    case TLSVERSION: return translate(versions, word);
    case CURVE: return translate(curves, word);
    case CLIENTAUTH: return translate(policies, word);
    case FILEREF:
        return str_is(word, "default") || str_find(word, '@') != STR_NONE
                   ? word
                   : str_format(b->arena, "%.*s@file", STR_ARG(word));
    case EVERY: return word;
    }
    return word;
}

/* ---- rows ---- */

/* Of the two places of the PROXY protocol's version, the one that this Traefik reads. */
static bool is_read(const struct build *b, const struct row *row) {
    bool before = row->how == BEFORE;
    if (!before && row->how != DIGIT)
        return true;
    static const char path[] = "tcp.serversTransports.x.proxyProtocol.version";
    const struct option *now = option_find(OPTION_DYNAMIC, str_of(path)).option;
    return !now || before == (option_state_in(now, b->ir->version) == OPTION_NOT_YET);
}

/* `json` among flags is a word that means itself. */
static void add_row(struct build *b, const struct setting *setting, const struct row *row,
                    struct ir_option **list) {
    const struct slot *slot = *row->slot ? setting_slot(setting, row->slot) : NULL;
    if ((*row->slot && !slot) || !is_read(b, row))
        return;
    struct text flag = text_made(row->how == WORD ? str_of(row->slot) : STR("true"), setting->span);
    const struct text *texts = slot && slot->count ? slot->texts : &flag;
    size_t count = slot && slot->count ? slot->count : 1;
    if (row->how == FIRST || row->how == SECOND) {
        size_t at = row->how == SECOND;
        if (!slot || slot->count <= at)
            return;
        texts += at;
        count = 1;
    } else if (row->how == FLAG || row->how == UNFLAG) {
        count = 1;
    }
    struct str first = said(b, row, build_text(b, &texts[0]));
    if (first.len == 0)
        return;
    struct str path = str_of(row->path);
    size_t percent = str_find(path, '%');
    if (percent != STR_NONE) {
        struct str protocol = setting_word(setting, "protocol");
        path = str_format(b->arena, "%.*s%.*s%.*s", (int)percent, path.at,
                          STR_ARG(protocol.len ? protocol : STR("http")),
                          STR_ARG(str_from(path, percent + 1)));
    }
    path = option_path_in(b->arena, row->object == STATIC ? OPTION_STATIC : OPTION_DYNAMIC, path,
                          b->ir->version);
    struct ir_option *o = ir_option_add(b->arena, list, setting->span, path, first);
    o->texts.list = arena_array(b->arena, struct str, count);
    o->texts.count = count;
    for (size_t i = 0; i < count; i++)
        o->texts.list[i] = said(b, row, build_text(b, &texts[i]));
}

/* `option PATH VALUE`: the checker found which object the path is of. */
static void add_option(struct build *b, const struct setting *setting, enum build_object object,
                       struct ir_option **list) {
    const struct slot *path = setting_slot(setting, "path"),
                      *value = setting_slot(setting, "value");
    struct str root = setting_word(setting, "root");
    if (!path || !value)
        return;
    bool of_service = str_find_str(root, STR(".services.")) != STR_NONE;
    bool of_router = str_find_str(root, STR(".routers.")) != STR_NONE;
    if ((of_service && object != BUILD_SERVICE && object != BUILD_TCP_SERVICE) ||
        (of_router && object != BUILD_ROUTER))
        return;
    struct ir_option *o = ir_option_add(b->arena, list, setting->span, path->texts[0].s, STR(""));
    o->texts = build_texts(b, value->texts, value->count);
}

static bool is_option(int id) {
    return id == SETTING_ROUTE_OPTION || id == SETTING_TLS_OPTION || id == SETTING_PROXY_OPTION ||
           id == SETTING_ENTRYPOINT_OPTION || id == SETTING_RESOLVER_OPTION ||
           id == SETTING_DNS01_OPTION || id == SETTING_PROVIDER_OPTION;
}

void build_options(struct build *b, const struct setting *setting, enum build_object object,
                   struct ir_option **list) {
    int id = setting->vocable->id;
    if (is_option(id)) {
        add_option(b, setting, object, list);
        return;
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].setting == id && rows[i].object == object)
            add_row(b, setting, &rows[i], list);
}
