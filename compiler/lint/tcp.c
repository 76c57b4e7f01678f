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

static void look_taken(struct lint *l, const struct entry_point *e, const struct placement *route) {
    const struct router *r = route->router;
    const struct placement *by = NULL;
    for (size_t i = 0; i < r->hosts.count; i++) {
        by = str_is(r->hosts.at[i], "*") || lint_is_open(r->hosts.at[i])
                 ? NULL
                 : owner_of(e, r->hosts.at[i], l);
        if (!by)
            return;
    }
    bool file = by && (str_is(r->provider, "file") || str_is(by->router->provider, "file"));
    if (!by || r->layer != LAYER_TCP || !lint_is_known(r) || !lint_is_known(by->router) ||
        (!l->proxy->conf && !r->entry_points.count != !by->router->entry_points.count) ||
        (!file && !lint_together(l, r->span, by->router->span)))
        return;
    struct diag *d = diag_add(l->diags, DIAG_SNI_TAKEN, lint_rule_span(r),
                              "TCP router `%.*s` never matches: `%.*s` is a host of HTTPS",
                              STR_ARG(r->name), STR_ARG(r->hosts.at[0]));
    diag_effect(l->diags, d, "Traefik gives all TLS of that host to `%.*s`, whatever the priority",
                STR_ARG(by->router->name));
    diag_note_at(l->diags, d, lint_rule_span(by->router), "the HTTPS router");
    diag_help(l->diags, d, "use another host or another entry point");
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
    for (const struct entry_point *e = l->proxy->entry_points; e; e = e->next) {
        for (size_t i = 0; i < e->tcp_tls.count && e->https.count; i++) {
            look_taken(l, e, e->tcp_tls.at[i]);
            arena_reset(l->scratch);
        }
        look_waiting(l, e);
    }
}
