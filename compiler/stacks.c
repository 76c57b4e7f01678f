/* Compose files → what the model needs of them, in the arena that stays. */
#include "ir/ir.h"
#include "lower/compose_names.h"
#include "lower/compose_outline.h"
#include "lower/compose_paths.h"
#include "lower/compose_reach.h"
#include "model/names.h"
#include "model/services.h"
#include "session.h"

bool session_load_part(void *context, struct str path, struct span at, struct source **out) {
    *out = session_source(context, path, at);
    return *out != NULL;
}

/* compose.yml → compose.override.yml, when there is one. */
static struct source *load_override(struct itsupc *s, struct str name) {
    size_t dot = str_find_last(name, '.');
    struct itsupc_text text;
    struct source *found = NULL;
    if (dot == STR_NONE || !s->options.loader.load)
        return NULL;
    static const char *const endings[] = { ".override.yml", ".override.yaml" };
    struct arena scratch = { 0 };
    for (size_t i = 0; i < sizeof endings / sizeof *endings && !found; i++) {
        struct str beside =
            str_format(&scratch, "%.*s%s", STR_ARG(str_slice(name, 0, dot)), endings[i]);
        if (s->options.loader.load(s->options.loader.context, beside.at, s, &text) == ITSUPC_LOADED)
            found = session_add_source(s, str_copy(&s->arena, beside),
                                       (struct str){ text.at, text.len });
    }
    arena_free(&scratch);
    return found;
}

/* With a variable in it the name is known at run time only. */
void session_check_compose_name(struct itsupc *s, const struct compose *compose) {
    struct fault fault = names_check_project(compose->name);
    if (!compose->name.len || fault.error == NAMES_OK || str_find(compose->name, '$') != STR_NONE)
        return;
    diag_add(&s->diags, DIAG_NAME_SYNTAX, compose->name_span, "`%.*s` is no project name: %s",
             STR_ARG(compose->name), names_error_text(fault.error));
}

/* A project is called after `name:`, else after the folder that the file lies in. */
static struct str compose_project(struct itsupc *s, const struct compose *compose,
                                  struct str name) {
    if (compose->name.len) {
        session_check_compose_name(s, compose);
        return str_copy(&s->arena, compose->name);
    }
    size_t slash = str_find_last(name, '/');
    if (slash == STR_NONE)
        return str_of(s->options.folder);
    struct str folder = str_slice(name, 0, slash);
    slash = str_find_last(folder, '/');
    return slash == STR_NONE ? folder : str_from(folder, slash + 1);
}

static void add_networks(struct itsupc *s, const struct compose *compose, struct stack *stack) {
    struct stack_network **tail = &stack->networks;
    for (const struct compose_network *c = compose->networks; c; c = c->next) {
        *tail = arena_new(&s->arena, struct stack_network);
        (*tail)->key = str_copy(&s->arena, c->name);
        (*tail)->external = c->external;
        (*tail)->name =
            str_copy(&s->arena, c->real_name.len || !c->external ? c->real_name : c->name);
        tail = &(*tail)->next;
    }
}

/* A proxy in a container publishes the very ports that its routes listen on. */
static bool is_proxy(const struct compose_service *c) {
    const struct tree *image = compose_service_get(c, STR("image"));
    return tree_is(image, TREE_SCALAR) &&
           str_find_str(tree_text(image), STR("traefik")) != STR_NONE;
}

static void add_published(struct itsupc *s, const struct compose_service *c, struct stack *stack) {
    for (const struct compose_port *p = is_proxy(c) ? NULL : c->ports; p; p = p->next) {
        if (!p->from || p->unknown)
            continue;
        struct published *made = arena_new(&s->arena, struct published);
        *made = (struct published){ .next = stack->published,
                                    .span = p->span,
                                    .service = str_copy(&s->arena, c->name),
                                    .from = p->from,
                                    .to = p->to,
                                    .udp = str_is(p->protocol, "udp") };
        stack->published = made;
    }
}

/* What listens in the container, for editors: `expose`, then what `ports` lead to. */
static uint16_t *ports_of(struct itsupc *s, const struct compose_service *c) {
    const struct compose_port *lists[] = { c->expose, c->ports };
    size_t count = 0, at = 0;
    for (size_t i = 0; i < 2; i++)
        for (const struct compose_port *p = lists[i]; p; p = p->next)
            count++;
    uint16_t *ports = arena_array(&s->arena, uint16_t, count + 1);
    for (size_t i = 0; i < 2; i++)
        for (const struct compose_port *p = lists[i]; p; p = p->next)
            if (p->target_from && !p->unknown)
                ports[at++] = p->target_from;
    return ports;
}

/* What decides over which network a proxy asks it. */
static void add_reach(struct itsupc *s, const struct compose *compose,
                      const struct compose_service *c, const struct stack *stack,
                      struct service *to) {
    struct reach_end *end = &to->reach.end;
    to->reach.name = to->name;
    to->reach.project = stack->project;
    to->reach.span = to->span;
    to->is_proxy = compose_is_traefik(c);
    to->reach_known = compose_reach(&s->arena, compose, c, stack->project, end);
    for (const struct compose_pair *p = c->labels.first; p; p = p->next) {
        to->labelled |= str_starts(p->key, STR("traefik.http.routers.")) ||
                        str_starts(p->key, STR("traefik.tcp.routers."));
        if (!str_eq_nocase(p->key, STR("traefik.docker.network")) || !p->has_value)
            continue;
        to->reach.label = str_copy(&s->arena, p->value);
        to->reach.label_span = p->value_span;
    }
}

/* Most files are never spliced when nothing is made. */
static struct outline *outline_of(struct itsupc *s, const struct compose *compose) {
    struct outline *outline = compose_outline(&s->arena, compose, s->only_checks);
    return outline->brief && !outline->plain ? compose_outline(&s->arena, compose, false) : outline;
}

static void add_hand(struct itsupc *s, const struct compose_service *c, struct stack *stack) {
    for (const struct compose_pair *p = c->labels.first; p; p = p->next) {
        if (!str_eq_nocase(str_slice(p->key, 0, 8), STR("traefik.")))
            continue;
        struct hand_label *made = arena_new(&s->arena, struct hand_label);
        *made = (struct hand_label){ .next = stack->hand,
                                     .span = p->key_span,
                                     .service = str_copy(&s->arena, c->name),
                                     .key = str_copy(&s->arena, p->key),
                                     .value = str_copy(&s->arena, p->value) };
        stack->hand = made;
    }
}

/* Flags may be written anew: `proxy { command … }`. */
static void add_flags(struct itsupc *s, const struct compose_service *c, struct service *to) {
    const struct compose_texts *texts = &c->command;
    if (!texts->first || !str_starts(texts->first->text, STR("--")))
        return;
    to->flags = arena_array(&s->arena, struct str, texts->count);
    for (const struct compose_text *t = texts->first; t; t = t->next)
        to->flags[to->flag_count++] = str_copy(&s->arena, t->text);
    to->flags_span = (struct span){ texts->first->node->span.start, texts->last->node->span.end };
}

/* What the model needs of a compose file, in the arena that stays. */
static struct stack *stack_of(struct itsupc *s, const struct compose *compose, struct str name) {
    struct stack *stack = arena_new(&s->arena, struct stack);
    stack->file = name;
    stack->called = compose_project(s, compose, name);
    stack->project = compose_project_name(&s->arena, stack->called);
    if (s->program.world == IR_TREE) /* its text is written anew */
        stack->outline = outline_of(s, compose);
    stack->start = span_of(compose->main->source, 0, 0);
    stack->index.arena = &s->arena;
    add_networks(s, compose, stack);
    stack->incomplete = compose->incomplete;
    for (const struct compose_service *c = compose->services; c; c = c->next)
        stack->count++;
    stack->services = arena_array(&s->arena, struct service, stack->count);
    size_t at = 0;
    for (const struct compose_service *c = compose->services; c; c = c->next, at++) {
        stack->services[at].name = str_copy(&s->arena, c->name);
        stack->services[at].span = c->name_span;
        /* With networks of its own beside it the mistake was told where it stands. */
        if (c->network_mode && compose_network_mode(c).len && !c->has_networks)
            stack->services[at].own_network = c->network_mode->span;
        stack->services[at].has_networks = c->networks != NULL; /* `[]` is the default one */
        stack->services[at].has_dns = c->dns.count > 0;
        stack->services[at].elsewhere = c->part != compose->main;
        stack->services[at].ports = ports_of(s, c);
        add_flags(s, c, &stack->services[at]);
        *table_at(&stack->index, stack->services[at].name) = &stack->services[at];
        add_published(s, c, stack);
        add_hand(s, c, stack);
        if (s->program.world != IR_TREE) /* whose proxies stand on the host's network */
            add_reach(s, compose, c, stack, &stack->services[at]);
    }
    return stack;
}

struct compose *session_compose(struct itsupc *s, struct source *source) {
    struct lower_loader loader = { .context = s, .load = session_load_part };
    return compose_read(&s->compose, &s->diags, source, load_override(s, source->name), &loader);
}

struct stack *session_stack(struct itsupc *s, struct str name, struct span at) {
    struct stack *known = table_get(&s->stacks, name);
    if (known)
        return known;
    struct source *source = session_source(s, name, at);
    struct compose *compose = source ? session_compose(s, source) : NULL;
    if (compose && s->in_tree)
        compose_check_paths(compose);
    struct stack *stack = compose ? stack_of(s, compose, source->name) : NULL;
    arena_reset(&s->compose);
    if (stack)
        *table_at(&s->stacks, source->name) = stack;
    return stack;
}
