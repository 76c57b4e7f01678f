/* Names inside a compose file that must lead somewhere: Compose refuses the file otherwise. */
#include "lower/compose_names.h"

#include "lower/compose_check.h"
#include "lower/tree_place.h"
#include "support/buf.h"
#include "support/nearest.h"

enum { MOST_SUGGESTIONS = 200 };

struct str compose_project_name(struct arena *a, struct str folder) {
    struct buf out = { .arena = a };
    for (size_t i = 0; i < folder.len; i++) {
        char c = char_lower(folder.at[i]);
        if (char_is_alnum(c) || (out.len && (c == '_' || c == '-')))
            buf_char(&out, c);
    }
    return buf_str(&out);
}

static void networks(struct compose *c, const struct compose_service *s) {
    for (struct compose_attachment *a = s->networks; a; a = a->next) {
        if (compose_network_find(c, a->network) || str_is(a->network, "default") ||
            str_find(a->network, '$') != STR_NONE)
            continue;
        struct diag *d = diag_add(c->diags, DIAG_COMPOSE_NETWORK, a->span,
                                  "the network `%.*s` is not declared", STR_ARG(a->network));
        diag_effect(c->diags, d, "Compose refuses the file");
        struct str best = compose_network_nearest(c, a->network);
        if (best.len)
            diag_suggest(c->diags, d, a->span, best);
        else
            diag_help(c->diags, d,
                      "declare it at the top level: networks: {%.*s: {external: true}}",
                      STR_ARG(a->network));
    }
}

static void service_name(struct compose *c, struct str name, struct span span, const char *what) {
    if (compose_service_find(c, name) || str_find(name, '$') != STR_NONE)
        return;
    struct diag *d = diag_add(c->diags, DIAG_COMPOSE_DEPENDS, span,
                              "%s the service `%.*s`, which does not exist", what, STR_ARG(name));
    diag_effect(c->diags, d, "Compose refuses the file");
    struct str best = compose_service_nearest(c, name);
    if (best.len)
        diag_suggest(c->diags, d, span, best);
    else
        diag_help(c->diags, d, "add the service, or remove its name here");
}

static void network_mode(struct compose *c, const struct compose_service *s) {
    if (!s->network_mode)
        return;
    struct str mode = s->network_mode->text;
    if (str_starts(mode, STR("service:")))
        service_name(c, str_from(mode, 8), tree_text_span(c->arena, s->network_mode, 8, mode.len),
                     "this shares the network of");
    if (!s->has_networks)
        return;
    struct diag *d =
        diag_add(c->diags, DIAG_COMPOSE_NETWORK_MODE, s->network_mode->span,
                 "the service `%.*s` has both `network_mode` and `networks`", STR_ARG(s->name));
    diag_effect(c->diags, d, "Compose refuses the file");
    diag_help(c->diags, d, "remove one of them");
    struct tree *node = compose_service_get(s, STR("networks"));
    if (node)
        diag_note_at(c->diags, d, node->span, "its networks");
}

/* ---- what a service is made from ---- */

static const char *const origins[] = { "image", "build", "provider" };

/* A key that was told to be misspelt and may stand for one of them. */
static bool has_misspelt_origin(struct compose *c, const struct compose_service *s) {
    for (const struct compose_layer *l = s->layers; l; l = l->next)
        for (struct tree_entry *e = tree_entries(l->body); e; e = e->next) {
            if (c->suggestions >= MOST_SUGGESTIONS || compose_check_knows(tree_key(e)))
                continue;
            struct nearest nearest = { .wanted = tree_key(e) };
            for (size_t i = 0; i < sizeof origins / sizeof *origins; i++)
                nearest_offer(&nearest, str_of(origins[i]));
            if (nearest.best.len)
                return true;
        }
    return false;
}

static void image(struct compose *c, const struct compose_service *s) {
    if (!s->body || s->partial)
        return;
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++)
        if (compose_service_get(s, str_of(origins[i])))
            return;
    if (has_misspelt_origin(c, s))
        return;
    struct diag *d =
        diag_add(c->diags, DIAG_COMPOSE_SERVICE, s->name_span,
                 "the service `%.*s` has neither an image nor a build", STR_ARG(s->name));
    diag_level(c->diags, d, LEVEL_WARNING); /* a file that is not given may say it */
    diag_effect(c->diags, d, "Compose refuses the file");
    diag_help(c->diags, d, "give it an `image:` or a `build:`");
}

/* ---- volumes, secrets, configs ---- */

/* The items of one kind, by name. */
struct declared {
    const char *what;
    const struct compose_item *items;
    struct table names;
};

static struct declared declared_new(struct compose *c, const char *what,
                                    struct compose_item *items) {
    struct declared d = { what, items, { .arena = c->arena } };
    for (; items; items = items->next)
        *table_at(&d.names, items->name) = items;
    return d;
}

static void item_name(struct compose *c, const struct declared *known, struct str name,
                      struct span span) {
    if (name.len == 0 || str_find(name, '$') != STR_NONE || table_get(&known->names, name))
        return;
    struct diag *d = diag_add(c->diags, DIAG_COMPOSE_DECLARED, span,
                              "the %s `%.*s` is not declared", known->what, STR_ARG(name));
    diag_effect(c->diags, d, "Compose refuses the file");
    struct nearest nearest = { .wanted = name };
    if (c->suggestions++ < MOST_SUGGESTIONS)
        for (const struct compose_item *i = known->items; i; i = i->next)
            nearest_offer(&nearest, i->name);
    if (nearest.best.len)
        diag_suggest(c->diags, d, span, nearest.best);
    else
        diag_help(c->diags, d, "declare it at the top level, below `%ss:`", known->what);
}

static void volumes(struct compose *c, const struct compose_service *s,
                    const struct declared *known) {
    for (const struct compose_mount *m = s->volumes; m; m = m->next) {
        if (!str_is(m->type, "volume"))
            continue;
        struct tree *source = tree_get(m->node, STR("source"));
        struct span span = m->node->kind == TREE_SCALAR
                               ? tree_text_span(c->arena, m->node, 0, m->source.len)
                           : source ? source->span
                                    : m->node->span;
        item_name(c, known, m->source, span);
    }
}

/* `secrets` and `configs` of a service: names, or mappings with a `source`. */
static void grants(struct compose *c, const struct compose_service *s, struct str key,
                   const struct declared *known) {
    for (const struct compose_layer *l = s->layers; l; l = l->next) {
        struct tree *list = tree_get(l->body, key);
        if (!tree_is(list, TREE_SEQUENCE))
            continue;
        for (struct tree_entry *e = tree_entries(list); e; e = e->next) {
            struct tree *name = tree_value(e);
            if (name->kind == TREE_MAPPING)
                name = tree_get(name, STR("source"));
            if (tree_is(name, TREE_SCALAR))
                item_name(c, known, tree_text(name), name->span);
        }
    }
}

void compose_check_names(struct compose *c) {
    if (c->incomplete)
        return;
    struct declared mounted = declared_new(c, "volume", c->volumes);
    struct declared secrets = declared_new(c, "secret", c->secrets);
    struct declared configs = declared_new(c, "config", c->configs);
    for (struct compose_service *s = c->services; s; s = s->next) {
        networks(c, s);
        network_mode(c, s);
        image(c, s);
        volumes(c, s, &mounted);
        grants(c, s, STR("secrets"), &secrets);
        grants(c, s, STR("configs"), &configs);
        for (struct compose_dependency *d = s->depends_on; d; d = d->next)
            if (!d->optional)
                service_name(c, d->service, d->span, "this depends on");
    }
}
