/* Does a text fit an option's type? Numbers, durations, words and a few simple shapes are judged
 * here; what needs more knowledge is passed on. */
#include "options/value.h"

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

/* Go's ParseInt in base ten. */
static bool parse_int(struct str s, int64_t *out) {
    bool minus = s.len > 0 && s.at[0] == '-';
    uint64_t value;
    if (s.len > 0 && (s.at[0] == '-' || s.at[0] == '+'))
        s = str_from(s, 1);
    if (!str_to_uint(s, (uint64_t)INT64_MAX + minus, &value))
        return false;
    *out = !minus ? (int64_t)value : value ? -(int64_t)(value - 1) - 1 : 0;
    return true;
}

static bool is_number(struct str s) {
    size_t from = s.len > 0 && (s.at[0] == '-' || s.at[0] == '+'), at = from;
    while (at < s.len && char_is_digit(s.at[at]))
        at++;
    return at == s.len && at > from;
}

/* The whole text as a decimal number; enough of a float for a configuration. */
static bool parse_float(struct str s, double *out) {
    double value = 0, place = 1, sign = 1;
    size_t at = 0, digits = 0;
    if (at < s.len && (s.at[at] == '-' || s.at[at] == '+'))
        sign = s.at[at++] == '-' ? -1 : 1;
    for (; at < s.len && char_is_digit(s.at[at]); at++, digits++)
        value = value * 10 + (s.at[at] - '0');
    if (at < s.len && s.at[at] == '.')
        for (at++; at < s.len && char_is_digit(s.at[at]); at++, digits++)
            value += (s.at[at] - '0') * (place /= 10);
    if (digits && at < s.len && char_lower(s.at[at]) == 'e') {
        int64_t exponent;
        if (!parse_int(str_from(s, at + 1), &exponent) || exponent > 300 || exponent < -300)
            return false;
        for (; exponent > 0; exponent--)
            value *= 10;
        for (; exponent < 0; exponent++)
            value /= 10;
        at = s.len;
    }
    *out = sign * value;
    return digits && at == s.len;
}

/* `10MiB` -> 10485760, `2048 kb` -> 2048000 */
static struct str bytes_from_size(struct arena *a, struct str s) {
    static const struct {
        const char *word;
        uint64_t factor;
    } sizes[] = { { "b", 1 },           { "k", 1024 },      { "kb", 1000 },     { "kib", 1024 },
                  { "m", 1048576 },     { "mb", 1000000 },  { "mib", 1048576 }, { "g", 1u << 30 },
                  { "gb", 1000000000 }, { "gib", 1u << 30 } };
    size_t at = 0;
    uint64_t count;
    while (at < s.len && char_is_digit(s.at[at]))
        at++;
    if (!str_to_uint(str_slice(s, 0, at), UINT32_MAX, &count))
        return (struct str){ 0 };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (str_eq_nocase(str_trim(str_from(s, at)), str_of(sizes[i].word)))
            return str_format(a, "%llu", (unsigned long long)(count * sizes[i].factor));
    return (struct str){ 0 };
}

/* `10s` for an option that counts milliseconds -> 10000 */
static struct str count_from_duration(const struct check *c) {
    int64_t duration, unit = units[c->option->unit].nanoseconds;
    if (unit == 0 || !option_duration(c->text, &duration) || duration % unit != 0)
        return (struct str){ 0 };
    return str_format(c->arena, "%lld", (long long)(duration / unit));
}

static void check_int(struct check *c) {
    const struct option *o = c->option;
    int64_t value;
    if (parse_int(c->text, &value)) {
        if (value < o->min || value > o->max)
            outside(c);
    } else if (is_number(c->text)) {
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
    if (!parse_int(c->text, &value))
        expected(c, types[OPTION_BYTES].gist, bytes_from_size(c->arena, c->text));
}

static void check_percent(struct check *c) {
    int64_t value;
    struct str plain =
        str_ends(c->text, STR("%")) ? str_slice(c->text, 0, c->text.len - 1) : c->text;
    if (!parse_int(plain, &value))
        expected(c, types[OPTION_PERCENT].gist, (struct str){ 0 });
    else if (plain.len != c->text.len)
        expected(c, types[OPTION_PERCENT].gist, plain);
    else if (value < 0 || value > 100)
        outside(c);
}

static void check_port(struct check *c) {
    int64_t value;
    struct str plain = str_starts(c->text, STR(":")) ? str_from(c->text, 1) : c->text;
    if (!is_number(plain))
        expected(c, types[OPTION_PORT].gist, (struct str){ 0 });
    else if (plain.len != c->text.len)
        expected(c, types[OPTION_PORT].gist, plain);
    else if (!parse_int(plain, &value) || value < c->option->min || value > c->option->max)
        outside(c);
}

static void check_float(struct check *c) {
    double value;
    if (!parse_float(c->text, &value))
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

/* Words that people write for a unit, and Go's word for it; days and more become hours. */
static const struct {
    const char *word, *go;
    int64_t nanoseconds;
    unsigned hours;
} time_words[] = {
    { "ns", "ns", 1, 0 },
    { "us", "us", 1000, 0 },
    { "\302\265s", "us", 1000, 0 }, /* micro sign */
    { "\316\274s", "us", 1000, 0 }, /* Greek mu */
    { "ms", "ms", 1000000, 0 },
    { "s", "s", 1000000000, 0 },
    { "m", "m", 60000000000, 0 },
    { "h", "h", 3600000000000, 0 },
    /* from here on not Go */
    { "msec", "ms", 0, 0 },
    { "sec", "s", 0, 0 },
    { "secs", "s", 0, 0 },
    { "second", "s", 0, 0 },
    { "seconds", "s", 0, 0 },
    { "min", "m", 0, 0 },
    { "mins", "m", 0, 0 },
    { "minute", "m", 0, 0 },
    { "minutes", "m", 0, 0 },
    { "hr", "h", 0, 0 },
    { "hour", "h", 0, 0 },
    { "hours", "h", 0, 0 },
    { "d", "h", 0, 24 },
    { "day", "h", 0, 24 },
    { "days", "h", 0, 24 },
    { "w", "h", 0, 168 },
    { "week", "h", 0, 168 },
    { "weeks", "h", 0, 168 },
    { "y", "h", 0, 8760 },
};
enum { TIME_WORDS = sizeof time_words / sizeof *time_words };

static size_t time_word(struct str word) {
    for (size_t i = 0; i < TIME_WORDS; i++)
        if (str_is(word, time_words[i].word))
            return i;
    return STR_NONE;
}

/* Takes one `1.5h` off the front: the number, and the word after it. */
static bool time_part(struct str *rest, struct str *number, struct str *word) {
    size_t at = 0, dots = 0, from;
    for (; at < rest->len && (char_is_digit(rest->at[at]) || rest->at[at] == '.'); at++)
        dots += rest->at[at] == '.';
    *number = str_slice(*rest, 0, at);
    for (from = at; from < rest->len && rest->at[from] == ' '; from++)
        ;
    for (at = from; at < rest->len && !char_is_digit(rest->at[at]) && rest->at[at] != '.' &&
                    rest->at[at] != ' ' && rest->at[at] != '-';
         at++)
        ;
    *word = str_slice(*rest, from, at);
    *rest = str_from(*rest, at);
    return number->len > dots && dots <= 1;
}

bool option_duration(struct str text, int64_t *nanoseconds) {
    double total = 0;
    int64_t seconds;
    if (parse_int(text, &seconds)) {
        if (seconds > INT64_MAX / 1000000000 || seconds < -(INT64_MAX / 1000000000))
            return false;
        *nanoseconds = seconds * 1000000000;
        return true;
    }
    bool minus = text.len > 0 && text.at[0] == '-';
    if (text.len > 0 && (text.at[0] == '-' || text.at[0] == '+'))
        text = str_from(text, 1);
    if (text.len == 0 || str_find(text, ' ') != STR_NONE)
        return false;
    while (text.len) {
        struct str number, word;
        double value;
        if (!time_part(&text, &number, &word) || !parse_float(number, &value))
            return false;
        size_t unit = time_word(word);
        if (unit == STR_NONE || time_words[unit].nanoseconds == 0)
            return false;
        total += value * (double)time_words[unit].nanoseconds;
    }
    if (total >= 9.2e18)
        return false;
    *nanoseconds = (int64_t)(minus ? -total : total);
    return true;
}

/* `30 sec` -> 30s, `7d` -> 168h; empty when it cannot be told. */
static struct str duration_from_words(struct arena *a, struct str s) {
    struct buf b = { .arena = a };
    for (s = str_trim(s); s.len; s = str_trim(s)) {
        struct str number, word;
        char lower[8];
        if (!time_part(&s, &number, &word) || word.len > sizeof lower)
            return (struct str){ 0 };
        for (size_t i = 0; i < word.len; i++)
            lower[i] = char_lower(word.at[i]);
        size_t unit = time_word((struct str){ lower, word.len });
        uint64_t count;
        if (unit == STR_NONE)
            return (struct str){ 0 };
        if (time_words[unit].hours == 0)
            buf_format(&b, "%.*s%s", STR_ARG(number), time_words[unit].go);
        else if (str_to_uint(number, 10000, &count))
            buf_format(&b, "%lluh", (unsigned long long)count * time_words[unit].hours);
        else
            return (struct str){ 0 };
    }
    return buf_str(&b);
}

static void check_duration(struct check *c) {
    int64_t duration;
    if (!option_duration(c->text, &duration))
        expected(c, types[OPTION_DURATION].gist, duration_from_words(c->arena, c->text));
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
    struct nearest n = { .wanted = c->text };
    struct buf list = { .arena = c->arena };
    for (size_t i = 0; i < o->choice_count; i++) {
        struct str choice = o->choices[i];
        if (str_eq(c->text, choice) || (o->choices_nocase && str_eq_nocase(c->text, choice)))
            return;
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
    if (colon != STR_NONE && protocol_fits && is_number(str_from(text, colon + 1))) {
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
