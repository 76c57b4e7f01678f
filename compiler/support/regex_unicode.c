/* Lookups in the tables that make_regex_unicode.go wrote. */
#include "support/regex_unicode.h"

struct run {
    uint32_t from, to, step;
};

static const struct run runs[] = {
#define NAME(spelling, first, count)
#define R(from, to, step) { from, to, step },
#include "support/regex_unicode.def"
#undef NAME
#undef R
};

static const struct {
    const char *name;
    size_t first, count;
} names[] = {
#define NAME(spelling, first, count) { spelling, first, count },
#define R(from, to, step)
#include "support/regex_unicode.def"
#undef NAME
#undef R
};

static const struct {
    uint32_t from, to, step;
    int32_t delta;
} folds[] = {
#define FOLD(from, to, step, delta) { from, to, step, delta },
#include "support/regex_unicode.def"
#undef FOLD
};

static const struct {
    const char *name, *category;
} aliases[] = {
#define CATEGORY(name)
#define SCRIPT(name)
#define ALIAS(name, category) { name, category },
#define SPECIAL(name)
#include "support/regex_names.def"
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool name_has(size_t index, uint32_t rune) {
    size_t low = names[index].first, high = low + names[index].count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (rune > runs[mid].to)
            low = mid + 1;
        else if (rune < runs[mid].from)
            high = mid;
        else
            return (rune - runs[mid].from) % runs[mid].step == 0;
    }
    return false;
}

/* Categories of two letters are in the file; the others are made of them. */
static bool category_has(struct str name, uint32_t rune) {
    for (size_t i = 0; i < COUNT(names); i++) {
        struct str known = str_of(names[i].name);
        bool part = str_eq(known, name) ||
                    (name.len == 1 && known.len == 2 && known.at[0] == name.at[0]) ||
                    (str_is(name, "Lc") &&
                     (str_is(known, "Lu") || str_is(known, "Ll") || str_is(known, "Lt")));
        if (part && name_has(i, rune))
            return true;
    }
    return false;
}

static bool is_assigned(uint32_t rune) {
    for (size_t i = 0; i < COUNT(names); i++)
        if (strlen(names[i].name) == 2 && name_has(i, rune))
            return true;
    return false;
}

bool regex_unicode_has(const char *name, uint32_t rune) {
    if (strcmp(name, "Any") == 0)
        return true;
    if (strcmp(name, "Ascii") == 0)
        return rune < 0x80;
    for (size_t i = 0; i < COUNT(aliases); i++)
        if (strcmp(aliases[i].name, name) == 0) {
            name = aliases[i].category;
            break;
        }
    bool unassigned = strcmp(name, "Cn") == 0 || strcmp(name, "C") == 0;
    if (unassigned || strcmp(name, "Assigned") == 0) {
        if (is_assigned(rune) != unassigned)
            return true;
        if (strcmp(name, "C") != 0)
            return false;
    }
    return category_has(str_of(name), rune);
}

uint32_t regex_fold_next(uint32_t rune) {
    size_t low = 0, high = COUNT(folds);
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (rune > folds[mid].to)
            low = mid + 1;
        else if (rune < folds[mid].from)
            high = mid;
        else if ((rune - folds[mid].from) % folds[mid].step == 0)
            return (uint32_t)((int32_t)rune + folds[mid].delta);
        else
            break;
    }
    /* Runs of every second character may lie in one another. */
    for (size_t i = low > 8 ? low - 8 : 0; i < COUNT(folds) && i < low + 8; i++)
        if (rune >= folds[i].from && rune <= folds[i].to &&
            (rune - folds[i].from) % folds[i].step == 0)
            return (uint32_t)((int32_t)rune + folds[i].delta);
    return rune;
}
