/* Where names are declared, and who says them. */
#include "editing/editing.h"
#include "model/services.h"
#include "options/readymade.h"

#define S(literal)                                                                                 \
    { "" literal, sizeof(literal) - 1 }

void *collect(struct collected *c) {
    if (c->count == c->room) {
        size_t room = c->room ? c->room * 2 : 32;
        char *at = arena_alloc(c->arena, room * c->size);
        if (c->count)
            memcpy(at, c->at, c->count * c->size);
        c->at = at;
        c->room = room;
    }
    return c->at + c->size * c->count++;
}

bool editing_is_language(const char *name) {
    return str_ends(str_of(name), STR(".itsup"));
}

struct source *editing_source(struct itsupc *s, const char *name) {
    struct diags kept = s->diags;
    struct source *source = session_source(s, str_of(name), (struct span){ 0, 0 });
    s->diags = kept; /* that it is missing is no finding here */
    return source;
}

struct reading *editing_of(struct itsupc *s, struct str name) {
    s->readings.arena = &s->arena;
    struct reading **slot = (struct reading **)table_at(&s->readings, name);
    if (*slot)
        return *slot;
    struct str kept = str_copy(&s->arena, name);
    struct source *source = editing_source(s, kept.at);
    if (!source)
        return NULL;
    struct reading *r = arena_new(&s->arena, struct reading);
    editing_read(r, &s->arena, source, &s->sources);
    *table_at(&s->readings, source->name) = r;
    return r;
}

struct itsupc_place editing_place(struct itsupc *s, struct span span) {
    struct source *source = source_at(&s->sources, span.start);
    if (!source || span_is_none(span))
        return (struct itsupc_place){ "", 0, 0 };
    return (struct itsupc_place){ source->name.at, span.start - source->base,
                                  span.end - source->base };
}

struct str kind_word(enum name_kind kind) {
    static const struct str words[NAME_KINDS] = {
        [NAME_NONE] = S("name"),
        [NAME_VALUE] = S("value"),
        [NAME_MIDDLEWARE] = S("middleware"),
        [NAME_TEMPLATE] = S("template"),
        [NAME_TLS] = S("TLS options"),
        [NAME_RESOLVER] = S("resolver"),
        [NAME_ENTRYPOINT] = S("entry point"),
        [NAME_PLUGIN] = S("plugin"),
        [NAME_SERVICE] = S("service"),
        [NAME_PROJECT] = S("project"),
        [NAME_FILE] = S("file"),
    };
    return words[kind];
}

/* ---- what a file sees ---- */

static struct unit *unit_of(struct itsupc *s, struct reading *r) {
    return table_get(&s->program.unit_index, r->source->name);
}

struct stack *editing_stack(struct itsupc *s, struct reading *r) {
    struct unit *unit = unit_of(s, r);
    return unit ? unit->stack : NULL;
}

static bool is_inside(struct span span, uint32_t place) {
    return span.start <= place && place <= span.end;
}

/* In the file itself: the innermost block around the place that declares it. */
static const struct mark *find_in_file(const struct reading *r, enum name_kind kind,
                                       struct str name, uint32_t place, bool inner) {
    const struct mark *best = NULL;
    for (const struct mark *m = table_get(&r->defined, name); m; m = m->same) {
        if (m->kind != kind)
            continue;
        bool whole_file = span_is_none(m->scope);
        if (!whole_file && !(inner && is_inside(m->scope, place)))
            continue;
        if (!best || span_is_none(best->scope) ||
            (!whole_file && m->scope.end - m->scope.start < best->scope.end - best->scope.start))
            best = m;
    }
    return best;
}

static struct reading *reading_of_unit(struct itsupc *s, const struct unit *unit) {
    return unit && str_ends(unit->name, STR(".itsup")) ? editing_of(s, unit->name) : NULL;
}

static bool found(struct declaration *out, struct reading *r, const struct mark *m) {
    if (!m)
        return false;
    *out = (struct declaration){ .reading = r, .mark = m, .span = m->span, .whole = m->whole };
    return true;
}

static bool find_plain(struct itsupc *s, struct unit *unit, enum name_kind kind, struct str name,
                       struct declaration *out) {
    struct reading *own = reading_of_unit(s, unit);
    if (own && found(out, own, find_in_file(own, kind, name, 0, false)))
        return true;
    for (struct import *i = unit->imports; i; i = i->next) {
        struct reading *r = i->alias.len ? NULL : reading_of_unit(s, i->unit);
        if (r && found(out, r, find_in_file(r, kind, name, 0, false)))
            return true;
    }
    return false;
}

static bool find_imported(struct itsupc *s, struct unit *unit, enum name_kind kind, struct str name,
                          struct declaration *out) {
    size_t dot = str_find(name, '.');
    for (struct import *i = dot == STR_NONE ? NULL : unit->imports; i; i = i->next)
        if (i->unit && i->alias.len && str_eq(i->alias, str_slice(name, 0, dot)))
            return find_plain(s, i->unit, kind, str_from(name, dot + 1), out);
    return find_plain(s, unit, kind, name, out);
}

static bool find_shared(struct itsupc *s, enum name_kind kind, struct str name,
                        struct declaration *out) {
    for (struct unit *u = s->program.units; u; u = u->next) {
        struct reading *r = u->project.len == 0 && !u->aliased ? reading_of_unit(s, u) : NULL;
        if (r && found(out, r, find_in_file(r, kind, name, 0, false)))
            return true;
    }
    return false;
}

static bool declared_kind_of(enum name_kind kind, enum declared_kind *out) {
    static const struct {
        enum name_kind name;
        enum declared_kind declared;
    } kinds[] = {
        { NAME_MIDDLEWARE, DECLARED_MIDDLEWARE },
        { NAME_TEMPLATE, DECLARED_TEMPLATE },
        { NAME_TLS, DECLARED_TLS },
        { NAME_RESOLVER, DECLARED_RESOLVER },
        { NAME_ENTRYPOINT, DECLARED_ENTRYPOINT },
        { NAME_PLUGIN, DECLARED_PLUGIN },
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].name == kind) {
            *out = kinds[i].declared;
            return true;
        }
    return false;
}

/* In files of another kind: itsup.yml, say. */
static bool find_lowered(struct itsupc *s, enum name_kind kind, struct str name,
                         struct declaration *out) {
    enum declared_kind declared;
    if (!declared_kind_of(kind, &declared))
        return false;
    for (struct declared *d = s->program.all_declared; d; d = d->next)
        if (d->kind == declared && str_eq(d->name, name)) {
            *out = (struct declaration){ .span = d->span, .whole = d->span };
            return true;
        }
    return false;
}

static bool find_service(struct itsupc *s, struct reading *r, const struct mark *m,
                         struct declaration *out) {
    struct stack *stack = editing_stack(s, r);
    for (struct unit *u = m->owner.len ? s->program.units : NULL; u; u = u->next)
        if (str_eq(u->project, m->owner))
            stack = u->stack;
    struct service *service = stack ? table_get(&stack->index, m->name) : NULL;
    if (!service)
        return false;
    *out = (struct declaration){ .span = service->span, .whole = service->span };
    return true;
}

static bool find_project(struct itsupc *s, struct str name, struct declaration *out) {
    for (struct unit *u = s->program.units; u; u = u->next) {
        struct source *source =
            str_eq(u->project, name) ? table_get(&s->files_read, u->name) : NULL;
        if (source) {
            out->span = out->whole = span_of(source, 0, 0);
            return true;
        }
    }
    return find_shared(s, NAME_PROJECT, name, out);
}

bool declaration_find(struct itsupc *s, struct reading *r, const struct mark *m,
                      struct declaration *out) {
    *out = (struct declaration){ 0 };
    struct unit *unit = unit_of(s, r);
    if (m->kind == NAME_SERVICE)
        return find_service(s, r, m, out);
    if (m->kind == NAME_PROJECT && !m->defines)
        return find_project(s, m->name, out);
    if (m->kind == NAME_NONE)
        return false;
    if (m->defines)
        return found(out, r, m);
    return found(out, r, find_in_file(r, m->kind, m->name, m->span.start, true)) ||
           (unit && find_imported(s, unit, m->kind, m->name, out)) ||
           find_shared(s, m->kind, m->name, out) || find_lowered(s, m->kind, m->name, out);
}

/* ---- all that is seen ---- */

struct visiting {
    struct itsupc *s;
    enum name_kind kind;
    name_visit *visit;
    void *context;
};

static void visit_file(struct visiting *v, struct reading *r, uint32_t place, bool inner,
                       struct str alias) {
    for (size_t i = 0; r && i < r->count; i++) {
        const struct mark *m = &r->marks[i];
        if (!m->defines || m->kind != v->kind)
            continue;
        if (!span_is_none(m->scope) && !(inner && is_inside(m->scope, place)))
            continue;
        struct str name =
            alias.len ? str_format(&v->s->arena, "%.*s.%.*s", STR_ARG(alias), STR_ARG(m->name))
                      : m->name;
        v->visit(v->context, name, m->span);
    }
}

void names_visible(struct itsupc *s, struct reading *r, uint32_t place, enum name_kind kind,
                   name_visit *visit, void *context) {
    struct visiting v = { s, kind, visit, context };
    struct unit *unit = unit_of(s, r);
    enum declared_kind declared;
    visit_file(&v, r, place, true, STR(""));
    for (struct import *i = unit ? unit->imports : NULL; i; i = i->next)
        visit_file(&v, reading_of_unit(s, i->unit), 0, false, i->alias);
    for (struct unit *u = s->program.units; u; u = u->next)
        if (u->project.len == 0 && !u->aliased && u != unit)
            visit_file(&v, reading_of_unit(s, u), 0, false, STR(""));
    if (!declared_kind_of(kind, &declared))
        return;
    for (struct declared *d = s->program.all_declared; d; d = d->next)
        if (d->kind == declared && d->unit->project.len == 0 &&
            !str_ends(d->unit->name, STR(".itsup")))
            visit(context, d->name, d->span);
    for (size_t i = 0; i < readymade_count; i++)
        if (program_readymade(&readymades[i]) == declared &&
            readymades[i].generations >> s->program.stack & 1)
            visit(context, readymades[i].name, (struct span){ 0, 0 });
}
