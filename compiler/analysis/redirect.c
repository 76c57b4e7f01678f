/* redirectScheme and redirectRegex as Traefik answers with them (pkg/middlewares/redirect). */
#include "analysis/redirect.h"

#include "support/buf.h"
#include "support/regex_program.h"

/* Chains may hold chains; so many middlewares are looked at. */
enum { DEEPEST = 32, LOOKED_AT_MOST = 1000 };

struct walk {
    struct proxy *proxy;
    struct arena *arena;
    struct str host, port; /* of the Host header; the port with its colon, or empty */
    struct str uri, scheme;
    bool get;
    size_t looked_at;
    struct str location;
};

static struct str url_of(struct arena *a, struct str scheme, struct str host, struct str port,
                         struct str uri) {
    struct buf out = { .arena = a };
    buf_add(&out, scheme);
    buf_text(&out, "://");
    buf_add(&out, host);
    buf_add(&out, port);
    buf_add(&out, uri);
    return buf_str(&out);
}

static int status_of(const struct walk *w, bool permanent) {
    if (w->get)
        return permanent ? 301 : 302;
    return permanent ? 308 : 307;
}

static bool is_usual(struct str scheme, struct str port) {
    return (str_is(scheme, "http") && str_is(port, "80")) ||
           (str_is(scheme, "https") && str_is(port, "443"));
}

/* A Host header whose port is no number gives no URL that Go could read again. */
static bool has_bad_port(const struct walk *w) {
    for (size_t i = 1; i < w->port.len; i++)
        if (!char_is_digit(w->port.at[i]))
            return true;
    return false;
}

static int redirect_scheme(struct walk *w, const struct untyped *c) {
    if (has_bad_port(w))
        return 502;
    struct str scheme = untyped_text(c, "scheme"), port = untyped_text(c, "port");
    port = port.len && !is_usual(scheme, port) ? str_format(w->arena, ":%.*s", STR_ARG(port))
                                               : STR("");
    struct str old_port =
        w->port.len && is_usual(w->scheme, str_from(w->port, 1)) ? STR("") : w->port;
    struct str old = url_of(w->arena, w->scheme, w->host, old_port, w->uri);
    w->location = url_of(w->arena, scheme, w->host, port, w->uri);
    return str_eq(old, w->location) ? 0 : status_of(w, untyped_bool(c, "permanent", false));
}

static int redirect_regex(struct walk *w, const struct untyped *c) {
    struct fault fault;
    struct regex_program *program = regex_compile(w->arena, untyped_text(c, "regex"), &fault);
    struct str old = url_of(w->arena, w->scheme, w->host, w->port, w->uri);
    if (!program || regex_match(program, old, w->arena) != REGEX_YES)
        return 0;
    w->location = regex_replace(program, old, untyped_text(c, "replacement"), w->arena);
    if (!w->location.at || str_eq(old, w->location))
        return 0;
    return status_of(w, untyped_bool(c, "permanent", false));
}

static int visit(struct walk *w, struct str full, int depth) {
    const struct object *o = proxy_middleware(w->proxy, LAYER_HTTP, full);
    if (!o || !o->conf || depth > DEEPEST || ++w->looked_at > LOOKED_AT_MOST)
        return 0;
    const struct untyped *kind = untyped_child(o->conf, STR("redirectScheme"));
    if (kind)
        return redirect_scheme(w, kind);
    kind = untyped_child(o->conf, STR("redirectRegex"));
    if (kind)
        return redirect_regex(w, kind);
    struct strs inner = untyped_texts(o->conf, "chain.middlewares", w->arena);
    int status = 0;
    for (size_t i = 0; i < inner.count && !status; i++)
        status = visit(w, proxy_qualify(w->proxy, inner.at[i], o->provider), depth + 1);
    return status;
}

int redirect_of(struct proxy *p, const struct placement *route, const struct request *r,
                const struct http_view *view, bool tls, struct arena *a, struct str *location) {
    struct walk w = { .proxy = p, .arena = a, .host = r->host, .uri = view->uri };
    size_t colon = str_find_last(r->host, ':'), bracket = str_find_last(r->host, ']');
    if (colon != STR_NONE && (bracket == STR_NONE || bracket < colon)) {
        w.host = str_slice(r->host, 0, colon);
        w.port = str_from(r->host, colon);
    }
    w.scheme = tls ? STR("https") : STR("http");
    w.get = str_is(view->input.method, "GET");
    int status = 0;
    for (size_t i = 0; i < route->middlewares.count && !status; i++)
        status = visit(&w, route->middlewares.at[i], 0);
    *location = w.location;
    return status;
}
