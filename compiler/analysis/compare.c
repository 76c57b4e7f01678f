/* What of a router is no longer the same, and whether that may open what was closed. */
#include "analysis/compare.h"

#include "analysis/proxy_refs.h"

#include <inttypes.h>
#include <stdlib.h>

enum { CHAINS_DEEPEST = 16, GUARDS_MOST = 64 };

/* Those that turn people away, or at least off plain HTTP. */
static const char *const guards[] = { "basicAuth",   "digestAuth", "forwardAuth",   "ipAllowList",
                                      "ipWhiteList", "plugin",     "redirectScheme" };

/* ---- the facts of one router ---- */

struct view { /* a router with all that it is on its entry points */
    const struct router *router;
    struct strs entry_points;
    const struct placement *first;
};

struct side {
    struct proxy *proxy;
    struct arena *arena;
    struct table views;
    struct view **list;
    size_t count;
};

static struct str key_of(struct arena *a, const struct router *r) {
    return str_format(a, "%.*s %d", STR_ARG(r->full), (int)r->layer);
}

static void add_placements(struct side *s, const struct entry_point *e,
                           const struct placements *list) {
    for (size_t i = 0; i < list->count; i++) {
        struct view *v = table_get(&s->views, key_of(s->arena, list->at[i]->router));
        if (!v)
            continue;
        if (!v->first)
            v->first = list->at[i];
        strs_add(&v->entry_points, s->arena, e->name);
    }
}

static void look(struct side *s, struct proxy *p, struct arena *a) {
    *s = (struct side){ .proxy = p, .arena = a, .views = { .arena = a } };
    size_t count = 0;
    for (const struct router *r = p->routers; r; r = r->next)
        count++;
    s->list = arena_array(a, struct view *, count + 1);
    for (const struct router *r = p->routers; r; r = r->next) {
        void **slot = table_at(&s->views, key_of(a, r));
        if (*slot || str_is(r->provider, "internal"))
            continue;
        struct view *v = arena_new(a, struct view);
        v->router = r;
        *slot = v;
        s->list[s->count++] = v;
    }
    for (const struct entry_point *e = p->entry_points; e; e = e->next) {
        const struct placements *lists[] = { &e->http, &e->https, &e->tcp, &e->tcp_tls,
                                             &e->udp_routes };
        for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
            add_placements(s, e, lists[i]);
    }
}

static struct str joined(struct arena *a, const struct strs *list) {
    struct buf out = { .arena = a };
    for (size_t i = 0; i < list->count; i++)
        buf_format(&out, "%s%.*s", i ? ", " : "", STR_ARG(list->at[i]));
    return buf_str(&out);
}

static void find_guards(const struct side *s, enum layer layer, struct str full, struct strs *out,
                        int depth) {
    const struct object *o = proxy_middleware(s->proxy, layer, full);
    const struct untyped *kind = o && o->conf ? o->conf->first : NULL;
    if (!kind || depth > CHAINS_DEEPEST || out->count >= GUARDS_MOST)
        return;
    if (str_eq_nocase(kind->key, STR("chain"))) {
        struct strs parts = untyped_texts(kind, "middlewares", s->arena);
        for (size_t i = 0; i < parts.count; i++)
            find_guards(s, layer, proxy_qualify(s->proxy, parts.at[i], o->provider), out,
                        depth + 1);
    }
    for (size_t i = 0; i < sizeof guards / sizeof *guards; i++)
        if (str_eq_nocase(kind->key, str_of(guards[i])))
            strs_add(out, s->arena, str_of(guards[i]));
}

static const struct strs *middlewares_of(const struct view *v) {
    return v->first ? &v->first->middlewares : &v->router->middlewares;
}

static void read_facts(struct side *s, const struct view *v, struct str *facts) {
    const struct router *r = v->router;
    const struct placement *first = v->first;
    struct strs kinds = { 0 };
    const struct strs *middlewares = middlewares_of(v);
    for (size_t i = 0; i < middlewares->count; i++)
        find_guards(s, r->layer, proxy_qualify(s->proxy, middlewares->at[i], r->provider), &kinds,
                    0);
    bool tls = first ? first->tls : r->tls, passed = first ? first->passthrough : r->passthrough;
    struct str service =
        r->service.len ? proxy_qualify(s->proxy, r->service, r->provider) : STR("");
    struct strs servers = proxy_servers(s->proxy, r->layer, service, s->arena);
    facts[FACT_LOADED] = first ? STR("yes") : STR("no");
    facts[FACT_GUARDS] = joined(s->arena, &kinds);
    facts[FACT_TLS] = passed ? STR("passed through") : tls ? STR("on") : STR("off");
    facts[FACT_OPTIONS] = first ? first->options : r->tls_options;
    facts[FACT_ENTRY_POINTS] = joined(s->arena, first ? &v->entry_points : &r->entry_points);
    facts[FACT_RULE] = r->rule;
    facts[FACT_PRIORITY] = r->priority ? str_format(s->arena, "%" PRId64, r->priority) : STR("");
    facts[FACT_MIDDLEWARES] = joined(s->arena, middlewares);
    facts[FACT_SERVICE] = service;
    facts[FACT_SERVERS] = joined(s->arena, &servers);
    facts[FACT_RESOLVER] = first ? first->resolver : r->resolver;
}

/* ---- two of them ---- */

/* Some guard of before is not there afterwards. */
static bool lost_guard(struct str was, struct str is) {
    while (was.len) {
        size_t comma = str_find(was, ',');
        struct str guard = str_trim(str_slice(was, 0, comma));
        was = comma == STR_NONE ? STR("") : str_from(was, comma + 1);
        if (str_find_str(is, guard) == STR_NONE)
            return true;
    }
    return false;
}

static bool matters(const struct compared *c, enum fact fact) {
    bool unguarded = !c->is[FACT_GUARDS].len;
    switch (fact) {
    case FACT_GUARDS: return lost_guard(c->was[fact], c->is[fact]);
    case FACT_TLS: return str_is(c->is[fact], "off");
    case FACT_LOADED: return unguarded && str_is(c->is[fact], "yes");
    case FACT_OPTIONS: return str_is(c->is[fact], "default") || !c->is[fact].len;
    default: return false;
    }
}

/* Middlewares that have the same name in both, and other options. Values may be secrets: only the
   names are told. */
static void compare_definitions(struct compared *c, struct side *before, const struct view *was,
                                struct side *after, const struct view *is) {
    struct strs list = { 0 };
    const struct strs *names = middlewares_of(is);
    for (size_t i = 0; i < names->count; i++) {
        struct str full = proxy_qualify(after->proxy, names->at[i], is->router->provider);
        const struct object *old = proxy_middleware(before->proxy, was->router->layer, full);
        const struct object *now = proxy_middleware(after->proxy, is->router->layer, full);
        if (!old || !now || !old->conf || !now->conf || untyped_equal(old->conf, now->conf))
            continue;
        struct strs kinds = { 0 };
        find_guards(after, is->router->layer, full, &kinds, 0);
        c->matters[FACT_DEFINITIONS] = c->matters[FACT_DEFINITIONS] || kinds.count > 0;
        strs_add(&list, after->arena, full);
    }
    if (list.count) {
        c->differs[FACT_DEFINITIONS] = true;
        c->is[FACT_DEFINITIONS] = joined(after->arena, &list);
    }
}

static struct compared *compared_new(struct side *s, const struct view *before,
                                     const struct view *after) {
    struct compared *c = arena_new(s->arena, struct compared);
    c->before = before ? before->router : NULL;
    c->after = after ? after->router : NULL;
    return c;
}

static int by_weight(const void *left, const void *right) {
    const struct compared *a = *(struct compared *const *)left,
                          *b = *(struct compared *const *)right;
    const struct router *r = a->after ? a->after : a->before, *q = b->after ? b->after : b->before;
    if (a->security != b->security)
        return a->security ? -1 : 1;
    int names = str_cmp(r->full, q->full);
    return names ? names : (int)r->layer - (int)q->layer;
}

static struct compared *sorted(struct compared **list, size_t count) {
    qsort(list, count, sizeof *list, by_weight);
    for (size_t i = 0; i < count; i++)
        list[i]->next = i + 1 < count ? list[i + 1] : NULL;
    return count ? list[0] : NULL;
}

void compare(struct comparison *c, struct proxy *before, struct proxy *after) {
    struct side old, new;
    look(&old, before, c->arena);
    look(&new, after, c->arena);
    struct compared **list = arena_array(c->arena, struct compared *, old.count + new.count + 1);
    size_t count = 0;
    for (size_t i = 0; i < old.count; i++) {
        if (table_get(&new.views, key_of(c->arena, old.list[i]->router)))
            continue;
        list[count] = compared_new(&old, old.list[i], NULL);
        read_facts(&old, old.list[i], list[count++]->was);
    }
    c->removed = sorted(list, count);
    count = 0;
    for (size_t i = 0; i < new.count; i++) {
        if (table_get(&old.views, key_of(c->arena, new.list[i]->router)))
            continue;
        struct compared *one = list[count++] = compared_new(&new, NULL, new.list[i]);
        read_facts(&new, new.list[i], one->is);
        one->security = new.list[i]->first && !one->is[FACT_GUARDS].len;
    }
    c->added = sorted(list, count);
    count = 0;
    for (size_t i = 0; i < new.count; i++) {
        struct view *is = new.list[i], *was = table_get(&old.views, key_of(c->arena, is->router));
        if (!was)
            continue;
        struct compared *one = compared_new(&new, was, is);
        read_facts(&old, was, one->was);
        read_facts(&new, is, one->is);
        bool any = false;
        for (int f = 0; f < FACTS; f++) {
            one->differs[f] = !str_eq(one->was[f], one->is[f]);
            one->matters[f] = one->differs[f] && matters(one, f);
        }
        compare_definitions(one, &old, was, &new, is);
        for (int f = 0; f < FACTS; f++) {
            any = any || one->differs[f];
            one->security = one->security || one->matters[f];
        }
        if (any)
            list[count++] = one;
    }
    c->changed = sorted(list, count);
}
