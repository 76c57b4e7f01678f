/* Names of Traefik's objects that YAML files declare and say. */
#include "editing/yaml_names.h"

#include "model/services.h"

static const struct {
    enum option_ref ref;
    const char *path;
} objects[] = {
    { OPTION_REF_HTTP_ROUTER, "http.routers" },
    { OPTION_REF_HTTP_SERVICE, "http.services" },
    { OPTION_REF_HTTP_MIDDLEWARE, "http.middlewares" },
    { OPTION_REF_HTTP_SERVERS_TRANSPORT, "http.serversTransports" },
    { OPTION_REF_TCP_SERVICE, "tcp.services" },
    { OPTION_REF_TCP_MIDDLEWARE, "tcp.middlewares" },
    { OPTION_REF_TCP_SERVERS_TRANSPORT, "tcp.serversTransports" },
    { OPTION_REF_UDP_SERVICE, "udp.services" },
    { OPTION_REF_TLS_OPTIONS, "tls.options" },
};
enum { OBJECTS = sizeof objects / sizeof *objects };

struct str yaml_objects(const struct option *o) {
    for (size_t i = 0; o && o->type == OPTION_REF && i < OBJECTS; i++)
        if (objects[i].ref == o->ref)
            return str_of(objects[i].path);
    return STR("");
}

/* Whose names are keys below this option. */
static struct str declared_below(const struct option *o) {
    for (size_t i = 0; o && i < OBJECTS; i++)
        if (str_eq(o->path, str_of(objects[i].path)))
            return o->path;
    return STR("");
}

static void add(struct collected *c, struct str below, struct str name, struct span span,
                bool defines, bool in_labels) {
    if (below.len && name.len)
        *(struct yaml_name *)collect(c) =
            (struct yaml_name){ below, name, span, defines, in_labels };
}

/* `a, b@file`: each name, and whose it is. */
static void add_said(struct collected *c, struct str below, struct str text, struct span span,
                     bool in_labels) {
    for (size_t at = 0; below.len && at <= text.len;) {
        size_t end = at + (str_find(str_from(text, at), ',') == STR_NONE
                               ? text.len - at
                               : str_find(str_from(text, at), ','));
        size_t from = at;
        while (from < end && strchr(" []\"'", text.at[from]))
            from++;
        struct str item = str_trim(str_slice(text, from, end));
        while (item.len && strchr("]\"'", item.at[item.len - 1]))
            item.len--;
        size_t provider = str_find(item, '@');
        struct str whose = provider == STR_NONE ? STR("") : str_from(item, provider + 1);
        struct str name = str_slice(item, 0, provider);
        if (!whose.len || str_is(whose, "file") || str_is(whose, "docker"))
            add(c, below, name, span_slice(span, from, from + name.len), false,
                whose.len ? str_is(whose, "docker") : in_labels);
        at = end + 1;
    }
}

/* traefik.http.middlewares.NAME.… */
static void add_label(struct collected *c, const struct yaml_key *k) {
    struct str key, value;
    struct span key_span, value_span;
    if (!yaml_label(k, &key, &value, &key_span, &value_span))
        return;
    for (size_t i = 0; i < OBJECTS; i++) {
        struct str prefix = str_format(c->arena, "traefik.%s.", objects[i].path);
        if (key.len <= prefix.len || !str_eq_nocase(str_slice(key, 0, prefix.len), prefix))
            continue;
        struct str name = str_slice(key, prefix.len, key.len);
        name = str_slice(name, 0, str_find(name, '.'));
        add(c, str_of(objects[i].path), name,
            span_slice(key_span, prefix.len, prefix.len + name.len), true, true);
    }
    add_said(c, yaml_objects(yaml_label_option(key)), value, value_span, true);
}

struct yaml_names yaml_names_of(struct itsupc *s, struct source *source) {
    struct collected c = { .arena = &s->arena, .size = sizeof(struct yaml_name) };
    struct yaml_keys keys = yaml_keys_of(&s->arena, source);
    enum yaml_kind kind = yaml_kind_of(&keys, source->name);
    for (size_t i = 0; i < keys.count; i++) {
        const struct yaml_key *k = &keys.list[i];
        struct str path[YAML_DEEPEST + 1];
        memcpy(path, k->path, k->depth * sizeof *path);
        path[k->depth] = k->key;
        if (kind == YAML_COMPOSE)
            add_label(&c, k);
        if (kind != YAML_DYNAMIC && kind != YAML_STATIC)
            continue;
        if (kind == YAML_DYNAMIC && k->key.len)
            add(&c, declared_below(yaml_option(kind, path, k->depth)), k->key, k->key_span, true,
                false);
        add_said(&c, yaml_objects(yaml_option(kind, path, k->depth + (k->key.len > 0))), k->value,
                 k->value_span, false);
    }
    return (struct yaml_names){ (struct yaml_name *)c.at, c.count };
}

const struct yaml_name *yaml_name_at(const struct yaml_names *names, uint32_t place) {
    for (size_t i = 0; i < names->count; i++)
        if (names->list[i].span.start <= place && place <= names->list[i].span.end)
            return &names->list[i];
    return NULL;
}

bool yaml_same(const struct yaml_name *a, const struct yaml_name *b) {
    return a->in_labels == b->in_labels && str_eq(a->below, b->below) && str_eq(a->name, b->name);
}

bool yaml_service(struct itsupc *s, struct source *source, uint32_t place, struct span *out) {
    struct yaml_keys keys = yaml_keys_of(&s->arena, source);
    struct str name = { 0 };
    if (yaml_kind_of(&keys, source->name) != YAML_PROJECT)
        return false;
    for (size_t i = 0; i < keys.count; i++)
        if (str_is(keys.list[i].key, "service") && keys.list[i].value_span.start <= place &&
            place <= keys.list[i].value_span.end)
            name = keys.list[i].value;
    for (struct unit *u = name.len ? s->program.units : NULL; u; u = u->next) {
        struct service *service =
            u->stack && str_eq(u->name, source->name) ? table_get(&u->stack->index, name) : NULL;
        if (service) {
            *out = service->span;
            return true;
        }
    }
    return false;
}
