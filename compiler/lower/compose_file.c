/* Reading compose files into one model: overrides, includes, extended services. */
#include "lower/compose_file.h"

#include "lower/compose_check.h"
#include "lower/compose_names.h"
#include "lower/compose_rules.h"
#include "lower/compose_service.h"
#include "lower/yaml_tree.h"
#include "support/nearest.h"

enum {
    MOST_PARTS = 1000,
    MOST_EXTENDS = 100, /* in one chain */
    MOST_SUGGESTIONS = 200,
};

/* ---- questions ---- */

struct compose_service *compose_service_find(const struct compose *c, struct str name) {
    return table_get(c->service_table, name);
}

struct compose_network *compose_network_find(const struct compose *c, struct str name) {
    return table_get(c->network_table, name);
}

struct str compose_service_nearest(struct compose *c, struct str name) {
    struct nearest nearest = { .wanted = name };
    if (c->suggestions++ >= MOST_SUGGESTIONS)
        return STR("");
    for (struct compose_service *s = c->services; s; s = s->next)
        nearest_offer(&nearest, s->name);
    return nearest.best;
}

struct str compose_network_nearest(struct compose *c, struct str name) {
    struct nearest nearest = { .wanted = name };
    if (c->suggestions++ >= MOST_SUGGESTIONS)
        return STR("");
    for (struct compose_network *n = c->networks; n; n = n->next)
        nearest_offer(&nearest, n->name);
    return nearest.best;
}

struct tree *compose_service_get(const struct compose_service *service, struct str key) {
    struct tree *found = NULL;
    for (struct compose_layer *l = service->layers; l; l = l->next) {
        struct tree *node = tree_get(l->body, key);
        if (node && (!found || !tree_is_null(node)))
            found = node;
    }
    return found;
}

struct compose_pair *compose_pair_find(const struct compose_pairs *pairs, struct str key) {
    for (struct compose_pair *p = pairs->first; p; p = p->next)
        if (str_eq(p->key, key))
            return p;
    return NULL;
}

struct compose_attachment *compose_service_network(const struct compose_service *service,
                                                   struct str network) {
    for (struct compose_attachment *a = service->networks; a; a = a->next)
        if (str_eq(a->network, network))
            return a;
    return NULL;
}

struct str compose_network_mode(const struct compose_service *service) {
    return tree_text(service->network_mode);
}

struct compose_own compose_service_own(const struct compose_service *service, struct str key) {
    struct compose_own own = { .entry = tree_find(service->body, key) };
    if (!own.entry)
        return own;
    own.node = tree_value(own.entry);
    own.aliased = own.entry->value->kind == TREE_ALIAS;
    own.merged = own.entry->owner != tree_resolve(service->body);
    own.anchored = own.node->props && own.node->props->anchor.len > 0;
    return own;
}

/* ---- files ---- */

static struct table *table_new(struct arena *arena) {
    struct table *table = arena_new(arena, struct table);
    table->arena = arena;
    return table;
}

/* "a/b/../c.yml" → "a/c.yml"; what climbs out keeps its "../". */
static struct str normal_path(struct arena *arena, struct str path) {
    char *out = arena_alloc(arena, path.len + 1);
    size_t len = 0, floor = 0;
    if (path.len && path.at[0] == '/')
        out[len++] = '/', floor = 1;
    for (size_t i = 0; i < path.len;) {
        size_t to = i;
        while (to < path.len && path.at[to] != '/')
            to++;
        struct str step = str_slice(path, i, to);
        i = to + 1;
        if (step.len == 0 || str_is(step, "."))
            continue;
        if (str_is(step, "..") && len > floor) {
            while (len > floor && out[len - 1] != '/')
                len--;
            if (len > floor)
                len--;
            continue;
        }
        if (len > 0 && out[len - 1] != '/')
            out[len++] = '/';
        memcpy(out + len, step.at, step.len);
        len += step.len;
        if (str_is(step, ".."))
            floor = len;
    }
    return (struct str){ out, len };
}

static struct str path_beside(struct compose *c, const struct source *source, struct str path) {
    size_t slash = str_find_last(source->name, '/');
    if ((path.len && path.at[0] == '/') || slash == STR_NONE)
        return normal_path(c->arena, path);
    return normal_path(c->arena,
                       str_format(c->arena, "%.*s/%.*s", STR_ARG(str_slice(source->name, 0, slash)),
                                  STR_ARG(path)));
}

/* Names that only Compose can follow: variables, "oci://…", "git@…", "https://…". */
static bool is_elsewhere(struct str path) {
    return path.len == 0 || str_find(path, '$') != STR_NONE ||
           str_find_str(path, STR("://")) != STR_NONE || str_starts(path, STR("git@"));
}

static struct compose_part *part_new(struct compose *c, struct source *source, struct tree *root,
                                     bool included) {
    struct compose_part *part = arena_new(c->arena, struct compose_part);
    part->source = source;
    part->root = root;
    part->included = included;
    struct tree *services = tree_get(root, STR("services"));
    part->services = tree_is(services, TREE_MAPPING) ? services : NULL;
    if (c->last_part)
        c->last_part->next = part;
    else
        c->parts = part;
    c->last_part = part;
    return part;
}

static void report_empty(struct compose *c, const struct tree_file *file) {
    struct diag *d =
        diag_add(c->diags, DIAG_COMPOSE_EMPTY, file->root->span, "this compose file is empty");
    diag_effect(c->diags, d, "Compose refuses the file");
    diag_help(c->diags, d, "write `services:` with at least one service below it");
}

/* NULL after a finding; then nothing of the file is judged. */
static struct compose_part *part_of(struct compose *c, struct tree_file *file, bool included) {
    if (!file)
        return NULL;
    struct tree *root = tree_resolve(file->root);
    if (file->empty || tree_is_null(root)) {
        report_empty(c, file);
        return NULL;
    }
    if (root->kind != TREE_MAPPING) {
        struct diag *d = diag_add(c->diags, DIAG_FIELD_KIND, root->span,
                                  "a compose file must be a mapping, not %s", tree_kind_name(root));
        diag_effect(c->diags, d, "Compose refuses the file");
        diag_help(c->diags, d, "write `services:` with at least one service below it");
        return NULL;
    }
    if (c->loader && c->loader->prepare)
        c->loader->prepare(c->loader->context, root);
    if (!c->again && !c->judged)
        compose_check(c->diags, root);
    return part_new(c, file->source, root, included);
}

static struct compose_part *part_read(struct compose *c, struct source *source, bool included) {
    return part_of(c, yaml_tree_read(c->arena, c->diags, source), included);
}

static void tell_left_out(struct compose *c, struct diag *d, const char *help) {
    diag_effect(c->diags, d, "what goes beyond is left out here");
    diag_help(c->diags, d, "%s", help);
}

/* A file that another one names. Read once; NULL when it cannot be used. */
static struct compose_part *part_load(struct compose *c, const struct source *from,
                                      const struct tree *named) {
    struct str path = tree_text(named);
    if (!c->loader || !c->loader->load || is_elsewhere(path)) {
        c->incomplete = true;
        return NULL;
    }
    path = path_beside(c, from, path);
    void **slot = table_at(c->part_table, path);
    if (*slot)
        return *slot == c ? NULL : *slot; /* the model itself marks "cannot be read" */
    *slot = c;
    struct source *source = NULL;
    if (c->part_table->count > MOST_PARTS) {
        struct diag *d = diag_add(c->diags, DIAG_TREE_LIMIT, named->span,
                                  "more than %d compose files in one project", (int)MOST_PARTS);
        tell_left_out(c, d, "join some of the files");
        c->incomplete = true;
        return NULL;
    }
    struct compose_part *part = NULL;
    if (c->loader->load(c->loader->context, path, named->span, &source))
        part = part_read(c, source, true);
    if (part)
        *table_at(c->part_table, path) = part;
    else
        c->incomplete = true;
    return part;
}

/* ---- extends ---- */

struct chain {
    const struct chain *outer;
    const struct tree *body;
    size_t depth;
};

static void layer_add(struct compose *c, struct compose_service *service, struct tree *body,
                      struct compose_part *part, bool own) {
    if (!own && ++c->expansions > TREE_MOST_EXPANSIONS) {
        struct diag *d = diag_add(c->diags, DIAG_TREE_LIMIT, body->span,
                                  "services extend each other 1,000,000 times");
        tell_left_out(c, d, "let each service extend one that extends no other");
        return;
    }
    struct compose_layer *layer = arena_new(c->arena, struct compose_layer);
    *layer = (struct compose_layer){ .body = body, .part = part, .own = own };
    if (service->last_layer)
        service->last_layer->next = layer;
    else
        service->layers = layer;
    service->last_layer = layer;
}

/* Whether the circle that `chain` closes at `body` was told already, from another of its services.
 */
static bool circle_known(struct compose *c, const struct chain *chain, const struct tree *body) {
    bool known = false;
    for (bool more = true; more; chain = chain->outer) {
        struct str key = { (const char *)&chain->body, sizeof chain->body };
        known |= table_get(c->circle_table, key) != NULL;
        key.at = arena_copy(c->arena, key.at, key.len);
        *table_at(c->circle_table, key) = c;
        more = chain->body != body;
    }
    return known;
}

static bool report_circle(struct compose *c, const struct chain *chain, const struct tree *body,
                          const struct tree *named) {
    for (const struct chain *at = chain; at; at = at->outer)
        if (at->body == body) {
            if (circle_known(c, chain, body))
                return true;
            struct diag *d = diag_add(c->diags, DIAG_COMPOSE_CYCLE, named->span,
                                      "the service `%.*s` extends itself in a circle",
                                      STR_ARG(tree_text(named)));
            diag_effect(c->diags, d, "Compose refuses the file");
            diag_help(c->diags, d, "remove one `extends` of the circle");
            return true;
        }
    return false;
}

static void report_base(struct compose *c, const struct compose_part *part,
                        const struct tree *named) {
    struct nearest nearest = { .wanted = tree_text(named) };
    if (c->suggestions++ < MOST_SUGGESTIONS)
        for (struct tree_entry *e = tree_entries(part->services); e; e = e->next)
            nearest_offer(&nearest, tree_key(e));
    struct diag *d = diag_add(c->diags, DIAG_COMPOSE_EXTENDS, named->span,
                              "`%.*s` has no service `%.*s` to extend", STR_ARG(part->source->name),
                              STR_ARG(tree_text(named)));
    diag_effect(c->diags, d, "Compose refuses the file");
    if (nearest.best.len)
        diag_suggest(c->diags, d, named->span, nearest.best);
    else
        diag_help(c->diags, d, "add the service there, or remove the `extends`");
}

static void add_layers(struct compose *c, struct compose_service *service, struct tree *body,
                       struct compose_part *part, const struct chain *outer);

/* False when the base cannot be had. */
static bool add_base(struct compose *c, struct compose_service *service, struct tree *extends,
                     struct compose_part *part, const struct chain *chain) {
    bool map = tree_is(extends, TREE_MAPPING);
    struct tree *named = map ? tree_get(extends, STR("service")) : extends;
    struct tree *file = map ? tree_get(extends, STR("file")) : NULL;
    if (map && !named) {
        struct diag *d =
            diag_add(c->diags, DIAG_COMPOSE_EXTENDS, extends->span, "`extends` without `service`");
        diag_effect(c->diags, d, "Compose refuses the file");
        diag_help(c->diags, d, "add `service: NAME`");
    }
    if (!tree_is(named, TREE_SCALAR) || tree_is_null(named))
        return false;
    if (tree_is(file, TREE_SCALAR))
        part = part_load(c, part->source, file);
    if (!part)
        return false;
    struct tree *base = tree_get(part->services, tree_text(named));
    if (!base && part != c->main && !part->included &&
        tree_get(c->main->services, tree_text(named))) {
        part = c->main;
        base = tree_get(part->services, tree_text(named));
    }
    if (!base) {
        report_base(c, part, named);
        return false;
    }
    if (base->kind != TREE_MAPPING || c->expansions > TREE_MOST_EXPANSIONS ||
        report_circle(c, chain, base, named))
        return false;
    add_layers(c, service, base, part, chain);
    return true;
}

static void add_layers(struct compose *c, struct compose_service *service, struct tree *body,
                       struct compose_part *part, const struct chain *outer) {
    struct chain chain = { .outer = outer, .body = body, .depth = outer ? outer->depth + 1 : 0 };
    struct tree *extends = tree_get(body, STR("extends"));
    if (!outer && body->props &&
        str_is(body->props->tag, "!override")) /* nothing before it holds */
        service->layers = service->last_layer = NULL;
    if (extends && chain.depth >= MOST_EXTENDS)
        tell_left_out(c,
                      diag_add(c->diags, DIAG_TREE_LIMIT, extends->span,
                               "services extend each other %d deep", (int)MOST_EXTENDS),
                      "let each service extend one that extends no other");
    else if (extends && !add_base(c, service, extends, part, &chain))
        service->partial = true;
    layer_add(c, service, body, part, outer == NULL);
}

/* ---- declarations ---- */

static bool is_service_name(struct str name) {
    for (size_t i = 0; i < name.len; i++)
        if (!char_is_alnum(name.at[i]) && !strchr("._-", name.at[i]))
            return false;
    return name.len > 0;
}

static void report_service(struct compose *c, const struct tree_entry *e) {
    struct str name = tree_key(e);
    if (!is_service_name(name)) {
        struct diag *d = diag_add(c->diags, DIAG_COMPOSE_SERVICE, e->key->span,
                                  "`%.*s` is no name for a service", STR_ARG(name));
        diag_effect(c->diags, d, "Compose refuses the file");
        diag_help(c->diags, d, "write letters, digits, `.`, `_` and `-` only");
    }
}

/* Of a name that was there before: an override adds to it, an included file must not. */
static bool is_conflict(struct compose *c, const struct compose_part *part,
                        const struct compose_part *before, const struct tree_entry *e,
                        struct span first, const char *what) {
    if (part == before || !(part->included || before->included))
        return false;
    if (part->source != before->source) {
        struct diag *d = diag_add(c->diags, DIAG_COMPOSE_INCLUDE, e->key->span,
                                  "the %s `%.*s` is declared in two files of one project", what,
                                  STR_ARG(tree_key(e)));
        diag_effect(c->diags, d, "some releases of Compose refuse the file, others join the two");
        diag_note_at(c->diags, d, first, "first declared here");
        diag_help(c->diags, d,
                  "rename one of them, or change the included one in compose.override.yml");
    }
    return true;
}

static void declare_service(struct compose *c, struct compose_part *part, struct tree_entry *e,
                            struct compose_service ***end) {
    if (!tree_is(e->key, TREE_SCALAR) || tree_key(e).len == 0)
        return;
    report_service(c, e);
    void **slot = table_at(c->service_table, tree_key(e));
    struct compose_service *s = *slot;
    if (s && is_conflict(c, part, s->part, e, s->name_span, "service"))
        return;
    struct tree *body = tree_value(e);
    if (body->kind != TREE_MAPPING)
        body = NULL;
    if (!s) {
        s = arena_new(c->arena, struct compose_service);
        *slot = s;
        s->name = tree_key(e);
        s->name_span = e->key->span;
        s->part = part;
        s->body = body;
        **end = s;
        *end = &s->next;
    }
    if (body)
        add_layers(c, s, body, part, NULL);
}

static void declare_network(struct compose *c, struct compose_part *part, struct tree_entry *e,
                            struct compose_network ***end) {
    if (!tree_is(e->key, TREE_SCALAR))
        return;
    void **slot = table_at(c->network_table, tree_key(e));
    struct compose_network *n = *slot;
    struct tree *body = tree_is(e->value, TREE_MAPPING) ? tree_value(e) : NULL;
    if (n && (part->included || n->part->included))
        return; /* several files may declare one network, and mostly do so alike */
    if (!n) {
        n = arena_new(c->arena, struct compose_network);
        *slot = n;
        n->name = tree_key(e);
        n->name_span = e->key->span;
        n->part = part;
        **end = n;
        *end = &n->next;
    }
    if (body)
        n->body = body;
    compose_network_fill(c, n);
}

static void declare_items(struct compose *c, struct compose_part *part, struct str key,
                          struct compose_item **list) {
    struct tree *map = tree_get(part->root, key);
    while (*list)
        list = &(*list)->next;
    if (!tree_is(map, TREE_MAPPING))
        return;
    for (struct tree_entry *e = tree_entries(map); e; e = e->next) {
        if (!tree_is(e->key, TREE_SCALAR))
            continue;
        struct compose_item *item = arena_new(c->arena, struct compose_item);
        item->name = tree_key(e);
        item->name_span = e->key->span;
        item->body = tree_is(e->value, TREE_MAPPING) ? tree_value(e) : NULL;
        struct tree *external = tree_get(item->body, STR("external"));
        if (!tree_to_bool(external, &item->external))
            item->external = tree_is(external, TREE_MAPPING);
        *list = item;
        list = &item->next;
    }
}

static void declare_part(struct compose *c, struct compose_part *part) {
    struct compose_service **services = &c->services;
    struct compose_network **networks = &c->networks;
    while (*services)
        services = &(*services)->next;
    while (*networks)
        networks = &(*networks)->next;
    for (struct tree_entry *e = tree_entries(part->services); e; e = e->next)
        declare_service(c, part, e, &services);
    struct tree *map = tree_get(part->root, STR("networks"));
    if (tree_is(map, TREE_MAPPING))
        for (struct tree_entry *e = tree_entries(map); e; e = e->next)
            declare_network(c, part, e, &networks);
    if (!c->again) {
        declare_items(c, part, STR("volumes"), &c->volumes);
        declare_items(c, part, STR("secrets"), &c->secrets);
        declare_items(c, part, STR("configs"), &c->configs);
    }
    struct tree *name = tree_get(part->root, STR("name"));
    if (!part->included && tree_is(name, TREE_SCALAR) && !tree_is_null(name)) {
        c->name = tree_text(name);
        c->name_span = name->span;
    }
}

/* ---- include ---- */

struct nest {
    const struct nest *outer;
    const struct compose_part *part;
    size_t depth;
};

static void include_all(struct compose *c, struct compose_part *part, const struct nest *outer,
                        struct table *done);

static void include_file(struct compose *c, const struct tree *named, const struct nest *nest,
                         struct table *done) {
    if (!tree_is(named, TREE_SCALAR) || tree_is_null(named))
        return;
    struct compose_part *part = part_load(c, nest->part->source, named);
    if (!part)
        return;
    for (const struct nest *n = nest; n; n = n->outer)
        if (n->part->source == part->source) {
            struct diag *d =
                diag_add(c->diags, DIAG_COMPOSE_CYCLE, named->span,
                         "`%.*s` includes itself in a circle", STR_ARG(part->source->name));
            diag_effect(c->diags, d, "Compose refuses the file");
            diag_help(c->diags, d, "remove one `include` of the circle");
            return;
        }
    void **slot = table_at(done, part->source->name);
    if (*slot)
        return;
    *slot = part;
    include_all(c, part, nest, done);
    declare_part(c, part);
}

static void include_entry(struct compose *c, const struct tree *node, const struct nest *nest,
                          struct table *done) {
    node = tree_resolve(node);
    if (node->kind == TREE_MAPPING)
        node = tree_get(node, STR("path"));
    if (tree_is(node, TREE_SEQUENCE))
        for (struct tree_entry *e = tree_entries(node); e; e = e->next)
            include_file(c, tree_value(e), nest, done);
    else if (node)
        include_file(c, node, nest, done);
}

static void include_all(struct compose *c, struct compose_part *part, const struct nest *outer,
                        struct table *done) {
    struct nest nest = { .outer = outer, .part = part, .depth = outer ? outer->depth + 1 : 0 };
    struct tree *include = tree_get(part->root, STR("include"));
    if (!tree_is(include, TREE_SEQUENCE))
        return;
    if (nest.depth >= MOST_EXTENDS) {
        struct diag *d = diag_add(c->diags, DIAG_TREE_LIMIT, include->span,
                                  "files include each other %d deep", (int)MOST_EXTENDS);
        tell_left_out(c, d, "name the files in one `include`");
        return;
    }
    for (struct tree_entry *e = tree_entries(include); e; e = e->next)
        include_entry(c, e->value, &nest, done);
}

/* ---- the whole ---- */

static void check_services_key(struct compose *c) {
    struct tree *root = c->main->root;
    if (tree_find(root, STR("services"))) {
        c->incomplete |= !c->services; /* told where the shape was checked */
        return;
    }
    if (tree_find(root, STR("include")) || c->services)
        return;
    struct nearest nearest = { .wanted = STR("services") };
    for (struct tree_entry *e = tree_entries(root); e; e = e->next)
        nearest_offer(&nearest, tree_key(e));
    if (nearest.best.len) {
        c->incomplete = true; /* the misspelt key was reported */
        return;
    }
    struct span span = root->first ? root->first->key->span : root->span;
    struct diag *d =
        diag_add(c->diags, DIAG_COMPOSE_EMPTY, span, "this compose file has no `services`");
    diag_effect(c->diags, d, "Compose refuses the file");
    diag_help(c->diags, d, "write `services:` with at least one service below it");
    c->incomplete = true; /* else each route to a service of it would be one more mistake */
}

static struct compose *compose_new(struct arena *arena, struct diags *diags,
                                   const struct lower_loader *loader) {
    struct compose *c = arena_new(arena, struct compose);
    c->arena = arena;
    c->diags = diags;
    c->loader = loader;
    c->service_table = table_new(arena);
    c->network_table = table_new(arena);
    c->part_table = table_new(arena);
    c->circle_table = table_new(arena);
    return c;
}

/* The files that the caller gives may be named again by `extends` and `include`. */
static struct compose_part *part_keep(struct compose *c, struct compose_part *part) {
    if (part)
        *table_at(c->part_table, normal_path(c->arena, part->source->name)) = part;
    return part;
}

static struct compose_part *part_given(struct compose *c, struct source *source) {
    return part_keep(c, part_read(c, source, false));
}

static void fill_services(struct compose *c) {
    struct arena scratch = { 0 };
    for (struct compose_service *s = c->services; s; s = s->next) {
        compose_service_fill(c, s, &scratch);
        arena_reset(&scratch);
    }
    arena_free(&scratch);
}

struct compose *compose_read_again(struct arena *arena, struct diags *diags, struct source *file) {
    struct compose *c = compose_new(arena, diags, NULL);
    c->again = true;
    c->main = part_given(c, file);
    if (!c->main)
        return NULL;
    declare_part(c, c->main);
    fill_services(c);
    return c;
}

/* The file itself and those that change it, in order. */
struct given {
    struct compose_part **parts;
    size_t count;
};

static void give(struct compose *c, struct given *to, struct compose_part *part) {
    if (part)
        to->parts[to->count++] = part;
    else
        c->incomplete = true;
}

/* All that follows from the files once their parts stand. */
static struct compose *whole_of(struct compose *c, const struct given *given) {
    struct table *done = table_new(c->arena);
    c->main = given->parts[0];
    for (size_t i = 0; i < given->count; i++)
        declare_part(c, given->parts[i]);
    for (size_t i = 0; i < given->count; i++)
        include_all(c, given->parts[i], NULL, done);
    fill_services(c);
    check_services_key(c);
    compose_check_names(c);
    compose_check_rules(c);
    return c;
}

struct compose *compose_read_all(struct arena *arena, struct diags *diags,
                                 struct source *const *files, size_t count,
                                 const struct lower_loader *loader) {
    struct compose *c = compose_new(arena, diags, loader);
    struct given given = { arena_array(arena, struct compose_part *, count + 1), 0 };
    for (size_t i = 0; i < count; i++) {
        give(c, &given, part_given(c, files[i]));
        if (!given.count)
            return NULL;
    }
    return whole_of(c, &given);
}

struct compose *compose_read(struct arena *arena, struct diags *diags, struct source *file,
                             struct source *override, const struct lower_loader *loader) {
    struct source *files[] = { file, override };
    return compose_read_all(arena, diags, files, override ? 2 : 1, loader);
}

struct compose *compose_of_tree(struct arena *arena, struct diags *diags, struct tree_file *file,
                                const struct lower_loader *loader, bool judged) {
    struct compose *c = compose_new(arena, diags, loader);
    size_t count = 0;
    for (struct tree_file *f = file; f; f = f->over)
        count++;
    struct given given = { arena_array(arena, struct compose_part *, count), 0 };
    c->judged = judged;
    for (struct tree_file *f = file; f; f = f->over) {
        give(c, &given, part_keep(c, part_of(c, f, false)));
        if (!given.count)
            return NULL;
    }
    return whole_of(c, &given);
}
