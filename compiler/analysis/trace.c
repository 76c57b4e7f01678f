/* A connection visits its entry point's tables in a fixed order (pkg/server/router/tcp/router.go,
   ServeTCP); HTTP requests then visit the routers with or without TLS (pkg/muxer/http). */
#include "analysis/trace.h"

#include "analysis/certificates.h"
#include "options/options.h"
#include "support/buf.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

/* So many routers are listed one and all; of larger tables only those of the request's host. */
enum { LISTED_MOST = 100, CHILDREN_DEEPEST = 100 };

struct trace {
    struct proxy *proxy;
    struct arena *arena;
    const struct request *request;
    struct decision *d;
    bool random_options; /* of the handshake */
};

static void step(struct trace *t, const char *label, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void step(struct trace *t, const char *label, const char *format, ...) {
    char text[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    struct trace_step *s = arena_new(t->arena, struct trace_step);
    *s = (struct trace_step){ .label = label, .text = str_copy(t->arena, str_of(text)) };
    *t->d->last_step = s;
    t->d->last_step = &s->next;
}

static void end_none(struct trace *t, int status, const char *why) {
    t->d->kind = TRACE_NONE;
    t->d->status = status;
    t->d->why = str_of(why);
}

/* ---- one table ---- */

static struct candidate *list(struct trace *t, const struct placement *route, const char *table,
                              enum test_answer answer) {
    struct candidate *c = arena_new(t->arena, struct candidate);
    *c = (struct candidate){ .route = route, .table = table, .answer = answer };
    *t->d->last_candidate = c;
    t->d->last_candidate = &c->next;
    t->d->candidate_count++;
    return c;
}

static bool is_tie(const struct placement *a, const struct placement *b) {
    return a->priority == b->priority && a->rank == b->rank;
}

static struct str why_later(struct trace *t, const struct placement *route,
                            const struct placement *winner) {
    if (route->priority != winner->priority)
        return str_format(t->arena, "it would match, but priority %" PRId64 " comes after %" PRId64,
                          route->priority, winner->priority);
    if (route->rank != winner->rank)
        return str_format(t->arena, "it would match, but its provider comes after %.*s",
                          STR_ARG(winner->router->provider));
    return STR("it matches with the same priority: either may be taken");
}

static struct str why_not(struct trace *t, const struct placement *route, enum test_answer answer,
                          const struct placement *winner, const struct test_input *in) {
    switch (answer) {
    case TEST_NO: return test_explain(route->router->test, in, t->arena);
    case TEST_YES: return route == winner ? STR("") : why_later(t, route, winner);
    case TEST_UNKNOWN: break;
    }
    return STR("its regular expression is too large to be tried");
}

/* The first route that matches, with those that tie with it in d->tied. Small tables are listed in
   whole; of larger ones the routers of this host, and so many. */
static const struct placement *ask_into(struct trace *t, const struct placements *table,
                                        const char *name, const struct test_input *in,
                                        struct placements *tied) {
    const struct placement *winner = NULL;
    bool all = table->count <= LISTED_MOST;
    struct positions some = { 0 };
    if (!all)
        some = host_index_find(table->by_host, in->host.len ? in->host : in->sni, t->arena);
    *tied = (struct placements){ 0 };
    size_t count = all ? table->count : some.count;
    for (size_t i = 0; i < count; i++) {
        const struct placement *route = table->at[all ? i : some.at[i]];
        enum test_answer answer = test_ask(route->router->test, in);
        if (answer == TEST_YES && !winner)
            winner = route;
        if (answer == TEST_YES && is_tie(route, winner))
            placements_add(tied, t->arena, (struct placement *)route);
        if (all || route == winner || t->d->candidate_count < LISTED_MOST)
            list(t, route, name, answer)->why = why_not(t, route, answer, winner, in);
        else
            t->d->left_out++;
    }
    t->d->left_out += table->count - count;
    return winner;
}

static const struct placement *ask(struct trace *t, const struct placements *table,
                                   const char *name, const struct test_input *in) {
    return ask_into(t, table, name, in, &t->d->tied);
}

/* ---- who took it ---- */

static void take(struct trace *t, const struct placement *route) {
    struct decision *d = t->d;
    d->kind = d->tied.count > 1 ? TRACE_AMBIGUOUS : TRACE_ROUTER;
    d->route = d->root = route;
    d->middlewares = route->middlewares;
    d->service = route->service;
    d->servers = route->servers;
}

/* False when the handshake ends because no certificate is for the server name. */
static bool show_certificate(struct trace *t, bool options_known) {
    struct decision *d = t->d;
    struct str name = request_connection(t->arena, t->request, true).sni;
    d->certificate = certificates_find(t->proxy, name, t->arena);
    if (!options_known || d->certificate || !certificates_strict(t->proxy, d->options))
        return true;
    if (t->proxy->unread_certificate.len) {
        step(t, "certificate",
             "refused (sniStrict), unless %.*s, which cannot be read here, is for the name",
             STR_ARG(t->proxy->unread_certificate));
        return true;
    }
    step(t, "certificate", "none is for %s%.*s%s, and the TLS options %.*s want one (sniStrict)",
         name.len ? "`" : "a client without a server name", STR_ARG(name), name.len ? "`" : "",
         STR_ARG(d->options));
    end_none(t, 0, "the handshake is refused: no certificate is for this server name (sniStrict)");
    return false;
}

static bool any_broken(const struct placements *list) {
    bool any = false;
    for (size_t i = 0; i < list->count; i++)
        any = any || list->at[i]->broken;
    return any;
}

static void take_tcp(struct trace *t, const struct placement *route) {
    bool alone = t->d->tied.count < 2;
    if (!alone && any_broken(&t->d->tied))
        t->d->why = STR("the TLS options of one of them do not exist: it closes the connection");
    if (route->broken && alone) {
        step(t, "router", "%.*s: its TLS options `%.*s` do not exist", STR_ARG(route->router->full),
             STR_ARG(route->options));
        end_none(t, 0, "the TLS options of the router that takes this server name do not exist");
        return;
    }
    if (route->tls && !route->passthrough) {
        t->d->options = route->options;
        if (!show_certificate(t, true) && alone)
            return;
    }
    take(t, route);
}

/* ---- HTTP ---- */

static bool version_from(const struct proxy *p, const char *text) {
    uint32_t version = 0;
    return option_version_parse(str_of(text), &version) && p->version >= version;
}

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
    const struct placement *child = ask_into(t, route->children, title, &view.input, &tied);
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
    if (d->tls && !t->random_options && !str_eq(d->options, route->options)) {
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
        step(t, "handshake", "options %.*s by the server name, %.*s by the Host header",
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
    take(t, route);
    struct placements tied = d->tied;
    size_t count = tied.count;
    struct settled *list = arena_array(t->arena, struct settled, count);
    for (size_t i = 0; i < count; i++)
        settle(t, tied.at[i], view, &list[i]);
    if (count == 1 || all_refuse(list, count))
        conclude(t, &list[0]);
    else
        for (size_t i = 0; i < count && !d->why.len; i++)
            d->why = list[i].why;
    if (d->kind == TRACE_AMBIGUOUS && count > 1) {
        d->possible = list;
        d->tied = tied;
    }
    if (d->tls && t->random_options && !is_denied(d->entry_point, view->escaped)) {
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

static void http_stage(struct trace *t, bool tls) {
    struct decision *d = t->d;
    struct http_view view;
    struct http_rules rules = d->entry_point->http_rules;
    rules.sanitize = rules.sanitize && version_from(t->proxy, "3.4");
    rules.routing_path = version_from(t->proxy, "3.4.1");
    request_view(t->arena, t->request, &rules, &view);
    if (t->request->scheme != SCHEME_HTTP && t->request->scheme != SCHEME_HTTPS) {
        end_none(t, 400, "no TCP router takes it, and it is no HTTP");
        return;
    }
    if (view.refused.len) {
        end_none(t, view.malformed && tls && speaks_http2(t) ? 0 : 400, "");
        d->why = view.refused;
        return;
    }
    if (!str_eq(view.uri, t->request->target) && t->request->target.len)
        step(t, "path", "%.*s", STR_ARG(view.uri));
    const struct placement *route =
        ask(t, tls ? &d->entry_point->https : &d->entry_point->http,
            tls ? "routers with TLS" : "routers without TLS", &view.input);
    if (route) {
        follow_http(t, route, &view);
        return;
    }
    const struct placements *others = tls ? &d->entry_point->http : &d->entry_point->https;
    for (size_t i = 0; i < others->count; i++)
        if (test_ask(others->at[i]->router->test, &view.input) == TEST_YES) {
            step(t, "note", "%.*s would match, but it answers %s TLS only",
                 STR_ARG(others->at[i]->router->full), tls ? "without" : "with");
            break;
        }
    end_none(t, 404, "no router matches");
}

/* ---- connections ---- */

/* `*.shop.test` and `a.shop.test` are of one length: then the load order decides. */
static const struct sni *better(struct trace *t, const struct sni *a, const struct sni *b) {
    if (!a || !b || a->priority != b->priority)
        return !a || (b && b->priority > a->priority) ? b : a;
    struct sni *tied = arena_new(t->arena, struct sni);
    *tied = *a;
    tied->random = a->random || b->random || !str_eq(a->options, b->options);
    tied->may_close = a->may_close || b->may_close || !a->options.len || !b->options.len;
    tied->strict = a->strict || b->strict;
    return tied;
}

/* The entry of the server names that fits best: the exact one, one with a star, or `*`. */
static const struct sni *find_sni(struct trace *t, struct str name) {
    const struct table *table = &t->d->entry_point->snis;
    const struct sni *found = name.len ? table_get(table, name) : NULL;
    size_t dot = str_find(name, '.');
    if (name.len && version_from(t->proxy, "3.7.0"))
        found = better(
            t, found,
            table_get(table, str_format(t->arena, "*%.*s",
                                        STR_ARG(dot == STR_NONE ? STR("") : str_from(name, dot)))));
    return better(t, found, table_get(table, STR("*")));
}

static void enter_https(struct trace *t, const struct sni *sni) {
    bool whole = !sni || str_is(sni->host, "*");
    t->random_options = sni && sni->random;
    t->d->options = sni ? sni->options : STR("default");
    if (!sni && t->proxy->default_options_gone)
        t->d->options = STR("");
    if (!t->d->options.len && !t->random_options) {
        step(t, "SNI", "%.*s is claimed by a router whose TLS options do not exist",
             STR_ARG(whole ? STR("the rest") : sni->host));
        end_none(t, 0, "the TLS options for this server name do not exist");
        return;
    }
    step(t, "SNI", "the HTTPS routers take %s%.*s%s, with TLS options %.*s%s",
         whole ? "what no name claims" : "`", STR_ARG(whole ? STR("") : sni->host),
         whole ? "" : "`", STR_ARG(t->d->options),
         sni && sni->random ? " or others: routers disagree, and the load order decides" : "");
    bool shown = show_certificate(t, !sni || !sni->random);
    if (!shown)
        return;
    bool may_close = sni && (sni->may_close || (sni->random && sni->strict && !t->d->certificate));
    http_stage(t, true);
    if (may_close && t->d->kind != TRACE_AMBIGUOUS) {
        t->d->kind = TRACE_AMBIGUOUS;
        t->d->why = STR("routers want different TLS options for this server name, the load order "
                        "decides, and the connection may be closed");
    }
}

static void serve_tls(struct trace *t) {
    struct decision *d = t->d;
    const struct entry_point *e = d->entry_point;
    struct test_input in = request_connection(t->arena, t->request, true);
    d->tls = true;
    if (in.sni.len)
        step(t, "client", "TLS for the server name `%.*s`", STR_ARG(in.sni));
    else
        step(t, "client", "TLS without a server name");
    for (size_t i = 0; i < in.alpn.count; i++)
        if (str_is(in.alpn.at[i], "acme-tls/1") && t->proxy->acme_tls && !e->acme_bypass) {
            d->kind = TRACE_ACME;
            d->why = STR("a certificate challenge, which Traefik answers itself");
            return;
        }
    const struct sni *sni = find_sni(t, in.sni);
    bool whole = !sni || str_is(sni->host, "*");
    if (!whole) {
        enter_https(t, sni);
        return;
    }
    const struct placement *tcp = ask(t, &e->tcp_tls, "TCP routers with TLS", &in);
    if (tcp && !tcp->router->catch_all) {
        take_tcp(t, tcp);
        return;
    }
    if (tcp && !sni) {
        take_tcp(t, tcp);
        return;
    }
    if (tcp)
        step(t, "TCP",
             "%.*s matches every server name, and HTTPS routers without a host go before it",
             STR_ARG(tcp->router->full));
    enter_https(t, sni);
}

/* The plain routers are asked at once where nothing on the entry point speaks TLS. */
static bool serve_early(struct trace *t) {
    const struct entry_point *e = t->d->entry_point;
    if (!e->tcp.count || e->tcp_tls.count || e->snis.count)
        return false;
    struct test_input in = request_connection(t->arena, t->request, false);
    const struct placement *route = ask(t, &e->tcp, "TCP routers", &in);
    if (route)
        take_tcp(t, route);
    return route != NULL;
}

static void serve_plain(struct trace *t) {
    struct test_input in = request_connection(t->arena, t->request, false);
    const struct entry_point *e = t->d->entry_point;
    bool asked = e->tcp.count && !e->tcp_tls.count && !e->snis.count;
    const struct placement *route = asked ? NULL : ask(t, &e->tcp, "TCP routers", &in);
    if (route)
        take_tcp(t, route);
    else
        http_stage(t, false);
}

static void serve_postgres(struct trace *t) {
    struct test_input in = request_connection(t->arena, t->request, true);
    t->d->tls = true;
    step(t, "client", "PostgreSQL that asks for TLS: only TCP routers with TLS count");
    const struct placement *route =
        ask(t, &t->d->entry_point->tcp_tls, "TCP routers with TLS", &in);
    if (route)
        take_tcp(t, route);
    else
        end_none(t, 0, "no TCP router with TLS matches");
}

static void serve_udp(struct trace *t) {
    const struct placements *routes = &t->d->entry_point->udp_routes;
    if (!routes->count) {
        end_none(t, 0, "no UDP router is on this entry point");
        return;
    }
    list(t, routes->at[0], "UDP routers", TEST_YES);
    for (size_t i = 1; i < routes->count; i++)
        list(t, routes->at[i], "UDP routers", TEST_YES)->why =
            STR("an entry point has one UDP router, the last by name");
    take(t, routes->at[0]);
}

struct decision trace_request(struct proxy *p, const struct request *r, struct arena *a) {
    struct decision d = { .kind = TRACE_NONE };
    struct trace t = { .proxy = p, .arena = a, .request = r, .d = &d };
    d.version = p->version;
    d.last_candidate = &d.candidates;
    d.last_step = &d.steps;
    d.entry_point = arrival_find(p, r);
    if (!d.entry_point) {
        d.kind = TRACE_REFUSED;
        d.why = r->entry_point.len
                    ? str_format(a, "there is no entry point `%.*s`", STR_ARG(r->entry_point))
                    : str_format(a,
                                 "no entry point listens on port %.*s; name the one that the "
                                 "client reaches with --entrypoint",
                                 STR_ARG(request_port(r)));
    } else if (!arrival_fits(d.entry_point, r->scheme)) {
        end_none(&t, 0, "the entry point speaks the other one of TCP and UDP");
    } else if (r->scheme == SCHEME_UDP) {
        serve_udp(&t);
    } else if (!serve_early(&t)) {
        if (r->scheme == SCHEME_PG)
            serve_postgres(&t);
        else if (r->scheme == SCHEME_HTTPS || r->scheme == SCHEME_TLS)
            serve_tls(&t);
        else
            serve_plain(&t);
    }
    /* Pointers into `d` itself do not leave with it. */
    d.last_candidate = NULL;
    d.last_step = NULL;
    return d;
}
