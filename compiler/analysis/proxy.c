/* Collecting what Traefik would read, before its tables are made. */
#include "analysis/proxy.h"

#include "analysis/certificates.h"
#include "support/buf.h"

#include <stdarg.h>
#include <stdio.h>

void proxy_start(struct proxy *p, struct arena *a, uint32_t version) {
    *p = (struct proxy){ .arena = a, .version = version, .docker = STR("docker") };
    p->last_entry_point = &p->entry_points;
    p->last_router = &p->routers;
    p->last_note = &p->notes;
    p->last_clash = &p->clashes;
    p->last_certificate = &p->certificates;
    p->certificate_names.arena = a;
    for (size_t i = 0; i < LAYERS; i++)
        p->service_table[i].arena = p->middleware_table[i].arena = a;
    p->tls_table.arena = p->entry_table.arena = a;
}

struct proxy_note *proxy_tell(struct proxy *p, struct span span, const char *format, ...) {
    va_list args;
    char text[1024];
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    struct proxy_note *note = arena_new(p->arena, struct proxy_note);
    *note = (struct proxy_note){ .span = span, .text = str_copy(p->arena, str_of(text)) };
    *p->last_note = note;
    p->last_note = &note->next;
    return note;
}

struct clash *proxy_clash(struct proxy *p, const char *what, struct str name, struct str provider) {
    struct clash *c = arena_new(p->arena, struct clash);
    *c = (struct clash){ .what = what, .name = name, .provider = provider };
    *p->last_clash = c;
    p->last_clash = &c->next;
    return c;
}

struct str proxy_qualify(struct proxy *p, struct str name, struct str provider) {
    if (str_find(name, '@') != STR_NONE)
        return name;
    return str_format(p->arena, "%.*s@%.*s", STR_ARG(name), STR_ARG(provider));
}

struct entry_point *proxy_entry_point(const struct proxy *p, struct str name) {
    return table_get(&p->entry_table, name);
}

struct object *proxy_service(const struct proxy *p, enum layer layer, struct str full) {
    return table_get(&p->service_table[layer], full);
}

struct object *proxy_middleware(const struct proxy *p, enum layer layer, struct str full) {
    return table_get(&p->middleware_table[layer], full);
}

struct entry_point *entry_point_new(struct proxy *p, struct str name, struct str address) {
    struct entry_point *e = arena_new(p->arena, struct entry_point);
    *e = (struct entry_point){ .name = name, .address = address, .http_rules.sanitize = true };
    e->snis.arena = p->arena;
    size_t slash = str_find_last(address, '/');
    e->udp = slash != STR_NONE && str_eq_nocase(str_from(address, slash + 1), STR("udp"));
    struct str host_port = str_slice(address, 0, slash);
    size_t colon = str_find_last(host_port, ':');
    e->port = colon == STR_NONE ? STR("") : str_from(host_port, colon + 1);
    *p->last_entry_point = e;
    p->last_entry_point = &e->next;
    *table_at(&p->entry_table, name) = e;
    return e;
}

/* ---- what one container, file or provider brings ---- */

void part_start(struct part *part) {
    *part = (struct part){ 0 };
    part->last_router = &part->routers;
    part->last_options = &part->tls_options;
    for (size_t i = 0; i < LAYERS; i++) {
        part->last_service[i] = &part->services[i];
        part->last_middleware[i] = &part->middlewares[i];
    }
}

struct object *object_new(struct proxy *p, struct object ***last, struct str name,
                          struct str provider, const struct untyped *conf) {
    struct object *o = arena_new(p->arena, struct object);
    *o = (struct object){ .name = name, .provider = provider, .conf = conf };
    o->full = str_format(p->arena, "%.*s@%.*s", STR_ARG(name), STR_ARG(provider));
    o->span = conf ? conf->key_span : (struct span){ 0, 0 };
    **last = o;
    *last = &o->next;
    return o;
}

struct router *part_router(struct proxy *p, struct part *part, enum layer layer, struct str name,
                           struct str provider, const struct untyped *conf) {
    struct router *r = arena_new(p->arena, struct router);
    *r = (struct router){ .layer = layer, .name = name, .provider = provider, .conf = conf };
    r->full = str_format(p->arena, "%.*s@%.*s", STR_ARG(name), STR_ARG(provider));
    *part->last_router = r;
    part->last_router = &r->next;
    if (!conf)
        return r;
    r->span = conf->key_span;
    r->rule = untyped_text(conf, "rule");
    r->service = untyped_text(conf, "service");
    r->entry_points = untyped_texts(conf, "entryPoints", p->arena);
    r->middlewares = untyped_texts(conf, "middlewares", p->arena);
    r->priority = untyped_int(conf, "priority", 0);
    r->v2 = str_is(untyped_text(conf, "ruleSyntax"), "v2");
    r->parents = untyped_texts(conf, "parentRefs", p->arena);
    const struct untyped *tls = untyped_child(conf, STR("tls"));
    r->tls = untyped_is_present(tls);
    if (r->tls) {
        r->passthrough = layer == LAYER_TCP && untyped_bool(tls, "passthrough", false);
        r->tls_options = untyped_text(tls, "options");
        r->resolver = untyped_text(tls, "certResolver");
    }
    return r;
}

void part_read(struct proxy *p, struct part *part, const struct untyped *root, struct str provider,
               struct str origin) {
    static const char *const layers[LAYERS] = { "http", "tcp", "udp" };
    for (size_t i = 0; i < LAYERS; i++) {
        const struct untyped *layer = untyped_child(root, str_of(layers[i]));
        const struct untyped *found = untyped_child(layer, STR("routers"));
        for (const struct untyped *c = found ? found->first : NULL; c; c = c->next)
            if (c->kind != UNTYPED_NULL)
                part_router(p, part, (enum layer)i, c->key, provider, c)->origin = origin;
        found = untyped_child(layer, STR("services"));
        for (const struct untyped *c = found ? found->first : NULL; c; c = c->next)
            if (c->kind != UNTYPED_NULL)
                object_new(p, &part->last_service[i], c->key, provider, c)->origin = origin;
        found = untyped_child(layer, STR("middlewares"));
        for (const struct untyped *c = found ? found->first : NULL; c; c = c->next)
            if (c->kind != UNTYPED_NULL)
                object_new(p, &part->last_middleware[i], c->key, provider, c)->origin = origin;
    }
    p->has_certificates |= untyped_get(root, "tls.certificates") || untyped_get(root, "tls.stores");
    p->stores = p->stores ? p->stores : untyped_get(root, "tls.stores");
    const struct untyped *options = untyped_get(root, "tls.options");
    for (const struct untyped *c = options ? options->first : NULL; c; c = c->next)
        if (c->kind != UNTYPED_NULL)
            object_new(p, &part->last_options, c->key, provider, c)->origin = origin;
}

/* ---- a whole provider ---- */

static void take_objects(struct object *list, struct object **into, struct table *table) {
    while (*into)
        into = &(*into)->next;
    for (struct object *o = list, *next; o; o = next) {
        next = o->next;
        o->next = NULL;
        if (o->deleted)
            continue;
        *into = o;
        into = &o->next;
        *table_at(table, o->full) = o;
    }
}

void proxy_take(struct proxy *p, struct part *part) {
    for (struct router *r = part->routers, *next; r; r = next) {
        next = r->next;
        r->next = NULL;
        *p->last_router = r;
        p->last_router = &r->next;
    }
    for (size_t i = 0; i < LAYERS; i++) {
        take_objects(part->services[i], &p->services[i], &p->service_table[i]);
        take_objects(part->middlewares[i], &p->middlewares[i], &p->middleware_table[i]);
    }
    /* The options `default` belong to nobody: the only ones without a provider in their name. */
    for (struct object *o = part->tls_options; o; o = o->next) {
        if (!str_is(o->name, "default"))
            continue;
        o->full = o->name;
        p->default_options_gone |= table_get(&p->tls_table, o->full) != NULL;
    }
    take_objects(part->tls_options, &p->tls_options, &p->tls_table);
}

/* ---- the file provider ---- */

/* What files declare by name; each kind has names of its own. */
struct names {
    struct table routers[LAYERS], services[LAYERS], middlewares[LAYERS], options;
};

static void names_start(struct names *names, struct arena *a) {
    *names = (struct names){ .options.arena = a };
    for (size_t i = 0; i < LAYERS; i++)
        names->routers[i].arena = names->services[i].arena = names->middlewares[i].arena = a;
}

static void skip(struct proxy *p, const char *what, struct str name, struct clash shadowed) {
    struct clash *c = proxy_clash(p, what, name, STR("file"));
    struct clash *next = c->next;
    shadowed.outcome = CLASH_SHADOWED;
    shadowed.what = c->what;
    shadowed.name = c->name;
    shadowed.provider = c->provider;
    *c = shadowed;
    c->next = next;
    proxy_tell(p, c->second, "%s `%.*s` stands in an earlier file; this one is skipped", what,
               STR_ARG(name));
}

static void join_objects(struct proxy *p, struct table *names, const char *what,
                         struct object *list, struct object ***last) {
    for (struct object *o = list, *next; o; o = next) {
        void **slot = table_at(names, o->name);
        const struct object *first = *slot;
        next = o->next;
        o->next = NULL;
        if (first) {
            skip(p, what, o->name,
                 (struct clash){ .first = first->span,
                                 .first_origin = first->origin,
                                 .second = o->span,
                                 .second_origin = o->origin });
            continue;
        }
        *slot = o;
        **last = o;
        *last = &o->next;
    }
}

static void join_routers(struct proxy *p, struct names *names, struct part *all,
                         struct router *list) {
    for (struct router *r = list, *next; r; r = next) {
        void **slot = table_at(&names->routers[r->layer], r->name);
        const struct router *first = *slot;
        next = r->next;
        r->next = NULL;
        if (first) {
            skip(p, "router", r->name,
                 (struct clash){ .first = first->span,
                                 .first_origin = first->origin,
                                 .first_router = first,
                                 .second = r->span,
                                 .second_origin = r->origin,
                                 .second_router = r });
            continue;
        }
        *slot = r;
        *all->last_router = r;
        all->last_router = &r->next;
    }
}

/* The first definition of a name stays. */
static void join_file(struct proxy *p, struct names *names, struct part *all,
                      const struct part *file) {
    join_routers(p, names, all, file->routers);
    for (int i = 0; i < LAYERS; i++) {
        join_objects(p, &names->services[i], "service", file->services[i], &all->last_service[i]);
        join_objects(p, &names->middlewares[i], "middleware", file->middlewares[i],
                     &all->last_middleware[i]);
    }
    join_objects(p, &names->options, "TLS options", file->tls_options, &all->last_options);
}

void proxy_add_files(struct proxy *p, const struct proxy_file *files, size_t count) {
    static const char provider[] = "file";
    p->has_files = true;
    struct part all;
    struct arena aside = { 0 };
    struct names names;
    names_start(&names, &aside);
    part_start(&all);
    for (size_t i = 0; i < count; i++) {
        struct part file;
        part_start(&file);
        part_read(p, &file, files[i].conf, str_of(provider), files[i].name);
        certificates_add_files(p, untyped_child(files[i].conf, STR("tls")));
        join_file(p, &names, &all, &file);
    }
    arena_free(&aside);
    proxy_take(p, &all);
}
