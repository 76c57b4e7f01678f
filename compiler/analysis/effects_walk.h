/* One request on its way through middlewares: shared by the files that know them. */
#pragma once

#include "analysis/effects.h"

struct walk {
    struct proxy *proxy;
    struct arena *arena;
    const struct request *request;
    struct http_view *view;
    struct effects *out;
    struct str host, port; /* of the Host header; the port with its colon, or empty */
    struct str scheme;
    struct str name; /* of the middleware at work */
    size_t looked_at;
};

void effects_tell(struct walk *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The middleware answers itself; `why` when that is a failure. */
void effects_end(struct walk *w, int status, const char *why);
/* Texts of requests may hold a NUL, where formats would end. */
struct str effects_joined(struct arena *a, struct str x, struct str y);

void effect_redirect_scheme(struct walk *w, const struct untyped *c);
void effect_redirect_regex(struct walk *w, const struct untyped *c);
void effect_strip_prefix(struct walk *w, const struct untyped *c);
void effect_strip_prefix_regex(struct walk *w, const struct untyped *c);
void effect_add_prefix(struct walk *w, const struct untyped *c);
void effect_replace_path(struct walk *w, const struct untyped *c);
void effect_replace_path_regex(struct walk *w, const struct untyped *c);
