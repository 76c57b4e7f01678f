/* A connection visits its entry point's tables in a fixed order (pkg/server/router/tcp/router.go,
   ServeTCP); HTTP requests then visit the routers with or without TLS (pkg/muxer/http). */
#include "analysis/trace.h"

#include "analysis/certificates.h"
#include "analysis/trace_walk.h"
#include "options/options.h"
#include "support/buf.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

/* So many routers are listed one and all; of larger tables only those of the request's host. */
enum { LISTED_MOST = 100 };
/* Where nobody reads, so many of those that tie are enough. */
enum { TIED_MOST = 8 };

void trace_step(struct trace *t, const char *label, const char *format, ...) {
    char text[2048];
    va_list args;
    if (t->brief)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    struct trace_step *s = arena_new(t->arena, struct trace_step);
    *s = (struct trace_step){ .label = label, .text = str_copy(t->arena, str_of(text)) };
    *t->d->last_step = s;
    t->d->last_step = &s->next;
}

void trace_end_none(struct trace *t, int status, const char *why) {
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

static bool is_internal(const struct placement *p) {
    return str_is(p->router->provider, "internal");
}

/* Between a router of the user and one of Traefik's own nothing decides, unless the order of
   providers is written: the usual one, by which the user's went first, is lost when Traefik reads
   its configuration. */
static bool is_tie(const struct proxy *p, const struct placement *a, const struct placement *b) {
    if (a->priority != b->priority || a->rank == b->rank)
        return a->priority == b->priority;
    return !p->precedence_written && is_internal(a) != is_internal(b);
}

static struct str why_later(struct trace *t, const struct placement *route,
                            const struct placement *winner) {
    if (is_tie(t->proxy, route, winner))
        return STR("it matches with the same priority: either may be taken");
    if (route->priority != winner->priority)
        return str_format(t->arena, "it would match, but priority %" PRId64 " comes after %" PRId64,
                          route->priority, winner->priority);
    return str_format(t->arena, "it would match, but its provider comes after %.*s",
                      STR_ARG(winner->router->provider));
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

/* Who takes it, and those that tie with it. */
static const struct placement *choose(struct trace *t, const struct placements *table,
                                      const struct test_input *in, struct placements *tied) {
    const struct placement *winner = NULL;
    struct merge some = host_index_ask(table->by_host, in, t->arena);
    *tied = (struct placements){ 0 };
    for (uint32_t at; merge_next(&some, &at);) {
        const struct placement *route = table->at[at];
        if (winner && route->priority != winner->priority)
            break;
        if (winner && !is_tie(t->proxy, route, winner)) {
            t->d->asked++;
            continue;
        }
        t->cut_short = t->brief && tied->count == TIED_MOST;
        if (t->cut_short)
            break;
        t->d->asked += route->router->cost;
        if (test_ask(route->router->test, in) != TEST_YES)
            continue;
        winner = winner ? winner : route;
        placements_add(tied, t->arena, (struct placement *)route);
    }
    return winner;
}

static void tell_one(struct trace *t, const struct placement *route, const char *table,
                     const struct test_input *in, const struct placement *winner) {
    enum test_answer answer = test_ask(route->router->test, in);
    list(t, route, table, answer)->why = why_not(t, route, answer, winner, in);
}

/* Small tables are listed in whole; of larger ones the winner, and so many routers of this host. */
const struct placement *trace_ask(struct trace *t, const struct placements *table, const char *name,
                                  const struct test_input *in, struct placements *tied) {
    const struct placement *winner = choose(t, table, in, tied);
    if (t->brief)
        return winner;
    bool all = table->count <= LISTED_MOST, told = false;
    struct merge some = { 0 };
    if (!all)
        some = host_index_find(table->by_host, in->host.len ? in->host : in->sni, t->arena);
    size_t before = t->d->candidate_count;
    for (uint32_t i = 0; all ? i < table->count : t->d->candidate_count < LISTED_MOST; i++) {
        uint32_t at = i;
        if (!all && !merge_next(&some, &at))
            break;
        told = told || table->at[at] == winner;
        tell_one(t, table->at[at], name, in, winner);
    }
    if (winner && !told)
        tell_one(t, winner, name, in, winner);
    t->d->left_out += table->count - (t->d->candidate_count - before);
    return winner;
}

static const struct placement *ask(struct trace *t, const struct placements *table,
                                   const char *name, const struct test_input *in) {
    return trace_ask(t, table, name, in, &t->d->tied);
}

/* ---- who took it ---- */

void trace_take(struct trace *t, const struct placement *route) {
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
        trace_step(t, "certificate",
                   "refused (sniStrict), unless %.*s, which cannot be read here, is for the name",
                   STR_ARG(t->proxy->unread_certificate));
        return true;
    }
    trace_step(t, "certificate",
               "none is for %s%.*s%s, and the TLS options %.*s want one (sniStrict)",
               name.len ? "`" : "a client without a server name", STR_ARG(name),
               name.len ? "`" : "", STR_ARG(d->options));
    trace_end_none(t, 0,
                   "the handshake is refused: no certificate is for this server name (sniStrict)");
    return false;
}

static bool any_broken(const struct placements *list) {
    bool any = false;
    for (size_t i = 0; i < list->count; i++)
        any = any || list->at[i]->broken;
    return any;
}

/* A list of addresses among its middlewares that the client is not on. */
static const struct object *turned_away(struct trace *t, const struct placement *route) {
    static const char *const lists[] = { "ipAllowList", "ipWhiteList" };
    struct test_input in = request_connection(t->arena, t->request, false);
    for (size_t i = 0; i < route->middlewares.count && in.has_client; i++) {
        const struct object *o = proxy_middleware(t->proxy, LAYER_TCP, route->middlewares.at[i]);
        for (size_t k = 0; o && o->conf && k < 2; k++) {
            const struct untyped *kind = untyped_child(o->conf, str_of(lists[k]));
            struct strs ranges = untyped_texts(kind, "sourceRange", t->arena);
            bool allowed = !ranges.count;
            struct cidr range;
            for (size_t r = 0; r < ranges.count && !allowed; r++)
                allowed =
                    !cidr_parse(ranges.at[r], &range).error && cidr_contains(&range, &in.client);
            if (!allowed)
                return o;
        }
    }
    return NULL;
}

static void take_tcp(struct trace *t, const struct placement *route) {
    bool alone = t->d->tied.count < 2;
    if (!alone && any_broken(&t->d->tied))
        t->d->why = STR("the TLS options of one of them do not exist: it closes the connection");
    if (route->broken && alone) {
        trace_step(t, "router", "%.*s: its TLS options `%.*s` do not exist",
                   STR_ARG(route->router->full), STR_ARG(route->options));
        trace_end_none(t, 0,
                       "the TLS options of the router that takes this server name do not exist");
        return;
    }
    if (route->tls && !route->passthrough) {
        t->d->options = route->options;
        if (!show_certificate(t, true) && alone)
            return;
    }
    trace_take(t, route);
    const struct object *away = alone ? turned_away(t, route) : NULL;
    if (away) {
        trace_step(t, "middleware", "%.*s: the client is on none of its addresses",
                   STR_ARG(away->full));
        trace_end_none(t, 0, "a middleware of the router keeps the client out");
    }
}

/* ---- connections ---- */

bool trace_version_from(const struct proxy *p, const char *text) {
    uint32_t version = 0;
    return option_version_parse(str_of(text), &version) && p->version >= version;
}

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
    if (name.len && trace_version_from(t->proxy, "3.7.0"))
        found = better(
            t, found,
            table_get(table, str_format(t->arena, "*%.*s",
                                        STR_ARG(dot == STR_NONE ? STR("") : str_from(name, dot)))));
    return better(t, found, table_get(table, STR("*")));
}

static void enter_https(struct trace *t, const struct sni *sni) {
    bool whole = !sni || str_is(sni->host, "*");
    t->d->random_options = sni && sni->random;
    t->d->options = sni ? sni->options : STR("default");
    if (!sni && t->proxy->default_options_gone)
        t->d->options = STR("");
    if (!t->d->options.len && !t->d->random_options) {
        trace_step(t, "SNI", "%.*s is claimed by a router whose TLS options do not exist",
                   STR_ARG(whole ? STR("the rest") : sni->host));
        trace_end_none(t, 0, "the TLS options for this server name do not exist");
        return;
    }
    trace_step(t, "SNI", "the HTTPS routers take %s%.*s%s, with TLS options %.*s%s",
               whole ? "what no name claims" : "`", STR_ARG(whole ? STR("") : sni->host),
               whole ? "" : "`", STR_ARG(t->d->options),
               sni && sni->random ? " or others: routers disagree, and the load order decides"
                                  : "");
    bool shown = show_certificate(t, !sni || !sni->random);
    if (!shown)
        return;
    bool may_close = sni && (sni->may_close || (sni->random && sni->strict && !t->d->certificate));
    trace_http(t, true);
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
        trace_step(t, "client", "TLS for the server name `%.*s`", STR_ARG(in.sni));
    else
        trace_step(t, "client", "TLS without a server name");
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
        trace_step(t, "TCP",
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
        trace_http(t, false);
}

static void serve_postgres(struct trace *t) {
    struct test_input in = request_connection(t->arena, t->request, true);
    t->d->tls = true;
    trace_step(t, "client", "PostgreSQL that asks for TLS: only TCP routers with TLS count");
    const struct placement *route =
        ask(t, &t->d->entry_point->tcp_tls, "TCP routers with TLS", &in);
    if (route)
        take_tcp(t, route);
    else
        trace_end_none(t, 0, "no TCP router with TLS matches");
}

static void serve_udp(struct trace *t) {
    const struct placements *routes = &t->d->entry_point->udp_routes;
    if (!routes->count) {
        trace_end_none(t, 0, "no UDP router is on this entry point");
        return;
    }
    list(t, routes->at[0], "UDP routers", TEST_YES);
    for (size_t i = 1; i < routes->count; i++)
        list(t, routes->at[i], "UDP routers", TEST_YES)->why =
            STR("an entry point has one UDP router, the last by name");
    trace_take(t, routes->at[0]);
}

static struct decision decide(struct proxy *p, const struct request *r, struct arena *a,
                              bool brief) {
    struct decision d = { .kind = TRACE_NONE };
    struct trace t = { .proxy = p, .arena = a, .request = r, .d = &d, .brief = brief };
    d.version = p->version;
    d.last_candidate = &d.candidates;
    d.last_step = &d.steps;
    d.entry_point = arrival_find(p, r);
    if (!d.entry_point && r->entry_point.len) {
        d.kind = TRACE_REFUSED;
        d.why = str_format(a, "there is no entry point `%.*s`", STR_ARG(r->entry_point));
    } else if (!d.entry_point) {
        d.why = str_format(a,
                           "no entry point listens on port %.*s; name the one that the client "
                           "reaches with --entrypoint",
                           STR_ARG(request_port(r)));
    } else if (!arrival_fits(d.entry_point, r->scheme)) {
        trace_end_none(&t, 0, "the entry point speaks the other one of TCP and UDP");
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

struct decision trace_request(struct proxy *p, const struct request *r, struct arena *a) {
    return decide(p, r, a, false);
}

struct decision trace_decide(struct proxy *p, const struct request *r, struct arena *a) {
    return decide(p, r, a, true);
}
