/* From the model of a compose file to the outline that a backend writes by. */
#include "lower/compose_outline.h"

#include "lower/tree_copy.h"
#include "lower/tree_place.h"

struct uses { /* the aliases of one anchored node */
    const struct tree *target;
    struct tree *const *aliases;
    size_t count, room;
};

struct outliner {
    struct arena *arena, *scratch;
    const struct compose *c;
    const struct compose_part *part;
    const struct tree *services;
    struct outline *o;
    struct table *uses; /* by the address of the target */
};

static const char *const key_names[] = { "labels", "networks", "dns" };

static bool is_edited_key(struct str key) {
    for (int k = 0; k < OUTLINE_KEYS; k++)
        if (str_is(key, key_names[k]))
            return true;
    return false;
}

/* ---- who uses what ---- */

static void note_alias(struct outliner *l, struct tree *alias) {
    struct uses *u;
    void **slot = table_at(l->uses, (struct str){ (const char *)&alias->target, sizeof(void *) });
    if (!*slot) {
        u = arena_new(l->scratch, struct uses);
        u->target = alias->target;
        *slot = u;
    }
    u = *slot;
    if (u->count == u->room) {
        size_t room = u->room ? u->room * 2 : 4;
        struct tree **aliases = arena_array(l->scratch, struct tree *, room);
        if (u->count)
            memcpy(aliases, u->aliases, u->count * sizeof *aliases);
        u->aliases = aliases;
        u->room = room;
    }
    ((struct tree **)u->aliases)[u->count++] = alias;
}

static void note_aliases(struct outliner *l, const struct tree_file *file) {
    for (struct tree *alias = file->aliases; alias; alias = alias->next_alias)
        note_alias(l, alias);
}

static const struct tree_entry *entry_of(const struct tree *node) {
    const struct tree_entry *e = node->parent ? node->parent->first : NULL;
    while (e && e->value != node)
        e = e->next;
    return e;
}

/* Below a key of the file that Compose reads over. */
static bool is_extension(const struct outliner *l, const struct tree *node) {
    while (node->parent && node->parent != l->part->root)
        node = node->parent;
    const struct tree_entry *e = node->parent ? entry_of(node) : NULL;
    return e && str_starts(tree_key(e), STR("x-"));
}

/* Is it the mapping of a service in this file? */
static bool is_body(const struct outliner *l, const struct tree *node) {
    return node && node->parent && node->parent == l->services;
}

static bool is_merge_key(const struct tree_entry *e) {
    return e && e->key && str_is(tree_key(e), "<<");
}

/* Uses that the services themselves account for, by identity of value and mapping. */
static bool is_known(const struct outliner *l, const struct tree *alias, bool whole) {
    const struct tree *in = alias->parent;
    if (in && in->kind == TREE_SEQUENCE && in->parent && is_merge_key(entry_of(in)))
        return is_body(l, in->parent);
    if (!in || in->kind != TREE_MAPPING)
        return false;
    if (in == l->services)
        return true;
    const struct tree_entry *e = entry_of(alias);
    if (in == l->part->root)
        return whole && e && str_is(tree_key(e), "networks");
    return is_body(l, in) && e && (is_merge_key(e) || (whole && is_edited_key(tree_key(e))));
}

static void add_uses(struct outliner *l, struct outline_use **list, const struct tree *node) {
    for (const struct tree *around = node; around; around = around->parent) {
        if (!around->props || around->props->anchor.len == 0)
            continue;
        const struct uses *u =
            table_get(l->uses, (struct str){ (const char *)&around, sizeof(void *) });
        for (size_t i = 0; u && i < u->count; i++) {
            struct tree *alias = u->aliases[i];
            if (is_known(l, alias, around == node) || is_extension(l, alias))
                continue;
            struct outline_use *use = arena_new(l->arena, struct outline_use);
            *use = (struct outline_use){ .next = *list, .span = alias->span };
            use->whole = around == node && !is_merge_key(entry_of(alias)) && entry_of(alias);
            use->in_flow = alias->parent && alias->parent->style == TREE_FLOW;
            use->key_indent = alias->parent ? alias->parent->indent : 0;
            use->line_end = tree_line_end(alias);
            *list = use;
        }
    }
}

/* ---- places ---- */

static bool has_tag(const struct tree *node) {
    return node->props && node->props->tag.len &&
           !str_is(node->props->tag, "tag:yaml.org,2002:map") &&
           !str_is(node->props->tag, "tag:yaml.org,2002:seq");
}

static enum outline_form form_of(const struct tree *node) {
    if (has_tag(node))
        return OUTLINE_ODD;
    if (node->kind == TREE_SEQUENCE)
        return OUTLINE_LIST;
    if (node->kind == TREE_MAPPING)
        return OUTLINE_MAP;
    if (node->span.start < node->span.end || node->style != TREE_PLAIN)
        return OUTLINE_SCALAR;
    return node->props ? OUTLINE_ODD : OUTLINE_NOTHING;
}

/* A line behind a block scalar that the file's end cuts off would give it a line end. */
static bool is_open(const struct outliner *l, const struct tree *node) {
    node = tree_last_inside(node);
    return l->o->ends_open && node->kind == TREE_SCALAR &&
           (node->style == TREE_LITERAL || node->style == TREE_FOLDED) &&
           tree_line_end(node) == l->o->source->base + l->o->source->text.len;
}

static bool writes_nothing(const struct tree *node) {
    return node->kind == TREE_SCALAR && node->span.start == node->span.end;
}

static void find_ends(const struct outliner *l, struct outline_place *p,
                      const struct tree *as_written) {
    struct tree *node = tree_resolve(as_written);
    p->value = as_written->span;
    p->line_end = tree_line_end(tree_last_inside(as_written));
    p->open = is_open(l, as_written);
    p->more = p->line_end;
    p->flow = node->kind != TREE_SCALAR && node->style == TREE_FLOW;
    p->empty = node->kind == TREE_SCALAR || node->count == 0;
    p->indent = node->indent;
    if (as_written != node || node->kind == TREE_SCALAR)
        return;
    struct tree_splice end = tree_splice_end(node);
    p->more = end.at;
    const struct tree_entry *last = node->first;
    while (last && last->next)
        last = last->next;
    p->last_empty = last && writes_nothing(last->value);
}

static bool has_anchors(const struct tree *node) {
    if (node->kind == TREE_SCALAR || node->kind == TREE_ALIAS)
        return false;
    for (const struct tree_entry *e = node->first; e; e = e->next)
        if ((e->value->props && e->value->props->anchor.len) ||
            (e->key && e->key->props && e->key->props->anchor.len) || has_anchors(e->value))
            return true;
    return false;
}

/* Of the value of `e`, a key of the mapping `map` or of one that is merged into it. */
static struct outline_place place_of(const struct outliner *l, const struct tree *map,
                                     const struct tree_entry *e) {
    struct outline_place p = { .key_indent = map->indent };
    struct tree *node = tree_value(e);
    p.form = form_of(node);
    p.node = node->span.start;
    p.where = e->owner != map                ? OUTLINE_INHERITED
              : e->value->kind == TREE_ALIAS ? OUTLINE_ALIASED
                                             : OUTLINE_OWN;
    p.key = e->key->span;
    p.in_flow = e->owner->style == TREE_FLOW;
    p.key_indent = e->owner->indent;
    p.anchors = has_anchors(e->value);
    find_ends(l, &p, e->value);
    return p;
}

/* ---- items ---- */

static struct str kept(struct outliner *l, struct str text) {
    const struct str all = l->o->source->text;
    if (text.at >= all.at && text.at <= all.at + all.len)
        return text;
    return str_copy(l->arena, text);
}

/* For those who write the item anew; nobody does in a text that is read again. */
static struct str line_of(struct outliner *l, const struct tree *node) {
    if (l->c->again || l->o->brief)
        return STR("");
    struct buf out = { .arena = l->arena };
    tree_line(&out, node);
    return buf_str(&out);
}

static void items_add(struct outline_items *items, struct outline_item *item) {
    if (items->last)
        items->last->next = item;
    else
        items->first = item;
    items->last = item;
    items->count++;
}

static struct outline_item *item_new(struct outliner *l, const struct tree_entry *e, bool pairs) {
    struct tree *node = tree_value(e);
    struct outline_item *item = arena_new(l->arena, struct outline_item);
    item->span = tree_entry_span(e);
    item->item = line_of(l, node);
    item->digest = l->o->brief ? 0 : tree_digest(node, NULL, NULL);
    struct str text = kept(l, tree_text(node));
    if (e->key) {
        item->key = kept(l, tree_key(e));
        item->item_key = line_of(l, e->key);
        item->has_value = !tree_is_null(node);
        item->value = item->has_value ? text : STR("");
        return item;
    }
    size_t equals = pairs ? str_find(text, '=') : STR_NONE;
    item->has_value = equals != STR_NONE;
    item->key = item->has_value ? str_slice(text, 0, equals) : text;
    item->value = item->has_value ? str_from(text, equals + 1) : STR("");
    return item;
}

/* The options of one attachment, by key; `aliases` gives an item for each. */
static void add_options(struct outliner *l, struct outline_item *item, const struct tree *map,
                        const struct tree_entry *of) {
    item->place = place_of(l, map, of);
    struct outline_items options = { 0 };
    if (tree_is(of->value, TREE_MAPPING))
        for (struct tree_entry *e = tree_entries(of->value); e; e = e->next) {
            struct outline_item *option = item_new(l, e, false);
            option->place = place_of(l, tree_value(of), e);
            items_add(&options, option);
            struct outline_items names = { 0 };
            if (str_is(option->key, "aliases") && tree_is(e->value, TREE_SEQUENCE))
                for (struct tree_entry *n = tree_entries(e->value); n; n = n->next)
                    items_add(&names, item_new(l, n, false));
            option->options = names.first;
        }
    item->options = options.first;
}

static void fill_items(struct outliner *l, struct outline_key *key, const struct tree *node,
                       bool pairs, bool options) {
    if (node->kind == TREE_SCALAR) {
        if (!tree_is_null(node)) {
            struct tree_entry one = { .value = (struct tree *)node };
            items_add(&key->items, item_new(l, &one, pairs));
        }
        return;
    }
    for (struct tree_entry *e = tree_entries(node); e; e = e->next) {
        if (!tree_is(e->key ? e->key : e->value, TREE_SCALAR)) {
            key->place.form = OUTLINE_ODD;
            continue;
        }
        struct outline_item *item = item_new(l, e, pairs);
        if (e->key && options)
            add_options(l, item, node, e);
        items_add(&key->items, item);
    }
}

static void fill_key(struct outliner *l, struct outline_key *key, const struct tree *map,
                     struct str name, bool pairs, bool options) {
    const struct tree_entry *e = map ? tree_find(map, name) : NULL;
    if (!e)
        return;
    key->place = place_of(l, map, e);
    fill_items(l, key, tree_value(e), pairs, options);
    if (key->place.where == OUTLINE_OWN)
        add_uses(l, &key->uses, tree_value(e));
}

/* ---- services ---- */

struct ids {
    struct outline_ids ids;
    size_t room;
};

static void ids_add(struct outliner *l, struct ids *ids, uint32_t id) {
    if (ids->ids.count == ids->room) {
        size_t room = ids->room ? ids->room * 2 : 4;
        uint32_t *at = arena_array(l->arena, uint32_t, room);
        if (ids->ids.count)
            memcpy(at, ids->ids.at, ids->ids.count * sizeof *at);
        ids->ids.at = at;
        ids->room = room;
    }
    ids->ids.at[ids->ids.count++] = id;
}

static void add_merges(struct outliner *l, struct ids *ids, const struct tree *map);

static void add_merge(struct outliner *l, struct ids *ids, const struct tree *from) {
    from = tree_resolve(from);
    if (from->kind != TREE_MAPPING)
        return;
    ids_add(l, ids, from->span.start);
    add_merges(l, ids, from);
}

static void add_merges(struct outliner *l, struct ids *ids, const struct tree *map) {
    for (const struct tree_entry *e = map->first; e; e = e->next) {
        if (!is_merge_key(e))
            continue;
        struct tree *value = tree_value(e);
        add_merge(l, ids, value);
        if (value->kind == TREE_SEQUENCE)
            for (struct tree_entry *i = value->first; i; i = i->next)
                add_merge(l, ids, i->value);
    }
}

/* What reaches a service other than by its own mapping: bases, and the override file. */
static void add_layers(struct outliner *l, struct outline_service *s,
                       const struct compose_service *from) {
    struct ids extends = { 0 };
    for (struct compose_layer *layer = from->layers; layer; layer = layer->next) {
        if (layer->own || layer->part != l->part)
            continue;
        ids_add(l, &extends, layer->body->span.start);
    }
    s->extends = extends.ids;
    struct tree_entry *e = tree_find(from->body, STR("extends"));
    if (e)
        s->extends_span = tree_entry_span(e);
    for (struct compose_pair *p = from->labels.first; p; p = p->next) {
        if (p->layer->own && p->layer->part == l->part)
            continue;
        struct outline_item *item = arena_new(l->arena, struct outline_item);
        item->key = str_copy(l->arena, p->key);
        item->value = str_copy(l->arena, p->value);
        item->has_value = p->has_value;
        item->span = p->span;
        items_add(&s->extended, item);
    }
    s->has_networks = from->networks != NULL;
    s->has_dns = from->dns.first != NULL;
    if (from->network_mode)
        s->network_mode = from->network_mode->span;
}

static uint64_t rest_digest(const struct tree *body) {
    uint64_t digest = 1;
    for (struct tree_entry *e = tree_entries(body); e; e = e->next)
        if (!is_edited_key(tree_key(e)))
            digest += tree_digest_entry(e, NULL, NULL);
    return digest;
}

static void learn_steps(struct outliner *l, const struct outline_service *s,
                        const struct tree *body) {
    struct outline *o = l->o;
    if (body->style != TREE_BLOCK || s->body.in_flow || s->body.where != OUTLINE_OWN)
        return;
    if (!o->step && body->indent > s->body.key_indent)
        o->step = body->indent - s->body.key_indent;
    for (const struct tree_entry *e = body->first; e && o->list_step == UINT32_MAX; e = e->next)
        if (e->value->kind == TREE_SEQUENCE && e->value->style == TREE_BLOCK &&
            e->value->indent >= body->indent)
            o->list_step = e->value->indent - body->indent;
}

static const struct outline_key absent_key;

static const struct outline_key *service_key(struct outliner *l, const struct outline_service *s,
                                             const struct tree *body, int k) {
    struct outline_key *key = arena_new(l->arena, struct outline_key);
    fill_key(l, key, body, str_of(key_names[k]), k == OUTLINE_LABELS, k == OUTLINE_NETWORKS);
    if (s->body.where == OUTLINE_ALIASED)
        key->place.where = OUTLINE_INHERITED;
    return key;
}

static struct outline_service *service_new(struct outliner *l, const struct compose_service *from,
                                           const struct tree_entry *e) {
    struct outline_service *s = arena_new(l->arena, struct outline_service);
    s->name = kept(l, from->name);
    s->name_span = from->name_span;
    s->body = place_of(l, l->services, e);
    s->body.anchors = false;
    s->body_node = tree_value(e)->span.start;
    for (int k = 0; k < OUTLINE_KEYS; k++)
        s->keys[k] = &absent_key;
    struct tree *body = from->body;
    if (!body)
        return s;
    struct ids merges = { 0 };
    if (s->body.where == OUTLINE_ALIASED)
        ids_add(l, &merges, s->body_node);
    add_merges(l, &merges, body);
    s->merges = merges.ids;
    add_layers(l, s, from);
    add_uses(l, &s->uses, body);
    for (int k = 0; k < OUTLINE_KEYS; k++)
        if (tree_find(body, str_of(key_names[k])))
            s->keys[k] = service_key(l, s, body, k);
    s->digest = l->o->brief ? 0 : rest_digest(body);
    learn_steps(l, s, body);
    return s;
}

static void add_services(struct outliner *l) {
    struct tree_entry *top = tree_find(l->part->root, STR("services"));
    if (!top || !tree_is(top->value, TREE_MAPPING))
        return;
    if (top->value->kind == TREE_ALIAS || top->owner != l->part->root)
        l->o->services_odd = top->value->span;
    struct outline_service **end = &l->o->services;
    for (struct compose_service *from = l->c->services; from; from = from->next) {
        struct tree_entry *e = from->part == l->part ? tree_find(l->services, from->name) : NULL;
        if (!e)
            continue;
        *end = service_new(l, from, e);
        if (e->owner != l->services)
            (*end)->body.form = OUTLINE_ODD;
        end = &(*end)->next;
    }
}

/* ---- what edits may contradict ---- */

static bool is_plain_item(const struct outline_item *item, int key) {
    if (key == OUTLINE_LABELS)
        return !str_starts(item->key, STR("traefik."));
    if (item->options && (item->place.where != OUTLINE_OWN || item->place.form != OUTLINE_MAP))
        return false;
    for (const struct outline_item *option = item->options; option; option = option->next)
        if (str_is(option->key, "ipv4_address"))
            return false;
    return true;
}

static bool is_plain_key(const struct outline_key *key, int id) {
    if (key->place.form == OUTLINE_ABSENT)
        return true;
    if (key->place.where != OUTLINE_OWN || key->place.form == OUTLINE_ODD || key->place.anchors ||
        key->uses)
        return false;
    for (const struct outline_item *i = key->items.first; i; i = i->next)
        if (!is_plain_item(i, id))
            return false;
    return true;
}

/* Services of other files are another matter. */
static bool is_plain(const struct outliner *l) {
    const struct outline *o = l->o;
    size_t elsewhere = 0;
    for (const struct compose_service *s = l->c->services; s; s = s->next)
        elsewhere++;
    for (const struct outline_service *s = o->services; s; s = s->next, elsewhere--) {
        if (s->body.where != OUTLINE_OWN || s->body.form != OUTLINE_MAP)
            return false;
        for (int k = 0; k < OUTLINE_KEYS; k++)
            if (!is_plain_key(s->keys[k], k))
                return false;
        for (const struct outline_item *i = s->extended.first; i; i = i->next)
            if (!is_plain_item(i, OUTLINE_LABELS))
                return false;
    }
    return !o->ends_open && span_is_none(o->services_odd) && elsewhere == 0;
}

/* ---- the file ---- */

static void learn_lines(struct outline *o) {
    struct str text = o->source->text;
    size_t at = 0;
    while (at < text.len && text.at[at] != '\n' && text.at[at] != '\r')
        at++;
    bool pair = at + 1 < text.len && text.at[at] == '\r' && text.at[at + 1] == '\n';
    o->line_end = at == text.len ? STR("\n") : pair ? STR("\r\n") : str_slice(text, at, at + 1);
    o->ends_open = text.len && text.at[text.len - 1] != '\n' && text.at[text.len - 1] != '\r';
    o->list_step = UINT32_MAX;
}

static void digest_rest(struct outliner *l) {
    l->o->digest = 1;
    for (struct tree_entry *e = tree_entries(l->part->root); e; e = e->next) {
        struct str key = tree_key(e);
        bool inside = false;
        if (str_is(key, "services") || str_is(key, "networks"))
            continue;
        uint64_t digest = tree_digest_entry(e, l->services, &inside);
        if (!(inside && str_starts(key, STR("x-"))))
            l->o->digest += digest;
    }
}

struct outline *compose_outline(struct arena *arena, const struct compose *c, bool brief) {
    struct arena scratch = { 0 };
    struct outline *o = arena_new(arena, struct outline);
    struct table uses = { .arena = &scratch };
    struct outliner l = { .arena = arena, .scratch = &scratch, .c = c, .part = c->main, .o = o };
    l.uses = &uses;
    l.services = c->main->services;
    o->source = c->main->source;
    o->brief = brief;
    learn_lines(o);
    note_aliases(&l, c->main->root->file);
    o->root.form = OUTLINE_MAP;
    o->root.node = c->main->root->span.start;
    find_ends(&l, &o->root, c->main->root);
    add_services(&l);
    fill_key(&l, &o->networks, c->main->root, STR("networks"), false, true);
    o->plain = is_plain(&l);
    if (!brief)
        digest_rest(&l);
    if (!o->step)
        o->step = 2;
    if (o->list_step == UINT32_MAX)
        o->list_step = o->step;
    arena_free(&scratch);
    return o;
}

static struct outline *read_again(struct arena *arena, struct sources *sources,
                                  struct source *source) {
    struct diags diags = { .arena = arena, .sources = sources };
    struct compose *c = source ? compose_read_again(arena, &diags, source) : NULL;
    return c && diags.errors == 0 ? compose_outline(arena, c, false) : NULL;
}

struct outline *compose_outline_again(struct arena *arena, struct source *source) {
    struct sources none = { .arena = arena };
    return read_again(arena, &none, source);
}

struct outline *compose_outline_read(struct arena *arena, struct str text) {
    struct sources *sources = arena_new(arena, struct sources);
    sources->arena = arena;
    return read_again(arena, sources, source_add(sources, STR("result"), text));
}
