/* Trees of configuration: by path, merged, without what is empty. */
#include "ir/doc.h"

#include "support/table.h"

struct doc *doc_new(struct arena *a, enum doc_kind kind) {
    struct doc *c = arena_new(a, struct doc);
    c->kind = kind;
    return c;
}

struct doc *doc_add(struct arena *a, struct doc *map, struct str key, enum doc_kind kind) {
    struct doc *c = doc_new(a, kind);
    c->key = key;
    if (map->last)
        map->last->next = c;
    else
        map->first = c;
    map->last = c;
    return c;
}

struct doc *doc_get(const struct doc *map, struct str key) {
    for (struct doc *c = map->first; c; c = c->next)
        if (str_eq(c->key, key))
            return c;
    return NULL;
}

/* What stands there becomes of that kind; another kind's content is lost. */
static struct doc *become(struct doc *c, enum doc_kind kind) {
    if (c->kind != kind) {
        c->kind = kind;
        c->first = c->last = NULL;
        c->text = (struct str){ 0 };
    }
    return c;
}

struct doc *doc_map(struct arena *a, struct doc *map, struct str key) {
    struct doc *c = doc_get(map, key);
    return c ? become(c, DOC_MAP) : doc_add(a, map, key, DOC_MAP);
}

static struct doc *item_at(struct arena *a, struct doc *list, uint64_t index) {
    become(list, DOC_LIST);
    struct doc *c = list->first;
    for (uint64_t i = 0; i < index && c; i++)
        c = c->next;
    return c ? become(c, DOC_MAP) : doc_add(a, list, STR(""), DOC_MAP);
}

struct doc *doc_at(struct arena *a, struct doc *map, struct str path) {
    struct doc *at = map;
    while (path.len) {
        size_t dot = str_find(path, '.');
        struct str segment = str_slice(path, 0, dot);
        path = dot == STR_NONE ? STR("") : str_from(path, dot + 1);
        size_t bracket = str_find(segment, '[');
        struct str key = str_slice(segment, 0, bracket);
        uint64_t index;
        become(at, DOC_MAP);
        if (bracket == STR_NONE ||
            !str_to_uint(str_slice(segment, bracket + 1, segment.len - 1), 1000000, &index)) {
            at = doc_map(a, at, key);
            continue;
        }
        struct doc *list = doc_get(at, key);
        at = item_at(a, list ? list : doc_add(a, at, key, DOC_LIST), index);
    }
    return at;
}

/* ---- merging ---- */

void doc_copy(struct arena *a, struct doc *to, const struct doc *from) {
    to->kind = from->kind;
    to->text = from->text;
    to->plain = from->plain;
    to->object = from->object;
    to->own = from->own;
    to->span = from->span;
    to->over = from->over;
    to->notes = from->notes;
    to->first = to->last = NULL;
    for (const struct doc *c = from->first; c; c = c->next)
        doc_copy(a, doc_add(a, to, c->key, c->kind), c);
}

void doc_merge(struct arena *a, struct doc *base, const struct doc *over) {
    struct table index = { .arena = a };
    for (struct doc *c = base->first; c; c = c->next)
        *table_at(&index, c->key) = c;
    for (const struct doc *c = over->first; c; c = c->next) {
        struct doc *old = table_get(&index, c->key);
        if (old && old->kind == DOC_MAP && c->kind == DOC_MAP) {
            if (c->object && old->object)
                old->over = c->span;
            if (c->notes.len && old->notes.len)
                old->notes = str_format(a, "%.*s\n%.*s", STR_ARG(old->notes), STR_ARG(c->notes));
            else if (c->notes.len)
                old->notes = c->notes;
            doc_merge(a, old, c);
        } else {
            doc_copy(a, old ? old : doc_add(a, base, c->key, c->kind), c);
        }
    }
}

void doc_prune(struct doc *map) {
    struct doc *last = NULL;
    for (struct doc **at = &map->first; *at;) {
        struct doc *c = *at;
        bool holds = c->kind == DOC_MAP || c->kind == DOC_LIST;
        if (holds)
            doc_prune(c);
        if (c->kind == DOC_READY ? !c->lines && !c->own : holds && !c->first) {
            *at = c->next;
            continue;
        }
        last = c;
        at = &c->next;
    }
    map->last = last;
}
