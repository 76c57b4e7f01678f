/* Does a text fit an option's type? Numbers, durations, words and a few simple shapes are judged
 * here; what needs more knowledge is passed on. */
#include "options/value.h"

#include "options/number.h"
#include "support/buf.h"
#include "support/nearest.h"

enum checker { HERE, ELSEWHERE, NEVER };

static const struct {
    const char *spelling, *gist;
    enum checker by;
} types[] = {
#define OPTION_TYPE(name, spelling, by, gist) { spelling, gist, by },
#include "options/types.def"
};

static const char *const refs[] = {
#define OPTION_REF(name, spelling) spelling,
#include "options/types.def"
};

static const struct {
    const char *spelling;
    int64_t nanoseconds;
} units[] = {
#define OPTION_UNIT(name, spelling, nanoseconds) { spelling, nanoseconds },
#include "options/types.def"
};

/* The question at hand, and the answer in the making. */
struct check {
    const struct option *option;
    struct arena *arena;
    struct str text;
    struct option_check answer;
};

static void bad(struct check *c, struct str reason, struct str nearest) {
    c->answer.verdict = OPTION_BAD;
    c->answer.reason = reason;
    c->answer.nearest = nearest;
}

static void expected(struct check *c, const char *what, struct str nearest) {
    struct str reason =
        c->text.len ? str_format(c->arena, "expected %s, found `%.*s`", what, STR_ARG(c->text))
                    : str_format(c->arena, "expected %s, found nothing", what);
    bad(c, reason, nearest);
}

static void outside(struct check *c) {
    int64_t min = c->option->min, max = c->option->max;
    if (max == INT64_MAX)
        bad(c, str_format(c->arena, "%.*s is less than %lld", STR_ARG(c->text), (long long)min),
            (struct str){ 0 });
    else
        bad(c,
            str_format(c->arena, "%.*s is outside %lld-%lld", STR_ARG(c->text), (long long)min,
                       (long long)max),
            (struct str){ 0 });
}

/* ---- numbers ---- */

/* `10s` for an option that counts milliseconds -> 10000 */
static struct str count_from_duration(const struct check *c) {
    int64_t duration, unit = units[c->option->unit].nanoseconds;
    if (unit == 0 || !number_duration(c->text, &duration) || duration % unit != 0)
        return (struct str){ 0 };
    return str_format(c->arena, "%lld", (long long)(duration / unit));
}

static void check_int(struct check *c) {
    const struct option *o = c->option;
    int64_t value;
    if (number_int(c->text, &value)) {
        if (value < o->min || value > o->max)
            outside(c);
    } else if (number_looks(c->text)) {
        bad(c, str_format(c->arena, "%.*s is too large", STR_ARG(c->text)), (struct str){ 0 });
    } else if (o->unit != OPTION_UNIT_NONE) {
        const char *what = str_format(c->arena, "a whole number of %s",
                                      o->unit == OPTION_UNIT_MILLISECONDS ? "milliseconds"
                                                                          : units[o->unit].spelling)
                               .at;
        expected(c, what, count_from_duration(c));
    } else {
        expected(c, types[c->answer.type].gist, (struct str){ 0 });
    }
}

static void check_bytes(struct check *c) {
    int64_t value;
    if (!number_int(c->text, &value))
        expected(c, types[OPTION_BYTES].gist, number_from_size(c->arena, c->text));
}

static void check_percent(struct check *c) {
    int64_t value;
    struct str plain =
        str_ends(c->text, STR("%")) ? str_slice(c->text, 0, c->text.len - 1) : c->text;
    if (!number_int(plain, &value))
        expected(c, types[OPTION_PERCENT].gist, (struct str){ 0 });
    else if (plain.len != c->text.len)
        expected(c, types[OPTION_PERCENT].gist, plain);
    else if (value < 0 || value > 100)
        outside(c);
}

static void check_port(struct check *c) {
    int64_t value;
    struct str plain = str_starts(c->text, STR(":")) ? str_from(c->text, 1) : c->text;
    if (!number_looks(plain))
        expected(c, types[OPTION_PORT].gist, (struct str){ 0 });
    else if (plain.len != c->text.len)
        expected(c, types[OPTION_PORT].gist, plain);
    else if (!number_int(plain, &value) || value < c->option->min || value > c->option->max)
        outside(c);
}

static void check_float(struct check *c) {
    double value;
    if (!number_float(c->text, &value))
        expected(c, types[OPTION_FLOAT].gist, (struct str){ 0 });
    else if (value < (double)c->option->min || value > (double)c->option->max)
        outside(c);
}

/* `404` or `500-599`, each 100-599. */
static void check_status(struct check *c) {
    size_t dash = str_find(c->text, '-');
    uint64_t from, to;
    if (!str_to_uint(str_slice(c->text, 0, dash), 99999, &from) ||
        !(dash == STR_NONE ? (to = from, true)
                           : str_to_uint(str_from(c->text, dash + 1), 99999, &to))) {
        struct str nearest = { 0 };
        if (c->text.len == 3 && char_is_digit(c->text.at[0]) && char_lower(c->text.at[1]) == 'x' &&
            char_lower(c->text.at[2]) == 'x')
            nearest = str_format(c->arena, "%c00-%c99", c->text.at[0], c->text.at[0]);
        expected(c, types[OPTION_STATUS].gist, nearest);
    } else if (from < 100 || to > 599) {
        bad(c, str_format(c->arena, "%.*s is outside 100-599", STR_ARG(c->text)),
            (struct str){ 0 });
    } else if (from > to) {
        bad(c, str_format(c->arena, "%.*s runs backwards", STR_ARG(c->text)),
            str_format(c->arena, "%u-%u", (unsigned)to, (unsigned)from));
    }
}

/* ---- durations ---- */

static void check_duration(struct check *c) {
    int64_t duration;
    if (!number_duration(c->text, &duration))
        expected(c, types[OPTION_DURATION].gist, number_from_time(c->arena, c->text));
}

/* ---- words ---- */

static void check_bool(struct check *c) {
    /* What Go's ParseBool reads. */
    static const char *const words[] = { "1", "t", "T", "true",  "TRUE",  "True",
                                         "0", "f", "F", "false", "FALSE", "False" };
    static const char *const meant[][2] = { { "yes", "true" },       { "y", "true" },
                                            { "on", "true" },        { "enabled", "true" },
                                            { "enable", "true" },    { "no", "false" },
                                            { "n", "false" },        { "off", "false" },
                                            { "disabled", "false" }, { "disable", "false" } };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_is(c->text, words[i]))
            return;
    for (size_t i = 0; i < sizeof meant / sizeof *meant; i++)
        if (str_eq_nocase(c->text, str_of(meant[i][0]))) {
            expected(c, types[OPTION_BOOL].gist, str_of(meant[i][1]));
            return;
        }
    struct nearest n = { .wanted = c->text };
    nearest_offer(&n, STR("true"));
    nearest_offer(&n, STR("false"));
    expected(c, types[OPTION_BOOL].gist, n.best);
}

static void check_enum(struct check *c) {
    const struct option *o = c->option;
    for (size_t i = 0; i < o->choice_count; i++)
        if (str_eq(c->text, o->choices[i]) ||
            (o->choices_nocase && str_eq_nocase(c->text, o->choices[i])))
            return;
    struct nearest n = { .wanted = c->text };
    struct buf list = { .arena = c->arena };
    for (size_t i = 0; i < o->choice_count; i++) {
        struct str choice = o->choices[i];
        nearest_offer(&n, choice);
        if (i < 8)
            buf_format(&list, "%s%.*s",
                       i == 0                     ? ""
                       : i + 1 == o->choice_count ? " or "
                                                  : ", ",
                       STR_ARG(choice));
    }
    if (o->choice_count > 8)
        buf_format(&list, " or one of %d more", o->choice_count - 8);
    buf_char(&list, 0);
    expected(c, list.at, n.best);
}

/* ---- shapes ---- */

static size_t count_char(struct str s, char c) {
    size_t count = 0;
    for (size_t i = 0; i < s.len; i++)
        count += s.at[i] == c;
    return count;
}

/* `[host]:port[/tcp|/udp]` */
static void check_listen(struct check *c) {
    struct str text = c->text, protocol = { 0 }, nearest = { 0 };
    size_t slash = str_find(text, '/');
    uint64_t port;
    if (slash != STR_NONE) {
        protocol = str_from(text, slash + 1);
        text = str_slice(text, 0, slash);
    }
    size_t colon = str_find_last(text, ':');
    bool protocol_fits = slash == STR_NONE || str_eq_nocase(protocol, STR("tcp")) ||
                         str_eq_nocase(protocol, STR("udp"));
    if (colon != STR_NONE && protocol_fits && number_looks(str_from(text, colon + 1))) {
        if (!str_to_uint(str_from(text, colon + 1), 65535, &port))
            bad(c,
                str_format(c->arena, "port %.*s is outside 1-65535",
                           STR_ARG(str_from(text, colon + 1))),
                nearest);
        return;
    }
    if (colon == STR_NONE && protocol_fits && str_to_uint(text, 65535, &port))
        nearest = str_format(c->arena, ":%.*s", STR_ARG(c->text));
    expected(c, types[OPTION_LISTEN].gist, nearest);
}

static void check_shape(struct check *c) {
    size_t colons = count_char(c->text, ':'), at = str_find(c->text, '@');
    bool fits = c->answer.type == OPTION_HTPASSWD ? colons == 1
                : c->answer.type == OPTION_HTDIGEST
                    ? colons == 2
                    : at != STR_NONE && at > 0 && at + 1 < c->text.len;
    if (!fits)
        expected(c, types[c->answer.type].gist, (struct str){ 0 });
}

/* Only an object that may be empty can be given as a value; anything but `true` makes Traefik
 * forget it, and whatever stands below it, without a word. */
static void check_object(struct check *c) {
    bool may = c->answer.type == OPTION_OBJECT_OR_EMPTY;
    if (!may || (c->text.len && !str_eq_nocase(c->text, STR("true"))))
        expected(c, types[c->answer.type].gist, may ? STR("true") : (struct str){ 0 });
}

/* ---- the door ---- */

static void check_here(struct check *c) {
    switch (c->answer.type) {
    case OPTION_NAMES:
    case OPTION_OBJECT:
    case OPTION_OBJECT_OR_EMPTY: check_object(c); break;
    case OPTION_BOOL: check_bool(c); break;
    case OPTION_INT: check_int(c); break;
    case OPTION_FLOAT: check_float(c); break;
    case OPTION_ENUM: check_enum(c); break;
    case OPTION_DURATION: check_duration(c); break;
    case OPTION_BYTES: check_bytes(c); break;
    case OPTION_PORT: check_port(c); break;
    case OPTION_STATUS: check_status(c); break;
    case OPTION_PERCENT: check_percent(c); break;
    case OPTION_LISTEN: check_listen(c); break;
    case OPTION_EMAIL:
    case OPTION_HTPASSWD:
    case OPTION_HTDIGEST: check_shape(c); break;
    case OPTION_ANY:
    case OPTION_STRING:
    case OPTION_PATH:
    case OPTION_FILE_OR_CONTENT:
    case OPTION_GO_TEMPLATE:
    case OPTION_DOMAIN:
    case OPTION_CIDR:
    case OPTION_HOSTPORT:
    case OPTION_URL:
    case OPTION_URL_PATH:
    case OPTION_REGEX:
    case OPTION_RULE:
    case OPTION_REF:
    case OPTION_CONSTRAINT:
    case OPTION_BREAKER:
    case OPTION_BUFFERING:
    case OPTION_TYPE_COUNT: break;
    }
}

static struct option_check check(const struct option *o, enum option_type type, struct str text,
                                 struct arena *a) {
    struct check c = { .option = o, .arena = a, .text = text, .answer.type = type };
    if (types[type].by == HERE)
        check_here(&c);
    else if (types[type].by == ELSEWHERE && text.len == 0)
        expected(&c, types[type].gist, (struct str){ 0 });
    else if (types[type].by == ELSEWHERE)
        c.answer.verdict = OPTION_NEEDS;
    return c.answer;
}

struct option_check option_check_value(const struct option *o, struct str text, struct arena *a) {
    return check(o, o->type, text, a);
}

struct option_check option_check_key(const struct option *o, struct str key, struct arena *a) {
    return check(o, o->key_type, key, a);
}

bool option_list_next(struct str *rest, struct str *item) {
    if (!rest->at || rest->len == 0)
        return false;
    size_t comma = str_find(*rest, ',');
    *item = str_trim(str_slice(*rest, 0, comma));
    if (comma == STR_NONE)
        *rest = (struct str){ 0 };
    else if (comma + 1 == rest->len)
        *rest = STR(" "); /* a comma at the end leaves one more, empty item */
    else
        *rest = str_from(*rest, comma + 1);
    return true;
}

/* ---- words about types ---- */

static void print_atom(struct buf *b, const struct option *o) {
    buf_text(b, types[o->type].spelling);
    if (o->type == OPTION_REF)
        buf_format(b, ":%s", refs[o->ref]);
    if (o->type == OPTION_ENUM) {
        for (size_t i = 0; i < o->choice_count; i++)
            buf_format(b, "%c%.*s", i ? ',' : '{', STR_ARG(o->choices[i]));
        buf_char(b, '}');
    }
    if (o->unit != OPTION_UNIT_NONE)
        buf_format(b, "[%s]", units[o->unit].spelling);
    else if (o->type == OPTION_INT || o->type == OPTION_FLOAT) {
        if (o->min != INT64_MIN && o->max != INT64_MAX)
            buf_format(b, "[%lld..%lld]", (long long)o->min, (long long)o->max);
        else if (o->min != INT64_MIN)
            buf_format(b, "[%lld..]", (long long)o->min);
    }
}

struct str option_type_text(struct arena *a, const struct option *o) {
    struct buf b = { .arena = a };
    if (o->shape != OPTION_ONE)
        buf_text(&b, o->shape == OPTION_LIST ? "list<" : "map<");
    if (o->key_type != OPTION_STRING)
        buf_format(&b, "%s,", types[o->key_type].spelling);
    print_atom(&b, o);
    if (o->shape != OPTION_ONE)
        buf_char(&b, '>');
    return buf_str(&b);
}

const char *option_type_gist(enum option_type type) {
    return types[type].gist;
}

const char *option_ref_name(enum option_ref ref) {
    return refs[ref];
}
