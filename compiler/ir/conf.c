/* Trees of configuration: by path, merged, without what is empty. */
#include "ir/conf.h"

struct conf *conf_new(struct arena *a, enum conf_kind kind) {
    struct conf *c = arena_new(a, struct conf);
    c->kind = kind;
    return c;
}

struct conf *conf_add(struct arena *a, struct conf *map, struct str key, enum conf_kind kind) {
    struct conf *c = conf_new(a, kind);
    c->key = key;
    if (map->last)
        map->last->next = c;
    else
        map->first = c;
    map->last = c;
    return c;
}

struct conf *conf_get(const struct conf *map, struct str key) {
    for (struct conf *c = map->first; c; c = c->next)
        if (str_eq(c->key, key))
            return c;
    return NULL;
}

/* What stands there becomes of that kind; another kind's content is lost. */
static struct conf *become(struct conf *c, enum conf_kind kind) {
    if (c->kind != kind) {
        c->kind = kind;
        c->first = c->last = NULL;
        c->text = (struct str){ 0 };
    }
    return c;
}

struct conf *conf_map(struct arena *a, struct conf *map, struct str key) {
    struct conf *c = conf_get(map, key);
    return c ? become(c, CONF_MAP) : conf_add(a, map, key, CONF_MAP);
}

static struct conf *item_at(struct arena *a, struct conf *list, uint64_t index) {
    become(list, CONF_LIST);
    struct conf *c = list->first;
    for (uint64_t i = 0; i < index && c; i++)
        c = c->next;
    return c ? become(c, CONF_MAP) : conf_add(a, list, STR(""), CONF_MAP);
}

struct conf *conf_at(struct arena *a, struct conf *map, struct str path) {
    struct conf *at = map;
    while (path.len) {
        size_t dot = str_find(path, '.');
        struct str segment = str_slice(path, 0, dot);
        path = dot == STR_NONE ? STR("") : str_from(path, dot + 1);
        size_t bracket = str_find(segment, '[');
        struct str key = str_slice(segment, 0, bracket);
        uint64_t index;
        become(at, CONF_MAP);
        if (bracket == STR_NONE ||
            !str_to_uint(str_slice(segment, bracket + 1, segment.len - 1), 1000000, &index)) {
            at = conf_map(a, at, key);
            continue;
        }
        struct conf *list = conf_get(at, key);
        at = item_at(a, list ? list : conf_add(a, at, key, CONF_LIST), index);
    }
    return at;
}

/* ---- merging ---- */

static void copy_value(struct arena *a, struct conf *to, const struct conf *from) {
    to->kind = from->kind;
    to->text = from->text;
    to->plain = from->plain;
    to->object = from->object;
    to->span = from->span;
    to->first = to->last = NULL;
    for (const struct conf *c = from->first; c; c = c->next)
        copy_value(a, conf_add(a, to, c->key, c->kind), c);
}

void conf_merge(struct arena *a, struct conf *base, const struct conf *over) {
    for (const struct conf *c = over->first; c; c = c->next) {
        struct conf *old = conf_get(base, c->key);
        if (old && old->kind == CONF_MAP && c->kind == CONF_MAP)
            conf_merge(a, old, c);
        else
            copy_value(a, old ? old : conf_add(a, base, c->key, c->kind), c);
    }
}

void conf_prune(struct conf *map) {
    struct conf *last = NULL;
    for (struct conf **at = &map->first; *at;) {
        struct conf *c = *at;
        if (c->kind != CONF_TEXT)
            conf_prune(c);
        if (c->kind != CONF_TEXT && !c->first) {
            *at = c->next;
            continue;
        }
        last = c;
        at = &c->next;
    }
    map->last = last;
}
