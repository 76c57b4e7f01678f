/* One row of `ingress` → one route. What the row's keys mean together is decided here; whether each
   value is a port, a host name, a path, an address is the model's business. */
#include "lower/itsup_row.h"

#include "lower/tree_place.h"
#include "support/nearest.h"

#define ACME_PREFIX "/.well-known/acme-challenge/"

enum router { ROUTER_HTTP, ROUTER_TCP, ROUTER_UDP };

struct row {
    struct itsup_rows *in;
    struct lower *l;
    const struct tree *map;
    struct fields fields, cert;
    enum router router;
    bool bad;                 /* told already: no route comes of it */
    struct tree *main, *sans; /* of `tls` */
};

static struct tree *get(const struct row *r, enum itsup_key key) {
    return fields_get(&r->fields, key);
}

static bool has(const struct row *r, enum itsup_key key) {
    return get(r, key) != NULL;
}

static struct span key_span(const struct row *r, enum itsup_key key) {
    return fields_key_span(&r->fields, key, r->map);
}

static bool is_first(const struct row *r) {
    return r->in->generation == ITSUP_ONE;
}

/* ---- what only a row can get wrong ---- */

static struct diag *tell_idle(struct row *r, enum itsup_key key, const char *why) {
    struct diag *d = diag_add(r->l->diags, DIAG_ITSUP_NO_EFFECT, key_span(r, key),
                              "`%.*s` has no effect here: %s", STR_ARG(itsup_key_name(key)), why);
    diag_help(r->l->diags, d, "remove it");
    return d;
}

static void read_router(struct row *r) {
    static const char *const names[] = { "http", "tcp", "udp" };
    const struct tree *node = get(r, KEY_ROW_ROUTER);
    struct nearest near = { .wanted = tree_text(node) };
    r->bad |= fields_bad(&r->fields, KEY_ROW_ROUTER);
    if (!node)
        return;
    for (int i = 0; i < 3; i++) {
        if (str_is(near.wanted, names[i])) {
            r->router = (enum router)i;
            return;
        }
        nearest_offer(&near, str_of(names[i]));
    }
    struct diag *d =
        diag_add(r->l->diags, DIAG_CHOICE, node->span,
                 "`%.*s` is no router: it is `http`, `tcp` or `udp`", STR_ARG(near.wanted));
    diag_suggest(r->l->diags, d, tree_text_span(r->l->arena, node, 0, near.wanted.len), near.best);
    r->router = str_is(near.best, "tcp")   ? ROUTER_TCP
                : str_is(near.best, "udp") ? ROUTER_UDP
                                           : ROUTER_HTTP; /* to judge the rest of the row by */
}

static void read_protocol(struct row *r) {
    const struct tree *node = get(r, KEY_ROW_PROTOCOL);
    if (!node || r->bad)
        return;
    struct str text = tree_text(node);
    if (!str_is(text, "tcp") && !str_is(text, "udp")) {
        struct diag *d = diag_add(r->l->diags, DIAG_CHOICE, node->span,
                                  "`%.*s` is no protocol: it is `tcp` or `udp`", STR_ARG(text));
        struct nearest near = { .wanted = text };
        nearest_offer(&near, STR("tcp"));
        nearest_offer(&near, STR("udp"));
        diag_suggest(r->l->diags, d, tree_text_span(r->l->arena, node, 0, text.len), near.best);
        return;
    }
    if (str_is(text, "udp") == (r->router == ROUTER_UDP))
        return;
    static const char *const names[] = { "http", "tcp", "udp" };
    struct diag *d =
        diag_add(r->l->diags, DIAG_ITSUP_CONFLICT, node->span,
                 "`protocol: %.*s` contradicts `router: %s`", STR_ARG(text), names[r->router]);
    diag_effect(r->l->diags, d, "itsUP opens the port for one protocol and routes the other");
    diag_help(r->l->diags, d, "remove protocol; the router says it");
    if (has(r, KEY_ROW_ROUTER))
        diag_note_at(r->l->diags, d, get(r, KEY_ROW_ROUTER)->span, "the router is here");
}

static bool is_acme(const struct row *r) {
    return str_is(tree_text(get(r, KEY_ROW_PATH_PREFIX)), ACME_PREFIX);
}

static bool port_is(const struct row *r, const char *port) {
    const struct tree *node = get(r, KEY_ROW_PORT);
    if (!node)
        return str_is(STR("80"), port) && r->in->generation != ITSUP_THREE;
    struct str text = tree_text(node);
    if (str_ends(text, STR(".0")))
        text.len -= 2;
    return str_is(text, port);
}

static void check_passthrough(struct row *r) {
    struct tree *node = get(r, KEY_ROW_PASSTHROUGH);
    if (!node || !fields_bool(&r->fields, KEY_ROW_PASSTHROUGH, false) || r->bad)
        return;
    if (port_is(r, "80") && !is_acme(r)) {
        struct diag *d = diag_add(r->l->diags, DIAG_ITSUP_CONFLICT, node->span,
                                  "passthrough to port 80 is for the ACME challenge alone");
        diag_effect(r->l->diags, d, "itsUP refuses the project");
        diag_help(r->l->diags, d, "write another port, or path_prefix: " ACME_PREFIX);
        r->bad = true;
    } else if (r->router == ROUTER_UDP) {
        tell_idle(r, KEY_ROW_PASSTHROUGH, "UDP carries no TLS that itsUP knows of");
    } else if (r->router == ROUTER_HTTP && !is_acme(r)) {
        struct diag *d = tell_idle(r, KEY_ROW_PASSTHROUGH, "an http row always ends TLS");
        diag_help(r->l->diags, d, "write router: tcp to pass TLS through");
    }
}

static void tell_lost_names(struct row *r, struct span span) {
    struct diag *d = diag_add(r->l->diags, DIAG_ITSUP_MISSING, span,
                              "`tls` has no `main`, so it names no certificate");
    diag_effect(r->l->diags, d, "itsUP ignores the whole `tls`");
    diag_help(r->l->diags, d, "write main: with the first of the names");
    r->bad = true;
}

static void read_tls(struct row *r) {
    struct tree *tls = get(r, KEY_ROW_TLS);
    r->bad |= fields_bad(&r->fields, KEY_ROW_TLS);
    if (!tls)
        return;
    itsup_fields(r->l, ITSUP_CERT, r->in->generation, tls, &r->cert);
    r->main = fields_get(&r->cert, KEY_CERT_MAIN);
    r->sans = fields_get(&r->cert, KEY_CERT_SANS);
    bool bad = fields_bad(&r->cert, KEY_CERT_MAIN) || fields_bad(&r->cert, KEY_CERT_SANS);
    r->bad |= bad;
    bool nameless = !has(r, KEY_ROW_DOMAIN) && !fields_bad(&r->fields, KEY_ROW_DOMAIN);
    if (!bad && !r->main && (tree_count(r->sans) > 0 || nameless))
        tell_lost_names(r, key_span(r, KEY_ROW_TLS));
    if (!r->main)
        r->sans = NULL;
    if (!r->main || nameless || fields_bad(&r->fields, KEY_ROW_DOMAIN))
        return;
    struct str domain = tree_text(get(r, KEY_ROW_DOMAIN));
    bool named = str_eq_nocase(domain, tree_text(r->main));
    for (struct tree_entry *e = tree_entries(r->sans); e; e = e->next)
        named |= str_eq_nocase(domain, tree_text(tree_value(e)));
    if (!named)
        diag_note_at(r->l->diags, tell_idle(r, KEY_ROW_DOMAIN, "the names of `tls` replace it"),
                     r->main->span, "the names are here");
}

/* What stands in a host's place must be nothing but a host: the pattern's own marks would be read
   as a port or a path. Other characters are the model's to refuse. */
static bool host_is_one(struct row *r, const struct tree *host) {
    struct str text = tree_text(host);
    size_t at = 0;
    for (size_t depth = 0; at < text.len; at++) {
        char c = text.at[at];
        depth += c == '{';
        depth -= c == '}' && depth > 0;
        if (depth == 0 && !char_is_alnum(c) && strchr("/:?#@[", c))
            break;
    }
    if (at == text.len && at > 0)
        return true;
    if (!text.len) {
        struct diag *d = diag_add(r->l->diags, DIAG_DOMAIN, host->span, "the host name is empty");
        diag_help(r->l->diags, d, "write a name such as www.example.com, or remove the key");
        r->bad = true;
        return false;
    }
    bool scheme = str_find_str(text, STR("://")) == at;
    const char *what = scheme               ? "a scheme does not belong to it"
                       : text.at[at] == ':' ? "a port does not belong to it"
                       : text.at[at] == '/' ? "a path does not belong to it"
                                            : "this character may not stand in it";
    struct diag *d =
        diag_add(r->l->diags, DIAG_DOMAIN,
                 tree_text_span(r->l->arena, host, scheme ? 0 : at, scheme ? at + 3 : text.len),
                 "`%.*s` is no host name: %s", STR_ARG(text), what);
    if (scheme)
        diag_help(r->l->diags, d, "write the name alone; `router` says how it is reached");
    else if (text.at[at] == ':')
        diag_help(r->l->diags, d, "write the port as hostport: …");
    else if (text.at[at] == '/')
        diag_help(r->l->diags, d, "write the path as path_prefix: …");
    r->bad = true;
    return false;
}

static void check_hosts(struct row *r) {
    if (r->main) {
        host_is_one(r, r->main);
        for (struct tree_entry *e = tree_entries(r->sans); e; e = e->next)
            host_is_one(r, tree_value(e));
    } else if (has(r, KEY_ROW_DOMAIN)) {
        host_is_one(r, get(r, KEY_ROW_DOMAIN));
    } else if (!r->bad && r->router == ROUTER_HTTP && !fields_bad(&r->fields, KEY_ROW_DOMAIN)) {
        struct tree_entry *first = tree_entries(r->map);
        struct diag *d =
            diag_add(r->l->diags, DIAG_HOST_MISSING, first ? first->key->span : r->map->span,
                     "this http row names no host");
        diag_effect(r->l->diags, d, "Traefik would make a rule out of the container's name");
        diag_help(r->l->diags, d, "add domain: www.example.com");
        r->bad = true;
    }
    r->bad |= fields_bad(&r->fields, KEY_ROW_DOMAIN);
}

static void check_path(struct row *r) {
    const struct tree *path = get(r, KEY_ROW_PATH_PREFIX);
    struct str text = tree_text(path);
    r->bad |= fields_bad(&r->fields, KEY_ROW_PATH_PREFIX);
    if (!path)
        return;
    bool starts = str_starts(text, STR("/")), ends = str_ends(text, STR("$"));
    if (starts && !ends)
        return;
    struct diag *d =
        text.len
            ? diag_add(r->l->diags, DIAG_PATH, path->span,
                       starts ? "`%.*s` ends with a dollar sign, which paths of requests have not"
                              : "`%.*s` is no path: it begins with /",
                       STR_ARG(text))
            : diag_add(r->l->diags, DIAG_PATH, path->span, "the path is empty");
    diag_help(r->l->diags, d, "write /%.*s", STR_ARG(str_slice(text, starts, text.len - ends)));
    r->bad = true;
}

static struct str number_text(const struct tree *node) {
    struct str text = tree_text(node);
    if (tree_scalar_kind(node) == SCALAR_FLOAT && str_ends(text, STR(".0")))
        text.len -= 2;
    return text;
}

/* `path_remove` has nothing to remove without a prefix. */
static void check_remove(struct row *r) {
    if (has(r, KEY_ROW_PATH_PREFIX) || fields_bad(&r->fields, KEY_ROW_PATH_PREFIX) ||
        !fields_bool(&r->fields, KEY_ROW_PATH_REMOVE, false))
        return;
    struct diag *d = diag_add(r->l->diags, DIAG_STRIP_PATH, key_span(r, KEY_ROW_PATH_REMOVE),
                              "`path_remove` without `path_prefix`");
    diag_effect(r->l->diags, d, "there is nothing to remove");
    diag_help(r->l->diags, d, "add path_prefix: /path, or remove it");
    r->bad = true;
}

/* Whether it is in range is the model's to say. */
static void check_port(struct row *r, enum itsup_key key) {
    const struct tree *node = get(r, key);
    struct str text = number_text(node);
    bool digits = text.len > 0;
    for (size_t i = text.len > 1 && text.at[0] == '-'; i < text.len; i++)
        digits = digits && char_is_digit(text.at[i]);
    if (!node || digits || str_find(text, '$') != STR_NONE)
        return;
    struct diag *d = diag_add(r->l->diags, DIAG_PORT, node->span,
                              "`%.*s` is no port: it is a whole number", STR_ARG(tree_text(node)));
    diag_help(r->l->diags, d, "write a port from 1 to 65535");
    r->bad = true;
}

static void check_allow(struct row *r) {
    const struct tree *list = get(r, KEY_ROW_ALLOW_SOURCE_IPS);
    if (!list || tree_count(list))
        return;
    struct diag *d =
        diag_add(r->l->diags, DIAG_ARGUMENT_MISSING, list->span, "`allow_source_ips` names nobody");
    diag_effect(r->l->diags, d, "itsUP refuses the project");
    diag_help(r->l->diags, d, "write ranges such as 10.0.0.0/8, or remove the key");
    r->bad = true;
}

/* Is there anything that the row could lead to? */
static void check_service(struct row *r) {
    struct tree *service = get(r, KEY_ROW_SERVICE);
    struct diags *diags = r->l->diags;
    r->bad |= fields_bad(&r->fields, KEY_ROW_SERVICE);
    if (r->in->homeless)
        r->bad = true;
    if (r->in->host && service && r->in->has_compose) {
        struct diag *d = diag_add(diags, DIAG_ITSUP_CONFLICT, service->span,
                                  "`service` and the project's `host` exclude each other");
        diag_note_at(diags, d, r->in->host->span, "the host is here");
        diag_effect(diags, d, "itsUP routes to the host and to the container");
        diag_help(diags, d, "remove one of them");
        r->bad = true;
    } else if (r->in->host && service) {
        tell_idle(r, KEY_ROW_SERVICE, "the project's `host` is what the row leads to");
    } else if (!r->in->host && !service && !r->bad) {
        struct tree_entry *first = tree_entries(r->map);
        struct diag *d =
            diag_add(diags, DIAG_ITSUP_MISSING, first ? first->key->span : r->map->span,
                     "this row names no service");
        diag_effect(diags, d, "itsUP refuses the project");
        diag_help(diags, d, "add service: with the name of a service of the compose file");
        r->bad = true;
    }
}

/* ---- what a row says about its service ---- */

static struct itsup_service *service_of(struct row *r, struct tree *name) {
    struct itsup_rows *in = r->in;
    for (struct itsup_service *s = in->services; s; s = s->next)
        if (str_eq(tree_text(s->name), tree_text(name)))
            return s;
    struct itsup_service *s = arena_new(r->l->arena, struct itsup_service);
    s->name = name;
    if (in->last_service)
        in->last_service->next = s;
    else
        in->services = s;
    in->last_service = s;
    return s;
}

static bool same(const struct tree *a, const struct tree *b) {
    if (a->kind != TREE_SEQUENCE)
        return str_eq(tree_text(a), tree_text(b));
    const struct tree_entry *x = tree_entries(a), *y = tree_entries(b);
    for (; x && y; x = x->next, y = y->next)
        if (!str_eq(tree_text(tree_value(x)), tree_text(tree_value(y))))
            return false;
    return !x && !y;
}

static void keep(struct row *r, struct tree **slot, struct tree *value, const char *what) {
    if (!value)
        return;
    if (!*slot) {
        *slot = value;
    } else if (!same(*slot, value)) {
        struct diag *d =
            diag_add(r->l->diags, DIAG_ITSUP_CONFLICT, value->span, "the service `%.*s` has two %s",
                     STR_ARG(tree_text(get(r, KEY_ROW_SERVICE))), what);
        diag_note_at(r->l->diags, d, (*slot)->span, "the first is here");
        diag_effect(r->l->diags, d, "a service has one of them, whatever its rows say");
    }
}

static void read_network(struct row *r) {
    struct tree *service = get(r, KEY_ROW_SERVICE), *ip = get(r, KEY_ROW_IPV4_ADDRESS),
                *dns = get(r, KEY_ROW_DNS);
    if (r->in->host) {
        if (ip)
            tell_idle(r, KEY_ROW_IPV4_ADDRESS, "the project runs on another host");
        if (dns)
            tell_idle(r, KEY_ROW_DNS, "the project runs on another host");
        return;
    }
    if (ip && str_find(tree_text(ip), ':') != STR_NONE) {
        diag_add(r->l->diags, DIAG_IP, ip->span, "`%.*s` is no IPv4 address",
                 STR_ARG(tree_text(ip)));
        ip = NULL;
    }
    if (!service || (!ip && !dns))
        return;
    struct itsup_service *s = service_of(r, service);
    keep(r, &s->ip, ip, "addresses");
    if (tree_count(dns) > 0)
        keep(r, &s->dns, dns, "lists of name servers");
}

/* ---- the route ---- */

static void join_number(struct join *j, const struct tree *node) {
    join_slice(j, node, 0, number_text(node).len);
}

static struct span router_span(const struct row *r) {
    if (has(r, KEY_ROW_ROUTER))
        return get(r, KEY_ROW_ROUTER)->span;
    struct tree *name = r->main ? r->main : get(r, KEY_ROW_DOMAIN);
    return name ? name->span : r->map->span;
}

/* Routes of another host on port 80 are plain, in labels everything is TLS; rows with a port of
   their own stand in files like those of other hosts. */
static bool is_in_file(const struct row *r) {
    struct str port = number_text(get(r, KEY_ROW_HOSTPORT));
    return r->in->host || (r->in->generation == ITSUP_THREE && port.len && !str_is(port, "8080") &&
                           !str_is(port, "8443"));
}

static bool is_plain(const struct row *r) {
    return is_in_file(r) && port_is(r, "80");
}

static bool has_names(const struct row *r) {
    return r->main || has(r, KEY_ROW_DOMAIN);
}

/* Tcp and udp rows of containers are labels in generations 1 and 2. */
static bool in_labels_of_old(const struct row *r) {
    return r->in->generation != ITSUP_THREE && !r->in->host;
}

static const char *scheme_of(const struct row *r) {
    bool through = fields_bool(&r->fields, KEY_ROW_PASSTHROUGH, false);
    switch (r->router) {
    case ROUTER_HTTP: return is_plain(r) ? "http://" : "https://";
    case ROUTER_UDP: return "udp://";
    case ROUTER_TCP: break;
    }
    /* Those labels end TLS wherever they do not pass it through. */
    return through ? "passthrough://" : has_names(r) || in_labels_of_old(r) ? "tls://" : "tcp://";
}

/* The entry point's port: as given, or the one that itsUP takes instead. */
static void join_hostport(struct row *r, struct join *j) {
    struct tree *hostport = get(r, KEY_ROW_HOSTPORT), *port = get(r, KEY_ROW_PORT);
    bool by_port = r->router == ROUTER_UDP || (r->router == ROUTER_TCP && in_labels_of_old(r));
    bool dropped =
        r->router == ROUTER_HTTP && (r->in->generation != ITSUP_THREE ||
                                     (!r->in->host && str_is(number_text(hostport), "8080")));
    struct tree *from = hostport && !dropped ? hostport : by_port ? port : NULL;
    if (hostport && dropped)
        tell_idle(r, KEY_ROW_HOSTPORT,
                  r->in->generation == ITSUP_THREE ? "8080 is the port of the plain entry point"
                                                   : "this generation has no entry points of rows");
    if (from) {
        join_word(j, STR(":"), from->span);
        join_number(j, from);
    } else if (by_port) {
        join_word(j, STR(":80"), router_span(r)); /* the default of `port` */
    }
}

static struct node *pattern_of(struct row *r) {
    struct join j = { .l = r->l };
    struct tree *name = r->main ? r->main : get(r, KEY_ROW_DOMAIN);
    const char *scheme = scheme_of(r);
    join_word(&j, str_of(scheme), router_span(r));
    if (name)
        join_scalar(&j, name);
    else if (r->router == ROUTER_TCP && strcmp(scheme, "tls://") == 0)
        join_word(&j, STR("*"), router_span(r));
    join_hostport(r, &j);
    if (has(r, KEY_ROW_PATH_PREFIX))
        join_scalar(&j, get(r, KEY_ROW_PATH_PREFIX));
    return join_node(&j, name ? name->span : router_span(r));
}

static struct nodes patterns_of(struct row *r) {
    struct nodes patterns = nodes_append((struct nodes){ 0 }, pattern_of(r));
    for (struct tree_entry *e = r->main ? tree_entries(r->sans) : NULL; e; e = e->next)
        patterns = nodes_append(patterns, lower_text(r->l, tree_value(e)));
    return patterns;
}

static struct nodes links_of(struct row *r) {
    struct nodes links = { 0 };
    struct tree *allow = get(r, KEY_ROW_ALLOW_SOURCE_IPS);
    if (allow) {
        struct nodes args = { 0 };
        for (struct tree_entry *e = tree_entries(allow); e; e = e->next)
            args = nodes_append(args, lower_text(r->l, tree_value(e)));
        struct node *name = lower_word(r->l, STR("allow"), key_span(r, KEY_ROW_ALLOW_SOURCE_IPS));
        links = nodes_append(links, ast_call(r->l->arena, allow->span, name, args));
    }
    if (fields_bool(&r->fields, KEY_ROW_PATH_REMOVE, false))
        links =
            nodes_append(links, lower_word(r->l, STR("strip"), key_span(r, KEY_ROW_PATH_REMOVE)));
    return links;
}

static struct nodes pools_of(struct row *r) {
    struct join j = { .l = r->l };
    struct tree *service = r->in->host ? NULL : get(r, KEY_ROW_SERVICE);
    struct tree *port = get(r, KEY_ROW_PORT);
    struct span span = service ? service->span : port ? port->span : router_span(r);
    if (service)
        join_scalar(&j, service);
    join_word(&j, STR(":"), span);
    if (port)
        join_number(&j, port);
    else
        join_word(&j, r->in->generation == ITSUP_THREE ? STR("8080") : STR("80"), span);
    struct node *text = join_node(&j, span);
    struct node *target = ast_target(r->l->arena, span, text, NULL);
    struct node *pool = ast_pool(r->l->arena, span, (struct nodes){ target, target });
    return (struct nodes){ pool, pool };
}

static struct node *names_list(struct row *r, struct tree *first, struct tree *rest) {
    struct nodes names = nodes_append((struct nodes){ 0 }, lower_text(r->l, first));
    for (struct tree_entry *e = tree_entries(rest); e; e = e->next)
        names = nodes_append(names, lower_text(r->l, tree_value(e)));
    return ast_list(r->l->arena, rest ? span_join(first->span, rest->span) : first->span, names,
                    true);
}

static struct node *cert_of(struct row *r) {
    struct tree *sans = get(r, KEY_ROW_TLS_SANS), *domain = get(r, KEY_ROW_DOMAIN);
    if (r->router != ROUTER_UDP && r->main && !is_plain(r) &&
        !(r->router == ROUTER_TCP && fields_bool(&r->fields, KEY_ROW_PASSTHROUGH, false)))
        return lower_setting_one(r->l, "cert", key_span(r, KEY_ROW_TLS),
                                 names_list(r, r->main, r->sans));
    if (r->router == ROUTER_HTTP && tree_count(sans) > 0 && domain)
        return lower_setting_one(r->l, "cert", key_span(r, KEY_ROW_TLS_SANS),
                                 names_list(r, domain, sans));
    return NULL;
}

static void tell_proxy_protocol(struct row *r, struct span span) {
    if (r->in->spoken) {
        diag_note_at(r->l->diags, r->in->spoken, span, "so does this one");
        return;
    }
    struct diag *d = diag_add(r->l->diags, DIAG_ITSUP_PROXY_PROTOCOL, span,
                              "this row speaks PROXY v2 to its backend");
    diag_effect(r->l->diags, d, "a backend that does not expect it refuses the connection");
    if (r->in->generation == ITSUP_THREE)
        diag_help(r->l->diags, d,
                  "write proxyprotocol: \"2\" if it is meant, proxyprotocol: null if not");
    r->in->spoken = d;
}

/* Backends of tcp rows hear PROXY v2 unless the row says otherwise, whether they speak it or not.
 */
static struct node *proxy_protocol_of(struct row *r) {
    struct tree *value = get(r, KEY_ROW_PROXYPROTOCOL);
    bool written = r->fields.entry[KEY_ROW_PROXYPROTOCOL - r->fields.first] != NULL;
    struct span key = key_span(r, KEY_ROW_PROXYPROTOCOL);
    if (fields_bad(&r->fields, KEY_ROW_PROXYPROTOCOL))
        return NULL;
    if (r->router != ROUTER_TCP) {
        if (value)
            tell_idle(r, KEY_ROW_PROXYPROTOCOL, "only tcp rows speak the PROXY protocol");
        return NULL;
    }
    bool always =
        r->in->generation == ITSUP_THREE || (r->in->generation == ITSUP_TWO && r->in->host);
    if (!value && (written || !always))
        return NULL;
    if (!value) {
        struct span span = router_span(r);
        tell_proxy_protocol(r, span);
        return lower_setting_one(r->l, "proxy-protocol", span, lower_word(r->l, STR("v2"), span));
    }
    struct str text = tree_text(value);
    struct node *version = str_is(text, "1")   ? lower_word(r->l, STR("v1"), value->span)
                           : str_is(text, "2") ? lower_word(r->l, STR("v2"), value->span)
                                               : lower_text(r->l, value);
    return lower_setting_one(r->l, "proxy-protocol", key, version);
}

static struct node *entrypoint_of(struct row *r) {
    bool secure = r->in->generation == ITSUP_TWO && r->in->host && r->router == ROUTER_TCP &&
                  has_names(r) && !has(r, KEY_ROW_HOSTPORT);
    struct span span = router_span(r);
    return secure ? lower_setting_one(r->l, "entrypoint", span,
                                      lower_word(r->l, STR("tcp-secure"), span))
                  : NULL;
}

static struct node *block_of(struct row *r) {
    struct nodes body = nodes_append((struct nodes){ 0 }, cert_of(r));
    body = nodes_append(body, entrypoint_of(r));
    body = nodes_append(body, proxy_protocol_of(r));
    if (r->router == ROUTER_HTTP && !is_plain(r) && is_acme(r))
        body = nodes_append(
            body, lower_setting_one(r->l, "no-redirect", key_span(r, KEY_ROW_PATH_PREFIX), NULL));
    /* Labels of these rows end TLS with the certificate that is there. */
    if (in_labels_of_old(r) && r->router == ROUTER_TCP && (is_first(r) || !has_names(r)) &&
        !fields_bool(&r->fields, KEY_ROW_PASSTHROUGH, false))
        body = nodes_append(body, lower_setting_one(r->l, "resolver", router_span(r),
                                                    lower_word(r->l, STR("none"), router_span(r))));
    return body.head ? lower_block(r->l, r->map->span, body, true) : NULL;
}

/* Rows of these kinds stand in Traefik's own files, which expand nothing. */
static void check_variables(struct row *r) {
    bool in_file = is_in_file(r) || (r->router != ROUTER_HTTP && !in_labels_of_old(r));
    if (!in_file || !r->in->secrets)
        return;
    for (struct tree_entry *e = tree_entries(r->map); e; e = e->next)
        if (!str_is(tree_key(e), "service"))
            secrets_check_tree(r->l->diags, r->l->arena, r->in->secrets, tree_value(e));
}

static void tell_plain(struct row *r) {
    if (r->router != ROUTER_HTTP || !is_plain(r) || is_acme(r))
        return;
    struct tree *port = get(r, KEY_ROW_PORT);
    struct diag *d = diag_add(r->l->diags, DIAG_ITSUP_PLAIN, port ? port->span : r->map->span,
                              "port 80 makes this route plain HTTP");
    diag_effect(r->l->diags, d, "clients reach it at http:// alone, and nothing is encrypted");
    diag_help(r->l->diags, d,
              "name another port of the backend for https://, or write the route "
              "as http:// in an .itsup file to say that it is meant");
}

struct node *itsup_row_lower(struct itsup_rows *rows, const struct tree *map) {
    struct row r = { .in = rows, .l = rows->l, .map = tree_resolve(map) };
    if (r.map->kind != TREE_MAPPING)
        return NULL; /* told where the list was read */
    itsup_fields(r.l, ITSUP_ROW, rows->generation, r.map, &r.fields);
    itsup_fields(r.l, ITSUP_CERT, rows->generation, NULL, &r.cert);
    read_router(&r);
    read_protocol(&r);
    check_service(&r);
    read_tls(&r);
    check_passthrough(&r);
    check_hosts(&r);
    check_path(&r);
    check_remove(&r);
    check_allow(&r);
    check_port(&r, KEY_ROW_PORT);
    check_port(&r, KEY_ROW_HOSTPORT);
    read_network(&r);
    static const enum itsup_key needed[] = { KEY_ROW_PORT,        KEY_ROW_HOSTPORT,
                                             KEY_ROW_PASSTHROUGH, KEY_ROW_PATH_REMOVE,
                                             KEY_ROW_TLS_SANS,    KEY_ROW_ALLOW_SOURCE_IPS };
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        r.bad |= fields_bad(&r.fields, needed[i]) &&
                 (needed[i] == KEY_ROW_HOSTPORT || !fields_slip(&r.fields, needed[i]));
    if (r.bad)
        return NULL;
    tell_plain(&r);
    check_variables(&r);
    struct nodes patterns = patterns_of(&r), links = links_of(&r), pools = pools_of(&r);
    return ast_route(r.l->arena, r.map->span, patterns, links, pools, block_of(&r));
}
