/* Existing configurations of Traefik as an importer: compose files, files of the file provider,
   static files, Phoenix's stacks. All files given are one system. */
#include "lower/compose_over.h"
#include "lower/traefik.h"

static bool is_option_of(enum option_tree tree, struct str key) {
    const struct option *o = option_child(option_top(tree), key);
    return o && o->places != OPTION_IN_LABELS;
}

/* How many keys at the top are options of that tree. */
static size_t count_keys(const struct tree_file *file, enum option_tree tree) {
    size_t count = 0;
    for (const struct untyped *c = file->root ? NULL : file->conf->first; c; c = c->next)
        count += is_option_of(tree, c->key);
    if (tree_is(file->root, TREE_MAPPING))
        for (const struct tree_entry *e = tree_entries(file->root); e; e = e->next)
            count += is_option_of(tree, tree_key(e));
    return count;
}

static enum import_fit fit(const struct tree_file *file, unsigned *part) {
    static const char *const stack[] = { "environments", NULL };
    static const char *const compose[] = { "services", NULL };
    size_t fixed = count_keys(file, OPTION_STATIC), dynamic = count_keys(file, OPTION_DYNAMIC);
    if (import_has_key(file, stack) && file->json) {
        *part = TRAEFIK_STACK;
        return FIT_KEYS;
    }
    if (import_has_key(file, compose) && !file->json && !file->toml) {
        *part = TRAEFIK_COMPOSE;
        return FIT_KEYS;
    }
    bool is_static = fixed > dynamic ||
                     (fixed == dynamic && str_starts(import_base_name(file), STR("traefik.")));
    *part = is_static ? TRAEFIK_STATIC : TRAEFIK_DYNAMIC;
    return import_fit_of(fixed + dynamic > 0, false);
}

/* Some key of an object at the top is one of its options, or nearly so. */
static bool has_nearly_below(const struct tree_file *file, const char *const *tops) {
    for (; *tops; tops++) {
        const struct option *o = option_child(option_top(OPTION_DYNAMIC), str_of(*tops));
        const struct tree *top = tree_get(file->root, str_of(*tops));
        for (const struct tree_entry *e = tree_entries(top); e; e = e->next)
            if (tree_is(top, TREE_MAPPING) &&
                (option_child(o, tree_key(e)) || option_child_nearest(o, tree_key(e)).len))
                return true;
    }
    return false;
}

/* Other programs have keys such as `global` or `log`, too. */
static bool is_sure(const struct tree_file *file) {
    static const char *const fixed[] = { "entryPoints", "entrypoints", "certificatesResolvers",
                                         "certificatesresolvers", NULL };
    static const char *const tops[] = { "http", "tcp", "udp", "tls", NULL };
    unsigned part;
    if (!tree_is(file->root, TREE_MAPPING) || fit(file, &part) == FIT_NONE)
        return false;
    const struct tree *services = tree_get(file->root, STR("services"));
    return part == TRAEFIK_COMPOSE  ? tree_is(services, TREE_MAPPING)
           : part == TRAEFIK_STATIC ? import_has_key(file, fixed)
                                    : has_nearly_below(file, tops);
}

/* ---- what every route of a mode says ---- */

static bool same_setting(struct arena *aside, struct node *x, struct node *y) {
    struct ast one = { .arena = aside, .body = { x, x } };
    struct ast two = { .arena = aside, .body = { y, y } };
    struct buf left = { .arena = aside }, right = { .arena = aside };
    ast_dump_shape(&left, &one);
    ast_dump_shape(&right, &two);
    bool same = str_eq(buf_str(&left), buf_str(&right));
    arena_reset(aside);
    return same;
}

static struct node *setting_of(struct node *route, const char *name) {
    struct node_block *block = node_route(route)->block;
    NODES_EACH(n, block ? block->body : (struct nodes){ 0 })
    if (n->kind == NODE_SETTING && str_is(node_setting(n)->name, name))
        return n;
    return NULL;
}

static void drop_setting(struct node *route, struct node *setting) {
    struct node_block *block = node_route(route)->block;
    struct nodes kept = { 0 };
    for (struct node *n = block->body.head, *next; n; n = next) {
        next = n->next;
        n->next = NULL;
        if (n != setting)
            kept = nodes_append(kept, n);
    }
    block->body = kept;
    if (!kept.head)
        node_route(route)->block = NULL;
}

static bool is_https(struct node *route) {
    return route->kind == NODE_ROUTE &&
           str_starts(conf_str(node_route(route)->patterns.head), STR("https://"));
}

/* `defaults https { … }` of what all of several routes say alike. */
static struct node *lift(struct traefik *t, struct lower *l, struct nodes routes) {
    static const char *const names[] = { "resolver", "tls", "no-redirect" };
    struct nodes body = { 0 };
    size_t count = 0;
    NODES_EACH(route, routes)
    count += is_https(route);
    for (size_t i = 0; count > 1 && i < 3; i++) {
        struct node *first = NULL;
        bool all = true;
        NODES_EACH(route, routes) {
            struct node *own = is_https(route) ? setting_of(route, names[i]) : NULL;
            if (!is_https(route))
                continue;
            first = first ? first : own;
            all = all && own && same_setting(&t->aside, first, own);
        }
        if (!all || !first)
            continue;
        NODES_EACH(route, routes)
        if (is_https(route))
            drop_setting(route, setting_of(route, names[i]));
        body = nodes_append(body, first);
    }
    if (!body.head)
        return NULL;
    struct node *mode = lower_word(l, STR("https"), t->start);
    struct node *block = lower_block(l, t->start, body, true);
    return lower_setting(l, "defaults", t->start, (struct nodes){ mode, mode }, block);
}

/* ---- what stays YAML ---- */

static void keep_refs(struct traefik *t, struct traefik_part *p, const struct conf *c);

static void keep(struct traefik *t, struct traefik_part *p, const char *kind, struct node *name) {
    bool outside;
    struct traefik_object *o = name ? traefik_find(t, p, kind, conf_str(name), &outside) : NULL;
    if (!o || o->kept)
        return;
    o->kept = true;
    keep_refs(t, o->part, o->conf);
}

/* What stays YAML needs what it refers to beside it. */
static void keep_refs(struct traefik *t, struct traefik_part *p, const struct conf *c) {
    static const struct {
        enum option_ref ref;
        const char *kind;
    } refs[] = {
        { OPTION_REF_HTTP_SERVICE, "http.services" },
        { OPTION_REF_TCP_SERVICE, "tcp.services" },
        { OPTION_REF_UDP_SERVICE, "udp.services" },
        { OPTION_REF_HTTP_MIDDLEWARE, "http.middlewares" },
        { OPTION_REF_TCP_MIDDLEWARE, "tcp.middlewares" },
        { OPTION_REF_HTTP_SERVERS_TRANSPORT, "http.serversTransports" },
        { OPTION_REF_TCP_SERVERS_TRANSPORT, "tcp.serversTransports" },
        { OPTION_REF_TLS_OPTIONS, "tls.options" },
    };
    for (size_t i = 0; c->option->type == OPTION_REF && i < sizeof refs / sizeof *refs; i++)
        if (refs[i].ref == c->option->ref)
            NODES_EACH(name, c->values)
    keep(t, p, refs[i].kind, name);
    for (const struct conf *child = c->first; child; child = child->next)
        keep_refs(t, p, child);
}

static bool is_said(struct traefik *t, struct traefik_part *p, const char *group,
                    const struct conf *c) {
    bool outside;
    struct traefik_object *o = traefik_find(t, p, group, c->name, &outside);
    if (o && o->kept)
        return false;
    bool word = str_is(str_of(group), "http.middlewares") ||
                str_is(str_of(group), "tcp.middlewares") || str_is(str_of(group), "tls.options");
    return c->bad || c->poisoned || word || (o ? o->uses > 0 && o->uses == o->inlined : c->used);
}

/* Objects of files that no word took: their provider keeps them. */
static struct nodes leftovers(struct traefik *t) {
    static const char *const groups[] = {
        "http.routers",     "http.services", "http.serversTransports",
        "tcp.routers",      "tcp.services",  "tcp.serversTransports",
        "udp.routers",      "udp.services",  "http.middlewares",
        "tcp.middlewares",  "tls.options",   "tls.stores",
        "tls.certificates",
    };
    enum { GROUPS = sizeof groups / sizeof *groups, CERTIFICATES = GROUPS - 1 };
    size_t room = 1, count = 0;
    struct lower *l = NULL;
    for (struct traefik_part *p = t->parts; p; p = p->next)
        for (size_t i = 0; i < GROUPS; i++) {
            struct conf *group = conf_at(p->conf, groups[i]);
            room += group ? group->count + 1 : 0;
            for (struct conf *c = group ? group->first : NULL; c && i < CERTIFICATES; c = c->next)
                if (p->provider == PROVIDER_FILE && !is_said(t, p, groups[i], c))
                    keep_refs(t, p, c);
        }
    struct conf **list = arena_array(&t->confs, struct conf *, room);
    for (size_t i = 0; i < GROUPS; i++)
        for (struct traefik_part *p = t->parts; p; p = p->next) {
            struct conf *group = conf_at(p->conf, groups[i]);
            if (i == CERTIFICATES && group)
                list[count++] = group;
            for (struct conf *c = group ? group->first : NULL; c && i < CERTIFICATES; c = c->next) {
                if (is_said(t, p, groups[i], c))
                    continue;
                if (p->provider == PROVIDER_FILE)
                    list[count++] = c;
                else if (str_find_str(str_of(groups[i]), STR("services")) != STR_NONE)
                    traefik_lose(t, c, "no router uses it");
            }
            l = group ? p->l : l;
        }
    struct node *raw = count ? traefik_raw(l, "dynamic", list, count) : NULL;
    return (struct nodes){ raw, raw };
}

/* ---- labels that no one reads ---- */

static void check_enabled(struct traefik *t) {
    struct node *exposed = conf_value(t->fixed, "providers.docker.exposedByDefault");
    bool closed = t->fixed && str_eq_nocase(conf_str(exposed), STR("false"));
    for (struct traefik_part *p = t->parts; p; p = p->next) {
        struct conf *enable = conf_at(p->conf, "enable");
        if (p->provider == PROVIDER_FILE || !closed || enable || !conf_at(p->conf, "http.routers"))
            continue;
        struct diag *d =
            diag_add(t->diags, DIAG_LABEL_IGNORED, p->span,
                     "`%.*s` has labels, but no traefik.enable=true", STR_ARG(p->service));
        diag_note_at(t->diags, d, exposed->span, "containers are not exposed by default");
        diag_effect(t->diags, d, "Traefik does not look at this container");
        diag_help(t->diags, d, "add the label traefik.enable=true");
    }
}

/* Containers that say traefik.enable=false have no routers. */
static void drop_disabled(struct traefik *t) {
    struct traefik_part **at = &t->parts;
    while (*at) {
        struct str s = conf_str(conf_value((*at)->conf, "enable"));
        if (s.len && !conf_is_true((*at)->conf, "enable") && !str_starts(s, STR("${")))
            *at = (*at)->next;
        else
            at = &(*at)->next;
    }
}

/* ---- the whole ---- */

static struct nodes join(struct nodes list, struct nodes more, bool blank) {
    if (!more.head)
        return list;
    more.head->blank_before |= blank && list.head;
    if (!list.head)
        return more;
    list.tail->next = more.head;
    list.tail = more.tail;
    return list;
}

static void link_files(struct traefik *t, struct import_file *files) {
    size_t count = 0;
    for (struct import_file *f = files; f; f = f->next)
        count += f->part == TRAEFIK_COMPOSE && !f->tree->json;
    struct tree_file **all = arena_array(t->arena, struct tree_file *, count + 1);
    count = 0;
    for (struct import_file *f = files; f; f = f->next)
        if (f->part == TRAEFIK_COMPOSE && !f->tree->json)
            all[count++] = f->tree;
    compose_over_link(t->arena, all, count, t->job->listed);
}

static void read_files(struct traefik *t, struct import_file *files) {
    typedef void reader(struct traefik * t, struct tree_file * file);
    static reader *const readers[] = { traefik_read_compose, traefik_read_dynamic,
                                       traefik_read_static, traefik_read_stack };
    static const unsigned order[] = { TRAEFIK_STATIC, TRAEFIK_COMPOSE, TRAEFIK_STACK,
                                      TRAEFIK_DYNAMIC };
    link_files(t, files);
    for (size_t i = 0; i < 4; i++)
        for (struct import_file *f = files; f; f = f->next)
            if (f->part == order[i])
                readers[f->part](t, f->tree);
}

static struct ast *read_system(struct import_job *job) {
    struct source *first = job->files->tree->source;
    struct traefik t = { .arena = job->arena,
                         .diags = job->diags,
                         .losses = job->losses,
                         .job = job,
                         .version = job->version,
                         .start = span_of(first, 0, 0) };
    t.objects.arena = &t.confs;
    t.last_part = &t.parts;
    t.last_object = &t.first_object;
    t.last_rest = &t.rest;
    read_files(&t, job->files);
    if (job->gathered)
        job->gathered(job->context);
    check_enabled(&t);
    drop_disabled(&t);
    traefik_index(&t);
    traefik_judge_middlewares(&t);
    traefik_judge_objects(&t);
    struct lower l = { .arena = job->arena, .diags = job->diags, .source = first };
    struct nodes proxy = traefik_proxy(&t), routes = traefik_routes(&t);
    struct nodes middlewares = traefik_middlewares(&t), tls = traefik_tls(&t);
    struct node *defaults = lift(&t, &l, routes);
    struct ast *ast = arena_new(job->arena, struct ast);
    ast->arena = job->arena;
    ast->source = first;
    ast->body = join(ast->body, proxy, false);
    ast->body = join(ast->body, tls, true);
    ast->body = join(ast->body, middlewares, true);
    ast->body = join(ast->body, (struct nodes){ defaults, defaults }, true);
    ast->body = join(ast->body, routes, true);
    ast->body = join(ast->body, leftovers(&t), true);
    arena_free(&t.confs);
    arena_free(&t.aside);
    return ast;
}

extern const struct importer importer_itsup_proxy;

/* Beside an itsUP, files of these names are merged over its own. */
static bool is_named(const struct tree_file *file) {
    struct str name = import_base_name(file);
    return str_is(name, "traefik.yml") || str_is(name, "middlewares.yml");
}

static const struct importer *instead_of_traefik(const struct import_facts *facts,
                                                 const struct import_file *file) {
    return is_named(file->tree) && generation_is_marked(&facts->marks) ? &importer_itsup_proxy
                                                                       : NULL;
}

/* Nothing else stands in it that somebody could look for. */
static bool is_plain(const struct tree_file *file) {
    size_t count = count_keys(file, OPTION_DYNAMIC);
    return count && count == tree_count(file->root) && !is_named(file) &&
           tree_is(file->root, TREE_MAPPING);
}

const struct importer importer_traefik = {
    .name = "traefik",
    .gist = "`services` (a compose file); `http`, `tcp`, `tls` (the file provider of Traefik); "
            "`entryPoints`, `providers` (its static file); `environments` (stacks of Phoenix)",
    .together = true,
    .everywhere = true,
    .fit = fit,
    .sure = is_sure,
    .plain = is_plain,
    .instead = instead_of_traefik,
    .read = read_system,
};
