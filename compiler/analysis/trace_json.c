/* A decision as one line of JSON, see `itsupc help trace`. */
#include "analysis/certificates.h"
#include "analysis/trace.h"
#include "support/json_writer.h"

static const char *const outcomes[] = {
    [TRACE_ROUTER] = "router", [TRACE_REDIRECT] = "redirect",   [TRACE_NONE] = "none",
    [TRACE_ACME] = "acme",     [TRACE_AMBIGUOUS] = "ambiguous", [TRACE_REFUSED] = "error",
};

static void write_names(struct json *w, const char *key, const struct strs *names) {
    json_key(w, key);
    json_array(w);
    for (size_t i = 0; i < names->count; i++)
        json_string(w, names->at[i]);
    json_array_end(w);
}

static void write_certificate(struct json *w, const struct certificate *c) {
    json_key(w, "certificate");
    json_object(w);
    json_member(w, "from", !c ? STR("default") : c->resolver.len ? STR("resolver") : STR("file"));
    if (c) {
        json_member(w, "name", c->resolver.len ? c->resolver : c->file);
        write_names(w, "names", &c->names);
    }
    json_object_end(w);
}

static void write_tls(struct json *w, const struct decision *d) {
    const struct placement *route = d->root;
    bool passthrough = route && route->passthrough;
    json_key(w, "tls");
    json_object(w);
    json_member(w, "mode", passthrough ? STR("passthrough") : STR("terminate"));
    if (route && route->resolver.len)
        json_member(w, "resolver", route->resolver);
    if (!passthrough && d->options.len)
        json_member(w, "options", d->options);
    if (!passthrough && d->random_options)
        json_member_bool(w, "loadOrderDecides", true);
    if (!passthrough && d->options.len)
        write_certificate(w, d->certificate);
    json_object_end(w);
}

static void write_source(struct json *w, const struct router *router, struct sources *sources) {
    struct place place = source_place(sources, router->span.start);
    if (span_is_none(router->span) || !place.source)
        return;
    json_key(w, "source");
    json_object(w);
    json_member(w, "file", place.source->name);
    json_member_number(w, "line", place.line);
    json_object_end(w);
}

static void write_candidate(struct json *w, const struct placement *route, bool matches,
                            struct str why) {
    json_object(w);
    json_member(w, "router", route->router->full);
    json_key(w, "priority");
    json_number(w, route->priority);
    json_member_bool(w, "matches", matches);
    json_member(w, "why", why);
    json_object_end(w);
}

static void write_candidates(struct json *w, struct arena *a, const struct decision *d) {
    json_key(w, "candidates");
    json_array(w);
    for (const struct candidate *c = d->candidates; c; c = c->next)
        write_candidate(w, c->route, c->answer == TEST_YES,
                        c->why.len || c->answer != TEST_YES ? c->why : STR("it takes the request"));
    for (size_t i = 0; d->entry_point && i < d->entry_point->absent.count && i < 100; i++) {
        const struct placement *route = d->entry_point->absent.at[i];
        write_candidate(w, route, false,
                        str_format(a, "not loaded: %.*s", STR_ARG(route->refused)));
    }
    json_array_end(w);
}

/* What one router would do: answer itself, or hand the request to a server. */
static void write_end(struct json *w, const struct settled *s) {
    const struct effects *e = &s->effects;
    if (s->kind == TRACE_NONE || s->kind == TRACE_REDIRECT) {
        json_key(w, "status");
        json_number(w, s->status);
    } else if (e->status) {
        json_key(w, "answer");
        json_object(w);
        json_key(w, "status");
        json_number(w, e->status);
        json_member(w, "middleware", e->by);
        json_object_end(w);
    } else if (e->sent.len) {
        json_member(w, "path", e->sent);
    }
    if (s->location.len)
        json_member(w, "location", s->location);
}

static void write_possible(struct json *w, const struct decision *d) {
    json_key(w, "possible");
    json_array(w);
    for (size_t i = 0; i < d->tied.count; i++) {
        json_object(w);
        json_member(w, "router", d->tied.at[i]->router->full);
        write_end(w, &d->possible[i]);
        if (d->possible[i].kind == TRACE_ROUTER)
            write_names(w, "servers", &d->possible[i].route->servers);
        else if (d->possible[i].kind == TRACE_AMBIGUOUS)
            json_member(w, "why", STR("its child routers tie"));
        json_object_end(w);
    }
    json_array_end(w);
}

void trace_write_json(struct buf *out, struct arena *a, const struct request *r,
                      const struct decision *d, struct sources *sources) {
    struct json w = { .out = out };
    json_object(&w);
    if (r->url.len)
        json_member(&w, "url", r->url);
    json_member(&w, "outcome", str_of(outcomes[d->kind]));
    if (d->kind == TRACE_NONE || d->kind == TRACE_REDIRECT) {
        json_key(&w, "status");
        if (d->status)
            json_number(&w, d->status);
        else
            json_string(&w, STR("close"));
    }
    if (d->kind == TRACE_REDIRECT)
        json_member(&w, "location", d->location);
    if (d->why.len)
        json_member(&w, d->kind == TRACE_REFUSED ? "error" : "why", d->why);
    if (d->kind == TRACE_AMBIGUOUS) {
        json_key(&w, "routers");
        json_array(&w);
        for (size_t i = 0; i < d->tied.count; i++)
            json_string(&w, d->tied.at[i]->router->full);
        json_array_end(&w);
        if (d->possible)
            write_possible(&w, d);
    }
    if (d->route && d->kind != TRACE_AMBIGUOUS) {
        json_member(&w, "router", d->route->router->full);
        if (!str_eq(d->root->runtime, d->root->router->full))
            json_member(&w, "runtime", d->root->runtime);
        json_member(&w, "service", d->service);
        write_names(&w, "middlewares", &d->middlewares);
        if (d->parents.count)
            write_names(&w, "parents", &d->parents);
    }
    if (d->entry_point)
        json_member(&w, "entryPoint", d->entry_point->name);
    if (d->tls)
        write_tls(&w, d);
    if (d->kind == TRACE_ROUTER && d->servers.count) {
        json_member(&w, "server", d->servers.at[0]);
        if (d->servers.count > 1)
            write_names(&w, "servers", &d->servers);
    }
    if (d->kind == TRACE_ROUTER)
        write_end(&w, &(struct settled){ .kind = TRACE_ROUTER, .effects = d->effects });
    if (d->entry_point)
        write_candidates(&w, a, d);
    if (d->left_out)
        json_member_number(&w, "otherRouters", d->left_out);
    if (d->route && d->kind != TRACE_AMBIGUOUS)
        write_source(&w, d->route->router, sources);
    json_object_end(&w);
    buf_char(out, '\n');
}
