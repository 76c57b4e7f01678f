#include "model/unit_words.h"

static const struct {
    enum type_kind type;
    const char *word, *unit;
} words[] = {
    { TYPE_DURATION, "ms", "ms" },    { TYPE_DURATION, "millisecond", "ms" },
    { TYPE_DURATION, "s", "s" },      { TYPE_DURATION, "sec", "s" },
    { TYPE_DURATION, "second", "s" }, { TYPE_DURATION, "m", "m" },
    { TYPE_DURATION, "min", "m" },    { TYPE_DURATION, "minute", "m" },
    { TYPE_DURATION, "h", "h" },      { TYPE_DURATION, "hr", "h" },
    { TYPE_DURATION, "hour", "h" },   { TYPE_DURATION, "d", "d" },
    { TYPE_DURATION, "day", "d" },    { TYPE_DURATION, "w", "w" },
    { TYPE_DURATION, "week", "w" },   { TYPE_DURATION, "y", "y" },
    { TYPE_DURATION, "year", "y" },   { TYPE_SIZE, "B", "B" },
    { TYPE_SIZE, "byte", "B" },       { TYPE_SIZE, "KiB", "KiB" },
    { TYPE_SIZE, "kB", "kB" },        { TYPE_SIZE, "MiB", "MiB" },
    { TYPE_SIZE, "MB", "MB" },        { TYPE_SIZE, "GiB", "GiB" },
    { TYPE_SIZE, "GB", "GB" },        { TYPE_SIZE, "k", "KiB" },
    { TYPE_SIZE, "M", "MiB" },        { TYPE_SIZE, "G", "GiB" },
    { TYPE_RATE, "s", "s" },          { TYPE_RATE, "sec", "s" },
    { TYPE_RATE, "second", "s" },     { TYPE_RATE, "m", "m" },
    { TYPE_RATE, "min", "m" },        { TYPE_RATE, "minute", "m" },
    { TYPE_RATE, "h", "h" },          { TYPE_RATE, "hr", "h" },
    { TYPE_RATE, "hour", "h" },       { TYPE_PERCENT, "%", "%" },
    { TYPE_PERCENT, "percent", "%" },
};

/* One or several: "second", "seconds". */
static bool is_said(struct str said, const char *word) {
    struct str one = str_of(word);
    return str_eq_nocase(said, one) ||
           (one.len > 2 && said.len == one.len + 1 && char_lower(said.at[one.len]) == 's' &&
            str_eq_nocase(str_slice(said, 0, one.len), one));
}

const char *unit_meant(enum type_kind type, struct str word) {
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].type == type && is_said(word, words[i].word))
            return words[i].unit;
    return NULL;
}

static bool is_number(const struct node *node) {
    if (!node || node->kind != NODE_WORD)
        return false;
    struct str s = ((const struct node_text *)node)->text;
    for (size_t i = 0; i < s.len; i++)
        if (!char_is_digit(s.at[i]))
            return false;
    return s.len > 0;
}

struct node *unit_detached(struct scope *scope, enum type_kind type, struct node *number) {
    static const struct {
        enum type_kind type;
        enum diag_code code;
        const char *what;
    } kinds[] = {
        { TYPE_DURATION, DIAG_DURATION, "duration" },
        { TYPE_SIZE, DIAG_SIZE, "size" },
        { TYPE_PERCENT, DIAG_PERCENT, "percentage" },
    };
    struct node *unit = is_number(number) ? number->next : NULL;
    const char *meant =
        unit && unit->kind == NODE_WORD ? unit_meant(type, node_text(unit)->text) : NULL;
    for (size_t i = 0; meant && i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i].type != type)
            continue;
        struct str count = node_text(number)->text;
        struct span span = { number->span.start, unit->span.end };
        struct diag *d =
            diag_add(scope_diags(scope), kinds[i].code, span,
                     "`%.*s %.*s` is no %s: the unit follows its number without a blank",
                     STR_ARG(count), STR_ARG(node_text(unit)->text), kinds[i].what);
        struct str instead = str_format(scope_arena(scope), "%.*s%s", STR_ARG(count), meant);
        diag_help(scope_diags(scope), d, "write `%.*s`", STR_ARG(instead));
        diag_fix_replace(scope_diags(scope), d, true, span, instead);
        return unit;
    }
    return NULL;
}
