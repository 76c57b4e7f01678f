/* E0328: options that each read well and do not go together, or lack another one. Traefik refuses
   what has them, or goes on as if some were not there. */
#include "lint/rule.h"

struct told {
    const char *text, *effect, *help;
    bool harmless; /* something has no effect, and nothing breaks */
};

static void tell(struct lint *l, struct span span, struct str name, const struct told *t) {
    if (span_is_none(span))
        return;
    struct diag *d =
        diag_add(l->diags, DIAG_COMBINATION, span, "`%.*s` %s", STR_ARG(name), t->text);
    if (t->harmless)
        diag_level(l->diags, d, LEVEL_WARNING);
    diag_effect(l->diags, d, "%s", t->effect);
    diag_help(l->diags, d, "%s", t->help);
}

static bool has(const struct untyped *c, const char *path) {
    return untyped_is_present(untyped_get(c, path)) || untyped_get(c, path);
}

/* Is there something in it that is neither empty nor off? */
static bool says_anything(const struct untyped *c) {
    if (c->kind == UNTYPED_TEXT && c->text.len && !str_eq_nocase(c->text, STR("false")) &&
        !str_is(c->text, "0"))
        return true;
    for (const struct untyped *child = c->first; child; child = child->next)
        if (says_anything(child))
            return true;
    return false;
}

/* ---- the static configuration ---- */

static void look_entry_point(struct lint *l, const struct untyped *c) {
    const struct untyped *pp = untyped_child(c, STR("proxyProtocol"));
    if (untyped_is_present(pp) && !has(pp, "trustedIPs") && !untyped_bool(pp, "insecure", false))
        tell(l, pp->key_span, pp->key,
             &(struct told){ "trusts nobody", "Traefik does not start",
                             "name who sends the header in trustedIPs", false });
}

static void look_addresses(struct lint *l) {
    struct table seen = { .arena = l->arena };
    for (const struct entry_point *e = l->proxy->entry_points; e; e = e->next) {
        const struct untyped *own = e->conf;
        if (!own || !e->address.len || lint_is_open(e->address) ||
            untyped_bool(own, "reusePort", false))
            continue;
        size_t slash = str_find_last(e->address, '/');
        struct str key = str_format(l->arena, "%.*s/%s", STR_ARG(str_slice(e->address, 0, slash)),
                                    e->udp ? "udp" : "tcp");
        const struct entry_point **first = (const struct entry_point **)table_at(&seen, key);
        if (!*first) {
            *first = e;
            continue;
        }
        struct diag *d =
            diag_add(l->diags, DIAG_COMBINATION, e->span, "`%.*s` listens where `%.*s` does",
                     STR_ARG(e->name), STR_ARG((*first)->name));
        diag_effect(l->diags, d, "Traefik does not start: an address can be listened on once");
        if (!span_is_none((*first)->span))
            diag_note_at(l->diags, d, (*first)->span, "the other one");
        diag_help(l->diags, d, "give one of them another port");
    }
}

/* In the order in which the ACME library asks for them; of several the others are never tried. */
static const char *const challenges[] = { "tlsChallenge", "httpChallenge", "dnsChallenge" };

static void look_challenges(struct lint *l, const struct untyped *acme) {
    const struct untyped *first = NULL;
    for (size_t i = 0; i < 3; i++) {
        const struct untyped *c = untyped_child(acme, str_of(challenges[i]));
        if (!untyped_is_present(c))
            continue;
        if (!first) {
            first = c;
            continue;
        }
        struct diag *d =
            diag_add(l->diags, DIAG_COMBINATION, c->key_span, "`%.*s` stands beside `%.*s`",
                     STR_ARG(c->key), STR_ARG(first->key));
        diag_level(l->diags, d, LEVEL_WARNING);
        diag_effect(l->diags, d,
                    i == 2 ? "`%.*s` is used for wildcards alone, and not when the other one fails"
                           : "`%.*s` is never used, not even when the other one fails",
                    STR_ARG(c->key));
        diag_note_at(l->diags, d, first->key_span, "the one that is used");
        diag_help(l->diags, d, "keep one of them, or make two resolvers");
    }
}

static void look_resolver(struct lint *l, const struct untyped *c) {
    const struct untyped *acme = untyped_child(c, STR("acme"));
    const struct untyped *http = untyped_child(acme, STR("httpChallenge"));
    const struct untyped *dns = untyped_child(acme, STR("dnsChallenge"));
    const struct untyped *storage = untyped_child(acme, STR("storage"));
    bool any = false;
    for (size_t i = 0; i < 3; i++)
        any = any || untyped_is_present(untyped_child(acme, str_of(challenges[i])));
    look_challenges(l, acme);
    if (acme && !any)
        tell(l, c->key_span, c->key,
             &(struct told){ "has no challenge", "every request for a certificate fails",
                             "add httpChallenge, tlsChallenge or dnsChallenge", false });
    if (untyped_is_present(http) && !has(http, "entryPoint"))
        tell(l, http->key_span, http->key,
             &(struct told){ "does not say which entry point it arrives at",
                             "every request for a certificate fails",
                             "write its entryPoint: the one of port 80", false });
    if (untyped_is_present(dns) && !has(dns, "provider"))
        tell(l, dns->key_span, dns->key,
             &(struct told){ "does not say who serves the zone",
                             "every request for a certificate fails", "write its provider",
                             false });
    if (storage && storage->kind == UNTYPED_TEXT && !storage->text.len)
        tell(l, storage->key_span, storage->key,
             &(struct told){ "is empty", "Traefik does not start", "write a path on a volume",
                             false });
    if (acme && has(c, "tailscale"))
        tell(l, c->key_span, c->key,
             &(struct told){ "has `acme` and `tailscale`", "Traefik does not start",
                             "make two resolvers of it", false });
}

static void look_experiments(struct lint *l, const struct untyped *conf) {
    static const struct {
        const char *option, *needs;
    } rows[] = {
        { "log.otlp", "experimental.otlpLogs" },
        { "accessLog.otlp", "experimental.otlpLogs" },
        { "providers.knative", "experimental.knative" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct untyped *c = untyped_get(conf, rows[i].option);
        if (untyped_is_present(c) && !untyped_bool(conf, rows[i].needs, false))
            tell(l, c->key_span, c->key,
                 &(struct told){ "is an experiment that nothing switches on",
                                 "Traefik does not start",
                                 str_format(l->arena, "add %s: true", rows[i].needs).at, false });
    }
}

/* Options of one object that Traefik takes one by one, and not together. */
static void look_exclusive(struct lint *l, const struct untyped *conf) {
    static const struct {
        const char *object, *one, *other;
    } rows[] = {
        { "log.otlp.grpc", "insecure", "tls" },
        { "accessLog.otlp.grpc", "insecure", "tls" },
        { "metrics.otlp.grpc", "insecure", "tls" },
        { "tracing.otlp.grpc", "insecure", "tls" },
        { "providers.kubernetesIngressNGINX", "watchNamespace", "watchNamespaceSelector" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct untyped *object = untyped_get(conf, rows[i].object);
        const struct untyped *one = untyped_child(object, str_of(rows[i].one));
        const struct untyped *other = untyped_child(object, str_of(rows[i].other));
        if (one && other && says_anything(one) &&
            (untyped_is_present(other) || says_anything(other)))
            tell(l, other->key_span, other->key,
                 &(struct told){ str_format(l->arena, "stands beside `%s`", rows[i].one).at,
                                 "Traefik does not start", "remove one of the two", false });
    }
    const struct untyped *overrides = untyped_get(conf, "ocsp.responderOverrides");
    for (const struct untyped *c = overrides ? overrides->first : NULL; c; c = c->next)
        if (c->kind == UNTYPED_TEXT && !c->text.len)
            tell(l, c->key_span, c->key,
                 &(struct told){ "has no responder", "Traefik does not start",
                                 "write the URL of one, or remove it", false });
}

static void look_static(struct lint *l) {
    const struct untyped *conf = l->proxy->conf;
    const struct untyped *points = untyped_child(conf, STR("entryPoints"));
    for (const struct untyped *c = points ? points->first : NULL; c; c = c->next)
        look_entry_point(l, c);
    look_addresses(l);
    const struct untyped *resolvers = untyped_child(conf, STR("certificatesResolvers"));
    for (const struct untyped *c = resolvers ? resolvers->first : NULL; c; c = c->next)
        look_resolver(l, c);
    look_experiments(l, conf);
    look_exclusive(l, conf);
    const struct untyped *file = untyped_get(conf, "providers.file");
    if (has(file, "directory") && has(file, "filename"))
        tell(l, untyped_child(file, STR("filename"))->key_span, STR("filename"),
             &(struct told){ "stands beside `directory`", "Traefik reads the directory alone",
                             "remove one of the two", true });
}

/* ---- middlewares ---- */

static void look_criterion(struct lint *l, const struct untyped *kind) {
    static const char *const ways[] = { "ipStrategy", "requestHeaderName", "requestHost" };
    const struct untyped *c = untyped_child(kind, STR("sourceCriterion"));
    size_t count = 0;
    for (size_t i = 0; c && i < 3; i++)
        count += has(c, ways[i]) && !str_eq_nocase(untyped_text(c, ways[i]), STR("false"));
    if (count > 1)
        tell(l, c->key_span, c->key,
             &(struct told){ "tells clients apart in two ways",
                             "Traefik disables every router that uses the middleware",
                             "keep one of ipStrategy, requestHeaderName and requestHost", false });
}

static void look_middleware(struct lint *l, const struct object *o) {
    for (const struct untyped *kind = o->conf ? o->conf->first : NULL; kind; kind = kind->next) {
        look_criterion(l, kind);
        if (str_eq_nocase(kind->key, STR("compress")) && has(kind, "includedContentTypes") &&
            has(kind, "excludedContentTypes"))
            tell(l, kind->key_span, kind->key,
                 &(struct told){ "includes and excludes content types",
                                 "Traefik disables every router that uses the middleware",
                                 "keep one of the two lists", false });
        if (str_eq_nocase(kind->key, STR("headers")) && kind->first && !says_anything(kind))
            tell(l, kind->key_span, kind->key,
                 &(struct told){ "sets no header",
                                 "Traefik disables every router that uses the middleware",
                                 "remove it, or say what it is to set", false });
    }
}

/* ---- services ---- */

/* `at`: a list of what answers for the service. */
static void look_servers(struct lint *l, const struct object *o, const char *at,
                         const char *problem) {
    const struct untyped *list = untyped_get(o->conf, at);
    if (list && list->kind == UNTYPED_LIST && !list->first)
        tell(l, list->key_span, o->name,
             &(struct told){ problem, "every request is answered 503", "list one", true });
}

/* Options that another one beside them switches off. */
static void look_unused(struct lint *l, const struct untyped *balancer) {
    static const char *const old[] = { "proxyProtocol", "terminationDelay" };
    const struct untyped *sticky = untyped_child(balancer, STR("sticky"));
    if (sticky && str_is(untyped_text(balancer, "strategy"), "hrw"))
        tell(l, sticky->key_span, sticky->key,
             &(struct told){ "means nothing beside the strategy hrw",
                             "Traefik chooses by the client's address, and sets no cookie",
                             "remove it, or take the strategy wrr", true });
    for (size_t i = 0; i < 2 && has(balancer, "serversTransport"); i++) {
        const struct untyped *c = untyped_child(balancer, str_of(old[i]));
        if (c)
            tell(l, c->key_span, c->key,
                 &(struct told){ "means nothing beside `serversTransport`",
                                 "Traefik takes it from the servers transport alone",
                                 "write it there", true });
    }
}

/* Of a server's URL Traefik follows the scheme, the host and the port; a path when it is told to.
 */
static void look_url(struct lint *l, const struct untyped *server) {
    const struct untyped *url = untyped_child(server, STR("url"));
    struct str text = url ? url->text : STR("");
    size_t from = str_find_str(text, STR("://"));
    if (from == STR_NONE || lint_is_open(text))
        return;
    struct str rest = str_from(text, from + 3);
    size_t end = 0;
    while (end < rest.len && !strchr("/?#", rest.at[end]))
        end++;
    bool user = str_find(str_slice(rest, 0, end), '@') != STR_NONE;
    size_t query = end;
    while (query < rest.len && !strchr("?#", rest.at[query]))
        query++;
    if (user)
        tell(l, url->span, url->key,
             &(struct told){ "holds a user, whom Traefik does not name to the server",
                             "the server sees a request without credentials",
                             "set the header Authorization with a middleware `headers`", true });
    if (query - end > 1 && !untyped_bool(server, "preservePath", false))
        tell(l, url->span, url->key,
             &(struct told){ "holds a path, which Traefik leaves out",
                             "the server is asked for the path of the request alone",
                             "write preservePath: true beside it to put it in front", true });
    if (query < rest.len)
        tell(l, url->span, url->key,
             &(struct told){ "holds a query, which Traefik leaves out",
                             "the server is asked for the query of the request alone", "remove it",
                             true });
}

static void look_service(struct lint *l, const struct object *o) {
    const struct untyped *balancer = untyped_child(o->conf, STR("loadBalancer"));
    look_unused(l, balancer);
    look_url(l, untyped_child(balancer, STR("server")));
    const struct untyped *servers = untyped_child(balancer, STR("servers"));
    for (const struct untyped *s = servers ? servers->first : NULL; s; s = s->next)
        look_url(l, s);
    look_servers(l, o, "loadBalancer.servers", "has no server");
    look_servers(l, o, "weighted.services", "shares requests among no services");
    const struct untyped *every = untyped_get(balancer, "healthCheck.interval");
    if (every && (str_is(every->text, "0") || str_is(every->text, "0s")))
        tell(l, every->span, every->key,
             &(struct told){ "is no time at all", "Traefik asks every 30 seconds instead",
                             "write a duration", true });
}

/* ---- routers and TLS ---- */

static void look_router(struct lint *l, const struct router *r) {
    const struct untyped *tls = untyped_child(r->conf, STR("tls"));
    static const char *const unused[] = { "certResolver", "options", "domains" };
    if (tls && tls->kind == UNTYPED_TEXT && tls->first && !untyped_is_present(tls) &&
        !lint_is_open(tls->text))
        tell(l, tls->span, r->name,
             &(struct told){ "switches TLS off, and configures it below",
                             "Traefik forgets all of it: the router answers plain HTTP alone",
                             "write true, or remove the rest", false });
    for (size_t i = 0; r->passthrough && i < 3; i++) {
        const struct untyped *c = untyped_get(tls, unused[i]);
        if (c)
            tell(l, c->key_span, c->key,
                 &(struct told){ "means nothing beside `passthrough`",
                                 "the backend ends TLS, with its own certificate", "remove it",
                                 true });
    }
    if (str_find(r->name, '@') != STR_NONE && !lint_is_internal(r))
        tell(l, r->span, r->name,
             &(struct told){ "has an @ in its name", "nothing can refer to it",
                             "names hold letters, digits, - and _", false });
}

static void look_stores(struct lint *l) {
    for (const struct untyped *c = l->proxy->stores ? l->proxy->stores->first : NULL; c;
         c = c->next)
        if (!str_is(c->key, "default"))
            tell(l, c->key_span, c->key,
                 &(struct told){ "is a store that Traefik never asks",
                                 "clients see the certificates of the store `default`",
                                 "call it `default`", true });
}

/* A container with a TCP router and a middleware for HTTP gets a router for HTTP as well. */
static void look_unasked(struct lint *l) {
    struct table others = { .arena = l->arena };
    for (const struct router *r = l->proxy->routers; r; r = r->next)
        if (r->layer != LAYER_HTTP && r->origin.len && str_eq(r->provider, l->proxy->docker))
            *table_at(&others, r->origin) = l;
    for (const struct router *r = l->proxy->routers; r; r = r->next) {
        if (r->conf || r->layer != LAYER_HTTP || lint_is_internal(r) || span_is_none(r->span) ||
            !table_get(&others, r->origin))
            continue;
        struct diag *d =
            diag_add(l->diags, DIAG_EXPOSED, r->span,
                     "`%.*s` gets a router of HTTP that nobody wrote", STR_ARG(r->origin));
        diag_effect(l->diags, d, "its middleware is enough for Traefik to make one: %.*s",
                    STR_ARG(r->rule));
        diag_help(l->diags, d, "declare the middleware in a file, or on another container");
    }
}

/* What the providers left out for reasons that no other check knows. */
static void look_dropped(struct lint *l) {
    for (const struct proxy_note *n = l->faultless ? l->proxy->notes : NULL; n; n = n->next) {
        if (!n->drops || span_is_none(n->span))
            continue;
        struct diag *d = diag_add(l->diags, DIAG_LEFT_OUT, n->span, "%.*s", STR_ARG(n->text));
        diag_effect(l->diags, d, "%.*s", STR_ARG(n->effect));
    }
}

void lint_combination(struct lint *l) {
    if (l->proxy->conf)
        look_static(l);
    for (int i = 0; i < LAYERS; i++) {
        for (const struct object *o = l->proxy->middlewares[i]; o; o = o->next)
            look_middleware(l, o);
        for (const struct object *o = l->proxy->services[i]; o; o = o->next)
            look_service(l, o);
    }
    for (const struct router *r = l->proxy->routers; r; r = r->next)
        look_router(l, r);
    if (l->proxy->has_containers)
        look_unasked(l);
    look_stores(l);
    look_dropped(l);
}
