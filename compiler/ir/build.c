/* Typed model to IR; the last file that knows the language. */
#include "ir/build.h"

#include "model/names.h"
#include "model/services.h"
#include "options/options.h"

#include <stdlib.h>

/* ---- texts ---- */

struct str build_text(struct build *b, const struct text *text) {
    if (text->placeholder_count == 0)
        return text->s;
    char *out = arena_copy(b->arena, text->s.at, text->s.len);
    for (uint32_t i = 0; i < text->placeholder_count; i++)
        if (text->placeholders[i].at < text->s.len)
            out[text->placeholders[i].at] = IR_VARIABLE;
    return (struct str){ out, text->s.len };
}

struct str build_name(struct build *b, struct str s) {
    if (str_find(s, '$') == STR_NONE)
        return s;
    char *out = arena_copy(b->arena, s.at, s.len);
    for (size_t i = 0; i + 1 < s.len; i++)
        if (out[i] == '$' && out[i + 1] == '{')
            out[i] = IR_VARIABLE;
    return (struct str){ out, s.len };
}

struct ir_texts build_texts(struct build *b, const struct text *texts, size_t count) {
    struct ir_texts out = { arena_array(b->arena, struct str, count), count };
    for (size_t i = 0; i < count; i++)
        out.list[i] = build_text(b, &texts[i]);
    return out;
}

/* ---- middlewares ---- */

static struct ir_middleware *middleware_of(struct build *b, const struct mw *mw) {
    struct ir_middleware *m = arena_new(b->arena, struct ir_middleware);
    m->span = mw->span;
    m->type = mw->type;
    m->tcp_type = mw->tcp_type;
    m->name = mw->name;
    if (mw->kind == MW_OTHER)
        m->type = STR("@");
    else if (mw->kind == MW_STRIP_OWN)
        m->type = STR("strip");
    else if (mw->kind == MW_CANONICAL)
        m->type = STR("canonical");
    struct ir_option **tail = &m->options;
    for (const struct mw_option *o = mw->options; o; o = o->next) {
        struct ir_option *option = arena_new(b->arena, struct ir_option);
        option->path = o->path;
        option->span = o->count ? o->texts[0].span : mw->span;
        option->texts = build_texts(b, o->texts, o->count);
        option->list = o->list;
        *tail = option;
        tail = &option->next;
    }
    return m;
}

/* Named chains are laid out flat: their order is the order of the links. A link remembers the
   innermost name it stands under, which every router that uses it shares. */
static struct ir_middleware **add_links(struct build *b, struct ir_middleware **tail,
                                        const struct mw *links, const struct mw_chain *chain) {
    unsigned link = 0, count = 0;
    for (const struct mw *mw = links; mw; mw = mw->next)
        count++;
    for (const struct mw *mw = links; mw; mw = mw->next, link++) {
        if (mw->kind == MW_NAMED) {
            const struct mw_chain *inner = mw->named;
            if (inner)
                tail = add_links(b, tail, inner->links, inner->name.len ? inner : chain);
            continue;
        }
        struct ir_middleware *m = middleware_of(b, mw);
        if (chain && mw->kind == MW_INLINE) {
            m->chain = chain->name;
            m->chain_span = chain->span;
            m->link = link;
            m->links = count;
        }
        *tail = m;
        tail = &m->next;
    }
    return tail;
}

struct ir_middleware **build_links(struct build *b, struct ir_middleware **tail,
                                   const struct mw *links) {
    return add_links(b, tail, links, NULL);
}

/* ---- settings ---- */

static void add_uses(struct build *b, struct ir_setting *setting, const struct mw *links) {
    struct ir_middleware *list = NULL;
    build_links(b, &list, links);
    struct ir_setting **tail = &setting->children;
    for (; list; list = list->next) {
        struct ir_setting *use = arena_new(b->arena, struct ir_setting);
        use->name = list->type;
        size_t count = list->name.len > 0;
        for (struct ir_option *o = list->options; o; o = o->next)
            count++;
        use->values = arena_array(b->arena, struct ir_value, count);
        if (list->name.len) {
            struct str *name = arena_new(b->arena, struct str);
            *name = list->name;
            use->values[use->value_count++] = (struct ir_value){ STR("name"), { name, 1 } };
        }
        for (struct ir_option *o = list->options; o; o = o->next)
            use->values[use->value_count++] = (struct ir_value){ o->path, o->texts };
        *tail = use;
        tail = &use->next;
    }
}

struct ir_setting *build_settings(struct build *b, const struct setting *list) {
    struct ir_setting *first = NULL, **tail = &first;
    for (const struct setting *s = list; s; s = s->next) {
        int id = s->vocable->id;
        if (id == SETTING_ROUTE_WHERE || id == SETTING_ROUTE_MATCH || id == SETTING_FILE_IMPORT)
            continue;
        struct ir_setting *setting = arena_new(b->arena, struct ir_setting);
        setting->span = s->span;
        setting->name = s->vocable->name;
        setting->values = arena_array(b->arena, struct ir_value, s->slot_count);
        for (size_t i = 0; i < s->slot_count; i++)
            if (s->slots[i].present && !(s->links && i == 0))
                setting->values[setting->value_count++] =
                    (struct ir_value){ s->slots[i].name,
                                       build_texts(b, s->slots[i].texts, s->slots[i].count) };
        setting->children = build_settings(b, s->children);
        if (s->links)
            add_uses(b, setting, s->links);
        *tail = setting;
        tail = &setting->next;
    }
    return first;
}

/* ---- the whole ---- */

static struct str file_of(const struct ir_project *p) {
    return p->stack ? p->stack->file : STR("");
}

static int by_name(const void *a, const void *b) {
    const struct ir_project *const *x = a, *const *y = b;
    int order = str_cmp((*x)->name, (*y)->name);
    return order ? order : str_cmp(file_of(*x), file_of(*y));
}

/* Output does not depend on the order in which files were found. */
static struct ir_project *sorted(struct build *b, struct ir_project *list, size_t count) {
    struct ir_project **order = arena_array(b->arena, struct ir_project *, count + 1);
    size_t n = 0;
    for (struct ir_project *p = list; p; p = p->next)
        order[n++] = p;
    qsort(order, n, sizeof *order, by_name);
    for (size_t i = 0; i < n; i++)
        order[i]->next = order[i + 1];
    return order[0];
}

/* Where each line of the text stands; texts that were joined of pieces are walked once. */
static uint32_t *lines_of(struct build *b, const struct text *text) {
    size_t count = 1, line = 0;
    for (size_t i = 0; i < text->s.len; i++)
        count += text->s.at[i] == '\n';
    uint32_t *lines = arena_array(b->arena, uint32_t, count);
    const struct piece *piece = text->pieces;
    for (size_t i = 0; i <= text->s.len && line < count; i++) {
        if (i && text->s.at[i - 1] != '\n')
            continue;
        while (piece && piece[1].at != UINT32_MAX && piece[1].at <= i)
            piece++;
        if (piece)
            lines[line++] = piece->span.start + (piece->whole ? 0 : (uint32_t)i - piece->at);
        else
            lines[line++] = text->inner ? text->inner + (uint32_t)i : text->span.start;
    }
    return lines;
}

struct ir_raw *build_raw(struct build *b, const struct setting *setting) {
    struct ir_raw *raw = arena_new(b->arena, struct ir_raw);
    const struct slot *text = setting_slot(setting, "text");
    raw->span = setting->span;
    raw->kind = setting_word(setting, "kind");
    if (text && text->count) {
        raw->text = text->texts[0].s; /* its variables are found once it is read */
        raw->lines = lines_of(b, &text->texts[0]);
    }
    return raw;
}

static void add_project(struct build *b, const struct project *p, struct ir_project *project) {
    project->span = p->span;
    project->name = p->name;
    project->at = p->at;
    project->disabled = p->disabled;
    project->settings = build_settings(b, p->settings.head);
    project->stack = p->stack ? build_stack(b, p->stack, project) : NULL;
    struct str name = p->name.len ? p->name : p->stack ? p->stack->called : STR("");
    project->prefix = ir_slug(b->arena, name);
    build_services(b, p, project);
    for (const struct setting *s = p->settings.head; s && !p->disabled; s = s->next)
        if (s->vocable->id == SETTING_PROJECT_RAW) {
            struct ir_raw **tail = &b->ir->raws;
            while (*tail)
                tail = &(*tail)->next;
            *tail = build_raw(b, s);
        }
    project->last_router = &project->routers;
    for (const struct route *r = p->routes; r; r = r->next) {
        *project->last_router = build_route(b, r, project);
        project->last_router = &(*project->last_router)->next;
    }
}

static void add_entries(struct build *b) {
    for (const struct entry *e = b->entries.list; e; e = e->next) {
        struct ir_entrypoint *made = arena_new(b->arena, struct ir_entrypoint);
        made->span = e->span;
        made->name = e->name;
        made->port = e->port;
        made->is_udp = e->is_udp;
        made->is_default = e->is_default;
        made->redirects = e->redirects;
        *table_at(&b->ir->entrypoint_index, made->name) = made;
        *b->ir->last_entrypoint = made;
        b->ir->last_entrypoint = &made->next;
        if (e == entry_of_mode(&b->entries, MODE_HTTP))
            b->ir->plain = made;
    }
}

/* What the user says comes first, and of one name the first holds: a ready-made proxy's `default`
   stands only where the user says none. */
static void add_tls_options(struct build *b) {
    struct table known = { .arena = b->arena };
    struct ir_tls_options **tail = &b->ir->tls_options;
    for (const struct setting *t = b->program->model->settings.head; t; t = t->next) {
        struct str name = setting_word(t, "name");
        if (t->vocable->id != SETTING_FILE_TLS || *table_at(&known, name))
            continue;
        struct ir_tls_options *made = arena_new(b->arena, struct ir_tls_options);
        made->span = t->span;
        made->name = name;
        *table_at(&known, name) = made;
        for (const struct setting *s = t->children; s; s = s->next)
            build_options(b, s, BUILD_TLS_OPTIONS, &made->options);
        *tail = made;
        tail = &made->next;
    }
}

uint32_t ir_version(struct program *program) {
    uint32_t version = program->traefik;
    for (struct setting *s = program->model->settings.head; s && !program->traefik; s = s->next)
        for (struct setting *c = s->vocable->id == SETTING_FILE_PROXY ? s->children : NULL; c;
             c = c->next)
            for (struct setting *i = c->vocable->id == SETTING_PROXY_STACK ? c->children : NULL; i;
                 i = i->next)
                if (i->vocable->id == SETTING_STACK_IMAGE &&
                    str_is(setting_word(i, "part"), "traefik") &&
                    option_version_parse(setting_word(i, "version"), &version))
                    return version;
    return version || option_version_parse(STR("3.7.9"), &version) ? version : 0;
}

struct placed {
    const struct mw_chain *chain;
    struct str file;
};

static int by_place(const void *a, const void *b) {
    const struct placed *x = a, *y = b;
    int order = str_cmp(x->file, y->file);
    uint32_t at = x->chain->span.start, other = y->chain->span.start;
    return order ? order : (at > other) - (at < other);
}

/* In a tree every middleware with a name is there for all, as labels written by hand expect: in the
   order of writing, for that of the model is by who uses it first. */
static void add_chains(struct build *b) {
    struct ir_middleware **tail = &b->ir->shared;
    size_t count = 0;
    for (const struct mw_chain *c = b->program->model->chains; c; c = c->next)
        count++;
    struct placed *list = arena_array(b->arena, struct placed, count + 1);
    count = 0;
    for (const struct mw_chain *c = b->program->model->chains; c; c = c->next)
        if (b->ir->world == IR_TREE && c->name.len && (c->protocols & MODE_BIT(PROTOCOL_HTTP))) {
            const struct source *file = source_at(b->program->diags->sources, c->span.start);
            list[count++] = (struct placed){ c, file ? file->name : STR("") };
        }
    if (count)
        qsort(list, count, sizeof *list, by_place);
    while (*tail)
        tail = &(*tail)->next;
    for (size_t i = 0; i < count; i++)
        tail = add_links(b, tail, list[i].chain->links, list[i].chain);
}

static void add_reaches(struct build *b) {
    struct ir_reach **tail = &b->ir->reaches;
    for (const struct reached *r = b->program->reached; r; r = r->next) {
        *tail = arena_new(b->arena, struct ir_reach);
        **tail = (struct ir_reach){ .from = r->from, .to = r->to };
        tail = &(*tail)->next;
    }
}

struct ir *ir_build(struct program *program) {
    struct build b = { .arena = program->arena, .program = program };
    struct ir *ir = arena_new(b.arena, struct ir);
    b.entries = entries_of(program);
    b.stacks.arena = b.arena;
    b.ir = ir;
    ir->arena = b.arena;
    ir->diags = program->diags;
    ir->world = (enum ir_world)program->world;
    ir->version = ir_version(program);
    if (program->generation)
        ir->generation = str_format(b.arena, "%d", program->generation);
    ir->last_entrypoint = &ir->entrypoints;
    ir->entrypoint_index.arena = b.arena;
    ir->last_service = &ir->services;
    ir->last_transport = &ir->transports;
    ir->last_stack = &ir->stacks;
    add_entries(&b);
    build_static(&b);
    struct ir_project **tail = &ir->projects;
    size_t count = 0;
    for (const struct project *p = program->model->projects; p; p = p->next, count++) {
        struct ir_project *project = arena_new(b.arena, struct ir_project);
        add_project(&b, p, project);
        *tail = project;
        tail = &project->next;
    }
    ir->projects = sorted(&b, ir->projects, count);
    add_reaches(&b);
    ir->settings = build_settings(&b, program->model->settings.head);
    add_tls_options(&b);
    if (str_is(ir->generation, "1")) /* which makes no proxy */
        ir->has_proxy = false;
    else
        add_chains(&b);
    return ir;
}
