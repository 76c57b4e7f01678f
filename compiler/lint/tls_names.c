/* R030, R035, R036, R037: server names of TLS, which Traefik takes from the hosts of rules. */
#include "lint/witness.h"

static struct str wanted(struct lint *l, const struct entry_point *e, const struct router *r) {
    struct str written = r->tls ? r->tls_options : e->tls_options;
    if (!written.len || str_is(written, "default"))
        return STR("default");
    return proxy_qualify(l->proxy, written, r->provider);
}

/* ---- R030 ---- */

static void look_negated(struct lint *l, const struct entry_point *e,
                         const struct placement *route) {
    const struct router *r = route->router;
    bool options = !str_is(wanted(l, e, r), "default");
    bool asks = route->resolver.len && !untyped_get(r->conf, "tls.domains");
    if (!lint_is_known(r) || r->layer != LAYER_HTTP || (!options && !asks))
        return;
    struct cubes all = cubes_of(l->scratch, r->test);
    for (size_t i = 0; i < all.count; i++)
        for (size_t k = 0; k < all.at[i].count; k++) {
            const struct literal *x = &all.at[i].at[k];
            if (!x->negated || x->test->matcher != MATCHER_HOST)
                continue;
            struct diag *d = diag_add(l->diags, DIAG_SNI_NEGATED, lint_rule_span(r),
                                      "router `%.*s` claims `%.*s`, though its rule excludes it",
                                      STR_ARG(r->name), STR_ARG(x->test->a));
            diag_effect(l->diags, d,
                        asks ? "Traefik asks `%.*s` for a certificate of that name, too"
                             : "handshakes of that name get TLS options `%.*s`",
                        STR_ARG(asks ? route->resolver : wanted(l, e, r)));
            diag_help(l->diags, d,
                      asks ? "write the names of the certificate in tls.domains"
                           : "say the hosts that are meant instead");
            return;
        }
}

/* ---- R035 ---- */

static void look_hostless(struct lint *l, const struct entry_point *e,
                          const struct placement *route) {
    const struct router *r = route->router;
    if (r->layer != LAYER_HTTP || !r->tls || !r->hosts_known || r->hosts.count ||
        lint_is_open(r->rule) || str_is(wanted(l, e, r), "default"))
        return;
    struct diag *d = diag_add(l->diags, DIAG_OPTIONS_HOSTLESS, lint_option_span(r, "tls.options"),
                              "TLS options need a `Host`, which the rule of `%.*s` does not have",
                              STR_ARG(r->name));
    diag_effect(l->diags, d, "Traefik gives it the default options: `%.*s` has no effect",
                STR_ARG(r->tls_options));
    diag_help(l->diags, d, "name the hosts, or change the options `default`");
}

/* ---- R036, R037 ---- */

static struct str parent_of(struct arena *a, struct str host) {
    size_t dot = str_find(host, '.');
    return dot == STR_NONE ? STR("") : str_format(a, "*%.*s", STR_ARG(str_from(host, dot)));
}

/* A request to the host that only the wildcard's router has. */
static void look_wildcard(struct lint *l, const struct entry_point *e,
                          const struct placement *route, struct str host) {
    const struct sni *own = table_get(&e->snis, host);
    const struct sni *wide = table_get(&e->snis, parent_of(l->scratch, host));
    if (!own || !wide || own->random || wide->random || str_eq(own->options, wide->options))
        return;
    struct request request = { .entry_point = e->name };
    struct str url = witness_url(l, e, true, host, STR("/any/path"));
    if (request_read_url(&request, url).len)
        return;
    struct decision found = trace_decide(l->proxy, &request, l->scratch);
    if (found.kind != TRACE_NONE || found.status != 421 || !found.route)
        return;
    struct diag *d =
        diag_add(l->diags, DIAG_WILDCARD_421, lint_rule_span(route->router),
                 "`%.*s` has other TLS options than `%.*s`, whose router answers for it, "
                 "too",
                 STR_ARG(host), STR_ARG(wide->host));
    diag_effect(l->diags, d, "%.*s is answered 421", STR_ARG(url));
    diag_note_at(l->diags, d, lint_rule_span(found.route->router), "the rule with the wildcard");
    diag_help(l->diags, d, "give both the same options");
}

static void look_random(struct lint *l, const struct entry_point *e, const struct placement *route,
                        struct str host) {
    const struct sni *sni = table_get(&e->snis, host);
    if (!sni || !sni->random)
        return;
    struct str whose = str_is(host, "*") ? STR("names that no router claims")
                                         : str_format(l->scratch, "`%.*s`", STR_ARG(host));
    struct diag *d = diag_add(l->diags, DIAG_OPTIONS_RACE, lint_option_span(route->router, "tls"),
                              "the load order decides the TLS options of %.*s", STR_ARG(whose));
    diag_effect(l->diags, d,
                sni->may_close ? "handshakes fail, or not, from reload to reload"
                               : "client certificates may be asked for, or not, after each reload");
    diag_help(l->diags, d, "give all routers of one host the same options");
}

static void look_hosts(struct lint *l, const struct entry_point *e, const struct placement *route) {
    const struct strs *hosts = &route->router->hosts;
    for (size_t i = 0; i < hosts->count && route->router->layer == LAYER_HTTP; i++) {
        if (lint_is_open(hosts->at[i]) || lint_is_open(route->router->tls_options))
            continue;
        look_wildcard(l, e, route, hosts->at[i]);
        if (!route->conflict)
            look_random(l, e, route, hosts->at[i]);
    }
}

void lint_tls_names(struct lint *l) {
    lint_each_tls(l, look_negated);
    lint_each_tls(l, look_hostless);
    lint_each_tls(l, look_hosts);
}
