/* sourcemap.json: from every object of every artefact back to the line that it comes from. Names
   and places alone, no values: a secret cannot get into it. */
#include "backends/backend.h"
#include "support/json_writer.h"

/* ---- gathering, while the other backends write ---- */

struct origin *origin_add(struct emission *e, struct str object, struct span span) {
    struct origin *o = arena_new(e->arena, struct origin);
    o->object = object;
    o->span = span;
    if (e->origins->last)
        e->origins->last->next = o;
    else
        e->origins->first = o;
    e->origins->last = o;
    if (!e->origins->unnamed)
        e->origins->unnamed = o;
    return o;
}

static struct str below(struct emission *e, struct str path, struct str key) {
    if (!path.len)
        return key;
    return str_format(e->arena, "%.*s.%.*s", STR_ARG(path), STR_ARG(key));
}

static void add_doc(struct emission *e, const struct doc *doc, struct str path) {
    for (const struct doc *c = doc->first; c && doc->kind == DOC_MAP; c = c->next) {
        struct str name = below(e, path, c->key);
        if (c->object)
            origin_add(e, name, c->span)->over = c->over;
        else
            add_doc(e, c, name);
    }
}

void origin_add_doc(struct emission *e, const struct doc *doc) {
    if (e->mapping)
        add_doc(e, doc, STR(""));
}

/* "traefik.http.routers.NAME" of a label that says something of an object; else the label. */
static struct str object_of(struct str key) {
    size_t dots = 0;
    if (!str_starts(key, STR("traefik.")))
        return key;
    for (size_t i = 0; i < key.len; i++)
        if (key.at[i] == '.' && ++dots == 4)
            return str_slice(key, 0, i);
    return key;
}

static void add_container(struct emission *e, const struct ir_container *c) {
    struct str service = below(e, STR("services"), c->name), last = STR("");
    struct str labels = below(e, service, STR("labels"));
    for (const struct ir_pair *p = labels_of(e, c); p; p = p->next) {
        struct str object = object_of(p->key);
        if (!str_eq(object, last))
            origin_add(e, below(e, labels, object), p->span);
        last = object;
    }
    struct str networks = below(e, service, STR("networks"));
    for (const struct ir_network *n = c->networks; n; n = n->next)
        origin_add(e, below(e, networks, n->key), n->span.end ? n->span : c->span);
    if (c->dns.count)
        origin_add(e, below(e, service, STR("dns")), c->span);
}

void origin_add_stack(struct emission *e, const struct ir_stack *stack) {
    if (!e->mapping)
        return;
    for (const struct ir_container *c = stack->containers; c; c = c->next)
        add_container(e, c);
    for (const struct ir_network *n = stack->networks; n; n = n->next)
        if (!n->declared)
            origin_add(e, below(e, STR("networks"), n->key), n->span);
    for (const struct ir_raws *r = stack->raws; r; r = r->before)
        add_doc(e, r->raw->doc, STR(""));
}

/* ---- writing ---- */

struct map {
    struct emission *e;
    struct json w;
    struct table defaults; /* routers that nobody wrote */
};

static void find_defaults(struct map *m) {
    for (struct ir_project *p = m->e->ir->projects; p; p = p->next)
        for (struct ir_router *r = p->disabled ? NULL : p->routers; r; r = r->next)
            if (r->use != IR_ROUTE)
                *table_at(&m->defaults,
                          str_format(m->e->arena, "%s.routers.%.*s", ir_protocol_names[r->protocol],
                                     STR_ARG(r->name))) = r;
}

static const char *kind_of(struct map *m, const struct origin *o, const struct source *source) {
    size_t labels = str_find_str(o->object, STR(".labels.traefik."));
    struct str name =
        labels == STR_NONE ? o->object : str_from(o->object, labels + strlen(".labels.traefik."));
    if (o->kind)
        return o->kind;
    if (!source || table_get(&m->defaults, name))
        return "default";
    return str_starts(source->name, STR("stack itsup ")) ? "stack" : "source";
}

static void add_place(struct map *m, struct span span) {
    struct place place = source_place(m->e->sources, span.start);
    if (!place.source)
        return;
    json_member(&m->w, "file", place.source->name);
    json_member_number(&m->w, "line", place.line);
    json_member_number(&m->w, "column", place.column);
}

static void add_origin(struct map *m, const struct origin *o) {
    struct source *source = span_is_none(o->span) ? NULL : source_at(m->e->sources, o->span.start);
    char *object = arena_copy(m->e->arena, o->object.at, o->object.len);
    for (size_t i = 0; i < o->object.len; i++)
        if (object[i] == IR_VARIABLE)
            object[i] = '$';
    json_object(&m->w);
    json_member(&m->w, "object", (struct str){ object, o->object.len });
    json_member(&m->w, "origin", str_of(kind_of(m, o, source)));
    if (source)
        add_place(m, o->span);
    if (!span_is_none(o->over)) {
        json_key(&m->w, "merged");
        json_object(&m->w);
        add_place(m, o->over);
        json_object_end(&m->w);
    }
    json_object_end(&m->w);
}

static void run(struct emission *e) {
    struct buf out = { .arena = e->arena };
    struct map m = { .e = e, .w = { .out = &out, .indent = 2 }, .defaults.arena = e->arena };
    find_defaults(&m);
    json_object(&m.w);
    json_member_number(&m.w, "version", 1);
    json_key(&m.w, "artifacts");
    json_array(&m.w);
    const struct artifact *at = NULL;
    for (const struct origin *o = e->origins->first; o; o = o->next) {
        if (!o->artifact)
            continue;
        if (o->artifact != at) {
            if (at) {
                json_array_end(&m.w);
                json_object_end(&m.w);
            }
            at = o->artifact;
            json_object(&m.w);
            json_member(&m.w, "path", at->path);
            json_key(&m.w, "objects");
            json_array(&m.w);
        }
        add_origin(&m, o);
    }
    if (at) {
        json_array_end(&m.w);
        json_object_end(&m.w);
    }
    json_array_end(&m.w);
    json_object_end(&m.w);
    buf_char(&out, '\n');
    emission_add(e, STR("sourcemap.json"), buf_str(&out));
}

const struct backend backend_sourcemap = { "sourcemap", "sourcemap",
                                           "which line each object comes from", run,
                                           .asked = true };
