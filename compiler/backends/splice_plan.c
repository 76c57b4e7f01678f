/* Who must get a value of its own: those who share a value, or a whole mapping, that another
   service changes (rows of one list reached through an anchor, `<<` or `extends`). */
#include "backends/splice_plan.h"

#include "support/table.h"

struct member { /* of a list of services or keys under one node */
    struct member *next;
    struct service_plan *service;
    int key;
};

struct sharing {
    struct splice_plan *plan;
    struct arena scratch;
    struct table heirs;     /* mapping → services that take keys from it */
    struct table sharers;   /* value → keys that have it without owning it */
    struct table extenders; /* mapping → services that extend its service */
    struct member *todo;
    bool wrong;
};

static void member_add(struct sharing *sh, struct table *table, const uint32_t *node,
                       struct service_plan *service, int key) {
    void **slot = table_at(table, (struct str){ (const char *)node, sizeof *node });
    struct member *m = arena_new(&sh->scratch, struct member);
    *m = (struct member){ .next = *slot, .service = service, .key = key };
    *slot = m;
}

static struct member *members(const struct table *table, const uint32_t *node) {
    return table_get(table, (struct str){ (const char *)node, sizeof *node });
}

static bool is_own_key(const struct outline_key *key) {
    return key->place.form != OUTLINE_ABSENT && key->place.where != OUTLINE_INHERITED;
}

static void learn(struct sharing *sh, struct service_plan *sp) {
    const struct outline_service *s = sp->service;
    for (size_t i = 0; i < s->merges.count; i++)
        member_add(sh, &sh->heirs, &s->merges.at[i], sp, 0);
    for (size_t i = 0; i < s->extends.count; i++)
        member_add(sh, &sh->extenders, &s->extends.at[i], sp, 0);
    for (int k = 0; k < OUTLINE_KEYS; k++)
        if (s->keys[k]->place.form != OUTLINE_ABSENT && s->keys[k]->place.where != OUTLINE_OWN)
            member_add(sh, &sh->sharers, &s->keys[k]->place.node, sp, k);
}

static void refuse(struct sharing *sh, struct span span, const struct service_plan *from, int key) {
    struct splice *s = sh->plan->s;
    struct diag *d = diag_add(s->diags, DIAG_COMPOSE_PLACE, span,
                              "this would get the `%s` that the service `%.*s` gets, too",
                              splice_key_names[key], STR_ARG(from->service->name));
    diag_note_at(s->diags, d, from->service->name_span, "the service");
    diag_help(s->diags, d, "move what they share to an `x-…` key, or to a service without a route");
    sh->wrong = true;
}

static void change(struct sharing *sh, struct service_plan *sp, int key) {
    struct member *m = arena_new(&sh->scratch, struct member);
    *m = (struct member){ .next = sh->todo, .service = sp, .key = key };
    sh->todo = m;
}

static void detach(struct sharing *sh, struct service_plan *sp, int key) {
    struct key_plan *p = &sp->keys[key];
    const struct outline_place *place = &sp->service->keys[key]->place;
    if (place->form == OUTLINE_ODD || sp->service->body.form == OUTLINE_ODD) {
        struct splice *s = sh->plan->s;
        struct diag *d = diag_add(s->diags, DIAG_COMPOSE_PLACE, sp->service->name_span,
                                  "the service `%.*s` cannot be given `%s` of its own",
                                  STR_ARG(sp->service->name), splice_key_names[key]);
        diag_help(s->diags, d, "write its mapping below `services:`, with `<<` for what it shares");
        sh->wrong = true;
        return;
    }
    if (p->rewrite && p->write)
        return;
    bool known = p->write;
    p->rewrite = p->write = true;
    if (!known)
        change(sh, sp, key);
}

/* The texts of a use that copies a whole value; anything else around it cannot be helped. */
static void check_uses(struct sharing *sh, const struct outline_use *use, struct service_plan *sp,
                       int key, bool whole_fits) {
    for (; use; use = use->next)
        if (!use->whole || !whole_fits)
            refuse(sh, use->span, sp, key);
}

static bool covers(const struct service_plan *sp, const struct service_plan *base, int key) {
    if (key == OUTLINE_LABELS) {
        for (const struct compose_label *l = base->edit->labels; l; l = l->next) {
            const struct compose_label *own = sp->edit ? sp->edit->labels : NULL;
            while (own && !(str_eq(own->key, l->key) && str_eq(own->value, l->value)))
                own = own->next;
            if (!own)
                return false;
        }
        return true;
    }
    if (key == OUTLINE_NETWORKS) {
        for (const struct compose_join *j = base->edit->joins; j; j = j->next) {
            const struct compose_join *own = sp->edit ? sp->edit->joins : NULL;
            while (own && !str_eq(own->network, j->network))
                own = own->next;
            if (!own || j->ipv4_address.len || j->aliases.count)
                return false;
        }
        return true;
    }
    return sp->service->keys[OUTLINE_DNS]->items.count == 0 && sp->edit && sp->edit->dns.count;
}

static void spread(struct sharing *sh, struct service_plan *sp, int key) {
    const struct outline_service *s = sp->service;
    const struct outline_key *k = s->keys[key];
    bool own = k->place.form != OUTLINE_ABSENT && k->place.where == OUTLINE_OWN;
    for (struct member *m = members(&sh->heirs, &s->body_node); m; m = m->next)
        if (m->service != sp && s->body.where == OUTLINE_OWN &&
            !is_own_key(m->service->service->keys[key]))
            detach(sh, m->service, key);
    for (struct member *m = own ? members(&sh->sharers, &k->place.node) : NULL; m; m = m->next)
        if (!m->service)
            sh->plan->own_networks = true;
        else
            detach(sh, m->service, m->key);
    if (own)
        check_uses(sh, k->uses, sp, key, true);
    else if (k->place.where != OUTLINE_ALIASED)
        check_uses(sh, s->uses, sp, key, false);
    if (!sp->keys[key].gains)
        return;
    for (struct member *m = members(&sh->extenders, &s->body_node); m; m = m->next)
        if (m->service != sp && !covers(m->service, sp, key))
            refuse(sh, m->service->service->extends_span, sp, key);
}

/* The networks of the top level may be a value that services use, too. */
static void spread_networks(struct sharing *sh) {
    const struct outline_key *key = &sh->plan->s->o->networks;
    if (!sh->plan->networks.first || key->place.form == OUTLINE_ABSENT ||
        key->place.where != OUTLINE_OWN)
        return;
    for (struct member *m = members(&sh->sharers, &key->place.node); m; m = m->next)
        if (m->service)
            detach(sh, m->service, m->key);
    for (const struct outline_use *use = key->uses; use; use = use->next) {
        struct splice *s = sh->plan->s;
        struct diag *d = diag_add(s->diags, DIAG_COMPOSE_PLACE, use->span,
                                  "this would get the networks that the file declares, too");
        diag_help(s->diags, d, "write out what is meant here");
        sh->wrong = true;
    }
}

static void share(struct sharing *sh) {
    struct splice_plan *plan = sh->plan;
    sh->heirs.arena = sh->sharers.arena = sh->extenders.arena = &sh->scratch;
    for (size_t i = 0; i < plan->count; i++)
        learn(sh, &plan->services[i]);
    const struct outline_key *top = &plan->s->o->networks;
    if (top->place.form != OUTLINE_ABSENT && top->place.where != OUTLINE_OWN)
        member_add(sh, &sh->sharers, &top->place.node, NULL, 0);
    for (size_t i = plan->count; i-- > 0;) /* the first is looked at first */
        for (int k = OUTLINE_KEYS; k-- > 0;)
            if (plan->services[i].keys[k].write)
                change(sh, &plan->services[i], k);
    spread_networks(sh);
    while (sh->todo) {
        struct member *m = sh->todo;
        sh->todo = m->next;
        spread(sh, m->service, m->key);
    }
}

/* ---- the plan ---- */

/* As the file itself would name the other: below its own folder. */
static struct str path_from(struct str file, struct str other) {
    size_t slash = str_find_last(file, '/');
    struct str folder = str_slice(file, 0, slash == STR_NONE ? 0 : slash + 1);
    return str_starts(other, folder) ? str_from(other, folder.len) : other;
}

/* What asks for a label or a network of the service. */
static struct span wish_of(const struct compose_service_edit *e) {
    for (const struct compose_join *j = e->joins; j; j = j->next)
        if (!span_is_none(j->span))
            return j->span;
    for (const struct compose_label *l = e->labels; l; l = l->next)
        if (!span_is_none(l->span))
            return l->span;
    return (struct span){ 0, 0 };
}

static bool no_service(struct splice_plan *plan, const struct compose_service_edit *e) {
    struct splice *s = plan->s;
    struct source *other =
        span_is_none(e->span) ? NULL : source_at(s->diags->sources, e->span.start);
    struct str file = s->o->source->name;
    struct span wish = wish_of(e);
    struct diag *d =
        diag_add(s->diags, DIAG_COMPOSE_PLACE, e->span,
                 "`%.*s` does not declare the service `%.*s`", STR_ARG(file), STR_ARG(e->service));
    if (!other || other == s->o->source) {
        diag_help(s->diags, d, "declare it in this file");
        return false;
    }
    diag_effect(s->diags, d, "an included or overriding file is not added to: it gets %s",
                e->joins ? "no network" : "no labels");
    if (!span_is_none(wish))
        diag_note_at(s->diags, d, wish, "this asks for %s", e->joins ? "the network" : "them");
    if (str_find_str(other->name, STR(".override.")) != STR_NONE)
        diag_help(s->diags, d, "move it to `%.*s`; the overriding file may add to it",
                  STR_ARG(file));
    else
        diag_help(
            s->diags, d,
            "write `%.*s: { extends: { file: %.*s, service: %.*s } }` below `services:` of `%.*s`, "
            "in place of the `include`",
            STR_ARG(e->service), STR_ARG(path_from(file, other->name)), STR_ARG(e->service),
            STR_ARG(file));
    return false;
}

static bool may_change(struct splice_plan *plan, const struct service_plan *sp) {
    struct splice *s = plan->s;
    bool odd = sp->service->body.form == OUTLINE_ODD || sp->service->body.form == OUTLINE_SCALAR ||
               sp->service->body.form == OUTLINE_LIST || !span_is_none(s->o->services_odd);
    bool writes = false;
    for (int k = 0; k < OUTLINE_KEYS; k++)
        writes |= sp->keys[k].write;
    if (!odd || !writes)
        return true;
    struct span span =
        span_is_none(s->o->services_odd) ? sp->service->name_span : s->o->services_odd;
    struct diag *d = diag_add(s->diags, DIAG_COMPOSE_PLACE, span,
                              "the service `%.*s` is not written out below `services`",
                              STR_ARG(sp->service->name));
    diag_help(s->diags, d, "write `%.*s:` below `services:`, with `<<: *name` for what it shares",
              STR_ARG(sp->service->name));
    return false;
}

static bool take_edits(struct splice_plan *plan, const struct compose_edits *edits) {
    bool right = true;
    struct arena scratch = { 0 };
    struct table by_name = { .arena = &scratch };
    for (size_t i = 0; i < plan->count; i++)
        *table_at(&by_name, plan->services[i].service->name) = &plan->services[i];
    for (const struct compose_service_edit *e = edits->services; e; e = e->next) {
        struct service_plan *sp = table_get(&by_name, e->service);
        if (!sp) {
            right = no_service(plan, e);
            continue;
        }
        sp->edit = e;
        right &= splice_plan_gains(plan, sp);
    }
    arena_free(&scratch);
    return right;
}

bool splice_plan(struct splice_plan *plan, const struct compose_edits *edits) {
    const struct outline *o = plan->s->o;
    for (const struct outline_service *s = o->services; s; s = s->next)
        plan->count++;
    plan->services = arena_array(plan->s->arena, struct service_plan, plan->count + 1);
    size_t i = 0;
    for (const struct outline_service *s = o->services; s; s = s->next)
        plan->services[i++].service = s;
    bool right = take_edits(plan, edits);
    right &= splice_plan_networks(plan, edits);
    for (i = 0; i < plan->count; i++)
        right &= may_change(plan, &plan->services[i]);
    if (!right)
        return false;
    struct sharing sh = { .plan = plan };
    share(&sh);
    arena_free(&sh.scratch);
    right = !sh.wrong;
    for (i = 0; i < plan->count; i++)
        right &= may_change(plan, &plan->services[i]);
    return right;
}
