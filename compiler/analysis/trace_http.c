/* What becomes of a request once HTTP is spoken: the routers with or without TLS, their
   middlewares, and the routers below them (pkg/muxer/http, pkg/server/router). */
#include "analysis/trace_walk.h"

enum { CHILDREN_DEEPEST = 100 };

/* `http.encodedCharacters` of the entry point: what may not stand in a path as %XX. */
static bool is_denied(const struct entry_point *e, struct str escaped) {
    static const struct {
        const char *option, *code;
    } rows[] = {
        { "allowEncodedSlash", "%2F" },         { "allowEncodedBackSlash", "%5C" },
        { "allowEncodedNullCharacter", "%00" }, { "allowEncodedSemicolon", "%3B" },
        { "allowEncodedPercent", "%25" },       { "allowEncodedQuestionMark", "%3F" },
        { "allowEncodedHash", "%23" },
    };
    for (size_t i = 0; e->encoded && i < sizeof rows / sizeof *rows; i++)
        if (!untyped_bool(e->encoded, rows[i].option, true))
            for (size_t at = 0; at + 3 <= escaped.len; at++)
                if (str_is(str_slice(escaped, at, at + 3), rows[i].code))
                    return true;
    return false;
}

static void settle_none(struct settled *s, int status, const char *why) {
    s->kind = TRACE_NONE;
    s->status = status;
    s->why = str_of(why);
}

static void settle_behind(struct trace *t, const struct placement *route,
                          const struct http_view *view, struct settled *s, int depth);

static void add_all(struct trace *t, struct strs *to, const struct strs *from) {
    for (size_t i = 0; i < from->count; i++)
        strs_add(to, t->arena, from->at[i]);
}

/* The children of a router see the request as its middlewares leave it. */
static void settle_children(struct trace *t, const struct placement *route, struct settled *s,
                            int depth) {
    struct http_view view = s->effects.view;
    struct placements tied;
    const char *title =
        str_format(t->arena, "child routers of %.*s", STR_ARG(route->router->full)).at;
    strs_add(&s->parents, t->arena, route->router->full);
    const struct placement *child = trace_ask(t, route->children, title, &view.input, &tied);
    if (!child) {
        settle_none(s, 404, "none of its child routers matches");
        return;
    }
    if (tied.count > 1) {
        s->kind = TRACE_AMBIGUOUS;
        t->d->tied = tied;
        return;
    }
    struct effect *before = s->effects.first;
    settle_behind(t, child, &view, s, depth + 1);
    /* What was told so far stands first. */
    for (struct effect *e = before; e; e = e->next)
        if (!e->next) {
            e->next = s->effects.first;
            s->effects.first = before;
            break;
        }
}

static void settle_behind(struct trace *t, const struct placement *route,
                          const struct http_view *view, struct settled *s, int depth) {
    struct effects *e = &s->effects;
    s->route = route;
    if (depth)
        add_all(t, &s->middlewares, &route->middlewares);
    effects_of(t->proxy, &route->middlewares, t->request, view, t->d->tls, t->arena, e);
    if (e->why.len) {
        s->kind = TRACE_NONE;
        s->status = e->status;
        s->why = e->why;
    } else if (e->location.len) {
        s->kind = TRACE_REDIRECT;
        s->status = e->status;
        s->location = e->location;
    } else if (str_is(route->service, "acme-http@internal")) {
        s->kind = TRACE_ACME;
    } else if (!e->status && route->children && depth < CHILDREN_DEEPEST) {
        settle_children(t, route, s, depth);
    }
}

static void settle(struct trace *t, const struct placement *route, const struct http_view *view,
                   struct settled *s) {
    struct decision *d = t->d;
    *s = (struct settled){ .route = route, .kind = TRACE_ROUTER };
    add_all(t, &s->middlewares, &route->middlewares);
    if (is_denied(d->entry_point, view->escaped)) {
        settle_none(s, 400, "the entry point does not allow this encoded character in a path");
        return;
    }
    if (d->tls && !d->random_options && !str_eq(d->options, route->options)) {
        settle_none(s, 421,
                    "the server name led to other TLS options than the Host header's router has");
        return;
    }
    settle_behind(t, route, view, s, 0);
}

static void conclude(struct trace *t, const struct settled *s) {
    struct decision *d = t->d;
    d->kind = s->kind;
    d->status = s->status;
    d->why = s->why;
    d->location = s->location;
    d->effects = s->effects;
    d->route = s->route;
    d->middlewares = s->middlewares;
    d->parents = s->parents;
    d->service = s->route->service;
    d->servers = s->route->servers;
    if (s->status == 421)
        trace_step(t, "handshake", "options %.*s by the server name, %.*s by the Host header",
                   STR_ARG(d->options), STR_ARG(s->route->options));
}

/* Do all routers that tie come to the same refusal? */
static bool all_refuse(const struct settled *list, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (list[i].kind != TRACE_NONE || list[i].status != list[0].status)
            return false;
    return true;
}

static void follow_http(struct trace *t, const struct placement *route,
                        const struct http_view *view) {
    struct decision *d = t->d;
    trace_take(t, route);
    struct placements tied = d->tied;
    size_t count = tied.count;
    struct settled *list = arena_array(t->arena, struct settled, count);
    for (size_t i = 0; i < count; i++)
        settle(t, tied.at[i], view, &list[i]);
    if (count == 1 || (!t->cut_short && all_refuse(list, count)))
        conclude(t, &list[0]);
    else
        for (size_t i = 0; i < count && !d->why.len; i++)
            d->why = list[i].why;
    if (d->kind == TRACE_AMBIGUOUS && count > 1) {
        d->possible = list;
        d->tied = tied;
    }
    if (d->tls && d->random_options && !is_denied(d->entry_point, view->escaped)) {
        d->kind = TRACE_AMBIGUOUS;
        d->possible = list;
        d->tied = tied;
        d->why = STR("routers want different TLS options for what no server name claims, the load "
                     "order decides, and the answer may be 421");
    }
}

/* The proxy takes HTTP/2 before all else that a client offers. */
static bool speaks_http2(const struct trace *t) {
    for (size_t i = 0; i < t->request->alpn.count; i++)
        if (str_is(t->request->alpn.at[i], "h2"))
            return true;
    return false;
}

void trace_http(struct trace *t, bool tls) {
    struct decision *d = t->d;
    struct http_view view;
    struct http_rules rules = d->entry_point->http_rules;
    rules.sanitize = rules.sanitize && trace_version_from(t->proxy, "3.4");
    rules.routing_path = trace_version_from(t->proxy, "3.4.1");
    request_view(t->arena, t->request, &rules, &view);
    if (t->request->scheme != SCHEME_HTTP && t->request->scheme != SCHEME_HTTPS) {
        trace_end_none(t, 400, "no TCP router takes it, and it is no HTTP");
        return;
    }
    if (view.refused.len) {
        trace_end_none(t, view.malformed && tls && speaks_http2(t) ? 0 : 400, "");
        d->why = view.refused;
        return;
    }
    if (t->brief)
        d->input = arena_copy(t->arena, &view.input, sizeof view.input);
    if (!str_eq(view.uri, t->request->target) && t->request->target.len)
        trace_step(t, "path", "%.*s", STR_ARG(view.uri));
    const struct placement *route =
        trace_ask(t, tls ? &d->entry_point->https : &d->entry_point->http,
                  tls ? "routers with TLS" : "routers without TLS", &view.input, &d->tied);
    if (route) {
        follow_http(t, route, &view);
        return;
    }
    const struct placements *others = tls ? &d->entry_point->http : &d->entry_point->https;
    struct merge some =
        t->brief ? (struct merge){ 0 } : host_index_ask(others->by_host, &view.input, t->arena);
    for (uint32_t at; merge_next(&some, &at);)
        if (test_ask(others->at[at]->router->test, &view.input) == TEST_YES) {
            trace_step(t, "note", "%.*s would match, but it answers %s TLS only",
                       STR_ARG(others->at[at]->router->full), tls ? "without" : "with");
            break;
        }
    trace_end_none(t, 404, "no router matches");
}
