/* Any bytes as a compose file with fixed edits to each of its services: what is not refused holds
   the file's own bytes in their order, and reads back; the second time nothing changes. */
#include "backends/compose_splice.h"
#include "lower/compose_outline.h"

#include <stdlib.h>

static void must(bool holds) {
    if (!holds)
        abort();
}

static struct str labels[][2] = {
    { { "traefik.enable", 14 }, { "true", 4 } },
    { { "r.rule", 6 }, { "Host(`a`) && $x", 15 } },
};
static struct str servers[] = { { "172.20.0.253", 12 } };
static struct str names[] = { { "al", 2 } };

static struct compose_edits edits_for(struct arena *arena, const struct outline *o, size_t shape) {
    struct compose_edits edits = { 0 };
    struct compose_service_edit **end = &edits.services;
    for (const struct outline_service *s = o->services; s; s = s->next, shape /= 2) {
        struct compose_service_edit *e = arena_new(arena, struct compose_service_edit);
        e->service = s->name;
        e->span = s->name_span;
        e->dns = (struct ir_texts){ servers, 1 };
        e->dns_replaces = shape % 5 == 0;
        for (int i = 1; i >= 0 && shape % 2; i--) {
            struct compose_label *l = arena_new(arena, struct compose_label);
            *l = (struct compose_label){ .next = e->labels, .key = labels[i][0] };
            l->value = labels[i][1];
            e->labels = l;
        }
        if (shape % 3 && s->network_mode.end == 0) {
            e->joins = arena_new(arena, struct compose_join);
            e->joins->network = (struct str){ "proxynet", 8 };
            e->keep_default = true;
            if (shape % 3 == 2)
                e->joins->aliases = (struct ir_texts){ names, 1 };
        }
        *end = e;
        end = &e->next;
    }
    edits.networks = arena_new(arena, struct compose_network_edit);
    edits.networks->key = (struct str){ "proxynet", 8 };
    edits.networks->external = true;
    return edits;
}

static bool is_insertion(struct str source, struct str result) {
    size_t at = 0;
    for (size_t i = 0; i < result.len; i++)
        at += at < source.len && source.at[at] == result.at[i];
    return at == source.len;
}

static bool splice(struct arena *arena, struct str text, size_t shape, struct str *out) {
    struct sources *sources = arena_new(arena, struct sources);
    struct diags *diags = arena_new(arena, struct diags);
    sources->arena = diags->arena = arena;
    diags->sources = sources;
    struct source *file = source_add(sources, STR("compose.yml"), text);
    struct compose *c = compose_read(arena, diags, file, NULL, NULL);
    if (!c || diags->errors)
        return false;
    struct outline *o = compose_outline(arena, c, false);
    struct compose_edits edits = edits_for(arena, o, shape);
    const struct splice_reader reader = { compose_outline_read, NULL, NULL };
    bool done = compose_splice(arena, diags, o, &edits, &reader, out);
    must(done || diags->errors > 0);
    for (struct diag *d = diags->first; d; d = d->next)
        must(str_find_str(d->message, STR("read back")) == STR_NONE);
    return done;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = { 0 };
    struct str text = { (const char *)data, size }, once, twice;
    if (splice(&arena, text, size, &once)) {
        must(is_insertion(text, once));
        must(splice(&arena, once, size, &twice));
        must(str_eq(once, twice));
    }
    arena_free(&arena);
    return 0;
}
