/* Durations, rates, sizes and percentages. A bare number is refused everywhere: Traefik reads one
   as seconds in some options and as nanoseconds in others. */
#include "model/units.h"

#include "support/buf.h"

struct unit {
    const char *name;
    uint64_t worth;
};

#define SECOND UINT64_C(1000000000)

/* From the largest to the smallest, the order in which they may stand. */
static const struct unit durations[] = {
    { "y", 365 * 86400 * SECOND },
    { "w", 7 * 86400 * SECOND },
    { "d", 86400 * SECOND },
    { "h", 3600 * SECOND },
    { "m", 60 * SECOND },
    { "s", SECOND },
    { "ms", 1000000 },
};
static const struct unit sizes[] = {
    { "B", 1 },     { "KiB", 1 << 10 }, { "MiB", 1 << 20 },   { "GiB", 1 << 30 },
    { "kB", 1000 }, { "MB", 1000000 },  { "GB", 1000000000 },
};
static const struct unit periods[] = { { "s", 1 }, { "m", 60 }, { "h", 3600 } };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static size_t find_unit(const struct unit *units, size_t count, struct str name) {
    size_t i = 0;
    while (i < count && !str_is(name, units[i].name))
        i++;
    return i;
}

static size_t digits_end(struct str text, size_t from) {
    while (from < text.len && char_is_digit(text.at[from]))
        from++;
    return from;
}

/* A unit is one word of letters; taking the whole word lets the caret show all of "sec". A "µ" is
   such a letter to its writer. */
static size_t unit_end(struct str text, size_t from) {
    while (from < text.len &&
           (char_is_alpha(text.at[from]) || (unsigned char)text.at[from] >= 0x80))
        from++;
    return from;
}

/* The number that each of these types begins with. */
static struct fault read_number(struct str text, size_t from, size_t *end, uint64_t *out) {
    if (from == text.len)
        return fault_at(UNITS_EMPTY, from, from);
    *end = digits_end(text, from);
    if (*end == from) {
        bool minus = text.at[from] == '-' && digits_end(text, from + 1) > from + 1;
        return fault_at(minus ? UNITS_NEGATIVE : UNITS_NOT_NUMBER, from, text.len);
    }
    if (*end < text.len && (text.at[*end] == '.' || text.at[*end] == ',') &&
        digits_end(text, *end + 1) > *end + 1)
        return fault_at(UNITS_FRACTION, from, digits_end(text, *end + 1));
    if (!str_to_uint(str_slice(text, from, *end), INT64_MAX, out))
        return fault_at(UNITS_TOO_LARGE, from, *end);
    return fault_none();
}

struct fault duration_parse(struct str text, struct duration *out) {
    uint64_t total = 0;
    size_t at = 0, last = COUNT(durations); /* no unit yet */
    unsigned seen = 0;
    do {
        uint64_t number;
        size_t end;
        struct fault f = read_number(text, at, &end, &number);
        if (f.error)
            return f;
        size_t stop = unit_end(text, end);
        if (stop == end)
            return end == text.len ? fault_at(UNITS_DURATION_BARE, at, end)
                                   : fault_at(UNITS_DURATION_UNIT, end, text.len);
        size_t unit = find_unit(durations, COUNT(durations), str_slice(text, end, stop));
        if (unit == COUNT(durations))
            return fault_at(UNITS_DURATION_UNIT, end, stop);
        if (seen & 1u << unit)
            return fault_at(UNITS_DURATION_TWICE, at, stop);
        if (last != COUNT(durations) && unit < last)
            return fault_at(UNITS_DURATION_ORDER, at, stop);
        if (number > (INT64_MAX - total) / durations[unit].worth)
            return fault_at(UNITS_TOO_LARGE, 0, text.len);
        total += number * durations[unit].worth;
        seen |= 1u << unit;
        last = unit;
        at = stop;
    } while (at < text.len);
    out->nanoseconds = (int64_t)total;
    return fault_none();
}

struct str duration_text(struct arena *a, struct duration d) {
    static const struct unit go[] = {
        { "h", 3600 * SECOND }, { "m", 60 * SECOND }, { "s", SECOND },
        { "ms", 1000000 },      { "us", 1000 },       { "ns", 1 },
    };
    struct buf b = { .arena = a };
    uint64_t rest = d.nanoseconds > 0 ? (uint64_t)d.nanoseconds : 0;
    for (size_t i = 0; i < COUNT(go); i++) {
        if (rest >= go[i].worth)
            buf_format(&b, "%llu%s", (unsigned long long)(rest / go[i].worth), go[i].name);
        rest %= go[i].worth;
    }
    return b.len ? buf_str(&b) : STR("0s");
}

bool duration_seconds(struct duration d, uint64_t *out) {
    if (d.nanoseconds < 0 || (uint64_t)d.nanoseconds % SECOND)
        return false;
    *out = (uint64_t)d.nanoseconds / SECOND;
    return true;
}

struct fault rate_parse(struct str text, struct rate *out) {
    size_t end;
    uint64_t average;
    struct fault f = read_number(text, 0, &end, &average);
    if (f.error)
        return f;
    if (end == text.len)
        return fault_at(UNITS_RATE_BARE, 0, end);
    if (text.at[end] != '/')
        return fault_at(UNITS_RATE_PERIOD, end, text.len);
    size_t period = find_unit(periods, COUNT(periods), str_from(text, end + 1));
    if (period == COUNT(periods))
        return fault_at(UNITS_RATE_PERIOD, end + 1 < text.len ? end + 1 : end, text.len);
    if (!average)
        return fault_at(UNITS_RATE_ZERO, 0, end);
    *out = (struct rate){ average, (int64_t)periods[period].worth };
    return fault_none();
}

struct fault size_parse(struct str text, uint64_t *bytes) {
    size_t end;
    uint64_t number;
    struct fault f = read_number(text, 0, &end, &number);
    if (f.error)
        return f;
    if (end == text.len)
        return fault_at(UNITS_SIZE_BARE, 0, end);
    size_t unit = find_unit(sizes, COUNT(sizes), str_from(text, end));
    if (unit == COUNT(sizes))
        return fault_at(UNITS_SIZE_UNIT, end, text.len);
    if (number > INT64_MAX / sizes[unit].worth)
        return fault_at(UNITS_TOO_LARGE, 0, text.len);
    *bytes = number * sizes[unit].worth;
    return fault_none();
}

struct fault percent_parse(struct str text, unsigned *out) {
    size_t end;
    uint64_t number;
    struct fault f = read_number(text, 0, &end, &number);
    if (f.error == UNITS_TOO_LARGE)
        return fault_at(UNITS_PERCENT_RANGE, 0, text.len);
    if (f.error)
        return f;
    if (end == text.len)
        return fault_at(UNITS_PERCENT_BARE, 0, end);
    if (!str_eq(str_from(text, end), STR("%")))
        return fault_at(UNITS_PERCENT_BARE, end, text.len);
    if (number < 1 || number > 100)
        return fault_at(UNITS_PERCENT_RANGE, 0, text.len);
    *out = (unsigned)number;
    return fault_none();
}

const char *units_error_text(int error) {
    static const char *const texts[] = { UNITS_ERRORS(FAULT_PHRASE) };
    return texts[error];
}
