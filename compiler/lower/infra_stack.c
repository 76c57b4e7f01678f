/* itsup.yml, and what generations 1 and 2 say of the same elsewhere → `stack itsup N { … }`. */
#include "lower/infra.h"
#include "lower/tree_place.h"
#include "lower/yaml_comments.h"

struct reader {
    struct infra *in;
    struct lower l;
    struct infra_stack *stack;
    struct tree *root;
    struct fields fields, versions, crowdsec;
};

static void dress(struct reader *r, struct node *node, const struct tree *value) {
    if (node)
        yaml_comments_hang(r->l.arena, r->l.source, node, 0,
                           yaml_comments_take(&r->l.comments, yaml_lines_end(value)));
}

static struct diag *tell_missing(struct reader *r, struct span span, const char *key) {
    struct diag *d = diag_add(r->l.diags, DIAG_ITSUP_MISSING, span, "%s is missing", key);
    diag_effect(r->l.diags, d, "itsUP stops, some of its files written and some not");
    return d;
}

static struct span file_start(const struct reader *r) {
    return (struct span){ r->l.source->base, r->l.source->base };
}

/* ---- versions ---- */

static struct node *image_of(struct lower *l, const char *name, const struct tree *version) {
    struct nodes args =
        nodes_append((struct nodes){ 0 }, lower_word(l, str_of(name), version->span));
    args = nodes_append(args, lower_text(l, version));
    return lower_setting(l, "image", version->span, args, NULL);
}

static void read_versions(struct reader *r, const struct tree *map) {
    static const struct {
        const char *name;
        enum itsup_key key;
    } images[] = { { "traefik", KEY_VERSIONS_TRAEFIK }, { "crowdsec", KEY_VERSIONS_CROWDSEC } };
    for (const struct tree_entry *e = tree_entries(map); e; e = e->next)
        for (size_t i = 0; i < 2; i++) {
            struct tree *value = tree_value(e);
            if (value != fields_get(&r->versions, images[i].key) ||
                !str_is(tree_key(e), images[i].name))
                continue;
            r->stack->images[i] = image_of(&r->l, images[i].name, value);
            dress(r, r->stack->images[i], value);
        }
}

static void check_versions(struct reader *r, bool crowdsec) {
    struct tree *map = fields_get(&r->fields, KEY_INFRA_VERSIONS);
    if (r->in->generation != ITSUP_THREE || fields_bad(&r->fields, KEY_INFRA_VERSIONS))
        return;
    if (!map) {
        diag_help(r->l.diags, tell_missing(r, file_start(r), "versions"),
                  "add versions: { traefik: v3.7.8 }");
        return;
    }
    struct span at = fields_key_span(&r->fields, KEY_INFRA_VERSIONS, r->root);
    if (!fields_get(&r->versions, KEY_VERSIONS_TRAEFIK) &&
        !fields_bad(&r->versions, KEY_VERSIONS_TRAEFIK))
        diag_help(r->l.diags, tell_missing(r, at, "versions.traefik"), "add traefik: v3.7.8");
    else if (crowdsec && !fields_get(&r->versions, KEY_VERSIONS_CROWDSEC) &&
             !fields_bad(&r->versions, KEY_VERSIONS_CROWDSEC))
        diag_help(r->l.diags, tell_missing(r, at, "versions.crowdsec"), "add crowdsec: v1.7.8");
}

/* ---- crowdsec ---- */

static struct node *crowdsec_node(struct lower *l, const struct fields *f, enum itsup_key enabled,
                                  enum itsup_key collections) {
    struct tree *list = fields_get(f, collections);
    if (!fields_bool(f, enabled, false))
        return NULL;
    struct span span = fields_get(f, enabled)->span;
    if (tree_count(list) == 0)
        return lower_setting_one(l, "crowdsec", span, NULL);
    return lower_setting_one(l, "crowdsec", span, lower_list(l, list));
}

/* ---- itsup.yml ---- */

static void check_router(struct reader *r) {
    struct tree *ip = fields_get(&r->fields, KEY_INFRA_ROUTER_IP);
    if ((ip && tree_text(ip).len > 0) || fields_bad(&r->fields, KEY_INFRA_ROUTER_IP))
        return;
    struct tree_entry *entry = r->fields.entry[KEY_INFRA_ROUTER_IP - r->fields.first];
    struct diag *d =
        diag_add(r->l.diags, DIAG_ITSUP_ROUTER_IP, entry ? entry->key->span : file_start(r),
                 "routerIP is empty, and a build asks no network for it");
    diag_effect(r->l.diags, d, "what the router says of its clients is not believed");
    diag_help(r->l.diags, d, "write routerIP: with the address of your router");
}

static void check_dashboard(struct reader *r, const struct tree *domain) {
    bool three = r->in->generation == ITSUP_THREE;
    if (domain || fields_bad(&r->fields, KEY_INFRA_TRAEFIK_DOMAIN) ||
        fields_bad(&r->fields, KEY_INFRA_TRAEFIK))
        return;
    struct diag *d = tell_missing(r, file_start(r), three ? "traefikDomain" : "traefik.domain");
    diag_help(r->l.diags, d,
              three ? "add traefikDomain: traefik.example.com"
                    : "add traefik: { domain: traefik.example.com }");
}

static struct node *entry_node(struct reader *r, const struct tree *value,
                               const struct tree *domain, struct str key) {
    struct infra_stack *stack = r->stack;
    if (value == fields_get(&r->fields, KEY_INFRA_ROUTER_IP) && str_is(key, "routerIP") &&
        tree_text(value).len)
        return stack->router =
                   lower_setting_one(&r->l, "router", value->span, lower_text(&r->l, value));
    if (domain && (value == domain || value == fields_get(&r->fields, KEY_INFRA_TRAEFIK)) &&
        str_starts(key, STR("traefik")))
        return stack->dashboard =
                   lower_setting_one(&r->l, "dashboard", domain->span, lower_text(&r->l, domain));
    if (value == fields_get(&r->fields, KEY_INFRA_CROWDSEC) && str_is(key, "crowdsec"))
        return stack->crowdsec = crowdsec_node(&r->l, &r->crowdsec, KEY_CROWDSEC_ENABLED,
                                               KEY_CROWDSEC_COLLECTIONS);
    if (value == fields_get(&r->fields, KEY_INFRA_VERSIONS) && str_is(key, "versions"))
        read_versions(r, value);
    else if (str_is(key, "schemaVersion"))
        lower_lose(&r->l, value, "it is about itsUP's own release");
    else if (str_is(key, "backup") || str_is(key, "alert") || str_is(key, "domainSuffix"))
        lower_lose(&r->l, value, "nothing that is generated depends on it");
    return NULL;
}

void stack_read(struct infra *in, const struct tree_file *file, struct infra_stack *stack) {
    struct reader r = { .in = in, .stack = stack };
    struct fields dashboard;
    lower_start(&r.l, in->diags, file, in->losses);
    stack->span = (struct span){ file->source->base, file->source->base };
    r.root = itsup_root(&r.l, file, "write traefikDomain:, routerIP: and versions:");
    if (!r.root)
        return;
    enum itsup_generation g = in->generation;
    itsup_fields(&r.l, ITSUP_INFRA, g, r.root, &r.fields);
    itsup_fields(&r.l, ITSUP_DASHBOARD, g, fields_get(&r.fields, KEY_INFRA_TRAEFIK), &dashboard);
    itsup_fields(&r.l, ITSUP_VERSIONS, g, fields_get(&r.fields, KEY_INFRA_VERSIONS), &r.versions);
    itsup_fields(&r.l, ITSUP_CROWDSEC, g, fields_get(&r.fields, KEY_INFRA_CROWDSEC), &r.crowdsec);
    struct tree *domain = fields_get(&r.fields, KEY_INFRA_TRAEFIK_DOMAIN);
    if (!domain)
        domain = fields_get(&dashboard, KEY_DASHBOARD_DOMAIN);
    if (!fields_bad(&dashboard, KEY_DASHBOARD_DOMAIN))
        check_dashboard(&r, domain);
    check_router(&r);
    check_versions(&r, fields_bool(&r.crowdsec, KEY_CROWDSEC_ENABLED, false));
    for (const struct tree_entry *e = tree_entries(r.root); e; e = e->next) {
        struct tree *value = tree_value(e);
        dress(&r, entry_node(&r, value, domain, tree_key(e)), value);
    }
    stack->tail = r.l.comments;
}

/* ---- generation 2: `plugins` of projects/traefik.yml ---- */

void stack_read_plugins(struct infra *in, struct lower *l, const struct tree_entry *plugins,
                        struct infra_stack *stack) {
    struct fields f, crowdsec;
    struct tree *map = tree_value(plugins);
    if (!lower_kind(l, map, tree_key(plugins), FIELD_MAP))
        return;
    itsup_fields(l, ITSUP_PLUGINS, in->generation, map, &f);
    map = fields_get(&f, KEY_PLUGINS_CROWDSEC);
    itsup_fields(l, ITSUP_PLUGIN_CROWDSEC, in->generation, map, &crowdsec);
    stack->crowdsec =
        crowdsec_node(l, &crowdsec, KEY_PLUGIN_CROWDSEC_ENABLED, KEY_PLUGIN_CROWDSEC_COLLECTIONS);
    lower_lose(l, fields_get(&crowdsec, KEY_PLUGIN_CROWDSEC_APIKEY),
               "the stack reads the key from a file");
    lower_lose(l, fields_get(&crowdsec, KEY_PLUGIN_CROWDSEC_OPTIONS),
               "write them as options of the middleware `crowdsec`");
    lower_lose(l, fields_get(&crowdsec, KEY_PLUGIN_CROWDSEC_VERSION),
               "the plugin's version stands with the plugin");
    lower_lose(l, fields_get(&crowdsec, KEY_PLUGIN_CROWDSEC_SCENARIOS),
               "write them as options of the middleware `crowdsec`");
}

/* ---- generation 1: projects/traefik.yml ---- */

/* `${domain_suffix}` means the key of that name in the same file. */
static struct node *with_suffix(struct lower *l, const struct tree *domain,
                                const struct tree *suffix) {
    struct str text = tree_text(domain), mark = STR("${domain_suffix}");
    size_t at = str_find_str(text, mark);
    if (at == STR_NONE || !suffix)
        return lower_text(l, domain);
    struct join j = { .l = l };
    join_slice(&j, domain, 0, at);
    join_word(&j, tree_text(suffix), tree_text_span(l->arena, domain, at, at + mark.len));
    join_slice(&j, domain, at + mark.len, text.len);
    return join_node(&j, domain->span);
}

static void check_first(struct reader *r, enum itsup_key key, enum itsup_table table,
                        struct fields *out) {
    itsup_fields(&r->l, table, ITSUP_ONE, fields_get(&r->fields, key), out);
}

void stack_read_first(struct infra *in, const struct tree_file *file, struct infra_stack *stack) {
    static const char *const unread = "itsUP itself read it nowhere";
    struct reader r = { .in = in, .stack = stack };
    struct fields traefik, acme, middleware, part;
    lower_start(&r.l, in->diags, file, in->losses);
    stack->span = (struct span){ file->source->base, file->source->base };
    r.root = itsup_root(&r.l, file, "write versions: and traefik:, or remove the file");
    if (!r.root)
        return;
    itsup_fields(&r.l, ITSUP_FIRST, ITSUP_ONE, r.root, &r.fields);
    check_first(&r, KEY_FIRST_TRAEFIK, ITSUP_FIRST_TRAEFIK, &traefik);
    check_first(&r, KEY_FIRST_LETSENCRYPT, ITSUP_FIRST_ACME, &acme);
    check_first(&r, KEY_FIRST_VERSIONS, ITSUP_VERSIONS, &r.versions);
    check_first(&r, KEY_FIRST_MIDDLEWARE, ITSUP_FIRST_MIDDLEWARE, &middleware);
    itsup_fields(&r.l, ITSUP_FIRST_RATE, ITSUP_ONE,
                 fields_get(&middleware, KEY_FIRST_MIDDLEWARE_RATE_LIMIT), &part);
    itsup_fields(&r.l, ITSUP_FIRST_HEADERS, ITSUP_ONE,
                 fields_get(&middleware, KEY_FIRST_MIDDLEWARE_HEADERS), &part);
    struct tree *domain = fields_get(&traefik, KEY_FIRST_TRAEFIK_DASHBOARD_DOMAIN);
    if (domain && fields_bool(&traefik, KEY_FIRST_TRAEFIK_DASHBOARD_ENABLED, true))
        stack->dashboard = lower_setting_one(
            &r.l, "dashboard", domain->span,
            with_suffix(&r.l, domain, fields_get(&r.fields, KEY_FIRST_DOMAIN_SUFFIX)));
    for (const struct tree_entry *e = tree_entries(r.root); e; e = e->next) {
        struct tree *value = tree_value(e);
        if (str_is(tree_key(e), "versions") && fields_get(&r.fields, KEY_FIRST_VERSIONS))
            read_versions(&r, value);
        else if (str_is(tree_key(e), "plugins") && fields_get(&r.fields, KEY_FIRST_PLUGINS))
            stack_read_plugins(in, &r.l, e, stack);
        else if (str_is(tree_key(e), "traefik"))
            dress(&r, stack->dashboard, value);
    }
    lower_lose(&r.l, fields_get(&r.fields, KEY_FIRST_LETSENCRYPT), unread);
    lower_lose(&r.l, fields_get(&r.fields, KEY_FIRST_TRUSTED_IPS), unread);
    lower_lose(&r.l, fields_get(&r.fields, KEY_FIRST_MIDDLEWARE), unread);
    lower_lose(&r.l, fields_get(&traefik, KEY_FIRST_TRAEFIK_LOG_LEVEL), unread);
    lower_lose(&r.l, fields_get(&traefik, KEY_FIRST_TRAEFIK_DASHBOARD_AUTH), unread);
    stack->tail = r.l.comments;
}

/* ---- the statement ---- */

struct node *stack_node(struct infra *in, struct lower *l, const struct infra_stack *stack) {
    static const char *const numbers[] = { "3", "1", "2", "3" };
    struct node *const parts[] = { stack->dashboard, stack->router, stack->images[0],
                                   stack->images[1], stack->crowdsec };
    struct nodes body = { 0 }, args = { 0 };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        body = nodes_append(body, parts[i]);
    args = nodes_append(args, lower_word(l, STR("itsup"), stack->span));
    args = nodes_append(args, lower_word(l, str_of(numbers[in->generation]), stack->span));
    return lower_setting(l, "stack", stack->span, args,
                         body.head ? lower_block(l, stack->span, body, false) : NULL);
}
