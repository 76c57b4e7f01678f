/* Compose files: the labels of each service, and the flags and variables of the one that is
   Traefik. */
#include "lower/compose_names.h"
#include "lower/traefik.h"
#include "lower/yaml_tree.h"

static void add_pair(struct traefik *t, struct traefik_part *part, const struct compose_pair *p) {
    struct arena *a = t->arena;
    struct node *key, *value;
    const struct tree *scalar = p->node && p->node->kind == TREE_SCALAR ? p->node : NULL;
    bool item =
        scalar && p->key_span.start >= scalar->span.start && p->key_span.end <= scalar->span.end;
    /* An item is a text of the moment, its value a part of it; one that is unescaped stays. */
    bool stays = !item || !conf_stands_in(scalar->file->source, scalar->text);
    struct node *text = scalar ? conf_text(stays ? a : &t->aside, scalar) : NULL;
    struct str s = conf_str(text);
    size_t equals = str_find(s, '=');
    if (item && equals == STR_NONE)
        equals = s.len;
    if (item) {
        key = conf_of_compose(&t->aside, conf_part(&t->aside, text, 0, equals));
        value = equals + 1 <= s.len ? conf_part(a, text, equals + 1, s.len) : NULL;
    } else {
        key = conf_made(&t->aside, p->key, p->key_span);
        if (p->key_span.end - p->key_span.start == p->key.len) {
            node_text(key)->pieces = NULL;
            node_text(key)->inner = p->key_span.start;
        }
        value = text;
    }
    value = value ? conf_of_compose(a, value) : conf_made(a, STR(""), p->span);
    traefik_label(t, part, key, value);
    arena_reset(&t->aside);
}

/* "docker.io/library/traefik:v3.0@sha256:…" */
static bool is_traefik(struct traefik *t, const struct compose_service *s) {
    struct str image = tree_text(s->image);
    image = str_slice(image, 0, str_find(image, '@'));
    size_t slash = str_find_last(image, '/');
    struct str name = str_from(image, slash == STR_NONE ? 0 : slash + 1);
    size_t colon = str_find(name, ':');
    if (!str_eq(str_slice(name, 0, colon), STR("traefik")))
        return false;
    uint32_t version;
    struct str tag = colon == STR_NONE ? STR("") : str_from(name, colon + 1);
    bool three = str_starts(tag, STR("v3")) || str_starts(tag, STR("3"));
    if (!t->version && three && option_version_parse(tag, &version))
        t->version = version;
    return true;
}

/* The lowest port that Docker knows of: what Traefik takes when no label says one. */
static struct node *lowest_port(struct traefik *t, const struct compose_service *s) {
    unsigned lowest = 0;
    struct span span = s->name_span;
    const struct compose_port *lists[] = { s->expose, s->ports };
    for (size_t i = 0; i < 2; i++)
        for (const struct compose_port *p = lists[i]; p; p = p->next)
            if (p->target_from && (!lowest || p->target_from < lowest)) {
                lowest = p->target_from;
                span = p->span;
            }
    return lowest ? conf_made(t->arena, str_format(t->arena, "%u", lowest), span) : NULL;
}

static struct traefik_part *new_part(struct traefik *t, struct lower *l,
                                     const struct compose_service *s,
                                     enum traefik_provider provider) {
    struct traefik_part *part = traefik_part_new(t, l, provider, s->name_span);
    part->service = str_copy(t->arena, s->name);
    part->port = lowest_port(t, s);
    part->is_proxy = is_traefik(t, s);
    return part;
}

static bool is_label(struct str key) {
    size_t dot = str_find(key, '.');
    return dot != STR_NONE && dot > 4 && dot < 12;
}

/* A service's `deploy.labels`, which only Swarm has. */
static void read_deploy(struct traefik *t, struct lower *l, const struct compose_service *s) {
    struct tree *labels = tree_get(s->deploy, STR("labels"));
    struct traefik_part *part = NULL;
    for (const struct tree_entry *e = tree_entries(labels); e; e = e->next) {
        struct tree *node = tree_value(e);
        if (!tree_is(node, TREE_SCALAR))
            continue;
        struct str text = tree_text(node);
        struct compose_pair pair = { .node = node, .span = tree_entry_span(e) };
        pair.key = e->key ? tree_key(e) : str_slice(text, 0, str_find(text, '='));
        pair.key_span = e->key ? e->key->span : node->span;
        if (!is_label(pair.key))
            continue;
        if (!part)
            part = new_part(t, l, s, PROVIDER_SWARM);
        add_pair(t, part, &pair);
    }
}

/* Does the container have labels of today? Those of Traefik 1 beside them were left over. */
static bool has_today(const struct compose_service *s) {
    static const char *const roots[] = { "traefik.http.", "traefik.tcp.", "traefik.udp." };
    for (const struct compose_pair *p = s->labels.first; p; p = p->next)
        for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
            if (str_starts(p->key, str_of(roots[i])))
                return true;
    return false;
}

static void read_labels(struct traefik *t, struct lower *l, const struct compose_service *s) {
    struct traefik_part *part = NULL;
    for (const struct compose_pair *p = s->labels.first; p; p = p->next) {
        if (!is_label(p->key))
            continue;
        if (!part) {
            part = new_part(t, l, s, PROVIDER_DOCKER);
            part->today = has_today(s);
        }
        add_pair(t, part, p);
    }
}

void traefik_read_compose(struct traefik *t, struct tree_file *file) {
    file->source->is_compose = true;
    if (file->is_over)
        return;
    struct lower *l = traefik_lower(t, file);
    struct compose *compose =
        file->json ? compose_read(file->arena, t->diags, file->source, NULL, t->job->loader)
                   : compose_of_tree(file->arena, t->diags, file, t->job->loader, false);
    t->has[PROVIDER_DOCKER] = true;
    bool alone = compose && !compose->incomplete && !compose->parts->next;
    file->compose = alone ? compose : NULL;
    for (const struct compose_service *s = compose ? compose->services : NULL; s; s = s->next) {
        if (!s->body || !is_traefik(t, s))
            continue;
        const struct node *flags = s->command.count ? traefik_read_flags(t, l, &s->command) : NULL;
        traefik_read_environment(t, l, &s->environment, flags);
    }
    for (const struct compose_service *s = compose ? compose->services : NULL; s; s = s->next) {
        if (!s->body)
            continue;
        read_labels(t, l, s);
        read_deploy(t, l, s);
    }
}

/* Phoenix's stacks/NAME/phoenix.json: labels of Swarm services, by environment. */
void traefik_read_stack(struct traefik *t, struct tree_file *file) {
    struct lower *l = traefik_lower(t, file);
    t->has[PROVIDER_SWARM] = true;
    struct tree *environments = tree_get(file->root, STR("environments"));
    for (const struct tree_entry *e = tree_entries(environments); e; e = e->next) {
        struct tree *services = tree_get(tree_value(e), STR("services"));
        for (const struct tree_entry *s = tree_entries(services); s && s->key; s = s->next) {
            struct tree *labels = tree_get(tree_value(s), STR("traefik_labels"));
            if (!labels || !lower_kind(l, labels, STR("traefik_labels"), FIELD_TEXTS))
                continue;
            struct traefik_part *part = traefik_part_new(t, l, PROVIDER_SWARM, s->key->span);
            part->service = str_copy(t->arena, tree_key(s));
            for (const struct tree_entry *i = tree_entries(labels); i; i = i->next) {
                struct tree *node = tree_value(i);
                if (!lower_kind(l, node, STR("traefik_labels"), FIELD_TEXT))
                    continue;
                struct node *text = conf_text(t->arena, node);
                struct str line = conf_str(text);
                size_t equals = str_find(line, '=');
                struct node *value = equals == STR_NONE
                                         ? conf_made(t->arena, STR(""), text->span)
                                         : conf_part(t->arena, text, equals + 1, line.len);
                traefik_label(t, part,
                              conf_part(t->arena, text, 0, equals == STR_NONE ? line.len : equals),
                              value);
            }
        }
    }
}
