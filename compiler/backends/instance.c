/* One instance of a template for those who start containers at run time: the IR cut down to what
   belongs to it, and that in the form asked for. */
#include "backends/instance.h"

#include "support/sha256.h"

/* ---- the part of the IR that is the instance ---- */

static void mark_service(struct table *seen, const struct ir_service *s) {
    struct buf key = { .arena = seen->arena };
    buf_format(&key, "%p", (const void *)s);
    *table_at(seen, buf_str(&key)) = (void *)(uintptr_t)s;
    for (const struct ir_child *c = s->children; c; c = c->next)
        mark_service(seen, c->service);
}

static bool is_marked(struct table *seen, const void *s) {
    struct buf key = { .arena = seen->arena };
    buf_format(&key, "%p", s);
    return table_get(seen, buf_str(&key)) != NULL;
}

static void keep_services(struct ir *cut, const struct ir *ir, struct table *seen) {
    cut->services = NULL;
    cut->last_service = &cut->services;
    cut->transports = NULL;
    cut->last_transport = &cut->transports;
    for (struct ir_service *s = ir->services; s; s = s->next) {
        if (!is_marked(seen, s))
            continue;
        struct ir_service *copy = arena_copy(ir->arena, s, sizeof *s);
        copy->next = NULL;
        *cut->last_service = copy;
        cut->last_service = &copy->next;
        if (!s->transport || is_marked(seen, s->transport))
            continue;
        struct buf key = { .arena = seen->arena };
        buf_format(&key, "%p", (void *)s->transport);
        *table_at(seen, buf_str(&key)) = s->transport;
        struct ir_transport *transport = arena_copy(ir->arena, s->transport, sizeof *transport);
        transport->next = NULL;
        *cut->last_transport = transport;
        cut->last_transport = &transport->next;
    }
}

static struct ir *cut_out(const struct ir *ir, struct ir_stack *stack) {
    struct table seen = { .arena = ir->arena };
    struct ir *cut = arena_copy(ir->arena, ir, sizeof *ir);
    struct ir_project *project = arena_copy(ir->arena, stack->owner, sizeof *project);
    project->routers = NULL;
    project->last_router = &project->routers;
    project->next = NULL;
    for (struct ir_router *r = stack->owner->routers; r; r = r->next) {
        if (!r->spawned)
            continue;
        struct ir_router *copy = arena_copy(ir->arena, r, sizeof *r);
        copy->next = NULL;
        *project->last_router = copy;
        project->last_router = &copy->next;
        mark_service(&seen, r->service);
        for (struct ir_middleware *m = r->middlewares; m; m = m->next)
            if (m->service)
                mark_service(&seen, m->service);
    }
    cut->projects = project;
    cut->stacks = stack;
    stack->next = NULL;
    cut->shared = NULL;
    cut->tls_options = NULL;
    cut->raws = NULL;
    keep_services(cut, ir, &seen);
    return cut;
}

/* ---- what it is ---- */

static const struct ir_entrypoint *entry_named(const struct ir *ir, struct str name) {
    for (const struct ir_entrypoint *e = ir->entrypoints; e; e = e->next)
        if (str_eq(e->name, name))
            return e;
    return NULL;
}

static struct str path_of(const struct ir_router *r) {
    bool exact = r->path.len && r->path.at[r->path.len - 1] == '$';
    return exact ? str_slice(r->path, 0, r->path.len - 1) : r->path;
}

static const struct ir_router *first_route(const struct ir *ir) {
    for (const struct ir_router *r = ir->projects->routers; r; r = r->next)
        if (r->use == IR_ROUTE)
            return r;
    return NULL;
}

static struct str url_of(const struct ir *ir) {
    const struct ir_router *r = first_route(ir);
    if (!r || !r->hosts.count || str_find(r->hosts.list[0], '*') != STR_NONE)
        return STR("");
    const struct ir_entrypoint *e =
        r->entrypoints.count ? entry_named(ir, r->entrypoints.list[0]) : NULL;
    unsigned port = e && e->published ? e->published : r->own_port || !e ? r->port : e->port;
    unsigned usual = str_is(r->mode, "https") ? 443 : str_is(r->mode, "http") ? 80 : 0;
    struct buf out = { .arena = ir->arena };
    buf_format(&out, "%.*s://%.*s", STR_ARG(r->mode), STR_ARG(r->hosts.list[0]));
    if (port && port != usual)
        buf_format(&out, ":%u", port);
    buf_add(&out, path_of(r));
    return buf_str(&out);
}

/* A port of this machine, the same for one name each time: below those that systems give away. */
static unsigned local_port(const struct instance_form *form, struct str name) {
    char hex[65];
    sha256_hex(name, hex);
    unsigned n = 0;
    for (size_t i = 0; i < 6; i++)
        n = n * 16 + (unsigned)(hex[i] <= '9' ? hex[i] - '0' : hex[i] - 'a' + 10);
    for (unsigned i = 0; i < 10000; i++) {
        unsigned port = 20000 + (n + i) % 10000;
        if (!form->port_taken || !form->port_taken(form->context, port))
            return port;
    }
    return 20000 + n % 10000;
}

/* Without a proxy nothing strips the path: the container answers at its root then. */
static bool strips(const struct ir_router *r) {
    for (const struct ir_middleware *m = r->middlewares; m; m = m->next)
        if (str_starts(m->type, STR("strip")) || str_is(m->type, "replacePath"))
            return true;
    return false;
}

static struct str port_of(const struct ir *ir) {
    const struct ir_router *r = first_route(ir);
    const struct ir_service *s = r ? r->service : NULL;
    while (s && !s->targets)
        s = s->children ? s->children->service : NULL;
    if (!s)
        return STR("80");
    if (s->targets->port.len)
        return s->targets->port;
    return str_is(s->targets->scheme, "https") ? STR("443") : STR("80");
}

static void publish(struct instance *it, const struct instance_form *form) {
    struct arena *a = it->ir->arena;
    const struct ir_router *r = first_route(it->ir);
    unsigned port = local_port(form, it->name);
    it->network = STR("");
    it->publish = str_format(a, "127.0.0.1:%u:%.*s%s", port, STR_ARG(port_of(it->ir)),
                             r && r->protocol == IR_UDP ? "/udp" : "");
    const char *scheme = !r || r->protocol == IR_HTTP ? "http"
                         : r->protocol == IR_UDP      ? "udp"
                                                      : "tcp";
    it->url = str_format(a, "%s://localhost:%u", scheme, port);
    if (r && !strips(r))
        it->url = str_format(a, "%.*s%.*s", STR_ARG(it->url), STR_ARG(path_of(r)));
}

/* ---- can the container's labels say it? ---- */

static void tell_unsaid(struct emission *e, struct span span, const char *what, struct str name) {
    struct diag *d =
        diag_add(e->diags, DIAG_UNSAID, span,
                 "labels of the new container cannot say the %s `%.*s`", what, STR_ARG(name));
    diag_effect(e->diags, d, "the container would start without this route");
    diag_help(e->diags, d, "write --format dynamic, and give Traefik the file");
}

static bool labels_say(struct emission *e, const struct instance *it) {
    bool good = true;
    for (const struct ir_router *r = it->ir->projects->routers; r; r = r->next) {
        if (r->place != IR_LABELS || r->on->stack != it->stack) {
            tell_unsaid(e, r->span, "route", r->name);
            good = false;
        }
        for (const struct ir_middleware *m = r->middlewares; m && good; m = m->next)
            if (m->place == IR_FILE) {
                tell_unsaid(e, m->span, "middleware", m->type);
                good = false;
            }
    }
    for (const struct ir_service *s = it->ir->services; s && good; s = s->next)
        if (s->kind != IR_PROVIDED && (s->place != IR_LABELS || s->on->stack != it->stack)) {
            tell_unsaid(e, s->span, "service", s->name);
            good = false;
        }
    return good;
}

static bool is_one(struct emission *e, const struct instance *it) {
    const struct ir_container *c = it->stack->containers, *second = c ? c->next : NULL;
    if (!c) {
        struct diag *d = diag_add(e->diags, DIAG_UNSAID, it->stack->span,
                                  "the template leads to no container of its own");
        diag_help(e->diags, d, "lead one of its routes to a container whose name has a parameter");
        return false;
    }
    if (!second)
        return true;
    struct diag *d = diag_add(e->diags, DIAG_UNSAID, second->span,
                              "the template leads to two containers, `%.*s` and `%.*s`",
                              STR_ARG(c->name), STR_ARG(second->name));
    diag_help(e->diags, d, "write a template for each of them, or --format dynamic");
    return false;
}

/* Docker refuses other names: [a-zA-Z0-9][a-zA-Z0-9_.-]+ */
static bool check_name(struct emission *e, const struct ir_container *c) {
    bool good = c->name.len > 1 && char_is_alnum(c->name.at[0]);
    for (size_t i = 1; i < c->name.len; i++)
        good &= char_is_alnum(c->name.at[i]) || memchr("_.-", c->name.at[i], 3);
    if (good)
        return true;
    struct diag *d = diag_add(e->diags, DIAG_NAME_SYNTAX, c->span,
                              "Docker takes no container called `%.*s`", STR_ARG(c->name));
    diag_help(e->diags, d, "use letters, digits, `-`, `_` and `.`; two of them at least");
    return false;
}

/* By a route that stands in a file. */
static bool is_used(const struct ir *ir, struct str entrypoint) {
    for (const struct ir_project *p = ir->projects; p; p = p->next)
        for (const struct ir_router *r = p->disabled ? NULL : p->routers; r; r = r->next)
            for (size_t i = 0; i < r->entrypoints.count && !r->spawned; i++)
                if (str_eq(r->entrypoints.list[i], entrypoint))
                    return true;
    return false;
}

/* An entry point that no static configuration has: a build made it for this route alone. */
static bool listens(struct emission *e) {
    bool good = true;
    struct ir *ir = e->ir;
    for (const struct ir_project *p = ir->has_proxy ? ir->projects : NULL; p; p = p->next)
        for (const struct ir_router *r = p->routers; r; r = r->next) {
            const struct ir_entrypoint *entry =
                r->spawned && r->entrypoints.count ? entry_named(ir, r->entrypoints.list[0]) : NULL;
            if (!entry || !entry->made || is_used(ir, entry->name))
                continue;
            struct diag *d =
                diag_add(e->diags, DIAG_ENTRYPOINT_UNKNOWN, r->span,
                         "no entry point of the proxy listens on port %u", entry->port);
            diag_effect(e->diags, d, "Traefik would not serve this route until it is restarted");
            diag_help(e->diags, d, "add it to the proxy block: entrypoint %.*s :%u",
                      STR_ARG(entry->name), entry->port);
            good = false;
        }
    return good;
}

bool instance_find(struct emission *e, struct ir_stack *stack, const struct instance_form *form,
                   struct instance *it) {
    if (!form->no_proxy && !listens(e))
        return false;
    *it = (struct instance){ .stack = stack, .ir = cut_out(e->ir, stack) };
    e->ir = it->ir;
    const struct ir_container *c = stack->containers;
    it->name = c ? c->name : STR("");
    it->url = text_for_traefik(e, url_of(it->ir), stack->span);
    it->network =
        text_for_traefik(e, stack->proxy ? stack->proxy->name : stack->usual, stack->span);
    bool dynamic = form->kind == INSTANCE_DYNAMIC && !form->no_proxy;
    if (!dynamic && (!is_one(e, it) || !check_name(e, c)))
        return false;
    if (form->no_proxy) {
        publish(it, form);
        return true;
    }
    if (dynamic)
        return true;
    if (!labels_say(e, it))
        return false;
    labels_fill(e);
    it->labels = labels_of(e, c);
    if (form->kind != INSTANCE_COMPOSE) /* Compose finds the values itself */
        for (struct ir_pair *p = it->labels; p; p = p->next) {
            p->key = text_for_traefik(e, p->key, p->span);
            p->value = text_for_traefik(e, p->value, p->span);
        }
    return true;
}
