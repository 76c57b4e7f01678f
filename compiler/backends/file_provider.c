/* The file provider's files: routers by protocol, middlewares, and what labels cannot say. Where
   each object stands decides its file; references say where the other stands. */
#include "backends/instance.h"
#include "backends/pieces.h"

enum file { ROUTERS_HTTP, ROUTERS_TCP, ROUTERS_UDP, MIDDLEWARES, FILES };

static const struct {
    const char *name, *head, *word;
} files[FILES] = {
    [ROUTERS_HTTP] = { "routers-http.yml", "Written by itsupc: HTTP routers and services.",
                       "http" },
    [ROUTERS_TCP] = { "routers-tcp.yml", "Written by itsupc: TCP routers and services.", "tcp" },
    [ROUTERS_UDP] = { "routers-udp.yml", "Written by itsupc: UDP routers and services.", "udp" },
    [MIDDLEWARES] = { "middlewares.yml", "Written by itsupc: middlewares.", "middlewares" },
};

struct provider {
    struct emission *e;
    struct doc *trees[FILES];
    struct table written;
    struct table shared; /* middlewares by name: they stand behind those of projects */
    bool own;            /* what is added now comes of projects */
};

static const enum file file_of[] = {
    [IR_HTTP] = ROUTERS_HTTP, [IR_TCP] = ROUTERS_TCP, [IR_UDP] = ROUTERS_UDP
};

/* The object, or NULL when it stands there already. */
static struct doc *new_object(struct provider *p, enum file file, struct str section,
                              struct str name, struct span span) {
    struct buf key = { .arena = p->e->arena };
    buf_add(&key, section);
    buf_char(&key, '/');
    buf_add(&key, name);
    void **slot = table_at(&p->written, buf_str(&key));
    if (*slot)
        return NULL;
    *slot = p;
    struct doc *c =
        doc_add(p->e->arena, doc_at(p->e->arena, p->trees[file], section), name, DOC_MAP);
    c->object = true;
    c->own = p->own;
    c->span = span;
    return c;
}

static void add(struct provider *p, enum file file, struct str section, struct str name,
                struct span span, const struct ir_option *options) {
    struct doc *c = new_object(p, file, section, name, span);
    const struct option *root =
        option_find(OPTION_DYNAMIC, str_format(p->e->arena, "%.*s.x", STR_ARG(section))).option;
    for (; c && options; options = options->next)
        doc_set(p->e, c, root, options);
}

static struct str section(struct provider *p, enum ir_protocol protocol, const char *kind) {
    return str_format(p->e->arena, "%s.%s", ir_protocol_names[protocol], kind);
}

/* ---- objects ---- */

static void add_service(struct provider *p, const struct ir_service *s) {
    if (s->place == IR_FILE)
        add(p, file_of[s->protocol], section(p, s->protocol, "services"), s->name, s->span,
            service_options(p->e, s));
}

static void add_middleware(struct provider *p, const struct ir_middleware *m,
                           enum ir_protocol protocol) {
    if (m->place != IR_FILE)
        return;
    struct arena *a = p->e->arena;
    struct doc *c = new_object(p, MIDDLEWARES, section(p, protocol, "middlewares"), m->object,
                               m->chain_span.end ? m->chain_span : m->span);
    struct str type = protocol == IR_TCP && m->tcp_type.len ? m->tcp_type : m->type;
    const struct option *kind =
        option_child(option_middlewares(protocol == IR_TCP ? OPTION_TCP : OPTION_HTTP), type);
    if (!c)
        return;
    bool plugin = str_is(type, "plugin");
    struct doc *at = doc_map(a, c, type);
    if (plugin)
        at = doc_map(a, at, m->name);
    for (const struct ir_option *o = m->options; o; o = o->next) {
        struct ir_option option = *o;
        struct str name;
        if (m->service && str_is(o->path, "service")) {
            name = name_from(a, m->service->name, IR_FILE, m->service->place);
            option.texts.list = &name;
        }
        doc_set(p->e, at, plugin ? NULL : kind, &option);
    }
    if (!at->first) {
        at->kind = DOC_TEXT;
        at->text = STR("true");
        at->plain = true;
    }
}

static void add_router(struct provider *p, const struct ir_router *r) {
    if (r->place == IR_FILE)
        add(p, file_of[r->protocol], section(p, r->protocol, "routers"), r->name, r->span,
            router_options(p->e, r));
    for (const struct ir_middleware *m = r->middlewares; m; m = m->next)
        if (r->protocol != IR_HTTP || !table_get(&p->shared, m->object))
            add_middleware(p, m, r->protocol);
}

/* The pieces of slices, behind our own objects of that kind. */
static void place(struct provider *p, const char *kind) {
    for (size_t i = 0; i < FILES; i++)
        pieces_place(p->e, p->trees[i], files[i].word, kind);
}

static void fill(struct provider *p) {
    struct ir *ir = p->e->ir;
    for (struct ir_middleware *m = ir->shared; m; m = m->next)
        if (m->place == IR_FILE)
            *table_at(&p->shared, m->object) = m;
    p->own = true;
    for (struct ir_project *project = ir->projects; project; project = project->next)
        for (struct ir_router *r = project->disabled ? NULL : project->routers; r; r = r->next)
            add_router(p, r);
    place(p, "routers");
    place(p, "middlewares");
    for (struct ir_service *s = ir->services; s; s = s->next)
        add_service(p, s);
    place(p, "services");
    for (struct ir_transport *t = ir->transports; t; t = t->next)
        if (t->name.len)
            add(p, file_of[t->protocol], section(p, t->protocol, "serversTransports"), t->name,
                t->span, t->options);
    place(p, "serversTransports");
    p->own = false;
    for (struct ir_middleware *m = ir->shared; m; m = m->next)
        add_middleware(p, m, IR_HTTP);
    for (struct ir_tls_options *t = ir->tls_options; t; t = t->next)
        add(p, ROUTERS_HTTP, STR("tls.options"), t->name, t->span, t->options);
}

/* ---- what the user adds as YAML ---- */

static const char *const sections[] = { "http", "tcp", "udp", "tls" };

/* `raw dynamic` is merged where its objects stand: middlewares beside middlewares. */
static void merge_raw(struct provider *p, const struct ir_raw *raw) {
    struct arena *a = p->e->arena;
    for (const struct doc *top = raw->doc->first; top; top = top->next) {
        enum file file = ROUTERS_HTTP;
        for (size_t i = 1; i <= 2; i++)
            if (str_is(top->key, sections[i]))
                file = (enum file)i;
        for (const struct doc *kind = top->first; kind; kind = kind->next) {
            enum file to = str_is(kind->key, "middlewares") ? MIDDLEWARES : file;
            struct doc one = { .kind = DOC_MAP, .first = NULL };
            struct doc copy = *kind;
            copy.next = NULL;
            one.first = one.last = &copy;
            raw_merge(p->e, doc_map(a, p->trees[to], top->key), &one, raw);
        }
    }
}

static bool is_dynamic(const struct ir_raw *raw) {
    return raw->doc && str_is(raw->kind, "dynamic");
}

static void merge_raws(struct provider *p) {
    for (const struct ir_raw *raw = p->e->ir->raws; raw; raw = raw->next)
        if (is_dynamic(raw))
            merge_raw(p, raw);
    for (struct ir_project *project = p->e->ir->projects; project; project = project->next)
        for (struct ir_router *r = project->disabled ? NULL : project->routers; r; r = r->next)
            for (const struct ir_raw *raw = r->raws; raw; raw = raw->next)
                if (is_dynamic(raw))
                    merge_raw(p, raw);
}

static struct str one_document(struct provider *p, const char *head) {
    struct doc *all = doc_new(p->e->arena, DOC_MAP);
    for (size_t i = 0; i < FILES; i++)
        doc_merge(p->e->arena, all, p->trees[i]);
    doc_prune(all);
    return doc_yaml(p->e, all, head, true);
}

static struct provider filled(struct emission *e) {
    struct provider p = { .e = e, .written.arena = e->arena, .shared.arena = e->arena };
    for (size_t i = 0; i < FILES; i++)
        p.trees[i] = doc_new(e->arena, DOC_MAP);
    fill(&p);
    merge_raws(&p);
    return p;
}

struct str file_provider_document(struct emission *e, const char *head) {
    struct provider p = filled(e);
    return one_document(&p, head);
}

struct doc *file_provider_tree(struct emission *e) {
    struct provider p = filled(e);
    struct doc *all = doc_new(e->arena, DOC_MAP);
    for (size_t i = 0; i < FILES; i++)
        doc_merge(e->arena, all, p.trees[i]);
    doc_prune(all);
    return all;
}

static void emit_guests(struct emission *e, struct provider *p) {
    struct str text = one_document(p, "Written by itsupc: routers of the hypervisor's guests.");
    emission_add(e, STR("dynamic_conf.yml"), text);
}

static void emit_files(struct emission *e, struct provider *p) {
    bool proxy = e->ir->world == IR_TREE || e->ir->generation.len;
    const char *folder = proxy ? "proxy/traefik/dynamic" : "traefik/dynamic";
    for (size_t i = 0; i < FILES; i++) {
        doc_prune(p->trees[i]);
        /* A tree always has all four; the others are written for what they hold. */
        if (!p->trees[i]->first && (e->ir->world != IR_TREE || !e->ir->has_proxy))
            continue;
        if (pieces_are_taken(e)) {
            pieces_give(p->e, p->trees[i], files[i].word, true, NULL);
            continue;
        }
        struct str text = doc_yaml(p->e, p->trees[i], files[i].head, true);
        emission_add(e, str_format(e->arena, "%s/%s", folder, files[i].name), text);
    }
}

static void run(struct emission *e) {
    struct arena scratch = { 0 };
    struct emission aside = emission_aside(e, &scratch);
    struct provider p = filled(&aside);
    if (e->ir->world == IR_GUESTS)
        emit_guests(e, &p);
    else
        emit_files(e, &p);
    arena_free(&scratch);
}

const struct backend backend_file_provider = { "file_provider", "routers",
                                               "routers, services and middlewares in files", run,
                                               .asked = false };
