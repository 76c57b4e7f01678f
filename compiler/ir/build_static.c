/* The `proxy` block → Traefik's static configuration. */
#include "ir/build.h"

static void set_option(struct build *b, struct doc *at, const struct ir_option *o) {
    struct doc *c = doc_at(b->arena, at, o->path);
    c->span = o->span;
    if (o->list || o->texts.count != 1) {
        c->kind = DOC_LIST;
        c->first = c->last = NULL;
        for (size_t i = 0; i < o->texts.count; i++)
            doc_add(b->arena, c, STR(""), DOC_TEXT)->text = o->texts.list[i];
        return;
    }
    if (c->kind == DOC_MAP && c->first)
        return; /* `true` beside options below it says nothing more */
    c->kind = DOC_TEXT;
    c->text = o->texts.list[0];
}

static void set(struct build *b, struct doc *at, const struct setting *s) {
    struct ir_option *options = NULL;
    build_options(b, s, BUILD_STATIC, &options);
    for (; options; options = options->next)
        set_option(b, at, options);
}

static void set_text(struct build *b, struct doc *at, const char *path, struct str text,
                     struct span span) {
    struct ir_option o = { .span = span, .path = str_of(path), .texts = { &text, 1 } };
    set_option(b, at, &o);
}

static struct doc *object(struct build *b, struct doc *at, struct str name, struct span span) {
    struct doc *c = doc_map(b->arena, at, name);
    c->object = true;
    c->span = span;
    return c;
}

/* ---- entry points ---- */

static struct ir_entrypoint *entry_named(struct build *b, struct str name) {
    for (struct ir_entrypoint *e = b->ir->entrypoints; e; e = e->next)
        if (str_eq(e->name, name))
            return e;
    return NULL;
}

static void set_domains(struct build *b, struct doc *at, const struct slot *names) {
    struct ir_texts all = build_texts(b, names->texts, names->count);
    set_text(b, at, "http.tls.domains[0].main", all.list[0], names->texts[0].span);
    struct ir_option sans = { .span = names->texts[0].span,
                              .path = STR("http.tls.domains[0].sans"),
                              .texts = { all.list + 1, all.count - 1 },
                              .list = true };
    if (all.count > 1)
        set_option(b, at, &sans);
}

static void add_entrypoint(struct build *b, struct doc *all, const struct setting *s) {
    struct doc *at = object(b, all, setting_word(s, "name"), s->span);
    struct ir_entrypoint *e = entry_named(b, setting_word(s, "name"));
    set(b, at, s);
    for (const struct setting *c = s->children; c; c = c->next) {
        set(b, at, c);
        uint64_t port;
        switch (c->vocable->id) {
        case SETTING_ENTRYPOINT_REDIRECT:
            if (!setting_slot(c, "scheme"))
                set_text(b, at, "http.redirections.entryPoint.scheme", STR("https"), c->span);
            set_text(b, at, "http.redirections.entryPoint.permanent",
                     setting_slot(c, "temporary") ? STR("false") : STR("true"), c->span);
            set_text(b, at, "http.redirections.entryPoint.priority", STR("1"), c->span);
            break;
        case SETTING_ENTRYPOINT_PUBLISHED:
            if (e && str_to_uint(setting_word(c, "port"), 65535, &port))
                e->published = (unsigned)port;
            break;
        case SETTING_ENTRYPOINT_RESOLVER:
            if (e)
                e->resolver = setting_word(c, "resolver-ref");
            break;
        case SETTING_ENTRYPOINT_TLS:
            if (e)
                e->tls_options = setting_word(c, "tls-ref");
            break;
        case SETTING_ENTRYPOINT_CERT:
            if (c->slot_count && c->slots[0].count)
                set_domains(b, at, &c->slots[0]);
            if (e && c->slot_count)
                e->certificate = build_texts(b, c->slots[0].texts, c->slots[0].count);
            break;
        case SETTING_ENTRYPOINT_USE: {
            struct ir_middleware *list = NULL, **tail = &b->ir->shared;
            build_links(b, &list, c->links);
            struct doc *names = doc_at(b->arena, at, STR("http.middlewares"));
            names->kind = DOC_LIST;
            names->first = names->last = NULL; /* what is said later replaces */
            for (struct ir_middleware *m = list; m; m = m->next) {
                struct doc *name = doc_add(b->arena, names, STR(""), DOC_TEXT);
                name->text = m->name;
                name->user = m;
            }
            while (*tail)
                tail = &(*tail)->next;
            *tail = list;
            break;
        }
        default: break;
        }
    }
}

/* ---- resolvers, providers, plugins, metrics ---- */

static void add_resolver(struct build *b, struct doc *all, const struct setting *s) {
    struct doc *at = object(b, all, setting_word(s, "name"), s->span);
    if (str_is(setting_word(s, "kind"), "tailscale")) {
        set_text(b, at, "tailscale", STR("true"), s->span);
        return;
    }
    struct doc *acme = doc_at(b->arena, at, STR("acme"));
    for (const struct setting *c = s->children; c; c = c->next) {
        if (c->vocable->id == SETTING_RESOLVER_OPTION)
            set(b, acme, c);
        else
            set(b, at, c);
        for (const struct setting *d = c->children; d; d = d->next)
            set(b,
                d->vocable->id == SETTING_DNS01_OPTION ? doc_at(b->arena, acme, STR("dnsChallenge"))
                                                       : at,
                d);
    }
}

static const struct {
    const char *ours, *traefik;
} provider_names[] = {
    { "consulcatalog", "consulCatalog" },          { "zookeeper", "zooKeeper" },
    { "kubernetes-crd", "kubernetesCRD" },         { "kubernetes-ingress", "kubernetesIngress" },
    { "kubernetes-gateway", "kubernetesGateway" },
};

static void add_provider(struct build *b, struct doc *all, const struct setting *s) {
    struct str kind = setting_word(s, "kind"), source = setting_word(s, "source");
    struct str name = kind;
    for (size_t i = 0; i < sizeof provider_names / sizeof *provider_names; i++)
        if (str_is(kind, provider_names[i].ours))
            name = str_of(provider_names[i].traefik);
    struct doc *at = object(b, all, name, s->span);
    bool container = str_is(kind, "docker") || str_is(kind, "swarm"), exposed = false,
         watch = false;
    for (const struct setting *c = s->children; c; c = c->next) {
        exposed |= c->vocable->id == SETTING_PROVIDER_EXPOSED;
        watch |= c->vocable->id == SETTING_PROVIDER_WATCH;
        if (c->vocable->id == SETTING_PROVIDER_NETWORK && container)
            b->ir->network = setting_word(c, "network");
        set(b, at, c);
    }
    if (container && !exposed)
        set_text(b, at, "exposedByDefault", STR("false"), s->span);
    if (str_is(kind, "file")) {
        bool file = str_ends(source, STR(".yml")) || str_ends(source, STR(".yaml")) ||
                    str_ends(source, STR(".toml"));
        if (source.len)
            set_text(b, at, file ? "filename" : "directory", source, s->span);
        if (!watch)
            set_text(b, at, "watch", STR("true"), s->span);
    } else if (str_is(kind, "http") && source.len) {
        set_text(b, at, "endpoint", source, s->span);
    } else if (container && source.len && !doc_get(at, STR("endpoint"))) {
        set_text(b, at, "endpoint", source, s->span);
    }
    if (!at->first) {
        at->kind = DOC_TEXT;
        at->text = STR("true");
        at->plain = true;
    }
}

static void add_plugin(struct build *b, const struct setting *s) {
    bool local = setting_slot(s, "local") != NULL;
    struct doc *all =
        doc_at(b->arena, b->ir->statics,
               local ? STR("experimental.localPlugins") : STR("experimental.plugins"));
    struct doc *at = object(b, all, setting_word(s, "name"), s->span);
    set_text(b, at, "moduleName", setting_word(s, "module"), s->span);
    if (setting_word(s, "version").len)
        set_text(b, at, "version", setting_word(s, "version"), s->span);
    if (setting_word(s, "hash").len)
        set_text(b, at, "hash", setting_word(s, "hash"), s->span);
}

static void add_metrics(struct build *b, const struct setting *s) {
    struct str kind = setting_word(s, "kind"), endpoint = setting_word(s, "endpoint");
    struct str name = str_is(kind, "statsd")      ? STR("statsD")
                      : str_is(kind, "influxdb2") ? STR("influxDB2")
                                                  : kind;
    struct doc *at = object(b, doc_at(b->arena, b->ir->statics, STR("metrics")), name, s->span);
    bool otlp = str_is(kind, "otlp");
    if (endpoint.len)
        set_text(b, at, otlp ? "http.endpoint" : "address", endpoint, s->span);
    static const char *const copied[][2] = { { "every", "pushInterval" }, { "prefix", "prefix" } };
    for (size_t i = 0; i < 2; i++)
        if (setting_word(s, copied[i][0]).len)
            set_text(b, at, copied[i][1], setting_word(s, copied[i][0]), s->span);
    if (setting_word(s, "entrypoint").len || setting_word(s, "entrypoint-ref").len)
        set_text(b, at, "entryPoint",
                 setting_word(s, "entrypoint").len ? setting_word(s, "entrypoint")
                                                   : setting_word(s, "entrypoint-ref"),
                 s->span);
    if (setting_slot(s, "routers"))
        set_text(b, at, "addRoutersLabels", STR("true"), s->span);
    if (!at->first) {
        at->kind = DOC_TEXT;
        at->text = STR("true");
        at->plain = true;
    }
}

/* ---- the block ---- */

static void add_raw(struct build *b, const struct setting *s) {
    struct ir_raw **tail = &b->ir->raws;
    while (*tail)
        tail = &(*tail)->next;
    *tail = build_raw(b, s);
}

static void add_proxy(struct build *b, const struct setting *s) {
    struct doc *top = b->ir->statics;
    switch (s->vocable->id) {
    case SETTING_PROXY_ENTRYPOINT:
        add_entrypoint(b, doc_map(b->arena, top, STR("entryPoints")), s);
        break;
    case SETTING_PROXY_RESOLVER:
        add_resolver(b, doc_map(b->arena, top, STR("certificatesResolvers")), s);
        break;
    case SETTING_PROXY_PROVIDER:
        add_provider(b, doc_map(b->arena, top, STR("providers")), s);
        break;
    case SETTING_PROXY_PLUGIN: add_plugin(b, s); break;
    case SETTING_PROXY_METRICS: add_metrics(b, s); break;
    case SETTING_PROXY_RAW: add_raw(b, s); break;
    case SETTING_PROXY_COMMAND:
        b->ir->command = setting_word(s, "service");
        b->ir->command_span = s->span;
        break;
    case SETTING_PROXY_API:
        set(b, top, s);
        if (!doc_get(doc_map(b->arena, top, STR("api")), STR("dashboard")))
            set_text(b, top, "api.dashboard", STR("true"), s->span);
        if (!doc_get(doc_map(b->arena, top, STR("api")), STR("insecure")))
            set_text(b, top, "api.insecure", STR("false"), s->span);
        break;
    case SETTING_PROXY_PING:
        set(b, top, s);
        if (!doc_get(top, STR("ping")))
            set_text(b, top, "ping", STR("true"), s->span);
        break;
    case SETTING_PROXY_ACCESSLOG:
        set(b, top, s);
        if (!doc_get(top, STR("accessLog")))
            set_text(b, top, "accessLog", STR("true"), s->span);
        break;
    default: set(b, top, s); break;
    }
}

void build_static(struct build *b) {
    b->ir->statics = doc_new(b->arena, DOC_MAP);
    if (b->ir->generation.len)
        b->ir->network = STR("proxynet");
    for (const struct setting *s = b->program->model->settings.head; s; s = s->next) {
        if (s->vocable->id == SETTING_FILE_RAW)
            add_raw(b, s);
        if (s->vocable->id != SETTING_FILE_PROXY)
            continue;
        b->ir->has_proxy = true;
        for (const struct setting *c = s->children; c; c = c->next)
            add_proxy(b, c);
    }
}
