/* Any bytes as a compose file that overrides, extends and includes itself: no crash, and every
   place lies inside some file. */
#include "lower/compose_file.h"
#include "lower/tree_place.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition) {
    if (!condition)
        abort();
}

struct world {
    struct sources sources;
    struct str text;
    size_t loads;
};

static bool load(void *context, struct str path, struct span at, struct source **out) {
    struct world *w = context;
    (void)at;
    if (w->loads++ > 20)
        return false;
    *out = source_add(&w->sources, path, w->text);
    return true;
}

static void check_span(struct world *w, struct span span) {
    struct source *source = source_at(&w->sources, span.start);
    must(source && span.start <= span.end && span.end <= source->base + source->text.len);
}

static void check_service(struct world *w, struct compose *c, struct compose_service *s) {
    must(compose_service_find(c, s->name) == s);
    check_span(w, s->name_span);
    for (struct compose_pair *p = s->labels.first; p; p = p->next) {
        check_span(w, p->span);
        check_span(w, p->key_span);
        check_span(w, p->value_span);
    }
    for (struct compose_port *p = s->ports; p; p = p->next)
        must(p->from <= p->to && p->target_from <= p->target_to);
    for (struct compose_attachment *a = s->networks; a; a = a->next)
        must(compose_service_network(s, a->network) == a);
    struct compose_own own = compose_service_own(s, STR("labels"));
    if (own.node && own.node->kind != TREE_SCALAR)
        check_span(w, (struct span){ tree_splice_end(own.node).at, tree_splice_end(own.node).at });
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = { 0 };
    struct world w = { .sources.arena = &arena, .text = { (const char *)data, size } };
    struct diags diags = { .arena = &arena, .sources = &w.sources };
    struct lower_loader loader = { .context = &w, .load = load };
    struct source *file = source_add(&w.sources, STR("compose.yml"), w.text);
    struct source *over = size % 2 ? source_add(&w.sources, STR("over.yml"), w.text) : NULL;
    struct compose *c = compose_read(&arena, &diags, file, over, &loader);
    must(c || diags.errors > 0);
    for (struct diag *d = diags.first; d; d = d->next)
        check_span(&w, d->span);
    for (struct compose_service *s = c ? c->services : NULL; s; s = s->next)
        check_service(&w, c, s);
    arena_free(&arena);
    return 0;
}
