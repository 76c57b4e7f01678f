/* projects/traefik.yml of generations 2 and 3, which is merged over the stack's static file: names
   that others refer to become words, the rest stays YAML. */
#include "lower/infra.h"
#include "lower/option_check.h"
#include "lower/tree_place.h"
#include "lower/yaml_comments.h"
#include "options/readymade.h"

struct reader {
    struct infra *in;
    struct lower l;
    struct infra_stack *stack;
    struct raw raw;
};

static struct node *word_setting(struct lower *l, const char *name, const struct tree *value) {
    return lower_setting_one(l, name, value->span, lower_text(l, value));
}

/* ---- resolvers ---- */

static struct node *http_challenge(struct lower *l, const struct tree *map) {
    struct tree *entrypoint = tree_get(map, STR("entryPoint"));
    if (tree_count(map) != 1 || !words_plain(entrypoint))
        return NULL;
    return word_setting(l, "http-01", entrypoint);
}

static struct node *dns_challenge(struct lower *l, const struct tree *map) {
    struct tree *provider = tree_get(map, STR("provider")),
                *hosts = tree_get(map, STR("resolvers"));
    if (tree_count(map) != 1 + (hosts != NULL) || !words_plain(provider) ||
        (hosts && !words_plain_list(hosts)))
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
            return words_plain(value) ? word_setting(l, words[i][1], value) : NULL;
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

static struct node *plugin_of(struct reader *r, const struct tree_entry *entry) {
    struct tree *map = tree_value(entry), *module = tree_get(map, STR("moduleName")),
                *version = tree_get(map, STR("version"));
    if (tree_count(map) != 2 || !words_plain(module) || !words_plain(version))
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

static bool read_entrypoint(struct reader *r, const struct tree_entry *entry) {
    const struct option *above = option_child(option_top(OPTION_STATIC), STR("entryPoints"));
    const struct readymade *own =
        readymade_find(r->in->generation, READYMADE_ENTRYPOINT, tree_key(entry));
    return words_entrypoint(&r->l, above, entry, own ? own->address : STR(""), &r->in->proxy);
}

static void read_names(struct reader *r, const struct tree *map, const struct str *path,
                       size_t depth, entry_reader *read) {
    r->raw.open = 0;
    for (const struct tree_entry *e = tree_entries(map); e; e = e->next) {
        struct node *node = read ? read(r, e) : NULL;
        if (node)
            keep(r, node, e->value);
        else if (read || !read_entrypoint(r, e))
            raw_entry(&r->raw, path, depth, e);
    }
    r->raw.open = 0;
}

/* Plugins with a module of their own; others are the stack's, with something changed. */
static bool all_whole(const struct tree *plugins) {
    for (const struct tree_entry *e = tree_entries(plugins); e; e = e->next)
        if (!tree_is(e->value, TREE_MAPPING) || !tree_find(tree_value(e), STR("moduleName")))
            return false;
    return true;
}

static void read_entry(struct reader *r, const struct tree_entry *e, bool shared) {
    static const struct {
        const char *key;
        entry_reader *read;
    } readers[] = { { "entryPoints", NULL }, { "certificatesResolvers", resolver_of } };
    struct str key = tree_key(e), path[2] = { key, STR("plugins") };
    struct tree *plugins = tree_get(e->value, path[1]);
    bool is_map = tree_is(e->value, TREE_MAPPING) && !shared;
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        if (is_map && str_eq_nocase(key, str_of(readers[i].key))) {
            read_names(r, tree_value(e), path, 1, readers[i].read);
            return;
        }
    if (is_map && str_is(key, "experimental") && tree_count(e->value) == 1 &&
        tree_is(plugins, TREE_MAPPING) && all_whole(plugins))
        read_names(r, plugins, path, 2, plugin_of);
    else if (!is_map || !((str_is(key, "log") && words_log(&r->l, e, &r->in->proxy)) ||
                          words_options(&r->l, option_top(OPTION_STATIC), e, &r->in->proxy)))
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
        size_t errors = in->diags->errors;
        if (option)
            option_check_tree(&r.l, option, e->value);
        else
            option_tell_unknown(&r.l, option_top(OPTION_STATIC), e,
                                in->generation == ITSUP_TWO ? STR("plugins") : STR(""));
        if (option)
            read_entry(&r, e, shared || in->diags->errors > errors); /* no word judges it again */
    }
    in->proxy = nodes_append(in->proxy, raw_node(&r.raw, "static"));
}
