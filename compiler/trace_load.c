/* Existing configurations of Traefik, read through the session's loader, and their tables. */
#include "analysis/untyped_tree.h"
#include "lower/compose_file.h"
#include "lower/yaml_tree.h"
#include "options/options.h"
#include "tracing.h"

struct tracing *tracing_of(struct itsupc *s) {
    if (!s->tracing) {
        s->tracing = arena_new(&s->arena, struct tracing);
        s->tracing->last_set = &s->tracing->sets;
        s->tracing->last_container = &s->tracing->containers;
        s->tracing->last_missing = &s->tracing->missing;
        s->tracing->missed.arena = &s->arena;
        s->tracing->diags = &s->diags;
    }
    return s->tracing;
}

void session_end_tracing(struct itsupc *s) {
    if (s->tracing)
        arena_free(&s->tracing->answers);
}

/* ---- reading ---- */

struct untyped *tracing_read(struct itsupc *s, struct source *source) {
    struct tree_file *file =
        source ? yaml_tree_read(&s->trees, tracing_of(s)->diags, source) : NULL;
    return file ? untyped_from_tree(&s->arena, file->root, NULL) : NULL;
}

static struct source *source_of(struct itsupc *s, const char *name) {
    return session_source(s, str_of(name), (struct span){ 0, 0 });
}

void itsupc_trace_static(struct itsupc *s, const char *name) {
    struct tracing *t = tracing_of(s);
    t->has_static = true;
    t->base = tracing_read(s, source_of(s, name));
}

struct file_set *tracing_add_set(struct itsupc *s, size_t most) {
    struct tracing *t = tracing_of(s);
    struct file_set *set = arena_new(&s->arena, struct file_set);
    set->files = arena_array(&s->arena, struct proxy_file, most + 1);
    *t->last_set = set;
    t->last_set = &set->next;
    return set;
}

void tracing_add_file(struct itsupc *s, struct file_set *set, struct source *source) {
    struct untyped *conf = tracing_read(s, source);
    set->unreadable = set->unreadable || !conf;
    if (conf)
        set->files[set->count++] = (struct proxy_file){ source->name, conf };
}

void itsupc_trace_dynamic(struct itsupc *s, const char *const *names, size_t count) {
    struct file_set *set = tracing_add_set(s, count);
    for (size_t i = 0; i < count; i++)
        tracing_add_file(s, set, source_of(s, names[i]));
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
    container->labels = arena_array(&s->arena, struct untyped_label, c->labels.count + 1);
    for (const struct compose_pair *pair = c->labels.first; pair; pair = pair->next)
        container->labels[container->label_count++] =
            (struct untyped_label){ str_copy(&s->arena, pair->key),
                                    str_copy(&s->arena, pair->value), pair->key_span,
                                    pair->has_value ? pair->value_span : pair->span };
}

/* "docker.io/library/traefik:v3.6" → "v3.6" */
static struct str traefik_tag(struct str image) {
    size_t colon = str_find_last(image, ':'), slash = str_find_last(image, '/');
    struct str name = str_slice(image, slash == STR_NONE ? 0 : slash + 1, colon);
    bool tagged = colon != STR_NONE && (slash == STR_NONE || colon > slash);
    return tagged && str_is(name, "traefik") ? str_from(image, colon + 1) : STR("");
}

/* Of the proxy's own container. */
static void add_ports(struct itsupc *s, const struct compose_port *port) {
    struct tracing *t = tracing_of(s);
    for (; port; port = port->next) {
        if (!port->from || !port->target_from)
            continue;
        struct proxy_port *made = arena_new(&s->arena, struct proxy_port);
        made->published = str_format(&s->arena, "%u", (unsigned)port->from);
        made->port = str_format(&s->arena, "%u", (unsigned)port->target_from);
        made->next = t->ports;
        t->ports = made;
    }
}

/* `--entrypoints.web.address=:80`: the way of labels, with two dashes for `traefik.`. Commands that
   a shell would have to take apart are left alone. */
static void read_flags(struct itsupc *s, const struct compose_service *c) {
    static const char *const roots[] = { "traefik.", NULL };
    struct arena *a = &s->arena;
    struct untyped_label *labels = arena_array(a, struct untyped_label, c->command.count + 1);
    size_t count = 0;
    for (const struct compose_text *flag = c->command.first; flag; flag = flag->next) {
        struct str text = flag->text;
        size_t equals = str_find(text, '=');
        if (!str_starts(text, STR("--")) || str_find(str_slice(text, 0, equals), ' ') != STR_NONE)
            return;
        struct span span = flag->node ? flag->node->span : c->name_span;
        labels[count++] = (struct untyped_label){
            str_format(a, "traefik.%.*s", STR_ARG(str_slice(text, 2, equals))),
            equals == STR_NONE ? STR("true") : str_copy(a, str_from(text, equals + 1)), span, span
        };
    }
    struct untyped_fault fault;
    struct untyped *flags = untyped_from_labels(a, labels, count, roots, &fault);
    if (count && flags && !fault.wrong)
        tracing_of(s)->flags = flags;
}

void tracing_add_compose(struct itsupc *s, struct source *source, struct source *override,
                         struct str project) {
    struct tracing *t = tracing_of(s);
    /* What else is wrong with a compose file is for `check` to tell. */
    struct diags quiet = { .arena = &s->trees, .sources = &s->sources };
    struct lower_loader loader = { .context = s,
                                   .load = session_load_part,
                                   .prepare = tracing_expand };
    struct compose *compose = NULL;
    if (source) {
        tracing_read_env(s, source->name);
        compose = compose_read(&s->trees, &quiet, source, override, &loader);
        project = tracing_project(s, compose, project);
    }
    t->has_containers = true;
    if (source && !compose)
        yaml_tree_read(&s->trees, t->diags, source);
    for (const struct compose_service *c = compose ? compose->services : NULL; c; c = c->next) {
        if (t->always && c->profiles.count)
            continue;
        struct proxy_container *made = arena_new(&s->arena, struct proxy_container);
        made->name = made->host = str_copy(&s->arena, c->name);
        made->project = str_copy(&s->arena, project);
        made->span = c->name_span;
        made->port = lowest_port(&s->arena, c);
        add_labels(s, c, made);
        struct str tag = traefik_tag(tree_text(c->image));
        if (tag.len) {
            t->proxies++;
            read_flags(s, c);
            t->image = str_copy(&s->arena, tag);
            add_ports(s, c->ports);
        }
        *t->last_container = made;
        t->last_container = &made->next;
    }
}

void itsupc_trace_compose(struct itsupc *s, const char *name, const char *project) {
    tracing_add_compose(s, source_of(s, name), NULL, str_of(project));
}

/* ---- the tables ---- */

static uint32_t version_of(struct itsupc *s, const struct tracing *t) {
    uint32_t version = t->version, newest = 0;
    option_version_parse(STR("3.7.9"), &newest);
    if (!(s->options.traefik && option_version_parse(str_of(s->options.traefik), &version)) &&
        !version && !option_version_parse(t->image, &version))
        return newest;
    return version < newest ? version : newest;
}

/* Some file of the set that Traefik would not read: it then reads none of them. */
static bool is_refused(struct itsupc *s, struct proxy *p, const struct file_set *set) {
    bool refused = set->unreadable;
    for (size_t i = 0; i < set->count; i++) {
        struct untyped_fault fault = untyped_check(&s->arena, set->files[i].conf,
                                                   option_top(OPTION_DYNAMIC), UNTYPED_IN_FILE);
        if (!fault.wrong)
            continue;
        proxy_tell(p, fault.span, "%.*s", STR_ARG(fault.message))->effect =
            set->count > 1 ? STR("Traefik reads none of the folder's files")
                           : STR("Traefik does not read the file");
        refused = true;
    }
    return refused;
}

void tracing_build(struct itsupc *s) {
    struct tracing *t = tracing_of(s);
    if (t->built)
        return;
    t->built = true;
    struct proxy *p = &t->proxy;
    proxy_start(p, &s->arena, version_of(s, t));
    tracing_tell_missing(s);
    if (t->base) {
        struct untyped_fault fault =
            untyped_check(&s->arena, t->base, option_top(OPTION_STATIC), UNTYPED_IN_FILE);
        if (fault.wrong)
            proxy_tell(p, fault.span, "%.*s", STR_ARG(fault.message))->effect =
                STR("Traefik does not start");
        proxy_add_static(p, t->base);
    }
    size_t count = 0;
    for (struct file_set *set = t->sets; set; set = set->next)
        count += set->count;
    struct proxy_file *files = arena_array(&s->arena, struct proxy_file, count + 1);
    count = 0;
    for (struct file_set *set = t->sets; set; set = set->next)
        if (!is_refused(s, p, set))
            for (size_t i = 0; i < set->count; i++)
                files[count++] = set->files[i];
    if (t->sets)
        proxy_add_files(p, files, count);
    if (t->has_containers)
        proxy_add_containers(p, t->containers);
    p->ports = t->ports;
    proxy_build(p);
    arena_reset(&s->trees);
}

struct itsupc_text itsupc_trace_notes(struct itsupc *s) {
    struct tracing *t = tracing_of(s);
    tracing_build(s);
    struct buf out = { .arena = &s->arena };
    for (const struct proxy_note *note = t->proxy.notes; note; note = note->next) {
        struct place place = source_place(&s->sources, note->span.start);
        if (!span_is_none(note->span) && place.source)
            buf_format(&out, "%.*s:%zu:%zu: ", STR_ARG(place.source->name), place.line,
                       place.column);
        buf_add(&out, note->text);
        if (note->effect.len)
            buf_format(&out, " (%.*s)", STR_ARG(note->effect));
        buf_char(&out, '\n');
    }
    return session_text(&out);
}
