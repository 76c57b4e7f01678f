/* Typed model to IR; the last file that knows the language. */
#include "ir/ir.h"
#include "model/conflicts.h"

#include <stdlib.h>

struct build {
    struct arena *arena;
    struct program *program;
    struct entries entries;
};

static struct ir_texts texts_of(struct build *b, const struct text *texts, size_t count) {
    struct ir_texts out = { arena_array(b->arena, struct str, count), count };
    for (size_t i = 0; i < count; i++)
        out.list[i] = texts[i].s;
    return out;
}

/* ---- middlewares ---- */

static struct ir_middleware **add_links(struct build *b, struct ir_middleware **tail,
                                        const struct mw *links);

static struct ir_middleware *middleware_of(struct build *b, const struct mw *mw) {
    struct ir_middleware *m = arena_new(b->arena, struct ir_middleware);
    m->span = mw->span;
    m->type = mw->type;
    m->name = mw->name;
    if (mw->kind == MW_OTHER)
        m->type = STR("@");
    else if (mw->kind == MW_STRIP_OWN)
        m->type = STR("strip");
    else if (mw->kind == MW_CANONICAL)
        m->type = STR("canonical");
    struct ir_option **tail = &m->options;
    for (const struct mw_option *o = mw->options; o; o = o->next) {
        struct ir_option *option = arena_new(b->arena, struct ir_option);
        option->path = o->path;
        option->texts = texts_of(b, o->texts, o->count);
        option->list = o->list;
        *tail = option;
        tail = &option->next;
    }
    return m;
}

/* Named chains are laid out flat: their order is the order of the links. */
static struct ir_middleware **add_links(struct build *b, struct ir_middleware **tail,
                                        const struct mw *links) {
    for (const struct mw *mw = links; mw; mw = mw->next) {
        if (mw->kind == MW_NAMED) {
            if (mw->named)
                tail = add_links(b, tail, mw->named->links);
            continue;
        }
        *tail = middleware_of(b, mw);
        tail = &(*tail)->next;
    }
    return tail;
}

/* ---- settings ---- */

static void add_uses(struct build *b, struct ir_setting *setting, const struct mw *links) {
    struct ir_middleware *list = NULL;
    add_links(b, &list, links);
    struct ir_setting **tail = &setting->children;
    for (; list; list = list->next) {
        struct ir_setting *use = arena_new(b->arena, struct ir_setting);
        use->name = list->type;
        size_t count = list->name.len > 0;
        for (struct ir_option *o = list->options; o; o = o->next)
            count++;
        use->values = arena_array(b->arena, struct ir_value, count);
        if (list->name.len) {
            struct str *name = arena_new(b->arena, struct str);
            *name = list->name;
            use->values[use->value_count++] = (struct ir_value){ STR("name"), { name, 1 } };
        }
        for (struct ir_option *o = list->options; o; o = o->next)
            use->values[use->value_count++] = (struct ir_value){ o->path, o->texts };
        *tail = use;
        tail = &use->next;
    }
}

static struct ir_setting *settings_of(struct build *b, const struct setting *list) {
    struct ir_setting *first = NULL, **tail = &first;
    for (const struct setting *s = list; s; s = s->next) {
        int id = s->vocable->id;
        if (id == SETTING_ROUTE_WHERE || id == SETTING_ROUTE_MATCH || id == SETTING_FILE_IMPORT)
            continue;
        struct ir_setting *setting = arena_new(b->arena, struct ir_setting);
        setting->span = s->span;
        setting->name = s->vocable->name;
        setting->values = arena_array(b->arena, struct ir_value, s->slot_count);
        for (size_t i = 0; i < s->slot_count; i++)
            if (s->slots[i].present && !(s->links && i == 0))
                setting->values[setting->value_count++] =
                    (struct ir_value){ s->slots[i].name,
                                       texts_of(b, s->slots[i].texts, s->slots[i].count) };
        setting->children = settings_of(b, s->children);
        if (s->links)
            add_uses(b, setting, s->links);
        *tail = setting;
        tail = &setting->next;
    }
    return first;
}

/* ---- routers ---- */

static struct str target_address(struct build *b, const struct route_target *target) {
    const struct target *to = &target->to;
    struct buf out = { .arena = b->arena };
    if (to->kind == TARGET_PROVIDED) {
        buf_format(&out, "%.*s@%.*s", STR_ARG(to->host), STR_ARG(to->provider));
        return buf_str(&out);
    }
    if (to->scheme != TARGET_SCHEME_NONE)
        buf_text(&out, to->scheme == TARGET_HTTP    ? "http://"
                       : to->scheme == TARGET_HTTPS ? "https://"
                                                    : "h2c://");
    buf_format(&out, to->is_v6 ? "[%.*s]" : "%.*s", STR_ARG(to->host));
    if (to->port_text.len)
        buf_format(&out, ":%.*s", STR_ARG(to->port_text));
    return buf_str(&out);
}

static struct ir_pool *pools_of(struct build *b, const struct pool *list) {
    struct ir_pool *first = NULL, **tail = &first;
    for (const struct pool *p = list; p; p = p->next) {
        struct ir_pool *pool = arena_new(b->arena, struct ir_pool);
        struct ir_target **last = &pool->targets;
        for (const struct route_target *t = p->targets; t; t = t->next) {
            struct ir_target *target = arena_new(b->arena, struct ir_target);
            target->span = t->span;
            target->address = target_address(b, t);
            target->weight = t->weight;
            *last = target;
            last = &target->next;
        }
        *tail = pool;
        tail = &pool->next;
    }
    return first;
}

static struct str condition_kind(enum condition_kind kind) {
    switch (kind) {
    case WHERE_METHOD: return STR("method");
    case WHERE_HEADER: return STR("header");
    case WHERE_QUERY: return STR("query");
    case WHERE_CLIENT: return STR("client");
    case WHERE_PATH: return STR("path");
    case WHERE_HOST: return STR("host");
    case WHERE_MATCH: return STR("match");
    }
    return STR("");
}

static struct ir_condition *conditions_of(struct build *b, const struct condition *list) {
    struct ir_condition *first = NULL, **tail = &first;
    for (const struct condition *w = list; w; w = w->next) {
        struct ir_condition *condition = arena_new(b->arena, struct ir_condition);
        condition->kind = condition_kind(w->kind);
        condition->negated = w->negated;
        condition->regex = w->regex;
        condition->key = w->key;
        condition->texts = texts_of(b, w->texts, w->count);
        *tail = condition;
        tail = &condition->next;
    }
    return first;
}

static struct str path_text(struct build *b, const struct path *path) {
    switch (path->kind) {
    case PATH_ANY: break;
    case PATH_SEGMENT:
    case PATH_BELOW: return path->text;
    case PATH_EXACT: return str_format(b->arena, "%.*s$", STR_ARG(path->text));
    }
    return STR("");
}

static struct ir_router *router_of(struct build *b, const struct route *route) {
    struct ir_router *router = arena_new(b->arena, struct ir_router);
    router->span = route->span;
    router->mode = mode_infos[route->mode].scheme;
    size_t count = 0;
    for (const struct host *h = route->hosts; h; h = h->next)
        count++;
    router->hosts.list = arena_array(b->arena, struct str, count);
    for (const struct host *h = route->hosts; h; h = h->next)
        router->hosts.list[router->hosts.count++] = h->name;
    router->path = path_text(b, &route->path);
    router->port = route_port(b->program, &b->entries, route);
    router->conditions = conditions_of(b, route->conditions);
    add_links(b, &router->middlewares, route->links);
    router->pools = pools_of(b, route->pools);
    router->redirect = route->redirect;
    router->redirect_status = route->redirect_status;
    router->settings = settings_of(b, route->settings);
    router->instance = route->instance;
    return router;
}

/* ---- the whole ---- */

static int by_name(const void *a, const void *b) {
    const struct ir_project *const *x = a, *const *y = b;
    return str_cmp((*x)->name, (*y)->name);
}

/* Output does not depend on the order in which files were found. */
static struct ir_project *sorted(struct build *b, struct ir_project *list, size_t count) {
    struct ir_project **order = arena_array(b->arena, struct ir_project *, count + 1);
    size_t n = 0;
    for (struct ir_project *p = list; p; p = p->next)
        order[n++] = p;
    qsort(order, n, sizeof *order, by_name);
    for (size_t i = 0; i < n; i++)
        order[i]->next = order[i + 1];
    return order[0];
}

struct ir *ir_build(struct program *program) {
    struct build b = { program->arena, program, entries_of(program) };
    struct ir *ir = arena_new(b.arena, struct ir);
    struct ir_project **tail = &ir->projects;
    size_t count = 0;
    for (const struct project *p = program->model->projects; p; p = p->next, count++) {
        struct ir_project *project = arena_new(b.arena, struct ir_project);
        project->span = p->span;
        project->name = p->name;
        project->at = p->at;
        project->disabled = p->disabled;
        project->settings = settings_of(&b, p->settings.head);
        struct ir_router **last = &project->routers;
        for (const struct route *r = p->routes; r; r = r->next) {
            *last = router_of(&b, r);
            last = &(*last)->next;
        }
        *tail = project;
        tail = &project->next;
    }
    ir->projects = sorted(&b, ir->projects, count);
    ir->settings = settings_of(&b, program->model->settings.head);
    return ir;
}
