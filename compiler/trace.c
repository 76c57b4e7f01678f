/* Existing configurations of Traefik, read through the session's loader, and questions to them. */
#include "analysis/trace.h"

#include "analysis/proxy.h"
#include "analysis/untyped_tree.h"
#include "lower/compose_file.h"
#include "lower/json_tree.h"
#include "lower/yaml_tree.h"
#include "options/options.h"
#include "session.h"

struct file_set { /* what the file provider reads as a unit */
    struct file_set *next;
    struct proxy_file *files;
    size_t count;
    bool unreadable; /* one of them is no YAML, which was told */
};

struct tracing {
    struct proxy proxy;
    struct untyped *base; /* traefik.yml */
    struct file_set *sets, **last_set;
    struct proxy_container *containers, **last_container;
    bool has_static, has_containers, built;
    struct str image;     /* the tag of Traefik's own image, when a compose file has it */
    struct arena answers; /* for one question at a time */
};

static struct tracing *tracing_of(struct itsupc *s) {
    if (!s->tracing) {
        s->tracing = arena_new(&s->arena, struct tracing);
        s->tracing->last_set = &s->tracing->sets;
        s->tracing->last_container = &s->tracing->containers;
    }
    return s->tracing;
}

void session_end_tracing(struct itsupc *s) {
    if (s->tracing)
        arena_free(&s->tracing->answers);
}

/* ---- reading ---- */

static struct untyped *read_conf(struct itsupc *s, const char *name) {
    struct source *source = session_source(s, str_of(name), (struct span){ 0, 0 });
    struct tree_file *file = source ? yaml_tree_read(&s->trees, &s->diags, source) : NULL;
    return file ? untyped_from_tree(&s->arena, file->root, NULL) : NULL;
}

void itsupc_trace_static(struct itsupc *s, const char *name) {
    struct tracing *t = tracing_of(s);
    t->has_static = true;
    t->base = read_conf(s, name);
}

void itsupc_trace_dynamic(struct itsupc *s, const char *const *names, size_t count) {
    struct tracing *t = tracing_of(s);
    struct file_set *set = arena_new(&s->arena, struct file_set);
    set->files = arena_array(&s->arena, struct proxy_file, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct untyped *conf = read_conf(s, names[i]);
        set->unreadable = set->unreadable || !conf;
        if (conf)
            set->files[set->count++] =
                (struct proxy_file){ str_copy(&s->arena, str_of(names[i])), conf };
    }
    *t->last_set = set;
    t->last_set = &set->next;
}

/* Compose writes a literal $ as $$; a variable with a default is taken to have it. */
static struct str interpolated(struct arena *a, struct str text) {
    struct buf out = { .arena = a };
    for (size_t i = 0; i < text.len; i++) {
        struct str rest = str_from(text, i);
        size_t colon = str_find_str(rest, STR(":-")), close = str_find(rest, '}');
        if (str_starts(rest, STR("$$"))) {
            buf_char(&out, '$');
            i++;
        } else if (str_starts(rest, STR("${")) && colon != STR_NONE && close != STR_NONE &&
                   colon < close) {
            buf_add(&out, str_slice(rest, colon + 2, close));
            i += close;
        } else {
            buf_char(&out, text.at[i]);
        }
    }
    return buf_str(&out);
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
            (struct untyped_label){ interpolated(&s->arena, pair->key),
                                    interpolated(&s->arena, pair->value), pair->key_span,
                                    pair->has_value ? pair->value_span : pair->span };
}

/* "docker.io/library/traefik:v3.6" → "v3.6" */
static struct str traefik_tag(struct str image) {
    size_t colon = str_find_last(image, ':'), slash = str_find_last(image, '/');
    struct str name = str_slice(image, slash == STR_NONE ? 0 : slash + 1, colon);
    bool tagged = colon != STR_NONE && (slash == STR_NONE || colon > slash);
    return tagged && str_is(name, "traefik") ? str_from(image, colon + 1) : STR("");
}

void itsupc_trace_compose(struct itsupc *s, const char *name, const char *project) {
    struct tracing *t = tracing_of(s);
    struct source *source = session_source(s, str_of(name), (struct span){ 0, 0 });
    /* What else is wrong with a compose file is for `check` to tell. */
    struct diags quiet = { .arena = &s->trees, .sources = &s->sources };
    struct compose *compose = source ? compose_read(&s->trees, &quiet, source, NULL, NULL) : NULL;
    t->has_containers = true;
    if (source && !compose)
        yaml_tree_read(&s->trees, &s->diags, source);
    for (const struct compose_service *c = compose ? compose->services : NULL; c; c = c->next) {
        struct proxy_container *made = arena_new(&s->arena, struct proxy_container);
        made->name = made->host = str_copy(&s->arena, c->name);
        made->project = str_copy(&s->arena, compose->name.len ? compose->name : str_of(project));
        made->span = c->name_span;
        made->port = lowest_port(&s->arena, c);
        add_labels(s, c, made);
        struct str tag = traefik_tag(tree_text(c->image));
        if (tag.len)
            t->image = str_copy(&s->arena, tag);
        *t->last_container = made;
        t->last_container = &made->next;
    }
}

/* ---- the tables ---- */

static uint32_t version_of(struct itsupc *s, const struct tracing *t) {
    uint32_t version = 0, newest = 0;
    option_version_parse(STR("3.7.9"), &newest);
    if (!(s->options.traefik && option_version_parse(str_of(s->options.traefik), &version)) &&
        !option_version_parse(t->image, &version))
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

static void build(struct itsupc *s, struct tracing *t) {
    if (t->built)
        return;
    t->built = true;
    struct proxy *p = &t->proxy;
    proxy_start(p, &s->arena, version_of(s, t));
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
    proxy_build(p);
    arena_reset(&s->trees);
}

struct itsupc_text itsupc_trace_notes(struct itsupc *s) {
    struct tracing *t = tracing_of(s);
    build(s, t);
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

/* ---- questions ---- */

static struct itsupc_text answer(struct itsupc *s, struct tracing *t, const struct request *r,
                                 struct str fault, bool json, enum itsupc_answer *kind) {
    struct buf out = { .arena = &t->answers };
    struct decision d = { .kind = TRACE_REFUSED, .why = fault };
    if (!fault.len)
        d = trace_request(&t->proxy, r, &t->answers);
    *kind = d.kind == TRACE_REFUSED                             ? ITSUPC_NO_QUESTION
            : d.kind == TRACE_NONE || d.kind == TRACE_AMBIGUOUS ? ITSUPC_NO_ROUTE
                                                                : ITSUPC_ROUTED;
    if (json)
        trace_write_json(&out, &t->answers, r, &d, &s->sources);
    else
        trace_write_text(&out, r, &d, &s->sources);
    return session_text(&out);
}

static void add_header(struct arena *a, struct test_pair ***tail, struct str key,
                       struct str value) {
    struct test_pair *pair = arena_new(a, struct test_pair);
    *pair = (struct test_pair){ .key = key, .value = value };
    **tail = pair;
    *tail = &pair->next;
}

struct itsupc_text itsupc_trace(struct itsupc *s, const struct itsupc_request *asked, bool json,
                                enum itsupc_answer *kind) {
    struct tracing *t = tracing_of(s);
    build(s, t);
    arena_reset(&t->answers);
    struct request r = { .method = str_of(asked->method),
                         .host = str_of(asked->host),
                         .sni = str_of(asked->sni),
                         .ip = str_of(asked->ip),
                         .entry_point = str_of(asked->entry_point),
                         .has_host = asked->host != NULL,
                         .has_sni = asked->sni != NULL };
    struct test_pair **tail = &r.headers;
    struct str fault = STR("");
    for (size_t i = 0; i < asked->header_count; i++) {
        struct str text = str_of(asked->headers[i]);
        size_t equals = str_find(text, '=');
        if (equals == STR_NONE)
            fault = str_format(&t->answers, "a header is written NAME=VALUE, not `%.*s`",
                               STR_ARG(text));
        else
            add_header(&t->answers, &tail, str_slice(text, 0, equals), str_from(text, equals + 1));
    }
    for (struct str rest = str_of(asked->alpn); rest.len;) {
        size_t comma = str_find(rest, ',');
        strs_add(&r.alpn, &t->answers, str_trim(str_slice(rest, 0, comma)));
        rest = comma == STR_NONE ? STR("") : str_from(rest, comma + 1);
    }
    if (!fault.len)
        fault = request_read_url(&r, str_of(asked->url));
    return answer(s, t, &r, fault, json, kind);
}

/* One value or a list of them. */
static void read_header(struct arena *a, struct test_pair ***tail, const struct tree_entry *e) {
    const struct tree *value = tree_value(e);
    if (value->kind != TREE_SEQUENCE) {
        add_header(a, tail, tree_key(e), tree_text(value));
        return;
    }
    for (const struct tree_entry *item = tree_entries(value); item; item = item->next)
        add_header(a, tail, tree_key(e), tree_text(item->value));
}

static struct str read_line(struct arena *a, struct str line, struct request *r) {
    struct sources sources = { .arena = a };
    struct diags diags = { .arena = a, .sources = &sources };
    struct source *source = source_add(&sources, STR("<request>"), line);
    struct tree_file *file = source ? json_tree_read(a, &diags, source) : NULL;
    if (!file || file->root->kind != TREE_MAPPING)
        return STR("a request is one JSON object on one line");
    struct str url = STR("");
    struct test_pair **tail = &r->headers;
    for (const struct tree_entry *e = tree_entries(file->root); e; e = e->next) {
        struct str key = tree_key(e), value = tree_text(e->value);
        if (str_is(key, "url")) {
            url = value;
        } else if (str_is(key, "method")) {
            r->method = value;
        } else if (str_is(key, "host")) {
            r->host = value;
            r->has_host = true;
        } else if (str_is(key, "sni")) {
            r->sni = value;
            r->has_sni = true;
        } else if (str_is(key, "ip")) {
            r->ip = value;
        } else if (str_is(key, "entryPoint")) {
            r->entry_point = value;
        } else if (str_is(key, "alpn")) {
            for (const struct tree_entry *i = tree_entries(e->value); i; i = i->next)
                strs_add(&r->alpn, a, tree_text(i->value));
        } else if (str_is(key, "headers")) {
            for (const struct tree_entry *h = tree_entries(e->value); h; h = h->next)
                read_header(a, &tail, h);
        } else {
            return str_format(a, "a request has no `%.*s`", STR_ARG(key));
        }
    }
    return request_read_url(r, url);
}

struct itsupc_text itsupc_trace_line(struct itsupc *s, struct itsupc_text line,
                                     enum itsupc_answer *kind) {
    struct tracing *t = tracing_of(s);
    build(s, t);
    arena_reset(&t->answers);
    struct request r = { 0 };
    struct str fault = read_line(&t->answers, (struct str){ line.at, line.len }, &r);
    return answer(s, t, &r, fault, true, kind);
}
