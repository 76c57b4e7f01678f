#include "lower/compose_reach.h"

bool compose_is_traefik(const struct compose_service *service) {
    struct str image = tree_text(service->image);
    image = str_slice(image, 0, str_find(image, '@'));
    size_t slash = str_find_last(image, '/');
    struct str name = str_from(image, slash == STR_NONE ? 0 : slash + 1);
    return str_eq(str_slice(name, 0, str_find(name, ':')), STR("traefik"));
}

struct str compose_network_real(struct arena *a, const struct compose *c, struct str project,
                                struct str key) {
    const struct compose_network *n = compose_network_find(c, key);
    if (n && n->real_name.len)
        return str_copy(a, n->real_name);
    if (n && n->external)
        return str_copy(a, key);
    return str_format(a, "%.*s_%.*s", STR_ARG(project), STR_ARG(key));
}

bool compose_reach(struct arena *a, const struct compose *c, const struct compose_service *service,
                   struct str project, struct reach_end *out) {
    size_t count = 1, at = 0;
    if (c->incomplete || service->partial || service->network_mode || !service->body)
        return false;
    for (const struct compose_attachment *n = service->networks; n; n = n->next)
        count++;
    struct str *names = arena_array(a, struct str, count);
    for (const struct compose_attachment *n = service->networks; n; n = n->next)
        names[at++] = compose_network_real(a, c, project, n->network);
    if (!at)
        names[at++] = compose_network_real(a, c, project, STR("default"));
    *out = (struct reach_end){ names, at };
    for (size_t i = 0; i < at; i++)
        if (str_find(names[i], '$') != STR_NONE)
            return false;
    return true;
}
