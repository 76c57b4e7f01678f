/* X007: containers whose address Traefik finds, and cannot reach. */
#include "lint/rule.h"

static bool is_word(struct str key, const char *last) {
    size_t dot = str_find_last(key, '.');
    return dot != STR_NONE && str_eq_nocase(str_from(key, dot + 1), str_of(last));
}

/* Traefik asks this container itself: labels are about routing, no URL stands for it, and some
   router does not lead elsewhere. */
static bool is_asked(const struct proxy_container *c) {
    static const char *const roots[] = { "traefik.http.", "traefik.tcp.", "traefik.udp." };
    size_t routed = 0, rules = 0, elsewhere = 0;
    for (size_t i = 0; i < c->label_count; i++) {
        const struct untyped_label *label = &c->labels[i];
        bool ours = false;
        for (size_t n = 0; n < sizeof roots / sizeof *roots; n++)
            ours = ours || str_starts(label->key, str_of(roots[n]));
        if (ours && is_word(label->key, "url"))
            return false;
        routed += ours;
        rules += ours && is_word(label->key, "rule");
        elsewhere +=
            ours && is_word(label->key, "service") && str_find(label->value, '@') != STR_NONE;
    }
    return routed && (!rules || rules > elsewhere);
}

/* The label `traefik.docker.network`, or NULL. */
static const struct untyped_label *label_of(const struct proxy_container *c) {
    for (size_t i = 0; i < c->label_count; i++)
        if (str_eq_nocase(c->labels[i].key, STR("traefik.docker.network")) &&
            c->labels[i].value.len)
            return &c->labels[i];
    return NULL;
}

static struct reach reach_of(const struct proxy_container *c) {
    const struct untyped_label *label = label_of(c);
    return (struct reach){ .name = c->name,
                           .project = c->project,
                           .span = c->span,
                           .end = c->reach,
                           .label = label ? label->value : STR(""),
                           .label_span = label ? label->value_span : c->span };
}

static const struct proxy_container *proxy_of(const struct lint *l) {
    const struct proxy_container *found = NULL;
    for (const struct proxy_container *c = l->proxy->containers; c; c = c->next) {
        if (c->is_proxy && found)
            return NULL;
        found = c->is_proxy ? c : found;
    }
    return found && found->reach_known ? found : NULL;
}

void lint_network(struct lint *l) {
    const struct proxy_container *proxy = proxy_of(l);
    struct reach from = { 0 };
    if (proxy)
        from = reach_of(proxy);
    const struct untyped *docker =
        untyped_child(untyped_child(l->proxy->conf, STR("providers")), l->proxy->docker);
    struct str provider = untyped_text(docker, "network");
    for (const struct proxy_container *c = l->proxy->containers; c; c = c->next) {
        struct reach to = reach_of(c);
        if (c->served && c->reach_known && !c->is_proxy && is_asked(c) && !lint_is_open(to.label) &&
            !lint_is_open(provider))
            reach_check(l->diags, proxy && lint_together(l, c->span, proxy->span) ? &from : NULL,
                        &to, provider);
    }
}
