/* What the routes of a file become. */
#include "backends/backend.h"
#include "editing/editing.h"
#include "passes/pass.h"

#include <stdlib.h>

bool itsupc_is_route(struct itsupc *s, const char *file, size_t offset) {
    struct reading *r = editing_is_language(file) ? editing_of(s, str_of(file)) : NULL;
    uint32_t place = r ? editing_at(r->source, offset) : 0;
    const struct mark *m = r ? mark_at(r, place) : NULL;
    return m && m->role == ROLE_PATTERN;
}

size_t itsupc_language_files(struct itsupc *s, const char *const **names) {
    struct collected c = { .arena = &s->arena, .size = sizeof(const char *) };
    for (struct unit *u = s->program.units; u; u = u->next)
        if (str_ends(u->name, STR(".itsup")))
            *(const char **)collect(&c) = str_copy(&s->arena, u->name).at;
    *names = (const char *const *)c.at;
    return c.count;
}

/* ---- one router ---- */

static void add_variable(struct buf *out, struct str text) {
    for (size_t i = 0; i < text.len; i++)
        buf_char(out, text.at[i] == IR_VARIABLE ? '$' : text.at[i]);
}

static struct str labels(struct itsupc *s, struct emission *e, const struct ir_router *r) {
    struct buf out = { .arena = &s->arena };
    for (const struct ir_option *o = router_options(e, r); o; o = o->next) {
        buf_format(&out, "traefik.%s.routers.%.*s.%.*s: ", ir_protocol_names[r->protocol],
                   STR_ARG(r->name), STR_ARG(o->path));
        for (size_t i = 0; i < o->texts.count; i++) {
            buf_text(&out, i ? "," : "");
            add_variable(&out, o->texts.list[i]);
        }
        buf_char(&out, '\n');
    }
    return buf_str(&out);
}

static struct str hint(struct itsupc *s, const struct ir_router *r) {
    struct buf out = { .arena = &s->arena };
    for (size_t i = 0; i < r->entrypoints.count; i++)
        buf_format(&out, "%s%.*s", i ? ", " : "", STR_ARG(r->entrypoints.list[i]));
    if (r->tls && r->resolver.len && !str_is(r->resolver, "none"))
        buf_format(&out, " · certificate by %.*s", STR_ARG(r->resolver));
    else if (r->tls && !r->passthrough)
        buf_text(&out, " · certificate in place");
    return buf_str(&out);
}

/* A host that a client can ask for: of a wildcard some name below it. */
static struct str some_host(struct itsupc *s, struct str host) {
    return str_starts(host, STR("*.")) ? str_format(&s->arena, "x%.*s", STR_ARG(str_from(host, 1)))
                                       : host;
}

static struct str url(struct itsupc *s, const struct ir_router *r) {
    struct str host = r->hosts.count ? r->hosts.list[0] : STR("*");
    struct str path = r->path;
    bool any = str_is(host, "*");
    if (str_ends(path, STR("$")))
        path = str_slice(path, 0, path.len - 1);
    if (str_find(host, IR_VARIABLE) != STR_NONE || str_find(path, IR_VARIABLE) != STR_NONE ||
        (any && r->protocol == IR_HTTP))
        return STR("");
    const char *scheme = r->protocol == IR_HTTP  ? (r->tls ? "https" : "http")
                         : r->protocol == IR_UDP ? "udp"
                         : r->tls                ? "tls"
                                                 : "tcp";
    struct buf out = { .arena = &s->arena };
    buf_format(&out, "%s://%.*s", scheme, STR_ARG(any ? STR("") : some_host(s, host)));
    if (r->own_port)
        buf_format(&out, ":%u", r->port);
    buf_add(&out, path);
    return buf_str(&out);
}

static struct itsupc_text text_of(struct str s) {
    return (struct itsupc_text){ s.at ? s.at : "", s.len };
}

/* ---- all of a file ---- */

static int by_place(const void *a, const void *b) {
    const struct itsupc_route *x = a, *y = b;
    return (x->place.start > y->place.start) - (x->place.start < y->place.start);
}

size_t itsupc_routes_of(struct itsupc *s, const char *file, const struct itsupc_route **list) {
    struct collected c = { .arena = &s->arena, .size = sizeof(struct itsupc_route) };
    struct source *source = editing_source(s, file);
    *list = NULL;
    session_check(s);
    if (!source || !session_goes_on(s))
        return 0;
    struct emission e = session_emission(s);
    e.last = &e.first;
    e.ir = session_ir(s);
    if (!session_goes_on(s))
        return 0;
    passes_run(e.ir);
    for (struct ir_project *p = e.ir->projects; p; p = p->next)
        for (struct ir_router *r = p->disabled ? NULL : p->routers; r; r = r->next) {
            if (r->use != IR_ROUTE || source_at(&s->sources, r->span.start) != source)
                continue;
            struct itsupc_route *out = collect(&c);
            out->place = editing_place(s, r->span);
            out->labels = text_of(labels(s, &e, r));
            out->hint = text_of(hint(s, r));
            out->url = text_of(url(s, r));
        }
    if (c.count)
        qsort(c.at, c.count, c.size, by_place);
    *list = (const struct itsupc_route *)c.at;
    return c.count;
}
