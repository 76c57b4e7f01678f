/* C009: an HTTP challenge that cannot arrive; C011: strict server names without a certificate. */
#include "lint/rule.h"

/* ---- C009 ---- */

static const char *blocked_by(const struct entry_point *e) {
    if (e->udp)
        return "is UDP";
    if (e->tls)
        return "speaks TLS, which the challenge does not";
    for (size_t i = 0; i < e->tcp.count; i++)
        if (e->tcp.at[i]->router->catch_all &&
            lint_has(&e->tcp.at[i]->router->entry_points, e->name))
            return "gives every connection to a TCP router";
    return NULL;
}

static void look_resolver(struct lint *l, const struct untyped *resolver) {
    const struct untyped *at = untyped_get(resolver, "acme.httpChallenge.entryPoint");
    const struct entry_point *e = at ? proxy_entry_point(l->proxy, at->text) : NULL;
    const char *why = e ? blocked_by(e) : NULL;
    if (!why)
        return;
    struct diag *d = diag_add(l->diags, DIAG_HTTP01_BLOCKED, at->span,
                              "the challenge of `%.*s` cannot arrive: `%.*s` %s",
                              STR_ARG(resolver->key), STR_ARG(e->name), why);
    diag_effect(l->diags, d, "no certificate is issued, and clients see the default one");
    diag_help(l->diags, d, "name a plain HTTP entry point that port 80 leads to");
}

/* ---- C011 ---- */

static void look_strict(struct lint *l, const struct entry_point *e,
                        const struct placement *route) {
    (void)e;
    const struct object *o = table_get(&l->proxy->tls_table, route->options);
    if (!o || !untyped_bool(o->conf, "sniStrict", false) || route->resolver.len ||
        route->passthrough || !route->router->hosts.count ||
        str_starts(route->router->hosts.at[0], STR("*")) || lint_is_open(route->router->rule))
        return;
    const struct strs *hosts = &route->router->hosts;
    struct diag *d =
        diag_add(l->diags, DIAG_SNI_STRICT, lint_rule_span(route->router),
                 "no certificate is in view for `%.*s`, and its TLS options are strict",
                 STR_ARG(hosts->at[0]));
    diag_effect(l->diags, d, "handshakes with that name fail");
    diag_note_at(l->diags, d, o->span, "sniStrict stands here");
    diag_help(l->diags, d, "add tls.certResolver, or a certificate in tls.certificates");
}

void lint_challenges(struct lint *l) {
    const struct untyped *all = untyped_child(l->proxy->conf, STR("certificatesResolvers"));
    for (const struct untyped *c = all ? all->first : NULL; c; c = c->next)
        look_resolver(l, c);
    /* Any certificate of a file may be the one. */
    if (l->proxy->conf && l->proxy->has_files && !l->proxy->has_certificates)
        lint_each_tls(l, look_strict);
}
