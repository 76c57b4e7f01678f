/* Certificates: the names on them, whether they cover the hosts, and whether the resolver can issue
 * them. */
#include "model/conflicts.h"
#include "model/domain.h"
#include "options/readymade.h"

enum { MOST_NAMES = 100 };

/* What routes have that name no resolver, where the ready-made proxy is in view. */
#define STACK_RESOLVER "letsencrypt"

struct certificate {
    struct program *program;
    struct resolvers *resolvers;
    struct route *route;
    const struct setting *cert;  /* the names written out, or NULL */
    struct setting *resolver;    /* the resolver's declaration, or NULL when it is not in view */
    const struct setting *stack; /* else `stack itsup N`, whose own resolver it is */
    bool chosen;                 /* the route, or its mode's defaults, name the resolver */
};

/* ---- the resolvers in view ---- */

/* What a resolver says it is `for`. */
struct zone {
    struct setting *resolver;
    const struct setting *said;
    size_t order; /* of all zones as they are written */
};

struct resolvers {
    struct arena *arena;
    struct table by_name;        /* → struct setting */
    struct table zones;          /* as written, with their "*." → struct zone */
    struct table told;           /* templates whose instances ask for many, by their pattern */
    const struct setting *stack; /* `stack itsup N`, or NULL */
};

static void add_resolver(struct resolvers *all, struct setting *resolver) {
    struct setting **slot =
        (struct setting **)table_at(&all->by_name, setting_word(resolver, "name"));
    if (!*slot)
        *slot = resolver;
    const struct setting *said = settings_find(resolver->children, SETTING_RESOLVER_FOR);
    for (size_t i = 0; said && i < said->slots[0].count; i++) {
        struct zone **zone = (struct zone **)table_at(&all->zones, said->slots[0].texts[i].s);
        if (*zone)
            continue;
        *zone = arena_new(all->arena, struct zone);
        **zone = (struct zone){ resolver, said, all->zones.count };
    }
}

static struct resolvers resolvers_of(struct program *program) {
    struct resolvers all = { .arena = program->arena };
    all.by_name.arena = all.zones.arena = all.told.arena = program->arena;
    for (struct setting *s = program->model->settings.head; s; s = s->next)
        for (struct setting *r = s->vocable->id == SETTING_FILE_PROXY ? s->children : NULL; r;
             r = r->next)
            if (r->vocable->id == SETTING_PROXY_RESOLVER)
                add_resolver(&all, r);
            else if (r->vocable->id == SETTING_PROXY_STACK)
                all.stack = r;
    return all;
}

/* The zone that is written first among those around the name. */
static const struct zone *zone_around(const struct resolvers *all, struct str name) {
    const struct zone *first = NULL;
    for (struct str rest = name; all->zones.count;) {
        const struct zone *zone = table_get(&all->zones, rest);
        if (zone && (!first || zone->order < first->order))
            first = zone;
        size_t dot = str_find(rest, '.');
        if (dot == STR_NONE)
            break;
        rest = str_from(rest, dot + 1);
        char below[2 + 253] = "*.";
        if (rest.len == 0 || rest.len > sizeof below - 2)
            continue;
        memcpy(below + 2, rest.at, rest.len);
        zone = table_get(&all->zones, (struct str){ below, 2 + rest.len });
        if (zone && (!first || zone->order < first->order))
            first = zone;
    }
    return first;
}

/* ---- names ---- */

static bool is_covered(const struct slot *names, struct str host) {
    for (size_t i = 0; i < names->count; i++)
        if (domain_covers(names->texts[i].s, host))
            return true;
    return false;
}

static void check_names(struct certificate *c) {
    const struct slot *names = &c->cert->slots[0];
    struct diags *diags = c->program->diags;
    struct table seen = { .arena = c->program->arena };
    for (size_t i = 0; i < names->count; i++) {
        const struct text *name = &names->texts[i];
        const struct text **slot = (const struct text **)table_at(&seen, name->s);
        if (*slot) {
            struct diag *d =
                diag_add(diags, DIAG_HOST_TWICE, name->span,
                         "the name `%.*s` stands twice on one certificate", STR_ARG(name->s));
            diag_note_at(diags, d, (*slot)->span, "first named here");
            diag_help(diags, d, "remove one of them");
            continue;
        }
        *slot = name;
    }
    for (size_t i = 0; i < names->count; i++) {
        struct str name = names->texts[i].s;
        size_t dot = str_find(name, '.');
        if (dot == STR_NONE || str_starts(name, STR("*.")))
            continue;
        struct str wildcard = str_format(c->program->arena, "*%.*s", STR_ARG(str_from(name, dot)));
        const struct text *cover = table_get(&seen, wildcard);
        if (cover && table_get(&seen, name) == &names->texts[i]) {
            struct diag *d =
                diag_add(diags, DIAG_CERT_REDUNDANT, names->texts[i].span,
                         "`%.*s` is covered by `%.*s` already", STR_ARG(name), STR_ARG(wildcard));
            diag_help(diags, d, "drop the name");
        }
    }
    if (names->count > MOST_NAMES)
        diag_add(diags, DIAG_CERT_NAMES, c->cert->span,
                 "%u names on one certificate; %d is the most", names->count, MOST_NAMES);
}

static void check_coverage(struct certificate *c) {
    struct diags *diags = c->program->diags;
    const struct slot *names = &c->cert->slots[0];
    for (const struct host *h = c->route->hosts; h; h = h->next) {
        if (h->any || h->opaque || is_covered(names, h->name))
            continue;
        struct diag *d = diag_add(diags, DIAG_CERT_UNCOVERED, c->cert->span,
                                  "the certificate does not cover `%.*s`", STR_ARG(h->name));
        diag_level(diags, d, LEVEL_ERROR);
        diag_note_at(diags, d, h->span, "routed here");
        diag_effect(diags, d, "clients of that host would be shown a certificate of another name");
        diag_help(diags, d,
                  "add the name; a wildcard covers one label, not the name below the star");
    }
}

static void check_wildcard(struct certificate *c, struct str name, struct span span) {
    struct diags *diags = c->program->diags;
    bool able = c->resolver && (settings_find(c->resolver->children, SETTING_RESOLVER_DNS01) ||
                                str_is(setting_word(c->resolver, "kind"), "tailscale"));
    if ((!c->resolver && !c->stack) || able || !str_starts(name, STR("*.")))
        return;
    struct str resolver = c->resolver ? setting_word(c->resolver, "name") : STR(STACK_RESOLVER);
    struct diag *d = diag_add(diags, DIAG_CERT_WILDCARD, span,
                              "the resolver `%.*s` cannot issue a certificate for `%.*s`",
                              STR_ARG(resolver), STR_ARG(name));
    if (!c->chosen) /* itsUP has no words for a resolver: the certificate may be there */
        diag_level(diags, d, LEVEL_WARNING);
    if (c->resolver)
        diag_note_at(diags, d, c->resolver->name_span, "declared here, without dns-01");
    else
        diag_note_at(diags, d, c->stack->span, "the stack brings it, without dns-01");
    diag_effect(
        diags, d,
        "authorities give wildcards by DNS challenge only; clients would see the default certificate");
    diag_help(diags, d, "name a resolver with `%s`",
              source_is_foreign(diags->sources, span.start) ? "acme.dnsChallenge"
                                                            : "dns-01 PROVIDER");
}

/* Names of a zone that a resolver says it is `for` are issued by it, and by no other. */
static void check_zone(struct certificate *c, struct str name, struct span span) {
    struct diags *diags = c->program->diags;
    struct str mine = setting_word(c->resolver, "name");
    const struct setting *zone = settings_find(c->resolver->children, SETTING_RESOLVER_FOR);
    if (zone) {
        for (size_t i = 0; i < zone->slots[0].count; i++)
            if (domain_is_within(name, zone->slots[0].texts[i].s))
                return;
        struct diag *d =
            diag_add(diags, DIAG_CERT_ZONE, span, "`%.*s` is no name of the resolver `%.*s`",
                     STR_ARG(name), STR_ARG(mine));
        diag_note_at(diags, d, zone->span, "its zone is declared here");
        diag_help(diags, d, "name another resolver");
        return;
    }
    const struct zone *other = zone_around(c->resolvers, name);
    if (!other)
        return;
    struct str theirs = setting_word(other->resolver, "name");
    struct diag *d = diag_add(diags, DIAG_CERT_ZONE, span,
                              "`%.*s` belongs to the resolver `%.*s`, not to `%.*s`", STR_ARG(name),
                              STR_ARG(theirs), STR_ARG(mine));
    diag_note_at(diags, d, other->said->span, "its zone is declared here");
    diag_effect(diags, d, "the other authority does not know this name and would refuse it");
    diag_help(diags, d, "write `resolver %.*s`", STR_ARG(theirs));
}

static void check_issue(struct certificate *c, struct str name, struct span span) {
    check_wildcard(c, name, span);
    if (c->resolver)
        check_zone(c, name, span);
}

/* ---- instances of a template ---- */

/* Whether the wildcard above the name is one that somebody may have. */
static bool has_wildcard(struct arena *a, const struct host *h) {
    size_t dot = str_find(h->name, '.');
    return dot != STR_NONE && !h->any && !h->opaque && !h->wildcard &&
           !domain_is_public_suffix_like(str_format(a, "*%.*s", STR_ARG(str_from(h->name, dot))));
}

/* Let's Encrypt counts orders; an authority of one's own does not. */
static bool is_counted(const struct setting *resolver) {
    const struct setting *ca = settings_find(resolver->children, SETTING_RESOLVER_CA);
    struct str url = ca && ca->slot_count && ca->slots[0].count ? ca->slots[0].texts[0].s : STR("");
    return str_is(setting_word(resolver, "kind"), "acme") &&
           (!url.len || (str_find_str(url, STR("letsencrypt.org")) != STR_NONE &&
                         str_find_str(url, STR("staging")) == STR_NONE));
}

static void tell_orders(struct certificate *c) {
    struct diags *diags = c->program->diags;
    const void **slot = (const void **)table_at(
        &c->resolvers->told, (struct str){ (const char *)&c->route->span, sizeof c->route->span });
    if (*slot)
        return;
    *slot = c;
    struct diag *d = diag_add(diags, DIAG_CERT_RATE, c->route->span,
                              "each instance of this template asks for a certificate of its own");
    diag_effect(diags, d, "Let's Encrypt issues 50 new ones for one domain in 7 days");
    diag_help(diags, d,
              c->route->varying == VARYING_MORE
                  ? "let the parameters stand in the host's first label alone, and name a resolver "
                    "with `dns-01 PROVIDER`: one wildcard then serves all"
                  : "name a resolver with `dns-01 PROVIDER`: one wildcard then serves all");
}

static void check_instances(struct certificate *c) {
    if (c->route->varying == VARYING_NOTHING || !c->resolver)
        return;
    bool able = settings_find(c->resolver->children, SETTING_RESOLVER_DNS01) != NULL &&
                c->route->varying == VARYING_LABEL;
    for (const struct host *h = c->route->hosts; h && able; h = h->next)
        able = has_wildcard(c->program->arena, h);
    c->route->one_certificate = able;
    if (!able && is_counted(c->resolver))
        tell_orders(c);
}

static struct certificate certificate_of(struct program *program, struct resolvers *resolvers,
                                         struct route *route) {
    struct certificate c = { .program = program, .resolvers = resolvers, .route = route };
    const struct setting *resolver = route_setting(program, route, SETTING_ROUTE_RESOLVER);
    c.cert = settings_find(route->settings, SETTING_ROUTE_CERT);
    struct str name = resolvers->stack && program->stack > 1 ? STR(STACK_RESOLVER) : STR("");
    if (resolver && resolver->slot_count && resolver->slots[0].count)
        name = resolver->slots[0].texts[0].s;
    c.chosen = resolver != NULL;
    c.resolver = table_get(&resolvers->by_name, name);
    if (!c.resolver && readymade_find(program->stack, READYMADE_RESOLVER, name))
        c.stack = resolvers->stack;
    return c;
}

static void check_certificate(struct program *program, struct resolvers *resolvers,
                              struct route *route) {
    struct certificate c = certificate_of(program, resolvers, route);
    if (c.cert && c.cert->poisoned)
        return;
    if (c.cert && c.cert->slot_count) {
        check_names(&c);
        if (c.cert->slots[0].count > MOST_NAMES)
            return;
        check_coverage(&c);
        for (size_t i = 0; i < c.cert->slots[0].count; i++)
            check_issue(&c, c.cert->slots[0].texts[i].s, c.cert->slots[0].texts[i].span);
        return;
    }
    for (const struct host *h = route->hosts; h; h = h->next)
        if (!h->any && !h->opaque)
            check_issue(&c, h->name, h->span);
    check_instances(&c);
}

void check_certificates(struct program *program) {
    struct resolvers resolvers = resolvers_of(program);
    for (const struct project *p = program->model->projects; p; p = p->next)
        for (struct route *r = p->disabled ? NULL : p->routes; r; r = r->next)
            if (mode_infos[r->mode].ends_tls)
                check_certificate(program, &resolvers, r);
    for (struct route *r = program->model->samples; r; r = r->next) {
        struct certificate c = certificate_of(program, &resolvers, r);
        if (mode_infos[r->mode].ends_tls && !c.cert)
            check_instances(&c);
    }
}
