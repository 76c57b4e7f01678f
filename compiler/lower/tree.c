/* The located tree: building it, following aliases and merge keys, looking things up. */
#include "lower/tree_build.h"
#include "support/buf.h"

enum { INDEX_FROM = 8 }; /* entries; below, comparing each key is faster than hashing */

size_t tree_most_plain(const struct source *source) {
    size_t most = source->text.len / TREE_PLAIN_BYTES;
    return most < TREE_MOST_NODES   ? TREE_MOST_NODES
           : most < TREE_MOST_PLAIN ? most
                                    : TREE_MOST_PLAIN;
}

/* ---- reading ---- */

struct str tree_text(const struct tree *node) {
    node = tree_resolve(node);
    return node && node->kind == TREE_SCALAR ? node->text : STR("");
}

struct tree_entry *tree_entries(const struct tree *node) {
    node = tree_resolve(node);
    if (!node || node->kind == TREE_SCALAR)
        return NULL;
    return node->kind == TREE_MAPPING ? node->merged : node->first;
}

size_t tree_count(const struct tree *node) {
    node = tree_resolve(node);
    if (!node || node->kind == TREE_SCALAR)
        return 0;
    return node->kind == TREE_MAPPING ? node->live : node->count;
}

struct tree_entry *tree_find(const struct tree *map, struct str key) {
    map = tree_resolve(map);
    if (!map || map->kind != TREE_MAPPING)
        return NULL;
    if (map->index)
        return table_get(map->index, key);
    for (struct tree_entry *e = map->merged; e; e = e->next) {
        const struct tree *k = tree_resolve(e->key);
        if (k->kind == TREE_SCALAR && str_eq(k->text, key))
            return e;
    }
    return NULL;
}

struct tree *tree_get(const struct tree *map, struct str key) {
    struct tree_entry *entry = tree_find(map, key);
    return entry ? tree_value(entry) : NULL;
}

struct span tree_whole(const struct tree *node) {
    struct span span = node->span;
    if (node->props && node->props->start)
        span.start = node->props->start;
    return span;
}

struct span tree_entry_span(const struct tree_entry *entry) {
    struct span value = tree_whole(entry->value);
    return entry->key ? span_join(tree_whole(entry->key), value) : value;
}

/* The entry of its parent that a node is the value of. */
static size_t position(const struct tree *node, struct tree_entry **entry) {
    size_t i = 0;
    for (struct tree_entry *e = node->parent->first; e; e = e->next, i++)
        if (e->value == node || e->key == node) {
            *entry = e;
            return i;
        }
    *entry = NULL;
    return 0;
}

struct str tree_path(struct arena *arena, const struct tree *node) {
    struct str path = STR("");
    for (; node && node->parent; node = node->parent) {
        struct tree_entry *entry;
        size_t i = position(node, &entry);
        const char *join = path.len && path.at[0] != '[' ? "." : "";
        if (entry && entry->key)
            path = str_format(arena, "%.*s%s%.*s", STR_ARG(tree_key(entry)), join, STR_ARG(path));
        else
            path = str_format(arena, "[%zu]%s%.*s", i, join, STR_ARG(path));
    }
    return path;
}

/* ---- building ---- */

struct tree_file *tree_file_new(struct arena *arena, struct source *source) {
    struct tree_file *file = arena_new(arena, struct tree_file);
    file->arena = arena;
    file->source = source;
    file->anchors = arena_new(arena, struct table);
    file->anchors->arena = arena;
    return file;
}

static struct tree_entry *entry_new(struct arena *arena, struct tree *key, struct tree *value,
                                    struct tree *owner) {
    struct tree_entry *entry = arena_new(arena, struct tree_entry);
    *entry = (struct tree_entry){ .key = key, .value = value, .owner = owner };
    return entry;
}

/* Keys seen so far; the slot says at which entry. */
static struct table *keys_new(struct arena *arena) {
    struct table *keys = arena_new(arena, struct table);
    keys->arena = arena;
    return keys;
}

static bool is_merge(const struct tree *map, const struct tree *key) {
    return !map->file->json && key->kind == TREE_SCALAR && key->style == TREE_PLAIN &&
           str_is(key->text, "<<") && (!key->props || key->props->tag.len == 0);
}

void tree_refuse(struct diags *diags, struct diag *d, const char *help) {
    diag_effect(diags, d, "nothing of this file can be read");
    diag_help(diags, d, "%s", help);
}

void tree_tell_nodes(struct diags *diags, struct span span, size_t most) {
    struct diag *d =
        diag_add(diags, DIAG_TREE_LIMIT, span, "more than %zu,%03zu,%03zu values in one file",
                 most / 1000000, most / 1000 % 1000, most % 1000);
    tree_refuse(diags, d, "split the file");
}

static void report_twice(struct diags *diags, const struct tree_entry *first,
                         const struct tree_entry *again) {
    struct diag *d = diag_add(diags, DIAG_KEY_TWICE, again->key->span,
                              "the key `%.*s` is given twice", STR_ARG(tree_key(again)));
    diag_effect(diags, d, "readers refuse such a file, or silently keep one of the two");
    diag_note_at(diags, d, first->key->span, "first given here");
    diag_help(diags, d, "remove one of them, or join what stands below them");
}

static void report_key_kind(struct diags *diags, const struct tree *key) {
    if (key->kind == TREE_SCALAR) {
        struct diag *d = diag_add(diags, DIAG_KEY_KIND, key->span, "a value without a key");
        diag_effect(diags, d, "no program can look this value up");
        diag_help(diags, d, "write a word before the `:`, or remove the line");
        return;
    }
    struct diag *d = diag_add(diags, DIAG_KEY_KIND, key->span, "a key must be text, not %s",
                              tree_kind_name(key));
    diag_effect(diags, d, "no program can look this value up");
    if (key->kind == TREE_MAPPING && key->style == TREE_FLOW)
        diag_help(diags, d, "put text that begins with `{` in quotes: \"{…}\"");
    else
        diag_help(diags, d, "write one word before the `:`");
}

/* The keys of a mapping: of a small one in a row, of a large one in its table. */
struct keys {
    struct table *table;
    size_t count;
    struct str texts[INDEX_FROM];
    struct tree_entry *entries[INDEX_FROM];
};

/* The entry that has the key already; else it is taken in. */
static struct tree_entry *known(struct keys *keys, struct tree_entry *entry, struct str text) {
    if (keys->table) {
        void **slot = table_at(keys->table, text);
        if (*slot)
            return *slot;
        *slot = entry;
        return NULL;
    }
    for (size_t i = 0; i < keys->count; i++)
        if (str_eq(keys->texts[i], text))
            return keys->entries[i];
    keys->texts[keys->count] = text;
    keys->entries[keys->count++] = entry;
    return NULL;
}

/* Keys that cannot be looked up, and keys given twice. Tells whether there is a merge key. */
static bool check_keys(struct diags *diags, struct tree *map, struct table *table) {
    bool merges = false;
    struct keys keys;
    keys.table = table;
    keys.count = 0;
    for (struct tree_entry *e = map->first; e; e = e->next) {
        struct tree *key = tree_resolve(e->key);
        merges |= is_merge(map, key);
        if (key->kind != TREE_SCALAR ||
            (key->style == TREE_PLAIN && key->text.len == 0 && !map->file->json)) {
            report_key_kind(diags, key);
            continue;
        }
        struct tree_entry *first = known(&keys, e, key->text);
        if (first)
            report_twice(diags, first, e);
    }
    return merges;
}

struct merged {
    struct tree *map;
    struct table *keys;
    struct tree_entry *last;
};

static void add_merged(struct merged *m, const struct tree_entry *from) {
    struct tree_entry *entry = entry_new(m->map->file->arena, from->key, from->value, from->owner);
    if (m->last)
        m->last->next = entry;
    else
        m->map->merged = entry;
    m->last = entry;
    m->map->live++;
    if (tree_is(from->key, TREE_SCALAR)) {
        void **slot = table_at(m->keys, tree_key(from));
        if (!*slot)
            *slot = entry;
    }
}

static void merge_mapping(struct merged *m, const struct tree *from) {
    for (struct tree_entry *e = tree_entries(from); e; e = e->next)
        if (!tree_is(e->key, TREE_SCALAR) || !table_get(m->keys, tree_key(e)))
            add_merged(m, e);
}

static void report_merge(struct diags *diags, const struct tree *value, const char *wanted) {
    struct diag *d = diag_add(diags, DIAG_ALIAS, value->span, "`<<` merges %s, and this is %s",
                              wanted, tree_kind_name(tree_resolve(value)));
    diag_effect(diags, d, "readers of YAML refuse the file");
    diag_help(diags, d, "write `<<: *name`, where `&name` stands before a mapping");
}

static void merge_value(struct diags *diags, struct merged *m, const struct tree *value) {
    struct tree *from = tree_resolve(value);
    if (from->kind == TREE_MAPPING) {
        merge_mapping(m, from);
        return;
    }
    if (from->kind == TREE_SEQUENCE) {
        for (struct tree_entry *e = from->first; e; e = e->next)
            if (tree_is(e->value, TREE_MAPPING))
                merge_mapping(m, tree_value(e));
            else
                report_merge(diags, e->value, "a mapping");
        return;
    }
    report_merge(diags, value, "a mapping or a list of them");
}

static void follow_merges(struct diags *diags, struct tree *map, struct table *keys) {
    struct merged m = { .map = map, .keys = keys };
    map->live = 0;
    map->merged = NULL;
    for (struct tree_entry *e = map->first; e; e = e->next)
        if (!is_merge(map, tree_resolve(e->key)))
            add_merged(&m, e);
    for (struct tree_entry *e = map->first; e; e = e->next)
        if (is_merge(map, tree_resolve(e->key)))
            merge_value(diags, &m, e->value);
    map->index = keys;
}

void tree_close_mapping(struct diags *diags, struct tree *map) {
    struct arena *arena = map->file->arena;
    struct table *keys = map->count > INDEX_FROM ? keys_new(arena) : NULL;
    map->merged = map->first;
    map->live = map->count;
    map->index = keys;
    if (check_keys(diags, map, keys))
        follow_merges(diags, map, keys_new(arena));
}
