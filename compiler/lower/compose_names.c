/* Names inside a compose file that must lead somewhere: Compose refuses the file otherwise. */
#include "lower/compose_names.h"

#include "lower/tree_place.h"

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

void compose_check_names(struct compose *c) {
    if (c->incomplete)
        return;
    for (struct compose_service *s = c->services; s; s = s->next) {
        networks(c, s);
        network_mode(c, s);
        for (struct compose_dependency *d = s->depends_on; d; d = d->next)
            if (!d->optional)
                service_name(c, d->service, d->span, "this depends on");
    }
}
