/* Named character classes. ASCII ones become ranges at once; Unicode ones stay names, because the
   hosts and paths that are matched here are ASCII nearly always. */
#include "support/regex_class.h"

struct named {
    const char *name;
    struct regex_range ranges[REGEX_RANGES_MOST];
};

static const struct named perl_classes[] = {
    { "d", { { '0', '9' } } },
    { "s", { { '\t', '\n' }, { '\f', '\r' }, { ' ', ' ' } } },
    { "w", { { '0', '9' }, { 'A', 'Z' }, { '_', '_' }, { 'a', 'z' } } },
};
static const struct named posix_classes[] = {
    { "alnum", { { '0', '9' }, { 'A', 'Z' }, { 'a', 'z' } } },
    { "alpha", { { 'A', 'Z' }, { 'a', 'z' } } },
    { "ascii", { { 0, 0x7f } } },
    { "blank", { { '\t', '\t' }, { ' ', ' ' } } },
    { "cntrl", { { 0, 0x1f }, { 0x7f, 0x7f } } },
    { "digit", { { '0', '9' } } },
    { "graph", { { '!', '~' } } },
    { "lower", { { 'a', 'z' } } },
    { "print", { { ' ', '~' } } },
    { "punct", { { '!', '/' }, { ':', '@' }, { '[', '`' }, { '{', '~' } } },
    { "space", { { '\t', '\r' }, { ' ', ' ' } } },
    { "upper", { { 'A', 'Z' } } },
    { "word", { { '0', '9' }, { 'A', 'Z' }, { '_', '_' }, { 'a', 'z' } } },
    { "xdigit", { { '0', '9' }, { 'A', 'F' }, { 'a', 'f' } } },
};

static const char *const unicode_names[] = {
#define CATEGORY(name)        name,
#define SCRIPT(name)          name,
#define ALIAS(name, category) name,
#define SPECIAL(name)         name,
#include "support/regex_names.def"
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

void regex_items_add(struct regex_items *items, struct regex_item item) {
    if (items->len == items->room) {
        size_t room = items->room ? 2 * items->room : 8;
        struct regex_item *at = arena_array(items->arena, struct regex_item, room);
        if (items->len)
            memcpy(at, items->at, items->len * sizeof *at);
        items->at = at;
        items->room = room;
    }
    items->at[items->len++] = item;
}

static void add_named(struct regex_items *items, const struct named *class, bool negated) {
    if (negated) {
        regex_items_add(items, (struct regex_item){ .ascii = class->ranges, .negated = true });
        return;
    }
    for (size_t i = 0; i < REGEX_RANGES_MOST && (i == 0 || class->ranges[i].to); i++)
        regex_items_add(
            items, (struct regex_item){ .from = class->ranges[i].from, .to = class->ranges[i].to });
}

bool regex_items_add_perl(struct regex_items *items, char letter) {
    for (size_t i = 0; i < COUNT(perl_classes); i++) {
        if (perl_classes[i].name[0] == char_lower(letter)) {
            add_named(items, &perl_classes[i], char_is_upper(letter));
            return true;
        }
    }
    return false;
}

bool regex_items_add_posix(struct regex_items *items, struct str name) {
    bool negated = str_starts(name, STR("^"));
    name = str_from(name, negated);
    for (size_t i = 0; i < COUNT(posix_classes); i++) {
        if (str_is(name, posix_classes[i].name)) {
            add_named(items, &posix_classes[i], negated);
            return true;
        }
    }
    return false;
}

/* Go's canonicalName: first letter upper case, the rest lower, no blanks, hyphens, underscores. */
static struct str canonical(struct str name, char out[64]) {
    size_t len = 0;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        if (c == '_' || c == '-' || c == ' ')
            continue;
        if (len == 64)
            return STR("");
        c = char_lower(c);
        out[len] = len == 0 && char_is_lower(c) ? (char)(c - 'a' + 'A') : c;
        len++;
    }
    return (struct str){ out, len };
}

bool regex_items_add_unicode(struct regex_items *items, struct str name, bool negated) {
    char text[64];
    if (str_starts(name, STR("^"))) {
        negated = !negated;
        name = str_from(name, 1);
    }
    name = canonical(name, text);
    size_t low = 0, high = COUNT(unicode_names);
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = str_cmp(name, str_of(unicode_names[mid]));
        if (order == 0) {
            regex_items_add(
                items, (struct regex_item){ .unicode = unicode_names[mid], .negated = negated });
            return true;
        }
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return false;
}
