/* traefik.yml: the proxy's own configuration, the user's YAML merged over it. */
#include "backends/pieces.h"

/* Entry points that routes' ports made. itsUP's listen behind the router as the others do. */
static void add_entrypoints(struct emission *e) {
    struct arena *a = e->arena;
    struct doc *all = doc_map(a, e->ir->statics, STR("entryPoints"));
    for (struct ir_entrypoint *p = e->ir->entrypoints; p; p = p->next) {
        if (!p->made)
            continue;
        struct doc *c = doc_add(a, all, p->name, DOC_MAP);
        c->object = c->own = true;
        c->span = p->span;
        struct doc *address = doc_add(a, c, STR("address"), DOC_TEXT);
        address->text = str_format(a, ":%u/%s", p->port, p->is_udp ? "udp" : "tcp");
        if (!e->ir->generation.len)
            continue;
        static const char *const same[] = { "reusePort", "forwardedHeaders", "proxyProtocol" };
        const struct doc *model = doc_get(all, STR("web"));
        for (size_t i = 0; model && i < 3; i++) {
            const struct doc *from = doc_get(model, str_of(same[i]));
            bool fits = i == 0 || (!p->is_udp && (i == 2 || str_starts(p->name, STR("http"))));
            struct doc one = { .kind = DOC_MAP };
            struct doc copy = { 0 };
            if (!from || !fits)
                continue;
            copy = *from;
            copy.next = NULL;
            one.first = one.last = &copy;
            doc_merge(a, c, &one);
        }
    }
    if (e->pieces) /* those of slices go here, before what the user adds */
        doc_add(a, all, STR(""), DOC_READY)->own = true;
}

/* What the tree holds is text so far; the option table says which of it are numbers. */
static void type_tree(struct emission *e, struct doc *c, const struct option *o) {
    for (struct doc *k = c->first; k; k = k->next) {
        const struct option *child = c->kind == DOC_LIST ? o : o ? option_child(o, k->key) : NULL;
        if (k->kind != DOC_TEXT) {
            type_tree(e, k, child);
            continue;
        }
        if (k->user) {
            const struct ir_middleware *m = k->user;
            k->text = name_from(e->arena, m->object, IR_NOWHERE, m->place);
        }
        if (k->plain || !child)
            continue;
        if (child->shape == OPTION_LIST && c->kind != DOC_LIST) {
            struct str text = k->text;
            k->kind = DOC_LIST;
            doc_add(e->arena, k, STR(""), DOC_TEXT)->text = text;
            continue;
        }
        struct doc one = { .kind = DOC_MAP };
        struct ir_option option = { .path = k->key, .texts = { &k->text, 1 } };
        if (c->kind == DOC_LIST)
            continue;
        doc_set(e, &one, o, &option);
        if (one.first && one.first->kind == DOC_TEXT)
            k->plain = one.first->plain;
    }
}

void static_prepare(struct emission *e) {
    if (!e->ir->has_proxy)
        return;
    struct doc *top = e->ir->statics;
    add_entrypoints(e);
    type_tree(e, top, option_top(OPTION_STATIC));
    for (const struct ir_raw *raw = e->ir->raws; raw; raw = raw->next)
        if (raw->doc && str_is(raw->kind, "static"))
            raw_merge(e, top, raw->doc, raw);
    doc_prune(top);
}

/* The pieces of slices; a place where none came is no more. */
static void place_entrypoints(struct emission *e) {
    struct doc *all = doc_get(e->ir->statics, STR("entryPoints"));
    pieces_place(e, e->ir->statics, "static", "entryPoints");
    for (struct doc *c = all ? all->first : NULL; c; c = c->next)
        if (c->kind == DOC_READY)
            c->own = false;
    doc_prune(e->ir->statics);
}

static void run(struct emission *e) {
    if (!e->ir->has_proxy || e->ir->command.len)
        return;
    const char *path = e->ir->world == IR_TREE || e->ir->generation.len
                           ? "proxy/traefik/traefik.yml"
                       : e->ir->world == IR_GUESTS ? "traefik.yml"
                                                   : "traefik/traefik.yml";
    if (pieces_are_taken(e)) {
        pieces_give(e, e->ir->statics, "static", false, path);
        return;
    }
    if (e->pieces)
        place_entrypoints(e);
    emission_add(
        e, str_of(path),
        doc_yaml(e, e->ir->statics, "Written by itsupc: Traefik's static configuration.", false));
}

const struct backend backend_static_config = { "static_config", "static",
                                               "Traefik's static configuration", run,
                                               .asked = false };
