/* Scalars of a compose file that Compose reads further. */
#include "lower/compose_value.h"

#include <string.h>

static size_t digits(struct str s, size_t at) {
    size_t end = at;
    while (end < s.len && char_is_digit(s.at[end]))
        end++;
    return end - at;
}

/* "1m30s", "1.5h", "2d": numbers, each with its unit. */
static bool is_duration(struct str s) {
    static const char *const units[] = { "ns", "us", "µs", "ms", "s", "m", "h", "d", "w" };
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
        size_t longest = 0;
        for (size_t i = 0; i < sizeof units / sizeof *units; i++)
            if (str_starts(str_from(s, at), str_of(units[i])) && strlen(units[i]) > longest)
                longest = strlen(units[i]);
        if (longest == 0)
            return false;
        at += longest;
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

const char *compose_value_fault(struct str text, enum compose_reading reading) {
    switch (reading) {
    case READ_TEXT: return NULL;
    case READ_DURATION: return is_duration(text) ? NULL : "no duration such as 30s or 1m30s";
    case READ_SWITCH: return is_switch(text) ? NULL : "neither true nor false";
    case READ_COUNT: return is_count(text) ? NULL : "no whole number";
    }
    return NULL;
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
