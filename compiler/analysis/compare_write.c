/* A comparison for people and for programs. */
#include "analysis/compare.h"
#include "support/json_writer.h"

static const char *const facts[FACTS] = {
    [FACT_LOADED] = "loaded",
    [FACT_GUARDS] = "access",
    [FACT_TLS] = "tls",
    [FACT_OPTIONS] = "tlsOptions",
    [FACT_ENTRY_POINTS] = "entryPoints",
    [FACT_RULE] = "rule",
    [FACT_PRIORITY] = "priority",
    [FACT_MIDDLEWARES] = "middlewares",
    [FACT_DEFINITIONS] = "definitions",
    [FACT_SERVICE] = "service",
    [FACT_SERVERS] = "servers",
    [FACT_RESOLVER] = "resolver",
};

static struct place place_of(const struct router *r, struct sources *sources) {
    return span_is_none(r->span) ? (struct place){ 0 } : source_place(sources, r->span.start);
}

/* ---- text ---- */

static void head(struct buf *out, char sign, const struct compared *c, struct sources *sources) {
    const struct router *r = c->after ? c->after : c->before;
    struct place place = place_of(r, sources);
    buf_format(out, "%c %.*s", sign, STR_ARG(r->full));
    if (place.source)
        buf_format(out, " (%.*s:%zu)", STR_ARG(place.source->name), place.line);
}

static void write_fact(struct buf *out, const struct compared *c, enum fact fact) {
    buf_format(out, "  %c %-12s", c->matters[fact] ? '!' : ' ', facts[fact]);
    if (fact == FACT_DEFINITIONS) {
        buf_format(out, "%.*s: other options\n", STR_ARG(c->is[fact]));
        return;
    }
    buf_format(out, "%.*s → %.*s\n", STR_ARG(c->was[fact].len ? c->was[fact] : STR("none")),
               STR_ARG(c->is[fact].len ? c->is[fact] : STR("none")));
}

static void write_changed(struct buf *out, const struct compared *c, struct sources *after) {
    head(out, '~', c, after);
    buf_char(out, '\n');
    for (int fact = 0; fact < FACTS; fact++)
        if (c->differs[fact])
            write_fact(out, c, fact);
}

static void write_added(struct buf *out, const struct compared *c, struct sources *after) {
    head(out, '+', c, after);
    buf_format(out, "\n  %c %-12s%.*s\n", c->security ? '!' : ' ', "access",
               STR_ARG(c->is[FACT_GUARDS].len             ? c->is[FACT_GUARDS]
                       : str_is(c->is[FACT_LOADED], "no") ? STR("none, and it is not loaded")
                                                          : STR("open to everyone")));
    buf_format(out, "    %-12s%.*s\n", "rule", STR_ARG(c->is[FACT_RULE]));
    buf_format(out, "    %-12s%.*s\n", "service", STR_ARG(c->is[FACT_SERVICE]));
}

void comparison_write_text(struct buf *out, const struct comparison *c, struct sources *before,
                           struct sources *after) {
    size_t added = 0, removed = 0, changed = 0;
    for (int security = 1; security >= 0; security--) {
        for (const struct compared *x = c->changed; x; x = x->next)
            if (x->security == (security == 1)) {
                write_changed(out, x, after);
                changed++;
            }
        for (const struct compared *x = c->added; x; x = x->next)
            if (x->security == (security == 1)) {
                write_added(out, x, after);
                added++;
            }
    }
    for (const struct compared *x = c->removed; x; x = x->next) {
        head(out, '-', x, before);
        buf_char(out, '\n');
        removed++;
    }
    if (added + removed + changed)
        buf_format(out, "\n%zu added, %zu removed, %zu changed; ! may open what was closed\n",
                   added, removed, changed);
    else
        buf_text(out, "no router differs\n");
}

/* ---- JSON ---- */

static void write_head(struct json *w, const struct compared *c, struct sources *sources) {
    const struct router *r = c->after ? c->after : c->before;
    struct place place = place_of(r, sources);
    json_member(w, "router", r->full);
    json_member_bool(w, "security", c->security);
    if (!place.source)
        return;
    json_key(w, "source");
    json_object(w);
    json_member(w, "file", place.source->name);
    json_member_number(w, "line", place.line);
    json_object_end(w);
}

static void write_whole(struct json *w, const char *key, const struct compared *first,
                        struct sources *sources) {
    json_key(w, key);
    json_array(w);
    for (const struct compared *c = first; c; c = c->next) {
        json_object(w);
        write_head(w, c, sources);
        for (int fact = 0; fact < FACTS; fact++) {
            struct str value = c->after ? c->is[fact] : c->was[fact];
            if (value.len)
                json_member(w, facts[fact], value);
        }
        json_object_end(w);
    }
    json_array_end(w);
}

void comparison_write_json(struct buf *out, const struct comparison *c, struct sources *before,
                           struct sources *after) {
    struct json w = { .out = out };
    json_object(&w);
    write_whole(&w, "added", c->added, after);
    write_whole(&w, "removed", c->removed, before);
    json_key(&w, "changed");
    json_array(&w);
    for (const struct compared *x = c->changed; x; x = x->next) {
        json_object(&w);
        write_head(&w, x, after);
        json_key(&w, "changes");
        json_array(&w);
        for (int fact = 0; fact < FACTS; fact++) {
            if (!x->differs[fact])
                continue;
            json_object(&w);
            json_member(&w, "what", str_of(facts[fact]));
            json_member(&w, "before", x->was[fact]);
            json_member(&w, "after", x->is[fact]);
            json_member_bool(&w, "security", x->matters[fact]);
            json_object_end(&w);
        }
        json_array_end(&w);
        json_object_end(&w);
    }
    json_array_end(&w);
    json_object_end(&w);
    buf_char(out, '\n');
}
