/* Middlewares as Traefik runs them (pkg/middlewares). */
#include "analysis/effects.h"

#include "analysis/effects_walk.h"
#include "support/buf.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

/* Chains may hold chains; so many middlewares are looked at. */
enum { DEEPEST = 32, LOOKED_AT_MOST = 1000 };

void effects_tell(struct walk *w, const char *format, ...) {
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    struct effect *e = arena_new(w->arena, struct effect);
    *e = (struct effect){ .middleware = w->name, .text = str_copy(w->arena, str_of(text)) };
    *w->out->last = e;
    w->out->last = &e->next;
}

struct str effects_joined(struct arena *a, struct str x, struct str y) {
    struct buf out = { .arena = a };
    buf_add(&out, x);
    buf_add(&out, y);
    return buf_str(&out);
}

void effects_end(struct walk *w, int status, const char *why) {
    w->out->status = status;
    w->out->by = w->name;
    w->out->why = str_of(why);
}

/* ---- who may come in ---- */

static struct str header(const struct walk *w, const char *name) {
    for (const struct test_pair *h = w->view->input.headers; h; h = h->next)
        if (str_is(h->key, name))
            return h->value;
    return STR("");
}

static void basic_auth(struct walk *w, const struct untyped *c) {
    (void)c;
    if (!str_starts(header(w, "Authorization"), STR("Basic "))) {
        effects_end(w, 401, "");
        effects_tell(w, "asks for a user and a password (401)");
    } else {
        effects_tell(w, "lets its users in, and answers 401 to others");
    }
}

static void digest_auth(struct walk *w, const struct untyped *c) {
    (void)c;
    if (!str_starts(header(w, "Authorization"), STR("Digest "))) {
        effects_end(w, 401, "");
        effects_tell(w, "asks for a user and a password (401)");
    } else {
        effects_tell(w, "lets its users in, and answers 401 to others");
    }
}

static struct str listed(struct arena *a, const struct strs *list) {
    struct buf out = { .arena = a };
    for (size_t i = 0; i < list->count; i++)
        buf_format(&out, "%s%.*s", i ? ", " : "", STR_ARG(list->at[i]));
    return buf_str(&out);
}

static void ip_allow_list(struct walk *w, const struct untyped *c) {
    struct strs ranges = untyped_texts(c, "sourceRange", w->arena);
    struct str names = listed(w->arena, &ranges);
    bool known = w->view->input.has_client && !untyped_child(c, STR("ipStrategy")), allowed = false;
    for (size_t i = 0; i < ranges.count && known; i++) {
        struct cidr range;
        if (!cidr_parse(ranges.at[i], &range).error)
            allowed = allowed || cidr_contains(&range, &w->view->input.client);
    }
    int status = (int)untyped_int(c, "rejectStatusCode", 403);
    if (known && !allowed) {
        effects_end(w, status ? status : 403, "");
        effects_tell(w, "keeps %.*s out (%d): only %.*s may come in", STR_ARG(w->request->ip),
                     w->out->status, STR_ARG(names));
    } else {
        effects_tell(w, "lets %s %.*s in", known ? "the client, one of" : "only", STR_ARG(names));
    }
}

static void rate_limit(struct walk *w, const struct untyped *c) {
    struct str period = untyped_text(c, "period");
    int64_t average = untyped_int(c, "average", 0), burst = untyped_int(c, "burst", 1);
    if (average)
        effects_tell(w, "answers 429 above %" PRId64 " requests in %.*s, %" PRId64 " at once",
                     average, STR_ARG(period.len ? period : STR("1s")), burst);
}

static void in_flight(struct walk *w, const struct untyped *c) {
    effects_tell(w, "answers 429 above %" PRId64 " requests at a time",
                 untyped_int(c, "amount", 0));
}

static void forward_auth(struct walk *w, const struct untyped *c) {
    effects_tell(w, "asks %.*s first, and lets on what it answers with 2xx",
                 STR_ARG(untyped_text(c, "address")));
}

/* ---- the rest ---- */

/* A browser that asks before it asks (CORS) is answered here. */
static bool is_preflight(const struct walk *w, const struct untyped *c) {
    static const char *const wanted[] = { "accessControlAllowOriginList",
                                          "accessControlAllowOriginListRegex",
                                          "accessControlAllowMethods",
                                          "accessControlAllowHeaders",
                                          "accessControlExposeHeaders",
                                          "accessControlAllowCredentials",
                                          "addVaryHeader" };
    bool handles = false;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const struct untyped *option = untyped_child(c, str_of(wanted[i]));
        handles = handles || (option && !str_is(option->text, "false"));
    }
    return handles && str_is(w->view->input.method, "OPTIONS") && header(w, "Origin").len &&
           header(w, "Access-Control-Request-Method").len;
}

/* `customRequestHeaders`, for routers that are asked behind it; an empty value takes one away. */
static void set_headers(struct walk *w, const struct untyped *map) {
    for (const struct untyped *h = map ? map->first : NULL; h; h = h->next) {
        struct str key = request_header_name(w->arena, h->key);
        struct test_pair *kept = NULL, **tail = &kept;
        for (const struct test_pair *old = w->view->input.headers; old; old = old->next)
            if (!str_eq(old->key, key))
                tail = test_pair_add(w->arena, tail, old->key, old->value);
        if (h->text.len && !str_is(key, "Host"))
            test_pair_add(w->arena, tail, key, h->text);
        w->view->input.headers = kept;
    }
}

static void add_names(struct buf *out, const struct untyped *c, const char *path,
                      const char *title) {
    const struct untyped *map = untyped_get(c, path);
    bool any = false;
    for (const struct untyped *h = map ? map->first : NULL; h; h = h->next, any = true)
        buf_format(out, "%s%.*s", any ? ", " : title, STR_ARG(h->key));
}

static void headers(struct walk *w, const struct untyped *c) {
    struct buf out = { .arena = w->arena };
    if (is_preflight(w, c)) {
        effects_end(w, 200, "");
        effects_tell(w, "answers the browser's question before the request itself (CORS)");
        return;
    }
    set_headers(w, untyped_child(c, STR("customRequestHeaders")));
    add_names(&out, c, "customRequestHeaders", "sets for the server ");
    if (out.len && untyped_get(c, "customResponseHeaders"))
        buf_text(&out, "; ");
    add_names(&out, c, "customResponseHeaders", "sets for the client ");
    effects_tell(w, "%.*s", STR_ARG(out.len ? buf_str(&out) : STR("sets headers of the answer")));
}

static void errors(struct walk *w, const struct untyped *c) {
    struct strs status = untyped_texts(c, "status", w->arena);
    struct str names = listed(w->arena, &status);
    effects_tell(w, "shows pages of service %.*s for answers of status %.*s",
                 STR_ARG(untyped_text(c, "service")), STR_ARG(names));
}

static void visit(struct walk *w, struct str full, int depth);

static const struct {
    const char *kind;
    void (*act)(struct walk *w, const struct untyped *c);
    const char *told; /* of those that change nothing that is asked here */
} rows[] = {
    { "addPrefix", effect_add_prefix, NULL },
    { "basicAuth", basic_auth, NULL },
    { "buffering", NULL, "holds the request until it is whole" },
    { "circuitBreaker", NULL, "answers 503 while its expression holds" },
    { "compress", NULL, "compresses the answer" },
    { "contentType", NULL, "guesses the type of the answer" },
    { "digestAuth", digest_auth, NULL },
    { "errors", errors, NULL },
    { "forwardAuth", forward_auth, NULL },
    { "grpcWeb", NULL, "translates gRPC-Web" },
    { "headers", headers, NULL },
    { "inFlightReq", in_flight, NULL },
    { "ipAllowList", ip_allow_list, NULL },
    { "ipWhiteList", ip_allow_list, NULL },
    { "passTLSClientCert", NULL, "hands the client's certificate on in a header" },
    { "plugin", NULL, "is a plugin, whose work is not known here" },
    { "rateLimit", rate_limit, NULL },
    { "redirectRegex", effect_redirect_regex, NULL },
    { "redirectScheme", effect_redirect_scheme, NULL },
    { "replacePath", effect_replace_path, NULL },
    { "replacePathRegex", effect_replace_path_regex, NULL },
    { "retry", NULL, "asks again when the server does not answer" },
    { "stripPrefix", effect_strip_prefix, NULL },
    { "stripPrefixRegex", effect_strip_prefix_regex, NULL },
};

static void act(struct walk *w, const struct object *o) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct untyped *c = untyped_child(o->conf, str_of(rows[i].kind));
        if (!c)
            continue;
        w->name = o->full;
        if (rows[i].act)
            rows[i].act(w, c);
        else
            effects_tell(w, "%s", rows[i].told);
        return;
    }
}

static void visit(struct walk *w, struct str full, int depth) {
    const struct object *o = proxy_middleware(w->proxy, LAYER_HTTP, full);
    if (!o || !o->conf || depth > DEEPEST || ++w->looked_at > LOOKED_AT_MOST)
        return;
    struct strs inner = untyped_texts(o->conf, "chain.middlewares", w->arena);
    for (size_t i = 0; i < inner.count && !w->out->status; i++)
        visit(w, proxy_qualify(w->proxy, inner.at[i], o->provider), depth + 1);
    if (!inner.count)
        act(w, o);
}

/* The proxy parts parameters with & whatever the client did. */
static struct str with_ampersands(struct arena *a, struct str uri) {
    size_t mark = str_find(uri, '?');
    if (mark == STR_NONE)
        return uri;
    char *at = arena_alloc(a, uri.len + 1);
    for (size_t i = 0; i < uri.len; i++)
        at[i] = i > mark && uri.at[i] == ';' ? '&' : uri.at[i];
    return (struct str){ at, uri.len };
}

void effects_of(struct proxy *p, const struct strs *middlewares, const struct request *r,
                const struct http_view *view, bool tls, struct arena *a, struct effects *out) {
    *out = (struct effects){ .view = *view };
    out->last = &out->first;
    struct walk w = {
        .proxy = p, .arena = a, .request = r, .view = &out->view, .out = out, .host = r->host
    };
    size_t colon = str_find_last(r->host, ':'), bracket = str_find_last(r->host, ']');
    if (colon != STR_NONE && (bracket == STR_NONE || bracket < colon)) {
        w.host = str_slice(r->host, 0, colon);
        w.port = str_from(r->host, colon);
    }
    w.scheme = tls ? STR("https") : STR("http");
    for (size_t i = 0; i < middlewares->count && !out->status; i++)
        visit(&w, middlewares->at[i], 0);
    out->last = NULL;
    out->sent = with_ampersands(a, out->view.uri);
}
