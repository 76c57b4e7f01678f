/* Variables of compose files: from the environment, --env-file, or `.env` beside the file. */
#include "lower/compose_names.h"
#include "tracing.h"

static bool find(void *context, struct str name, struct str *value) {
    const struct itsupc *s = context;
    return s->ir && secrets_find(&s->secrets, name, value);
}

static void miss(void *context, struct str name, struct span at, bool required) {
    struct itsupc *s = context;
    struct tracing *t = tracing_of(s);
    void **slot = table_at(&t->missed, str_copy(&s->arena, name));
    if (*slot)
        return;
    struct missing_variable *m = arena_new(&s->arena, struct missing_variable);
    *m = (struct missing_variable){ .name = str_copy(&s->arena, name),
                                    .span = at,
                                    .required = required };
    *slot = *t->last_missing = m;
    t->last_missing = &m->next;
}

void tracing_read_env(struct itsupc *s, struct str compose) {
    struct tracing *t = tracing_of(s);
    size_t slash = str_find_last(compose, '/');
    struct str beside = str_format(
        &s->arena, "%.*s.env", STR_ARG(str_slice(compose, 0, slash == STR_NONE ? 0 : slash + 1)));
    struct itsupc_text text;
    /* What holds for any values is judged without them. */
    if (t->always) {
        t->env = (struct compose_env){ .arena = &s->arena, .keep = true };
        t->env.values.arena = &s->arena;
        return;
    }
    t->env = (struct compose_env){ .arena = &s->arena,
                                   .environment = s->options.environment,
                                   .values = { .arena = &s->arena },
                                   .find = find,
                                   .context = s };
    for (const struct value_file *file = s->value_files; file; file = file->next)
        compose_env_read(&t->env, file->text);
    if (!s->value_files && s->options.loader.load &&
        s->options.loader.load(s->options.loader.context, beside.at, s, &text) == ITSUPC_LOADED)
        compose_env_read(&t->env, (struct str){ text.at, text.len });
}

struct str tracing_project(struct itsupc *s, const struct compose *compose, struct str otherwise) {
    struct str name = STR("");
    if (compose_env_find(&tracing_of(s)->env, STR("COMPOSE_PROJECT_NAME"), &name) && name.len)
        return name;
    return compose && compose->name.len ? compose->name
                                        : compose_project_name(&s->arena, otherwise);
}

/* What says where requests go; a password without a value changes nothing here. */
static bool is_for_routes(struct str key) {
    static const char *const keys[] = { "labels",  "image",          "ports",    "expose", "deploy",
                                        "command", "container_name", "profiles", "extends" };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (str_is(key, keys[i]))
            return true;
    return false;
}

static void expand_service(struct compose_env *e, struct tree *service) {
    if (service->kind != TREE_MAPPING)
        return;
    for (struct tree_entry *entry = service->first; entry; entry = entry->next) {
        e->missing = is_for_routes(tree_key(entry)) ? miss : NULL;
        compose_env_expand_tree(e, entry->value);
    }
}

void tracing_expand(void *session, struct tree *root) {
    struct compose_env *e = &tracing_of(session)->env;
    for (struct tree_entry *top = root->first; top; top = top->next) {
        if (!str_is(tree_key(top), "services") || top->value->kind != TREE_MAPPING) {
            e->missing = NULL;
            compose_env_expand_tree(e, top->value);
            continue;
        }
        for (struct tree_entry *one = top->value->first; one; one = one->next)
            expand_service(e, one->value);
    }
}

void tracing_tell_missing(struct itsupc *s) {
    struct tracing *t = tracing_of(s);
    for (const struct missing_variable *m = t->missing; m; m = m->next)
        proxy_tell(&t->proxy, m->span, "`%.*s` has no value", STR_ARG(m->name))->effect =
            m->required ? STR("Compose refuses the file")
                        : STR("Compose puts nothing in its place");
}
