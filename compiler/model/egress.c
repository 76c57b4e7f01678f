/* The edges between projects: that they lead somewhere, and never back. */
#include "model/egress.h"

#include "model/names.h"
#include "model/services.h"
#include "support/nearest.h"

struct edge {
    struct edge *next; /* of the same consumer */
    struct vertex *to;
    struct span span;
};

struct vertex {
    const struct project *project;
    struct edge *edges, *last, *at; /* at: the next one to follow */
    struct vertex *below;           /* on the way from where the walk began */
    enum { VERTEX_NEW, VERTEX_BUSY, VERTEX_DONE } state;
    bool told;
};

struct graph {
    struct program *program;
    struct arena arena; /* given back at the end */
    struct vertex *vertices;
    size_t count;
    struct table index; /* by normal name */
};

static struct vertex *vertex_of(struct graph *g, struct str name) {
    return table_get(&g->index, names_normal(&g->arena, name));
}

/* ---- one edge ---- */

static void tell_project(struct graph *g, struct str name, struct span span) {
    struct diags *diags = g->program->diags;
    if (g->program->sliced)
        return; /* it is elsewhere, or nowhere: who sees all of the tree knows */
    struct nearest near = { .wanted = name };
    for (size_t i = 0; i < g->count; i++)
        nearest_offer(&near, g->vertices[i].project->name);
    if (!g->program->whole && !near.best.len)
        return; /* only a tree has all of its projects in view */
    struct diag *d =
        diag_add(diags, DIAG_PROJECT_UNKNOWN, span, "no project is called `%.*s`", STR_ARG(name));
    diag_effect(diags, d, "the network to it would never be made");
    diag_suggest(diags, d, span, near.best);
}

/* A service goes by its own name or, without that, by `PROJECT-NAME`. */
static bool has_service(struct graph *g, const struct project *provider, struct str name) {
    const struct stack *stack = provider->stack;
    if (!stack)
        return provider->at.len == 0; /* its compose file is not in view */
    struct str full = str_format(&g->arena, "%.*s-%.*s", STR_ARG(provider->name), STR_ARG(name));
    return stack->incomplete || table_get(&stack->index, name) || table_get(&stack->index, full);
}

static void tell_service(struct graph *g, const struct project *provider, struct str name,
                         struct span span) {
    struct diags *diags = g->program->diags;
    struct diag *d =
        diag_add(diags, DIAG_SERVICE_UNKNOWN, span, "the project `%.*s` has no service `%.*s`",
                 STR_ARG(provider->name), STR_ARG(name));
    struct nearest near = { .wanted = name };
    for (size_t i = 0; provider->stack && i < provider->stack->count; i++)
        nearest_offer(&near, provider->stack->services[i].name);
    diag_effect(diags, d, "the network to it would join nothing");
    if (near.best.len)
        diag_suggest(diags, d, span, near.best);
    else
        diag_help(diags, d, "name a service of its compose file, or remove this");
}

static void add_edge(struct graph *g, struct vertex *from, const struct text *text) {
    size_t slash = str_find(text->s, '/');
    if (slash == STR_NONE)
        return; /* told by its type */
    struct str project = str_slice(text->s, 0, slash), service = str_from(text->s, slash + 1);
    struct vertex *to = vertex_of(g, project);
    if (!to) {
        tell_project(g, project, text_span(text, 0, slash));
        return;
    }
    if (to == from) {
        struct diag *d = diag_add(g->program->diags, DIAG_EGRESS, text->span,
                                  "the project `%.*s` reaches for itself", STR_ARG(project));
        diag_effect(g->program->diags, d,
                    "it would wait for a network that it should make itself, and never start");
        diag_help(g->program->diags, d,
                  "remove it: services of one project reach each other anyway");
        return;
    }
    if (!has_service(g, to->project, service))
        tell_service(g, to->project, service, text_span(text, slash + 1, text->s.len));
    struct edge *edge = arena_new(&g->arena, struct edge);
    *edge = (struct edge){ .to = to, .span = text->span };
    if (from->last)
        from->last->next = edge;
    else
        from->edges = edge;
    from->last = edge;
}

/* ---- circles ---- */

static const struct edge *edge_between(const struct vertex *from, const struct vertex *to) {
    for (const struct edge *e = from->edges; e; e = e->next)
        if (e->to == to)
            return e;
    return NULL;
}

/* `edge` leads from the walk's end back to a vertex on the way. */
static void tell_circle(struct graph *g, struct vertex *end, const struct edge *edge) {
    struct diags *diags = g->program->diags;
    for (struct vertex *v = end; v; v = v == edge->to ? NULL : v->below)
        if (v->told)
            return;
    struct buf names = { .arena = &g->arena };
    for (struct vertex *v = end; v; v = v == edge->to ? NULL : v->below)
        buf_format(&names, "%s`%.*s`", names.len ? ", " : "", STR_ARG(v->project->name));
    struct diag *d =
        diag_add(diags, DIAG_EGRESS, edge->span, "projects reach for each other in a circle: %.*s",
                 STR_ARG(buf_str(&names)));
    for (struct vertex *v = end; v != edge->to; v = v->below) {
        v->told = true;
        diag_note_at(diags, d, edge_between(v->below, v)->span, "`%.*s` reaches for `%.*s` here",
                     STR_ARG(v->below->project->name), STR_ARG(v->project->name));
    }
    edge->to->told = true;
    diag_effect(diags, d, "no order of starting them has each provider before its consumers");
    diag_help(diags, d, "remove one `egress` of the circle");
}

/* Depth first without recursion: the way back is in the vertices. */
static void walk_from(struct graph *g, struct vertex *start) {
    struct vertex *v = start;
    v->state = VERTEX_BUSY;
    v->at = v->edges;
    while (v) {
        struct edge *e = v->at;
        if (!e) {
            v->state = VERTEX_DONE;
            v = v->below;
            continue;
        }
        v->at = e->next;
        if (e->to->state == VERTEX_BUSY)
            tell_circle(g, v, e);
        if (e->to->state != VERTEX_NEW)
            continue;
        e->to->state = VERTEX_BUSY;
        e->to->at = e->to->edges;
        e->to->below = v;
        v = e->to;
    }
}

/* Two that reach for each other are told first: that is what people look for. */
static void tell_pairs(struct graph *g, struct vertex *v) {
    for (const struct edge *e = v->edges; e; e = e->next) {
        const struct edge *back = e->to < v ? edge_between(e->to, v) : NULL;
        if (!back || (v->told && e->to->told))
            continue;
        struct diags *diags = g->program->diags;
        struct diag *d = diag_add(diags, DIAG_EGRESS, e->span,
                                  "the projects `%.*s` and `%.*s` reach for each other",
                                  STR_ARG(e->to->project->name), STR_ARG(v->project->name));
        diag_note_at(diags, d, back->span, "the other way is here");
        diag_effect(diags, d, "no order of starting them has each provider before its consumers");
        diag_help(diags, d, "remove one `egress` of the circle");
        v->told = e->to->told = true;
    }
}

/* Whether they lead somewhere is told to who asks. */
static void check_reached(struct graph *g) {
    for (struct reached *r = g->program->reached; r; r = r->next) {
        size_t slash = str_find(r->to, '/');
        const struct vertex *to =
            slash == STR_NONE ? NULL : vertex_of(g, str_slice(r->to, 0, slash));
        r->lost = !to || !has_service(g, to->project, str_from(r->to, slash + 1));
    }
}

void check_egress(struct program *program) {
    struct graph g = { .program = program };
    g.index.arena = &g.arena;
    for (const struct project *p = program->model->projects; p; p = p->next)
        g.count++;
    g.vertices = arena_array(&g.arena, struct vertex, g.count + 1);
    size_t at = 0;
    for (const struct project *p = program->model->projects; p; p = p->next) {
        g.vertices[at].project = p;
        *table_at(&g.index, names_normal(&g.arena, p->name)) = &g.vertices[at++];
    }
    for (size_t i = 0; i < g.count; i++)
        for (const struct setting *s = g.vertices[i].project->settings.head; s; s = s->next)
            if (s->vocable->id == SETTING_PROJECT_EGRESS && s->slot_count)
                for (size_t n = 0; n < s->slots[0].count; n++)
                    add_edge(&g, &g.vertices[i], &s->slots[0].texts[n]);
    check_reached(&g);
    for (size_t i = 0; i < g.count; i++)
        tell_pairs(&g, &g.vertices[i]);
    for (size_t i = 0; i < g.count; i++)
        if (g.vertices[i].state == VERTEX_NEW)
            walk_from(&g, &g.vertices[i]);
    arena_free(&g.arena);
}
