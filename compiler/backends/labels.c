/* Objects as labels of the containers that they belong to. */
#include "backends/backend.h"

/* Most labels end in one of a few dozen ways: each is looked up once. */
enum { WORDS = 128, LONGEST_WORD = 56 };
struct label_words {
    struct label_word {
        const struct option *root, *option;
        unsigned char path_len, text_len;
        char path[LONGEST_WORD], text[LONGEST_WORD]; /* as the option has it, as the label has it */
    } list[WORDS];
    const struct option *roots[IR_UDP + 1][3]; /* by protocol and kind of object */
};

struct label_words *label_words_new(struct arena *a) {
    return arena_new(a, struct label_words);
}

struct writer {
    struct emission *e;
    struct table written; /* by key: an object that several routers share */
    struct ir_pair *first, **last;
};

static void add_label(struct writer *w, struct span span, struct str key, struct str value) {
    struct ir_pair *pair = arena_new(w->e->arena, struct ir_pair);
    *pair = (struct ir_pair){ NULL, span, key, value };
    *w->last = pair;
    w->last = &pair->next;
}

/* Traefik reads keys without regard to case; by custom they are in lower case, except for names
   that are the user's: of headers, of a plugin's options. Gives the option. */
static const struct option *add_path(struct buf *out, const struct option *root, struct str path) {
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
    return o;
}

static const struct option *add_known_path(struct writer *w, struct buf *out,
                                           const struct option *root, struct str path) {
    struct label_words *words = w->e->words;
    size_t from = out->len;
    struct label_word *word =
        words && path.len < LONGEST_WORD ? &words->list[str_hash(path) % WORDS] : NULL;
    if (word && word->root == root && word->root &&
        str_eq(path, (struct str){ word->path, word->path_len })) {
        buf_add(out, (struct str){ word->text, word->text_len });
        return word->option;
    }
    const struct option *found = add_path(out, root, path);
    if (word && out->len - from < LONGEST_WORD) {
        *word = (struct label_word){ .root = root, .option = found };
        word->path_len = (unsigned char)path.len;
        word->text_len = (unsigned char)(out->len - from);
        memcpy(word->path, path.at, path.len);
        memcpy(word->text, out->at + from, word->text_len);
    }
    return found;
}

static struct str joined(struct arena *a, const struct ir_option *o) {
    struct buf out = { .arena = a };
    if (o->texts.count == 1)
        return o->texts.list[0];
    for (size_t i = 0; i < o->texts.count; i++) {
        buf_text(&out, i ? "," : "");
        buf_add(&out, o->texts.list[i]);
    }
    return buf_str(&out);
}

enum kind { ROUTERS, SERVICES, MIDDLEWARES };
static const char *const kinds[] = { "routers", "services", "middlewares" };

/* What stands below the name of an object of that kind, or below the type of a middleware. */
static const struct option *root_of(struct writer *w, enum ir_protocol protocol, enum kind kind,
                                    const char *below) {
    const struct option *none = NULL;
    const struct option **known = w->e->words ? &w->e->words->roots[protocol][kind] : &none;
    if (!*known)
        *known = option_find(OPTION_DYNAMIC, str_format(w->e->arena, "%s.%s.x",
                                                        ir_protocol_names[protocol], kinds[kind]))
                     .option;
    return *below && *known ? option_find_below(*known, str_of(below)).option : *known;
}

static void add_object(struct writer *w, enum ir_protocol protocol, enum kind kind, struct str name,
                       const char *below, const struct ir_option *options, struct span span) {
    struct arena *a = w->e->arena;
    const struct option *root = root_of(w, protocol, kind, below);
    struct buf head = { .arena = a };
    buf_format(&head, "traefik.%s.%s.%.*s", ir_protocol_names[protocol], kinds[kind],
               STR_ARG(name));
    for (size_t i = 0; *below && i <= strlen(below); i++)
        buf_char(&head, i ? char_lower(below[i - 1]) : '.');
    void **slot = table_at(&w->written, buf_str(&head));
    if (*slot)
        return;
    *slot = w;
    if (!options)
        add_label(w, span, buf_str(&head), STR("true"));
    for (; options; options = options->next) {
        struct span at = options->span.end ? options->span : span;
        struct buf key = { .arena = a };
        buf_add(&key, buf_str(&head));
        emission_tell_version(w->e, add_known_path(w, &key, root, options->path), at);
        add_label(w, at, buf_str(&key), joined(a, options));
    }
}

/* ---- the labels of one container ---- */

static void write_middleware(struct writer *w, const struct ir_router *r,
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
    }
    struct str below = str_is(type, "plugin")
                           ? str_format(w->e->arena, "plugin.%.*s", STR_ARG(m->name))
                           : str_copy(w->e->arena, type);
    add_object(w, r->protocol, MIDDLEWARES, m->object, below.at, options, m->span);
}

/* What the user adds stands last; Traefik reads the one that stands last of two by one name. */
static void write_raw(struct writer *w, const struct ir_raw *raw) {
    for (const struct doc *c = raw->doc->first; c; c = c->next) {
        struct span span = c->span.end ? c->span : raw->span;
        struct ir_pair *same = w->first;
        while (same && !str_eq_nocase(same->key, c->key))
            same = same->next;
        if (!same) {
            add_label(w, span, c->key, c->text);
            continue;
        }
        if (!str_eq(same->value, c->text))
            raw_clash(w->e, span, c->key);
        same->value = c->text;
    }
}

static void write_labelled(struct writer *w, const struct ir_labelled *l) {
    if (l->raw)
        write_raw(w, l->raw);
    else if (l->service)
        add_object(w, l->service->protocol, SERVICES, l->service->name, "",
                   service_options(w->e, l->service), l->service->span);
    else if (l->middleware)
        write_middleware(w, l->router, l->middleware);
    else
        add_object(w, l->router->protocol, ROUTERS, l->router->name, "",
                   router_options(w->e, l->router), l->router->span);
}

struct ir_pair *labels_of(struct emission *e, const struct ir_container *c) {
    struct writer w = { .e = e, .written.arena = e->arena };
    w.last = &w.first;
    if (c->enabled) {
        add_label(&w, c->span, STR("traefik.enable"), STR("true"));
        if (c->stack->proxy && !e->ir->generation.len)
            add_label(&w, c->span, STR("traefik.docker.network"), c->stack->proxy->name);
    }
    for (const struct ir_labelled *l = c->labelled; l; l = l->next)
        write_labelled(&w, l);
    return w.first;
}

/* ---- who is described where ---- */

static void describe(struct emission *e, struct ir_container *c, struct ir_labelled what) {
    *c->last_labelled = arena_copy(e->arena, &what, sizeof what);
    c->last_labelled = &(*c->last_labelled)->next;
}

static void add_service(struct emission *e, const struct ir_service *s) {
    if (s->place == IR_LABELS)
        describe(e, s->on, (struct ir_labelled){ .service = s });
    for (const struct ir_child *c = s->children; c; c = c->next)
        add_service(e, c->service);
}

static struct ir_container *container_of(const struct ir_service *s) {
    if (s->kind == IR_BALANCER)
        return s->targets ? s->targets->container : NULL;
    struct ir_container *found = NULL;
    for (const struct ir_child *c = s->children; c && !found; c = c->next)
        found = container_of(c->service);
    return found;
}

/* A container without routers of its own is not enabled, which would give it one by default. */
static void tell_ignored(struct emission *e, const struct ir_container *on,
                         const struct ir_raw *raw) {
    bool any = false;
    for (const struct doc *c = raw->doc->first; c; c = c->next) {
        if (str_eq_nocase(c->key, STR("traefik.enable")))
            return;
        any |= str_starts(c->key, STR("traefik."));
    }
    if (!any || on->enabled)
        return;
    struct diag *d = diag_add(e->diags, DIAG_LABEL_IGNORED, raw->span,
                              "the routes of `%.*s` stand in a file, and its labels are not read",
                              STR_ARG(on->name));
    diag_help(e->diags, d, "add traefik.enable=true, or write `raw dynamic`");
}

/* A route in the file provider has its container all the same, or no place for labels. */
static void add_raws(struct emission *e, const struct ir_router *r) {
    struct ir_container *on = r->on ? r->on : container_of(r->service);
    for (const struct ir_raw *raw = r->raws; raw; raw = raw->next) {
        if (!raw->doc || !str_is(raw->kind, "labels"))
            continue;
        if (on) {
            tell_ignored(e, on, raw);
            describe(e, on, (struct ir_labelled){ .raw = raw });
            continue;
        }
        if (!emission_misses_compose(e))
            continue;
        struct diag *d = diag_add(e->diags, DIAG_RAW, raw->span,
                                  "no container of a compose file could carry these labels");
        diag_help(e->diags, d, "write `raw dynamic`, which goes into Traefik's files");
    }
}

static void add_router(struct emission *e, const struct ir_router *r) {
    describe(e, r->on, (struct ir_labelled){ .router = r });
    add_service(e, r->service);
    for (const struct ir_middleware *m = r->middlewares; m; m = m->next) {
        if (m->place != IR_LABELS)
            continue;
        if (m->service)
            add_service(e, m->service);
        describe(e, r->on, (struct ir_labelled){ .router = r, .middleware = m });
    }
    add_raws(e, r);
}

void labels_fill(struct emission *e) {
    for (struct ir_project *p = e->ir->projects; p; p = p->next)
        for (struct ir_router *r = p->disabled ? NULL : p->routers; r; r = r->next)
            if (r->place == IR_LABELS) {
                add_router(e, r);
            } else {
                add_service(e, r->service);
                add_raws(e, r);
            }
}
