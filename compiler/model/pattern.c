/* The left side of a route: scheme, hosts, port and path, each with its place. */
#include "model/pattern.h"

#include "model/port.h"
#include "support/nearest.h"

struct reader {
    const struct walk *walk;
    struct scope *scope;
    struct diags *diags;
    struct pattern *first, *last; /* of the route so far */
    struct host **hosts;          /* where the next host of the last pattern is hung */
};

/* ---- schemes ---- */

/* What people write when they mean one of ours. */
static const struct {
    const char *scheme, *help;
} foreign_schemes[] = {
    { "ws", "a WebSocket is HTTP to the proxy: write http://" },
    { "wss", "a WebSocket is HTTP to the proxy: write https://" },
    { "grpc", "gRPC is HTTP to the proxy: write https:// and a target h2c://service:port" },
    { "grpcs", "gRPC is HTTP to the proxy: write https:// and a target https://service:port" },
    { "h2c", "write http://; h2c:// is a scheme of targets" },
    { "ssl", "write tls:// if TLS ends at the proxy, passthrough:// if it does not" },
    { "sni", "write tls:// if TLS ends at the proxy, passthrough:// if it does not" },
};

static enum mode read_mode(struct reader *r, const struct text *text, size_t end) {
    struct str scheme = str_slice(text->s, 0, end);
    enum mode mode = mode_find(scheme);
    if (mode != MODE_UNKNOWN)
        return mode;
    struct span span = text_span(text, 0, end);
    struct diag *d = diag_add(r->diags, DIAG_MODE_UNKNOWN, span, "`%.*s://` is no routing mode",
                              STR_ARG(scheme));
    for (size_t i = 0; i < sizeof foreign_schemes / sizeof *foreign_schemes; i++)
        if (str_eq_nocase(scheme, str_of(foreign_schemes[i].scheme))) {
            diag_help(r->diags, d, "%s", foreign_schemes[i].help);
            return MODE_UNKNOWN;
        }
    struct nearest near = { .wanted = scheme, .effort = &r->diags->hints };
    for (int m = MODE_UNKNOWN + 1; m < MODE_COUNT; m++)
        nearest_offer(&near, mode_infos[m].scheme);
    if (near.best.len)
        diag_suggest(r->diags, d, span, near.best);
    else
        diag_help(r->diags, d, "the modes are http, https, tls, passthrough, tcp and udp");
    return MODE_UNKNOWN;
}

/* ---- pieces of one word ---- */

static bool in_placeholder(const struct text *t, size_t at) {
    for (uint32_t i = 0; i < t->placeholder_count; i++)
        if (at >= t->placeholders[i].at && at < t->placeholders[i].at + t->placeholders[i].len)
            return true;
    return false;
}

static size_t find_outside(const struct text *t, size_t from, size_t to, char c) {
    for (size_t i = from; i < to; i++)
        if (t->s.at[i] == c && !in_placeholder(t, i))
            return i;
    return STR_NONE;
}

/* Like text_slice, with the placeholders that lie inside. */
static struct text piece_of(struct reader *r, const struct text *t, size_t from, size_t to) {
    struct text part = text_slice(t, from, to);
    if (t->pieces) {
        /* The slice keeps its way back: one piece table, seen from further on. */
        size_t count = 0, n = 0;
        while (t->pieces[count].at != UINT32_MAX)
            count++;
        struct piece *pieces = arena_array(scope_scratch(r->scope), struct piece, count + 2);
        for (size_t i = 0; i < count; i++) {
            size_t end = t->pieces[i + 1].at == UINT32_MAX ? t->s.len : t->pieces[i + 1].at;
            if (end <= from || t->pieces[i].at >= to)
                continue;
            size_t cut = t->pieces[i].at < from ? from - t->pieces[i].at : 0;
            pieces[n] = t->pieces[i];
            if (!pieces[n].whole)
                pieces[n].span = span_slice(pieces[n].span, cut, to);
            pieces[n].at = (uint32_t)(t->pieces[i].at + cut - from);
            n++;
        }
        pieces[n] = (struct piece){ UINT32_MAX, true, part.span };
        part.pieces = n ? pieces : NULL;
    }
    if (part.placeholder_count) {
        struct placeholder *list =
            arena_array(scope_scratch(r->scope), struct placeholder, part.placeholder_count);
        uint32_t n = 0;
        for (uint32_t i = 0; i < t->placeholder_count; i++)
            if (t->placeholders[i].at >= from && t->placeholders[i].at < to)
                list[n++] = (struct placeholder){ t->placeholders[i].at - (uint32_t)from,
                                                  t->placeholders[i].len };
        part.placeholders = list;
    }
    return part;
}

/* ---- hosts ---- */

static void tell_forbidden_host(struct reader *r, struct pattern *p, const struct text *host) {
    const struct mode_info *mode = &mode_infos[p->mode];
    if (p->bad)
        return; /* one message for the whole list */
    struct diag *d =
        diag_add(r->diags, DIAG_HOST_FORBIDDEN, host->span, "a host name on a %s route",
                 mode->protocol == PROTOCOL_UDP ? "UDP" : "TCP");
    if (p->mode == MODE_UDP) {
        diag_effect(r->diags, d, "UDP carries no name; only the port tells routes apart");
        diag_help(r->diags, d, "write udp://:PORT");
    } else {
        diag_effect(r->diags, d,
                    "without TLS the proxy sees no name; only the port tells routes apart");
        diag_help(r->diags, d, "write tcp://:PORT, or tls:// if the client speaks TLS");
    }
    p->bad = true;
}

static void tell_missing_host(struct reader *r, struct pattern *p, struct span span, bool star) {
    struct diag *d = diag_add(r->diags, DIAG_HOST_MISSING, span, "a %.*s route needs a host name",
                              STR_ARG(mode_infos[p->mode].scheme));
    if (p->mode == MODE_TLS) {
        diag_help(r->diags, d, "write the name that clients ask for, or `*` for any: tls://*:5432");
    } else {
        bool foreign = source_is_foreign(r->diags->sources, span.start);
        diag_effect(r->diags, d, "the proxy picks the backend by the name in the TLS handshake%s",
                    star ? "; `*` would take every connection of the entry point" : "");
        diag_help(r->diags, d, "%s",
                  foreign ? "name the host that clients ask for" : "write passthrough://NAME");
    }
    p->bad = true;
}

enum { FEW_HOSTS = 16 };

/* The host of that name which the pattern has already: found by looking, or, in a long list, by a
   table. */
static struct host *same_host(const struct pattern *p, struct str name) {
    if (p->host_count > FEW_HOSTS)
        return table_get(&p->host_index, name);
    for (struct host *h = p->hosts; h; h = h->next)
        if (!h->any && str_eq(h->name, name))
            return h;
    return NULL;
}

static void index_host(struct reader *r, struct pattern *p, struct host *host) {
    if (++p->host_count < FEW_HOSTS + 1)
        return;
    p->host_index.arena = scope_scratch(r->scope);
    struct host *h = p->host_count == FEW_HOSTS + 1 ? p->hosts : host;
    for (; h; h = h->next)
        if (!h->any)
            *table_at(&p->host_index, h->name) = h;
}

static void add_host(struct reader *r, struct host host) {
    struct pattern *p = r->last;
    struct host *first = host.any ? NULL : same_host(p, host.name);
    if (first) {
        struct diag *d = diag_add(r->diags, DIAG_HOST_TWICE, host.span,
                                  "the host `%.*s` is named twice", STR_ARG(host.name));
        diag_note_at(r->diags, d, first->span, "first named here");
        diag_help(r->diags, d, "remove one of them");
        return;
    }
    struct host *kept = arena_new(scope_arena(r->scope), struct host);
    *kept = host;
    *r->hosts = kept;
    r->hosts = &kept->next;
    index_host(r, p, kept);
}

static void read_host(struct reader *r, const struct text *host, struct span around) {
    struct pattern *p = r->last;
    bool star = str_is(host->s, "*");
    if (host->s.len == 0 || star) {
        const struct mode_info *mode = &mode_infos[p->mode];
        if (p->mode != MODE_UNKNOWN && mode->host == REQUIRED && (!mode->any_host || !star)) {
            tell_missing_host(r, p, star ? host->span : around, star);
            return;
        }
        add_host(
            r, (struct host){ .name = STR("*"), .span = star ? host->span : around, .any = true });
        return;
    }
    if (p->mode != MODE_UNKNOWN && mode_infos[p->mode].host == FORBIDDEN) {
        tell_forbidden_host(r, p, host);
        return;
    }
    struct text name;
    if (!check_type(r->scope, TYPE_DOMAIN_OR_WILDCARD, host, &name)) {
        p->bad = true;
        return;
    }
    add_host(r, (struct host){ .name = name.s,
                               .span = host->span,
                               .wildcard = str_starts(name.s, STR("*.")),
                               .opaque = text_has_placeholder(host) });
}

/* ---- port and path ---- */

static void read_port(struct reader *r, const struct text *port) {
    struct pattern *p = r->last;
    struct text checked;
    uint16_t number;
    if (port->s.len == 0) {
        struct diag *d =
            diag_add(r->diags, DIAG_PORT, port->span, "the port behind `:` is missing");
        diag_help(r->diags, d, "write the port, or remove the colon");
        p->bad = true;
        return;
    }
    if (text_has_placeholder(port)) {
        struct diag *d =
            diag_add(r->diags, DIAG_PORT, port->span,
                     "the port that the proxy listens on must be known when compiling");
        diag_effect(r->diags, d, "Traefik's static file expands no variables");
        diag_help(r->diags, d, "write the number, or a name declared with `let`");
        p->bad = true;
        return;
    }
    if (!check_type(r->scope, TYPE_PORT, port, &checked)) {
        p->bad = true;
        return;
    }
    if (port_parse(checked.s, &number).error != PORT_OK)
        return; /* a stand-in of a template */
    if (p->hostport && p->hostport != number) {
        struct diag *d = diag_add(r->diags, DIAG_PATTERN_CONFLICT, port->span,
                                  "two ports in one route: %u and %u", p->hostport, number);
        diag_note_at(r->diags, d, p->hostport_span, "the first one is here");
        diag_help(r->diags, d, "a port holds for all hosts of the list; write two routes");
        p->bad = true;
        return;
    }
    p->hostport = number;
    p->hostport_span = port->span;
}

static bool same_path(const struct path *a, const struct path *b) {
    return a->kind == b->kind && str_eq(a->text, b->text);
}

static void tell_forbidden_path(struct reader *r, const struct text *text) {
    struct pattern *p = r->last;
    bool udp = p->mode == MODE_UDP;
    struct diag *d = diag_add(r->diags, DIAG_PATH_FORBIDDEN, text->span, "a path on a %s route",
                              udp ? "UDP" : "TCP");
    if (udp)
        diag_effect(r->diags, d, "UDP is routed by port only; nothing in it is a path");
    else
        diag_effect(r->diags, d, "TCP is routed by SNI only; Traefik would disable this router");
    diag_help(r->diags, d, "drop the path%s",
              udp ? "" : ", or write https:// if the service speaks HTTP");
    p->bad = true;
}

static void check_dead_path(struct reader *r, const struct text *text) {
    size_t from, to;
    if (text_has_placeholder(text) || text->sample || !path_find_dead(text->s, &from, &to))
        return;
    struct str normal = path_normal(scope_arena(r->scope), text->s);
    struct diag *d = diag_add(r->diags, DIAG_PATH_DEAD, text_span(text, from, to),
                              "no request has the path `%.*s`", STR_ARG(text->s));
    diag_effect(r->diags, d, "Traefik cleans paths before it compares them");
    diag_help(r->diags, d, "write `%.*s`", STR_ARG(normal));
    diag_fix_replace(r->diags, d, true, text->span, normal);
}

/* Reads a path, below the path of the group around it. */
static void read_path(struct reader *r, const struct text *text) {
    struct pattern *p = r->last;
    struct path path = { 0 };
    if (p->mode != MODE_UNKNOWN && mode_infos[p->mode].path == FORBIDDEN) {
        tell_forbidden_path(r, text);
        return;
    }
    struct text checked;
    if (!check_type(r->scope, TYPE_PATH, text, &checked)) {
        p->bad = true;
        return;
    }
    check_dead_path(r, text);
    path_parse(checked.s, &path);
    path.text = str_copy(scope_arena(r->scope), path.text);
    if (!span_is_none(p->path_span) && !same_path(&path, &p->path)) {
        struct diag *d = diag_add(r->diags, DIAG_PATTERN_CONFLICT, text->span,
                                  "two paths in one route: `%.*s` and `%.*s`",
                                  STR_ARG(p->path.text), STR_ARG(path.text));
        diag_note_at(r->diags, d, p->path_span, "the first one is here");
        diag_help(r->diags, d, "a path holds for all hosts of the list; write two routes");
        p->bad = true;
        return;
    }
    p->path = path;
    p->path_span = text->span;
}

/* ---- one word after the other ---- */

static struct pattern *new_pattern(struct reader *r, enum mode mode, const struct text *text) {
    struct pattern *p = arena_new(scope_scratch(r->scope), struct pattern);
    p->mode = mode;
    p->span = text->span;
    p->label = text->s;
    if (r->last)
        r->last->next = p;
    else
        r->first = p;
    r->last = p;
    r->hosts = &p->hosts;
    return p;
}

static void read_authority(struct reader *r, const struct text *text, size_t from) {
    size_t slash = find_outside(text, from, text->s.len, '/');
    size_t end = slash == STR_NONE ? text->s.len : slash;
    /* A query or fragment without a path before it: the path's own message is the right one. */
    for (size_t i = from; i < end; i++)
        if ((text->s.at[i] == '?' || text->s.at[i] == '#') && !in_placeholder(text, i)) {
            slash = end = i;
            break;
        }
    size_t colon = STR_NONE;
    for (size_t i = from; i < end; i++) {
        if (text->s.at[i] == '[') {
            while (i < end && text->s.at[i] != ']')
                i++;
        } else if (text->s.at[i] == ':' && !in_placeholder(text, i)) {
            colon = i;
        }
    }
    size_t host_end = colon == STR_NONE ? end : colon;
    struct text host = piece_of(r, text, from, host_end);
    if (host.s.len == 0)
        host.span = text->span;
    read_host(r, &host, text->span);
    if (colon != STR_NONE) {
        struct text port = piece_of(r, text, colon + 1, end);
        if (port.s.len == 0)
            port.span = text_span(text, colon, end);
        read_port(r, &port);
    }
    if (slash != STR_NONE) {
        struct text path = piece_of(r, text, slash, text->s.len);
        read_path(r, &path);
    }
}

static void read_word(struct reader *r, const struct text *text, bool first) {
    size_t slashes = str_find_str(text->s, STR("://"));
    size_t slash = str_find(text->s, '/');
    if (slashes != STR_NONE && slash == slashes + 1) {
        new_pattern(r, read_mode(r, text, slashes), text);
        read_authority(r, text, slashes + 3);
    } else if (first && text->s.len && text->s.at[0] == '/') {
        struct diag *d = diag_add(r->diags, DIAG_PATTERN_PLACE, text->span,
                                  "a path without a host: `%.*s`", STR_ARG(text->s));
        diag_help(r->diags, d, "put it into the block of its host: https://HOST { %.*s -> … }",
                  STR_ARG(text->s));
    } else if (r->last) {
        read_authority(r, text, 0);
    }
}

/* A word that came to nothing still says its mode: the rest of the route is judged by that. */
static void poison(struct reader *r, struct node *word) {
    if (!r->last) {
        struct str written = node_is_text(word) ? node_text(word)->text : STR("");
        struct text text = text_made(written, word->span);
        size_t slashes = str_find_str(text.s, STR("://"));
        struct str scheme = str_slice(text.s, 0, slashes == STR_NONE ? 0 : slashes);
        new_pattern(r, mode_find(scheme), &text);
    }
    r->last->bad = true;
}

static void read_own(struct reader *r, struct node_route *node) {
    for (struct node *n = node->patterns.head; n; n = n->next) {
        struct value list = value_list_of(r->scope, n);
        for (size_t i = 0; list.kind == VALUE_LIST && i < list.count; i++) {
            struct text text;
            bool good = value_text(r->scope, &list.items[i], "a host", &text);
            if (good)
                read_word(r, &text, n == node->patterns.head);
            else
                poison(r, n);
        }
        if (list.kind == VALUE_BAD)
            poison(r, n);
    }
}

static bool is_path_pattern(struct node_route *node) {
    struct node *first = node->patterns.head;
    return first && node_is_text(first) && node_text(first)->text.len &&
           node_text(first)->text.at[0] == '/';
}

/* `/v1` in the block of `https://host/api` is `/api/v1`; `/` is the group's own path. */
static struct text below(struct reader *r, const struct pattern *outer, const struct text *text) {
    struct text joined = *text;
    bool own = str_is(text->s, "/") || str_is(text->s, "/$");
    if (outer->path.kind == PATH_ANY)
        return joined;
    struct buf out = { .arena = scope_arena(r->scope) };
    struct str base = outer->path.text;
    while (base.len && base.at[base.len - 1] == '/')
        base.len--;
    buf_add(&out, base);
    buf_add(&out, own ? str_from(text->s, 1) : text->s);
    joined.s = buf_str(&out);
    joined.pieces = NULL;
    joined.inner = 0;
    joined.placeholders = NULL;
    joined.placeholder_count = 0;
    return joined;
}

static void read_in_group(struct reader *r, const struct group *group, struct node_route *node) {
    struct walk outer_walk = *r->walk;
    outer_walk.scope = group->scope;
    outer_walk.group = group->outer;
    for (struct pattern *outer = pattern_list(&outer_walk, group->node); outer;
         outer = outer->next) {
        for (struct node *n = node->patterns.head; n; n = n->next) {
            struct value value = value_of(r->scope, n);
            struct text text;
            if (!value_text(r->scope, &value, "a path", &text))
                continue;
            if (text.s.len == 0 || text.s.at[0] != '/') {
                struct diag *d = diag_add(r->diags, DIAG_PATTERN_PLACE, text.span,
                                          "only paths may stand in the block of a host");
                diag_help(r->diags, d,
                          "write a path such as /v1, or move the route out of the block");
                continue;
            }
            if (n == node->patterns.head) {
                struct pattern *p = new_pattern(r, outer->mode, &text);
                p->hosts = outer->hosts;
                p->hostport = outer->hostport;
                p->hostport_span = outer->hostport_span;
                p->bad = outer->bad;
            }
            struct text joined = below(r, outer, &text);
            read_path(r, &joined);
        }
    }
}

static void check_whole(struct reader *r, struct pattern *p) {
    const struct mode_info *mode = &mode_infos[p->mode];
    if (p->mode == MODE_UNKNOWN) {
        p->bad = true;
        return;
    }
    if (mode->hostport == REQUIRED && !p->hostport && !p->bad) {
        struct diag *d = diag_add(r->diags, DIAG_HOSTPORT_MISSING, p->span,
                                  "a %.*s route needs a port", STR_ARG(mode->scheme));
        diag_effect(r->diags, d, "only the port tells these routes apart");
        diag_help(r->diags, d, "write %.*s://:PORT", STR_ARG(mode->scheme));
        p->bad = true;
    }
}

struct pattern *pattern_list(const struct walk *walk, struct node_route *node) {
    struct reader r = { .walk = walk, .scope = walk->scope, .diags = walk->scope->program->diags };
    if (walk->group && !is_path_pattern(node) && node != walk->group->node) {
        struct node *first = node->patterns.head;
        struct diag *d = diag_add(r.diags, DIAG_PATTERN_PLACE, first->span,
                                  "only paths may stand in the block of a host");
        diag_help(r.diags, d, "write a path such as /v1, or move the route out of the block");
        return NULL;
    }
    if (walk->group) {
        read_in_group(&r, walk->group, node);
    } else {
        read_own(&r, node);
        for (struct pattern *p = r.first; p; p = p->next)
            check_whole(&r, p);
    }
    return r.first;
}
