/* Numbers, sizes and durations as Traefik reads them, and what people write instead. */
#include "options/number.h"

#include "support/buf.h"

bool number_int(struct str s, int64_t *out) {
    bool minus = s.len > 0 && s.at[0] == '-';
    uint64_t value;
    if (s.len > 0 && (s.at[0] == '-' || s.at[0] == '+'))
        s = str_from(s, 1);
    if (!str_to_uint(s, (uint64_t)INT64_MAX + minus, &value))
        return false;
    *out = !minus ? (int64_t)value : value ? -(int64_t)(value - 1) - 1 : 0;
    return true;
}

bool number_looks(struct str s) {
    size_t from = s.len > 0 && (s.at[0] == '-' || s.at[0] == '+'), at = from;
    while (at < s.len && char_is_digit(s.at[at]))
        at++;
    return at == s.len && at > from;
}

bool number_float(struct str s, double *out) {
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
        if (!number_int(str_from(s, at + 1), &exponent) || exponent > 300 || exponent < -300)
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

struct str number_from_size(struct arena *a, struct str s) {
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

bool number_duration(struct str text, int64_t *nanoseconds) {
    double total = 0;
    int64_t seconds;
    if (number_int(text, &seconds)) {
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
        if (!time_part(&text, &number, &word) || !number_float(number, &value))
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

struct str number_from_time(struct arena *a, struct str s) {
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
