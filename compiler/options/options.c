/* Traefik's options as a table: the tree, paths in it, and versions. */
#include "options/options.h"

#include "support/buf.h"
#include "support/nearest.h"

enum { NO_PARENT = UINT16_MAX, WORD_MAX = 64 };

/* ---- the tree ---- */

const struct option *option_top(enum option_tree tree) {
    return &option_table[option_tops[tree]];
}

const struct option *option_parent(const struct option *o) {
    return o->parent == NO_PARENT ? NULL : &option_table[o->parent];
}

const struct option *option_first_child(const struct option *o) {
    return o->child_count ? &option_table[o->first_child] : NULL;
}

const struct option *option_next_sibling(const struct option *o) {
    const struct option *parent = option_parent(o);
    if (!parent || o + 1 == option_first_child(parent) + parent->child_count)
        return NULL;
    return o + 1;
}

const struct option *option_walk(const struct option *o) {
    if (o->child_count)
        return option_first_child(o);
    for (; o; o = option_parent(o)) {
        const struct option *next = option_next_sibling(o);
        if (next)
            return next;
    }
    return NULL;
}

struct str option_name(const struct option *o) {
    return str_slice(o->path, o->name_at, o->path.len - (o->indexed ? 3 : 0));
}

static int cmp_nocase(struct str a, struct str b) {
    size_t len = a.len < b.len ? a.len : b.len;
    for (size_t i = 0; i < len; i++) {
        if (a.at[i] == b.at[i])
            continue;
        char ca = char_lower(a.at[i]), cb = char_lower(b.at[i]);
        if (ca != cb)
            return (unsigned char)ca < (unsigned char)cb ? -1 : 1;
    }
    return (a.len > b.len) - (a.len < b.len);
}

const struct option *option_child(const struct option *o, struct str name) {
    const struct option *first = option_first_child(o);
    if (!first || name.len == 0)
        return NULL;
    if (first->any_name)
        return first;
    size_t low = 0, high = o->child_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = cmp_nocase(name, option_name(first + middle));
        if (order == 0)
            return first + middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const struct option *option_child_by_word(const struct option *o, struct str word) {
    const struct option *child = option_child(o, word);
    if (child || str_find(word, '-') == STR_NONE)
        return child;
    for (child = option_first_child(o); child; child = option_next_sibling(child))
        if (option_name_matches(option_name(child), word))
            return child;
    return NULL;
}

struct str option_child_nearest(const struct option *o, struct str word) {
    char letters[WORD_MAX];
    size_t len = 0;
    word = str_slice(word, 0, str_find(word, '['));
    if (word.len > sizeof letters)
        return (struct str){ 0 };
    for (size_t i = 0; i < word.len; i++)
        if (word.at[i] != '-' && word.at[i] != '_')
            letters[len++] = word.at[i];
    struct nearest n = { .wanted = { letters, len } };
    for (const struct option *c = option_first_child(o); c; c = option_next_sibling(c))
        if (!c->any_name)
            nearest_offer(&n, option_name(c));
    return n.best;
}

const struct option *option_named(enum option_tree tree, struct str word,
                                  const struct option *after) {
    const struct option *o = option_walk(after ? after : option_top(tree));
    while (o && !(o->listed && !o->any_name && option_name_matches(option_name(o), word)))
        o = option_walk(o);
    return o;
}

/* ---- names ---- */

/* A hyphen may part words: before a capital that starts one ("forceSTSHeader" has two such places,
 * and the "s" of "excludedIPs" makes none) and before digits. */
static bool starts_word(struct str camel, size_t i) {
    if (i == 0 || i >= camel.len)
        return false;
    char c = camel.at[i], before = camel.at[i - 1];
    if (char_is_digit(c))
        return !char_is_digit(before);
    if (!char_is_upper(c))
        return false;
    if (!char_is_upper(before))
        return true;
    bool lower_next = i + 1 < camel.len && char_is_lower(camel.at[i + 1]);
    bool plural = lower_next && camel.at[i + 1] == 's' &&
                  (i + 2 == camel.len || !char_is_lower(camel.at[i + 2]));
    return lower_next && !plural;
}

bool option_name_matches(struct str camel, struct str word) {
    size_t i = 0;
    for (size_t j = 0; j < word.len; j++) {
        if (word.at[j] == '-') {
            if (!starts_word(camel, i) || j + 1 == word.len || word.at[j + 1] == '-')
                return false;
            continue;
        }
        if (i == camel.len || char_lower(camel.at[i]) != char_lower(word.at[j]))
            return false;
        i++;
    }
    return i == camel.len;
}

struct str option_name_kebab(struct arena *a, struct str camel) {
    struct buf b = { .arena = a };
    for (size_t i = 0; i < camel.len; i++) {
        if (starts_word(camel, i) && !char_is_digit(camel.at[i]))
            buf_char(&b, '-');
        buf_char(&b, char_lower(camel.at[i]));
    }
    return buf_str(&b);
}

/* ---- paths ---- */

static bool is_index(struct str s) {
    if (s.len == 1 && s.at[0] == 'n')
        return true; /* as the tables write it */
    for (size_t i = 0; i < s.len; i++)
        if (!char_is_digit(s.at[i]))
            return false;
    return s.len > 0;
}

/* Goes one segment down; `l->reached` moves, or `l->miss` says why not. */
static void take_segment(struct option_lookup *l, struct str segment, bool last) {
    struct str name = segment, index = { 0 };
    size_t bracket = str_find(segment, '[');
    if (bracket != STR_NONE && bracket > 0 && str_ends(segment, STR("]"))) {
        name = str_slice(segment, 0, bracket);
        index = str_slice(segment, bracket + 1, segment.len - 1);
    } else {
        bracket = STR_NONE;
    }
    const struct option *child = option_child(l->reached, name);
    if (segment.len == 0)
        l->miss = OPTION_SEGMENT_EMPTY;
    else if (l->reached->child_count == 0)
        l->miss = OPTION_BELOW_VALUE;
    else if (!child)
        l->miss = OPTION_SEGMENT_UNKNOWN;
    else if (bracket != STR_NONE && !child->indexed && child->type != OPTION_ANY)
        l->miss = OPTION_INDEX_STRAY;
    else if (bracket != STR_NONE && child->indexed && !is_index(index))
        l->miss = OPTION_INDEX_BAD;
    else if (bracket == STR_NONE && child->indexed && !last)
        l->miss = OPTION_INDEX_MISSING;
    else
        l->reached = child;
}

struct option_lookup option_find_below(const struct option *from, struct str path) {
    struct option_lookup l = { .reached = from };
    for (;; l.segment++, l.from = l.to + 1) {
        size_t dot = str_find(str_from(path, l.from), '.');
        bool last = dot == STR_NONE;
        l.to = last ? path.len : l.from + dot;
        /* What a plugin is given may nest as deep as it likes. */
        if (l.reached->type == OPTION_ANY && l.to > l.from) {
            if (last)
                break;
            continue;
        }
        take_segment(&l, str_slice(path, l.from, l.to), last);
        if (l.miss != OPTION_FOUND)
            return l;
        if (last)
            break;
    }
    l.option = l.reached;
    return l;
}

struct option_lookup option_find(enum option_tree tree, struct str path) {
    return option_find_below(option_top(tree), path);
}

/* Segment by segment; `<name>` is any. */
static bool begins_with(struct str path, struct str row) {
    while (row.len) {
        size_t dot = str_find(row, '.'), end = str_find(path, '.');
        struct str wanted = str_slice(row, 0, dot), found = str_slice(path, 0, end);
        if (!str_is(wanted, "<name>") && !str_eq_nocase(found, wanted))
            return false;
        row = dot == STR_NONE ? STR("") : str_from(row, dot + 1);
        path = end == STR_NONE ? STR("") : str_from(path, end + 1);
        if (row.len && !path.len)
            return false;
    }
    return true;
}

const struct option_retired *option_retired(enum option_tree tree, struct str path) {
    static const struct option_retired rows[] = {
#define OPTION_RETIRED(tree_, path_, instead_) { OPTION_##tree_, path_, instead_, false },
#define OPTION_OF_V1(tree_, path_, instead_)   { OPTION_##tree_, path_, instead_, true },
#include "options/retired.def"
#undef OPTION_OF_V1
#undef OPTION_RETIRED
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].tree == tree && begins_with(path, str_of(rows[i].path)))
            return &rows[i];
    return NULL;
}

/* ---- versions ---- */

enum { MAJOR = 1000000, MINOR = 1000, NEWEST = 999 };

bool option_version_parse(struct str text, uint32_t *version) {
    uint32_t parts[3] = { 0, NEWEST, NEWEST };
    if (str_starts(text, STR("v")))
        text = str_from(text, 1);
    text = str_slice(text, 0, str_find(text, '-')); /* 3.6.4-rc.1 */
    for (size_t i = 0;; i++) {
        size_t dot = str_find(text, '.');
        uint64_t value;
        if (i == 3 || !str_to_uint(str_slice(text, 0, dot), NEWEST - 1, &value))
            return false;
        parts[i] = (uint32_t)value;
        if (dot == STR_NONE)
            break;
        text = str_from(text, dot + 1);
    }
    *version = parts[0] * MAJOR + parts[1] * MINOR + parts[2];
    return true;
}

struct str option_version_text(struct arena *a, uint32_t version) {
    unsigned major = version / MAJOR, minor = version / MINOR % MINOR, patch = version % MINOR;
    if (minor == NEWEST)
        return str_format(a, "%u", major);
    if (patch == 0 || patch == NEWEST)
        return str_format(a, "%u.%u", major, minor);
    return str_format(a, "%u.%u.%u", major, minor, patch);
}

enum option_state option_state_in(const struct option *o, uint32_t version) {
    for (const struct option *at = o; at; at = option_parent(at))
        if (at->since > version)
            return OPTION_NOT_YET;
    if (o->deprecated && o->deprecated <= version)
        return o->ineffective ? OPTION_WITHOUT_EFFECT : OPTION_DEPRECATED;
    return OPTION_CURRENT;
}

static bool came_later(enum option_tree tree, struct str path, uint32_t version) {
    size_t dot = str_find_last(path, '.');
    struct str name = str_from(path, dot == STR_NONE ? 0 : dot + 1);
    for (const struct option *o = NULL; (o = option_named(tree, name, o));)
        if (str_ends(o->path, path))
            return option_state_in(o, version) == OPTION_NOT_YET;
    return false;
}

struct str option_path_in(struct arena *a, enum option_tree tree, struct str path,
                          uint32_t version) {
    static const char *const rows[][2] = {
#define OPTION_RENAMED(ending, instead) { ending, instead },
#include "options/renamed.def"
#undef OPTION_RENAMED
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str before = str_of(rows[i][0]), now = str_of(rows[i][1]);
        if (str_ends(path, now) && came_later(tree, now, version))
            return str_format(a, "%.*s%.*s", (int)(path.len - now.len), path.at, STR_ARG(before));
    }
    return path;
}

/* ---- middlewares ---- */

const struct option *option_middlewares(enum option_layer layer) {
    struct str path = layer == OPTION_HTTP ? STR("http.middlewares.x") : STR("tcp.middlewares.x");
    return option_find(OPTION_DYNAMIC, path).option;
}
