/* The fixed addresses of services on the proxy's network. */
#include "model/addresses.h"

#include "support/cidr.h"

struct claim { /* an address that some service has */
    const struct project *project;
    struct str service;
    struct span span;
};

struct addresses {
    struct program *program;
    struct arena arena;  /* given back at the end */
    struct cidr network; /* bits 0: not in view */
    bool has_stack;      /* whose name server has an address there, too */
    struct span network_span;
    struct table claims;    /* by canonical text */
    struct table unreached; /* of the project at hand: service → its finding */
};

/* What the ready-made proxies of the three generations have. */
static const char *const stack_networks[] = { "172.30.0.0/16", "172.20.0.0/16", "172.20.0.0/16" };
enum {
    STACK_NAME_SERVER = 253,
    ITSUP_ON_HOST = 3 /* the stack whose proxy is no container's peer */
};

/* A range that the proxy's block gives its network. */
static bool find_range(struct addresses *a, const struct setting *proxy) {
    for (const struct setting *s = proxy->children; s; s = s->next) {
        const struct setting *network = s->vocable->id == SETTING_PROXY_PROVIDER
                                            ? settings_find(s->children, SETTING_PROVIDER_NETWORK)
                                            : NULL;
        const struct slot *range = network ? setting_slot(network, "cidr") : NULL;
        if (!range || !range->count || cidr_parse(range->texts[0].s, &a->network).error != CIDR_OK)
            continue;
        a->network_span = range->texts[0].span;
        return true;
    }
    return false;
}

/* A ready-made proxy stands beside the user's block. */
static void find_network(struct addresses *a) {
    const struct setting *stack = NULL;
    for (const struct setting *s = a->program->model->settings.head; s; s = s->next) {
        if (s->vocable->id != SETTING_FILE_PROXY)
            continue;
        if (find_range(a, s))
            return;
        const struct setting *found = settings_find(s->children, SETTING_PROXY_STACK);
        stack = found ? found : stack;
    }
    struct str generation = stack ? setting_word(stack, "generation") : STR("");
    if (generation.len != 1 || generation.at[0] < '1' || generation.at[0] > '3')
        return;
    a->has_stack =
        cidr_parse(str_of(stack_networks[generation.at[0] - '1']), &a->network).error == CIDR_OK;
    a->network_span = stack->span;
}

/* The address `number` places behind the network's own. */
static bool is_numbered(const struct addresses *a, const struct cidr *ip, unsigned number) {
    struct cidr wanted = cidr_network(&a->network);
    wanted.address[a->network.bits / 8 - 1] = (unsigned char)number;
    return memcmp(wanted.address, ip->address, a->network.bits / 8) == 0;
}

static const char *reserved_as(const struct addresses *a, const struct cidr *ip) {
    if (cidr_is_network_address(ip, &a->network))
        return "the network's own address";
    if (cidr_is_broadcast_address(ip, &a->network))
        return "the broadcast address";
    if (is_numbered(a, ip, 1))
        return "the network's gateway";
    if (a->has_stack && is_numbered(a, ip, STACK_NAME_SERVER))
        return "the stack's name server";
    return NULL;
}

static void check_place(struct addresses *a, const struct text *text, const struct cidr *ip) {
    struct diags *diags = a->program->diags;
    if (a->network.bits != ip->bits)
        return;
    struct str network = cidr_text(&a->arena, &a->network);
    struct diag *d = NULL;
    const char *what = NULL;
    if (!cidr_contains(&a->network, ip))
        d = diag_add(diags, DIAG_IP, text->span, "%.*s lies outside the proxy's network %.*s",
                     STR_ARG(text->s), STR_ARG(network));
    else if ((what = reserved_as(a, ip)))
        d = diag_add(diags, DIAG_IP, text->span, "%.*s is %s", STR_ARG(text->s), what);
    diag_note_at(diags, d, a->network_span, "the proxy's network is %.*s", STR_ARG(network));
    diag_effect(diags, d, "Docker would refuse to start the service");
}

static void check_claim(struct addresses *a, const struct project *project, struct str service,
                        const struct text *text, const struct cidr *ip) {
    struct claim **slot = (struct claim **)table_at(&a->claims, cidr_address_text(&a->arena, ip));
    if (!*slot) {
        *slot = arena_new(&a->arena, struct claim);
        **slot = (struct claim){ project, service, text->span };
        return;
    }
    struct diags *diags = a->program->diags;
    if ((*slot)->project == project && str_eq((*slot)->service, service))
        return;
    struct diag *d = diag_add(diags, DIAG_IP, text->span, "%.*s is the address of `%.*s` already",
                              STR_ARG(text->s), STR_ARG((*slot)->service));
    diag_note_at(diags, d, (*slot)->span, "claimed here, in the project `%.*s`",
                 STR_ARG((*slot)->project->name));
    diag_effect(diags, d, "Docker would refuse to start the second of them");
}

static void check_service(struct addresses *a, const struct project *project,
                          const struct setting *service) {
    const struct setting *ip = settings_find(service->children, SETTING_SERVICE_IP);
    for (size_t i = 0; ip && ip->slot_count && i < ip->slots[0].count; i++) {
        const struct text *text = &ip->slots[0].texts[i];
        struct cidr address;
        if (text_has_placeholder(text) || cidr_parse_ip(text->s, &address).error != CIDR_OK)
            continue;
        check_place(a, text, &address);
        check_claim(a, project, setting_word(service, "service"), text, &address);
    }
}

/* ---- routes that need one ---- */

/* Such routes stand in files of the proxy, which runs on the host's network and sees no names of
   containers: labels alone bring an address with them. */
static bool is_in_file(const struct route *route) {
    return mode_infos[route->mode].protocol != PROTOCOL_HTTP ||
           (route->hostport && route->hostport != 8080 && route->hostport != 8443);
}

static bool has_address(const struct project *project, struct str service) {
    for (const struct setting *s = project->settings.head; s; s = s->next)
        if (s->vocable->id == SETTING_PROJECT_SERVICE &&
            str_eq(setting_word(s, "service"), service))
            return settings_find(s->children, SETTING_SERVICE_IP) != NULL || s->poisoned;
    return false;
}

static void check_reach(struct addresses *a, const struct project *project,
                        const struct route_target *target) {
    struct diags *diags = a->program->diags;
    struct str service = target->to.host;
    if (target->to.kind != TARGET_SERVICE || target->to.host_has_hole || target->loose ||
        str_find(service, '.') != STR_NONE || str_is(service, "localhost") ||
        has_address(project, service))
        return;
    struct diag **first = (struct diag **)table_at(&a->unreached, service);
    if (*first) {
        diag_note_at(diags, *first, target->host_span, "so is it here");
        return;
    }
    *first = diag_add(diags, DIAG_ITSUP_UNRESOLVED, target->host_span,
                      "`%.*s` is a name that the proxy cannot resolve here", STR_ARG(service));
    diag_effect(diags, *first,
                "the route stands in a file, and Traefik runs on the host's own network");
    if (str_ends(source_at(diags->sources, target->host_span.start)->name, STR(".itsup")))
        diag_help(diags, *first, "give it an address: service %.*s { ip 172.20.0.10 }",
                  STR_ARG(service));
    else
        diag_help(diags, *first, "give it an address: ipv4_address: 172.20.0.10");
}

static void check_routes(struct addresses *a, const struct project *project) {
    struct arena scratch = { 0 };
    a->unreached = (struct table){ .arena = &scratch };
    for (const struct route *r = project->routes; r; r = r->next)
        for (const struct pool *p = is_in_file(r) ? r->pools : NULL; p; p = p->next)
            for (const struct route_target *t = p->targets; t; t = t->next)
                check_reach(a, project, t);
    arena_free(&scratch);
}

void check_addresses(struct program *program) {
    struct addresses a = { .program = program };
    a.claims.arena = &a.arena;
    find_network(&a);
    for (const struct project *p = program->model->projects; p; p = p->next) {
        for (const struct setting *s = p->settings.head; s; s = s->next)
            if (s->vocable->id == SETTING_PROJECT_SERVICE)
                check_service(&a, p, s);
        if (program->stack == ITSUP_ON_HOST && !p->disabled && p->at.len == 0)
            check_routes(&a, p);
    }
    arena_free(&a.arena);
}
