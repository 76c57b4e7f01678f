/* What became of expectations: failed lines, then what none of them tries. */
#include "analysis/expect.h"
#include "support/json_writer.h"

enum { MOST_SHOWN = 1000 };

static struct place place_of(struct sources *sources, struct span span) {
    return span_is_none(span) ? (struct place){ 0 } : source_place(sources, span.start);
}

void expectations_write_text(struct buf *out, const struct expectations *all,
                             struct sources *sources) {
    size_t shown = 0;
    for (const struct expectation *e = all->first; e; e = e->next) {
        if (e->holds || ++shown > MOST_SHOWN)
            continue;
        buf_format(out, "%.*s:%zu: %.*s\n", STR_ARG(all->file), e->line, STR_ARG(e->text));
        if (e->wrong.len) {
            buf_format(out, "    %.*s\n", STR_ARG(e->wrong));
            continue;
        }
        buf_format(out, "    instead %.*s\n", STR_ARG(e->got));
        if (e->hint.len)
            buf_format(out, "    %.*s\n", STR_ARG(e->hint));
        struct place place = place_of(sources, e->source);
        if (place.source)
            buf_format(out, "    declared at %.*s:%zu\n", STR_ARG(place.source->name), place.line);
    }
    if (shown > MOST_SHOWN)
        buf_format(out, "… and %zu more that fail\n", shown - MOST_SHOWN);
    if (shown)
        buf_char(out, '\n');
    buf_format(out, "%zu of %zu expectations hold; they reach %zu of %zu routers\n",
               all->count - all->failed, all->count, all->reached, all->router_count);
    shown = 0;
    for (size_t i = 0; i < all->router_count; i++) {
        const struct router *r = all->routers[i].router;
        struct place place = place_of(sources, r->span);
        if (all->routers[i].reached || ++shown > MOST_SHOWN)
            continue;
        buf_format(out, "%s  %.*s", shown == 1 ? "no expectation reaches\n" : "", STR_ARG(r->full));
        if (place.source)
            buf_format(out, " (%.*s:%zu)", STR_ARG(place.source->name), place.line);
        buf_char(out, '\n');
    }
    if (shown > MOST_SHOWN)
        buf_format(out, "  … and %zu more\n", shown - MOST_SHOWN);
}

static void write_source(struct json *w, struct place place) {
    if (!place.source)
        return;
    json_key(w, "source");
    json_object(w);
    json_member(w, "file", place.source->name);
    json_member_number(w, "line", place.line);
    json_object_end(w);
}

static void write_expectation(struct json *w, const struct expectations *all,
                              const struct expectation *e, struct sources *sources) {
    json_object(w);
    json_member(w, "file", all->file);
    json_member_number(w, "line", e->line);
    json_member(w, "expect", e->text);
    json_member_bool(w, "holds", e->holds);
    if (e->wrong.len) {
        json_member(w, "error", e->wrong);
    } else {
        json_member(w, "wanted", e->wanted);
        json_member(w, "got", e->got);
    }
    if (e->hint.len)
        json_member(w, "hint", e->hint);
    write_source(w, place_of(sources, e->source));
    json_object_end(w);
}

void expectations_write_json(struct buf *out, const struct expectations *all,
                             struct sources *sources) {
    struct json w = { .out = out };
    json_object(&w);
    json_key(&w, "expectations");
    json_array(&w);
    for (const struct expectation *e = all->first; e; e = e->next)
        write_expectation(&w, all, e, sources);
    json_array_end(&w);
    json_key(&w, "unreached");
    json_array(&w);
    for (size_t i = 0; i < all->router_count; i++) {
        if (all->routers[i].reached)
            continue;
        json_object(&w);
        json_member(&w, "router", all->routers[i].router->full);
        write_source(&w, place_of(sources, all->routers[i].router->span));
        json_object_end(&w);
    }
    json_array_end(&w);
    json_key(&w, "summary");
    json_object(&w);
    json_member_number(&w, "expectations", all->count);
    json_member_number(&w, "failed", all->failed);
    json_member_number(&w, "routers", all->router_count);
    json_member_number(&w, "reached", all->reached);
    json_object_end(&w);
    json_object_end(&w);
    buf_char(out, '\n');
}
