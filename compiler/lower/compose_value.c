/* Scalars of a compose file that Compose reads further. */
#include "lower/compose_value.h"

#include <string.h>

static size_t digits(struct str s, size_t at) {
    size_t end = at;
    while (end < s.len && char_is_digit(s.at[end]))
        end++;
    return end - at;
}

/* Of "ns", "us", "µs", "ms", "s", "m", "h", "d", "w"; 0 when none stands there. */
static size_t unit_length(struct str s) {
    static const char alone[] = "smhdw", before_s[] = "num";
    if (s.len >= 2 && s.at[1] == 's' && memchr(before_s, s.at[0], sizeof before_s - 1))
        return 2;
    if (s.len >= 1 && memchr(alone, s.at[0], sizeof alone - 1))
        return 1;
    return str_starts(s, STR("µs")) ? strlen("µs") : 0;
}

/* "1m30s", "1.5h", "2d": numbers, each with its unit. */
static bool is_duration(struct str s) {
    size_t at = s.len && (s.at[0] == '-' || s.at[0] == '+');
    if (str_is(str_from(s, at), "0"))
        return true;
    if (at == s.len)
        return false;
    while (at < s.len) {
        size_t whole = digits(s, at), part = 0;
        at += whole;
        if (at < s.len && s.at[at] == '.')
            part = digits(s, ++at), at += part;
        if (whole + part == 0)
            return false;
        size_t unit = unit_length(str_from(s, at));
        if (unit == 0)
            return false;
        at += unit;
    }
    return true;
}

static bool is_switch(struct str s) {
    static const char *const known[] = { "true", "false", "yes", "no", "on", "off", "y", "n" };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq_nocase(s, str_of(known[i])))
            return true;
    return false;
}

static bool is_count(struct str s) {
    size_t at = s.len && (s.at[0] == '-' || s.at[0] == '+');
    return at < s.len && digits(s, at) == s.len - at;
}

static bool is_decimal(struct str s) {
    size_t at = s.len && (s.at[0] == '-' || s.at[0] == '+'), whole = digits(s, at), part = 0;
    at += whole;
    if (at < s.len && s.at[at] == '.')
        part = digits(s, ++at), at += part;
    return whole + part > 0 && at == s.len;
}

/* "512m", "1.5 GiB", "-1": as go-units reads it. */
static bool is_bytes(struct str s) {
    static const char *const units[] = { "", "b", "k", "m", "g", "t", "p" };
    size_t end = s.len;
    if (is_count(s))
        return true;
    while (end && !char_is_digit(s.at[end - 1]) && s.at[end - 1] != '.' && s.at[end - 1] != ' ')
        end--;
    struct str unit = str_from(s, end), number = str_slice(s, 0, end);
    if (str_ends(number, STR(" ")))
        number = str_slice(number, 0, number.len - 1);
    struct str tail = str_from(unit, unit.len ? 1 : 0);
    bool ended = !tail.len || str_eq_nocase(tail, STR("b")) || str_eq_nocase(tail, STR("ib"));
    bool known = false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        known = known || str_eq_nocase(str_slice(unit, 0, 1), str_of(units[i]));
    return is_decimal(number) && known && ended &&
           !(tail.len && str_eq_nocase(str_slice(unit, 0, 1), STR("b")));
}

static bool is_host(struct str s) {
    return str_find(s, '=') != STR_NONE || str_find(s, ':') != STR_NONE;
}

static bool is_container(struct str s) {
    for (size_t i = 0; i < s.len; i++)
        if (!char_is_alnum(s.at[i]) && (i == 0 || !strchr("_.-", s.at[i])))
            return false;
    return s.len > 1;
}

static const struct {
    bool (*reads)(struct str);
    struct compose_fault fault;
} readings[] = {
#define REFUSED "Compose refuses the file"
    [READ_DURATION] = { is_duration,
                        { "no duration such as 30s or 1m30s", REFUSED, "30s, 5m or 1m30s" } },
    [READ_SWITCH] = { is_switch, { "neither true nor false", REFUSED, "true or false" } },
    [READ_COUNT] = { is_count, { "no whole number", REFUSED, "the number in digits" } },
    [READ_BYTES] = { is_bytes, { "no size", REFUSED, "a number of bytes, or 512k, 64m, 2g" } },
    [READ_DECIMAL] = { is_decimal, { "no number", REFUSED, "a number such as 0.5" } },
    [READ_HOST] = { is_host, { "a name without an address", REFUSED, "NAME=ADDRESS" } },
    [READ_NAME] = { is_container,
                    { "no name for a container", "Docker starts no container of that name",
                      "two letters, digits, `_`, `.` or `-` or more, the first a letter or digit" } },
#undef REFUSED
};

const struct compose_fault *compose_value_fault(struct str text, enum compose_reading reading) {
    return !readings[reading].reads || readings[reading].reads(text) ? NULL
                                                                     : &readings[reading].fault;
}

static bool is_name_char(char c, bool first) {
    c = char_lower(c);
    return (c >= 'a' && c <= 'z') || c == '_' || (!first && char_is_digit(c));
}

/* Behind "${": a name, and `}` or one of `:-`, `-`, `:?`, `?`, `:+`, `+` and a `}` later. */
static bool is_braced(struct str s) {
    size_t at = 0;
    while (at < s.len && is_name_char(s.at[at], at == 0))
        at++;
    if (at == 0 || at == s.len)
        return false;
    if (s.at[at] == '}')
        return true;
    at += s.at[at] == ':';
    return at < s.len && strchr("-?+", s.at[at]) && str_find(str_from(s, at), '}') != STR_NONE;
}

bool compose_variable_fault(struct str text, size_t *from, size_t *to) {
    for (size_t i = 0; i + 1 < text.len; i++) {
        if (text.at[i] != '$')
            continue;
        if (text.at[i + 1] == '$') {
            i++;
            continue;
        }
        if (text.at[i + 1] != '{' || is_braced(str_from(text, i + 2)))
            continue;
        size_t close = str_find(str_from(text, i), '}');
        *from = i;
        *to = close == STR_NONE ? text.len : i + close + 1;
        return true;
    }
    return false;
}

bool compose_is_date(struct str s) {
    size_t month = digits(s, 5), day_at = 5 + month + 1, day;
    if (digits(s, 0) != 4 || s.len < 8 || s.at[4] != '-' || month < 1 || month > 2 ||
        day_at >= s.len || s.at[day_at - 1] != '-')
        return false;
    day = digits(s, day_at);
    size_t end = day_at + day;
    return day >= 1 && day <= 2 &&
           (end == s.len ||
            (end + 1 < s.len && strchr("Tt ", s.at[end]) && char_is_digit(s.at[end + 1])));
}
