/* C002, C005, C012, R028: which certificates Traefik asks for, and for which names. One order is
   one router's: its tls.domains, else all hosts of its rule. */
#include "lint/witness.h"

enum { ORDERS_A_WEEK = 50 }; /* Let's Encrypt, for one registered domain; as of June 2025 */

struct zone { /* a registered domain */
    size_t orders;
    const struct placement *first;
};

struct orders {
    struct lint *l;
    struct table zones, covered;
    struct str busiest;
    bool wildcard; /* some order has one: it may cover what names nothing */
};

static const struct untyped *domains_of(const struct entry_point *e, const struct router *r) {
    if (r->tls)
        return untyped_get(r->conf, "tls.domains");
    return untyped_get(e->conf, "http.tls.domains");
}

static struct strs names_in(struct lint *l, const struct untyped *domains) {
    struct strs names = { 0 };
    for (const struct untyped *d = domains ? domains->first : NULL; d; d = d->next) {
        struct str main = untyped_text(d, "main");
        if (main.len)
            strs_add(&names, l->scratch, main);
        struct strs sans = untyped_texts(d, "sans", l->scratch);
        for (size_t i = 0; i < sans.count; i++)
            strs_add(&names, l->scratch, sans.at[i]);
    }
    return names;
}

static bool is_ip(struct str host) {
    struct cidr ip;
    return !cidr_parse_ip(host, &ip).error;
}

/* The last two labels, or three behind the suffixes that registries sell names below. */
static struct str zone_of(struct str host) {
    static const char *const second[] = {
        "co", "com", "org", "net", "ac", "gov", "edu", "or", "ne"
    };
    size_t dots[3] = { 0 }, count = 0;
    for (size_t i = host.len; i > 0 && count < 3; i--)
        if (host.at[i - 1] == '.')
            dots[count++] = i;
    if (count < 2)
        return host;
    struct str middle = str_slice(host, dots[1], dots[0] - 1);
    for (size_t i = 0; i < sizeof second / sizeof *second; i++)
        if (host.len - dots[0] == 2 && str_is(middle, second[i]))
            return count < 3 ? host : str_from(host, dots[2]);
    return str_from(host, dots[1]);
}

static bool is_public(const struct lint *l, struct str resolver) {
    const struct untyped *all = untyped_child(l->proxy->conf, STR("certificatesResolvers"));
    struct str ca = untyped_text(untyped_child(all, resolver), "acme.caServer");
    return !ca.len || (str_find_str(ca, STR("letsencrypt.org")) != STR_NONE &&
                       str_find_str(ca, STR("staging")) == STR_NONE);
}

static bool is_held(const struct orders *o, struct str name) {
    size_t dot = str_find(name, '.');
    return table_get(&o->covered, name) ||
           (dot != STR_NONE && table_get(&o->covered, str_from(name, dot)));
}

/* ---- each order ---- */

static void tell_nameless(struct lint *l, const struct placement *route) {
    const struct router *r = route->router;
    struct diag *d = diag_add(l->diags, DIAG_CERT_NAMELESS,
                              lint_option_span(r, r->tls ? "tls.certResolver" : "rule"),
                              "router `%.*s` asks `%.*s` for a certificate and names no host",
                              STR_ARG(r->name), STR_ARG(route->resolver));
    diag_effect(l->diags, d,
                r->layer == LAYER_TCP
                    ? "Traefik asks for a certificate for `*`, which no authority issues"
                    : "Traefik asks for none, and clients see its own default certificate");
    diag_help(l->diags, d, "name the hosts in tls.domains");
}

static void tell_ip(struct lint *l, const struct placement *route, struct str host) {
    const struct router *r = route->router;
    struct diag *d = diag_add(l->diags, DIAG_CERT_IP, lint_rule_span(r),
                              "`%.*s` is an address, for which `%.*s` hardly gets a certificate",
                              STR_ARG(host), STR_ARG(route->resolver));
    diag_effect(l->diags, d, "most authorities issue none: clients then see the default one");
    diag_help(l->diags, d, "use a host name, or a certificate of your own");
}

static void count_order(struct orders *o, const struct placement *route, const struct strs *names) {
    bool held = true;
    for (size_t i = 0; i < names->count; i++)
        held = held && is_held(o, names->at[i]);
    if (held || !is_public(o->l, route->resolver))
        return;
    for (size_t i = 0; i < names->count; i++) {
        struct str name = str_copy(o->l->arena, names->at[i]);
        *table_at(&o->covered, str_starts(name, STR("*.")) ? str_from(name, 1) : name) = o;
    }
    struct str domain = zone_of(str_copy(o->l->arena, names->at[0]));
    struct zone **zone = (struct zone **)table_at(&o->zones, domain);
    if (!*zone) {
        *zone = arena_new(o->l->arena, struct zone);
        (*zone)->first = route;
    }
    (*zone)->orders++;
    const struct zone *most = table_get(&o->zones, o->busiest);
    if (!most || (*zone)->orders > most->orders)
        o->busiest = domain;
}

static void look(struct orders *o, const struct entry_point *e, const struct placement *route,
                 bool nameless) {
    struct lint *l = o->l;
    const struct router *r = route->router;
    if (!route->resolver.len || route->passthrough || !r->hosts_known || lint_is_internal(r) ||
        lint_is_open(r->rule) || lint_is_open(route->resolver) || span_is_none(r->span))
        return;
    const struct untyped *domains = domains_of(e, r);
    struct strs names = domains ? names_in(l, domains) : r->hosts;
    bool star = names.count == 1 && str_is(names.at[0], "*");
    if (!nameless) {
        for (size_t i = 0; i < names.count; i++)
            o->wildcard |= str_starts(names.at[i], STR("*."));
        for (size_t i = 0; i < names.count; i++)
            if (is_ip(names.at[i]))
                tell_ip(l, route, names.at[i]);
        if (names.count && !star)
            count_order(o, route, &names);
    } else if ((!names.count || star) && !domains && !o->wildcard) {
        tell_nameless(l, route);
    }
}

/* ---- R028 ---- */

/* A name beside a wildcard is there for the certificate's sake. */
static void look_unrouted(struct lint *l, const struct entry_point *e,
                          const struct placement *route) {
    const struct router *r = route->router;
    const struct untyped *domains = untyped_get(r->conf, "tls.domains");
    struct strs names = names_in(l, domains);
    if (!names.count || !l->proxy->conf || !lint_is_known(r) || r->layer != LAYER_HTTP)
        return;
    for (size_t i = 0; i < names.count; i++)
        if (str_starts(names.at[i], STR("*")) || lint_is_open(names.at[i]))
            return;
    for (size_t i = 0; i < names.count; i++) {
        struct str host = names.at[i];
        if (host_index_count(e->https.by_host, host, l->scratch) ||
            host_index_count(e->tcp_tls.by_host, host, l->scratch))
            continue;
        struct diag *d = diag_add(l->diags, DIAG_HOST_UNROUTED, domains->key_span,
                                  "the certificate names `%.*s`, which no router of `%.*s` has",
                                  STR_ARG(host), STR_ARG(e->name));
        diag_effect(l->diags, d, "%.*s is answered 404",
                    STR_ARG(witness_url(l, e, true, host, STR("/"))));
        diag_help(l->diags, d, "add Host(`%.*s`) to a rule, or take the name out", STR_ARG(host));
    }
}

static void each(struct orders *o, bool nameless) {
    for (const struct entry_point *e = o->l->proxy->entry_points; e; e = e->next) {
        const struct placements *tables[] = { &e->https, &e->tcp_tls };
        for (size_t t = 0; t < 2; t++)
            for (size_t i = 0; i < tables[t]->count; i++) {
                look(o, e, tables[t]->at[i], nameless);
                arena_reset(o->l->scratch);
            }
    }
}

void lint_certificates(struct lint *l) {
    struct orders o = { .l = l, .zones.arena = l->arena, .covered.arena = l->arena };
    each(&o, false);
    each(&o, true);
    const struct zone *zone = table_get(&o.zones, o.busiest);
    if (zone && zone->orders > ORDERS_A_WEEK) {
        struct diag *d = diag_add(l->diags, DIAG_CERT_RATE, lint_rule_span(zone->first->router),
                                  "routers ask for %zu certificates for names below `%.*s`",
                                  zone->orders, STR_ARG(o.busiest));
        diag_effect(l->diags, d,
                    "Let's Encrypt issues %d new ones for one domain in 7 days: the rest stay "
                    "without",
                    ORDERS_A_WEEK);
        diag_help(l->diags, d, "ask for *.%.*s once, with a DNS challenge", STR_ARG(o.busiest));
    }
    lint_each_tls(l, look_unrouted);
}
