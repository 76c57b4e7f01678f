/* The static configuration → the `proxy` block. */
#include "lower/traefik.h"

struct maker {
    struct traefik *t;
    struct lower *l;
};

static void take(struct conf *c) {
    if (c)
        c->used = true;
}

static struct node *word(struct maker *m, const char *text, const struct conf *c) {
    return lower_word(m->l, str_of(text), c->key);
}

static struct node *value(struct maker *m, struct node *text) {
    return conf_word(m->l->arena, text);
}

static struct node *list_of(struct maker *m, const struct conf *c) {
    struct nodes items = { 0 };
    NODES_EACH(text, c->values)
    items = nodes_append(items, value(m, text));
    return items.head == items.tail ? items.head : ast_list(m->l->arena, c->key, items, true);
}

static struct node *setting(struct maker *m, const char *name, const struct conf *c,
                            struct nodes args, struct nodes body) {
    return lower_setting(m->l, name, c->key, args,
                         body.head ? lower_block(m->l, c->key, body, body.head == body.tail)
                                   : NULL);
}

static struct nodes one(struct node *node) {
    return (struct nodes){ node, node };
}

/* Options that become one setting each. */
enum form { FORM_TEXT, FORM_LIST, FORM_FLAG, FORM_FLAG_OFF, FORM_DURATION, FORM_SIZE };

struct row {
    const char *option, *word;
    enum form form;
};

/* The settings that a table knows, then `option PATH VALUE` for the rest. */
static struct nodes body_of(struct maker *m, struct nodes body, struct conf *c,
                            const struct row *rows, size_t count) {
    struct nodes none = { 0 };
    for (size_t i = 0; i < count; i++) {
        struct conf *at = conf_at(c, rows[i].option);
        if (!at || at->used || at->bad || (!at->values.head && !at->present))
            continue;
        struct node *text = at->values.head;
        bool on = str_eq_nocase(conf_str(text), STR("true"));
        bool flag = rows[i].form == FORM_FLAG || rows[i].form == FORM_FLAG_OFF;
        if (flag && conf_has_variable(text))
            continue;
        take(at);
        if (flag && on == (rows[i].form == FORM_FLAG_OFF))
            continue; /* the default */
        struct nodes args = { 0 };
        if (rows[i].form == FORM_LIST)
            args = one(list_of(m, at));
        else if (rows[i].form == FORM_DURATION)
            args = one(value(m, traefik_duration(m->l->arena, text)));
        else if (rows[i].form == FORM_SIZE && text)
            args = one(value(m, traefik_size(m->l->arena, text)));
        else if (rows[i].form == FORM_TEXT && text)
            args = one(value(m, text));
        body = nodes_append(body, setting(m, rows[i].word, at, args, none));
    }
    for (struct conf *child = c->first; child; child = child->next)
        body = traefik_options(m->t, m->l, body, child, child->name);
    return body;
}
#define BODY(m, body, c, rows) body_of(m, body, c, rows, sizeof(rows) / sizeof *(rows))

static struct nodes named(struct maker *m, const struct conf *c, struct node *second) {
    struct nodes args = one(lower_word(m->l, c->name, c->key));
    return nodes_append(args, second);
}

/* ---- entry points ---- */

static struct node *redirect(struct maker *m, struct conf *c) {
    struct node *to = conf_value(c, "to"), *scheme = conf_value(c, "scheme");
    struct conf *permanent = conf_at(c, "permanent");
    struct conf *all = conf_at(m->t->fixed, "entryPoints");
    if (!to || conf_has_variable(to))
        return NULL;
    struct str name = conf_str(to);
    if (str_starts(name, STR(":"))) { /* a port: the language names the entry point behind it */
        struct conf *target = conf_child(all, traefik_default_entrypoint(m->t, true));
        if (!target || !str_is(name, ":443"))
            return NULL;
        to = conf_made(m->l->arena, target->name, to->span);
    }
    struct nodes args = one(value(m, to));
    if (permanent && str_eq_nocase(conf_str(permanent->values.head), STR("false")))
        args = nodes_append(args, word(m, "temporary", permanent));
    if (scheme && !str_is(conf_str(scheme), "https")) {
        args = nodes_append(args, word(m, "scheme", c));
        args = nodes_append(args, value(m, scheme));
    }
    take(conf_at(c, "to"));
    take(conf_at(c, "scheme"));
    take(permanent);
    return setting(m, "redirect", c, args, (struct nodes){ 0 });
}

static struct node *http3(struct maker *m, struct conf *c) {
    struct nodes args = { 0 };
    struct node *port = conf_value(c, "advertisedPort");
    if (port) {
        args = nodes_append(args, word(m, "port", c));
        args = nodes_append(args, value(m, port));
        take(conf_at(c, "advertisedPort"));
    }
    take(c);
    return setting(m, "http3", c, args, (struct nodes){ 0 });
}

static struct node *shared_cert(struct maker *m, struct conf *tls) {
    struct conf *domains = conf_at(tls, "domains"), *first = domains ? domains->first : NULL;
    struct nodes items = { 0 };
    if (!first || first->next)
        return NULL;
    struct node *main = conf_value(first, "main");
    struct conf *sans = conf_at(first, "sans");
    if (main)
        items = nodes_append(items, value(m, main));
    NODES_EACH(text, sans ? sans->values : (struct nodes){ 0 })
    items = nodes_append(items, value(m, text));
    take(domains);
    take(first);
    take(conf_at(first, "main"));
    take(sans);
    return setting(m, "cert", first, one(ast_list(m->l->arena, first->key, items, true)),
                   (struct nodes){ 0 });
}

/* A name without a provider is looked up in the provider of each router. */
static struct node *bare_middleware(struct maker *m, struct node *name) {
    struct diag *d = diag_add(m->t->diags, DIAG_MIDDLEWARE_PROVIDER, name->span,
                              "`%.*s` does not say which provider has it", STR_ARG(conf_str(name)));
    diag_effect(m->t->diags, d,
                "routers of labels look for it in labels, routers of files in files");
    diag_help(m->t->diags, d, "write %.*s@file", STR_ARG(conf_str(name)));
    for (int i = PROVIDERS - 1; i >= 0; i--) {
        struct traefik_part part = { .l = m->l, .provider = (enum traefik_provider)i };
        bool outside;
        struct traefik_object *o =
            traefik_find(m->t, &part, "http.middlewares", conf_str(name), &outside);
        if (!o || o->conf->bad)
            continue;
        if (i == PROVIDER_FILE)
            diag_fix_replace(m->t->diags, d, true, name->span,
                             str_format(m->l->arena, "%.*s@file", STR_ARG(conf_str(name))));
        return traefik_link(m->t, &part, "http.middlewares", name);
    }
    return lower_word(m->l, str_format(m->l->arena, "%.*s@file", STR_ARG(conf_str(name))),
                      name->span);
}

static struct node *middlewares(struct maker *m, struct conf *c) {
    struct nodes links = { 0 };
    struct traefik_part file = { .l = m->l, .provider = PROVIDER_FILE };
    NODES_EACH(name, c->values) {
        bool bare = str_find(conf_str(name), '@') == STR_NONE;
        struct node *link =
            bare ? bare_middleware(m, name) : traefik_link(m->t, &file, "http.middlewares", name);
        if (link)
            links = nodes_append(links, link);
    }
    take(c);
    struct node *list =
        links.head == links.tail ? links.head : ast_list(m->l->arena, c->key, links, true);
    return list ? setting(m, "use", c, one(list), (struct nodes){ 0 }) : NULL;
}

static struct node *entrypoint(struct maker *m, struct conf *c) {
    static const struct row rows[] = {
        { "asDefault", "default", FORM_FLAG },
        { "forwardedHeaders.trustedIPs", "trusted", FORM_LIST },
        { "proxyProtocol.trustedIPs", "proxy-protocol", FORM_LIST },
        { "http.tls.certResolver", "resolver", FORM_TEXT },
        { "http.tls.options", "tls", FORM_TEXT },
        { "http.maxHeaderBytes", "max-header", FORM_SIZE },
        { "http2.maxConcurrentStreams", "streams", FORM_TEXT },
        { "udp.timeout", "session", FORM_DURATION },
        { "reusePort", "reuse-port", FORM_FLAG },
        { "allowACMEByPass", "acme-bypass", FORM_FLAG },
    };
    struct conf *address = conf_at(c, "address");
    struct nodes body = { 0 };
    take(address);
    struct conf *to = conf_at(c, "http.redirections.entryPoint");
    struct node *redirection = to ? redirect(m, to) : NULL;
    struct node *cert = conf_at(c, "http.tls") ? shared_cert(m, conf_at(c, "http.tls")) : NULL;
    if (conf_at(c, "asDefault") && traefik_port_of(m->t, c->name) == 80)
        take(conf_at(c, "asDefault")); /* the language's `default` is the one of https */
    if (redirection)
        body = nodes_append(body, redirection);
    struct conf *use = conf_at(c, "http.middlewares");
    struct node *links = use && use->values.head && !use->bad ? middlewares(m, use) : NULL;
    if (links)
        body = nodes_append(body, links);
    if (cert)
        body = nodes_append(body, cert);
    if (conf_at(c, "http3"))
        body = nodes_append(body, http3(m, conf_at(c, "http3")));
    body = BODY(m, body, c, rows);
    struct node *where = address && address->values.head ? value(m, address->values.head)
                                                         : lower_word(m->l, STR(":80"), c->key);
    return setting(m, "entrypoint", c, named(m, c, where), body);
}

/* ---- resolvers ---- */

static struct node *challenge(struct maker *m, struct conf *acme) {
    static const struct row rows[] = {
        { "propagation.delayBeforeChecks", "delay", FORM_DURATION },
        { "delayBeforeCheck", "delay", FORM_DURATION },
        { "resolvers", "resolvers", FORM_LIST },
        { "propagation.disableChecks", "no-checks", FORM_FLAG },
        { "disablePropagationCheck", "no-checks", FORM_FLAG },
    };
    struct conf *http = conf_at(acme, "httpChallenge"), *tls = conf_at(acme, "tlsChallenge");
    struct conf *dns = conf_at(acme, "dnsChallenge");
    struct nodes none = { 0 };
    if (http && conf_value(http, "entryPoint")) {
        take(http);
        take(conf_at(http, "entryPoint"));
        return setting(m, "http-01", http, one(value(m, conf_value(http, "entryPoint"))), none);
    }
    if (dns && conf_value(dns, "provider")) {
        take(dns);
        take(conf_at(dns, "provider"));
        struct nodes body = { 0 };
        if (conf_at(dns, "propagation"))
            take(conf_at(dns, "propagation"));
        body = BODY(m, body, dns, rows);
        return setting(m, "dns-01", dns, one(value(m, conf_value(dns, "provider"))), body);
    }
    if (tls) {
        take(tls);
        return setting(m, "tls-alpn-01", tls, none, none);
    }
    return NULL;
}

static struct node *resolver(struct maker *m, struct conf *c) {
    static const struct row rows[] = {
        { "email", "email", FORM_TEXT },          { "caServer", "ca", FORM_TEXT },
        { "storage", "storage", FORM_TEXT },      { "keyType", "key-type", FORM_TEXT },
        { "preferredChain", "chain", FORM_TEXT }, { "profile", "profile", FORM_TEXT },
    };
    struct conf *acme = conf_at(c, "acme"), *tailscale = conf_at(c, "tailscale");
    if (!acme)
        return tailscale ? setting(m, "resolver", c, named(m, c, word(m, "tailscale", tailscale)),
                                   (struct nodes){ 0 })
                         : NULL;
    struct node *proof = challenge(m, acme);
    struct nodes body = BODY(m, (struct nodes){ 0 }, acme, rows);
    if (proof) { /* in front of `option`s */
        struct nodes ordered = { 0 };
        bool done = false;
        for (struct node *n = body.head, *next; n; n = next) {
            next = n->next;
            n->next = NULL;
            if (!done && str_is(node_setting(n)->name, "option")) {
                ordered = nodes_append(ordered, proof);
                done = true;
            }
            ordered = nodes_append(ordered, n);
        }
        body = done ? ordered : nodes_append(ordered, proof);
    }
    struct node *made = setting(m, "resolver", c, named(m, c, word(m, "acme", acme)), body);
    if (node_setting(made)->block)
        node_setting(made)->block->base.one_line = false;
    return made;
}

/* ---- providers ---- */

static struct node *provider(struct maker *m, struct conf *c) {
    static const struct row docker[] = {
        { "network", "network", FORM_TEXT },
        { "endpoint", "endpoint", FORM_TEXT },
        { "watch", "watch", FORM_TEXT },
        { "defaultRule", "rule", FORM_TEXT },
        { "constraints", "only", FORM_TEXT },
        { "refreshSeconds", "every", FORM_DURATION },
        { "httpClientTimeout", "timeout", FORM_DURATION },
    };
    static const struct {
        const char *option, *word, *source;
    } kinds[] = {
        { "docker", "docker", NULL },
        { "swarm", "swarm", NULL },
        { "file", "file", "directory" },
        { "http", "http", "endpoint" },
        { "rest", "rest", NULL },
        { "ecs", "ecs", NULL },
        { "nomad", "nomad", NULL },
        { "consulCatalog", "consulcatalog", NULL },
        { "kubernetesCRD", "kubernetes-crd", NULL },
        { "kubernetesIngress", "kubernetes-ingress", NULL },
        { "kubernetesGateway", "kubernetes-gateway", NULL },
        { "consul", "consul", NULL },
        { "etcd", "etcd", NULL },
        { "redis", "redis", NULL },
        { "zooKeeper", "zookeeper", NULL },
    };
    struct arena *a = m->l->arena;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!str_eq_nocase(c->name, str_of(kinds[i].option)))
            continue;
        struct nodes args = one(word(m, kinds[i].word, c)), body = { 0 };
        struct conf *source = kinds[i].source ? conf_at(c, kinds[i].source) : NULL;
        struct conf *file = i == 2 ? conf_at(c, "filename") : NULL;
        struct conf *watch = conf_at(c, "watch");
        take(c);
        if (!source && file && file->values.head) { /* the language names the directory */
            struct str s = conf_str(file->values.head);
            size_t slash = str_find_last(s, '/');
            if (slash != STR_NONE && slash > 0)
                args = nodes_append(args, value(m, conf_part(a, file->values.head, 0, slash)));
            else
                args = nodes_append(args, lower_word(m->l, STR("."), file->key));
            traefik_lose(m->t, file, "the file provider reads a directory; its own is written");
            take(file);
        }
        if (source && source->values.head) {
            args = nodes_append(args, value(m, source->values.head));
            take(source);
        }
        if (file && !file->used) {
            traefik_lose(m->t, file, "Traefik reads the directory alone");
            take(file);
        }
        if (watch && conf_is_true(c, "watch"))
            take(watch);
        else if (watch && watch->values.head && !conf_has_variable(watch->values.head)) {
            take(watch);
            body = nodes_append(
                body, setting(m, "watch", watch, one(word(m, "off", watch)), (struct nodes){ 0 }));
        }
        struct conf *exposed = conf_at(c, "exposedByDefault");
        if (i < 2) {
            if (!exposed || conf_is_true(c, "exposedByDefault"))
                body = nodes_append(body, setting(m, "exposed", exposed ? exposed : c,
                                                  (struct nodes){ 0 }, (struct nodes){ 0 }));
            take(exposed);
        }
        struct conf *endpoint = i < 2 ? conf_at(c, "endpoint") : NULL;
        if (endpoint && str_is(conf_str(endpoint->values.head), "unix:///var/run/docker.sock"))
            take(endpoint); /* the default */
        body = i < 2 ? BODY(m, body, c, docker) : body_of(m, body, c, NULL, 0);
        return setting(m, "provider", c, args, body);
    }
    return NULL;
}

/* ---- the rest ---- */

static struct node *log_of(struct maker *m, struct conf *c) {
    struct node *level = conf_value(c, "level"), *path = conf_value(c, "filePath");
    struct nodes args = { 0 };
    if (level && !conf_has_variable(level)) {
        struct str s = str_copy(m->l->arena, conf_str(level));
        for (size_t i = 0; i < s.len; i++)
            ((char *)(uintptr_t)s.at)[i] = char_lower(s.at[i]);
        args = nodes_append(args, lower_word(m->l, s, level->span));
    } else {
        args = nodes_append(args, word(m, "error", c));
    }
    take(conf_at(c, "level"));
    if (path)
        args = nodes_append(args, value(m, path));
    take(conf_at(c, "filePath"));
    if (str_is(conf_str(conf_value(c, "format")), "json"))
        args = nodes_append(args, word(m, "json", c));
    take(conf_at(c, "format"));
    take(c);
    return setting(m, "log", c, args, (struct nodes){ 0 });
}

static struct node *accesslog(struct maker *m, struct conf *c) {
    struct node *path = conf_value(c, "filePath"), *format = conf_value(c, "format");
    struct nodes args = { 0 };
    if (format && !str_is(conf_str(format), "common"))
        args = nodes_append(args, lower_word(m->l, conf_str(format), format->span));
    if (path)
        args = nodes_append(args, value(m, path));
    take(conf_at(c, "filePath"));
    take(conf_at(c, "format"));
    take(c);
    return setting(m, "accesslog", c, args, (struct nodes){ 0 });
}

static struct node *api(struct maker *m, struct conf *c) {
    struct nodes args = { 0 };
    struct node *base = conf_value(c, "basePath");
    if (conf_is_true(c, "insecure"))
        args = nodes_append(args, word(m, "insecure", conf_at(c, "insecure")));
    if (str_eq_nocase(conf_str(conf_value(c, "dashboard")), STR("false")))
        args = nodes_append(args, word(m, "no-dashboard", conf_at(c, "dashboard")));
    if (conf_is_true(c, "debug"))
        args = nodes_append(args, word(m, "debug", conf_at(c, "debug")));
    if (base) {
        args = nodes_append(args, word(m, "base", c));
        args = nodes_append(args, value(m, base));
    }
    static const char *const done[] = { "insecure", "dashboard", "debug", "basePath" };
    for (size_t i = 0; i < 4; i++)
        take(conf_at(c, done[i]));
    take(c);
    return setting(m, "api", c, args, (struct nodes){ 0 });
}

static struct node *ping(struct maker *m, struct conf *c) {
    struct node *on = conf_value(c, "entryPoint");
    take(c);
    take(conf_at(c, "entryPoint"));
    return setting(m, "ping", c, on ? one(value(m, on)) : (struct nodes){ 0 }, (struct nodes){ 0 });
}

static struct node *plugin(struct maker *m, struct conf *c) {
    struct node *module = conf_value(c, "moduleName"), *version = conf_value(c, "version");
    if (!module)
        return NULL;
    struct nodes args = named(m, c, value(m, module));
    if (version)
        args = nodes_append(args, value(m, version));
    else
        args = nodes_append(args, word(m, "local", c));
    take(c);
    take(conf_at(c, "moduleName"));
    take(conf_at(c, "version"));
    return setting(m, "plugin", c, args, (struct nodes){ 0 });
}

/* ---- what starts, and is hardly meant so ---- */

static void check_api(struct maker *m) {
    struct conf *insecure = conf_at(m->t->fixed, "api.insecure");
    if (!insecure || !conf_is_true(m->t->fixed, "api.insecure"))
        return;
    struct diag *d = diag_add(m->t->diags, DIAG_API_OPEN, insecure->values.head->span,
                              "the API is open to everyone who reaches the entry point `traefik`");
    diag_help(m->t->diags, d,
              "leave it out; a router with the service api@internal and authentication serves it");
}

static void check_exposed(struct maker *m) {
    struct conf *docker = conf_at(m->t->fixed, "providers.docker");
    struct conf *exposed = conf_at(docker, "exposedByDefault");
    if (!docker || !conf_has_value(docker) || conf_at(docker, "constraints") ||
        (exposed && !conf_is_true(docker, "exposedByDefault")))
        return;
    struct diag *d = diag_add(m->t->diags, DIAG_EXPOSED, exposed ? exposed->key : docker->key,
                              "every container gets a router, also those without labels");
    diag_effect(m->t->diags, d, "a database that exposes a port is served as NAME-PROJECT");
    diag_help(m->t->diags, d, "write exposedByDefault=false");
}

static void check_storage(struct maker *m) {
    struct conf *all = conf_at(m->t->fixed, "certificatesResolvers");
    for (struct conf *c = all ? all->first : NULL; c; c = c->next) {
        struct conf *acme = conf_at(c, "acme");
        if (!acme || conf_at(acme, "storage"))
            continue;
        struct diag *d = diag_add(m->t->diags, DIAG_ACME_STORAGE, c->key,
                                  "resolver `%.*s` does not say where it keeps its certificates",
                                  STR_ARG(c->name));
        diag_effect(m->t->diags, d,
                    "acme.json lies in Traefik's working directory and is lost with the container");
        diag_help(m->t->diags, d, "write storage: a path on a volume");
    }
}

typedef struct node *make(struct maker *m, struct conf *c);

/* By what stands above them, so that no key comes twice. */
static struct node *raw_rest(struct maker *m) {
    size_t count = 0, at = 0;
    for (struct traefik_rest *r = m->t->rest; r; r = r->next)
        count++;
    struct conf **list = arena_array(m->l->arena, struct conf *, count + 1);
    for (struct conf *top = m->t->fixed->first; top; top = top->next)
        for (struct traefik_rest *r = m->t->rest; r; r = r->next) {
            const struct conf *c = r->conf;
            while (c->parent != m->t->fixed)
                c = c->parent;
            if (c == top)
                list[at++] = r->conf;
        }
    return traefik_raw(m->l, "static", list, at);
}

struct nodes traefik_proxy(struct traefik *t) {
    static const struct {
        const char *path;
        bool each; /* of the names below it */
        make *make;
    } parts[] = {
        { "entryPoints", true, entrypoint },
        { "certificatesResolvers", true, resolver },
        { "providers", true, provider },
        { "log", false, log_of },
        { "accessLog", false, accesslog },
        { "ping", false, ping },
        { "api", false, api },
        { "experimental.plugins", true, plugin },
        { "experimental.localPlugins", true, plugin },
    };
    struct nodes body = { 0 };
    if (!t->fixed)
        return body;
    struct maker m = { .t = t, .l = t->fixed_lower };
    check_api(&m);
    check_exposed(&m);
    check_storage(&m);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct conf *at = conf_at(t->fixed, parts[i].path);
        bool first = body.head != NULL && i < 3;
        for (struct conf *c = parts[i].each && at ? at->first : at; c;
             c = parts[i].each ? c->next : NULL) {
            if (!conf_has_value(c))
                continue;
            struct node *node = parts[i].make(&m, c);
            if (!node)
                continue;
            if (parts[i].each)
                traefik_comments(m.l, node, c);
            node->blank_before = first;
            first = false;
            body = nodes_append(body, node);
            if (!parts[i].each) /* what the setting has no words for */
                for (struct conf *child = c->first; child; child = child->next)
                    body = traefik_options(
                        t, m.l, body, child,
                        str_format(t->arena, "%.*s.%.*s", STR_ARG(c->name), STR_ARG(child->name)));
        }
    }
    for (struct conf *c = t->fixed->first; c; c = c->next) {
        bool done = str_is(c->name, "entryPoints") || str_is(c->name, "certificatesResolvers") ||
                    str_is(c->name, "providers");
        if (!done)
            body = traefik_options(t, m.l, body, c, c->name);
    }
    struct node *raw = raw_rest(&m);
    if (raw)
        body = nodes_append(body, raw);
    if (!body.head)
        return body;
    body.head->blank_before = false;
    struct node *name = lower_word(m.l, STR("traefik"), t->start);
    struct node *proxy =
        lower_setting(m.l, "proxy", t->start, one(name), lower_block(m.l, t->start, body, false));
    return one(proxy);
}
