/* What the editor is shown: findings of each file, from each root that has some. */
#include "driver/lsp/publish.h"

struct layer {
    struct layer *next;
    const struct root *root;
    struct arena arena;
    struct str *items;
    size_t count;
};

struct shown {
    struct shown *next;
    const char *path;
    struct layer *layers;
};

/* ---- findings → JSON ---- */

struct harvested *harvest_file(struct harvest *h, const char *name) {
    if (!h->last) {
        h->files.arena = h->arena;
        h->last = &h->first;
    }
    struct harvested **slot = (struct harvested **)table_at(&h->files, str_of(name));
    if (!*slot) {
        *slot = arena_new(h->arena, struct harvested);
        (*slot)->name = name;
        *h->last = *slot;
        h->last = &(*slot)->next;
    }
    return *slot;
}

static const struct lines *lines_at(struct harvest *h, const char *name) {
    struct harvested *f = harvest_file(h, name);
    struct itsupc_text text = { "", 0 };
    if (!f->lines) {
        itsupc_source(h->session, name, &text);
        f->lines = arena_new(h->arena, struct lines);
        *f->lines =
            lines_of(h->arena, (struct str){ text.at, text.len }, h->server->documents.encoding);
    }
    return f->lines;
}

static struct str uri_of(struct harvest *h, const char *name) {
    const char *path = workspace_path(&h->root->ws, name);
    const struct document *open = documents_at(&h->server->documents, path);
    return open ? open->uri : path_uri(h->arena, path);
}

static void place(struct json *w, struct harvest *h, const struct itsupc_place *at) {
    json_member(w, "uri", uri_of(h, at->file));
    member_range(w, "range", lines_at(h, at->file), at->start, at->end);
}

static void notes(struct json *w, struct harvest *h, const struct itsupc_finding *f) {
    json_key(w, "relatedInformation");
    json_array(w);
    for (size_t i = 0; i < f->note_count; i++) {
        if (!*f->notes[i].place.file)
            continue;
        json_object(w);
        json_key(w, "location");
        json_object(w);
        place(w, h, &f->notes[i].place);
        json_object_end(w);
        json_member(w, "message", str_of_text(f->notes[i].message));
        json_object_end(w);
    }
    json_array_end(w);
}

static void fixes(struct json *w, struct harvest *h, const struct itsupc_finding *f) {
    json_key(w, "data");
    json_object(w);
    json_key(w, "fixes");
    json_array(w);
    for (size_t i = 0; i < f->fix_count; i++) {
        const struct itsupc_fix *fix = &f->fixes[i];
        json_object(w);
        json_member(w, "title", str_of_text(fix->title));
        json_member_bool(w, "safe", fix->safe);
        json_key(w, "edits");
        json_array(w);
        for (size_t n = 0; n < fix->edit_count; n++) {
            json_object(w);
            place(w, h, &fix->edits[n].place);
            json_member(w, "newText", str_of_text(fix->edits[n].text));
            json_object_end(w);
        }
        json_array_end(w);
        json_object_end(w);
    }
    json_array_end(w);
    json_object_end(w);
}

/* The sentence, what it does at run time, the words to type; places that cannot be shown as such.
 */
static struct str message(struct harvest *h, const struct itsupc_finding *f) {
    struct buf out = { .arena = h->arena };
    buf_add(&out, str_of_text(f->message));
    if (f->effect.len)
        buf_format(&out, "\n%.*s", STR_ARG(str_of_text(f->effect)));
    if (f->help.len)
        buf_format(&out, "\nhelp: %.*s", STR_ARG(str_of_text(f->help)));
    for (size_t i = 0; i < f->note_count; i++)
        if (!h->server->abilities.related || !*f->notes[i].place.file)
            buf_format(&out, "\nnote: %.*s", STR_ARG(str_of_text(f->notes[i].message)));
    return buf_str(&out);
}

static struct str finding(struct harvest *h, const struct itsupc_finding *f, const char *name) {
    static const int severities[] = { [ITSUPC_ERROR] = 1, [ITSUPC_WARNING] = 2, [ITSUPC_NOTE] = 3 };
    static const int tags[] = { [ITSUPC_UNNECESSARY] = 1, [ITSUPC_DEPRECATED] = 2 };
    struct buf out = { .arena = h->arena };
    struct json w = { .out = &out };
    json_object(&w);
    member_range(&w, "range", lines_at(h, name), f->place.start, f->place.end);
    json_member_number(&w, "severity", (size_t)severities[f->level]);
    json_member(&w, "code", str_of(f->code));
    json_member(&w, "source", STR("itsupc"));
    json_member(&w, "message", message(h, f));
    if (f->tag != ITSUPC_PLAIN) {
        json_key(&w, "tags");
        json_array(&w);
        json_number(&w, tags[f->tag]);
        json_array_end(&w);
    }
    if (f->note_count && h->server->abilities.related)
        notes(&w, h, f);
    if (f->fix_count)
        fixes(&w, h, f);
    json_object_end(&w);
    return buf_str(&out);
}

/* A finding about nothing in particular stands at the top of a file that is open. */
static const char *stand_in(struct harvest *h) {
    for (const struct document *d = h->server->documents.first; d; d = d->next)
        if (str_starts(str_of(d->path), str_of(h->root->folder)))
            return root_name(h->root, d->path);
    return NULL;
}

void harvest_item(struct harvest *h, struct harvested *f, struct str item) {
    if (f->count == f->room) {
        size_t room = f->room ? f->room * 2 : 4;
        struct str *items = arena_array(h->arena, struct str, room);
        if (f->count)
            memcpy(items, f->items, f->count * sizeof *items);
        f->items = items;
        f->room = room;
    }
    f->items[f->count++] = item;
}

void harvest_findings(struct harvest *h) {
    const struct itsupc_finding *list;
    size_t count = itsupc_findings(h->session, &list);
    for (size_t i = 0; i < count; i++) {
        const char *name = *list[i].place.file ? list[i].place.file : stand_in(h);
        if (!name || *name == '<')
            continue;
        struct str item = finding(h, &list[i], name);
        harvest_item(h, harvest_file(h, name), item);
        harvest_file(h, name)->errors += list[i].level == ITSUPC_ERROR;
    }
}

/* ---- to the editor ---- */

static struct shown *shown_at(struct server *s, const char *path) {
    s->shown_at.arena = &s->arena;
    struct shown *known = table_get(&s->shown_at, str_of(path));
    if (known)
        return known;
    struct shown *shown = arena_new(&s->arena, struct shown);
    shown->path = str_copy(&s->arena, str_of(path)).at;
    shown->next = s->shown;
    s->shown = shown;
    *table_at(&s->shown_at, str_of(shown->path)) = shown;
    return shown;
}

static struct layer *layer_of(struct server *s, struct shown *shown, const struct root *root) {
    struct layer **at = &shown->layers;
    while (*at && (*at)->root != root)
        at = &(*at)->next;
    if (!*at) {
        *at = arena_new(&s->arena, struct layer);
        (*at)->root = root;
    }
    return *at;
}

static bool is_same(const struct layer *layer, const struct str *items, size_t count) {
    if (layer->count != count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!str_eq(layer->items[i], items[i]))
            return false;
    return true;
}

/* Two roots may read one file and find the same in it. */
static bool stands_above(const struct shown *shown, const struct layer *end, struct str item) {
    for (const struct layer *l = shown->layers; l != end; l = l->next)
        for (size_t i = 0; i < l->count; i++)
            if (str_eq(l->items[i], item))
                return true;
    return false;
}

static void send(struct server *s, const struct shown *shown) {
    struct arena arena = { 0 };
    struct buf out = { .arena = &arena };
    const struct document *open = documents_at(&s->documents, shown->path);
    struct json w = send_begin(s, &out, "textDocument/publishDiagnostics", false);
    json_object(&w);
    json_member(&w, "uri", open ? open->uri : path_uri(&arena, shown->path));
    if (open && s->abilities.versions) {
        json_key(&w, "version");
        json_number(&w, open->version);
    }
    json_key(&w, "diagnostics");
    json_array(&w);
    for (const struct layer *l = shown->layers; l; l = l->next)
        for (size_t i = 0; i < l->count; i++)
            if (!stands_above(shown, l, l->items[i])) {
                buf_text(&out, w.comma ? "," : "");
                buf_add(&out, l->items[i]);
                w.comma = w.filled = true;
            }
    json_array_end(&w);
    json_object_end(&w);
    send_end(s, &w);
    arena_free(&arena);
}

static void set_items(struct layer *layer, const struct str *items, size_t count) {
    arena_free(&layer->arena);
    layer->arena = (struct arena){ 0 };
    layer->items = arena_array(&layer->arena, struct str, count + 1);
    layer->count = count;
    for (size_t i = 0; i < count; i++)
        layer->items[i] = str_copy(&layer->arena, items[i]);
}

void publish_file(struct server *s, const struct root *root, const char *name,
                  const struct harvested *f) {
    const char *path = workspace_path(&root->ws, name);
    struct document *open = documents_at(&s->documents, path);
    size_t count = f ? f->count : 0;
    if (!count && !open && !table_get(&s->shown_at, str_of(path)))
        return;
    struct shown *shown = shown_at(s, path);
    struct layer *layer = layer_of(s, shown, root);
    bool same = is_same(layer, f ? f->items : NULL, count);
    if (same && !(open && open->due))
        return;
    if (!same)
        set_items(layer, f ? f->items : NULL, count);
    if (open)
        open->due = false;
    send(s, shown);
}

void publish_rest(struct server *s, struct root *root, const struct harvest *h) {
    for (struct document *d = s->documents.first; d; d = d->next)
        if (d->root == root && d->due)
            publish_file(s, root, root_name(root, d->path),
                         table_get(&h->files, str_of(root_name(root, d->path))));
    for (struct shown *shown = s->shown; shown; shown = shown->next) {
        struct layer *layer = shown->layers;
        while (layer && layer->root != root)
            layer = layer->next;
        const char *name = layer && layer->count ? root_name(root, shown->path) : NULL;
        const struct harvested *f = name ? table_get(&h->files, str_of(name)) : NULL;
        const struct member *m = name ? root_member(root, name) : NULL;
        if (name && !(f && f->count) && !(m && m->touched))
            publish_file(s, root, name, NULL);
    }
}

void publish_forget(struct server *s, const struct root *root) {
    for (struct shown *shown = s->shown; shown; shown = shown->next)
        for (struct layer *l = shown->layers; l; l = l->next)
            if (l->root == root && l->count) {
                set_items(l, NULL, 0);
                send(s, shown);
            }
}

size_t published(struct server *s, const char *path, struct arena *arena, struct str **items) {
    const struct shown *shown = table_get(&s->shown_at, str_of(path));
    size_t count = 0;
    for (const struct layer *l = shown ? shown->layers : NULL; l; l = l->next)
        count += l->count;
    *items = arena_array(arena, struct str, count + 1);
    count = 0;
    for (const struct layer *l = shown ? shown->layers : NULL; l; l = l->next)
        for (size_t i = 0; i < l->count; i++)
            if (!stands_above(shown, l, l->items[i]))
                (*items)[count++] = l->items[i];
    return count;
}

void publish_free(struct server *s) {
    for (struct shown *shown = s->shown; shown; shown = shown->next)
        for (struct layer *l = shown->layers; l; l = l->next)
            arena_free(&l->arena);
}
