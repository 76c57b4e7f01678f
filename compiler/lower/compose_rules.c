#include "lower/compose_rules.h"

#include "lower/tree_place.h"
#include "support/buf.h"

static void refused(struct compose *c, struct diag *d, const char *help) {
    diag_effect(c->diags, d, "Compose refuses the file");
    diag_help(c->diags, d, "%s", help);
}

/* ---- services that wait for each other ---- */

struct edge { /* a service must run before another one starts */
    struct edge *next;
    size_t to;
    struct span span;
};

struct knot {
    struct compose *c;
    struct compose_service **services;
    struct edge **edges;
    unsigned char *state; /* 0 new, 1 on the way, 2 done */
    struct table index;   /* name → one more than its place */
};

static void add_edge(struct knot *k, size_t from, struct str name, struct span span) {
    size_t to = (size_t)table_get(&k->index, name);
    if (!to)
        return;
    struct edge *e = arena_new(k->c->arena, struct edge);
    *e = (struct edge){ k->edges[from], to - 1, span };
    k->edges[from] = e;
}

/* "service:db" of network_mode, ipc, pid. */
static void add_shared(struct knot *k, size_t from, const char *key) {
    struct tree *node = compose_service_get(k->services[from], str_of(key));
    if (tree_is(node, TREE_SCALAR) && str_starts(tree_text(node), STR("service:")))
        add_edge(k, from, str_from(tree_text(node), 8), node->span);
}

/* "db", "db:alias". */
static void add_listed(struct knot *k, size_t from, const char *key) {
    struct tree *list = compose_service_get(k->services[from], str_of(key));
    for (struct tree_entry *e = tree_is(list, TREE_SEQUENCE) ? tree_entries(list) : NULL; e;
         e = e->next) {
        struct str text = tree_text(e->value);
        add_edge(k, from, str_slice(text, 0, str_find(text, ':')), e->value->span);
    }
}

static void add_edges(struct knot *k, size_t from) {
    for (const struct compose_dependency *d = k->services[from]->depends_on; d; d = d->next)
        add_edge(k, from, d->service, d->span);
    add_shared(k, from, "network_mode");
    add_shared(k, from, "ipc");
    add_shared(k, from, "pid");
    add_listed(k, from, "links");
    add_listed(k, from, "volumes_from");
}

/* "a → b → a" of the services from `first` on the way to its end. */
static void tell_circle(struct knot *k, const size_t *way, size_t first, size_t count,
                        struct span span) {
    struct buf text = { .arena = k->c->arena };
    enum { SHOWN = 5 };
    for (size_t i = first; i < count && i < first + SHOWN; i++)
        buf_format(&text, "%.*s → ", STR_ARG(k->services[way[i]]->name));
    if (count - first > SHOWN)
        buf_add(&text, STR("… → "));
    buf_add(&text, k->services[way[first]]->name);
    struct str circle = buf_str(&text);
    struct diag *d = diag_add(k->c->diags, DIAG_COMPOSE_CYCLE, span,
                              "services wait for each other: %.*s", STR_ARG(circle));
    refused(k->c, d, "remove one of these dependencies");
}

/* Depth first, without recursion: a way is as long as there are services. */
static void walk(struct knot *k, size_t start, size_t *way) {
    size_t count = 0;
    way[count++] = start;
    k->state[start] = 1;
    while (count) {
        size_t at = way[count - 1];
        struct edge *e = k->edges[at];
        if (!e) {
            k->state[at] = 2;
            count--;
            continue;
        }
        k->edges[at] = e->next;
        if (k->state[e->to] == 0) {
            k->state[e->to] = 1;
            way[count++] = e->to;
        } else if (k->state[e->to] == 1) {
            size_t first = count - 1;
            while (way[first] != e->to)
                first--;
            tell_circle(k, way, first, count, e->span);
        }
    }
}

static void circles(struct compose *c) {
    size_t count = 0;
    for (struct compose_service *s = c->services; s; s = s->next)
        count++;
    struct knot k = { .c = c, .index = { .arena = c->arena } };
    k.services = arena_array(c->arena, struct compose_service *, count + 1);
    k.edges = arena_array(c->arena, struct edge *, count + 1);
    k.state = arena_array(c->arena, unsigned char, count + 1);
    size_t *way = arena_array(c->arena, size_t, count + 1);
    count = 0;
    for (struct compose_service *s = c->services; s; s = s->next) {
        k.services[count++] = s;
        *table_at(&k.index, s->name) = (void *)count;
    }
    for (size_t i = 0; i < count; i++)
        add_edges(&k, i);
    for (size_t i = 0; i < count; i++)
        if (k.state[i] == 0)
            walk(&k, i, way);
}

/* ---- healthchecks ---- */

static void healthcheck(struct compose *c, const struct compose_service *s) {
    static const char *const words[] = { "CMD", "CMD-SHELL", "NONE" };
    struct tree *test = tree_get(s->healthcheck, STR("test"));
    struct tree_entry *first = tree_is(test, TREE_SEQUENCE) ? tree_entries(test) : NULL;
    if (!first || !tree_is(first->value, TREE_SCALAR))
        return;
    struct str word = tree_text(first->value);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_is(word, words[i]) || str_find(word, '$') != STR_NONE)
            return;
    struct diag *d = diag_add(c->diags, DIAG_COMPOSE_VALUE, first->value->span,
                              "`%.*s` does not begin the list of a healthcheck", STR_ARG(word));
    refused(c, d, "write CMD before it, CMD-SHELL before one text, or NONE alone");
}

/* ---- names of containers ---- */

static void container_name(struct compose *c, const struct compose_service *s,
                           struct table *taken) {
    struct str name = tree_text(s->container_name);
    if (!name.len || str_find(name, '$') != STR_NONE)
        return;
    struct compose_service **first = (struct compose_service **)table_at(taken, name);
    if (*first && !(*first)->profiles.count && !s->profiles.count) {
        struct diag *d = diag_add(c->diags, DIAG_COMPOSE_CLASH, s->container_name->span,
                                  "the container name `%.*s` is that of `%.*s`, too", STR_ARG(name),
                                  STR_ARG((*first)->name));
        diag_level(c->diags, d, LEVEL_WARNING); /* the loader takes it, `up` does not */
        diag_note_at(c->diags, d, (*first)->container_name->span, "named here first");
        diag_effect(c->diags, d, "`docker compose up` refuses the second");
        diag_help(c->diags, d, "give each its own name, or none");
    } else if (!*first) {
        *first = (struct compose_service *)s;
    }
    struct tree *scale = compose_service_get(s, STR("scale"));
    if (!scale)
        scale = tree_get(s->deploy, STR("replicas"));
    int64_t count;
    if (!scale || !tree_to_int(scale, &count) || count < 2)
        return;
    struct diag *d =
        diag_add(c->diags, DIAG_COMPOSE_CLASH, scale->span,
                 "%lld containers cannot share the name `%.*s`", (long long)count, STR_ARG(name));
    diag_note_at(c->diags, d, s->container_name->span, "named here");
    refused(c, d, "remove container_name, or the number");
}

/* ---- where configs and secrets come from ---- */

static void sources(struct compose *c, const struct compose_item *item, const char *what,
                    const char *const *keys) {
    for (; item; item = item->next) {
        struct tree_entry *first = NULL, *second = NULL;
        for (size_t i = 0; keys[i]; i++) {
            struct tree_entry *e = tree_find(item->body, str_of(keys[i]));
            second = first && e ? e : second;
            first = first ? first : e;
        }
        if (second) {
            struct diag *d = diag_add(c->diags, DIAG_COMPOSE_CLASH, second->key->span,
                                      "the %s `%.*s` has `%.*s` already", what, STR_ARG(item->name),
                                      STR_ARG(tree_key(first)));
            diag_note_at(c->diags, d, first->key->span, "it is here");
            refused(c, d, "keep one of them");
        } else if (!first && !item->external && item->body &&
                   !tree_find(item->body, STR("driver"))) {
            struct diag *d =
                diag_add(c->diags, DIAG_COMPOSE_MISSING, item->name_span,
                         "nothing says where the %s `%.*s` comes from", what, STR_ARG(item->name));
            refused(c, d, "add `file:`, `environment:` or `external: true`");
        }
    }
}

/* ---- mounts ---- */

static void mounts(struct compose *c, const struct compose_service *s) {
    for (const struct compose_mount *m = s->volumes; m; m = m->next) {
        if (m->node->kind != TREE_SCALAR || tree_text(m->node).len)
            continue;
        struct diag *d =
            diag_add(c->diags, DIAG_COMPOSE_VALUE, m->node->span, "this mounts nothing");
        refused(c, d, "write SOURCE:TARGET, such as ./data:/data");
    }
}

void compose_check_rules(struct compose *c) {
    static const char *const configs[] = { "file", "environment", "content", NULL };
    static const char *const secrets[] = { "file", "environment", NULL };
    struct table taken = { .arena = c->arena };
    if (c->incomplete)
        return;
    circles(c);
    for (const struct compose_service *s = c->services; s; s = s->next) {
        if (!s->body)
            continue;
        healthcheck(c, s);
        container_name(c, s, &taken);
        mounts(c, s);
    }
    sources(c, c->configs, "config", configs);
    sources(c, c->secrets, "secret", secrets);
}
