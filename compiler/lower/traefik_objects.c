/* Services and certificates of an existing configuration: what each of them has to say. */
#include "lower/traefik.h"

static const char unused[] = "Traefik disables every router that uses it";

/* The first of the kinds from `c` on; `middlewares` goes with any of them. */
static const struct conf *kind_from(const struct conf *c) {
    while (c && str_eq_nocase(c->name, STR("middlewares")))
        c = c->next;
    return c;
}

/* `{}`, or kinds that exclude each other. */
static void judge_kinds(struct traefik *t, const struct traefik_object *o) {
    const struct conf *c = o->conf, *first = kind_from(c->first);
    const struct conf *second = first ? kind_from(first->next) : NULL;
    struct diag *d = NULL;
    if (!first) {
        d = diag_add(t->diags, DIAG_OBJECT_KINDS, c->key, "service `%.*s` has no kind",
                     STR_ARG(c->name));
        diag_help(t->diags, d, "write loadBalancer with its servers");
    } else if (second) {
        d = diag_add(t->diags, DIAG_OBJECT_KINDS, second->key,
                     "service `%.*s` has two kinds: `%.*s` and `%.*s`", STR_ARG(c->name),
                     STR_ARG(first->name), STR_ARG(second->name));
    }
    diag_effect(t->diags, d, unused);
}

static bool is_url(struct str s) {
    return str_find_str(s, STR("://")) != STR_NONE || str_find(s, '$') != STR_NONE ||
           str_find_str(s, STR("{{")) != STR_NONE;
}

static void judge_url(struct traefik *t, struct lower *l, const struct conf *server) {
    struct node *url = conf_value(server, "url");
    if (!url || is_url(conf_str(url)))
        return;
    struct str s = conf_str(url);
    struct diag *d = diag_add(t->diags, DIAG_URL, url->span,
                              "`%.*s` is no URL: the scheme is missing", STR_ARG(s));
    diag_effect(t->diags, d, unused);
    diag_suggest(t->diags, d, node_text_span(node_text(url), 0, s.len),
                 str_format(l->arena, "http://%.*s", STR_ARG(s)));
}

static void judge_servers(struct traefik *t, const struct traefik_object *o) {
    const struct conf *balancer = conf_at(o->conf, "loadBalancer");
    const struct conf *one = conf_at(balancer, "server"), *all = conf_at(balancer, "servers");
    if (one)
        judge_url(t, o->part->l, one);
    for (const struct conf *s = all ? all->first : NULL; s; s = s->next)
        judge_url(t, o->part->l, s);
}

static void judge_certificates(struct traefik *t, const struct traefik_part *p) {
    static const char *const keys[] = { "certFile", "keyFile" };
    const struct conf *all = conf_at(p->conf, "tls.certificates");
    for (const struct conf *c = all ? all->first : NULL; c; c = c->next)
        for (size_t i = 0; i < 2; i++) {
            if (c->bad || c->poisoned || conf_at(c, keys[i]))
                continue;
            struct diag *d =
                diag_add(t->diags, DIAG_ARGUMENT_MISSING, c->first ? c->first->key : c->key,
                         "this certificate has no `%s`", keys[i]);
            diag_effect(t->diags, d, "Traefik passes it over, and serves another one");
            diag_help(t->diags, d, "add %s: with its path", keys[i]);
        }
}

void traefik_judge_objects(struct traefik *t) {
    for (const struct traefik_object *o = t->first_object; o; o = o->next) {
        const struct conf *above = o->conf->parent;
        if (!above || !str_is(above->name, "services"))
            continue;
        if (!o->conf->bad && !o->conf->poisoned)
            judge_kinds(t, o);
        if (above->parent && str_is(above->parent->name, "http"))
            judge_servers(t, o);
    }
    for (const struct traefik_part *p = t->parts; p; p = p->next)
        judge_certificates(t, p);
}
