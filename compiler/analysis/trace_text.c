/* A decision as one would explain it to a colleague. */
#include "analysis/certificates.h"
#include "analysis/trace.h"
#include "options/options.h"

#include <inttypes.h>

static void head(struct buf *out, const char *label) {
    buf_format(out, "  %-13s", label);
}

static void write_answer(struct buf *out, const struct decision *d) {
    switch (d->kind) {
    case TRACE_ROUTER:
        buf_format(out, "router %.*s", STR_ARG(d->route->router->full));
        if (d->effects.status)
            buf_format(out, ", whose middleware %.*s answers %d", STR_ARG(d->effects.by),
                       d->effects.status);
        return;
    case TRACE_REDIRECT:
        buf_format(out, "%d, redirected to %.*s by router %.*s", d->status, STR_ARG(d->location),
                   STR_ARG(d->route->router->full));
        return;
    case TRACE_ACME: buf_text(out, "Traefik's answer to a certificate challenge"); return;
    case TRACE_AMBIGUOUS:
        buf_text(out, "ambiguous: ");
        for (size_t i = 0; i < d->tied.count; i++)
            buf_format(out, "%s%.*s",
                       !i                      ? ""
                       : i + 1 < d->tied.count ? ", "
                                               : " or ",
                       STR_ARG(d->tied.at[i]->router->full));
        return;
    case TRACE_NONE:
        if (d->status)
            buf_format(out, "%d: %.*s", d->status, STR_ARG(d->why));
        else
            buf_format(out, "the connection is closed: %.*s", STR_ARG(d->why));
        return;
    case TRACE_REFUSED: buf_add(out, d->why); return;
    }
}

static size_t width_of(struct str s, size_t least) {
    return s.len > least ? s.len : least;
}

static void write_candidates(struct buf *out, const struct decision *d) {
    const char *table = NULL;
    size_t width = 0;
    for (const struct candidate *c = d->candidates; c; c = c->next)
        width = width_of(c->route->router->full, width);
    width = width > 40 ? 40 : width;
    for (const struct candidate *c = d->candidates; c; c = c->next) {
        if (c->table != table)
            buf_format(out, "\n  %s, in the order in which they are asked:\n", c->table);
        table = c->table;
        buf_format(out, "    %s %-*.*s  priority %-*" PRId64 "  ",
                   c->answer == TEST_YES && !c->why.len ? "→" : " ", (int)width,
                   STR_ARG(c->route->router->full), c->route->priority > 99999 ? 1 : 3,
                   c->route->priority);
        if (c->why.len)
            buf_add(out, c->why);
        else
            buf_text(out, d->kind == TRACE_AMBIGUOUS ? "it matches" : "it matches, and takes it");
        buf_char(out, '\n');
    }
    if (d->left_out)
        buf_format(out, "      … and %zu more routers\n", d->left_out);
}

static void write_absent(struct buf *out, const struct entry_point *e) {
    if (!e->absent.count)
        return;
    buf_format(out, "\n  not loaded, though meant for `%.*s`:\n", STR_ARG(e->name));
    for (size_t i = 0; i < e->absent.count && i < 20; i++)
        buf_format(out, "      %.*s: %.*s\n", STR_ARG(e->absent.at[i]->router->full),
                   STR_ARG(e->absent.at[i]->refused));
    if (e->absent.count > 20)
        buf_format(out, "      … and %zu more\n", e->absent.count - 20);
}

static void write_certificate(struct buf *out, const struct decision *d) {
    const struct certificate *c = d->certificate;
    if (d->root->passthrough)
        buf_text(out, "passed through: the server ends it\n");
    else if (!c)
        buf_text(out, "none that is in view fits: Traefik's default\n");
    else if (c->resolver.len)
        buf_format(out, "of resolver %.*s, for %.*s\n", STR_ARG(c->resolver), STR_ARG(c->key));
    else
        buf_format(out, "of %.*s, for %.*s\n", STR_ARG(c->file), STR_ARG(c->key));
}

/* Each with what it does to this request; what one that answers stands before does not run. */
static void write_middlewares(struct buf *out, const struct decision *d) {
    const struct strs *list = &d->middlewares;
    for (size_t i = 0; i < d->parents.count; i++) {
        head(out, i ? "then" : "asked first");
        buf_format(out, "router %.*s, which has child routers\n", STR_ARG(d->parents.at[i]));
    }
    if (list->count) {
        head(out, "middlewares");
        for (size_t i = 0; i < list->count; i++)
            buf_format(out, "%s%.*s", i ? ", then " : "", STR_ARG(list->at[i]));
        buf_char(out, '\n');
    }
    for (const struct effect *e = d->effects.first; e; e = e->next)
        buf_format(out, "  %-13s%.*s %.*s\n", "", STR_ARG(e->middleware), STR_ARG(e->text));
}

static void write_route(struct buf *out, const struct decision *d, struct sources *sources) {
    const struct placement *route = d->route;
    if (d->root->tls) {
        head(out, d->root->passthrough ? "TLS" : "certificate");
        write_certificate(out, d);
    }
    write_middlewares(out, d);
    head(out, "service");
    buf_add(out, d->service);
    for (size_t i = 0; i < d->servers.count; i++)
        buf_format(out, "%s%.*s", i ? ", " : " → ", STR_ARG(d->servers.at[i]));
    buf_char(out, '\n');
    struct place place = source_place(sources, route->router->span.start);
    if (!span_is_none(route->router->span) && place.source) {
        head(out, "declared");
        buf_format(out, "%.*s:%zu\n", STR_ARG(place.source->name), place.line);
    }
}

void trace_write_text(struct buf *out, const struct request *r, const struct decision *d,
                      struct sources *sources) {
    buf_format(out, "%.*s → ", STR_ARG(r->url));
    write_answer(out, d);
    buf_char(out, '\n');
    if (!d->entry_point)
        return;
    buf_char(out, '\n');
    head(out, "Traefik");
    buf_format(out, "%.*s\n", STR_ARG(option_version_text(out->arena, d->version)));
    head(out, "entry point");
    buf_format(out, "%.*s%s%.*s%s\n", STR_ARG(d->entry_point->name),
               d->entry_point->address.len ? " (" : "", STR_ARG(d->entry_point->address),
               d->entry_point->address.len ? ")" : "");
    for (const struct trace_step *s = d->steps; s; s = s->next) {
        head(out, s->label);
        buf_add(out, s->text);
        buf_char(out, '\n');
    }
    if (d->route && d->kind != TRACE_AMBIGUOUS)
        write_route(out, d, sources);
    write_candidates(out, d);
    write_absent(out, d->entry_point);
}
