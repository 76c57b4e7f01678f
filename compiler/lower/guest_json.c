/* Phoenix's guests → one route each. What a guest must say to be routed is decided here; whether it
   is a port, an address, a host name is the model's business. */
#include "lower/guest_json.h"

#include "lower/tree_place.h"
#include "support/cidr.h"
#include "support/nearest.h"

struct guests {
    struct guest_world world;
    struct lower l;
    struct table names; /* of services, in small letters → the tree that gave it */
    struct nodes routes, agents;
    struct tree *first_agent;
};

struct guest {
    struct tree *map, *service, *name, *port;
    struct span span; /* what names the guest */
    bool machine, internal;
    struct str scheme;
    struct tree *scheme_at;
};

/* ---- what a guest may get wrong ---- */

static struct diag *tell_missing(struct guests *g, struct span span, const char *key,
                                 const char *help) {
    struct diag *d = diag_add(g->l.diags, DIAG_GUEST_MISSING, span,
                              "this guest is routed, but has no `%s`", key);
    diag_help(g->l.diags, d, "%s", help);
    return d;
}

/* What its original does not survive. */
static void tell_unaddressed(struct guests *g, struct span span, const char *key,
                             const char *help) {
    struct diag *d = tell_missing(g, span, key, help);
    diag_effect(g->l.diags, d, "the generator of Phoenix would drop the routes of all guests");
}

/* A key of the map that is no other word of guests, and may stand for the one that is missing: told
   as that. Guests have many keys that are nothing to us. */
static bool is_slip(struct guests *g, const struct tree *map, const char *wanted) {
    static const char *const known[] = { "name", "port", "ports", "ip", "id", "vmid", "gw" };
    for (const struct tree_entry *e = tree_is(map, TREE_MAPPING) ? tree_entries(map) : NULL; e;
         e = e->next) {
        struct nearest near = { .wanted = tree_key(e) };
        bool other = str_is(near.wanted, wanted);
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            other = other || str_is(near.wanted, known[i]);
        nearest_offer(&near, str_of(wanted));
        if (other || !near.best.len || tree_get(map, str_of(wanted)))
            continue;
        struct diag *d = diag_add(g->l.diags, DIAG_FIELD_UNKNOWN, e->key->span,
                                  "there is no key `%.*s` here", STR_ARG(near.wanted));
        diag_effect(g->l.diags, d, "the generator of Phoenix passes it over");
        diag_suggest(g->l.diags, d, e->key->span, near.best);
        return true;
    }
    return false;
}

/* The value of a key, of that kind; NULL when it is absent, null or (told) something else. */
static struct tree *get(struct guests *g, const struct tree *map, const char *key,
                        enum field_kind kind, bool *bad) {
    struct tree *value = tree_get(map, str_of(key));
    if (!value || tree_is_null(value))
        return NULL;
    if (lower_kind(&g->l, value, str_of(key), kind))
        return value;
    *bad = true;
    return NULL;
}

static bool is_label(struct str text) {
    bool legal = text.len > 0 && text.len <= 63 && text.at[0] != '-' && !str_ends(text, STR("-"));
    for (size_t i = 0; i < text.len; i++)
        legal &= char_is_alnum(text.at[i]) || text.at[i] == '-';
    return legal;
}

static bool is_host(struct str text) {
    bool legal = text.len > 0;
    for (size_t i = 0; i < text.len; i++)
        legal &= char_is_alnum(text.at[i]) || text.at[i] == '-' || text.at[i] == '.';
    return legal;
}

/* A domain stands in the host of every guest; it is told here, once. */
static bool check_domain(struct guests *g, const struct tree *domain) {
    if (!domain || is_host(tree_text(domain)))
        return true;
    struct diag *d = diag_add(g->l.diags, DIAG_DOMAIN, domain->span, "`%.*s` is no host name",
                              STR_ARG(tree_text(domain)));
    diag_help(g->l.diags, d, "write a name such as example.com");
    return false;
}

static bool check_name(struct guests *g, const struct tree *name) {
    struct str text = tree_text(name);
    if (is_label(text))
        return true;
    struct diag *d =
        diag_add(g->l.diags, DIAG_DOMAIN, name->span,
                 "`%.*s` is no label of a host name: it has letters, digits and inner hyphens, "
                 "1 to 63 of them",
                 STR_ARG(text));
    diag_effect(g->l.diags, d, "no client could ask for this host");
    diag_help(g->l.diags, d, "write a label such as shop-1");
    return false;
}

/* Services share one set of names, whatever file they stand in. */
static bool name_is_new(struct guests *g, struct tree *name) {
    struct str text = tree_text(name);
    char *small = arena_alloc(g->l.arena, text.len + 1);
    for (size_t i = 0; i < text.len; i++)
        small[i] = char_lower(text.at[i]);
    void **slot = table_at(&g->names, (struct str){ small, text.len });
    if (*slot) {
        struct diag *d = diag_add(g->l.diags, DIAG_NAME_TAKEN, name->span,
                                  "two guests are served as `%.*s`", STR_ARG(text));
        diag_note_at(g->l.diags, d, ((struct tree *)*slot)->span, "the first is here");
        diag_effect(g->l.diags, d, "one of them would never be reached");
        return false;
    }
    *slot = name;
    return true;
}

/* Here and not in the model: it must be told even of a guest that gets no route. */
static bool check_port(struct guests *g, const struct tree *port) {
    struct str text = tree_text(port);
    uint64_t number;
    if (!str_to_uint(text, UINT64_MAX, &number)) {
        struct diag *d = diag_add(g->l.diags, DIAG_PORT, port->span,
                                  "`%.*s` is no port: it is a whole number", STR_ARG(text));
        diag_help(g->l.diags, d, "write a port from 1 to 65535");
        return false;
    }
    if (number < 1 || number > 65535) {
        diag_add(g->l.diags, DIAG_PORT_RANGE, port->span, "port %.*s is outside 1-65535",
                 STR_ARG(text));
        return false;
    }
    if (tree_scalar_kind(port) == SCALAR_TEXT) {
        struct diag *d =
            diag_add(g->l.diags, DIAG_GUEST_PORT_TEXT, port->span, "`port` is text, not a number");
        diag_help(g->l.diags, d, "write %.*s without quotes", STR_ARG(text));
        diag_fix_replace(g->l.diags, d, true, port->span, text);
    }
    return true;
}

/* Of an address the model judges the digits, when there is a route; `length`: what is behind the
   slash alone. */
static bool check_range(struct guests *g, const struct tree *ip, bool length) {
    struct cidr range;
    struct str text = tree_text(ip);
    size_t slash = str_find(text, '/');
    struct fault f = cidr_parse(text, &range);
    if (!f.error || (length && (slash == STR_NONE || f.from < slash)))
        return true;
    struct diag *d = diag_add(g->l.diags, DIAG_IP, tree_text_span(g->l.arena, ip, f.from, f.to),
                              "`%.*s` is no address: %s", STR_ARG(text), cidr_error_text(f.error));
    diag_help(g->l.diags, d, "write an address and the length of its network: 10.0.0.10/24");
    return false;
}

/* The text before the `/`, which must be an address. */
static struct tree *address_of(struct guests *g, const struct guest *guest) {
    bool bad = false;
    struct tree *network = get(g, guest->map, "network_config", FIELD_MAP, &bad);
    if (bad)
        return NULL;
    if (!network) {
        if (is_slip(g, guest->map, "network_config"))
            return NULL;
        tell_unaddressed(g, guest->span, "network_config",
                         "add \"network_config\": { \"ip\": \"10.0.0.10/24\" }");
        return NULL;
    }
    struct tree *ip = get(g, network, "ip", FIELD_TEXT, &bad);
    if (bad)
        return NULL;
    if (!ip) {
        if (is_slip(g, network, "ip"))
            return NULL;
        tell_unaddressed(g, network->span, "ip", "add \"ip\": \"10.0.0.10/24\"");
        return NULL;
    }
    struct str text = tree_text(ip);
    text = str_slice(text, 0, str_find(text, '/'));
    bool v6 = str_find(text, ':') != STR_NONE, v4 = !v6 && str_find(text, '.') != STR_NONE;
    for (size_t i = 0; v4 && i < text.len; i++)
        v4 = char_is_digit(text.at[i]) || text.at[i] == '.';
    if (v4 || v6)
        return check_range(g, ip, true) ? ip : NULL;
    struct diag *d = diag_add(g->l.diags, DIAG_IP, ip->span,
                              "`%.*s` is no address that a route can lead to", STR_ARG(text));
    diag_help(g->l.diags, d, "give the guest a fixed address: 10.0.0.10/24");
    return NULL;
}

static bool read_choice(struct guests *g, const struct tree *map, const char *key,
                        const char *const *words, size_t count, struct tree **out) {
    bool bad = false;
    *out = get(g, map, key, FIELD_TEXT, &bad);
    if (!*out)
        return !bad;
    struct nearest near = { .wanted = tree_text(*out) };
    for (size_t i = 0; i < count; i++) {
        if (str_is(near.wanted, words[i]))
            return true;
        nearest_offer(&near, str_of(words[i]));
    }
    struct buf known = { .arena = g->l.arena };
    for (size_t i = 0; i < count; i++)
        buf_format(&known, "%s`%s`", i == 0 ? "" : i + 1 < count ? ", " : " or ", words[i]);
    struct diag *d = diag_add(g->l.diags, DIAG_CHOICE, (*out)->span, "`%s` is %.*s, not `%.*s`",
                              key, STR_ARG(buf_str(&known)), STR_ARG(near.wanted));
    diag_suggest(g->l.diags, d, tree_text_span(g->l.arena, *out, 0, near.wanted.len), near.best);
    return false;
}

/* ---- routes ---- */

static bool is_plain(const struct guests *g) {
    return g->world.job->facts->plain_http;
}

static struct node *word(struct guests *g, const char *text, struct span span) {
    return lower_word(&g->l, str_of(text), span);
}

/* The words of the domains are names in braces, which a `let` above the routes gives. */
static struct node *braces(struct node *node) {
    node->kind = NODE_WORD;
    node->free_form = false;
    node_text(node)->has_braces = true;
    return node;
}

static struct node *host_word(struct guests *g, const struct guest *guest, const char *scheme) {
    struct join j = { .l = &g->l };
    if (*scheme)
        join_word(&j, str_of(scheme), guest->name->span);
    join_scalar(&j, guest->name);
    join_word(&j, guest->internal ? STR(".{internal}") : STR(".{external}"), guest->name->span);
    return braces(join_node(&j, guest->name->span));
}

/* `upstream ca FILE server-name HOST`: Phoenix's own authority signs what guests show. */
static struct node *upstream(struct guests *g, const char *ca, struct node *host,
                             struct span span) {
    struct nodes args = nodes_append((struct nodes){ 0 }, word(g, "ca", span));
    args = nodes_append(args, word(g, ca, span));
    if (host) {
        args = nodes_append(args, word(g, "server-name", span));
        args = nodes_append(args, host);
    }
    return lower_setting(&g->l, "upstream", span, args, NULL);
}

static struct node *named(struct guests *g, const char *setting, const struct tree *name,
                          const char *ending) {
    struct join j = { .l = &g->l };
    join_scalar(&j, name);
    join_word(&j, str_of(ending), name->span);
    return lower_setting_one(&g->l, setting, name->span, join_node(&j, name->span));
}

static struct node *route(struct guests *g, struct span span, struct node *pattern,
                          struct node *target, struct nodes settings) {
    struct nodes patterns = { pattern, pattern };
    struct node *to = ast_target(g->l.arena, target->span, target, NULL);
    struct node *pool = ast_pool(g->l.arena, target->span, (struct nodes){ to, to });
    return ast_route(g->l.arena, span, patterns, (struct nodes){ 0 }, (struct nodes){ pool, pool },
                     lower_block(&g->l, span, settings, false));
}

/* `https://10.0.0.10:9443` */
static struct node *target_word(struct guests *g, struct str scheme, struct span scheme_at,
                                const struct tree *ip, const struct tree *port) {
    struct join j = { .l = &g->l };
    struct str text = tree_text(ip);
    size_t end = str_find(text, '/');
    bool v6 = str_find(text, ':') != STR_NONE;
    join_word(&j, str_format(g->l.arena, "%.*s://%s", STR_ARG(scheme), v6 ? "[" : ""), scheme_at);
    join_slice(&j, ip, 0, end == STR_NONE ? text.len : end);
    join_word(&j, v6 ? STR("]:") : STR(":"), ip->span);
    if (port)
        join_scalar(&j, port);
    else
        join_word(&j, STR("9001"), ip->span); /* where Portainer's agents listen */
    return join_node(&j, ip->span);
}

static struct node *resolver(struct guests *g, const char *name, struct span span) {
    return lower_setting_one(&g->l, "resolver", span, word(g, name, span));
}

static void add_service(struct guests *g, const struct guest *guest, const struct tree *ip) {
    struct span span = tree_whole(guest->service);
    struct node *target = target_word(
        g, guest->scheme, guest->scheme_at ? guest->scheme_at->span : ip->span, ip, guest->port);
    struct nodes settings =
        nodes_append((struct nodes){ 0 }, named(g, "name", guest->name, "-router"));
    settings = nodes_append(settings, named(g, "backend", guest->name, "-service"));
    if (guest->internal && !is_plain(g))
        settings = nodes_append(settings, resolver(g, "internal-resolver", guest->name->span));
    if (str_is(guest->scheme, "https"))
        settings = nodes_append(settings,
                                is_plain(g) ? upstream(g, "/etc/step-ca/ssl/phoenix_root_ca.crt",
                                                       NULL, guest->name->span)
                                            : upstream(g, "/etc/step-ca/ssl/phoenix_ca.crt",
                                                       host_word(g, guest, ""), guest->name->span));
    struct node *pattern = host_word(g, guest, is_plain(g) ? "http://" : "https://");
    struct node *node = route(g, span, pattern, target, settings);
    g->routes = nodes_append(g->routes, node);
}

static void read_service(struct guests *g, struct guest *guest) {
    static const char *const exposures[] = { "external", "internal" };
    static const char *const schemes[] = { "http", "https", "h2c" };
    bool bad = false;
    struct tree *exposure;
    guest->name = get(g, guest->service, "name", FIELD_TEXT, &bad);
    if (!guest->name && !bad && !is_slip(g, guest->service, "name"))
        tell_missing(g, guest->service->span, "name",
                     "add \"name\": with the first label of its host");
    guest->port = get(g, guest->service, "port", FIELD_SCALAR, &bad);
    if (!guest->port && !bad && !is_slip(g, guest->service, "port"))
        tell_missing(g, guest->service->span, "port",
                     "add \"port\": with the number it listens on");
    is_slip(g, guest->service, "exposure");
    is_slip(g, guest->service, "scheme");
    bool good = !guest->port || check_port(g, guest->port);
    good &= read_choice(g, guest->service, "exposure", exposures, 2, &exposure);
    good &= read_choice(g, guest->service, "scheme", schemes, 3, &guest->scheme_at);
    guest->internal = is_plain(g) || str_is(tree_text(exposure), "internal");
    guest->scheme = guest->scheme_at ? tree_text(guest->scheme_at)
                    : guest->machine ? STR("https")
                                     : STR("http");
    if (guest->name)
        good &= check_name(g, guest->name) && name_is_new(g, guest->name);
    struct tree *ip = address_of(g, guest);
    if (good && guest->name && guest->port && ip)
        add_service(g, guest, ip);
    else if (ip)
        check_range(g, ip, false);
}

static struct str name_of_host(struct guests *g, struct str host) {
    char *name = arena_alloc(g->l.arena, host.len + 1);
    for (size_t i = 0; i < host.len; i++)
        name[i] = host.at[i] == '.' ? '-' : host.at[i];
    return (struct str){ name, host.len };
}

/* The first agent has the generator's one name, the others are named after their guests. */
static struct node *agent_name(struct guests *g, const struct guest *guest,
                               const struct tree *host) {
    struct span span = host->span;
    struct tree *name = tree_get(guest->map, STR("name")), *id = tree_get(guest->map, STR("vmid"));
    struct str text = is_label(tree_text(name)) ? tree_text(name)
                      : is_label(tree_text(id)) ? tree_text(id)
                                                : name_of_host(g, tree_text(host));
    struct node *value;
    if (!g->first_agent)
        value = word(g, "portainer-agent-internal-router", span);
    else
        value = lower_word(
            &g->l, str_format(g->l.arena, "portainer-agent-%.*s-internal-router", STR_ARG(text)),
            span);
    return lower_setting_one(&g->l, "name", span, value);
}

static void tell_second_agent(struct guests *g, const struct tree *host) {
    struct diag *d = diag_add(g->l.diags, DIAG_GUEST_AGENTS, host->span,
                              "the generator of Phoenix gives each agent of Portainer the same "
                              "router name");
    diag_note_at(g->l.diags, d, g->first_agent->span, "the first agent is here");
    diag_effect(g->l.diags, d,
                "there, only one of them is reached; here each is named after its guest");
}

static void read_agent(struct guests *g, const struct guest *guest) {
    bool bad = false;
    struct tree *role = tree_get(guest->map, STR("portainer_role"));
    if (is_plain(g) || !str_is(tree_text(role), "agent"))
        return;
    struct tree *host = get(g, guest->map, "portainer_agent_hostname", FIELD_TEXT, &bad);
    if (!host || tree_text(host).len == 0)
        return;
    if (!check_domain(g, host))
        return;
    struct tree *ip = address_of(g, guest);
    if (!ip)
        return;
    if (g->first_agent)
        tell_second_agent(g, host);
    struct join j = { .l = &g->l };
    join_word(&j, STR("https://"), host->span);
    join_scalar(&j, host);
    struct node *pattern = join_node(&j, host->span);
    struct nodes settings = nodes_append((struct nodes){ 0 }, agent_name(g, guest, host));
    settings = nodes_append(settings, resolver(g, "internal-resolver", host->span));
    settings = nodes_append(settings, upstream(g, "/etc/step-ca/ssl/phoenix_ca.crt",
                                               lower_text(&g->l, host), host->span));
    g->first_agent = g->first_agent ? g->first_agent : host;
    struct node *target = target_word(g, STR("https"), host->span, ip, NULL);
    g->agents = nodes_append(g->agents, route(g, guest->span, pattern, target, settings));
}

static void read_guest(struct guests *g, struct tree *map, struct span span, bool machine) {
    struct guest guest = { .map = map, .span = span, .machine = machine };
    if (!tree_is(map, TREE_MAPPING)) {
        struct diag *d = diag_add(g->l.diags, DIAG_FIELD_KIND, map->span,
                                  "a guest must be a mapping, not %s", tree_kind_name(map));
        diag_effect(g->l.diags, d, "what it should say is not known");
        diag_help(g->l.diags, d, "write { \"name\": … } with the guest's keys, or remove it");
        return;
    }
    bool routed = true;
    guest.service = tree_get(map, STR("traefik_service"));
    is_slip(g, map, "traefik_service");
    if (machine) {
        is_slip(g, map, "portainer_role");
        is_slip(g, map, "portainer_agent_hostname");
    }
    if (!guest.service || tree_is_null(guest.service) ||
        (tree_to_bool(guest.service, &routed) && !routed))
        guest.service = NULL;
    if (guest.service && lower_kind(&g->l, guest.service, STR("traefik_service"), FIELD_MAP))
        read_service(g, &guest);
    if (machine)
        read_agent(g, &guest);
}

/* ---- files ---- */

static void read_guests(struct guests *g, enum guest_part part) {
    bool machines = part == GUEST_MACHINES;
    const char *key = machines ? "vms" : "lxc_configs";
    struct tree_file *file = g->world.files[part];
    if (!file)
        return;
    struct tree *all = tree_get(file->root, str_of(key));
    if (!all) {
        const struct tree_entry *first = tree_entries(file->root);
        struct nearest near = { .wanted = str_of(key) };
        const struct tree_entry *best = NULL;
        for (const struct tree_entry *e = first; e; e = e->next)
            if (nearest_offer(&near, tree_key(e)), str_eq(near.best, tree_key(e)))
                best = e;
        struct diag *d = diag_add(g->l.diags, DIAG_GUEST_MISSING,
                                  best && near.best.len ? best->key->span : file->root->span,
                                  "there is no `%s` in this file, so it has no guests", key);
        if (best && near.best.len)
            diag_suggest(g->l.diags, d, best->key->span, str_of(key));
        return;
    }
    if (!lower_kind(&g->l, all, str_of(key), machines ? FIELD_MAPS : FIELD_MAP))
        return;
    for (const struct tree_entry *e = tree_entries(all); e; e = e->next) {
        struct tree *map = tree_value(e);
        struct tree *name = tree_get(map, STR("name"));
        struct span span = e->key ? e->key->span : name ? name->span : map->span;
        read_guest(g, map, span, machines);
    }
}

/* Traefik's own host, which exists so that it fetches its certificate. */
static struct node *own_route(struct guests *g) {
    struct span span = g->world.internal_at ? g->world.internal_at->span : g->world.start;
    struct node *pattern = braces(lower_word(
        &g->l, is_plain(g) ? STR("http://traefik.{internal}") : STR("https://traefik.{internal}"),
        span));
    struct node *name =
        word(g, is_plain(g) ? "traefik-dashboard-router" : "traefik-internal-router", span);
    struct nodes settings =
        nodes_append((struct nodes){ 0 }, lower_setting_one(&g->l, "name", span, name));
    if (!is_plain(g))
        settings = nodes_append(settings, resolver(g, "internal-resolver", span));
    return route(g, span, pattern, word(g, is_plain(g) ? "api@internal" : "noop@internal", span),
                 settings);
}

static struct str option(struct guests *g, const char *key, const char *constant,
                         struct tree **at) {
    struct tree_file *file = g->world.files[GUEST_HYPERVISOR];
    bool bad = false;
    *at = file ? get(g, file->root, key, FIELD_TEXT, &bad) : NULL;
    return *at ? tree_text(*at) : str_of(constant);
}

static void read_world(struct guests *g) {
    struct guest_world *w = &g->world;
    struct tree_file *file = w->files[GUEST_HYPERVISOR];
    w->internal = option(g, "internal_domain_name", "internal.thinkheads.ai", &w->internal_at);
    w->ca_url = option(g, "ca_url", "https://ca.internal.thinkheads.ai:9000", &w->ca_url_at);
    w->email = option(g, "acme_email", "admin@thinkheads.ai", &w->email_at);
    option(g, "external_ca_url", "", &w->external_ca);
    if (!check_domain(g, w->internal_at)) {
        w->internal = STR("internal.thinkheads.ai");
        w->internal_at = NULL;
    }
    bool bad = false;
    w->external = file ? get(g, file->root, "domain_name", FIELD_TEXT, &bad) : NULL;
    if (!check_domain(g, w->external)) {
        w->external = NULL;
        return;
    }
    if (w->external || bad || is_plain(g) || (file && is_slip(g, file->root, "domain_name")))
        return;
    struct diag *d = diag_add(g->l.diags, DIAG_GUEST_MISSING, file ? file->root->span : w->start,
                              "nothing says the external domain that guests are served below");
    diag_help(g->l.diags, d,
              file ? "add \"domain_name\": \"example.com\""
                   : "give phoenix_hypervisor_config.json, too; its `domain_name` says it");
}

static struct node *let(struct guests *g, const char *name, struct str text,
                        const struct tree *at) {
    struct span span = at ? at->span : g->world.start;
    return ast_let(g->l.arena, span, word(g, name, span),
                   at ? lower_text(&g->l, at) : lower_word(&g->l, text, span));
}

/* `defaults https { resolver external-resolver; no-redirect }`: the original makes no redirects. */
static struct node *defaults(struct guests *g) {
    struct span span = g->world.start;
    struct node *mode = word(g, "https", span);
    struct nodes body = nodes_append((struct nodes){ 0 }, resolver(g, "external-resolver", span));
    body = nodes_append(body, lower_setting(&g->l, "no-redirect", span, (struct nodes){ 0 }, NULL));
    return lower_setting(&g->l, "defaults", span, (struct nodes){ mode, mode },
                         lower_block(&g->l, span, body, true));
}

static void append(struct ast *ast, struct nodes more) {
    if (!more.head)
        return;
    more.head->blank_before = ast->body.head != NULL;
    if (ast->body.tail)
        ast->body.tail->next = more.head;
    else
        ast->body.head = more.head;
    ast->body.tail = more.tail;
}

static struct nodes one(struct node *node) {
    return (struct nodes){ node, node };
}

static bool is_read(struct str key) {
    static const char *const keys[] = { "lxc_configs",    "vms",
                                        "name",           "vmid",
                                        "network_config", "traefik_service",
                                        "portainer_role", "portainer_agent_hostname",
                                        "$schema" };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (str_is(key, keys[i]))
            return true;
    return false;
}

/* The keys of one mapping that no route depends on, each once a file. */
static void lose_keys(struct guests *g, struct table *seen, const struct tree *map) {
    for (const struct tree_entry *e = tree_is(map, TREE_MAPPING) ? tree_entries(map) : NULL; e;
         e = e->next) {
        void **slot = is_read(tree_key(e)) ? NULL : table_at(seen, tree_key(e));
        if (!slot || *slot)
            continue;
        *slot = g;
        lower_lose(&g->l, tree_value(e), "no route depends on it");
    }
}

static void lose_rest(struct guests *g, enum guest_part part, const char *key) {
    struct tree_file *file = g->world.files[part];
    struct tree *all = file ? tree_get(file->root, str_of(key)) : NULL;
    struct table seen = { .arena = g->l.arena }, inside = { .arena = g->l.arena };
    if (!g->l.losses || !file)
        return;
    lose_keys(g, &seen, file->root);
    for (const struct tree_entry *e = all ? tree_entries(all) : NULL; e; e = e->next)
        lose_keys(g, &inside, tree_value(e));
}

static void take_files(struct guests *g) {
    for (struct import_file *f = g->world.job->files; f; f = f->next) {
        struct tree_file **slot = &g->world.files[f->part];
        if (*slot) {
            struct diag *d =
                diag_add(g->l.diags, DIAG_KIND_TWICE, span_of(f->tree->source, 0, 0),
                         "this file and %.*s are of one kind", STR_ARG((*slot)->source->name));
            diag_help(g->l.diags, d, "give one of them");
        } else {
            *slot = f->tree;
        }
    }
}

static struct ast *read_phoenix(struct import_job *job) {
    struct guests g = { .world = { .job = job }, .names.arena = job->arena };
    struct source *first = job->files->tree->source;
    struct ast *ast = arena_new(job->arena, struct ast);
    ast->arena = job->arena;
    ast->source = first;
    g.l = (struct lower){
        .arena = job->arena, .diags = job->diags, .source = first, .losses = job->losses
    };
    g.world.start = span_of(first, 0, 0);
    take_files(&g);
    read_world(&g);
    read_guests(&g, GUEST_MACHINES);
    read_guests(&g, GUEST_CONTAINERS);
    struct nodes lets = { 0 };
    if (g.world.external && !is_plain(&g))
        lets = nodes_append(lets, let(&g, "external", STR(""), g.world.external));
    lets = nodes_append(lets, let(&g, "internal", g.world.internal, g.world.internal_at));
    append(ast, lets);
    append(ast, guest_proxy(&g.world));
    if (!is_plain(&g))
        append(ast, one(defaults(&g)));
    if (g.world.external || is_plain(&g))
        append(ast, g.routes);
    append(ast, g.agents);
    append(ast, one(own_route(&g)));
    lose_rest(&g, GUEST_MACHINES, "vms");
    lose_rest(&g, GUEST_CONTAINERS, "lxc_configs");
    return ast;
}

/* ---- which files these are ---- */

static enum import_fit fit(const struct tree_file *file, unsigned *part) {
    static const struct {
        const char *name, *key;
    } parts[] = {
        [GUEST_CONTAINERS] = { "phoenix_lxc_configs.json", "lxc_configs" },
        [GUEST_MACHINES] = { "phoenix_vm_configs.json", "vms" },
        [GUEST_HYPERVISOR] = { "phoenix_hypervisor_config.json", "domain_name" },
    };
    enum import_fit best = FIT_NONE;
    for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *const keys[] = { parts[i].key, NULL };
        enum import_fit one_fit = import_fit_of(import_has_key(file, keys),
                                                str_is(import_base_name(file), parts[i].name));
        if (one_fit > best) {
            best = one_fit;
            *part = i;
        }
    }
    static const char *const fixed[] = { "entryPoints", "providers", "certificatesResolvers",
                                         NULL };
    bool placeholder = str_find_str(file->source->text, STR("__CA_URL__")) != STR_NONE;
    bool named = str_ends(file->source->name, STR(".template"));
    if (best == FIT_NONE && import_has_key(file, fixed) && (placeholder || named)) {
        best = FIT_BOTH;
        *part = GUEST_TEMPLATE;
    }
    return best;
}

const struct importer importer_phoenix_guests = {
    .name = "phoenix-guests",
    .gist = "`lxc_configs`, `vms`, `domain_name` (guests of Phoenix)",
    .together = true,
    .guests = true,
    .fit = fit,
    .read = read_phoenix,
};
