/* Files of the file provider, and what of them only files can say: TLS options in words, the rest
   as YAML. */
#include "lower/go_template.h"
#include "lower/traefik.h"
#include "lower/untyped_tree.h"

#define REFUSED_FILE "Traefik refuses the whole file, in a directory all files of it"

/* Traefik passes over keys at the top that it does not know, without a word. */
static void tell_top(struct traefik *t, const struct untyped *e, enum option_tree tree) {
    const struct option *top = option_top(tree);
    const struct option *other = option_top(tree == OPTION_STATIC ? OPTION_DYNAMIC : OPTION_STATIC);
    const struct option_retired *old = option_retired(tree, e->key);
    bool elsewhere = !old && option_child(other, e->key) != NULL;
    struct diag *d = diag_add(t->diags, DIAG_OPTION_UNKNOWN, e->key_span,
                              elsewhere ? "`%.*s` belongs into the %s configuration"
                                        : "Traefik has no option `%.*s`%s",
                              STR_ARG(e->key),
                              !elsewhere              ? ""
                              : tree == OPTION_STATIC ? "dynamic"
                                                      : "static");
    diag_effect(t->diags, d,
                old && !old->v1 ? "Traefik refuses to start"
                                : "Traefik ignores it here without a word");
    struct str best = option_child_nearest(top, e->key);
    if (old)
        diag_help(t->diags, d, *old->instead ? "Traefik 3 has `%s` instead" : "%s",
                  *old->instead ? old->instead : "Traefik 3 has nothing like it; remove it");
    else if (!elsewhere)
        diag_suggest(t->diags, d, e->key_span, best);
}

static void read_top(struct traefik *t, struct conf_reader *r, struct conf *c,
                     struct tree_file *file) {
    const struct untyped *root = untyped_of_file(t->job->keep, file);
    if (root->kind != UNTYPED_MAP)
        return;
    for (const struct untyped *e = root->first; e; e = e->next)
        if (!option_child(c->option, e->key) && !str_starts(e->key, STR("x-")))
            tell_top(t, e, r->tree);
    for (const struct untyped *e = root->first; e; e = e->next) {
        const struct option *o = option_child(c->option, e->key);
        if (o)
            conf_add_file(r, conf_make(r->confs, c, o, option_name(o), e->key_span), e);
    }
}

void traefik_read_dynamic(struct traefik *t, struct tree_file *file) {
    struct lower *l = traefik_lower(t, file);
    struct traefik_part *part = traefik_part_new(t, l, PROVIDER_FILE, span_of(file->source, 0, 0));
    struct conf_reader r = { .l = l,
                             .confs = &t->confs,
                             .source = CONF_YAML,
                             .tree = OPTION_DYNAMIC,
                             .version = t->version,
                             .effect = REFUSED_FILE };
    go_template_check(t->diags, file->source);
    read_top(t, &r, part->conf, file);
}

void traefik_read_static(struct traefik *t, struct tree_file *file) {
    struct lower *l = traefik_lower(t, file);
    if (!t->fixed) {
        t->fixed = conf_new(&t->confs, OPTION_STATIC);
        t->fixed_lower = l;
    }
    struct conf_reader r = { .l = l,
                             .confs = &t->confs,
                             .source = CONF_YAML,
                             .tree = OPTION_STATIC,
                             .version = t->version,
                             .effect = "Traefik refuses to start" };
    read_top(t, &r, t->fixed, file);
}

/* ---- TLS options ---- */

static struct node *list_of(struct lower *l, const struct conf *c) {
    struct nodes items = { 0 };
    NODES_EACH(value, c->values)
    items = nodes_append(items, conf_word(l->arena, value));
    return items.head == items.tail ? items.head : ast_list(l->arena, c->key, items, true);
}

static struct node *version(struct lower *l, const struct conf *c) {
    static const char *const names[][2] = { { "VersionTLS10", "1.0" },
                                            { "VersionTLS11", "1.1" },
                                            { "VersionTLS12", "1.2" },
                                            { "VersionTLS13", "1.3" } };
    for (size_t i = 0; i < 4; i++)
        if (str_eq_nocase(conf_str(c->values.head), str_of(names[i][0])))
            return lower_word(l, str_of(names[i][1]), c->values.head->span);
    return NULL;
}

static struct node *curves(struct lower *l, const struct conf *c) {
    static const char *const names[][2] = { { "CurveP256", "P-256" }, { "secp256r1", "P-256" },
                                            { "CurveP384", "P-384" }, { "secp384r1", "P-384" },
                                            { "CurveP521", "P-521" }, { "secp521r1", "P-521" },
                                            { "X25519", "X25519" } };
    struct nodes items = { 0 };
    NODES_EACH(value, c->values) {
        struct node *item = NULL;
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            if (str_eq_nocase(conf_str(value), str_of(names[i][0])))
                item = lower_word(l, str_of(names[i][1]), value->span);
        items = nodes_append(items, item ? item : conf_word(l->arena, value));
    }
    return items.head == items.tail ? items.head : ast_list(l->arena, c->key, items, true);
}

static struct node *client_ca(struct lower *l, const struct conf *c) {
    static const char *const types[][2] = { { "RequestClientCert", "request" },
                                            { "RequireAnyClientCert", "require-any" },
                                            { "VerifyClientCertIfGiven", "verify-if-given" },
                                            { "RequireAndVerifyClientCert", "require" } };
    struct conf *files = conf_at(c, "caFiles");
    struct node *type = conf_value(c, "clientAuthType");
    if (!files || !files->values.head)
        return NULL;
    struct nodes args = nodes_append((struct nodes){ 0 }, list_of(l, files));
    for (size_t i = 0; type && i < 4; i++)
        if (str_eq_nocase(conf_str(type), str_of(types[i][0])))
            args = nodes_append(args, lower_word(l, str_of(types[i][1]), type->span));
    return lower_setting(l, "client-ca", c->key, args, NULL);
}

static struct node *tls_setting(struct lower *l, struct conf *c) {
    static const struct {
        const char *option, *word;
        struct node *(*value)(struct lower *l, const struct conf *c);
    } words[] = { { "minVersion", "min", version },
                  { "maxVersion", "max", version },
                  { "curvePreferences", "curves", curves },
                  { "cipherSuites", "ciphers", list_of },
                  { "alpnProtocols", "alpn", list_of } };
    static const char *const flags[][2] = { { "sniStrict", "sni-strict" },
                                            { "disableSessionTickets", "no-tickets" } };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_is(c->name, words[i].option) && c->values.head) {
            struct node *value = words[i].value(l, c);
            return value ? lower_setting_one(l, words[i].word, c->key, value) : NULL;
        }
    struct str s = conf_str(c->values.head);
    for (size_t i = 0; i < 2; i++)
        if (str_is(c->name, flags[i][0]) && str_eq_nocase(s, STR("true")))
            return lower_setting_one(l, flags[i][1], c->key, NULL);
    return str_is(c->name, "clientAuth") ? client_ca(l, c) : NULL;
}

struct nodes traefik_tls(struct traefik *t) {
    struct nodes out = { 0 };
    for (struct traefik_object *o = t->first_object; o; o = o->next) {
        if (!o->conf->parent || !str_is(o->conf->parent->name, "options") ||
            !str_is(o->conf->parent->parent->name, "tls"))
            continue;
        struct lower *l = o->part->l;
        struct nodes body = { 0 };
        for (struct conf *c = o->conf->first; c; c = c->next) {
            struct node *setting = tls_setting(l, c);
            struct str s = conf_str(c->values.head);
            if (setting)
                body = nodes_append(body, setting);
            else if (!str_eq_nocase(s, STR("false")) || c->first)
                body = traefik_options(t, l, body, c, c->name);
        }
        o->conf->used = true;
        if (!body.head)
            continue;
        struct node *name = lower_word(l, o->word, o->conf->key);
        struct node *node = lower_setting(l, "tls", o->conf->key, (struct nodes){ name, name },
                                          lower_block(l, o->conf->key, body, false));
        out = nodes_append(out, node);
    }
    return out;
}
