/* Objects of shared artefacts, one by one: given away by slices, put into their places by the base.
 */
#include "backends/pieces.h"

/* The comment that says where it stands is apart: of two that are otherwise the same the first
   counts. */
static void give(struct emission *e, const char *file, struct str section, struct doc *object,
                 unsigned depth) {
    struct portion piece = { .file = file, .section = section, .name = object->key };
    struct doc_entry entry = doc_entry(e, object, depth);
    piece.place = entry.place;
    piece.text = entry.text;
    piece.own = object->own;
    e->pieces->piece(e->pieces->context, &piece);
}

static void give_all(struct emission *e, const char *file, struct str section, struct doc *at,
                     unsigned depth) {
    for (struct doc *c = at->first; c; c = c->next)
        if (c->kind != DOC_READY)
            give(e, file, section, c, depth);
}

/* What is left without the objects of projects. */
static struct doc *without_own(struct arena *a, const struct doc *doc) {
    struct doc *rest = doc_new(a, DOC_MAP);
    for (const struct doc *top = doc->first; top; top = top->next) {
        struct doc *copy = doc_add(a, rest, top->key, top->kind);
        doc_copy(a, copy, top);
        if (top->kind != DOC_MAP)
            continue;
        copy->first = copy->last = NULL;
        for (const struct doc *c = top->first; c; c = c->next)
            if (!c->own)
                doc_copy(a, doc_add(a, copy, c->key, c->kind), c);
    }
    return rest;
}

void pieces_give(struct emission *e, struct doc *doc, const char *file, bool dynamic,
                 const char *path) {
    doc_complete(e, doc, dynamic);
    for (struct doc *top = doc->first; top; top = top->next) {
        if (!dynamic && str_is(top->key, "entryPoints"))
            give_all(e, file, top->key, top, 1);
        for (struct doc *kind = dynamic ? top->first : NULL; kind; kind = kind->next)
            give_all(e, file,
                     str_format(e->arena, "%.*s.%.*s", STR_ARG(top->key), STR_ARG(kind->key)), kind,
                     2);
    }
    if (path)
        e->pieces->rest(e->pieces->context, str_of(path), doc_text(e, without_own(e->arena, doc)));
}

/* Where the lines of a section go: a place that waits for them, else its end. */
static struct doc *ready_in(struct arena *a, struct doc *at) {
    for (struct doc *c = at->first; c; c = c->next)
        if (c->kind == DOC_READY && c->own)
            return c;
    return doc_add(a, at, STR(""), DOC_READY);
}

static bool ends_in(struct str section, const char *kind) {
    struct str last = str_from(section, str_find_last(section, '.') + 1);
    return str_is(last, kind);
}

void pieces_place(struct emission *e, struct doc *doc, const char *file, const char *kind) {
    if (!e->pieces || !e->pieces->lines)
        return;
    struct str section;
    for (size_t i = 0;; i++) {
        const struct doc_lines *lines = e->pieces->lines(e->pieces->context, file, i, &section);
        if (!section.len)
            return;
        if (!lines || !ends_in(section, kind))
            continue;
        struct doc *ready = ready_in(e->arena, doc_at(e->arena, doc, section));
        ready->lines = lines;
        ready->own = false;
    }
}
