/* Questions to a workspace are asked to what it is built into: the files and labels that Traefik
   would read. Routers lead back to the lines that they come from. */
#include "ir/ir.h"
#include "tracing.h"

static struct str folder_of(struct str path) {
    size_t slash = str_find_last(path, '/');
    return str_slice(path, 0, slash == STR_NONE ? 0 : slash + 1);
}

static struct str base_of(struct str path) {
    return str_from(path, folder_of(path).len);
}

/* The compose file that an override stands beside. */
static struct source *overridden(struct itsupc *s, struct str path) {
    for (const struct ir_stack *stack = s->ir->stacks; stack; stack = stack->next)
        if (stack->file.len && str_eq(folder_of(stack->file), folder_of(path)))
            return session_source(s, stack->file, (struct span){ 0, 0 });
    return NULL;
}

static struct str project_of(const struct itsupc *s, struct str path) {
    for (const struct ir_stack *stack = s->ir->stacks; stack; stack = stack->next)
        if (stack->file.len && str_eq(folder_of(stack->file), folder_of(path)))
            return stack->project;
    struct str folder = folder_of(path);
    return folder.len ? base_of(str_slice(folder, 0, folder.len - 1)) : STR("");
}

static void add(struct itsupc *s, struct file_set *set, const struct itsupc_artifact *artifact) {
    struct str path = str_of(artifact->path), base = base_of(path);
    struct source *source =
        session_add_source(s, path, (struct str){ artifact->text.at, artifact->text.len });
    struct tracing *t = tracing_of(s);
    if (!source || !(str_ends(base, STR(".yml")) || str_ends(base, STR(".yaml"))))
        return;
    if (str_is(base, "traefik.yml")) {
        t->has_static = true;
        t->base = tracing_read(s, source);
    } else if (str_is(base, "compose.ingress.yml")) {
        struct source *own = overridden(s, path);
        tracing_add_compose(s, own ? own : source, own ? source : NULL, project_of(s, path));
    } else if (str_is(base, "docker-compose.yml")) {
        tracing_add_compose(s, source, NULL, project_of(s, path));
    } else {
        tracing_add_file(s, set, source);
    }
}

static struct str key_of(struct itsupc *s, unsigned protocol, struct str name) {
    return str_format(&s->arena, "%u %.*s", protocol, STR_ARG(name));
}

static void find_sources(struct itsupc *s, struct proxy *p) {
    struct table spans = { .arena = &s->arena };
    for (const struct ir_project *project = s->ir->projects; project; project = project->next)
        for (struct ir_router *r = project->routers; r; r = r->next)
            if (r->name.len)
                *table_at(&spans, key_of(s, r->protocol, r->name)) = r;
    for (struct router *r = p->routers; r; r = r->next) {
        const struct ir_router *from = table_get(&spans, key_of(s, r->layer, r->name));
        if (from)
            r->span = from->span;
    }
}

bool itsupc_trace_workspace(struct itsupc *s) {
    struct itsupc_artifacts all = session_made(s);
    if (s->diags.errors || !s->ir)
        return false;
    struct file_set *set = tracing_add_set(s, all.count);
    for (size_t i = 0; i < all.count; i++)
        add(s, set, &all.list[i]);
    struct tracing *t = tracing_of(s);
    t->version = s->ir->version;
    if (s->ir->command.len && !t->base) { /* it is started with what the compose file says */
        t->base = t->flags;
        t->has_static = t->flags != NULL;
    }
    tracing_build(s);
    find_sources(s, &t->proxy);
    return true;
}
