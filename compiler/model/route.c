/* One route statement: its patterns, links, targets and settings, judged together. */
#include "model/names.h"
#include "model/pattern.h"
#include "model/varying.h"
#include "support/nearest.h"

struct route_check {
    const struct walk *walk;
    struct scope *scope;
    struct arena *arena;
    struct diags *diags;
    struct node_route *node;
    const struct pattern *pattern;
    struct route *route;
    bool unsure; /* a link was told to be wrong: what it would have done is not known */
};

static const struct mode_info *info(const struct route_check *c) {
    return &mode_infos[c->route->mode];
}

enum { LINK_BYTES = 96 };

/* ---- links ---- */

static void append_links(struct route_check *c, struct scope *scope, struct nodes links) {
    struct mw **tail = &c->route->links;
    while (*tail)
        tail = &(*tail)->next;
    for (struct node *n = links.head; n; n = n->next) {
        struct mw *mw = check_link(scope, n);
        c->unsure |= !mw;
        if (!mw)
            continue;
        if (c->route->mode != MODE_UNKNOWN)
            check_link_mode(scope, mw, c->route->mode);
        if (mw->kind == MW_NAMED) /* laid out flat for each route later */
            scope->program->promised += mw->named->length * LINK_BYTES;
        *tail = mw;
        tail = &mw->next;
    }
}

static void group_links(struct route_check *c, const struct group *group) {
    if (!group)
        return;
    group_links(c, group->outer);
    append_links(c, group->scope, group->node->links);
}

static void check_own_links(struct route_check *c) {
    const struct pattern *p = c->pattern;
    for (struct mw *mw = c->route->links; mw; mw = mw->next) {
        bool nothing = info(c)->protocol == PROTOCOL_HTTP && p->path.kind == PATH_ANY &&
                       span_is_none(p->path_span);
        if (mw->kind == MW_STRIP_OWN && nothing) {
            struct diag *d =
                diag_add(c->diags, DIAG_STRIP_PATH, mw->span, "`strip` on a route without a path");
            diag_effect(c->diags, d, "there is nothing to strip");
            diag_help(c->diags, d, "add the path to the pattern, or name it: strip(/path)");
        }
        if (mw->kind == MW_CANONICAL && p->hosts && !p->hosts->next) {
            struct diag *d = diag_add(c->diags, DIAG_CANONICAL_ALONE, mw->span,
                                      "`canonical` on a route with one host does nothing");
            diag_help(c->diags, d, "name the aliases: https://%.*s, www.%.*s",
                      STR_ARG(p->hosts->name), STR_ARG(p->hosts->name));
        }
    }
}

/* ---- targets ---- */

static const char *scheme_text(enum target_scheme scheme) {
    switch (scheme) {
    case TARGET_SCHEME_NONE: return "";
    case TARGET_HTTP: return "http";
    case TARGET_HTTPS: return "https";
    case TARGET_H2C: return "h2c";
    }
    return "";
}

static bool check_target_fits(struct route_check *c, const struct text *text,
                              const struct target *to) {
    if (c->route->mode != MODE_UNKNOWN && to->scheme != TARGET_SCHEME_NONE &&
        info(c)->protocol != PROTOCOL_HTTP) {
        size_t len = strlen(scheme_text(to->scheme)) + 3;
        struct span span = text_span(text, 0, len);
        struct diag *d =
            diag_add(c->diags, DIAG_TARGET_SCHEME, span, "an %s:// target on a %.*s route",
                     scheme_text(to->scheme), STR_ARG(info(c)->scheme));
        diag_effect(c->diags, d, "this route passes bytes on; it does not speak %s",
                    scheme_text(to->scheme));
        diag_help(c->diags, d, "write host:port");
        if (to->port)
            diag_fix_replace(c->diags, d, false, span, STR(""));
        return false;
    }
    if (to->kind == TARGET_HOME && c->walk->project->at.len == 0) {
        struct diag *d = diag_add(c->diags, DIAG_TARGET, text->span,
                                  "`%.*s` means the project's own host, and the project has none",
                                  STR_ARG(text->s));
        diag_help(c->diags, d,
                  "write service%.*s, or give the project a host: project NAME at HOST",
                  STR_ARG(text->s));
        return false;
    }
    return true;
}

static struct str keep(struct route_check *c, struct str s) {
    return s.len ? str_copy(c->arena, s) : s;
}

static struct route_target *read_target(struct route_check *c, struct node_target *node) {
    struct value value = value_of(c->scope, node->text);
    struct text text, checked;
    if (!value_text(c->scope, &value, "a target", &text) ||
        !check_type(c->scope, TYPE_TARGET, &text, &checked))
        return NULL;
    struct route_target *target = arena_new(c->arena, struct route_target);
    if (target_parse(text.s, &target->to).error != TARGET_OK)
        return NULL; /* a template's stand-in */
    struct target *to = &target->to;
    target->span = text.span;
    target->host_span = text_span(&text, to->host_at, to->host_at + to->host.len);
    target->port_span = text_span(&text, to->port_at, to->port_at + to->port_text.len);
    target->loose = text.sample || c->walk->spawned;
    if (!check_target_fits(c, &text, to))
        return NULL;
    to->host = keep(c, to->host);
    to->port_text = keep(c, to->port_text);
    to->provider = keep(c, to->provider);
    if (to->kind == TARGET_HOME)
        to->host = c->walk->project->at;
    return target;
}

static void read_weight(struct route_check *c, struct node_target *node,
                        struct route_target *target) {
    struct value value = value_of(c->scope, node->percent);
    struct text text, checked;
    uint64_t weight;
    target->weight_span = node->percent->span;
    if (!value_text(c->scope, &value, "a percentage", &text))
        return;
    if (!text.sample && str_find(text.s, ':') != STR_NONE) {
        struct diag *d =
            diag_add(c->diags, DIAG_PERCENT, text.span, "`%.*s` is no percentage", STR_ARG(text.s));
        diag_help(c->diags, d, "part targets by commas: a:80, b:80");
        return;
    }
    if (!check_type(c->scope, TYPE_PERCENT, &text, &checked))
        return;
    struct str digits = checked.s;
    if (digits.len && digits.at[digits.len - 1] == '%')
        digits.len--;
    if (str_to_uint(digits, 100, &weight))
        target->weight = (uint16_t)weight;
}

static void check_weights(struct route_check *c, struct node_pool *node, struct pool *pool) {
    unsigned sum = 0;
    size_t written = 0, count = 0, known = 0;
    for (struct node *n = node->targets.head; n; n = n->next, count++)
        written += node_target(n)->percent != NULL;
    for (struct route_target *t = pool->targets; t; t = t->next) {
        known += t->weight > 0;
        sum += t->weight;
    }
    if (written == 0 || known < written)
        return; /* none, or one of them was told already */
    if (written < count) {
        struct diag *d = diag_add(c->diags, DIAG_WEIGHTS, pool->span,
                                  "some targets of this route have a weight and some have none");
        diag_help(c->diags, d, "give each a percentage, 100 together, or none of them");
    } else if (sum != 100) {
        struct diag *d = diag_add(c->diags, DIAG_WEIGHTS, pool->span,
                                  "the weights of this route sum to %u, not to 100", sum);
        diag_help(c->diags, d, sum < 100 ? "%u%% are missing" : "%u%% are too many",
                  sum < 100 ? 100 - sum : sum - 100);
    }
}

/* Traefik's servers are addresses; a service of another provider is not one of them. */
static void check_company(struct route_check *c, const struct pool *pool) {
    for (const struct route_target *t = pool->targets; t; t = t->next) {
        if (t->to.kind != TARGET_PROVIDED || t->weight || !pool->targets->next)
            continue;
        struct diag *d =
            diag_add(c->diags, DIAG_POOL, t->span, "`%.*s@%.*s` stands among other targets",
                     STR_ARG(t->to.host), STR_ARG(t->to.provider));
        diag_effect(c->diags, d, "it is a service of its own, with servers of its own");
        diag_help(c->diags, d, "route to it alone, or give each target a percentage");
    }
}

static void read_pools(struct route_check *c) {
    struct pool **tail = &c->route->pools;
    for (struct node *n = c->node->pools.head; n; n = n->next) {
        struct node_pool *node = node_pool(n);
        struct pool *pool = arena_new(c->arena, struct pool);
        pool->span = n->span;
        struct route_target **last = &pool->targets;
        for (struct node *t = node->targets.head; t; t = t->next) {
            struct route_target *target = read_target(c, node_target(t));
            if (!target)
                continue;
            if (node_target(t)->percent)
                read_weight(c, node_target(t), target);
            *last = target;
            last = &target->next;
        }
        check_weights(c, node, pool);
        *tail = pool;
        tail = &pool->next;
    }
    for (struct pool *pool = c->route->pools; pool; pool = pool->next)
        check_company(c, pool);
    struct node *second = c->node->pools.head ? c->node->pools.head->next : NULL;
    if (second && c->route->mode != MODE_UNKNOWN && info(c)->protocol != PROTOCOL_HTTP) {
        struct diag *d = diag_add(c->diags, DIAG_POOL, second->span, "`else` on a %.*s route",
                                  STR_ARG(info(c)->scheme));
        diag_effect(c->diags, d, "Traefik fails over between HTTP services only");
        diag_help(c->diags, d, "list the targets with `,`; TCP takes turns between them");
    }
}

/* ---- redirects ---- */

static void tell_status(struct route_check *c, const struct text *text) {
    struct diag *d = diag_add(c->diags, DIAG_REDIRECT_STATUS, text->span,
                              "`%.*s` is no redirect status", STR_ARG(text->s));
    diag_help(c->diags, d, "301 and 308 are permanent, 302 and 307 are not; 302 is the default");
}

static void read_status(struct route_check *c) {
    struct value value = value_of(c->scope, c->node->status);
    struct text text;
    uint64_t status = 0;
    if (!value_text(c->scope, &value, "a redirect status", &text) || text.sample)
        return;
    if (!str_to_uint(text.s, 999, &status) ||
        (status != 301 && status != 302 && status != 307 && status != 308)) {
        tell_status(c, &text);
        return;
    }
    c->route->redirect_status = (uint16_t)status;
}

/* `https://a => https://a` would send the client around in circles. */
static void check_loop(struct route_check *c, const struct text *text) {
    struct url url;
    if (text->sample || text_has_placeholder(text) || !url_is_absolute(text->s) ||
        url_parse(c->arena, text->s, &url).error != HTTP_OK)
        return;
    bool same_scheme = url.is_https == (c->route->mode == MODE_HTTPS);
    uint16_t standard = url.is_https ? 443 : 80;
    uint16_t to = url.port ? url.port : standard;
    uint16_t from = c->route->hostport ? c->route->hostport : standard;
    bool covered = url.path.len == 0 || c->route->path.kind == PATH_ANY;
    if (!same_scheme || to != from || !covered || c->route->conditions)
        return;
    for (struct host *h = c->route->hosts; h; h = h->next)
        if (str_eq_nocase(h->name, url.host)) {
            struct diag *d = diag_add(c->diags, DIAG_REDIRECT_LOOP, text->span,
                                      "this redirect leads back to its own route");
            diag_effect(c->diags, d, "browsers give up with \"too many redirects\"");
            diag_note_at(c->diags, d, h->span, "the host is routed here");
        }
}

static void read_redirect(struct route_check *c) {
    struct value value = value_of(c->scope, c->node->redirect);
    struct text text, checked;
    c->route->redirect_status = 302;
    c->route->redirect_span = c->node->redirect->span;
    if (c->route->mode != MODE_UNKNOWN && info(c)->protocol != PROTOCOL_HTTP) {
        struct diag *d = diag_add(c->diags, DIAG_REDIRECT_MODE, c->node->redirect->span,
                                  "a redirect on a %.*s route", STR_ARG(info(c)->scheme));
        diag_effect(c->diags, d, "only HTTP has redirects");
        diag_help(c->diags, d, "write `-> service:port`, or make it an http:// or https:// route");
        return;
    }
    if (value_text(c->scope, &value, "a redirect's target", &text) &&
        check_type(c->scope, TYPE_URL_OR_PATH, &text, &checked)) {
        c->route->redirect = checked.s;
        check_loop(c, &text);
    }
    if (c->node->status)
        read_status(c);
}

/* ---- settings ---- */

/* What the route says itself stands before, and instead of, what the groups around it say. */
static struct setting *join_settings(struct setting *own, struct setting *outer) {
    struct setting **tail = &own;
    while (*tail)
        tail = &(*tail)->next;
    struct setting *const *end = tail;
    for (struct setting *s = outer, *next; s; s = next) {
        next = s->next;
        s->next = NULL;
        bool given = false;
        for (struct setting *const *o = &own; o != end && !given; o = &(*o)->next)
            given = (*o)->vocable->id == s->vocable->id && !s->vocable->repeats;
        if (given)
            continue;
        *tail = s;
        tail = &s->next;
    }
    return own;
}

static struct setting *group_settings(struct route_check *c, const struct group *group) {
    if (!group)
        return NULL;
    struct setting *outer = group_settings(c, group->outer);
    if (!group->settings)
        return outer;
    struct setting *own =
        check_settings(group->scope, PLACE_ROUTE, c->route->mode, group->settings);
    return join_settings(own, outer);
}

static void read_settings(struct route_check *c) {
    struct setting *own = NULL;
    if (c->node->block)
        own = check_settings(c->scope, PLACE_ROUTE, c->route->mode, c->node->block);
    c->route->settings = join_settings(own, group_settings(c, c->walk->group));
    struct condition **tail = &c->route->conditions;
    for (struct setting *s = c->route->settings; s; s = s->next) {
        if (s->vocable->id != SETTING_ROUTE_WHERE && s->vocable->id != SETTING_ROUTE_MATCH)
            continue;
        *tail = setting_condition(c->arena, s);
        if (*tail)
            tail = &(*tail)->next;
    }
}

/* ---- templates that open containers to everyone ---- */

static bool guards(const struct mw *links) {
    static const char *const guarding[] = { "basicAuth", "digestAuth", "forwardAuth", "ipAllowList",
                                            "plugin" };
    for (const struct mw *mw = links; mw; mw = mw->next) {
        if (mw->kind == MW_OTHER ||
            (mw->kind == MW_NAMED && (!mw->named || guards(mw->named->links))))
            return true;
        for (size_t i = 0; mw->kind == MW_INLINE && i < sizeof guarding / sizeof *guarding; i++)
            if (str_is(mw->type, guarding[i]))
                return true;
    }
    return false;
}

static bool names_parameter(struct route_check *c, struct node *text) {
    struct str s = node_text(text)->text;
    for (struct node *n = node_template(c->walk->template->node)->params.head; n; n = n->next) {
        struct str braces = str_format(c->arena, "{%.*s}", STR_ARG(node_param(n)->name));
        if (node_text(text)->has_braces && str_find_str(s, braces) != STR_NONE)
            return true;
    }
    return false;
}

static void check_open(struct route_check *c) {
    if (!c->walk->template || info(c)->protocol != PROTOCOL_HTTP || c->unsure ||
        guards(c->route->links) || settings_find(c->route->settings, SETTING_ROUTE_PUBLIC))
        return;
    for (struct node *p = c->node->pools.head; p; p = p->next)
        for (struct node *t = node_pool(p)->targets.head; t; t = t->next)
            if (names_parameter(c, node_target(t)->text)) {
                struct diag *d = diag_add(c->diags, DIAG_TEMPLATE_OPEN, node_target(t)->text->span,
                                          "every container of this template is open to everyone");
                diag_effect(c->diags, d, "whoever guesses a value reaches the container behind it");
                diag_help(
                    c->diags, d,
                    "put `| auth(FILE)`, `| allow(…)` or `| forward-auth(URL)` before `->`, or say "
                    "`public` in the route's block");
                return;
            }
}

/* ---- the whole ---- */

static void add_to_project(struct route_check *c) {
    struct project *project = c->walk->project;
    if (project->last_route)
        project->last_route->next = c->route;
    else
        project->routes = c->route;
    project->last_route = c->route;
    c->scope->program->model->route_count++;
}

static void check_pattern(const struct walk *walk, struct node_route *node,
                          const struct pattern *p) {
    struct route_check c = { .walk = walk,
                             .scope = walk->scope,
                             .arena = scope_arena(walk->scope),
                             .diags = walk->scope->program->diags,
                             .node = node,
                             .pattern = p };
    struct route *route = c.route = arena_new(c.arena, struct route);
    route->mode = p->mode;
    route->span = p->span;
    route->label = str_copy(c.arena, p->label); /* of YAML it lies in a tree that goes first */
    route->hosts = p->hosts;
    route->path = p->path;
    route->path_span = p->path_span;
    route->hostport = p->hostport;
    route->hostport_span = p->hostport_span;
    route->project = walk->project;
    route->stack = walk->scope->unit->stack;
    route->instance = walk->instance;
    route->spawned = walk->spawned;
    route->varying = varying_of(walk, node);
    group_links(&c, walk->group);
    append_links(&c, walk->scope, node->links);
    read_settings(&c);
    if (node->redirect)
        read_redirect(&c);
    else
        read_pools(&c);
    if (p->mode == MODE_UNKNOWN)
        return;
    if (!p->bad)
        check_own_links(&c);
    check_open(&c);
    if (p->bad)
        return;
    if (!walk->sample) {
        add_to_project(&c);
    } else if (route->varying != VARYING_NOTHING) {
        route->next = walk->scope->program->model->samples;
        walk->scope->program->model->samples = route;
    }
}

/* ---- groups ---- */

/* The settings of a group's block stand among its routes: a block that holds them alone. */
static struct node_block *settings_alone(struct arena *a, struct node_block *block) {
    struct nodes alone = { 0 };
    for (struct node *n = block->body.head; n; n = n->next) {
        if (n->kind != NODE_SETTING)
            continue;
        struct node_setting *copy = arena_copy(a, node_setting(n), sizeof *copy);
        copy->base.next = NULL;
        alone = nodes_append(alone, &copy->base);
    }
    return alone.head ? node_block(ast_block(a, block->base.span, alone)) : NULL;
}

static bool leads_somewhere(struct node_block *block) {
    for (struct node *n = block->body.head; n; n = n->next)
        if (n->kind == NODE_ROUTE || n->kind == NODE_FOR || n->kind == NODE_CALL ||
            n->kind == NODE_BROKEN)
            return true;
    return false;
}

static void check_group(const struct walk *walk, struct node_route *node) {
    struct program *program = walk->scope->program;
    if (!leads_somewhere(node->block)) {
        struct diag *d = diag_add(program->diags, DIAG_PATTERN_PLACE, node->patterns.head->span,
                                  "this route leads nowhere");
        diag_help(program->diags, d,
                  "write `-> service:port` before the block, or paths inside it: /v1 -> api:8000");
        return;
    }
    struct group group = { .outer = walk->group, .node = node };
    struct walk inside = *walk;
    inside.scope = scope_new(walk->scope);
    inside.group = &group;
    group.scope = inside.scope;
    group.settings = settings_alone(program->arena, node->block);
    program_declare(inside.scope, node->block->body);
    /* Told once, even when every route inside is broken. */
    struct walk outer = *walk;
    outer.scope = inside.scope;
    struct pattern *patterns = pattern_list(&outer, node);
    if (!patterns)
        return;
    for (struct node *n = node->block->body.head; n; n = n->next)
        if (n->kind != NODE_SETTING) {
            struct nodes one = { n, n };
            struct node *next = n->next;
            n->next = NULL;
            walk_body(&inside, one);
            n->next = next;
        }
}

void check_route(const struct walk *walk, struct node_route *node) {
    if (!node->pools.head && !node->redirect && node->block) {
        check_group(walk, node);
        return;
    }
    for (const struct pattern *p = pattern_list(walk, node); p; p = p->next)
        check_pattern(walk, node, p);
}
