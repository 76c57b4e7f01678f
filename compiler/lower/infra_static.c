/* projects/traefik.yml of generations 2 and 3, which is merged over the stack's static file: names
   that others refer to become words, the rest stays YAML. */
#include "ast/format.h"
#include "lower/infra.h"
#include "lower/option_check.h"
#include "lower/tree_place.h"
#include "lower/yaml_comments.h"

struct reader {
    struct infra *in;
    struct lower l;
    struct infra_stack *stack;
    struct raw raw;
};

static bool is_plain(const struct tree *node) {
    struct str text = tree_text(node);
    if (str_find_str(text, STR("${")) != STR_NONE && !format_is_word(text))
        return false;
    return tree_is(node, TREE_SCALAR) && !tree_is_null(node) && text.len > 0 &&
           str_find_str(text, STR("{{")) == STR_NONE && str_find(text, '\n') == STR_NONE;
}

static struct node *word_setting(struct lower *l, const char *name, const struct tree *value) {
    return lower_setting_one(l, name, value->span, lower_text(l, value));
}

/* ---- resolvers ---- */

static struct node *http_challenge(struct lower *l, const struct tree *map) {
    struct tree *entrypoint = tree_get(map, STR("entryPoint"));
    if (tree_count(map) != 1 || !is_plain(entrypoint))
        return NULL;
    return word_setting(l, "http-01", entrypoint);
}

static bool all_plain(const struct tree *list) {
    if (!tree_is(list, TREE_SEQUENCE) || tree_count(list) == 0)
        return false;
    for (const struct tree_entry *e = tree_entries(list); e; e = e->next)
        if (!is_plain(tree_value(e)))
            return false;
    return true;
}

static struct node *dns_challenge(struct lower *l, const struct tree *map) {
    struct tree *provider = tree_get(map, STR("provider")),
                *hosts = tree_get(map, STR("resolvers"));
    if (tree_count(map) != 1 + (hosts != NULL) || !is_plain(provider) ||
        (hosts && !all_plain(hosts)))
        return NULL;
    struct node *name = lower_text(l, provider), *block = NULL;
    if (hosts) {
        struct node *setting = lower_setting_one(l, "resolvers", hosts->span, lower_list(l, hosts));
        block = lower_block(l, hosts->span, (struct nodes){ setting, setting }, true);
    }
    return lower_setting(l, "dns-01", provider->span, (struct nodes){ name, name }, block);
}

static struct node *resolver_part(struct lower *l, struct str key, const struct tree *value) {
    static const char *const words[][2] = {
        { "email", "email" },      { "storage", "storage" },      { "caServer", "ca" },
        { "keyType", "key-type" }, { "preferredChain", "chain" }, { "profile", "profile" }
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_nocase(key, str_of(words[i][0])))
            return is_plain(value) ? word_setting(l, words[i][1], value) : NULL;
    if (str_eq_nocase(key, STR("httpChallenge")))
        return http_challenge(l, value);
    if (str_eq_nocase(key, STR("dnsChallenge")))
        return dns_challenge(l, value);
    if (str_eq_nocase(key, STR("tlsChallenge")) && tree_is(value, TREE_MAPPING) &&
        tree_count(value) == 0)
        return lower_setting_one(l, "tls-alpn-01", value->span, NULL);
    return NULL;
}

static struct node *named(struct lower *l, const char *what, const struct tree_entry *entry,
                          struct node *second, struct nodes body) {
    struct nodes args = nodes_append((struct nodes){ 0 }, lower_text(l, entry->key));
    args = nodes_append(args, second);
    struct span span = tree_entry_span(entry);
    return lower_setting(l, what, entry->key->span, args,
                         body.head ? lower_block(l, span, body, false) : NULL);
}

/* NULL when a part of it has no word: then it stays as a whole. */
static struct node *resolver_of(struct reader *r, const struct tree_entry *entry) {
    struct tree *map = tree_value(entry), *acme = tree_get(map, STR("acme"));
    struct nodes body = { 0 };
    if (tree_count(map) != 1 || !tree_is(acme, TREE_MAPPING) || tree_count(acme) == 0)
        return NULL;
    for (const struct tree_entry *e = tree_entries(acme); e; e = e->next) {
        struct node *part = resolver_part(&r->l, tree_key(e), tree_value(e));
        if (!part)
            return NULL;
        body = nodes_append(body, part);
    }
    return named(&r->l, "resolver", entry, lower_word(&r->l, STR("acme"), acme->span), body);
}

/* ---- entry points, plugins ---- */

static struct node *entrypoint_of(struct reader *r, const struct tree_entry *entry) {
    struct tree *map = tree_value(entry), *address = tree_get(map, STR("address"));
    if (tree_count(map) != 1 || !is_plain(address))
        return NULL;
    return named(&r->l, "entrypoint", entry, lower_text(&r->l, address), (struct nodes){ 0 });
}

static struct node *plugin_of(struct reader *r, const struct tree_entry *entry) {
    struct tree *map = tree_value(entry), *module = tree_get(map, STR("moduleName")),
                *version = tree_get(map, STR("version"));
    if (tree_count(map) != 2 || !is_plain(module) || !is_plain(version))
        return NULL;
    struct node *node =
        named(&r->l, "plugin", entry, lower_text(&r->l, module), (struct nodes){ 0 });
    struct node_setting *setting = node_setting(node);
    setting->args = nodes_append(setting->args, lower_text(&r->l, version));
    return node;
}

/* ---- the file ---- */

typedef struct node *entry_reader(struct reader *r, const struct tree_entry *entry);

static void keep(struct reader *r, struct node *node, const struct tree *value) {
    yaml_comments_hang(r->l.arena, r->l.source, node, 0,
                       yaml_comments_take(&r->l.comments, yaml_lines_end(value)));
    r->in->proxy = nodes_append(r->in->proxy, node);
}

/* An entry point with more than an address: the address becomes words, the rest stays. */
static bool split_entrypoint(struct reader *r, const struct tree_entry *entry,
                             const struct str *path, size_t depth) {
    struct tree *map = tree_value(entry);
    struct tree_entry *address = tree_find(map, STR("address"));
    if (!str_is(path[0], "entryPoints") || !address || !is_plain(address->value))
        return false;
    struct str below[3] = { path[0], tree_key(entry) };
    keep(r,
         named(&r->l, "entrypoint", entry, lower_text(&r->l, address->value), (struct nodes){ 0 }),
         entry->key);
    for (const struct tree_entry *e = tree_entries(map); e; e = e->next)
        if (e != address)
            raw_entry(&r->raw, below, 2, e);
    if (r->raw.open > depth)
        r->raw.open = depth;
    return true;
}

static void read_names(struct reader *r, const struct tree *map, const struct str *path,
                       size_t depth, entry_reader *read) {
    r->raw.open = 0;
    for (const struct tree_entry *e = tree_entries(map); e; e = e->next) {
        struct node *node = read(r, e);
        if (node)
            keep(r, node, e->value);
        else if (!split_entrypoint(r, e, path, depth))
            raw_entry(&r->raw, path, depth, e);
    }
    r->raw.open = 0;
}

static void read_entry(struct reader *r, const struct tree_entry *e, bool shared) {
    static const struct {
        const char *key;
        entry_reader *read;
    } readers[] = { { "entryPoints", entrypoint_of }, { "certificatesResolvers", resolver_of } };
    struct str key = tree_key(e), path[2] = { key, STR("plugins") };
    struct tree *plugins = tree_get(e->value, path[1]);
    bool is_map = tree_is(e->value, TREE_MAPPING) && !shared;
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        if (is_map && str_eq_nocase(key, str_of(readers[i].key))) {
            read_names(r, tree_value(e), path, 1, readers[i].read);
            return;
        }
    if (is_map && str_is(key, "experimental") && tree_count(e->value) == 1 &&
        tree_is(plugins, TREE_MAPPING))
        read_names(r, plugins, path, 2, plugin_of);
    else
        raw_entry(&r->raw, NULL, 0, e);
}

void static_read(struct infra *in, const struct tree_file *file, struct infra_stack *stack) {
    struct reader r = { .in = in, .stack = stack };
    lower_start(&r.l, in->diags, file, in->losses);
    r.raw.l = &r.l;
    if (file->empty)
        return; /* a file of comments counts as absent */
    struct tree *root = itsup_root(&r.l, file, "write options of Traefik, or remove the file");
    /* What `&` and `<<` share cannot be taken apart. */
    bool shared = file->anchors && file->anchors->count > 0;
    for (const struct tree_entry *e = tree_entries(root); e; e = e->next) {
        const struct option *option = option_child(option_top(OPTION_STATIC), tree_key(e));
        if (in->generation == ITSUP_TWO && str_is(tree_key(e), "plugins")) {
            stack_read_plugins(in, &r.l, e, stack);
            continue;
        }
        if (option)
            option_check_tree(&r.l, option, e->value);
        else
            option_tell_unknown(&r.l, option_top(OPTION_STATIC), e,
                                in->generation == ITSUP_TWO ? STR("plugins") : STR(""));
        if (option)
            read_entry(&r, e, shared);
    }
    in->proxy = nodes_append(in->proxy, raw_node(&r.raw, "static"));
}
