/* A compose file against the table of shapes. What Compose itself would refuse is told here, at its
   place and with the words to type; the model then takes only what has the right kind. */
#include "lower/compose_check.h"

#include "lower/compose_rewrite.h"
#include "lower/compose_shapes.h"
#include "lower/compose_value.h"
#include "lower/tree_place.h"
#include "support/nearest.h"

enum { MOST_SUGGESTIONS = 1000 };

struct check {
    struct diags *diags;
    struct table *seen; /* what aliases and merges share is looked at once per shape */
    struct arena *arena;
    size_t suggestions; /* each costs a look at every key; given to the first ones */
};

static unsigned kind_of(const struct tree *node) {
    if (node->kind == TREE_SEQUENCE)
        return LIST;
    if (node->kind == TREE_MAPPING)
        return MAP;
    switch (tree_scalar_kind(node)) {
    case SCALAR_TEXT: return TEXT;
    case SCALAR_NULL: return NIL;
    case SCALAR_BOOL: return BOOL;
    case SCALAR_INT:
    case SCALAR_FLOAT: return NUMBER;
    }
    return TEXT;
}

/* "text, a list or a mapping" */
static struct str kinds_text(struct arena *arena, unsigned kinds) {
    static const char *const names[] = { "text",    "a number", "true or false",
                                         "nothing", "a list",   "a mapping" };
    struct str out = STR("");
    size_t left = 0;
    for (size_t i = 0; i < 6; i++)
        left += kinds >> i & 1;
    for (size_t i = 0; i < 6; i++) {
        if (!(kinds >> i & 1))
            continue;
        const char *join = out.len == 0 ? "" : left == 1 ? " or " : ", ";
        out = str_format(arena, "%.*s%s%s", STR_ARG(out), join, names[i]);
        left--;
    }
    return out;
}

static void help_kind(struct check *c, struct diag *d, const struct tree *node, unsigned kinds,
                      unsigned found) {
    if ((kinds & TEXT) && (found & (NUMBER | BOOL)))
        diag_help(c->diags, d, "put it in quotes: \"%.*s\"", STR_ARG(tree_text(node)));
    else if (found == NIL)
        diag_help(c->diags, d, "write a value, or remove the key");
    else if (found == MAP && node->count == 1 && tree_is(node->first->value, TREE_SCALAR))
        diag_help(c->diags, d, "write \"%.*s=%.*s\", or drop the dashes",
                  STR_ARG(tree_key(node->first)), STR_ARG(tree_text(node->first->value)));
    else if (found == TEXT && (kinds & LIST))
        diag_help(c->diags, d, "write a list: [\"%.*s\"]", STR_ARG(node->text));
    else
        diag_help(c->diags, d, "write %.*s", STR_ARG(kinds_text(c->arena, kinds)));
}

/* Values that Compose fills in or takes away before it looks: `${X}`, `!reset`, `!override`. */
static bool is_open(const struct tree *node, unsigned kinds) {
    if (node->props &&
        (str_is(node->props->tag, "!reset") || str_is(node->props->tag, "!override")))
        return true;
    return node->kind == TREE_SCALAR && (kinds & (NUMBER | BOOL | TEXT)) &&
           str_find(node->text, '$') != STR_NONE;
}

/* The two gaps that people leave most, in their own words. */
static bool report_nothing(struct check *c, const struct tree_entry *entry, enum shape_id id) {
    if (id != SHAPE_SERVICE && id != SHAPE_TOP_SERVICES)
        return false;
    struct diag *d =
        id == SHAPE_SERVICE
            ? diag_add(c->diags, DIAG_COMPOSE_SERVICE, entry->key->span,
                       "the service `%.*s` says nothing", STR_ARG(tree_key(entry)))
            : diag_add(c->diags, DIAG_COMPOSE_EMPTY, entry->key->span, "no service stands below");
    diag_effect(c->diags, d, "Compose refuses the file");
    diag_help(c->diags, d,
              id == SHAPE_SERVICE ? "give it an `image:` or a `build:`, or remove it"
                                  : "add at least one service");
    return true;
}

/* `{{ name }}`, by YAML a mapping with a mapping as its key: told as a key that is no text. */
static bool is_placeholder(const struct tree *node) {
    return node->kind == TREE_MAPPING && node->first && !tree_is(node->first->key, TREE_SCALAR);
}

static bool check_kind(struct check *c, const struct tree_entry *entry, enum shape_id id,
                       unsigned found) {
    const struct tree *value = entry->value, *node = tree_resolve(value);
    unsigned kinds = shapes[id].kinds;
    if ((kinds & found) || is_open(node, kinds))
        return true;
    if (is_placeholder(node))
        return false;
    if (found == NIL && report_nothing(c, entry, id))
        return false;
    struct span span = value->span;
    if (span.start == span.end && entry->key)
        span = entry->key->span; /* nothing was written: the key is what can be seen */
    struct str want = kinds_text(c->arena, kinds);
    struct diag *d =
        entry->key ? diag_add(c->diags, DIAG_FIELD_KIND, span, "`%.*s` must be %.*s, not %s",
                              STR_ARG(tree_key(entry)), STR_ARG(want), tree_kind_name(node))
                   : diag_add(c->diags, DIAG_FIELD_KIND, span, "this item must be %.*s, not %s",
                              STR_ARG(want), tree_kind_name(node));
    diag_effect(c->diags, d, "Compose refuses the file");
    help_kind(c, d, node, kinds, found);
    return false;
}

/* ---- what a scalar says ---- */

static enum compose_reading reading_of(enum shape_id id) {
    static const enum compose_reading readings[SHAPE_COUNT] = {
        [SHAPE_WHOLE] = READ_COUNT,         [SHAPE_DURATION] = READ_DURATION,
        [SHAPE_TEXT_OR_BOOL] = READ_SWITCH, [SHAPE_BYTES] = READ_BYTES,
        [SHAPE_BYTES_TEXT] = READ_BYTES,    [SHAPE_CPUS] = READ_DECIMAL,
        [SHAPE_EXTRA_HOST] = READ_HOST,     [SHAPE_CONTAINER_NAME] = READ_NAME,
    };
    return readings[id];
}

/* Several `${…}` may be wrong, and Compose stops at the first. */
static void check_variables(struct check *c, const struct tree *node) {
    size_t from, to;
    if (!compose_variable_fault(node->text, &from, &to))
        return;
    struct diag *d =
        diag_add(c->diags, DIAG_COMPOSE_VALUE, tree_text_span(c->arena, node, from, to),
                 "`%.*s` is no variable", STR_ARG(str_slice(node->text, from, to)));
    diag_effect(c->diags, d, "Compose refuses the file");
    diag_help(c->diags, d, "write ${NAME} or ${NAME:-default}; a dollar sign is written $$");
}

static bool has_date_kind(enum shape_id id) {
    return shapes[id].kinds & NIL; /* of labels and variables Compose takes any scalar */
}

/* A word that ends in `_` stands for all that begin so. */
static bool is_word(enum shape_id id, struct str text) {
    struct str word;
    for (size_t i = 0; (word = shape_word_at(id, i)).len; i++)
        if (str_eq(text, word) || (str_ends(word, STR("_")) && str_starts(text, word)))
            return true;
    return false;
}

static void tell_word(struct check *c, const struct tree_entry *entry, enum shape_id id) {
    struct str text = tree_text(entry->value), all = STR(""), word;
    struct nearest nearest = { .wanted = text };
    for (size_t i = 0; (word = shape_word_at(id, i)).len; i++) {
        nearest_offer(&nearest, word);
        all = str_format(c->arena, "%.*s%s`%.*s`", STR_ARG(all),
                         i == 0                         ? ""
                         : shape_word_at(id, i + 1).len ? ", "
                                                        : " or ",
                         STR_ARG(word));
    }
    struct diag *d = diag_add(c->diags, DIAG_COMPOSE_VALUE, entry->value->span,
                              "`%.*s` is none of the words that stand here", STR_ARG(text));
    diag_effect(c->diags, d, "Compose refuses the file");
    if (nearest.best.len)
        diag_suggest(c->diags, d, entry->value->span, nearest.best);
    else
        diag_help(c->diags, d, "write %.*s", STR_ARG(all));
}

static void tell_date(struct check *c, const struct tree_entry *entry) {
    struct str text = tree_text(entry->value);
    struct diag *d = diag_add(c->diags, DIAG_COMPOSE_VALUE, entry->value->span,
                              "`%.*s` is a date, not text", STR_ARG(text));
    diag_effect(c->diags, d, "Compose refuses the file");
    diag_help(c->diags, d, "put it in quotes: \"%.*s\"", STR_ARG(text));
}

static void tell_reading(struct check *c, const struct tree_entry *entry,
                         const struct compose_fault *fault) {
    struct diag *d = diag_add(c->diags, DIAG_COMPOSE_VALUE, entry->value->span, "`%.*s` is %s",
                              STR_ARG(tree_text(entry->value)), fault->what);
    diag_effect(c->diags, d, "%s", fault->effect);
    diag_help(c->diags, d, "write %s", fault->help);
}

/* Of labels and variables, Compose takes any scalar, and makes text of it in its own way. */
static void check_rewritten(struct check *c, const struct tree_entry *entry,
                            const struct tree *node) {
    struct str made = node->style == TREE_PLAIN ? compose_rewritten(c->arena, node->text) : STR("");
    if (!made.len)
        return;
    struct diag *d = diag_add(c->diags, DIAG_COMPOSE_REWRITTEN, entry->value->span,
                              "without quotes, Compose writes `%.*s` as `%.*s`",
                              STR_ARG(node->text), STR_ARG(made));
    diag_effect(c->diags, d, "the container gets `%.*s`", STR_ARG(made));
    diag_help(c->diags, d, "put it in quotes: \"%.*s\"", STR_ARG(node->text));
    if (tree_is(entry->value, TREE_SCALAR) && entry->value->kind != TREE_ALIAS)
        diag_fix_replace(c->diags, d, false, entry->value->span,
                         str_format(c->arena, "\"%.*s\"", STR_ARG(node->text)));
}

static void check_scalar(struct check *c, const struct tree_entry *entry, enum shape_id id,
                         unsigned found) {
    const struct tree *node = tree_resolve(entry->value);
    if (str_find(node->text, '$') != STR_NONE) {
        check_variables(c, node);
        return;
    }
    if (node->props && node->props->tag.len)
        return;
    if (id == SHAPE_TEXT_OR_NUMBER_OR_BOOL_OR_NOTHING)
        check_rewritten(c, entry, node);
    if (found != TEXT)
        return;
    const struct compose_fault *fault = compose_value_fault(node->text, reading_of(id));
    bool plain = node->style == TREE_PLAIN && (shapes[id].kinds & TEXT) && !has_date_kind(id);
    if (plain && compose_is_date(node->text))
        tell_date(c, entry);
    else if (shape_word_at(id, 0).len && !is_word(id, node->text))
        tell_word(c, entry, id);
    else if (fault)
        tell_reading(c, entry, fault);
}

/* ---- keys ---- */

/* A key that was told to be misspelt, and may stand for `wanted`. */
static bool is_misspelt(struct check *c, const struct tree *map, enum shape_id id,
                        struct str wanted) {
    for (const struct tree_entry *e = tree_entries(map); e; e = e->next) {
        struct nearest nearest = { .wanted = tree_key(e) };
        if (shape_of_key(id, tree_key(e)) != SHAPE_NONE || c->suggestions >= MOST_SUGGESTIONS)
            continue;
        for (size_t i = 0; shape_key_at(id, i).len; i++)
            nearest_offer(&nearest, shape_key_at(id, i));
        if (str_eq(nearest.best, wanted))
            return true;
    }
    return false;
}

static bool is_merge_place(const struct tree *map) {
    return map->props && map->props->tag.len > 0;
}

/* A mapping without a key that Compose wants there. */
static void check_needs(struct check *c, const struct tree *map, enum shape_id id) {
    struct str key;
    for (size_t i = 0; (key = shape_need_at(id, i)).len; i++) {
        if (tree_find(map, key) || is_merge_place(map) || is_misspelt(c, map, id, key))
            continue;
        struct span span = map->first && map->first->key ? map->first->key->span : map->span;
        struct diag *d =
            diag_add(c->diags, DIAG_COMPOSE_MISSING, span, "`%.*s` is missing here", STR_ARG(key));
        diag_effect(c->diags, d, "Compose refuses the file");
        diag_help(c->diags, d, "add `%.*s:`", STR_ARG(key));
    }
}

static void report_unknown(struct check *c, enum shape_id id, const struct tree_entry *entry) {
    struct nearest nearest = { .wanted = tree_key(entry) };
    bool suggest = c->suggestions++ < MOST_SUGGESTIONS;
    for (size_t i = 0; suggest && shape_key_at(id, i).len; i++)
        nearest_offer(&nearest, shape_key_at(id, i));
    struct diag *d = diag_add(c->diags, DIAG_FIELD_UNKNOWN, entry->key->span,
                              "Compose knows no key `%.*s` here", STR_ARG(tree_key(entry)));
    diag_effect(c->diags, d, "Compose %s",
                id == SHAPE_INCLUDE ? "passes it over without a word" : "refuses the file");
    if (nearest.best.len)
        diag_suggest(c->diags, d, entry->key->span, nearest.best);
    else
        diag_help(c->diags, d, "remove it, or write `x-%.*s` if it is a note of your own",
                  STR_ARG(tree_key(entry)));
}

static void check_value(struct check *c, const struct tree_entry *entry, enum shape_id id,
                        bool shared);

/* Where any name may stand, one that YAML reads as something else. */
static void check_key(struct check *c, const struct tree *key) {
    const char *kind = key->style == TREE_PLAIN && !(key->props && key->props->tag.len)
                           ? compose_key_kind(key->text)
                           : NULL;
    if (!kind)
        return;
    struct str quoted = str_format(c->arena, "\"%.*s\"", STR_ARG(key->text));
    struct diag *d = diag_add(c->diags, DIAG_KEY_KIND, key->span, "the key `%.*s` is %s, not text",
                              STR_ARG(key->text), kind);
    diag_effect(c->diags, d, "Compose refuses the file");
    diag_help(c->diags, d, "put it in quotes: %.*s", STR_ARG(quoted));
    diag_fix_replace(c->diags, d, true, key->span, quoted);
}

static void check_entry(struct check *c, const struct tree_entry *entry, enum shape_id id,
                        bool closed, bool merged) {
    if (!tree_is(entry->key, TREE_SCALAR) || str_starts(tree_key(entry), STR("x-")))
        return;
    if (!closed) {
        if (!merged && entry->key->kind == TREE_SCALAR)
            check_key(c, entry->key);
        check_value(c, entry, shapes[id].each, merged);
        return;
    }
    enum shape_id value = shape_of_key(id, tree_key(entry));
    if (value != SHAPE_NONE)
        check_value(c, entry, value, merged);
    else if (tree_key(entry).len) /* a missing key was reported already */
        report_unknown(c, id, entry);
}

static bool seen_before(struct check *c, const struct tree *node, enum shape_id id) {
    struct {
        const struct tree *node;
        uint64_t id;
    } key = { node, id };
    struct str probe = { (const char *)&key, sizeof key };
    if (table_get(c->seen, probe))
        return true;
    *table_at(c->seen, (struct str){ arena_copy(c->arena, &key, sizeof key), sizeof key }) = c;
    return false;
}

/* As deep as the table of shapes, and it is not deep. */
static void check_inside(struct check *c, const struct tree *node, enum shape_id id) {
    bool map = node->kind == TREE_MAPPING;
    bool closed = map && shape_has_keys(id);
    if (closed)
        check_needs(c, node, id);
    for (struct tree_entry *e = tree_entries(node); e; e = e->next)
        if (map)
            check_entry(c, e, id, closed, e->owner != node);
        else
            check_value(c, e, shapes[id].items, false);
}

/* `shared`: a merge brought it, and may bring it to others. */
static void check_value(struct check *c, const struct tree_entry *entry, enum shape_id id,
                        bool shared) {
    if (id == SHAPE_ANY || id == SHAPE_NONE)
        return;
    const struct tree *node = tree_resolve(entry->value);
    unsigned found = kind_of(node);
    if (!check_kind(c, entry, id, found))
        return;
    if (node->kind == TREE_SCALAR)
        check_scalar(c, entry, id, found);
    else if (!((shared || entry->value->kind == TREE_ALIAS) && seen_before(c, node, id)))
        check_inside(c, node, id);
}

bool compose_check_knows(struct str key) {
    return shape_of_key(SHAPE_SERVICE, key) != SHAPE_NONE;
}

void compose_check(struct diags *diags, const struct tree *root) {
    struct arena *arena = root->file->arena;
    struct check c = { .diags = diags, .arena = arena, .seen = arena_new(arena, struct table) };
    c.seen->arena = arena;
    if (root->kind != TREE_SCALAR)
        check_inside(&c, root, SHAPE_TOP);
}
