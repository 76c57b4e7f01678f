/* Definition, references, rename. */
#include "editing/editing.h"
#include "editing/yaml_names.h"
#include "model/names.h"
#include "model/services.h"

static bool same_place(struct span a, struct span b) {
    return a.start == b.start && a.end == b.end;
}

static const struct mark *name_at(struct reading *r, size_t offset) {
    const struct mark *m = r ? mark_at(r, editing_at(r->source, offset)) : NULL;
    return m && m->kind != NAME_NONE ? m : NULL;
}

static void add_place(struct itsupc *s, struct collected *c, struct span span) {
    *(struct itsupc_place *)collect(c) = editing_place(s, span);
}

static struct collected new_places(struct itsupc *s) {
    return (struct collected){ .arena = &s->arena, .size = sizeof(struct itsupc_place) };
}

/* `import lib/sso.itsup`: the file that is read there. */
static bool imported_file(struct itsupc *s, struct reading *r, const struct mark *m,
                          struct span *out) {
    struct unit *unit = table_get(&s->program.unit_index, r->source->name);
    for (struct import *i = unit ? unit->imports : NULL; i; i = i->next) {
        struct source *source = i->unit ? table_get(&s->files_read, i->unit->name) : NULL;
        if (source && i->span.start <= m->span.start && m->span.end <= i->span.end) {
            *out = span_of(source, 0, 0);
            return true;
        }
    }
    return false;
}

/* ---- in YAML ---- */

static void add_yaml(struct itsupc *s, struct source *source, const struct yaml_name *wanted,
                     bool definitions, bool declaration, struct collected *c) {
    struct yaml_names names = yaml_names_of(s, source);
    for (size_t i = 0; i < names.count; i++) {
        const struct yaml_name *n = &names.list[i];
        if (yaml_same(n, wanted) && (definitions ? n->defines : declaration || !n->defines))
            add_place(s, c, n->span);
    }
}

/* Those of the file first. False when there is no name at the place. */
static bool yaml_references(struct itsupc *s, struct source *source, size_t offset,
                            bool definitions, bool declaration, struct collected *c) {
    struct yaml_names names = yaml_names_of(s, source);
    const struct yaml_name *wanted = yaml_name_at(&names, editing_at(source, offset));
    size_t count = s->sources.count;
    if (!wanted)
        return false;
    add_yaml(s, source, wanted, definitions, declaration, c);
    for (size_t i = 0; i < count; i++) {
        struct source *other = s->sources.list[i];
        bool yaml = str_ends(other->name, STR(".yml")) || str_ends(other->name, STR(".yaml"));
        bool again = other == source || str_eq(other->name, source->name);
        if (yaml && !again && table_get(&s->files_read, other->name) == other)
            add_yaml(s, other, wanted, definitions, declaration, c);
    }
    return true;
}

size_t itsupc_definition(struct itsupc *s, const char *file, size_t offset,
                         const struct itsupc_place **list) {
    struct collected c = new_places(s);
    struct reading *r = editing_is_language(file) ? editing_of(s, str_of(file)) : NULL;
    const struct mark *m = r ? mark_at(r, editing_at(r->source, offset)) : NULL;
    struct source *source = r ? r->source : editing_source(s, file);
    struct declaration d;
    struct span span;
    if (!r && source)
        yaml_references(s, source, offset, true, true, &c);
    if (!r && source && !c.count && yaml_service(s, source, editing_at(source, offset), &span))
        add_place(s, &c, span);
    if (m && m->setting && m->setting->id == SETTING_FILE_IMPORT && imported_file(s, r, m, &span))
        add_place(s, &c, span);
    else if (m && declaration_find(s, r, m, &d) && !(span_is_none(d.span)))
        add_place(s, &c, d.span);
    *list = (const struct itsupc_place *)c.at;
    return c.count;
}

/* ---- who names it ---- */

/* The bare name behind an alias: `sso.guard` → `guard`. */
static struct span own_part(const struct mark *m, const struct declaration *d) {
    struct str name = d->mark ? d->mark->name : m->name;
    return m->name.len > name.len ? span_slice(m->span, m->name.len - name.len, m->name.len)
                                  : m->span;
}

static void add_references(struct itsupc *s, struct reading *r, const struct declaration *wanted,
                           enum name_kind kind, struct str name, bool declaration,
                           struct collected *c) {
    for (size_t i = 0; i < r->count; i++) {
        const struct mark *m = &r->marks[i];
        struct declaration d;
        if (m->kind != kind || !str_ends(m->name, name) || (m->defines && !declaration))
            continue;
        if (declaration_find(s, r, m, &d) && same_place(d.span, wanted->span))
            add_place(s, c, own_part(m, &d));
    }
}

static size_t references(struct itsupc *s, const char *file, size_t offset, bool declaration,
                         struct collected *c, const struct mark **at, struct declaration *d) {
    struct reading *r = editing_is_language(file) ? editing_of(s, str_of(file)) : NULL;
    const struct mark *m = name_at(r, offset);
    *at = m;
    if (!m || !declaration_find(s, r, m, d) || span_is_none(d->span))
        return 0;
    struct str name = d->mark ? d->mark->name : m->name;
    for (struct unit *u = s->program.units; u; u = u->next) {
        struct reading *other = str_ends(u->name, STR(".itsup")) ? editing_of(s, u->name) : NULL;
        if (other)
            add_references(s, other, d, m->kind, name, declaration, c);
    }
    if (!table_get(&s->program.unit_index, r->source->name))
        add_references(s, r, d, m->kind, name, declaration, c);
    if (declaration && !d->mark)
        add_place(s, c, d->span);
    return c->count;
}

size_t itsupc_references(struct itsupc *s, const char *file, size_t offset, bool declaration,
                         const struct itsupc_place **list) {
    struct collected c = new_places(s);
    const struct mark *m;
    struct declaration d;
    struct source *source = editing_is_language(file) ? NULL : editing_source(s, file);
    if (source)
        yaml_references(s, source, offset, false, declaration, &c);
    else
        references(s, file, offset, declaration, &c, &m, &d);
    *list = (const struct itsupc_place *)c.at;
    return c.count;
}

/* ---- rename ---- */

/* Names that this project of files declares; a bare word that is no name of a list is only text. */
static bool can_rename_yaml(struct itsupc *s, const char *file, size_t offset,
                            struct collected *places, struct span *span) {
    struct source *source = editing_is_language(file) ? NULL : editing_source(s, file);
    struct collected declared = new_places(s);
    if (!source || !yaml_references(s, source, offset, true, true, &declared) || !declared.count)
        return false;
    struct yaml_names names = yaml_names_of(s, source);
    *span = yaml_name_at(&names, editing_at(source, offset))->span;
    return yaml_references(s, source, offset, false, true, places);
}

static bool can_rename(struct itsupc *s, const char *file, size_t offset, struct span *span,
                       const struct mark **mark) {
    struct reading *r = editing_is_language(file) ? editing_of(s, str_of(file)) : NULL;
    const struct mark *m = name_at(r, offset);
    struct declaration d;
    if (!m || !declaration_find(s, r, m, &d) || !d.mark || m->kind == NAME_PROJECT)
        return false;
    *span = own_part(m, &d);
    *mark = m;
    return true;
}

bool itsupc_renamable(struct itsupc *s, const char *file, size_t offset,
                      struct itsupc_place *place) {
    struct span span;
    const struct mark *m;
    struct collected places = new_places(s);
    if (!can_rename(s, file, offset, &span, &m) &&
        !can_rename_yaml(s, file, offset, &places, &span))
        return false;
    *place = editing_place(s, span);
    return true;
}

const char *itsupc_rename(struct itsupc *s, const char *file, size_t offset, const char *to,
                          const struct itsupc_edit **list, size_t *count) {
    struct span span;
    const struct mark *m;
    struct declaration d;
    struct collected places = new_places(s);
    *count = 0;
    bool yaml = can_rename_yaml(s, file, offset, &places, &span);
    if (!yaml && !can_rename(s, file, offset, &span, &m))
        return "this is no name that can be changed everywhere";
    struct fault fault = !yaml && m->kind == NAME_VALUE ? names_check_value(str_of(to))
                                                        : names_check_object(str_of(to));
    if (fault.error != NAMES_OK)
        return names_error_text(fault.error);
    if (!yaml)
        references(s, file, offset, true, &places, &m, &d);
    struct itsupc_edit *edits = arena_array(&s->arena, struct itsupc_edit, places.count + 1);
    struct str text = str_copy(&s->arena, str_of(to));
    for (size_t i = 0; i < places.count; i++)
        edits[i] =
            (struct itsupc_edit){ ((struct itsupc_place *)places.at)[i], { text.at, text.len } };
    *list = edits;
    *count = places.count;
    return NULL;
}

/* ---- links ---- */

/* Codes in comments that silence them. */
static void add_codes(struct itsupc *s, const struct reading *r, struct collected *c) {
    for (const struct comment *k = r->comments; k; k = k->next) {
        struct str text = source_text(&s->sources, k->span);
        size_t at = str_find_str(text, STR("allow("));
        while (at < text.len && text.at[at] != ')') {
            size_t to = at;
            while (to < text.len && char_is_alnum(text.at[to]))
                to++;
            struct str code = str_copy(&s->arena, str_slice(text, at, to));
            if (code.len && itsupc_page(code.at))
                *(struct itsupc_link *)collect(c) =
                    (struct itsupc_link){ editing_place(s, span_slice(k->span, at, to)), NULL,
                                          code.at };
            at = to > at ? to : at + 1;
        }
    }
}

size_t itsupc_links(struct itsupc *s, const char *file, const struct itsupc_link **list) {
    struct collected c = { .arena = &s->arena, .size = sizeof(struct itsupc_link) };
    struct reading *r = editing_is_language(file) ? editing_of(s, str_of(file)) : NULL;
    struct stack *stack = r ? editing_stack(s, r) : NULL;
    for (size_t i = 0; r && i < r->count; i++) {
        const struct mark *m = &r->marks[i];
        struct span span;
        bool alias = i && r->marks[i - 1].role == ROLE_FLAG;
        bool import =
            m->setting && m->setting->id == SETTING_FILE_IMPORT && m->role == ROLE_TEXT && !alias;
        if (import && imported_file(s, r, m, &span))
            *(struct itsupc_link *)collect(&c) =
                (struct itsupc_link){ editing_place(s, m->span), editing_place(s, span).file,
                                      NULL };
        else if (import && stack && str_ends(stack->file, m->name))
            *(struct itsupc_link *)collect(&c) =
                (struct itsupc_link){ editing_place(s, m->span), stack->file.at, NULL };
    }
    if (r)
        add_codes(s, r, &c);
    *list = (const struct itsupc_link *)c.at;
    return c.count;
}
