/* Objects as labels of the containers that they belong to. */
#include "backends/backend.h"

struct writer {
    struct emission *e;
    struct table written; /* container and key: an object that several routers share */
    struct table places;
};

static void add_label(struct writer *w, struct ir_container *c, struct span span, struct str key,
                      struct str value) {
    struct ir_pair *pair = arena_new(w->e->arena, struct ir_pair);
    *pair = (struct ir_pair){ NULL, span, key, value };
    *c->last_label = pair;
    c->last_label = &pair->next;
}

/* Traefik reads keys without regard to case; by custom they are in lower case, except for names
   that are the user's: of headers, of a plugin's options. */
static void add_path(struct buf *out, const struct option *root, struct str path) {
    const struct option *o = root;
    while (path.len) {
        size_t dot = str_find(path, '.');
        struct str segment = str_slice(path, 0, dot);
        path = dot == STR_NONE ? STR("") : str_from(path, dot + 1);
        struct str word = str_slice(segment, 0, str_find(segment, '['));
        o = o ? option_child(o, word) : NULL;
        bool ours = o && !o->any_name;
        buf_char(out, '.');
        for (size_t i = 0; i < segment.len; i++)
            buf_char(out, ours ? char_lower(segment.at[i]) : segment.at[i]);
    }
}

static struct str joined(struct arena *a, const struct ir_option *o) {
    struct buf out = { .arena = a };
    for (size_t i = 0; i < o->texts.count; i++) {
        buf_text(&out, i ? "," : "");
        buf_add(&out, o->texts.list[i]);
    }
    return buf_str(&out);
}

static void add_object(struct writer *w, struct ir_container *c, enum ir_protocol protocol,
                       const char *kind, struct str name, const char *below,
                       const struct ir_option *options, struct span span) {
    struct arena *a = w->e->arena;
    struct str root_path =
        str_format(a, "%s.%s.x%s%s", ir_protocol_names[protocol], kind, *below ? "." : "", below);
    const struct option *root = option_find(OPTION_DYNAMIC, root_path).option;
    struct buf head = { .arena = a };
    buf_format(&head, "traefik.%s.%s.%.*s", ir_protocol_names[protocol], kind, STR_ARG(name));
    for (size_t i = 0; *below && i <= strlen(below); i++)
        buf_char(&head, i ? char_lower(below[i - 1]) : '.');
    struct buf id = { .arena = a };
    buf_format(&id, "%p ", (void *)c);
    buf_add(&id, buf_str(&head));
    void **slot = table_at(&w->written, buf_str(&id));
    if (*slot)
        return;
    *slot = c;
    if (!options)
        add_label(w, c, span, buf_str(&head), STR("true"));
    for (; options; options = options->next) {
        struct buf key = { .arena = a };
        buf_add(&key, buf_str(&head));
        add_path(&key, root, options->path);
        add_label(w, c, options->span.end ? options->span : span, buf_str(&key),
                  joined(a, options));
    }
}

/* ---- objects ---- */

static void add_service(struct writer *w, const struct ir_service *s) {
    if (s->place == IR_LABELS)
        add_object(w, s->on, s->protocol, "services", s->name, "", service_options(w->e, s),
                   s->span);
    for (const struct ir_child *c = s->children; c; c = c->next)
        add_service(w, c->service);
}

static void add_middleware(struct writer *w, const struct ir_router *r,
                           const struct ir_middleware *m) {
    struct str type = r->protocol == IR_TCP && m->tcp_type.len ? m->tcp_type : m->type;
    struct ir_option *options = m->options;
    if (m->service) {
        struct ir_option *all = NULL, **tail = &all;
        for (; options; options = options->next, tail = &(*tail)->next) {
            *tail = arena_copy(w->e->arena, options, sizeof *options);
            (*tail)->next = NULL;
            if (str_is(options->path, "service")) {
                struct str name =
                    name_from(w->e->arena, m->service->name, IR_LABELS, m->service->place);
                (*tail)->texts.list = arena_copy(w->e->arena, &name, sizeof name);
            }
        }
        options = all;
        add_service(w, m->service);
    }
    struct str below = str_is(type, "plugin")
                           ? str_format(w->e->arena, "plugin.%.*s", STR_ARG(m->name))
                           : str_copy(w->e->arena, type);
    add_object(w, r->on, r->protocol, "middlewares", m->object, below.at, options, m->span);
}

/* What the user adds stands last; Traefik reads the one that stands last of two by one name. */
static void add_raws(struct writer *w, const struct ir_router *r) {
    for (const struct ir_raw *raw = r->raws; raw; raw = raw->next)
        for (const struct doc *c = raw->doc && str_is(raw->kind, "labels") ? raw->doc->first : NULL;
             c; c = c->next) {
            struct ir_pair *same = r->on->labels;
            while (same && !str_eq_nocase(same->key, c->key))
                same = same->next;
            if (same)
                same->value = c->text;
            else
                add_label(w, r->on, raw->span, c->key, c->text);
        }
}

static void add_router(struct writer *w, const struct ir_router *r) {
    add_object(w, r->on, r->protocol, "routers", r->name, "", router_options(w->e, r), r->span);
    add_service(w, r->service);
    for (const struct ir_middleware *m = r->middlewares; m; m = m->next)
        if (m->place == IR_LABELS)
            add_middleware(w, r, m);
    add_raws(w, r);
}

void labels_fill(struct emission *e) {
    struct writer w = { .e = e, .written.arena = e->arena };
    for (struct ir_stack *s = e->ir->stacks; s; s = s->next)
        for (struct ir_container *c = s->containers; c; c = c->next) {
            if (!c->enabled)
                continue;
            add_label(&w, c, c->span, STR("traefik.enable"), STR("true"));
            if (s->proxy && !e->ir->generation.len)
                add_label(&w, c, c->span, STR("traefik.docker.network"), s->proxy->name);
        }
    for (struct ir_project *p = e->ir->projects; p; p = p->next)
        for (struct ir_router *r = p->disabled ? NULL : p->routers; r; r = r->next)
            if (r->place == IR_LABELS)
                add_router(&w, r);
            else
                add_service(&w, r->service);
}
