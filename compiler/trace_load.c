/* Existing configurations of Traefik, read through the session's loader, and their tables. */
#include "lower/compose_over.h"
#include "lower/untyped_tree.h"
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
    struct arena trees = { 0 }; /* of this file: what is wanted of it is copied */
    struct tree_file *file = source ? import_tree(&trees, tracing_of(s)->diags, source) : NULL;
    struct untyped *conf = file ? untyped_from_tree(&s->arena, file->root) : NULL;
    arena_free(&trees);
    return conf;
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

void tracing_add_tree(struct itsupc *s, struct file_set *set, struct tree_file *tree) {
    struct untyped *conf = untyped_of_file(&s->arena, tree);
    set->files[set->count++] = (struct proxy_file){ tree->source->name, conf };
}

void itsupc_trace_dynamic(struct itsupc *s, const char *const *names, size_t count) {
    struct file_set *set = tracing_add_set(s, count);
    for (size_t i = 0; i < count; i++)
        tracing_add_file(s, set, source_of(s, names[i]));
}

/* One project: the file at `base`, wherever a glob has put it, then those that change it as given.
 */
static void add_project(struct itsupc *s, const struct str *names, const size_t *bases,
                        size_t count, size_t base, struct str project) {
    struct source **files = arena_array(&s->trees, struct source *, count + 1);
    size_t found = 1;
    files[0] = source_of(s, names[base].at);
    for (size_t i = 0; i < count; i++) {
        struct source *source = bases[i] == base && i != base ? source_of(s, names[i].at) : NULL;
        if (source)
            files[found++] = source;
    }
    if (!files[0]) /* which was told */
        found = 0;
    tracing_add_composes(s, files, found, project);
}

void itsupc_trace_compose(struct itsupc *s, const char *const *names, const char *const *projects,
                          size_t count) {
    struct str *texts = arena_array(&s->arena, struct str, count + 1);
    for (size_t i = 0; i < count; i++)
        texts[i] = str_of(names[i]);
    const size_t *bases = compose_over_bases(&s->arena, texts, count);
    for (size_t i = 0; i < count; i++)
        if (bases[i] == i)
            add_project(s, texts, bases, count, i, str_of(projects[i]));
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

static bool read_named(void *context, struct str name, struct str *text) {
    struct itsupc *s = context;
    struct itsupc_text loaded;
    if (!s->options.loader.load ||
        s->options.loader.load(s->options.loader.context, str_copy(&s->arena, name).at, s,
                               &loaded) != ITSUPC_LOADED)
        return false;
    *text = (struct str){ loaded.at, loaded.len };
    return true;
}

void tracing_build(struct itsupc *s) {
    struct tracing *t = tracing_of(s);
    if (t->built)
        return;
    t->built = true;
    if (!t->has_static && !t->base)
        t->base = t->flags; /* of Traefik's own container */
    struct proxy *p = &t->proxy;
    proxy_start(p, &s->arena, version_of(s, t));
    p->read = read_named;
    p->read_context = s;
    tracing_tell_missing(s);
    /* Traefik's own command in a compose file, unless a file was named. */
    if (!t->has_static && t->proxies == 1)
        t->base = t->flags;
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
