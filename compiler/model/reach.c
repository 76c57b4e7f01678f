/* Whether a proxy in a container of the same compose file reaches the services of routes. Those
   join the network of `provider docker`, which is then named for each of them. */
#include "model/services.h"

/* The network that the proxy's block names, or NULL. */
static const struct text *network_of(const struct program *program) {
    for (const struct setting *s = program->model->settings.head; s; s = s->next) {
        if (s->vocable->id != SETTING_FILE_PROXY)
            continue;
        for (const struct setting *p = s->children; p; p = p->next) {
            const struct setting *network =
                p->vocable->id == SETTING_PROXY_PROVIDER
                    ? settings_find(p->children, SETTING_PROVIDER_NETWORK)
                    : NULL;
            const struct slot *slot = network ? setting_slot(network, "network") : NULL;
            if (slot && slot->count)
                return &slot->texts[0];
        }
    }
    return NULL;
}

/* Docker's name for it: that of the compose file's network, else as it stands. */
static struct str real_name(struct arena *a, const struct stack *stack, struct str network) {
    for (const struct stack_network *n = stack->networks; n; n = n->next)
        if (n->name.len && str_eq(n->name, network))
            return network;
    for (const struct stack_network *n = stack->networks; n; n = n->next)
        if (str_eq(n->key, network) && !n->name.len)
            return str_format(a, "%.*s_%.*s", STR_ARG(stack->project), STR_ARG(network));
    return network;
}

static const struct service *proxy_of(const struct stack *stack) {
    const struct service *found = NULL;
    for (size_t i = 0; i < stack->count; i++) {
        if (stack->services[i].is_proxy && found)
            return NULL;
        found = stack->services[i].is_proxy ? &stack->services[i] : found;
    }
    return found && found->reach_known ? found : NULL;
}

static void tell_proxy(struct program *program, const struct service *proxy,
                       const struct text *network) {
    struct diag *d = diag_add(program->diags, DIAG_NETWORK, network->span,
                              "the proxy `%.*s` is not on the network `%.*s`", STR_ARG(proxy->name),
                              STR_ARG(network->s));
    diag_effect(program->diags, d, "Traefik asks services over it: every route answers 504");
    diag_help(program->diags, d, "add `%.*s` to the networks of `%.*s`", STR_ARG(network->s),
              STR_ARG(proxy->name));
    diag_note_at(program->diags, d, proxy->span, "the proxy");
}

/* The one that a build would join routed services to. */
static struct reach_end joined(struct arena *a, const struct reach_end *own, struct str network) {
    if (!network.len || reach_joins(own, network))
        return *own;
    struct str *all = arena_array(a, struct str, own->count + 1);
    for (size_t i = 0; i < own->count; i++)
        all[i] = own->networks[i];
    all[own->count] = network;
    return (struct reach_end){ all, own->count + 1 };
}

static void check_stack(struct program *program, const struct stack *stack,
                        const struct text *network) {
    const struct service *proxy = stack->incomplete ? NULL : proxy_of(stack);
    struct str named = network ? real_name(program->arena, stack, network->s) : STR("");
    bool away = proxy && named.len && !reach_joins(&proxy->reach.end, named);
    if (away)
        tell_proxy(program, proxy, network);
    for (size_t i = 0; i < stack->count && !away; i++) {
        const struct service *s = &stack->services[i];
        struct reach to = s->reach;
        if (s->is_proxy || !s->reach_known || !(s->routed || s->labelled) ||
            str_find(to.label, '$') != STR_NONE || str_find(named, '$') != STR_NONE)
            continue;
        if (s->routed)
            to.end = joined(program->arena, &to.end, named);
        reach_check(program->diags, proxy ? &proxy->reach : NULL, &to, named);
    }
}

void check_reach(struct program *program) {
    const struct text *network = network_of(program);
    struct table done = { .arena = program->arena };
    for (const struct project *p = program->model->projects; p && !program->whole; p = p->next) {
        void **seen = p->stack ? table_at(&done, p->stack->file) : NULL;
        if (!seen || *seen)
            continue;
        *seen = p->stack;
        check_stack(program, p->stack, network);
    }
}
