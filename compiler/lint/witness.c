/* From a rule's alternative to a request that it matches. */
#include "lint/witness.h"

#include "support/buf.h"

#define SOME_HOST "any.example"

struct parts {
    struct str host, path, method;
    struct test_pair *headers, *query;
    struct str ip;
};

static bool is_plain(struct str s) {
    for (size_t i = 0; i < s.len; i++)
        if (!char_is_alnum(s.at[i]) && (!s.at[i] || !strchr("/-._~", s.at[i])))
            return false;
    return true;
}

static void add_pair(struct arena *a, struct test_pair **list, const struct test *t) {
    for (const struct test_pair *p = *list; p; p = p->next)
        if (str_eq(p->key, t->a) && str_eq(p->value, t->b))
            return;
    struct test_pair *pair = arena_new(a, struct test_pair);
    *pair = (struct test_pair){ .next = *list, .key = t->a, .value = t->b };
    *list = pair;
}

/* False when no value for it can be made up. */
static bool take(struct arena *a, struct parts *p, const struct test *t) {
    switch (t->matcher) {
    case MATCHER_HOST:
    case MATCHER_HOST_SNI:
        if (t->anything)
            return true;
        if (p->host.len && !str_starts(p->host, STR("any.")))
            return true;
        p->host = str_starts(t->a, STR("*.")) ? str_format(a, "any%.*s", STR_ARG(str_from(t->a, 1)))
                                              : t->a;
        return p->host.len > 0 && is_plain(p->host);
    case MATCHER_PATH:
    case MATCHER_PATH_PREFIX:
        if (t->a.len > p->path.len || t->matcher == MATCHER_PATH)
            p->path = t->a;
        return is_plain(t->a);
    case MATCHER_METHOD: p->method = t->a; return is_plain(t->a);
    case MATCHER_HEADER: add_pair(a, &p->headers, t); return !str_eq_nocase(t->a, STR("Host"));
    case MATCHER_QUERY: add_pair(a, &p->query, t); return is_plain(t->a) && is_plain(t->b);
    case MATCHER_CLIENT_IP: p->ip = cidr_address_text(a, t->range); return true;
    case MATCHER_HOST_REGEXP:
    case MATCHER_PATH_REGEXP:
    case MATCHER_HEADER_REGEXP:
    case MATCHER_QUERY_REGEXP:
    case MATCHER_HOST_SNI_REGEXP:
    case MATCHER_ALPN:
    case MATCHER_COUNT: break;
    }
    return false;
}

struct str witness_url(const struct lint *l, const struct entry_point *e, bool tls, struct str host,
                       struct str path) {
    struct buf url = { .arena = l->scratch };
    struct request usual = { 0 };
    buf_format(&url, "%s://%.*s", tls ? "https" : "http", STR_ARG(host));
    if (request_read_url(&usual, buf_str(&url)).len || arrival_find(l->proxy, &usual) != e)
        if (e->port.len)
            buf_format(&url, ":%.*s", STR_ARG(e->port));
    buf_add(&url, path);
    return buf_str(&url);
}

bool witness_ask(struct lint *l, const struct router *r, const struct cube *cube,
                 const struct entry_point *e, bool tls, struct witness *out) {
    struct arena *a = l->scratch;
    struct parts p = { .path = STR("/") };
    for (size_t i = 0; i < cube->count; i++)
        if (!cube->at[i].negated && !take(a, &p, cube->at[i].test))
            return false;
    struct buf url = { .arena = a };
    struct str host = p.host.len ? p.host : STR(SOME_HOST);
    buf_add(&url, witness_url(l, e, tls, host, p.path));
    for (const struct test_pair *q = p.query; q; q = q->next)
        buf_format(&url, "%c%.*s=%.*s", q == p.query ? '?' : '&', STR_ARG(q->key),
                   STR_ARG(q->value));
    *out = (struct witness){
        .request = { .method = p.method, .headers = p.headers, .ip = p.ip, .entry_point = e->name }
    };
    if (request_read_url(&out->request, buf_str(&url)).len || !lint_may_ask(l, r, r))
        return false;
    out->decision = trace_decide(l->proxy, &out->request, a);
    l->asked += out->decision.asked;
    if (out->decision.kind == TRACE_REFUSED)
        return false;
    bool get = !p.method.len || str_is(p.method, "GET");
    struct buf text = { .arena = a };
    if (!get)
        buf_format(&text, "%.*s ", STR_ARG(p.method));
    buf_add(&text, buf_str(&url));
    for (const struct test_pair *h = p.headers; h; h = h->next)
        buf_format(&text, " (%.*s: %.*s)", STR_ARG(h->key), STR_ARG(h->value));
    if (p.ip.len)
        buf_format(&text, " from %.*s", STR_ARG(p.ip));
    out->text = buf_str(&text);
    return true;
}

struct str witness_end(struct arena *a, const struct witness *w) {
    const struct decision *d = &w->decision;
    const struct router *r = d->route ? d->route->router : NULL;
    if (d->kind == TRACE_NONE || !r)
        return d->status ? str_format(a, "is answered %d", d->status) : STR("is refused");
    if (r->layer == LAYER_TCP)
        return str_format(a, "goes to `%.*s`", STR_ARG(r->name));
    if (lint_is_internal(r) && d->kind == TRACE_REDIRECT)
        return STR("is redirected");
    if (lint_is_internal(r))
        return str_format(a, "is answered by %.*s", STR_ARG(d->route->service));
    const struct placement *other = d->tied.count > 1 ? d->tied.at[1] : NULL;
    return str_format(a, "is answered by `%.*s`%s%.*s%s", STR_ARG(r->name), other ? " or `" : "",
                      STR_ARG(other ? other->router->name : STR("")), other ? "`" : "");
}

bool witness_of_router(struct lint *l, const struct router *r, const struct entry_point *e,
                       bool tls, struct witness *out) {
    const struct test *test = r->test;
    if (lint_is_open(r->rule) || r->layer != LAYER_HTTP)
        return false;
    if (!test) {
        struct rule_parse parse = rule_parse(l->scratch, r->rule, RULE_HTTP);
        struct str refused;
        if (parse.faults || !parse.root)
            return false;
        test = test_new(l->scratch, r->rule, parse.root, l->proxy->version, &refused);
        if (!test)
            return false;
    }
    struct cubes all = cubes_of(l->scratch, test);
    for (size_t i = 0; i < all.count; i++)
        if (witness_ask(l, r, &all.at[i], e, tls, out))
            return true;
    return false;
}
