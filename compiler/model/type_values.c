/* Words, numbers, and values with a unit. */
#include "model/types.h"
#include "model/unit_words.h"
#include "model/units.h"

#include <inttypes.h>

bool type_check_word(struct type_check *c) {
    struct str s = c->text->s;
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] == ' ' || s.at[i] == '\t' || s.at[i] == '\n')
            return type_refuse(c, DIAG_VALUE_KIND, fault_at(1, i, i + 1), "word",
                               "it holds a blank");
    return s.len ? true : type_refuse(c, DIAG_VALUE_KIND, fault_none(), "word", "");
}

bool type_check_string(struct type_check *c) {
    (void)c;
    return true;
}

bool type_check_bool(struct type_check *c) {
    static const struct {
        const char *word, *meant;
    } words[] = { { "yes", "true" }, { "on", "true" },   { "1", "true" },
                  { "no", "false" }, { "off", "false" }, { "0", "false" } };
    if (str_is(c->text->s, "true") || str_is(c->text->s, "false"))
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_nocase(c->text->s, str_of(words[i].word)))
            return type_refuse_for(c, DIAG_CHOICE, fault_none(), "truth value",
                                   "it is `true` or `false`", true, str_of(words[i].meant));
    return type_refuse(c, DIAG_CHOICE, fault_none(), "truth value", "it is `true` or `false`");
}

/* Digits with an optional minus. */
static bool read_number(struct str s, int64_t *out, bool *too_large) {
    bool minus = s.len > 0 && s.at[0] == '-';
    struct str digits = str_from(s, minus);
    uint64_t value;
    *too_large = digits.len > 0;
    for (size_t i = 0; i < digits.len; i++)
        *too_large &= char_is_digit(digits.at[i]);
    if (!str_to_uint(digits, INT64_MAX, &value))
        return false;
    *out = minus ? -(int64_t)value : (int64_t)value;
    return true;
}

bool type_check_number(struct type_check *c) {
    int64_t value;
    bool too_large;
    if (!read_number(c->text->s, &value, &too_large))
        return type_refuse(c, DIAG_NUMBER, fault_none(), "whole number",
                           too_large ? "it is too large" : "it has other characters than digits");
    c->out->s = str_format(scope_arena(c->scope), "%" PRId64, value);
    return true;
}

bool type_check_priority(struct type_check *c) {
    const int64_t highest = INT64_MAX - 1000; /* Traefik keeps the rest for itself */
    int64_t value;
    bool too_large;
    if (!read_number(c->text->s, &value, &too_large) && !too_large)
        return type_check_number(c);
    if (too_large && read_number(c->text->s, &value, &too_large) && value <= highest)
        return type_check_number(c);
    struct diag *d = type_tell(c, DIAG_PRIORITY_RANGE, 0, 0, "the priority %.*s is above %" PRId64,
                               STR_ARG(text_quote(scope_arena(c->scope), c->text->s)), highest);
    diag_effect(scope_diags(c->scope), d, "Traefik would disable the router");
    return type_end(c);
}

bool type_check_percent(struct type_check *c) {
    unsigned value;
    struct fault f = percent_parse(c->text->s, &value);
    if (f.error == UNITS_PERCENT_BARE)
        return type_refuse_for(c, DIAG_PERCENT, f, "percentage", "the percent sign is missing",
                               true,
                               str_format(scope_arena(c->scope), "%.*s%%", STR_ARG(c->text->s)));
    if (f.error)
        return type_refuse(c, DIAG_PERCENT, f, "percentage", units_error_text(f.error));
    c->out->s = str_format(scope_arena(c->scope), "%u", value);
    return true;
}

bool type_check_duration(struct type_check *c) {
    struct duration value;
    struct fault f = duration_parse(c->text->s, &value);
    if (f.error == UNITS_DURATION_BARE)
        return type_refuse_for(c, DIAG_DURATION, f, "duration", "the unit is missing", false,
                               str_format(scope_arena(c->scope), "%.*ss", STR_ARG(c->text->s)));
    const char *meant = f.error == UNITS_DURATION_UNIT
                            ? unit_meant(TYPE_DURATION, str_slice(c->text->s, f.from, f.to))
                            : NULL;
    if (meant && f.to == c->text->s.len)
        return type_refuse_for(c, DIAG_DURATION, f, "duration", units_error_text(f.error), true,
                               str_format(scope_arena(c->scope), "%.*s%s",
                                          STR_ARG(str_slice(c->text->s, 0, f.from)), meant));
    if (f.error)
        return type_refuse(c, DIAG_DURATION, f, "duration", units_error_text(f.error));
    /* As it was written where Traefik reads it too; of days and longer it knows nothing. */
    bool long_unit = false;
    for (size_t i = 0; i < c->text->s.len; i++)
        long_unit |= strchr("dwy", c->text->s.at[i]) != NULL;
    if (long_unit)
        c->out->s = duration_text(scope_arena(c->scope), value);
    return true;
}

bool type_check_rate(struct type_check *c) {
    struct rate value;
    struct fault f = rate_parse(c->text->s, &value);
    if (f.error == UNITS_RATE_BARE)
        return type_refuse_for(c, DIAG_RATE, f, "rate", "the period is missing", false,
                               str_format(scope_arena(c->scope), "%.*s/s", STR_ARG(c->text->s)));
    const char *meant = f.error == UNITS_RATE_PERIOD
                            ? unit_meant(TYPE_RATE, str_slice(c->text->s, f.from, f.to))
                            : NULL;
    if (meant)
        return type_refuse_for(c, DIAG_RATE, f, "rate", units_error_text(f.error), true,
                               str_format(scope_arena(c->scope), "%.*s%s",
                                          STR_ARG(str_slice(c->text->s, 0, f.from)), meant));
    if (f.error)
        return type_refuse(c, DIAG_RATE, f, "rate", units_error_text(f.error));
    return true;
}

bool type_check_size(struct type_check *c) {
    uint64_t value;
    struct fault f = size_parse(c->text->s, &value);
    if (f.error == UNITS_SIZE_BARE)
        return type_refuse_for(c, DIAG_SIZE, f, "size", "the unit is missing", false,
                               str_format(scope_arena(c->scope), "%.*sB", STR_ARG(c->text->s)));
    const char *meant = f.error == UNITS_SIZE_UNIT
                            ? unit_meant(TYPE_SIZE, str_slice(c->text->s, f.from, f.to))
                            : NULL;
    if (meant)
        return type_refuse_for(c, DIAG_SIZE, f, "size", units_error_text(f.error), false,
                               str_format(scope_arena(c->scope), "%.*s%s",
                                          STR_ARG(str_slice(c->text->s, 0, f.from)), meant));
    if (f.error)
        return type_refuse(c, DIAG_SIZE, f, "size", units_error_text(f.error));
    c->out->s = str_format(scope_arena(c->scope), "%" PRIu64, value);
    return true;
}
