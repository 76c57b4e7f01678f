/* From what was collected to the tables of each entry point: defaults, models, TLS options and the
   order of routers (pkg/server/aggregator.go, pkg/server/router). */
#include "analysis/certificates.h"
#include "analysis/proxy_refs.h"
#include "analysis/proxy_tree.h"
#include "options/options.h"

#include <inttypes.h>
#include <stdlib.h>

#define USER_MOST (INT64_MAX - 1000)

static bool is_internal(const struct router *r) {
    return str_is(r->provider, "internal");
}

/* ---- what a router is refused for, wherever it stands ---- */

struct str build_fault(struct build *b, const struct placement *route) {
    struct proxy *p = b->proxy;
    const struct router *r = route->router;
    struct str fault = STR("");
    if (route->children && !route->children->count)
        fault = STR("none of its child routers is loaded");
    else if (!route->children && !r->service.len)
        fault = STR("it has no service");
    else if (!route->children)
        fault = proxy_service_fault(p, r->layer, route->service);
    for (size_t i = 0; i < route->middlewares.count && !fault.len; i++)
        fault = proxy_middleware_fault(p, r->layer, route->middlewares.at[i]);
    return fault;
}

int64_t build_priority(const struct router *r) {
    if (r->priority)
        return r->priority;
    return r->catch_all ? -1 : (int64_t)r->rule.len;
}

static void judge(struct proxy *p, struct router *r) {
    if (r->deleted)
        return;
    if (r->layer == LAYER_UDP) {
        if (!r->service.len)
            r->refused = STR("it has no service");
        return;
    }
    if (r->layer == LAYER_TCP && !r->rule.len) {
        r->refused = STR("it has no rule");
        return;
    }
    if (p->v2 && r->conf && !tree_is_child(r) && !untyped_text(r->conf, "ruleSyntax").len)
        r->v2 = true;
    router_read_rule(p, r);
    if (r->refused.len)
        return;
    if (build_priority(r) > USER_MOST && !is_internal(r) && !tree_is_child(r))
        r->refused = str_format(p->arena, "its priority %" PRId64 " lies above %" PRId64,
                                r->priority, USER_MOST);
    else if (r->layer == LAYER_TCP && !r->tls && r->hosts.count && !str_is(r->hosts.at[0], "*"))
        r->refused = STR("its rule names a server, and it has no `tls`");
}

/* ---- routers on entry points ---- */

int build_rank(const struct build *b, struct str provider) {
    const struct strs *list = &b->proxy->precedence;
    for (size_t i = 0; b->ranks && i < list->count; i++)
        if (str_eq(list->at[i], provider))
            return (int)(list->count - i);
    return 0;
}

void placements_add(struct placements *list, struct arena *a, struct placement *route) {
    if ((list->count & (list->count - 1)) == 0) {
        struct placement **at =
            arena_array(a, struct placement *, list->count ? 2 * list->count : 1);
        if (list->count)
            memcpy(at, list->at, list->count * sizeof *at);
        list->at = at;
    }
    list->at[list->count++] = route;
}

static struct str options_of(struct proxy *p, struct str written, struct str provider) {
    if (!written.len || str_is(written, "default"))
        return STR("default");
    return proxy_qualify(p, written, provider);
}

static bool has_model(const struct proxy *p, const struct entry_point *e) {
    return e->middlewares.count || e->tls || e->encoded || p->v2;
}

bool build_has_models(const struct proxy *p) {
    const struct entry_point *e = p->entry_points;
    while (e && !has_model(p, e))
        e = e->next;
    return e != NULL;
}

/* What it refers to; of HTTP routers after conflicts of TLS options gave some of them other names,
   by which no child finds them. */
static void finish(struct build *b, struct placement *route, struct router *r) {
    struct proxy *p = b->proxy;
    if (!route->conflict)
        route->children = tree_children(b, r);
    if (!route->refused.len)
        route->refused = build_fault(b, route);
    if (!route->refused.len && !route->children)
        route->servers = proxy_servers(p, r->layer, route->service, p->arena);
}

/* One that stands under its first name on some entry points vanishes when all of them conflict. */
static void count_conflict(const struct placement *route) {
    struct router *r = (struct router *)route->router;
    if (route->of_model && route->conflict)
        r->orphans = true;
    r->plain += !route->of_model;
    r->plain_conflicts += !route->of_model && route->conflict;
}

static void orphan_all(struct proxy *p) {
    for (const struct entry_point *e = p->entry_points; e; e = e->next)
        for (size_t i = 0; i < e->https.count; i++)
            count_conflict(e->https.at[i]);
    for (struct router *r = p->routers; r; r = r->next)
        if (r->orphans || (r->plain && r->plain == r->plain_conflicts))
            tree_orphan(p, r);
}

static void finish_all(struct build *b, const struct placements *list) {
    for (size_t i = 0; i < list->count; i++)
        finish(b, list->at[i], (struct router *)list->at[i]->router);
}

static struct placement *route_new(struct build *b, struct router *r, struct entry_point *e,
                                   size_t entry_points) {
    struct proxy *p = b->proxy;
    struct placement *route = arena_new(p->arena, struct placement);
    *route = (struct placement){ .router = r,
                                 .runtime = r->full,
                                 .priority = build_priority(r),
                                 .rank = build_rank(b, r->provider),
                                 .tls = r->tls,
                                 .passthrough = r->passthrough,
                                 .resolver = r->resolver,
                                 .refused = r->refused };
    struct str written = r->tls_options;
    if (r->layer == LAYER_HTTP && has_model(p, e) && !r->was_child) {
        for (size_t i = 0; i < e->middlewares.count; i++)
            strs_add(&route->middlewares, p->arena,
                     proxy_qualify(p, e->middlewares.at[i], r->provider));
        if (!r->tls && e->tls) {
            route->tls = true;
            route->resolver = e->resolver;
            written = e->tls_options;
        }
        route->of_model = entry_points > 1;
        if (route->of_model)
            route->runtime = str_format(p->arena, "%.*s-%.*s", STR_ARG(e->name), STR_ARG(r->full));
    }
    for (size_t i = 0; i < r->middlewares.count; i++)
        strs_add(&route->middlewares, p->arena,
                 proxy_qualify(p, r->middlewares.at[i], r->provider));
    if (route->tls && !route->passthrough)
        route->options = options_of(p, written, r->provider);
    if (!route->refused.len && route->options.len && !proxy_options_exist(p, route->options)) {
        if (r->layer == LAYER_TCP)
            route->broken = true;
        else
            route->refused =
                str_format(p->arena, "there are no TLS options `%.*s`", STR_ARG(route->options));
    }
    route->service = proxy_qualify(p, r->service, r->provider);
    if (r->layer != LAYER_HTTP)
        finish(b, route, r);
    return route;
}

static bool takes_layer(const struct entry_point *e, enum layer layer) {
    return e->assumed || e->udp == (layer == LAYER_UDP);
}

static void place(struct build *b, struct router *r, struct entry_point *e, size_t entry_points) {
    struct proxy *p = b->proxy;
    struct placement *route = route_new(b, r, e, entry_points);
    if (r->deleted)
        placements_add(&e->absent, p->arena, route);
    else if (r->layer == LAYER_HTTP) /* its hosts are claimed even when it is refused */
        placements_add(route->tls ? &e->https : &e->http, p->arena, route);
    else if (route->refused.len)
        placements_add(&e->absent, p->arena, route);
    else if (r->layer == LAYER_UDP)
        placements_add(&e->udp_routes, p->arena, route);
    else
        placements_add(route->tls ? &e->tcp_tls : &e->tcp, p->arena, route);
}

static void place_all(struct build *b, struct router *r) {
    struct proxy *p = b->proxy;
    struct strs names = r->entry_points;
    if (names.count == 0 && r->layer != LAYER_UDP && !r->was_child)
        names = p->default_entry_points;
    if (names.count == 0 && r->layer == LAYER_UDP)
        for (const struct entry_point *e = p->entry_points; e; e = e->next)
            if (e->udp)
                strs_add(&names, p->arena, e->name);
    size_t placed = 0;
    for (size_t i = 0; i < names.count; i++) {
        struct entry_point *e = proxy_entry_point(p, names.at[i]);
        bool again = false;
        for (size_t j = 0; j < i; j++)
            again = again || str_eq(names.at[i], names.at[j]);
        if (e && !again && takes_layer(e, r->layer)) {
            place(b, r, e, names.count);
            placed++;
        }
    }
    if (placed == 0 && !r->refused.len)
        r->refused = names.count ? str_format(p->arena, "there is no entry point `%.*s`%s",
                                              STR_ARG(names.at[0]), names.count > 1 ? " …" : "")
                                 : STR("there is no entry point for it");
}

/* ---- TLS options and server names, an entry point at a time ---- */

struct claim { /* what routers want for one host */
    struct str options;
    bool conflict;
};

static void find_conflicts(struct proxy *p, struct entry_point *e) {
    struct arena aside = { 0 };
    struct table claims = { .arena = &aside };
    size_t most = 0, count = 0;
    for (size_t i = 0; i < e->https.count; i++)
        most += e->https.at[i]->router->hosts.count;
    struct claim **met = arena_array(&aside, struct claim *, most + 1);
    for (size_t i = 0; i < e->https.count; i++) {
        const struct placement *route = e->https.at[i];
        const struct strs *hosts = &route->router->hosts;
        for (size_t h = 0; route->router->hosts_known && h < hosts->count; h++) {
            void **slot = table_at(&claims, hosts->at[h]);
            struct claim *claim = *slot;
            if (!claim) {
                claim = arena_new(&aside, struct claim);
                claim->options = route->options;
                *slot = claim;
            }
            claim->conflict |= !str_eq(claim->options, route->options);
            met[count++] = claim;
        }
    }
    count = 0;
    for (size_t i = 0; i < e->https.count; i++) {
        struct placement *route = e->https.at[i];
        const struct strs *hosts = &route->router->hosts;
        if (!route->router->hosts_known)
            continue;
        route->conflict = hosts->count == 0 && !str_is(route->options, "default");
        for (size_t h = 0; h < hosts->count; h++)
            route->conflict |= met[count++]->conflict;
    }
    arena_free(&aside);
    /* Only now: each conflict is seen by what the routers wanted, not by what others got. */
    for (size_t i = 0; i < e->https.count; i++)
        if (e->https.at[i]->conflict) {
            struct placement *route = e->https.at[i];
            route->options = STR("default");
            route->runtime = str_format(p->arena, "%.*s-conflicted-%.*s", STR_ARG(e->name),
                                        STR_ARG(route->runtime));
        }
}

static bool is_sni(struct str s) {
    if (str_is(s, "*"))
        return true;
    if (str_starts(s, STR("*.")))
        s = str_from(s, 2);
    for (size_t i = 0; i < s.len; i++)
        if (!char_is_alnum(s.at[i]) && !strchr("_.-:", s.at[i]))
            return false;
    return s.len > 0;
}

static void claim_host(struct proxy *p, struct entry_point *e, struct str host,
                       struct str options) {
    if (!is_sni(host))
        return;
    /* The rule that Traefik makes of it is HostSNI("host"), as long as that. */
    int64_t priority = str_is(host, "*") ? -1 : (int64_t)(sizeof "HostSNI(\"\")" - 1 + host.len);
    if (str_ends(host, STR(".")))
        host.len--;
    void **slot = table_at(&e->snis, host);
    struct sni *known = *slot;
    if (known && known->priority == priority && !str_eq(known->options, options)) {
        known->random = true;
        known->may_close = known->may_close || !options.len || !known->options.len;
        known->strict = known->strict || certificates_strict(p, options);
    }
    if (known && known->priority >= priority)
        return;
    struct sni *made = arena_new(p->arena, struct sni);
    *made = (struct sni){ .host = host,
                          .options = options,
                          .priority = priority,
                          .strict = certificates_strict(p, options) };
    *slot = made;
}

static void claim_hosts(struct proxy *p, struct entry_point *e) {
    for (size_t i = 0; i < e->https.count; i++) {
        const struct placement *route = e->https.at[i];
        const struct strs *hosts = &route->router->hosts;
        if (!route->router->hosts_known)
            continue;
        struct str options = proxy_options_exist(p, route->options) ? route->options : STR("");
        if (hosts->count == 0)
            claim_host(p, e, STR("*"), p->default_options_gone ? STR("") : STR("default"));
        for (size_t h = 0; h < hosts->count; h++)
            claim_host(p, e, hosts->at[h], options);
    }
}

/* ---- the order in which routers are asked ---- */

static int by_priority(const void *a, const void *b) {
    const struct placement *x = *(struct placement *const *)a, *y = *(struct placement *const *)b;
    if (x->priority != y->priority)
        return x->priority > y->priority ? -1 : 1;
    if (x->rank != y->rank)
        return x->rank > y->rank ? -1 : 1;
    return str_cmp(x->router->full, y->router->full); /* undefined in Traefik: any order will do */
}

/* One router a UDP entry point: the last by name. */
static int by_name_down(const void *a, const void *b) {
    const struct placement *x = *(struct placement *const *)a, *y = *(struct placement *const *)b;
    return -str_cmp(x->router->full, y->router->full);
}

static void sort(struct placements *list, int (*order)(const void *, const void *)) {
    if (list->count > 1)
        qsort(list->at, list->count, sizeof *list->at, order);
}

static const struct test *rule_at(const void *context, uint32_t position) {
    const struct placements *list = context;
    return list->at[position]->router->test;
}

void build_order(struct proxy *p, struct placements *list) {
    sort(list, by_priority);
    list->by_host = arena_new(p->arena, struct host_index);
    for (size_t i = 0; i < list->count; i++)
        host_index_add(list->by_host, p->arena, list->at[i]->router->test, (uint32_t)i);
    host_index_finish(list->by_host, p->arena, rule_at, list);
}

/* Routers that were refused have claimed their hosts by now; they are asked nothing. */
static void set_aside(struct proxy *p, struct entry_point *e, struct placements *list) {
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->at[i]->refused.len)
            placements_add(&e->absent, p->arena, list->at[i]);
        else
            list->at[kept++] = list->at[i];
    list->count = kept;
}

/* Without a static configuration the names that routers use are taken as declared elsewhere. */
static void assume_entry_points(struct proxy *p) {
    struct {
        const char *name, *address;
    } usual[] = { { "web", ":80" }, { "websecure", ":443" } };
    for (size_t i = 0; i < 2; i++) {
        entry_point_new(p, str_of(usual[i].name), str_of(usual[i].address))->assumed = true;
        strs_add(&p->default_entry_points, p->arena, str_of(usual[i].name));
    }
    for (const struct router *r = p->routers; r; r = r->next)
        for (size_t i = 0; i < r->entry_points.count; i++)
            if (!proxy_entry_point(p, r->entry_points.at[i]))
                entry_point_new(p, r->entry_points.at[i], STR(""))->assumed = true;
}

void proxy_build(struct proxy *p) {
    uint32_t since = 0;
    option_version_parse(STR("3.7.0"), &since);
    struct build b = { p, p->version >= since };
    proxy_add_internal(p);
    if (!p->conf)
        assume_entry_points(p);
    for (struct router *r = p->routers; r; r = r->next)
        judge(p, r);
    arena_free(&p->aside);
    tree_read(p);
    for (struct router *r = p->routers; r; r = r->next)
        if (!tree_is_child(r) || (r->tls && r->entry_points.count)) /* refused, its hosts claimed */
            place_all(&b, r);
    for (struct entry_point *e = p->entry_points; e; e = e->next)
        find_conflicts(p, e);
    orphan_all(p);
    for (struct entry_point *e = p->entry_points; e; e = e->next) {
        finish_all(&b, &e->http);
        finish_all(&b, &e->https);
        claim_hosts(p, e);
        set_aside(p, e, &e->http);
        set_aside(p, e, &e->https);
        struct placements *tables[] = { &e->http, &e->https, &e->tcp, &e->tcp_tls };
        for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
            build_order(p, tables[i]);
        sort(&e->udp_routes, by_name_down);
    }
    certificates_build(p);
}
