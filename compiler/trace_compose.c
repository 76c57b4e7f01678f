/* Compose files as Traefik's docker and swarm providers see them: containers with their labels,
   what joins them, and the command or the variables of the one that is Traefik itself. */
#include "lower/compose_file.h"
#include "lower/compose_reach.h"
#include "lower/yaml_tree.h"
#include "options/options.h"
#include "tracing.h"

/* `$name`, which a hash has by mistake, as it was written; `${NAME}` is meant. */
static bool expands(struct itsupc *s, struct span span) {
    struct str text = source_text(&s->sources, span);
    for (size_t i = 0; i + 1 < text.len; i++) {
        if (text.at[i] != '$')
            continue;
        if (char_is_alpha(text.at[i + 1]) || text.at[i + 1] == '_')
            return true;
        i += text.at[i + 1] == '$';
    }
    return false;
}

/* ---- one container ---- */

/* A text for as long as the session: what stands in its file stays there. */
static struct str keep(struct itsupc *s, struct span span, struct str text) {
    const struct source *source = source_at(&s->sources, span.start);
    bool stays = source && text.len && text.at >= source->text.at &&
                 text.at + text.len <= source->text.at + source->text.len;
    return stays ? text : str_copy(&s->arena, text);
}

static struct str lowest_port(struct arena *a, const struct compose_service *c) {
    uint64_t lowest = 0;
    const struct compose_port *lists[] = { c->expose, c->ports };
    for (size_t i = 0; i < 2; i++)
        for (const struct compose_port *port = lists[i]; port; port = port->next)
            if (port->target_from && (!lowest || port->target_from < lowest))
                lowest = port->target_from;
    return lowest ? str_format(a, "%u", (unsigned)lowest) : STR("");
}

static void add_labels(struct itsupc *s, const struct compose_service *c,
                       struct proxy_container *container) {
    container->labels = container->own_labels =
        arena_array(&s->arena, struct untyped_label, c->labels.count + 1);
    for (const struct compose_pair *pair = c->labels.first; pair; pair = pair->next) {
        struct span span = pair->has_value ? pair->value_span : pair->span;
        container->labels[container->label_count++] =
            (struct untyped_label){ keep(s, span, pair->key), keep(s, span, pair->value),
                                    pair->key_span, span, expands(s, span) };
    }
    container->own_label_count = container->label_count;
}

/* Swarm reads the labels below `deploy`. */
static void add_deploy_labels(struct itsupc *s, const struct compose_service *c,
                              struct proxy_container *container) {
    struct tree *labels = tree_get(c->deploy, STR("labels"));
    container->deploy_labels = arena_array(&s->arena, struct untyped_label, tree_count(labels) + 1);
    for (const struct tree_entry *e = tree_entries(labels); e; e = e->next) {
        struct str text = tree_text(e->value);
        size_t equals = e->key ? STR_NONE : str_find(text, '=');
        struct str key = e->key ? tree_key(e) : str_slice(text, 0, equals);
        struct str value = e->key               ? text
                           : equals == STR_NONE ? STR("")
                                                : str_from(text, equals + 1);
        struct span span = tree_value(e)->span;
        container->deploy_labels[container->deploy_label_count++] =
            (struct untyped_label){ keep(s, span, key), keep(s, span, value),
                                    e->key ? e->key->span : span, span, expands(s, span) };
    }
}

static void add_mounts(struct itsupc *s, const struct compose_service *c,
                       struct proxy_container *container) {
    struct proxy_mount **last = &container->mounts;
    for (const struct compose_mount *m = c->volumes; m; m = m->next) {
        *last = arena_new(&s->arena, struct proxy_mount);
        **last = (struct proxy_mount){ .source = str_copy(&s->arena, m->source),
                                       .target = str_copy(&s->arena, m->target),
                                       .span = m->node->span,
                                       .read_only = m->read_only };
        last = &(*last)->next;
    }
}

static struct str number(struct itsupc *s, unsigned n) {
    return n ? str_format(&s->arena, "%u", n) : STR("");
}

static void add_ports(struct itsupc *s, const struct compose_service *c,
                      struct proxy_container *container) {
    struct proxy_port **last = &container->ports;
    for (const struct compose_port *port = c->ports; port; port = port->next) {
        *last = arena_new(&s->arena, struct proxy_port);
        **last = (struct proxy_port){ .published = number(s, port->from),
                                      .port = number(s, port->target_from),
                                      .from = port->from,
                                      .to = port->to,
                                      .target_from = port->target_from,
                                      .target_to = port->target_to,
                                      .ip = str_copy(&s->arena, port->host_ip),
                                      .udp = str_is(port->protocol, "udp"),
                                      .unknown = port->unknown,
                                      .span = port->span };
        last = &(*last)->next;
    }
}

static void add_networks(struct itsupc *s, const struct compose_service *c,
                         struct proxy_container *container) {
    struct str mode = compose_network_mode(c);
    container->own_network = mode.len > 0;
    if (!c->networks && !mode.len)
        strs_add(&container->networks, &s->arena, STR("default"));
    for (const struct compose_attachment *n = c->networks; n; n = n->next)
        strs_add(&container->networks, &s->arena, str_copy(&s->arena, n->network));
}

/* "docker.io/library/traefik:v3.6" → "v3.6" */
static struct str traefik_tag(struct str image) {
    image = str_slice(image, 0, str_find(image, '@'));
    size_t colon = str_find_last(image, ':'), slash = str_find_last(image, '/');
    struct str name = str_slice(image, slash == STR_NONE ? 0 : slash + 1, colon);
    bool tagged = colon != STR_NONE && (slash == STR_NONE || colon > slash);
    if (!tagged)
        name = str_from(image, slash == STR_NONE ? 0 : slash + 1);
    if (!str_is(name, "traefik"))
        return STR("");
    return tagged ? str_from(image, colon + 1) : STR("latest");
}

/* ---- its own configuration ---- */

struct flags {
    struct arena *arena;
    struct untyped_label *labels;
    size_t count, room;
};

static void add_flag(struct flags *f, struct str key, struct str value, struct span span) {
    if (f->count == f->room) {
        size_t room = f->room ? 2 * f->room : 16;
        struct untyped_label *labels = arena_array(f->arena, struct untyped_label, room);
        if (f->count)
            memcpy(labels, f->labels, f->count * sizeof *labels);
        f->labels = labels;
        f->room = room;
    }
    f->labels[f->count++] =
        (struct untyped_label){ str_format(f->arena, "traefik.%.*s", STR_ARG(key)), value, span,
                                span, false };
}

/* `--entrypoints.web.address=:80`: the way of labels, with two dashes for `traefik.`. */
static void read_word(struct flags *f, struct str word, struct span span) {
    size_t dashes = str_starts(word, STR("--")) ? 2 : str_starts(word, STR("-")) ? 1 : 0;
    size_t equals = str_find(word, '=');
    if (!dashes || str_eq_nocase(str_slice(word, dashes, equals), STR("configFile")))
        return;
    add_flag(f, str_slice(word, dashes, equals),
             equals == STR_NONE ? STR("true") : str_from(word, equals + 1), span);
}

/* A command in one text is parted at blanks; one that needs a shell is left alone. */
static void read_line(struct flags *f, struct str line, struct span span) {
    for (size_t i = 0; i < line.len; i++)
        if (strchr("\"'|;&<>()", line.at[i]))
            return;
    for (struct str rest = str_trim(line); rest.len;) {
        size_t end = 0;
        while (end < rest.len && !strchr(" \t\r\n", rest.at[end]))
            end++;
        read_word(f, str_copy(f->arena, str_slice(rest, 0, end)), span);
        rest = str_trim(str_from(rest, end));
    }
}

static void read_command(struct flags *f, const struct compose_service *c) {
    for (const struct compose_text *flag = c->command.first; flag; flag = flag->next) {
        struct str text = str_copy(f->arena, flag->text);
        struct span span = flag->node ? flag->node->span : c->name_span;
        bool item = flag->node && flag->node->parent && tree_is(flag->node->parent, TREE_SEQUENCE);
        if (item)
            read_word(f, text, span);
        else
            read_line(f, text, span);
    }
}

/* TRAEFIK_ENTRYPOINTS_WEB_ADDRESS: names come out in small letters. */
static void read_environment(struct flags *f, const struct compose_service *c) {
    for (const struct compose_pair *p = c->environment.first; p; p = p->next) {
        static const char head[] = "TRAEFIK_";
        size_t len = sizeof head - 1;
        if (p->key.len <= len || !str_eq_nocase(str_slice(p->key, 0, len), STR("TRAEFIK_")))
            continue;
        char *key = arena_alloc(f->arena, p->key.len);
        for (size_t i = len; i < p->key.len; i++)
            key[i - len] = p->key.at[i] == '_' ? '.' : char_lower(p->key.at[i]);
        struct str path = { key, p->key.len - len };
        struct str top = str_slice(path, 0, str_find(path, '.'));
        if (!option_child(option_top(OPTION_STATIC), top))
            continue;
        add_flag(f, path, p->has_value ? str_copy(f->arena, p->value) : STR("true"), p->span);
    }
}

static void read_own(struct itsupc *s, const struct compose_service *c) {
    static const char *const roots[] = { "traefik.", NULL };
    struct flags f = { .arena = &s->arena };
    read_command(&f, c);
    if (!f.count)
        read_environment(&f, c);
    struct untyped_fault fault;
    struct untyped *flags = untyped_from_labels(&s->arena, f.labels, f.count, roots, &fault);
    if (f.count && flags && !fault.wrong)
        tracing_of(s)->flags = flags;
}

/* ---- all of them ---- */

static void add_container(struct itsupc *s, const struct compose *compose,
                          const struct compose_service *c, struct str project) {
    struct tracing *t = tracing_of(s);
    struct proxy_container *made = arena_new(&s->arena, struct proxy_container);
    made->name = made->host = str_copy(&s->arena, c->name);
    made->project = str_copy(&s->arena, project);
    made->span = c->name_span;
    made->port = lowest_port(&s->arena, c);
    made->image = str_copy(&s->arena, tree_text(c->image));
    add_labels(s, c, made);
    add_deploy_labels(s, c, made);
    add_mounts(s, c, made);
    add_ports(s, c, made);
    add_networks(s, c, made);
    made->reach_known = compose_reach(&s->arena, compose, c, made->project, &made->reach);
    struct str tag = traefik_tag(made->image);
    made->is_proxy = tag.len > 0;
    if (made->is_proxy) {
        t->proxies++;
        read_own(s, c);
        t->image = tag;
        for (const struct proxy_port *port = made->ports; port; port = port->next)
            if (port->published.len && port->port.len) {
                struct proxy_port *copy = arena_copy(&s->arena, port, sizeof *port);
                copy->next = t->ports;
                t->ports = copy;
            }
    }
    *t->last_container = made;
    t->last_container = &made->next;
}

/* `tree`: of the first file and those that change it, where it stands already. */
static void add_compose(struct itsupc *s, struct source *const *files, size_t count,
                        struct tree_file *tree, struct str project) {
    struct tracing *t = tracing_of(s);
    struct arena trees = { 0 };
    /* What else is wrong with a compose file is for `check` to tell. */
    struct diags quiet = { .arena = &trees, .sources = &s->sources };
    struct lower_loader loader = { .context = s,
                                   .load = t->always ? NULL : session_load_part,
                                   .prepare = tracing_expand };
    struct compose *compose = NULL;
    t->has_containers = true;
    if (count) {
        tracing_read_env(s, files[0]->name);
        compose = tree && tree->compose ? tree->compose
                  : tree                ? compose_of_tree(&trees, &quiet, tree, &loader, true)
                                        : compose_read_all(&trees, &quiet, files, count, &loader);
        project = tracing_project(s, compose, project);
    }
    if (tree && compose)
        session_check_compose_name(s, compose);
    if (count && !compose)
        yaml_tree_read(&trees, t->diags, files[0]);
    for (const struct compose_service *c = compose ? compose->services : NULL; c; c = c->next)
        if (!t->always || !c->profiles.count)
            add_container(s, compose, c, project);
    arena_free(&trees);
}

void tracing_add_composes(struct itsupc *s, struct source *const *files, size_t count,
                          struct str project) {
    add_compose(s, files, count, NULL, project);
}

void tracing_add_compose(struct itsupc *s, struct source *source, struct source *override,
                         struct str project) {
    struct source *files[] = { source, override };
    add_compose(s, files, !source ? 0 : override ? 2 : 1, NULL, project);
}

/* Variables are put into the tree itself: one that may hold some is left as others read it. */
void tracing_add_compose_tree(struct itsupc *s, struct tree_file *tree, struct str project) {
    bool plain = true;
    size_t count = 0;
    for (const struct tree_file *f = tree; f; f = f->over) {
        plain = plain && !f->json && str_find(f->source->text, '$') == STR_NONE;
        count++;
    }
    struct source **files = arena_array(&s->trees, struct source *, count);
    count = 0;
    for (const struct tree_file *f = tree; f; f = f->over)
        files[count++] = f->source;
    add_compose(s, files, count, plain ? tree : NULL, project);
}
