/* After go.yaml.in/yaml, which resolves scalars, and Go's fmt, which writes them. */
#include "lower/compose_rewrite.h"

#include "lower/compose_value.h"
#include "support/arena.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 64 };

static bool all_of(const char *s, const char *set) {
    return *s && strspn(s, set) == strlen(s);
}

/* 0755, 0o17, 0x1F, 0b11, +5: false when it is no whole number. */
static bool read_int(const char *s, unsigned long long *out, bool *minus) {
    static const struct {
        const char *start, *digits;
        int base;
    } forms[] = {
        { "0x", "0123456789abcdefABCDEF", 16 },
        { "0o", "01234567", 8 },
        { "0b", "01", 2 },
        { "0", "01234567", 8 },
        { "", "0123456789", 10 },
    };
    *minus = *s == '-';
    s += *s == '-' || *s == '+';
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        size_t len = strlen(forms[i].start);
        if (strncmp(s, forms[i].start, len) != 0 || !all_of(s + len, forms[i].digits))
            continue;
        if (strlen(s + len) > 18)
            return false; /* too long for us to promise anything */
        *out = strtoull(s + len, NULL, forms[i].base);
        return true;
    }
    return false;
}

/* [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)? */
static bool is_float(const char *s) {
    s += *s == '-' || *s == '+';
    size_t whole = strspn(s, "0123456789"), part = 0;
    s += whole;
    if (*s == '.') {
        part = strspn(++s, "0123456789");
        s += part;
    }
    if (whole + part == 0)
        return false;
    if (*s == 'e' || *s == 'E') {
        s++;
        s += *s == '-' || *s == '+';
        return all_of(s, "0123456789");
    }
    return !*s;
}

/* The shortest text that reads as the same number; an exponent from 1e+06 on and below 1e-04. */
static struct str float_text(struct arena *a, double value) {
    char out[LONGEST];
    if (value > DBL_MAX || value < -DBL_MAX)
        return STR("");
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(out, sizeof out, "%.*e", digits - 1, value);
        if (strtod(out, NULL) != value)
            continue;
        int exponent = (int)strtol(strchr(out, 'e') + 1, NULL, 10);
        if (exponent >= -4 && exponent < 6)
            snprintf(out, sizeof out, "%.*f", digits - 1 > exponent ? digits - 1 - exponent : 0,
                     value);
        break;
    }
    return str_copy(a, str_of(out));
}

static struct str date_text(struct arena *a, struct str plain) {
    return plain.len == 10 ? str_format(a, "%.*s 00:00:00 +0000 UTC", STR_ARG(plain)) : STR("");
}

/* Digits may be parted by `_`. */
static size_t without_underscores(struct str plain, char bare[LONGEST]) {
    size_t len = 0;
    for (size_t i = 0; i < plain.len; i++)
        if (plain.at[i] != '_')
            bare[len++] = plain.at[i];
    bare[len] = '\0';
    return len;
}

static bool is_number(struct str plain) {
    char bare[LONGEST];
    unsigned long long whole;
    bool minus;
    if (plain.len >= LONGEST || !strchr("+-.0123456789", plain.at[0]))
        return false;
    without_underscores(plain, bare);
    return read_int(bare, &whole, &minus) || is_float(bare);
}

const char *compose_key_kind(struct str plain) {
    static const struct {
        const char *word, *kind;
    } words[] = {
        { "true", "true or false" },  { "True", "true or false" },  { "TRUE", "true or false" },
        { "false", "true or false" }, { "False", "true or false" }, { "FALSE", "true or false" },
        { "null", "nothing" },        { "Null", "nothing" },        { "NULL", "nothing" },
        { "~", "nothing" },           { ".inf", "a number" },       { ".Inf", "a number" },
        { ".INF", "a number" },       { "+.inf", "a number" },      { "-.inf", "a number" },
        { ".nan", "a number" },       { ".NaN", "a number" },       { ".NAN", "a number" },
    };
    /* Nothing else begins so: most keys are done with here. */
    if (!plain.len || !strchr("+-.0123456789tTfFnN~", plain.at[0]))
        return NULL;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_is(plain, words[i].word))
            return words[i].kind;
    return compose_is_date(plain) ? "a date" : is_number(plain) ? "a number" : NULL;
}

struct str compose_rewritten(struct arena *a, struct str plain) {
    char bare[LONGEST];
    unsigned long long whole;
    bool minus;
    struct str made = STR("");
    /* Nothing but numbers and dates begins so. */
    if (plain.len == 0 || !strchr("+-.0123456789", plain.at[0]) || plain.len >= sizeof bare)
        return made;
    if (compose_is_date(plain))
        return date_text(a, plain);
    size_t len = without_underscores(plain, bare);
    if (read_int(bare, &whole, &minus))
        made = whole == 0 && minus ? STR("-0") : str_format(a, "%s%llu", minus ? "-" : "", whole);
    else if (is_float(bare) && (strpbrk(bare, ".eE") || len <= 18))
        made = float_text(a, strtod(bare, NULL));
    return str_eq(made, plain) ? STR("") : made;
}
