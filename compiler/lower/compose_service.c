/* From the layers of a service to its model. Compose's rules: scalars, `command`, `entrypoint` are
   replaced; lists grow, without repeating; labels and variables are joined by key. */
#include "lower/compose_service.h"

#include "lower/compose_merge.h"
#include "lower/tree_place.h"

struct fill {
    struct compose *c;
    struct compose_service *service;
    struct compose_layer *layer;
    struct table *labels, *environment, *networks, *mounts; /* keys so far */
    struct compose_attachment *last_network;
    struct compose_mount *last_mount;
};

static void texts_add(struct arena *arena, struct compose_texts *texts, struct tree *node) {
    struct str text = tree_text(node);
    for (struct compose_text *t = texts->first; t && texts->count < 64; t = t->next)
        if (str_eq(t->text, text))
            return;
    struct compose_text *t = arena_new(arena, struct compose_text);
    *t = (struct compose_text){ .text = text, .node = tree_resolve(node) };
    if (texts->last)
        texts->last->next = t;
    else
        texts->first = t;
    texts->last = t;
    texts->count++;
}

/* A scalar, or a list of them; other items were reported as wrong kinds. */
static void texts_from(struct arena *arena, struct compose_texts *texts, struct tree *node) {
    node = tree_resolve(node);
    if (!node)
        return;
    if (node->kind == TREE_SCALAR && !tree_is_null(node))
        texts_add(arena, texts, node);
    if (node->kind == TREE_SEQUENCE)
        for (struct tree_entry *e = tree_entries(node); e; e = e->next)
            if (tree_is(e->value, TREE_SCALAR))
                texts_add(arena, texts, e->value);
}

static void env_files(struct fill *f, struct tree *node) {
    texts_from(f->c->arena, &f->service->env_files, node);
    if (tree_is(node, TREE_SEQUENCE))
        for (struct tree_entry *e = tree_entries(node); e; e = e->next)
            if (tree_is(e->value, TREE_MAPPING) && tree_get(e->value, STR("path")))
                texts_add(f->c->arena, &f->service->env_files, tree_get(e->value, STR("path")));
}

/* A command's words may repeat, and the last layer's replace all. */
static void command(struct fill *f, struct tree *node) {
    f->service->command = (struct compose_texts){ 0 };
    struct compose_texts *texts = &f->service->command;
    struct tree_entry one = { .value = node };
    struct tree_entry *e = tree_is(node, TREE_SEQUENCE) ? tree_entries(node) : &one;
    for (; e; e = e->next) {
        if (!tree_is(e->value, TREE_SCALAR) || (e == &one && tree_is_null(node)))
            continue;
        struct compose_text *t = arena_new(f->c->arena, struct compose_text);
        *t = (struct compose_text){ .text = tree_text(e->value), .node = tree_value(e) };
        if (texts->last)
            texts->last->next = t;
        else
            texts->first = t;
        texts->last = t;
        texts->count++;
    }
}

/* ---- labels, environment ---- */

static void pair_put(struct fill *f, struct compose_pairs *pairs, struct table *keys,
                     struct compose_pair pair) {
    void **slot = table_at(keys, pair.key);
    struct compose_pair *p = *slot;
    pair.layer = f->layer;
    if (p) { /* keeps its place, takes the later value */
        pair.next = p->next;
        *p = pair;
        return;
    }
    p = arena_copy(f->c->arena, &pair, sizeof pair);
    *slot = p;
    if (pairs->last)
        pairs->last->next = p;
    else
        pairs->first = p;
    pairs->last = p;
    pairs->count++;
}

static struct compose_pair pair_from_item(struct arena *arena, struct tree *node) {
    struct str text = tree_text(node);
    size_t equals = str_find(text, '=');
    struct compose_pair pair = { .node = node, .span = node->span };
    pair.has_value = equals != STR_NONE;
    pair.key = pair.has_value ? str_slice(text, 0, equals) : text;
    pair.key_span = tree_text_span(arena, node, 0, pair.key.len);
    pair.value = pair.has_value ? str_from(text, equals + 1) : STR("");
    pair.value_span =
        pair.has_value ? tree_text_span(arena, node, equals + 1, text.len) : node->span;
    return pair;
}

static struct compose_pair pair_from_entry(const struct tree_entry *e) {
    struct tree *value = tree_value(e);
    struct compose_pair pair = { .node = value, .span = tree_entry_span(e) };
    pair.key = tree_key(e);
    pair.key_span = e->key->span;
    pair.has_value = !tree_is_null(value);
    pair.value = pair.has_value ? tree_text(value) : STR("");
    pair.value_span = e->value->span;
    return pair;
}

static void pairs_from(struct fill *f, struct compose_pairs *pairs, struct table *keys,
                       struct tree *node) {
    bool map = tree_is(node, TREE_MAPPING);
    if (!map && !tree_is(node, TREE_SEQUENCE))
        return;
    for (struct tree_entry *e = tree_entries(node); e; e = e->next)
        if (tree_is(e->value, TREE_SCALAR) && (!map || tree_is(e->key, TREE_SCALAR)))
            pair_put(f, pairs, keys,
                     map ? pair_from_entry(e) : pair_from_item(f->c->arena, tree_value(e)));
}

static void labels(struct fill *f, struct tree *node) {
    pairs_from(f, &f->service->labels, f->labels, node);
    for (struct compose_pair *p = f->service->labels.first; p; p = p->next)
        if (p->key.len == 0 && p->layer == f->layer) {
            struct diag *d =
                diag_add(f->c->diags, DIAG_COMPOSE_LABEL, p->span, "a label without a name");
            diag_effect(f->c->diags, d, "no program can ask for it");
            diag_help(f->c->diags, d, "write \"name=value\", or remove it");
        }
}

static void environment(struct fill *f, struct tree *node) {
    pairs_from(f, &f->service->environment, f->environment, node);
}

/* ---- networks ---- */

static void attach(struct fill *f, struct str name, struct span span, struct tree *config) {
    void **slot = table_at(f->networks, name);
    struct compose_attachment *a = *slot;
    if (!a) {
        a = arena_new(f->c->arena, struct compose_attachment);
        *slot = a;
        a->network = name;
        if (f->last_network)
            f->last_network->next = a;
        else
            f->service->networks = a;
        f->last_network = a;
    }
    a->span = span;
    if (!tree_is(config, TREE_MAPPING))
        return;
    a->config = tree_resolve(config);
    struct tree *v4 = tree_get(config, STR("ipv4_address"));
    struct tree *v6 = tree_get(config, STR("ipv6_address"));
    if (tree_is(v4, TREE_SCALAR))
        a->ipv4_address = v4;
    if (tree_is(v6, TREE_SCALAR))
        a->ipv6_address = v6;
    texts_from(f->c->arena, &a->aliases, tree_get(config, STR("aliases")));
}

static void networks(struct fill *f, struct tree *node) {
    bool map = tree_is(node, TREE_MAPPING);
    f->service->has_networks = true;
    for (struct tree_entry *e = tree_entries(node); e; e = e->next) {
        struct tree *name = map ? e->key : e->value;
        if (tree_is(name, TREE_SCALAR))
            attach(f, tree_text(name), name->span, map ? e->value : NULL);
    }
}

/* ---- ports ---- */

typedef struct compose_port *port_parser(struct arena *, struct diags *, struct tree *);

static void ports_from(struct fill *f, struct compose_port **list, struct tree *node,
                       port_parser *parse) {
    if (!tree_is(node, TREE_SEQUENCE))
        return;
    struct compose_port **end = list;
    while (*end)
        end = &(*end)->next;
    size_t known = 0;
    for (struct tree_entry *e = tree_entries(node); e; e = e->next) {
        struct compose_port *port = parse(f->c->arena, f->c->diags, e->value), *same = NULL;
        if (!port)
            continue;
        if (known++ < 256) /* repeats in longer lists do no harm */
            for (same = *list; same && !compose_port_same(same, port);)
                same = same->next;
        if (same)
            continue;
        *end = port;
        end = &port->next;
    }
}

static void ports(struct fill *f, struct tree *node) {
    ports_from(f, &f->service->ports, node, compose_port_parse);
}

static void expose(struct fill *f, struct tree *node) {
    ports_from(f, &f->service->expose, node, compose_expose_parse);
}

/* ---- volumes, dependencies ---- */

static bool is_path(struct str s) {
    return s.len && (s.at[0] == '/' || s.at[0] == '.' || s.at[0] == '~');
}

/* The first `:` outside `${…}`. */
static size_t colon_outside(struct str s) {
    size_t depth = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '{')
            depth++;
        else if (s.at[i] == '}' && depth > 0)
            depth--;
        else if (s.at[i] == ':' && depth == 0)
            return i;
    }
    return STR_NONE;
}

static void mount_from_text(struct compose_mount *m, struct str text) {
    size_t colon = colon_outside(text);
    m->target = text;
    m->type = STR("volume");
    if (colon == STR_NONE)
        return;
    m->source = str_slice(text, 0, colon);
    struct str rest = str_from(text, colon + 1);
    colon = colon_outside(rest);
    m->target = colon == STR_NONE ? rest : str_slice(rest, 0, colon);
    m->read_only =
        colon != STR_NONE && str_find_str(str_from(rest, colon + 1), STR("ro")) != STR_NONE;
    if (is_path(m->source))
        m->type = STR("bind");
    else if (str_find(m->source, '$') != STR_NONE)
        m->type = STR("");
}

static void mount_from_map(struct compose_mount *m, const struct tree *node) {
    m->type = tree_text(tree_get(node, STR("type")));
    m->source = tree_text(tree_get(node, STR("source")));
    m->target = tree_text(tree_get(node, STR("target")));
    tree_to_bool(tree_get(node, STR("read_only")), &m->read_only);
}

/* Of one place in the container the later mount counts. */
static void mount_put(struct fill *f, struct compose_mount *m) {
    void **slot = table_at(f->mounts, m->target);
    struct compose_mount *known = *slot;
    if (known && m->target.len) {
        m->next = known->next;
        *known = *m;
        return;
    }
    *slot = arena_copy(f->c->arena, m, sizeof *m);
    if (f->last_mount)
        f->last_mount->next = *slot;
    else
        f->service->volumes = *slot;
    f->last_mount = *slot;
}

static void volumes(struct fill *f, struct tree *node) {
    if (!tree_is(node, TREE_SEQUENCE))
        return;
    for (struct tree_entry *e = tree_entries(node); e; e = e->next) {
        struct compose_mount m = { .node = tree_value(e) };
        if (m.node->kind == TREE_SCALAR)
            mount_from_text(&m, m.node->text);
        else
            mount_from_map(&m, m.node);
        mount_put(f, &m);
    }
}

static void depends_on(struct fill *f, struct tree *node) {
    bool map = tree_is(node, TREE_MAPPING), required;
    struct compose_dependency **end = &f->service->depends_on;
    while (*end)
        end = &(*end)->next;
    for (struct tree_entry *e = tree_entries(node); e; e = e->next) {
        struct tree *name = map ? e->key : e->value;
        if (!tree_is(name, TREE_SCALAR))
            continue;
        struct compose_dependency *d = arena_new(f->c->arena, struct compose_dependency);
        d->service = tree_text(name);
        d->span = name->span;
        if (map) {
            d->condition = tree_get(e->value, STR("condition"));
            d->optional = tree_to_bool(tree_get(e->value, STR("required")), &required) && !required;
        }
        *end = d;
        end = &d->next;
    }
}

static void dns(struct fill *f, struct tree *node) {
    texts_from(f->c->arena, &f->service->dns, node);
}

static void profiles(struct fill *f, struct tree *node) {
    texts_from(f->c->arena, &f->service->profiles, node);
}

/* ---- the layers ---- */

static const struct list_key {
    struct str key;
    void (*take)(struct fill *f, struct tree *node);
    /* An outline holds it; or what of it comes through `extends`, for it has the rest of the text.
     */
    enum { NOT_OUTLINED, OUTLINED, OUTLINED_IN_LAYERS } outlined;
} list_keys[] = {
    { { "labels", 6 }, labels, OUTLINED_IN_LAYERS },
    { { "environment", 11 }, environment, NOT_OUTLINED },
    { { "networks", 8 }, networks, OUTLINED },
    { { "ports", 5 }, ports, NOT_OUTLINED },
    { { "expose", 6 }, expose, NOT_OUTLINED },
    { { "volumes", 7 }, volumes, NOT_OUTLINED },
    { { "dns", 3 }, dns, OUTLINED },
    { { "profiles", 8 }, profiles, NOT_OUTLINED },
    { { "env_file", 8 }, env_files, NOT_OUTLINED },
    { { "command", 7 }, command, NOT_OUTLINED },
    { { "depends_on", 10 }, depends_on, NOT_OUTLINED },
};

/* `!override`: nothing from the layers before counts. `!reset`: nothing at all. */
static void forget(struct fill *f, struct str key) {
    struct compose_service *s = f->service;
    if (str_is(key, "labels")) {
        s->labels = (struct compose_pairs){ 0 };
        *f->labels = (struct table){ .arena = f->labels->arena };
    } else if (str_is(key, "environment")) {
        s->environment = (struct compose_pairs){ 0 };
        *f->environment = (struct table){ .arena = f->environment->arena };
    } else if (str_is(key, "networks")) {
        s->networks = f->last_network = NULL;
        s->has_networks = false;
        *f->networks = (struct table){ .arena = f->networks->arena };
    } else if (str_is(key, "ports"))
        s->ports = NULL;
    else if (str_is(key, "expose"))
        s->expose = NULL;
    else if (str_is(key, "volumes")) {
        s->volumes = f->last_mount = NULL;
        *f->mounts = (struct table){ .arena = f->mounts->arena };
    } else if (str_is(key, "dns"))
        s->dns = (struct compose_texts){ 0 };
    else if (str_is(key, "profiles"))
        s->profiles = (struct compose_texts){ 0 };
    else if (str_is(key, "env_file"))
        s->env_files = (struct compose_texts){ 0 };
    else if (str_is(key, "command"))
        s->command = (struct compose_texts){ 0 };
    else if (str_is(key, "depends_on"))
        s->depends_on = NULL;
}

static bool has_tag(const struct tree *node, const char *tag) {
    return node->props && str_is(node->props->tag, tag);
}

/* A list that many services extend is copied into each of them. */
static bool within_limits(struct fill *f, const struct tree *node) {
    struct compose *c = f->c;
    if (f->layer->own)
        return true;
    c->expansions += tree_count(node);
    if (c->expansions <= TREE_MOST_EXPANSIONS)
        return true;
    struct diag *d = diag_add(c->diags, DIAG_TREE_LIMIT, node->span,
                              "`extends` repeats more than 1,000,000 values");
    diag_effect(c->diags, d, "what goes beyond is left out here");
    diag_help(c->diags, d, "extend fewer services, or shorter ones");
    return false;
}

enum { LIST_KEYS = sizeof list_keys / sizeof *list_keys };

/* The values of those keys, NULL where there is none: one look at each entry. */
static void gather(const struct tree *body, struct tree *nodes[LIST_KEYS]) {
    for (struct tree_entry *e = tree_entries(body); e; e = e->next) {
        const struct tree *key = tree_resolve(e->key);
        for (size_t i = 0; key->kind == TREE_SCALAR && i < LIST_KEYS; i++)
            if (!nodes[i] && str_eq(list_keys[i].key, key->text))
                nodes[i] = tree_value(e);
    }
}

static void fill_layer(struct fill *f) {
    bool alone = !f->service->layers->next;
    struct tree *nodes[LIST_KEYS] = { NULL };
    gather(f->layer->body, nodes);
    for (size_t i = 0; i < LIST_KEYS; i++) {
        struct str key = list_keys[i].key;
        bool wanted = !f->c->again || list_keys[i].outlined == OUTLINED ||
                      (list_keys[i].outlined == OUTLINED_IN_LAYERS && !alone);
        struct tree *node = wanted ? nodes[i] : NULL;
        if (!node || !within_limits(f, node))
            continue;
        if (has_tag(node, "!reset") || has_tag(node, "!override"))
            forget(f, key);
        if (!has_tag(node, "!reset"))
            list_keys[i].take(f, node);
    }
}

static struct tree *scalar(const struct compose_service *service, struct str key) {
    struct tree *node = compose_service_get(service, key);
    return tree_is(node, TREE_SCALAR) && !tree_is_null(node) ? node : NULL;
}

static struct table *table_new(struct arena *arena) {
    struct table *table = arena_new(arena, struct table);
    table->arena = arena;
    return table;
}

void compose_service_fill(struct compose *c, struct compose_service *service,
                          struct arena *scratch) {
    struct fill f = { .c = c, .service = service };
    f.labels = table_new(scratch);
    f.environment = table_new(scratch);
    f.networks = table_new(scratch);
    f.mounts = table_new(scratch);
    for (f.layer = service->layers; f.layer; f.layer = f.layer->next)
        fill_layer(&f);
    service->network_mode = scalar(service, STR("network_mode"));
    if (c->again)
        return;
    service->image = scalar(service, STR("image"));
    service->container_name = scalar(service, STR("container_name"));
    service->restart = scalar(service, STR("restart"));
    service->healthcheck = compose_service_merged(c, service, STR("healthcheck"));
    service->deploy = compose_service_merged(c, service, STR("deploy"));
}

void compose_network_fill(struct compose *c, struct compose_network *network) {
    struct tree *name = tree_get(network->body, STR("name"));
    struct tree *external = tree_get(network->body, STR("external"));
    tree_to_bool(external, &network->external);
    if (tree_is(external, TREE_MAPPING)) {
        network->external = true;
        if (!name)
            name = tree_get(external, STR("name"));
    }
    if (tree_is(name, TREE_SCALAR) && !tree_is_null(name)) {
        network->real_name = tree_text(name);
        network->real_name_span = name->span;
    } else if (network->external) {
        network->real_name = network->name;
        network->real_name_span = network->name_span;
    }
    struct tree *config = tree_get(tree_get(network->body, STR("ipam")), STR("config"));
    if (tree_is(config, TREE_SEQUENCE))
        for (struct tree_entry *e = tree_entries(config); e; e = e->next) {
            struct tree *subnet = tree_get(e->value, STR("subnet"));
            if (tree_is(subnet, TREE_SCALAR))
                texts_add(c->arena, &network->subnets, subnet);
        }
}
