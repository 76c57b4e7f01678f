/* A router told in plain lines: what is written, what Traefik takes without being told, and where
   each of it stands. */
#include "analysis/story.h"

#include "analysis/proxy_refs.h"
#include "support/nearest.h"

#include <inttypes.h>

static bool is_called(const struct router *r, struct str name) {
    return str_eq(r->full, name) || str_eq(r->name, name);
}

static void write_place(struct buf *out, struct sources *sources, struct span span) {
    struct place place = { 0 };
    if (!span_is_none(span))
        place = source_place(sources, span.start);
    if (place.source)
        buf_format(out, "  (%.*s:%zu)", STR_ARG(place.source->name), place.line);
    buf_char(out, '\n');
}

static void line(struct buf *out, const char *label, struct str text, struct sources *sources,
                 struct span span) {
    buf_format(out, "  %-13s%.*s", label, STR_ARG(text));
    write_place(out, sources, span);
}

/* The span of an option as it is written, or no place. */
static struct span written(const struct router *r, const char *path) {
    const struct untyped *c = r->conf ? untyped_get(r->conf, path) : NULL;
    return c ? c->span : (struct span){ 0, 0 };
}

static struct span none(void) {
    return (struct span){ 0, 0 };
}

static void write_placement(struct buf *out, struct proxy *p, const struct entry_point *e,
                            const struct placement *at, struct sources *sources) {
    const struct router *r = at->router;
    struct arena *a = out->arena;
    bool said = r->entry_points.count > 0;
    line(out, "entry point",
         str_format(a, "%.*s%s%.*s%s", STR_ARG(e->name), e->address.len ? " " : "",
                    STR_ARG(e->address), said ? "" : ", by default: the router names none"),
         sources, said ? written(r, "entryPoints") : e->span);
    if (at->refused.len) {
        line(out, "not loaded", at->refused, sources, r->span);
        return;
    }
    line(out, "priority",
         str_format(a, "%" PRId64 "%s", at->priority,
                    r->priority ? "" : ", by default: the length of the rule"),
         sources, written(r, "priority"));
    struct str tls = !at->tls ? STR("off")
                     : at->passthrough
                         ? STR("passed through")
                         : str_format(a, "on, options %.*s%s%.*s",
                                      STR_ARG(at->options.len ? at->options : STR("default")),
                                      at->resolver.len ? ", resolver " : "", STR_ARG(at->resolver));
    bool inherited = at->tls && !r->tls;
    line(out, "TLS",
         inherited ? str_format(a, "%.*s, by default of the entry point", STR_ARG(tls)) : tls,
         sources, inherited ? e->span : written(r, "tls"));
    for (size_t i = 0; i < at->middlewares.count; i++) {
        struct str full = at->middlewares.at[i];
        const struct object *o = proxy_middleware(p, r->layer, full);
        line(out, i ? "then" : "middlewares", full, sources, o ? o->span : none());
    }
}

static void write_router(struct buf *out, struct proxy *p, const struct router *r,
                         struct sources *sources) {
    buf_format(out, "router %.*s", STR_ARG(r->full));
    write_place(out, sources, r->span);
    struct span rule = written(r, "rule");
    struct place file = { 0 };
    const struct untyped *first = r->conf;
    struct span any = first ? (span_is_none(first->span) ? first->key_span : first->span) : none();
    if (!span_is_none(any))
        file = source_place(sources, any.start);
    if (file.source)
        line(out, "written to",
             str_format(out->arena, "%.*s:%zu", STR_ARG(file.source->name), file.line), sources,
             none());
    if (r->rule.len)
        line(out, "rule", r->rule, sources, rule);
    if (r->refused.len)
        line(out, "not loaded", r->refused, sources, none());
    for (const struct entry_point *e = p->entry_points; e; e = e->next) {
        const struct placements *lists[] = { &e->http,    &e->https,      &e->tcp,
                                             &e->tcp_tls, &e->udp_routes, &e->absent };
        for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
            for (size_t j = 0; j < lists[i]->count; j++)
                if (lists[i]->at[j]->router == r)
                    write_placement(out, p, e, lists[i]->at[j], sources);
    }
    struct str service = r->service.len ? proxy_qualify(p, r->service, r->provider) : STR("none");
    const struct object *o = proxy_service(p, r->layer, service);
    line(out, "service", service, sources, o ? o->span : none());
    struct strs servers = proxy_servers(p, r->layer, service, out->arena);
    for (size_t i = 0; i < servers.count; i++)
        line(out, i ? "" : "servers", servers.at[i], sources, none());
}

bool story_write(struct buf *out, struct proxy *p, struct str name, struct sources *sources) {
    struct nearest n = { .wanted = name };
    bool found = false;
    for (const struct router *r = p->routers; r; r = r->next) {
        nearest_offer(&n, str_find(name, '@') == STR_NONE ? r->name : r->full);
        if (!is_called(r, name))
            continue;
        if (found)
            buf_char(out, '\n');
        found = true;
        write_router(out, p, r, sources);
    }
    if (!found)
        buf_add(out, n.best);
    return found;
}
