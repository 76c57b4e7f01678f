/* Routes → routers, with all that the route, its groups and its mode's defaults say. */
#include "ir/build.h"

static struct str path_text(struct build *b, const struct path *path) {
    switch (path->kind) {
    case PATH_ANY: break;
    case PATH_SEGMENT:
    case PATH_BELOW: return build_name(b, path->text);
    case PATH_EXACT: return str_format(b->arena, "%.*s$", STR_ARG(build_name(b, path->text)));
    }
    return STR("");
}

static struct str condition_kind(enum condition_kind kind) {
    switch (kind) {
    case WHERE_METHOD: return STR("method");
    case WHERE_HEADER: return STR("header");
    case WHERE_QUERY: return STR("query");
    case WHERE_CLIENT: return STR("client");
    case WHERE_PATH: return STR("path");
    case WHERE_HOST: return STR("host");
    case WHERE_MATCH: return STR("match");
    }
    return STR("");
}

static struct ir_condition *conditions_of(struct build *b, const struct condition *list) {
    struct ir_condition *first = NULL, **tail = &first;
    for (const struct condition *w = list; w; w = w->next) {
        struct ir_condition *condition = arena_new(b->arena, struct ir_condition);
        condition->kind = condition_kind(w->kind);
        condition->negated = w->negated;
        condition->regex = w->regex;
        condition->key = w->key;
        condition->texts = build_texts(b, w->texts, w->count);
        *tail = condition;
        tail = &condition->next;
    }
    return first;
}

/* ---- targets ---- */

static struct str scheme_text(enum target_scheme scheme) {
    switch (scheme) {
    case TARGET_SCHEME_NONE: break;
    case TARGET_HTTP: return STR("http");
    case TARGET_HTTPS: return STR("https");
    case TARGET_H2C: return STR("h2c");
    }
    return STR("");
}

static struct str address_of(struct build *b, const struct ir_target *t) {
    if (t->provided.len)
        return t->provided;
    struct buf out = { .arena = b->arena };
    buf_add(&out, t->scheme);
    buf_text(&out, t->scheme.len ? "://" : "");
    buf_format(&out, t->is_v6 ? "[%.*s]" : "%.*s", STR_ARG(t->host));
    if (t->port.len)
        buf_format(&out, ":%.*s", STR_ARG(t->port));
    return buf_str(&out);
}

static struct ir_target *target_of(struct build *b, const struct target *to, struct span span,
                                   const struct ir_router *router) {
    struct ir_target *t = arena_new(b->arena, struct ir_target);
    t->span = span;
    t->scheme = scheme_text(to->scheme);
    t->host = build_name(b, to->host);
    t->port = build_name(b, to->port_text);
    t->is_v6 = to->is_v6;
    if (to->kind == TARGET_HOME && t->host.len == 0)
        t->host = build_name(b, router->project->at);
    if (to->kind == TARGET_PROVIDED)
        t->provided = str_format(b->arena, "%.*s@%.*s", STR_ARG(to->host), STR_ARG(to->provider));
    if (to->kind == TARGET_SERVICE && router->project->at.len == 0)
        t->container = build_container(router->stack, to->host);
    t->address = address_of(b, t);
    return t;
}

static struct ir_pool *pools_of(struct build *b, const struct pool *list,
                                const struct ir_router *router) {
    struct ir_pool *first = NULL, **tail = &first;
    for (const struct pool *p = list; p; p = p->next) {
        struct ir_pool *pool = arena_new(b->arena, struct ir_pool);
        struct ir_target **last = &pool->targets;
        for (const struct route_target *t = p->targets; t; t = t->next) {
            *last = target_of(b, &t->to, t->span, router);
            (*last)->weight = t->weight;
            last = &(*last)->next;
        }
        *tail = pool;
        tail = &pool->next;
    }
    return first;
}

/* ---- what the settings say ---- */

static struct ir_target *target_setting(struct build *b, const struct setting *s,
                                        const struct ir_router *router) {
    const struct slot *slot = setting_slot(s, "target");
    struct target to;
    if (!slot || !slot->count || target_parse(slot->texts[0].s, &to).error != TARGET_OK)
        return NULL;
    to.host = str_copy(b->arena, to.host);
    to.port_text = str_copy(b->arena, to.port_text);
    return target_of(b, &to, slot->texts[0].span, router);
}

static void add_mirror(struct build *b, struct ir_router *router, const struct setting *s) {
    struct ir_target *mirror = target_setting(b, s, router), **tail = &router->mirrors;
    struct str share = setting_word(s, "percent"), body = setting_word(s, "max-body");
    uint64_t percent = 0;
    if (!mirror)
        return;
    if (share.len && share.at[share.len - 1] == '%')
        share.len--;
    str_to_uint(share, 100, &percent);
    mirror->weight = (unsigned)percent;
    while (*tail)
        tail = &(*tail)->next;
    *tail = mirror;
    if (body.len)
        router->mirror_body = body;
}

static void add_setting(struct build *b, struct ir_router *router, const struct setting *s) {
    const struct slot *first = s->slot_count ? &s->slots[0] : NULL;
    struct str word = first && first->count ? build_text(b, &first->texts[0]) : STR("");
    switch (s->vocable->id) {
    case SETTING_ROUTE_NAME: router->wanted = word; return;
    case SETTING_ROUTE_BACKEND: router->wanted_service = word; return;
    case SETTING_ROUTE_PRIORITY: router->priority = word; return;
    case SETTING_ROUTE_RESOLVER: router->resolver = word; return;
    case SETTING_ROUTE_TLS: router->tls_options = word; return;
    case SETTING_ROUTE_NO_REDIRECT: router->no_redirect = true; return;
    case SETTING_ROUTE_ENTRYPOINT:
        router->entrypoints = build_texts(b, first->texts, first->count);
        return;
    case SETTING_ROUTE_CERT:
        router->certificate = build_texts(b, first->texts, first->count);
        return;
    case SETTING_ROUTE_ACME: router->acme = target_setting(b, s, router); return;
    case SETTING_ROUTE_MIRROR: add_mirror(b, router, s); return;
    case SETTING_ROUTE_RAW: {
        struct ir_raw **tail = &router->raws;
        while (*tail)
            tail = &(*tail)->next;
        *tail = build_raw(b, s);
        return;
    }
    default: break; /* options: the table says what they mean */
    }
    bool http = router->protocol == IR_HTTP;
    build_options(b, s, BUILD_ROUTER, &router->options);
    build_options(b, s, http ? BUILD_SERVICE : BUILD_TCP_SERVICE, &router->service_options);
    build_options(b, s, http ? BUILD_TRANSPORT : BUILD_TCP_TRANSPORT, &router->transport_options);
}

static bool is_own(const struct route *route, int id) {
    return settings_find(route->settings, id) != NULL;
}

/* The route's own settings, then what `defaults` say of the rest. */
static void add_settings(struct build *b, struct ir_router *router, const struct route *route) {
    bool seen[SETTING_COUNT] = { false };
    for (const struct setting *s = route->settings; s; s = s->next) {
        int id = s->vocable->id;
        if (seen[id] && !s->vocable->repeats)
            continue; /* of the groups around the route: the inner one holds */
        seen[id] = true;
        add_setting(b, router, s);
    }
    const struct setting *(*defaults)[SETTING_COUNT] = b->program->model->defaults;
    for (int id = 0; defaults && id < SETTING_COUNT; id++) {
        const struct setting *s = defaults[route->mode][id];
        if (s && !is_own(route, id))
            add_setting(b, router, s);
    }
}

/* Options that `defaults` give several of: the index keeps the first alone. */
static void add_default_options(struct build *b, struct ir_router *router,
                                const struct route *route) {
    for (const struct setting *d = b->program->model->settings.head; d; d = d->next) {
        if (d->vocable->id != SETTING_FILE_DEFAULTS ||
            mode_find(setting_word(d, "mode")) != route->mode)
            continue;
        const struct setting *indexed =
            b->program->model->defaults[route->mode][SETTING_ROUTE_OPTION];
        for (const struct setting *s = d->children; s; s = s->next)
            if (s->vocable->id == SETTING_ROUTE_OPTION && s != indexed)
                add_setting(b, router, s);
    }
}

static const struct mw *default_links(struct build *b, enum mode mode) {
    const struct setting *(*defaults)[SETTING_COUNT] = b->program->model->defaults;
    const struct setting *use = defaults ? defaults[mode][SETTING_DEFAULTS_USE] : NULL;
    return use ? use->links : NULL;
}

static void find_entrypoint(struct build *b, struct ir_router *router, const struct route *route) {
    router->port = route_port(b->program, &b->entries, route);
    router->own_port = route->hostport != 0;
    if (router->entrypoints.count || route->hostport)
        return;
    const struct entry *entry = entry_of_mode(&b->entries, route->mode);
    if (entry && mode_infos[route->mode].protocol != PROTOCOL_UDP) {
        struct text name = text_made(entry->name, route->span);
        router->entrypoints = build_texts(b, &name, 1);
    }
}

/* One name for all instances of a template, in place of this one's own. */
static void add_wildcards(struct build *b, struct ir_router *router) {
    struct ir_texts names = { arena_array(b->arena, struct str, router->hosts.count), 0 };
    for (size_t i = 0; i < router->hosts.count; i++) {
        struct str host = router->hosts.list[i];
        struct str zone = str_from(host, str_find(host, '.'));
        bool twice = false;
        for (size_t n = 0; n < names.count; n++)
            twice |= str_eq(str_from(names.list[n], 1), zone);
        if (!twice)
            names.list[names.count++] = str_format(b->arena, "*%.*s", STR_ARG(zone));
    }
    router->certificate = names;
}

struct ir_router *build_route(struct build *b, const struct route *route,
                              struct ir_project *project) {
    static const enum ir_protocol protocols[] = {
        [PROTOCOL_HTTP] = IR_HTTP, [PROTOCOL_TCP] = IR_TCP, [PROTOCOL_UDP] = IR_UDP
    };
    struct ir_router *router = arena_new(b->arena, struct ir_router);
    const struct mode_info *mode = &mode_infos[route->mode];
    router->span = route->span;
    router->mode = mode->scheme;
    router->protocol = protocols[mode->protocol];
    router->project = project;
    router->stack = route->stack ? build_stack(b, route->stack, project) : project->stack;
    router->tls = mode->ends_tls || mode->passes_tls;
    router->passthrough = mode->passes_tls;
    size_t count = 0;
    for (const struct host *h = route->hosts; h; h = h->next)
        count++;
    router->hosts.list = arena_array(b->arena, struct str, count);
    for (const struct host *h = route->hosts; h; h = h->next)
        router->hosts.list[router->hosts.count++] = build_name(b, h->name);
    router->path = path_text(b, &route->path);
    router->conditions = conditions_of(b, route->conditions);
    build_links(b, build_links(b, &router->middlewares, default_links(b, route->mode)),
                route->links);
    router->pools = pools_of(b, route->pools, router);
    router->redirect = build_name(b, route->redirect);
    router->redirect_status = route->redirect_status;
    router->settings = build_settings(b, route->settings);
    router->instance = route->instance;
    router->spawned = route->spawned;
    add_settings(b, router, route);
    add_default_options(b, router, route);
    find_entrypoint(b, router, route);
    if (route->one_certificate && !router->certificate.count)
        add_wildcards(b, router);
    return router;
}
