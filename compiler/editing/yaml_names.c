/* Where the names that YAML files say are declared. */
#include "editing/yaml_names.h"

#include "editing/yaml.h"
#include "model/services.h"

static bool is_in(struct span span, uint32_t place) {
    return span.start <= place && place <= span.end;
}

static struct str without_provider(struct str name) {
    return str_slice(name, 0, str_find(name, '@'));
}

/* The part of `a,b` that stands at a place. */
static struct str item_at(struct str text, struct span span, uint32_t place) {
    size_t at = place - span.start, from = at, to = at;
    while (from && text.at[from - 1] != ',')
        from--;
    while (to < text.len && text.at[to] != ',')
        to++;
    return str_trim(str_slice(text, from, to));
}

/* What an option that names an object leads to: "http.middlewares". */
static struct str declared_below(const struct option *o) {
    static const struct {
        enum option_ref ref;
        const char *path;
    } paths[] = {
        { OPTION_REF_HTTP_SERVICE, "http.services" },
        { OPTION_REF_HTTP_MIDDLEWARE, "http.middlewares" },
        { OPTION_REF_HTTP_SERVERS_TRANSPORT, "http.serversTransports" },
        { OPTION_REF_TCP_SERVICE, "tcp.services" },
        { OPTION_REF_TCP_MIDDLEWARE, "tcp.middlewares" },
        { OPTION_REF_TCP_SERVERS_TRANSPORT, "tcp.serversTransports" },
        { OPTION_REF_UDP_SERVICE, "udp.services" },
        { OPTION_REF_TLS_OPTIONS, "tls.options" },
    };
    for (size_t i = 0; o && i < sizeof paths / sizeof *paths; i++)
        if (paths[i].ref == o->ref)
            return str_of(paths[i].path);
    return STR("");
}

static bool find_in(struct itsupc *s, struct source *source, struct str path, struct str name,
                    struct span *out) {
    struct yaml_keys keys = yaml_keys_of(&s->arena, source);
    const struct option *wanted = option_find(OPTION_DYNAMIC, path).option;
    struct str label = str_format(&s->arena, "traefik.%.*s.%.*s.", STR_ARG(path), STR_ARG(name));
    for (size_t i = 0; i < keys.count; i++) {
        const struct yaml_key *k = &keys.list[i];
        struct str key, value;
        struct span key_span, value_span;
        if (yaml_label(k, &key, &value, &key_span, &value_span) && str_starts(key, label)) {
            *out = span_slice(key_span, label.len - name.len - 1, label.len - 1);
            return true;
        }
        if (str_eq(k->key, name) && k->depth &&
            yaml_option(YAML_DYNAMIC, k->path, k->depth) == wanted) {
            *out = k->key_span;
            return true;
        }
    }
    return false;
}

static bool find_object(struct itsupc *s, struct source *source, const struct option *o,
                        struct str name, struct span *out) {
    struct str path = declared_below(o);
    if (!path.len)
        return false;
    name = without_provider(name);
    if (find_in(s, source, path, name, out))
        return true;
    size_t count = s->sources.count;
    for (size_t i = 0; i < count; i++) {
        struct source *other = s->sources.list[i];
        bool yaml = str_ends(other->name, STR(".yml")) || str_ends(other->name, STR(".yaml"));
        if (other != source && yaml && find_in(s, other, path, name, out))
            return true;
    }
    return false;
}

static bool find_service(struct itsupc *s, struct source *source, struct str name,
                         struct span *out) {
    for (struct unit *u = s->program.units; u; u = u->next) {
        struct service *service =
            u->stack && str_eq(u->name, source->name) ? table_get(&u->stack->index, name) : NULL;
        if (service) {
            *out = service->span;
            return true;
        }
    }
    return false;
}

bool yaml_definition(struct itsupc *s, struct source *source, size_t offset, struct span *out) {
    struct yaml_keys keys = yaml_keys_of(&s->arena, source);
    enum yaml_kind kind = yaml_kind_of(&keys, source->name);
    uint32_t place = editing_at(source, offset);
    for (size_t i = 0; i < keys.count; i++) {
        const struct yaml_key *k = &keys.list[i];
        struct str key, value = k->value, path[YAML_DEEPEST + 1];
        struct span key_span, value_span = k->value_span;
        bool label = yaml_label(k, &key, &value, &key_span, &value_span);
        if (!is_in(value_span, place) || !value.len)
            continue;
        memcpy(path, k->path, k->depth * sizeof *path);
        path[k->depth] = k->key;
        if (kind == YAML_PROJECT && str_is(k->key, "service"))
            return find_service(s, source, value, out);
        const struct option *o =
            label ? yaml_label_option(key) : yaml_option(kind, path, k->depth + (k->key.len > 0));
        return find_object(s, source, o, item_at(value, value_span, place), out);
    }
    return false;
}
