/* Options of traefik.yml in words: what is one value has a statement, what is not stays YAML. */
#include "ast/format.h"
#include "lower/infra.h"
#include "lower/tree_place.h"
#include "lower/yaml_comments.h"
#include "options/options.h"

enum { MOST_OPTIONS = 16 }; /* of one key; more of them read better as YAML */

bool words_plain(const struct tree *node) {
    struct str text = tree_text(node);
    if (str_find_str(text, STR("${")) != STR_NONE && !format_is_word(text))
        return false;
    return tree_is(node, TREE_SCALAR) && !tree_is_null(node) && text.len > 0 &&
           str_find_str(text, STR("{{")) == STR_NONE && str_find(text, '\n') == STR_NONE;
}

bool words_plain_list(const struct tree *list) {
    if (!tree_is(list, TREE_SEQUENCE) || tree_count(list) == 0)
        return false;
    for (const struct tree_entry *e = tree_entries(list); e; e = e->next)
        if (!words_plain(tree_value(e)))
            return false;
    return true;
}

/* ---- options by their path ---- */

static bool is_segment(struct str key) {
    for (size_t i = 0; i < key.len; i++)
        if (!char_is_alnum(key.at[i]) && key.at[i] != '-' && key.at[i] != '_')
            return false;
    return key.len > 0;
}

/* The leaves below an entry; 0 when one of them has no words. */
static size_t count_leaves(const struct option *above, const struct tree_entry *e) {
    const struct option *o = option_child(above, tree_key(e));
    struct tree *value = tree_value(e);
    if (!o || o->indexed || !is_segment(tree_key(e)))
        return 0;
    if (!tree_is(value, TREE_MAPPING))
        return words_plain(value) && !option_first_child(o) && o->shape == OPTION_ONE;
    size_t all = 0;
    for (const struct tree_entry *child = tree_entries(value); child; child = child->next) {
        size_t count = option_first_child(o) ? count_leaves(o, child) : 0;
        if (count == 0 || (all += count) > MOST_OPTIONS)
            return 0;
    }
    return all;
}

static void hang(struct lower *l, struct node *node, const struct tree *value) {
    yaml_comments_hang(l->arena, l->source, node, 0,
                       yaml_comments_take(&l->comments, yaml_lines_end(value)));
}

static struct nodes add_leaves(struct lower *l, struct nodes list, struct str path,
                               const struct tree_entry *e) {
    struct tree *value = tree_value(e);
    struct str key = tree_key(e);
    path = path.len ? str_format(l->arena, "%.*s.%.*s", STR_ARG(path), STR_ARG(key)) : key;
    if (tree_is(value, TREE_MAPPING)) {
        for (const struct tree_entry *child = tree_entries(value); child; child = child->next)
            list = add_leaves(l, list, path, child);
        return list;
    }
    struct nodes args =
        nodes_append((struct nodes){ 0 }, lower_word(l, str_copy(l->arena, path), e->key->span));
    struct node *node =
        lower_setting(l, "option", e->key->span, nodes_append(args, lower_text(l, value)), NULL);
    hang(l, node, value);
    return nodes_append(list, node);
}

bool words_options(struct lower *l, const struct option *above, const struct tree_entry *e,
                   struct nodes *list) {
    if (count_leaves(above, e) == 0)
        return false;
    *list = add_leaves(l, *list, STR(""), e);
    return true;
}

/* ---- log ---- */

bool words_log(struct lower *l, const struct tree_entry *e, struct nodes *list) {
    struct tree *map = tree_value(e), *level = tree_get(map, STR("level"));
    struct tree *path = tree_get(map, STR("filePath")), *format = tree_get(map, STR("format"));
    bool json = format && str_is(tree_text(format), "json");
    size_t known = 1 + (path != NULL) + (format != NULL);
    if (!words_plain(level) || str_find(tree_text(level), '$') != STR_NONE ||
        (path && !words_plain(path)) || (format && !json) || tree_count(map) != known)
        return false;
    char *lower = arena_copy(l->arena, tree_text(level).at, tree_text(level).len);
    for (size_t i = 0; i < tree_text(level).len; i++)
        lower[i] = char_lower(lower[i]);
    struct nodes args =
        nodes_append((struct nodes){ 0 },
                     lower_word(l, (struct str){ lower, tree_text(level).len }, level->span));
    if (path)
        args = nodes_append(args, lower_text(l, path));
    if (json)
        args = nodes_append(args, lower_word(l, STR("json"), format->span));
    struct node *node = lower_setting(l, "log", e->key->span, args, NULL);
    hang(l, node, map);
    *list = nodes_append(*list, node);
    return true;
}

/* ---- entry points ---- */

static const struct {
    const char *path, *word;
    bool list;
} entry_words[] = {
    { "http.middlewares", "use", true },
    { "http.tls.certResolver", "resolver", false },
    { "forwardedHeaders.trustedIPs", "trusted", true },
    { "proxyProtocol.trustedIPs", "proxy-protocol", true },
};

static int entry_word(struct str path) {
    for (size_t i = 0; i < sizeof entry_words / sizeof *entry_words; i++)
        if (str_eq_nocase(path, str_of(entry_words[i].path)))
            return (int)i;
    return -1;
}

/* `timeout read 600s idle 3m`: every part with a unit, as the language writes them. */
static bool is_timeouts(struct str path, const struct tree *map) {
    if (!str_eq_nocase(path, STR("transport.respondingTimeouts")) || !tree_is(map, TREE_MAPPING))
        return false;
    for (const struct tree_entry *e = tree_entries(map); e; e = e->next) {
        struct str value = tree_text(tree_value(e)), key = tree_key(e);
        bool known =
            str_is(key, "readTimeout") || str_is(key, "writeTimeout") || str_is(key, "idleTimeout");
        if (!known || !words_plain(tree_value(e)) || !char_is_alpha(value.at[value.len - 1]))
            return false;
    }
    return tree_count(map) > 0;
}

static struct node *timeouts(struct lower *l, const struct tree_entry *entry) {
    struct nodes args = { 0 };
    for (const struct tree_entry *e = tree_entries(tree_value(entry)); e; e = e->next) {
        struct str key = tree_key(e);
        args =
            nodes_append(args, lower_word(l, str_slice(key, 0, str_find(key, 'T')), e->key->span));
        args = nodes_append(args, lower_text(l, tree_value(e)));
    }
    return lower_setting(l, "timeout", entry->key->span, args, NULL);
}

static struct str below(struct lower *l, struct str path, struct str key) {
    return path.len ? str_format(l->arena, "%.*s.%.*s", STR_ARG(path), STR_ARG(key)) : key;
}

static bool fits_entry(struct lower *l, const struct option *above, struct str path,
                       const struct tree_entry *e) {
    struct tree *value = tree_value(e);
    const struct option *o = option_child(above, tree_key(e));
    path = below(l, path, tree_key(e));
    int word = entry_word(path);
    if (word >= 0)
        return entry_words[word].list ? words_plain_list(value) : words_plain(value);
    if (is_timeouts(path, value))
        return true;
    if (!o || !tree_is(value, TREE_MAPPING) || tree_count(value) == 0)
        return count_leaves(above, e) > 0;
    for (const struct tree_entry *child = tree_entries(value); child; child = child->next)
        if (!fits_entry(l, o, path, child))
            return false;
    return true;
}

static struct nodes add_entry(struct lower *l, struct nodes list, struct str above,
                              const struct tree_entry *e) {
    struct tree *value = tree_value(e);
    struct str path = below(l, above, tree_key(e));
    int word = entry_word(path);
    if (is_timeouts(path, value)) {
        struct node *node = timeouts(l, e);
        hang(l, node, value);
        return nodes_append(list, node);
    }
    if (word < 0 && tree_is(value, TREE_MAPPING)) {
        for (const struct tree_entry *child = tree_entries(value); child; child = child->next)
            list = add_entry(l, list, path, child);
        return list;
    }
    if (word < 0)
        return add_leaves(l, list, above, e);
    struct node *node =
        lower_setting_one(l, entry_words[word].word, e->key->span,
                          entry_words[word].list ? lower_list(l, value) : lower_text(l, value));
    hang(l, node, value);
    return nodes_append(list, node);
}

bool words_entrypoint(struct lower *l, const struct option *above, const struct tree_entry *entry,
                      struct str readymade, struct nodes *list) {
    struct tree *map = tree_value(entry), *address = tree_get(map, STR("address"));
    const struct option *o = option_child(above, tree_key(entry));
    if (!o || !tree_is(map, TREE_MAPPING) || !is_segment(tree_key(entry)) ||
        (address ? !words_plain(address) : readymade.len == 0))
        return false;
    for (const struct tree_entry *e = tree_entries(map); e; e = e->next)
        if (tree_value(e) != address && !fits_entry(l, o, STR(""), e))
            return false;
    struct nodes args = nodes_append((struct nodes){ 0 }, lower_text(l, entry->key)), body = { 0 };
    args = nodes_append(args, address ? lower_text(l, address)
                                      : lower_word(l, readymade, entry->key->span));
    struct comment *above_it = yaml_comments_take(&l->comments, entry->key->span.end);
    for (const struct tree_entry *e = tree_entries(map); e; e = e->next)
        if (tree_value(e) != address)
            body = add_entry(l, body, STR(""), e);
    struct node *block = body.head ? lower_block(l, tree_entry_span(entry), body, false) : NULL;
    struct node *node = lower_setting(l, "entrypoint", entry->key->span, args, block);
    yaml_comments_hang(l->arena, l->source, node, 0, above_it);
    *list = nodes_append(*list, node);
    return true;
}
