/* R007, R008, R009: one name, defined twice. Docker's provider drops both definitions of a router
   or a middleware and balances between the servers of a service; the file provider keeps the first.
 */
#include "lint/witness.h"

/* A request of the router, when nothing answers it now. */
static bool is_unanswered(struct lint *l, const struct router *r, struct witness *w) {
    const struct proxy *p = l->proxy;
    const struct strs *names = r->entry_points.count ? &r->entry_points : &p->default_entry_points;
    for (size_t i = 0; i < names->count; i++) {
        const struct entry_point *e = proxy_entry_point(p, names->at[i]);
        if (e && witness_of_router(l, r, e, r->tls || e->tls, w))
            return w->decision.kind == TRACE_NONE && w->decision.status == 404;
    }
    return false;
}

static void tell_dropped(struct lint *l, const struct clash *c) {
    struct witness w;
    bool router = c->second_router != NULL;
    bool alike = str_eq(c->first_origin, c->second_origin); /* of two projects */
    struct diag *d = alike ? diag_add(l->diags, DIAG_NAME_TWICE, c->second,
                                      "two containers `%.*s` define %s `%.*s` differently",
                                      STR_ARG(c->first_origin), c->what, STR_ARG(c->name))
                           : diag_add(l->diags, DIAG_NAME_TWICE, c->second,
                                      "containers `%.*s` and `%.*s` define %s `%.*s` differently",
                                      STR_ARG(c->first_origin), STR_ARG(c->second_origin), c->what,
                                      STR_ARG(c->name));
    if (router && is_unanswered(l, c->second_router, &w))
        diag_effect(l->diags, d, "Traefik drops both: %.*s is answered 404", STR_ARG(w.text));
    else if (router)
        diag_effect(l->diags, d, "Traefik drops both");
    else
        diag_effect(l->diags, d, "Traefik drops both, and every router that uses it");
    diag_note_at(l->diags, d, c->first, "defined here first");
    diag_help(l->diags, d, "give each its own name, such as PROJECT-%.*s", STR_ARG(c->name));
    arena_reset(l->scratch);
}

static bool is_dropped_too(const struct lint *l, const struct clash *c) {
    for (const struct clash *x = l->proxy->clashes; x; x = x->next)
        if (x->outcome == CLASH_DROPPED && x->first_router &&
            str_eq(x->first_origin, c->first_origin) && str_eq(x->second_origin, c->second_origin))
            return true;
    return false;
}

/* Routers that reach the service, of that container. */
static const struct router *user_of(const struct lint *l, const struct clash *c, struct str origin,
                                    const struct source *source) {
    for (const struct router *r = l->proxy->routers; r; r = r->next)
        if (str_eq(r->provider, c->provider) && str_eq(r->origin, origin) && !r->deleted &&
            str_eq(r->service, c->name) && !span_is_none(r->span) &&
            source_at(l->diags->sources, r->span.start) == source)
            return r;
    return NULL;
}

static void tell_merged(struct lint *l, const struct clash *c) {
    const struct source *from = source_at(l->diags->sources, c->first.start);
    const struct source *to = source_at(l->diags->sources, c->second.start);
    if (from == to || is_dropped_too(l, c))
        return;
    /* Each side reaches it by a router of its own: neither meant to help the other out. */
    const struct router *one = user_of(l, c, c->first_origin, from);
    const struct router *two = user_of(l, c, c->second_origin, to);
    if (!one || !two || lint_is_open(one->rule) || lint_is_open(two->rule) ||
        str_eq(one->rule, two->rule))
        return;
    struct diag *d = diag_add(l->diags, DIAG_SERVICE_MERGED, c->second,
                              "service `%.*s` is defined by `%.*s` of another project, too",
                              STR_ARG(c->name), STR_ARG(c->first_origin));
    diag_effect(l->diags, d,
                "Traefik balances between both: every second request of `%.*s` goes to the other",
                STR_ARG(two->name));
    diag_note_at(l->diags, d, c->first, "defined here first");
    diag_help(l->diags, d, "give each its own name, such as PROJECT-%.*s", STR_ARG(c->name));
}

static void tell_shadowed(struct lint *l, const struct clash *c) {
    struct diag *d =
        diag_add(l->diags, DIAG_NAME_SHADOWED, c->second, "%s `%.*s` stands in %.*s, too", c->what,
                 STR_ARG(c->name), STR_ARG(c->first_origin));
    diag_effect(l->diags, d, "Traefik reads %.*s first and ignores this one",
                STR_ARG(c->first_origin));
    diag_note_at(l->diags, d, c->first, "the one that counts");
    diag_help(l->diags, d, "rename one of them");
}

void lint_duplicate_names(struct lint *l) {
    for (const struct clash *c = l->proxy->clashes; c; c = c->next) {
        if (c->open || span_is_none(c->first) || span_is_none(c->second) ||
            (c->outcome != CLASH_SHADOWED && !lint_together(l, c->first, c->second)))
            continue;
        if (c->outcome == CLASH_DROPPED)
            tell_dropped(l, c);
        else if (c->outcome == CLASH_MERGED)
            tell_merged(l, c);
        else if (l->is_folder)
            tell_shadowed(l, c);
    }
}
