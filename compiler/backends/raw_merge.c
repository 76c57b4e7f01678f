/* The user's YAML over what is generated: `raw KIND """…"""`, merged in last. What says otherwise
   than we do is told, for a route may depend on it. */
#include "backends/backend.h"
#include "support/nearest.h"

struct merge {
    struct emission *e;
    bool told;    /* in files of our language; the YAML of an itsUP tree is there to override */
    bool compose; /* lists grow, as Compose merges files; Traefik's are replaced */
    /* What the user wrote in a file of that name, of which a part is generated; or NULL. */
    const struct doc *written;
    struct str file;
};

static bool is_same(const struct doc *a, const struct doc *b) {
    if (a->kind != b->kind || !str_eq(a->text, b->text))
        return false;
    const struct doc *x = a->first, *y = b->first;
    for (; x && y; x = x->next, y = y->next)
        if (!str_eq(x->key, y->key) || !is_same(x, y))
            return false;
    return !x && !y;
}

void raw_clash(struct emission *e, struct span span, struct str key) {
    struct diag *d = diag_add(e->diags, DIAG_RAW_CLASH, span,
                              "`%.*s` is generated, and this says otherwise", STR_ARG(key));
    diag_effect(e->diags, d, "what the raw text says is written");
    diag_help(e->diags, d, "say it with a setting of the route, or leave it out");
}

/* What the text changes may have been written by the same hand. */
static void clash(struct merge *m, const struct doc *written, struct span span, struct str key) {
    if (!written) {
        raw_clash(m->e, span, key);
        return;
    }
    struct diag *d =
        diag_add(m->e->diags, DIAG_RAW_CLASH, span, "`%.*s` stands in %.*s, which says otherwise",
                 STR_ARG(key), STR_ARG(m->file));
    diag_effect(m->e->diags, d, "what the raw text says is written");
    diag_help(m->e->diags, d, "say it there, and leave it out here");
}

/* ---- lists of Compose: `KEY=VALUE` and plain texts ---- */

static struct str item_key(struct str text) {
    return str_slice(text, 0, str_find(text, '='));
}

/* A mapping as the list that stands on the other side. */
static struct doc *as_list(struct emission *e, const struct doc *map) {
    struct doc *list = doc_new(e->arena, DOC_LIST);
    for (const struct doc *c = map->first; c; c = c->next) {
        struct doc *item = doc_add(e->arena, list, STR(""), DOC_TEXT);
        bool null = c->plain && str_is(c->text, "null");
        item->text =
            null ? c->key
                 : str_format(e->arena, "%.*s=%.*s", STR_ARG(c->key), (int)c->text.len, c->text.at);
        item->span = c->span;
        item->notes = c->notes;
    }
    return list;
}

static struct doc *as_map(struct emission *e, const struct doc *list) {
    struct doc *map = doc_new(e->arena, DOC_MAP);
    for (const struct doc *c = list->first; c; c = c->next) {
        struct str key = item_key(c->text);
        struct doc *entry = doc_add(e->arena, map, key, DOC_TEXT);
        entry->text = key.len < c->text.len ? str_from(c->text, key.len + 1) : STR("null");
        entry->plain = key.len == c->text.len;
        entry->span = c->span;
        entry->notes = c->notes;
    }
    return map;
}

const struct doc *raw_as(struct emission *e, const struct doc *c, enum doc_kind kind) {
    return c->kind == kind ? c : kind == DOC_MAP ? as_map(e, c) : as_list(e, c);
}

static const struct doc *find_item(const struct doc *list, struct str text) {
    const struct doc *c = list ? list->first : NULL;
    while (c && !(c->kind == DOC_TEXT && str_eq(c->text, text)))
        c = c->next;
    return c;
}

static void grow(struct merge *m, struct doc *old, const struct doc *more,
                 const struct doc *written) {
    struct table index = { .arena = m->e->arena };
    for (struct doc *c = old->first; c; c = c->next)
        if (c->kind == DOC_TEXT)
            *table_at(&index, item_key(c->text)) = c;
    for (const struct doc *c = more->first; c; c = c->next) {
        struct doc *same = c->kind == DOC_TEXT ? table_get(&index, item_key(c->text)) : NULL;
        if (!same) {
            doc_copy(m->e->arena, doc_add(m->e->arena, old, STR(""), c->kind), c);
            continue;
        }
        if (!str_eq(same->text, c->text) && m->told)
            clash(m, find_item(written, same->text), c->span, item_key(c->text));
        same->text = c->text;
    }
}

/* ---- mappings ---- */

static bool is_pair(const struct doc *c) {
    return c->kind == DOC_MAP || c->kind == DOC_LIST;
}

static void merge_map(struct merge *m, struct doc *base, const struct doc *over,
                      const struct doc *written);

static void merge_entry(struct merge *m, struct doc *old, const struct doc *c,
                        const struct doc *written) {
    struct arena *a = m->e->arena;
    if (c->notes.len)
        old->notes = old->notes.len ? str_format(a, "%.*s\n%.*s", STR_ARG(old->notes),
                                                 (int)c->notes.len, c->notes.at)
                                    : c->notes;
    if (old->kind == DOC_MAP && c->kind == DOC_MAP) {
        if (c->object && old->object)
            old->over = c->span;
        merge_map(m, old, c, written);
    } else if (m->compose && is_pair(old) && is_pair(c)) {
        const struct doc *more = raw_as(m->e, c, old->kind);
        if (old->kind == DOC_MAP)
            merge_map(m, old, more, written);
        else
            grow(m, old, more, written);
    } else {
        struct str notes = old->notes;
        if (m->told && !is_same(old, c) && !(old->plain && str_is(old->text, "null")))
            clash(m, written, c->span, c->key);
        doc_copy(a, old, c);
        old->notes = notes;
    }
}

static void merge_map(struct merge *m, struct doc *base, const struct doc *over,
                      const struct doc *written) {
    struct table index = { .arena = m->e->arena };
    for (struct doc *c = base->first; c; c = c->next)
        *table_at(&index, c->key) = c;
    for (const struct doc *c = over->first; c; c = c->next) {
        struct doc *old = table_get(&index, c->key);
        if (old)
            merge_entry(m, old, c, written ? doc_get(written, c->key) : NULL);
        else
            doc_copy(m->e->arena, doc_add(m->e->arena, base, c->key, c->kind), c);
    }
}

static bool is_ours(struct emission *e, const struct ir_raw *raw) {
    struct source *source = span_is_none(raw->span) ? NULL : source_at(e->sources, raw->span.start);
    return source && str_ends(source->name, STR(".itsup"));
}

void raw_merge(struct emission *e, struct doc *base, const struct doc *over,
               const struct ir_raw *raw) {
    struct merge m = { .e = e, .told = is_ours(e, raw), .compose = str_is(raw->kind, "compose") };
    merge_map(&m, base, over, NULL);
}

/* ---- compose files ---- */

static struct str folder_of(struct str file) {
    size_t slash = str_find_last(file, '/');
    return slash == STR_NONE ? STR("") : str_slice(file, 0, slash);
}

struct homes {
    struct emission *e;
    struct table folders; /* → the first stack there */
    struct ir_stack *first;
};

static void take(struct homes *h, struct ir_raws **list, const struct ir_raw *raw) {
    struct ir_raws *made = arena_new(h->e->arena, struct ir_raws);
    *made = (struct ir_raws){ *list, raw };
    *list = made;
}

/* The compose file in the folder of the text; else that of the ready-made proxy; else the first. A
   text that no compose file takes is not to be lost without a word. */
static void place(struct homes *h, const struct ir_raw *raw, struct ir_stack *stack) {
    struct source *source =
        span_is_none(raw->span) ? NULL : source_at(h->e->sources, raw->span.start);
    if (!raw->doc || !str_is(raw->kind, "compose"))
        return;
    if (!stack && source)
        stack = table_get(&h->folders, folder_of(source->name));
    if (!stack && h->e->ir->proxy_compose.len) {
        take(h, &h->e->ir->proxy_raws, raw);
        return;
    }
    if (!stack)
        stack = h->first;
    if (stack)
        take(h, &stack->raws, raw);
    else if (emission_misses_compose(h->e))
        diag_add(h->e->diags, DIAG_RAW, raw->span,
                 "there is no compose file that this could be merged into");
}

static void tell_homeless(struct homes *h, const struct doc *ready) {
    struct str name = h->e->ir->command;
    struct nearest near = { .wanted = name };
    const struct doc *services = ready ? doc_get(ready, STR("services")) : NULL;
    for (const struct doc *c = services ? services->first : NULL; c; c = c->next)
        nearest_offer(&near, c->key);
    for (const struct ir_stack *s = h->e->ir->stacks; s; s = s->next)
        for (const struct ir_container *c = s->containers; c; c = c->next)
            nearest_offer(&near, c->name);
    struct diag *d = diag_add(h->e->diags, DIAG_SERVICE_UNKNOWN, h->e->ir->command_span,
                              "no compose file has the service `%.*s`", STR_ARG(name));
    diag_effect(h->e->diags, d, "Traefik's flags have no place");
    if (near.best.len)
        diag_help(h->e->diags, d, "did you mean `%.*s`?", STR_ARG(near.best));
    else
        diag_help(h->e->diags, d, "name the service that runs Traefik, or leave `command` out");
}

/* The flags of the proxy go to the compose file that has its service: the one in the folder of the
   `proxy` block, else the first. */
static void place_command(struct homes *h) {
    const struct ir_raw *raw = static_command(h->e);
    struct source *source = raw ? source_at(h->e->sources, h->e->ir->command_span.start) : NULL;
    struct ir_stack *home = source ? table_get(&h->folders, folder_of(source->name)) : NULL;
    struct str name = h->e->ir->command;
    if (!raw)
        return;
    struct doc *ready =
        h->e->ir->proxy_compose.len ? h->e->yaml(h->e->context, h->e->ir->proxy_compose) : NULL;
    if (ready && doc_get(doc_get(ready, STR("services")), name)) {
        take(h, &h->e->ir->proxy_raws, raw);
        return;
    }
    if (!home || !table_get(&home->index, name))
        for (home = h->e->ir->stacks; home && !table_get(&home->index, name);)
            home = home->next;
    if (home) {
        take(h, &home->raws, raw);
        static_command_tell(h->e, table_get(&home->index, name));
    } else if (emission_misses_compose(h->e))
        tell_homeless(h, ready);
}

void raw_place(struct emission *e) {
    struct homes h = { .e = e, .folders.arena = e->arena };
    for (struct ir_stack *s = e->ir->stacks; s; s = s->next) {
        void **slot = s->file.len ? table_at(&h.folders, folder_of(s->file)) : NULL;
        if (slot && !*slot)
            *slot = s;
        if (s->file.len && !h.first)
            h.first = s;
    }
    place_command(&h);
    for (const struct ir_raw *raw = e->ir->raws; raw; raw = raw->next)
        place(&h, raw, NULL);
    for (struct ir_project *p = e->ir->projects; p; p = p->next)
        for (struct ir_router *r = p->disabled ? NULL : p->routers; r; r = r->next)
            for (const struct ir_raw *raw = r->raws; raw; raw = raw->next)
                place(&h, raw, r->stack && r->stack->file.len ? r->stack : NULL);
}

static void merge_all(struct merge *m, struct doc *doc, struct doc *more,
                      const struct ir_raws *list) {
    struct merge quiet = { .e = m->e, .compose = true };
    if (!list)
        return;
    merge_all(m, doc, more, list->before);
    m->told = is_ours(m->e, list->raw);
    merge_map(m, doc, list->raw->doc, m->written);
    merge_map(&quiet, more, list->raw->doc, NULL);
}

/* Do they say the same, in whatever order? */
static bool means(struct arena *a, const struct doc *x, const struct doc *y) {
    if (x->kind == DOC_TEXT || x->kind != y->kind)
        return x->kind == y->kind && str_eq(x->text, y->text) && x->plain == y->plain;
    struct table index = { .arena = a };
    size_t count = 0;
    for (const struct doc *c = y->first; c; c = c->next, count++)
        if (y->kind == DOC_MAP)
            *table_at(&index, c->key) = (void *)(uintptr_t)c;
    const struct doc *beside = y->first;
    for (const struct doc *c = x->first; c; c = c->next, count--) {
        const struct doc *other = x->kind == DOC_MAP ? table_get(&index, c->key) : beside;
        if (!other || !means(a, c, other))
            return false;
        beside = beside ? beside->next : NULL;
    }
    return count == 0;
}

/* The user's own text keeps what it says: it gets insertions, unless they cannot say what is meant.
   What is generated anyway is laid out anew. */
struct str raw_compose(struct emission *e, const struct ir_raws *raws, struct str text, bool own,
                       const struct source *written) {
    struct doc *doc = raws ? e->yaml(e->context, text) : NULL;
    if (!doc)
        return text;
    struct doc *more = doc_new(e->arena, DOC_MAP);
    struct merge m = { .e = e, .compose = true };
    if (written) {
        m.written = e->yaml(e->context, written->text);
        m.file = written->name;
    }
    merge_all(&m, doc, more, raws);
    for (const struct ir_raws *r = raws; r; r = r->before)
        if (r->raw == e->ir->command_raw)
            origin_add(e, str_format(e->arena, "services.%.*s.command", STR_ARG(e->ir->command)),
                       e->ir->command_span);
    struct str spliced = own ? e->splice(e, text, more) : STR("");
    const struct doc *read = own ? e->yaml(e->context, spliced) : NULL;
    return read && means(e->arena, read, doc) ? spliced : doc_compose(e, doc);
}
