/* Whether routes lead to services that exist. */
#include "model/services.h"

#include "support/nearest.h"

/* A name with a dot is a host that the proxy resolves; a bare one is a service of the compose file.
 */
static bool names_service(const struct route_target *target) {
    const struct target *to = &target->to;
    return to->kind == TARGET_SERVICE && !to->host_has_hole && !target->loose &&
           str_find(to->host, '.') == STR_NONE && !str_is(to->host, "localhost");
}

/* Docker gives such a service no other network, and Traefik no address to send requests to. */
static void tell_network(struct program *program, const struct service *service, struct span span) {
    struct diags *diags = program->diags;
    struct diag *d =
        diag_add(diags, DIAG_COMPOSE_NETWORK_MODE, span,
                 "the service `%.*s` cannot join the proxy's network", STR_ARG(service->name));
    diag_note_at(diags, d, service->own_network, "its network_mode is here");
    diag_effect(diags, d, "Compose refuses networks beside network_mode");
    diag_help(diags, d, "remove network_mode, or route to the host's address instead");
}

static void check_name(struct program *program, const struct stack *stack, struct str name,
                       struct span span) {
    struct service *service = table_get(&stack->index, name);
    if (service)
        service->routed = true;
    if (service && !span_is_none(service->own_network))
        tell_network(program, service, span);
    if (stack->incomplete || service)
        return;
    struct diag *d = diag_add(program->diags, DIAG_SERVICE_UNKNOWN, span,
                              "`%.*s` has no service `%.*s`", STR_ARG(stack->file), STR_ARG(name));
    struct nearest near = { .wanted = name, .effort = &program->diags->hints };
    for (size_t i = 0; i < stack->count; i++)
        nearest_offer(&near, stack->services[i].name);
    diag_effect(program->diags, d, "the route would have no backend");
    if (near.best.len)
        diag_suggest(program->diags, d, span, near.best);
    else
        diag_help(program->diags, d, "add the service, or write a host with a dot or an address");
}

/* A target in a setting: a mirror, a forward for ACME challenges. */
static void check_setting_target(struct program *program, const struct route *route,
                                 const struct setting *s) {
    const struct slot *slot = setting_slot(s, "target");
    struct route_target target = { 0 };
    if (!slot || slot->count == 0 || target_parse(slot->texts[0].s, &target.to).error != TARGET_OK)
        return;
    const struct text *text = &slot->texts[0];
    if (names_service(&target))
        check_name(program, route->stack, target.to.host,
                   text_span(text, target.to.host_at, target.to.host_at + target.to.host.len));
}

static void check_route(struct program *program, const struct route *route) {
    for (const struct setting *s = route->settings; s; s = s->next)
        check_setting_target(program, route, s);
    for (const struct pool *p = route->pools; p; p = p->next)
        for (const struct route_target *t = p->targets; t; t = t->next)
            if (names_service(t))
                check_name(program, route->stack, t->to.host, t->host_span);
}

static void check_settings_of(struct program *program, const struct project *project) {
    for (const struct setting *s = project->settings.head; s; s = s->next)
        if (s->vocable->id == SETTING_PROJECT_SERVICE && project->stack && s->slot_count &&
            s->slots[0].count)
            check_name(program, project->stack, s->slots[0].texts[0].s, s->slots[0].texts[0].span);
}

/* `raw compose` may hold services, too. */
static bool has_raw(const struct setting *s) {
    for (; s; s = s->next)
        if ((s->vocable->id == SETTING_PROJECT_RAW || s->vocable->id == SETTING_FILE_RAW) &&
            str_is(setting_word(s, "kind"), "compose"))
            return true;
    return false;
}

/* In a tree each project's folder is in view: one that holds no compose file has no services. */
static void tell_homeless(struct program *program, const struct project *project,
                          const struct route *route) {
    for (const struct pool *p = route->pools; p; p = p->next)
        for (const struct route_target *t = p->targets; t; t = t->next) {
            if (!names_service(t))
                continue;
            struct diag *d =
                diag_add(program->diags, DIAG_SERVICE_UNKNOWN, t->host_span,
                         "the project `%.*s` has no compose file, so no service `%.*s`",
                         STR_ARG(project->name), STR_ARG(t->to.host));
            diag_effect(program->diags, d, "the route would have no backend");
            diag_help(program->diags, d,
                      "put a docker-compose.yml into its folder, or write a host with a dot or an "
                      "address");
        }
}

void check_services(struct program *program) {
    for (const struct project *p = program->model->projects; p; p = p->next) {
        if (p->at.len)
            continue;
        for (const struct route *r = p->routes; r; r = r->next)
            if (r->stack)
                check_route(program, r);
            else if (program->whole && p->name.len && !p->stack && !has_raw(p->settings.head) &&
                     !has_raw(program->model->settings.head))
                tell_homeless(program, p, r);
        check_settings_of(program, p);
    }
}
