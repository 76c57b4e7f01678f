/* Two routes that want one port or the same requests; one table per question, no pairwise pass. */
#include "model/conflicts.h"

#include "model/services.h"
#include "options/readymade.h"
#include "support/buf.h"

/* ---- where routes listen ---- */

/* Of two by one name the later one is said over the earlier, which a ready-made proxy has. */
static void add_entry(struct program *program, struct entries *entries, struct entry entry) {
    void **slot = table_at(&entries->names, entry.name);
    struct entry *kept = *slot;
    if (kept) {
        kept->port = entry.port;
        kept->is_udp = entry.is_udp;
        kept->is_default |= entry.is_default;
        kept->redirects |= entry.redirects;
        return;
    }
    *slot = kept = arena_new(program->arena, struct entry);
    *kept = entry;
    if (entries->last)
        entries->last->next = kept;
    else
        entries->list = kept;
    entries->last = kept;
}

static struct entry read_entry(const struct setting *s) {
    struct entry entry = { .name = setting_word(s, "name"), .span = s->span };
    struct str address = setting_word(s, "address");
    size_t slash = str_find_last(address, '/');
    if (slash != STR_NONE) {
        entry.is_udp = str_is(str_from(address, slash + 1), "udp");
        address = str_slice(address, 0, slash);
    }
    size_t colon = str_find_last(address, ':');
    uint64_t port;
    if (colon != STR_NONE && str_to_uint(str_from(address, colon + 1), 65535, &port))
        entry.port = (uint16_t)port;
    entry.redirects = settings_find(s->children, SETTING_ENTRYPOINT_REDIRECT) != NULL;
    entry.is_default = settings_find(s->children, SETTING_ENTRYPOINT_DEFAULT) != NULL;
    return entry;
}

static const struct entry *entry_named(const struct entries *entries, struct str name) {
    return table_get(&entries->names, name);
}

/* Those of `stack itsup N`, unless the proxy writes one of that name itself. */
static void add_readymade(struct program *program, struct entries *entries,
                          const struct setting *stack) {
    for (size_t i = 0; i < readymade_count; i++) {
        const struct readymade *row = &readymades[i];
        if (row->kind != READYMADE_ENTRYPOINT || !(row->generations >> program->stack & 1) ||
            entry_named(entries, row->name))
            continue;
        struct entry entry = { .name = row->name, .span = stack->span, .readymade = true };
        uint64_t port;
        if (str_to_uint(str_from(row->address, str_find_last(row->address, ':') + 1), 65535, &port))
            entry.port = (uint16_t)port;
        add_entry(program, entries, entry);
    }
}

struct entries entries_of(struct program *program) {
    struct entries entries = { .names.arena = program->arena, .assumed = true };
    for (struct setting *s = program->model->settings.head; s; s = s->next) {
        if (s->vocable->id != SETTING_FILE_PROXY)
            continue;
        entries.assumed = false;
        for (struct setting *e = s->children; e; e = e->next)
            if (e->vocable->id == SETTING_PROXY_ENTRYPOINT)
                add_entry(program, &entries, read_entry(e));
        const struct setting *stack = settings_find(s->children, SETTING_PROXY_STACK);
        if (stack)
            add_readymade(program, &entries, stack);
        entries.assumed = !entries.list && program->stack == 1; /* its proxy is not in view */
    }
    if (entries.assumed) {
        add_entry(program, &entries, (struct entry){ .name = STR("web"), .port = 80 });
        add_entry(program, &entries,
                  (struct entry){ .name = STR("websecure"), .port = 443, .is_default = true });
    }
    return entries;
}

static const struct entry *only_on(const struct entries *entries, uint16_t a, uint16_t b) {
    const struct entry *found = NULL;
    for (const struct entry *e = entries->list; e; e = e->next)
        if (!e->is_udp && (e->port == a || e->port == b)) {
            if (found)
                return NULL;
            found = e;
        }
    return found;
}

const struct entry *entry_of_mode(const struct entries *entries, enum mode mode) {
    const struct entry *entry = NULL;
    if (mode == MODE_HTTP) {
        entry = entry_named(entries, STR("web"));
        return entry ? entry : only_on(entries, 80, 8080);
    }
    for (const struct entry *e = entries->list; e; e = e->next)
        if (e->is_default)
            return e;
    entry = entry_named(entries, STR("websecure"));
    if (!entry)
        entry = entry_named(entries, STR("web-secure"));
    return entry ? entry : only_on(entries, 443, 8443);
}

const struct setting *route_setting(const struct program *program, const struct route *route,
                                    int id) {
    const struct setting *own = settings_find(route->settings, id);
    if (own)
        return own;
    return program->model->defaults ? program->model->defaults[route->mode][id] : NULL;
}

/* Of several `defaults` of one mode the first to say something holds. */
void model_index_defaults(struct model *model) {
    for (struct setting *s = model->settings.head; s; s = s->next) {
        if (s->vocable->id != SETTING_FILE_DEFAULTS)
            continue;
        enum mode mode = mode_find(setting_word(s, "mode"));
        if (mode == MODE_UNKNOWN)
            continue;
        if (!model->defaults)
            model->defaults = arena_alloc(model->arena, MODE_COUNT * sizeof *model->defaults);
        for (struct setting *child = s->children; child; child = child->next)
            if (!model->defaults[mode][child->vocable->id])
                model->defaults[mode][child->vocable->id] = child;
    }
}

uint16_t route_port(const struct program *program, const struct entries *entries,
                    const struct route *route) {
    if (route->hostport)
        return route->hostport;
    const struct setting *at = route_setting(program, route, SETTING_ROUTE_ENTRYPOINT);
    const struct entry *entry = at && at->slot_count && at->slots[0].count
                                    ? entry_named(entries, at->slots[0].texts[0].s)
                                    : entry_of_mode(entries, route->mode);
    return entry ? entry->port : 0;
}

/* ---- ports ---- */

struct conflicts {
    struct program *program;
    struct arena scratch; /* of the tables and their keys */
    struct entries entries;
    const struct route **ports[2][256]; /* of TCP, of UDP, by high byte: who claimed it first */
    const struct published **published[2][256]; /* likewise */
    struct table stacks;                        /* compose files that were looked at */
    struct table requests;                      /* port, host, path, conditions → route */
    struct table rules;                         /* long rest of a rule → its number */
    struct table schemes; /* host, path, conditions → route of the standard ports */
    struct table names;   /* port and SNI name → route */
};

/* What is asked about, in few bytes: there is a key for each host of each route. */
static struct str key_of(struct arena *a, char question, unsigned port, struct str rest,
                         struct str host) {
    char head[] = { question, (char)(port & 0xff), (char)(port >> 8) };
    char *at = arena_alloc(a, sizeof head + rest.len + 1 + host.len);
    struct str key = { at, sizeof head + rest.len + 1 + host.len };
    memcpy(at, head, sizeof head);
    if (rest.len)
        memcpy(at + sizeof head, rest.at, rest.len);
    at[sizeof head + rest.len] = 0;
    if (host.len)
        memcpy(at + sizeof head + rest.len + 1, host.at, host.len);
    return key;
}

static struct str whose(struct conflicts *c, const struct route *route) {
    if (route->project->name.len == 0)
        return STR("");
    return str_format(c->program->arena, " of project `%.*s`", STR_ARG(route->project->name));
}

static bool takes_whole_port(const struct route *route) {
    return route->mode == MODE_TCP || route->mode == MODE_UDP;
}

static void tell_port(struct conflicts *c, const struct route *route, const struct route *first,
                      unsigned port) {
    struct diags *diags = c->program->diags;
    bool udp = route->mode == MODE_UDP;
    const struct route *later = route, *other = first;
    struct span span = later->hostport ? later->hostport_span : later->span;
    struct diag *d = diag_add(diags, DIAG_HOSTPORT_CLASH, span, "port %u/%s is claimed twice", port,
                              udp ? "udp" : "tcp");
    struct str project = whose(c, other);
    diag_note_at(diags, d, other->hostport ? other->hostport_span : other->span,
                 "claimed first by `%.*s`%.*s", STR_ARG(other->label), STR_ARG(project));
    diag_effect(diags, d,
                udp ? "one of the two would never see a packet"
                    : "plain TCP takes every connection of its port");
    diag_help(diags, d, "give one of them another port");
}

/* The ready-made proxy listens there for others: HTTPS hosts share a port, plain TCP does not, and
   the port of its own health check is nobody's. */
static bool is_taken(struct conflicts *c, const struct route *route, unsigned port) {
    const struct entry *e = c->entries.list;
    while (e && !(e->readymade && e->port == port && !e->is_udp))
        e = e->next;
    if (!e || !route->hostport || (route->mode != MODE_TCP && !str_is(e->name, "ping")))
        return false;
    struct diags *diags = c->program->diags;
    struct diag *d =
        diag_add(diags, DIAG_HOSTPORT_CLASH, route->hostport_span,
                 "port %u is the entry point `%.*s` of the stack", port, STR_ARG(e->name));
    diag_note_at(diags, d, e->span, "the stack stands here");
    diag_effect(diags, d, "Traefik would not start: an address can be listened on once");
    diag_help(diags, d, "choose another port");
    return true;
}

static void check_port(struct conflicts *c, const struct route *route, unsigned port) {
    if (port == 0)
        return;
    bool udp = route->mode == MODE_UDP;
    if (!udp && is_taken(c, route, port))
        return;
    const struct route ***page = &c->ports[udp][port >> 8];
    if (!*page)
        *page = arena_array(&c->scratch, const struct route *, 256);
    const struct route **first = &(*page)[port & 0xff];
    if (!*first)
        *first = route;
    else if (takes_whole_port(route) || takes_whole_port(*first))
        tell_port(c, route, *first, port);
}

/* ---- ports that compose files publish ---- */

static void add_published(struct conflicts *c, const struct stack *stack) {
    void **known = stack ? table_at(&c->stacks, stack->file) : NULL;
    if (!known || *known)
        return;
    *known = (void *)stack;
    for (const struct published *p = stack->published; p; p = p->next)
        for (unsigned port = p->from; port <= p->to; port++) {
            const struct published ***page = &c->published[p->udp][port >> 8];
            if (!*page)
                *page = arena_array(&c->scratch, const struct published *, 256);
            if (!(*page)[port & 0xff])
                (*page)[port & 0xff] = p;
        }
}

static void find_published(struct conflicts *c) {
    c->stacks.arena = &c->scratch;
    for (const struct project *p = c->program->model->projects; p; p = p->next) {
        add_published(c, p->disabled ? NULL : p->stack);
        for (const struct route *r = p->disabled ? NULL : p->routes; r; r = r->next)
            add_published(c, r->stack);
    }
}

static void check_published(struct conflicts *c, const struct route *route, unsigned port) {
    bool udp = route->mode == MODE_UDP;
    const struct published **page = route->hostport ? c->published[udp][port >> 8] : NULL;
    const struct published *taken = page ? page[port & 0xff] : NULL;
    if (!taken)
        return;
    struct diags *diags = c->program->diags;
    struct diag *d = diag_add(diags, DIAG_HOSTPORT_CLASH, route->hostport_span,
                              "port %u/%s is published by the service `%.*s`", port,
                              udp ? "udp" : "tcp", STR_ARG(taken->service));
    diag_level(diags, d, LEVEL_WARNING); /* nothing that we write is wrong */
    diag_note_at(diags, d, taken->span, "published here");
    diag_effect(diags, d, "whichever starts later cannot listen there, and does not start");
    diag_help(diags, d,
              "remove it from `ports:`; the proxy reaches the service through their network");
}

/* ---- requests ---- */

static void add_condition(struct buf *out, const struct condition *where) {
    buf_format(out, " %d%d%d%.*s", (int)where->kind, where->negated, where->regex,
               STR_ARG(where->key));
    for (size_t i = 0; i < where->count; i++) {
        buf_char(out, ',');
        buf_add(out, where->texts[i].s);
    }
}

/* All of a route's rule but the host, as text: equal texts match the same requests. */
static struct str rest_of_rule(struct conflicts *c, const struct route *route) {
    struct buf out = { .arena = &c->scratch };
    buf_char(&out, (char)('0' + route->path.kind));
    if (route->path.kind != PATH_ANY)
        buf_add(&out, route->path.text);
    for (const struct condition *w = route->conditions; w; w = w->next)
        add_condition(&out, w);
    const struct setting *priority = route_setting(c->program, route, SETTING_ROUTE_PRIORITY);
    if (priority) {
        buf_text(&out, " priority ");
        buf_add(&out, setting_word(priority, "priority"));
    }
    return buf_str(&out);
}

static void tell_tie(struct conflicts *c, const struct route *route, const struct route *first,
                     const struct host *host) {
    struct diags *diags = c->program->diags;
    struct str project = whose(c, first);
    struct str what = host->any ? STR("any host") : host->name;
    struct str path = route->path.kind == PATH_ANY ? STR("") : route->path.text;
    /* Where one route names the host among others, it is the other whose requests go astray. */
    const struct host *main = first->hosts;
    bool aside = host != route->hosts && main && str_eq(main->name, host->name);
    struct diag *d = diag_add(diags, DIAG_ROUTE_TIE, aside ? main->span : host->span,
                              "`%.*s%.*s` is routed twice", STR_ARG(what), STR_ARG(path));
    if (aside)
        diag_note_at(diags, d, host->span, "also routed here");
    else
        diag_note_at(diags, d, first->span, "first routed here%.*s", STR_ARG(project));
    diag_effect(diags, d,
                "both match the same requests with the same priority; Traefik picks one at random");
    diag_help(diags, d, "remove one, or tell them apart by path, `where` or `priority`");
}

/* A long rule is written out once, not for each of many hosts. */
static struct str short_form(struct conflicts *c, struct str rest) {
    if (rest.len < 64)
        return rest;
    struct str **number = (struct str **)table_at(&c->rules, rest);
    if (!*number) {
        *number = arena_new(&c->scratch, struct str);
        **number = str_format(&c->scratch, "#%zu", c->rules.count);
    }
    return **number;
}

static void check_requests(struct conflicts *c, const struct route *route, unsigned port) {
    if (takes_whole_port(route))
        return;
    struct str rest = short_form(c, rest_of_rule(c, route));
    char kind = route->mode == MODE_HTTP ? 'h' : route->mode == MODE_HTTPS ? 's' : 'n';
    for (const struct host *h = route->hosts; h; h = h->next) {
        if (h->opaque)
            continue;
        const struct route **slot = (const struct route **)table_at(
            &c->requests, key_of(&c->scratch, kind, port, rest, h->name));
        if (*slot)
            tell_tie(c, route, *slot, h);
        else
            *slot = route;
    }
}

/* The dashboard of a ready-made proxy is a route like any other, though nobody wrote it. */
static void add_dashboard(struct conflicts *c) {
    struct arena *a = c->program->arena;
    const struct entry *entry = entry_named(&c->entries, STR("web-secure"));
    for (const struct setting *p = c->program->model->settings.head; p; p = p->next) {
        const struct setting *stack = p->vocable->id == SETTING_FILE_PROXY
                                          ? settings_find(p->children, SETTING_PROXY_STACK)
                                          : NULL;
        const struct setting *s =
            stack ? settings_find(stack->children, SETTING_STACK_DASHBOARD) : NULL;
        if (!s || s->poisoned || !entry)
            continue;
        struct route *route = arena_new(a, struct route);
        route->mode = MODE_HTTPS;
        route->span = s->span;
        route->project = arena_new(a, struct project);
        route->hosts = arena_new(a, struct host);
        route->hosts->name = setting_word(s, "domain");
        route->hosts->span = s->span;
        check_requests(c, route, entry->port);
    }
}

/* One project may answer plain requests otherwise than encrypted ones; of two projects one has the
   other's host. */
static void tell_scheme(struct conflicts *c, const struct route *route, const struct route *first,
                        const struct host *host) {
    struct diags *diags = c->program->diags;
    struct str project = whose(c, first);
    struct str path = route->path.kind == PATH_ANY ? STR("") : route->path.text;
    struct diag *d =
        diag_add(diags, DIAG_ROUTE_TIE, host->span, "`%.*s%.*s` is routed by two projects",
                 STR_ARG(host->name), STR_ARG(path));
    diag_note_at(diags, d, first->span, "routed as %s here%.*s",
                 first->mode == MODE_HTTP ? "http://" : "https://", STR_ARG(project));
    diag_effect(diags, d, "one answers at http://, the other at https://");
    diag_help(diags, d, "remove one, or put both routes into one project");
}

static void check_schemes(struct conflicts *c, const struct route *route, unsigned port) {
    (void)port;
    if ((route->mode != MODE_HTTP && route->mode != MODE_HTTPS) || route->hostport)
        return;
    struct str rest = short_form(c, rest_of_rule(c, route));
    for (const struct host *h = route->hosts; h; h = h->next) {
        if (h->opaque || h->any)
            continue;
        const struct route **slot = (const struct route **)table_at(
            &c->schemes, key_of(&c->scratch, 'b', 0, rest, h->name));
        if (!*slot)
            *slot = route;
        else if ((*slot)->mode != route->mode && (*slot)->project != route->project)
            tell_scheme(c, route, *slot, h);
    }
}

/* ---- names in the TLS handshake ---- */

static void tell_name(struct conflicts *c, const struct route *tcp, const struct route *https,
                      const struct host *host) {
    struct diags *diags = c->program->diags;
    struct str project = whose(c, https);
    struct diag *d = diag_add(diags, DIAG_SNI_TAKEN, tcp->span,
                              "`%.*s` is an HTTPS host of this port already", STR_ARG(host->name));
    diag_note_at(diags, d, https->span, "routed as HTTPS here%.*s", STR_ARG(project));
    diag_effect(
        diags, d,
        "Traefik gives the host's whole TLS traffic to the HTTPS router; this one never matches");
    diag_help(diags, d, "use another host or another port");
}

static void check_names(struct conflicts *c, const struct route *route, unsigned port) {
    if (route->mode == MODE_HTTP || takes_whole_port(route))
        return;
    for (const struct host *h = route->hosts; h; h = h->next) {
        if (h->any || h->opaque)
            continue;
        const struct route **slot = (const struct route **)table_at(
            &c->names, key_of(&c->scratch, 'n', port, STR(""), h->name));
        if (!*slot)
            *slot = route;
        else if ((*slot)->mode == MODE_HTTPS && route->mode != MODE_HTTPS)
            tell_name(c, route, *slot, h);
        else if ((*slot)->mode != MODE_HTTPS && route->mode == MODE_HTTPS)
            tell_name(c, *slot, route, h);
    }
}

/* ---- redirects from plain HTTP ---- */

static void check_no_redirect(struct conflicts *c, const struct route *route, unsigned port) {
    (void)port;
    const struct setting *s = route_setting(c->program, route, SETTING_ROUTE_NO_REDIRECT);
    const struct entry *plain = entry_of_mode(&c->entries, MODE_HTTP);
    if (!s || route->mode != MODE_HTTPS || (plain && !plain->redirects))
        return;
    struct diags *diags = c->program->diags;
    struct diag *d = diag_add(diags, DIAG_NO_REDIRECT, s->name_span,
                              "`no-redirect` changes nothing: this route gets no redirect");
    if (plain) {
        diag_effect(diags, d, "plain HTTP is still redirected, by the entry point `%.*s`",
                    STR_ARG(plain->name));
        diag_note_at(diags, d, plain->span, "it redirects all that no http:// route takes");
        diag_help(diags, d, "leave it out, and write an http:// route for what is to stay plain");
    } else {
        diag_effect(diags, d, "there is no entry point for plain HTTP");
        diag_help(diags, d, "leave it out");
    }
}

/* ---- all of them ---- */

static void each_route(struct conflicts *c,
                       void (*check)(struct conflicts *c, const struct route *route,
                                     unsigned port)) {
    for (const struct project *p = c->program->model->projects; p; p = p->next)
        for (const struct route *r = p->disabled ? NULL : p->routes; r; r = r->next)
            check(c, r, route_port(c->program, &c->entries, r));
    arena_reset(&c->scratch); /* one question at a time: its tables are empty again */
    c->rules = (struct table){ .arena = &c->scratch };
}

void check_conflicts(struct program *program) {
    model_index_defaults(program->model);
    if (program_is_existing(program))
        return;
    struct conflicts c = { .program = program, .entries = entries_of(program) };
    c.requests.arena = c.rules.arena = c.schemes.arena = c.names.arena = &c.scratch;
    each_route(&c, check_port);
    find_published(&c);
    each_route(&c, check_published);
    add_dashboard(&c);
    each_route(&c, check_requests);
    each_route(&c, check_schemes);
    each_route(&c, check_names);
    each_route(&c, check_no_redirect);
    arena_free(&c.scratch);
}
