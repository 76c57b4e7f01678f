/* From the words of the language to rows of the option table. */
#include "model/typed_option.h"

#include "model/secret.h"
#include "model/units.h"
#include "options/value.h"
#include "support/nearest.h"

#include <inttypes.h>

/* ---- paths ---- */

/* The length of `[12]` at the end of a segment; 0 when there is none. */
static size_t index_length(struct str segment) {
    if (segment.len < 3 || segment.at[segment.len - 1] != ']')
        return 0;
    size_t i = segment.len - 1;
    while (i > 0 && char_is_digit(segment.at[i - 1]))
        i--;
    return i > 0 && i + 1 < segment.len && segment.at[i - 1] == '[' ? segment.len - i + 1 : 0;
}

const struct option *option_by_words(struct arena *a, const struct option *from, struct str path,
                                     struct str *canonical, struct option_miss_place *miss) {
    struct buf out = { .arena = a };
    const struct option *o = from;
    for (size_t at = 0; at <= path.len;) {
        size_t end = at;
        while (end < path.len && path.at[end] != '.')
            end++;
        struct str segment = str_slice(path, at, end);
        size_t index = index_length(segment);
        struct str word = str_slice(segment, 0, segment.len - index);
        *miss = (struct option_miss_place){ o, at, end };
        const struct option *child = word.len ? option_child_by_word(o, word) : NULL;
        if (!child || (index > 0 && !child->indexed) ||
            (end < path.len && child->indexed && !index))
            return NULL;
        if (out.len)
            buf_char(&out, '.');
        buf_add(&out, child->any_name ? word : option_name(child));
        buf_add(&out, str_from(segment, word.len));
        o = child;
        at = end + 1;
    }
    *canonical = buf_str(&out);
    return o;
}

/* ---- credentials ---- */

void option_check_credential(struct scope *scope, struct str key, const struct text *text) {
    size_t from, to;
    if (text->sample || secret_find_literal(key, text->s, &from, &to) == SECRET_LITERAL_NONE)
        return;
    struct diags *diags = scope_diags(scope);
    struct diag *d = diag_add(diags, DIAG_CREDENTIAL, text_span(text, from, to),
                              "a credential is written out in clear");
    diag_effect(diags, d, "everyone who reads this file, or the generated one, has it");
    diag_help(diags, d, "write ${NAME}, or name a file that holds it");
}

/* ---- values ---- */

static enum diag_code code_of(enum option_type type) {
    static const struct {
        enum option_type type;
        enum diag_code code;
    } codes[] = {
#define VALUE_CODE(type, code) { OPTION_##type, DIAG_##code },
#include "options/value_codes.def"
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i].type == type)
            return codes[i].code;
    return DIAG_VALUE_KIND;
}

static bool tell_check(struct scope *scope, const struct option *o, const struct text *text,
                       const struct option_check *check) {
    enum diag_code code = code_of(check->type);
    if (text->sample)
        return true;
    struct diags *diags = scope_diags(scope);
    struct str name = option_name(o);
    struct diag *d =
        diag_add(diags, code, text->span, "`%.*s`: %.*s", STR_ARG(name), STR_ARG(check->reason));
    if (check->nearest.len && text->inner && !text->pieces)
        diag_suggest(diags, d, text_span(text, 0, text->s.len), check->nearest);
    else if (check->nearest.len)
        diag_help(diags, d, "write `%.*s`", STR_ARG(check->nearest));
    return false;
}

/* Types of the table that are types of the language, too. */
static bool type_for(enum option_type type, enum type_kind *out) {
    static const struct {
        enum option_type option;
        enum type_kind type;
    } pairs[] = {
        { OPTION_DURATION, TYPE_DURATION }, { OPTION_STATUS, TYPE_STATUS_RANGE },
        { OPTION_CIDR, TYPE_CIDR },         { OPTION_DOMAIN, TYPE_DOMAIN_OR_WILDCARD },
        { OPTION_HOSTPORT, TYPE_HOSTPORT }, { OPTION_URL_PATH, TYPE_PATH },
        { OPTION_REGEX, TYPE_REGEX },       { OPTION_RULE, TYPE_RULE },
        { OPTION_LISTEN, TYPE_ADDRESS },    { OPTION_EMAIL, TYPE_EMAIL },
        { OPTION_PATH, TYPE_FILE },         { OPTION_URL, TYPE_URL },
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i].option == type) {
            *out = pairs[i].type;
            return true;
        }
    return false;
}

static bool ref_type(enum option_ref ref, enum type_kind *out) {
    switch (ref) {
    case OPTION_REF_ENTRYPOINT: *out = TYPE_ENTRYPOINT_REF; return true;
    case OPTION_REF_CERT_RESOLVER: *out = TYPE_RESOLVER_REF; return true;
    case OPTION_REF_TLS_OPTIONS: *out = TYPE_TLS_REF; return true;
    case OPTION_REF_NONE:
    case OPTION_REF_ENTRYPOINT_OR_PORT:
    case OPTION_REF_HTTP_ROUTER:
    case OPTION_REF_HTTP_SERVICE:
    case OPTION_REF_HTTP_MIDDLEWARE:
    case OPTION_REF_HTTP_SERVERS_TRANSPORT:
    case OPTION_REF_TCP_SERVICE:
    case OPTION_REF_TCP_MIDDLEWARE:
    case OPTION_REF_TCP_SERVERS_TRANSPORT:
    case OPTION_REF_UDP_SERVICE:
    case OPTION_REF_TLS_STORE:
    case OPTION_REF_COUNT: break;
    }
    return false;
}

/* `10MiB`, `5%`, `1h` where Traefik counts bytes, per cent, seconds. */
static bool with_unit(struct scope *scope, const struct option *o, const struct text *text,
                      struct text *out) {
    struct arena *a = scope_arena(scope);
    uint64_t bytes;
    unsigned percent;
    struct duration duration;
    if (o->type == OPTION_BYTES && size_parse(text->s, &bytes).error == UNITS_OK) {
        out->s = str_format(a, "%" PRIu64, bytes);
        return true;
    }
    if (o->type == OPTION_PERCENT && percent_parse(text->s, &percent).error == UNITS_OK) {
        out->s = str_format(a, "%u", percent);
        return true;
    }
    static const int64_t nanoseconds[OPTION_UNIT_COUNT] = {
#define OPTION_UNIT(name, spelling, nanoseconds) [OPTION_UNIT_##name] = nanoseconds,
#include "options/types.def"
    };
    int64_t one = o->type == OPTION_INT ? nanoseconds[o->unit] : 0;
    if (one && duration_parse(text->s, &duration).error == UNITS_OK &&
        duration.nanoseconds % one == 0) {
        out->s = str_format(a, "%" PRId64, duration.nanoseconds / one);
        return true;
    }
    return false;
}

bool option_check_text(struct scope *scope, const struct option *o, const struct text *text,
                       struct text *out) {
    enum type_kind type;
    option_check_credential(scope, option_name(o), text);
    if (type_for(o->type, &type) || (o->type == OPTION_REF && ref_type(o->ref, &type)))
        return check_type(scope, type, text, out);
    *out = text_keep(scope_arena(scope), text);
    if (text_has_placeholder(text))
        return check_type(scope, TYPE_STRING, text, out);
    if (with_unit(scope, o, text, out))
        return true;
    struct option_check check = option_check_value(o, text->s, scope_arena(scope));
    if (check.verdict == OPTION_BAD && o->type == OPTION_BYTES)
        return check_type(scope, TYPE_SIZE, text, out); /* in the words of the language */
    return check.verdict != OPTION_BAD || tell_check(scope, o, text, &check);
}
