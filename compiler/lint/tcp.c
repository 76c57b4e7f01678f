/* R029: a TCP router whose server name HTTPS routers have, and X021: protocols whose server speaks
   first, where Traefik waits for the client. */
#include "lint/rule.h"

/* ---- R029 ---- */

static const struct placement *owner_of(const struct entry_point *e, struct str host,
                                        struct lint *l) {
    struct merge near = host_index_find(e->https.by_host, host, l->scratch);
    for (uint32_t at; merge_next(&near, &at);) {
        const struct placement *p = e->https.at[at];
        if (lint_has(&p->router->hosts, host))
            return p;
    }
    return NULL;
}

/* What became of a router, over all of its entry points. */
struct taken {
    struct taken *next;
    const struct router *router, *by;
    size_t places, dead;
};

static const struct placement *taker_of(struct lint *l, const struct entry_point *e,
                                        const struct router *r) {
    const struct placement *by = NULL;
    for (size_t i = 0; i < r->hosts.count; i++) {
        by = str_is(r->hosts.at[i], "*") || lint_is_open(r->hosts.at[i])
                 ? NULL
                 : owner_of(e, r->hosts.at[i], l);
        if (!by)
            return NULL;
    }
    bool file = by && (str_is(r->provider, "file") || str_is(by->router->provider, "file"));
    if (!by || !lint_is_known(r) || !lint_is_known(by->router) ||
        (!l->proxy->conf && !r->entry_points.count != !by->router->entry_points.count) ||
        (!file && !lint_together(l, r->span, by->router->span)))
        return NULL;
    return by;
}

static void tell_taken(struct lint *l, const struct taken *t) {
    const struct router *r = t->router;
    struct diag *d = diag_add(l->diags, DIAG_SNI_TAKEN, lint_rule_span(r),
                              "TCP router `%.*s` gets no TLS clients: `%.*s` is a host of HTTPS",
                              STR_ARG(r->name), STR_ARG(r->hosts.at[0]));
    diag_effect(l->diags, d,
                "Traefik gives all TLS of that host to `%.*s`, whatever the priority; only "
                "PostgreSQL's way into TLS leads past it",
                STR_ARG(t->by->name));
    diag_note_at(l->diags, d, lint_rule_span(t->by), "the HTTPS router");
    diag_help(l->diags, d, "use another host or another entry point");
}

static void look_taken(struct lint *l) {
    struct table seen = { .arena = l->arena };
    struct taken *first = NULL, **last = &first;
    for (const struct entry_point *e = l->proxy->entry_points; e; e = e->next)
        for (size_t i = 0; i < e->tcp_tls.count; i++) {
            const struct router *r = e->tcp_tls.at[i]->router;
            const struct placement *by =
                r->layer == LAYER_TCP && e->https.count ? taker_of(l, e, r) : NULL;
            void **slot = table_at(&seen, r->full);
            if (!*slot) {
                struct taken *t = arena_new(l->arena, struct taken);
                *t = (struct taken){ .router = r };
                *slot = *last = t;
                last = &t->next;
            }
            struct taken *t = *slot;
            t->places++;
            t->dead += by != NULL;
            t->by = by && !t->by ? by->router : t->by;
            arena_reset(l->scratch);
        }
    for (const struct taken *t = first; t; t = t->next)
        if (t->dead == t->places)
            tell_taken(l, t);
}

/* ---- X021 ---- */

static const struct {
    const char *port, *name;
} talkers[] = {
    { "3306", "MySQL" }, { "25", "SMTP" },  { "587", "SMTP" }, { "21", "FTP" },
    { "22", "SSH" },     { "143", "IMAP" }, { "110", "POP3" },
};

static const char *talker_of(const struct entry_point *e, const struct placement *route) {
    for (size_t i = 0; i < sizeof talkers / sizeof *talkers; i++) {
        struct str end = str_format(e->snis.arena, ":%s", talkers[i].port);
        if (str_is(e->port, talkers[i].port))
            return talkers[i].name;
        for (size_t k = 0; k < route->servers.count; k++)
            if (str_ends(route->servers.at[k], end))
                return talkers[i].name;
    }
    return NULL;
}

static void look_waiting(struct lint *l, const struct entry_point *e) {
    const struct placement *tls = e->tcp_tls.count ? e->tcp_tls.at[0]
                                  : e->https.count ? e->https.at[0]
                                                   : NULL;
    for (size_t i = 0; i < e->tcp.count && tls; i++) {
        const struct router *r = e->tcp.at[i]->router;
        const char *name = talker_of(e, e->tcp.at[i]);
        if (!name || span_is_none(r->span) || !lint_has(&r->entry_points, e->name) ||
            !lint_has(&tls->router->entry_points, e->name))
            continue;
        struct diag *d = diag_add(l->diags, DIAG_SERVER_FIRST, lint_rule_span(r),
                                  "%s speaks first, and `%.*s` has routers with TLS, too", name,
                                  STR_ARG(e->name));
        diag_effect(l->diags, d,
                    "Traefik waits for the client's first bytes, the client for the server's: both "
                    "hang");
        diag_note_at(l->diags, d, lint_rule_span(tls->router), "a router with TLS");
        diag_help(l->diags, d, "give it an entry point of its own");
    }
}

void lint_tcp(struct lint *l) {
    look_taken(l);
    for (const struct entry_point *e = l->proxy->entry_points; e; e = e->next)
        look_waiting(l, e);
}
