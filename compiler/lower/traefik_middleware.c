/* Middlewares of an existing configuration → `middleware NAME = kind(…)`. */
#include "lower/traefik.h"

struct maker {
    struct traefik *t;
    struct traefik_part *part;
    struct lower *l;
    bool tcp;
};

/* ---- arguments ---- */

static struct node *texts(struct maker *m, const struct conf *c) {
    struct nodes items = { 0 };
    NODES_EACH(value, c->values) {
        struct node *one = value;
        if (c->option->type == OPTION_DURATION)
            one = traefik_duration(m->l->arena, value);
        items = nodes_append(items, conf_word(m->l->arena, one));
    }
    if (c->option->shape != OPTION_LIST && items.head && items.head == items.tail)
        return items.head;
    return ast_list(m->l->arena, c->key, items, false);
}

static struct node *name_of(struct maker *m, const struct conf *c, struct str path) {
    bool own = c->option->any_name || c->option->type == OPTION_ANY;
    struct str word = own ? c->name : option_name_kebab(m->l->arena, c->name);
    if (path.len)
        word = str_format(m->l->arena, "%.*s.%.*s", STR_ARG(path), STR_ARG(word));
    return lower_word(m->l, word, c->key);
}

static bool is_map(const struct conf *c) {
    return c->first && c->first->option->any_name && c->first->option->type != OPTION_ANY;
}

static bool is_dotted(struct maker *m, const struct conf *c) {
    if (traefik_has_dot(c))
        traefik_lose(m->t, c, "a key with a dot in it has no words");
    return traefik_has_dot(c);
}

static struct nodes arguments(struct maker *m, struct nodes args, const struct conf *c,
                              struct str path);

/* `[[path=/a], [path=/b]]` of a plugin's list. */
static struct node *items_of(struct maker *m, const struct conf *c) {
    struct nodes items = { 0 };
    for (const struct conf *item = c->first; item; item = item->next) {
        struct node *one = item->values.head
                               ? texts(m, item)
                               : ast_list(m->l->arena, item->key,
                                          arguments(m, (struct nodes){ 0 }, item, STR("")), false);
        items = nodes_append(items, one);
    }
    return ast_list(m->l->arena, c->key, items, false);
}

static struct nodes arguments(struct maker *m, struct nodes args, const struct conf *c,
                              struct str path) {
    struct arena *a = m->l->arena;
    for (const struct conf *child = c->first; child; child = child->next) {
        if (child->bad || is_dotted(m, child))
            continue;
        struct node *name = name_of(m, child, path);
        if (child->values.head || (child->present && child->option->shape == OPTION_LIST)) {
            args = nodes_append(args, ast_arg(a, child->key, name, texts(m, child)));
        } else if (child->first && str_starts(child->first->name, STR("["))) {
            args = nodes_append(args, ast_arg(a, child->key, name, items_of(m, child)));
        } else if (is_map(child)) {
            struct nodes items = { 0 };
            for (const struct conf *item = child->first; item; item = item->next)
                if (item->values.head && !is_dotted(m, item))
                    items = nodes_append(
                        items, ast_arg(a, item->key, name_of(m, item, STR("")), texts(m, item)));
            if (items.head)
                args = nodes_append(
                    args, ast_arg(a, child->key, name, ast_list(a, child->key, items, false)));
        } else if (child->first) {
            args = arguments(m, args, child, node_text(name)->text);
        } else if (child->present) {
            traefik_lose(m->t, child, "the language has no empty group of options");
        }
    }
    return args;
}

/* ---- links ---- */

static struct node *call(struct maker *m, const char *name, struct span span, struct nodes args) {
    struct node *word = lower_word(m->l, str_of(name), span);
    /* Where a middleware of that name is declared, the bare word would mean it. */
    bool taken = traefik_is_taken(m->t, "middlewares", str_of(name));
    return args.head || taken ? ast_call(m->l->arena, span, word, args) : word;
}

/* `allow(a, b)` for a kind of which only one option is given. */
static struct node *short_form(struct maker *m, const struct conf *kind) {
    static const struct {
        const char *kind, *option, *form;
    } forms[] = {
        { "ipAllowList", "sourceRange", "allow" },
        { "stripPrefix", "prefixes", "strip" },
        { "addPrefix", "prefix", "add" },
        { "basicAuth", "usersFile", "auth" },
        { "retry", "attempts", "retry" },
        { "forwardAuth", "address", "forward-auth" },
        { "inFlightReq", "amount", "in-flight" },
        { "inFlightConn", "amount", "in-flight" },
        { "circuitBreaker", "expression", "breaker" },
    };
    const struct conf *only = kind->first;
    if (!only || only->next || !only->values.head || only->bad)
        return NULL;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (!str_is(kind->name, forms[i].kind) || !str_is(only->name, forms[i].option))
            continue;
        struct nodes args = { 0 };
        NODES_EACH(value, only->values)
        args = nodes_append(args, conf_word(m->l->arena, value));
        return call(m, forms[i].form, kind->key, args);
    }
    return NULL;
}

/* `rate(100/s, burst=200)` */
static struct node *rate(struct maker *m, const struct conf *kind) {
    struct node *average = conf_value(kind, "average"), *period = conf_value(kind, "period");
    struct str s = conf_str(period), unit = STR("s");
    static const char *const units[][2] = { { "1s", "s" }, { "1", "s" },  { "60s", "m" },
                                            { "1m", "m" }, { "60", "m" }, { "1h", "h" } };
    bool known = !period;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (period && str_is(s, units[i][0])) {
            unit = str_of(units[i][1]);
            known = true;
        }
    if (!average || !known || conf_has_variable(average) || str_is(conf_str(average), "0"))
        return NULL;
    struct conf_join j = conf_join(m->l->arena);
    conf_join_text(&j, average);
    conf_join_made(&j, STR("/"), average->span);
    conf_join_made(&j, unit, average->span);
    struct nodes args = { 0 };
    args = nodes_append(args, conf_word(m->l->arena, conf_join_end(&j, average->span)));
    struct conf rest = *kind, *copies = NULL, **tail = &copies;
    for (const struct conf *child = kind->first; child; child = child->next) {
        if (str_is(child->name, "average") || str_is(child->name, "period"))
            continue;
        struct conf *copy = arena_new(m->l->arena, struct conf);
        *copy = *child;
        copy->next = NULL;
        *tail = copy;
        tail = &copy->next;
    }
    rest.first = copies;
    rest.index = NULL;
    return call(m, "rate", kind->key, arguments(m, args, &rest, STR("")));
}

static struct nodes chain(struct maker *m, const struct conf *kind);

/* `plugin(NAME, option=value)` */
static struct node *plugin(struct maker *m, const struct conf *kind) {
    const struct conf *name = kind->first;
    if (!name || name->next)
        return NULL;
    struct nodes args = nodes_append((struct nodes){ 0 }, lower_word(m->l, name->name, name->key));
    return call(m, "plugin", kind->key, arguments(m, args, name, STR("")));
}

static struct nodes link_of(struct maker *m, struct conf *kind) {
    struct node *link = NULL;
    if (str_is(kind->name, "chain"))
        return chain(m, kind);
    if (str_is(kind->name, "rateLimit"))
        link = rate(m, kind);
    if (str_is(kind->name, "plugin"))
        link = plugin(m, kind);
    if (!link)
        link = short_form(m, kind);
    if (!link) {
        struct str name = option_name_kebab(m->l->arena, kind->name);
        link = call(m, str_copy(m->l->arena, name).at, kind->key,
                    arguments(m, (struct nodes){ 0 }, kind, STR("")));
    }
    return (struct nodes){ link, link };
}

static const char *kind_name(const struct maker *m) {
    return m->tcp ? "tcp.middlewares" : "http.middlewares";
}

static struct nodes chain(struct maker *m, const struct conf *kind) {
    struct conf *list = conf_at(kind, "middlewares");
    struct nodes links = { 0 };
    NODES_EACH(value, list ? list->values : (struct nodes){ 0 }) {
        struct node *link = traefik_link(m->t, m->part, kind_name(m), value);
        if (link)
            links = nodes_append(links, link);
    }
    return links;
}

struct node *traefik_link(struct traefik *t, struct traefik_part *part, const char *kind,
                          struct node *name) {
    bool outside;
    struct traefik_object *o = traefik_find(t, part, kind, conf_str(name), &outside);
    if (o) {
        o->uses++;
        if (o->conf->bad)
            return NULL;
        struct node *word =
            ast_text(part->l->arena, NODE_WORD, name->span, o->word, node_text(name)->inner);
        struct piece *pieces = arena_array(part->l->arena, struct piece, 2);
        pieces[0] = (struct piece){ .at = 0, .whole = true, .span = name->span };
        pieces[1] = (struct piece){ .at = UINT32_MAX, .whole = true };
        node_text(word)->pieces = pieces;
        return word;
    }
    if (conf_has_variable(name)) {
        traefik_lose_text(t, name, "a variable cannot stand here; write out what it holds");
        return NULL;
    }
    if (outside)
        return lower_word(part->l, conf_str(name), name->span);
    struct str s = conf_str(name);
    if (s.len == 0) {
        struct diag *d = diag_add(t->diags, DIAG_REFERENCE, name->span,
                                  "a comma too many: the name of a middleware is empty");
        diag_effect(t->diags, d, "Traefik disables the router");
        return NULL;
    }
    struct diag *d =
        diag_add(t->diags, DIAG_REFERENCE, name->span, "there is no middleware `%.*s`", STR_ARG(s));
    diag_effect(t->diags, d, "Traefik disables the router");
    traefik_hint(t, part, kind, s, d, name->span);
    return NULL;
}

/* ---- declarations ---- */

static struct conf *only_kind(struct maker *m, struct conf *c) {
    struct diag *d;
    if (c->first && !c->first->next)
        return c->first;
    if (!c->first)
        d = diag_add(m->t->diags, DIAG_OBJECT_KINDS, c->key, "middleware `%.*s` has no kind",
                     STR_ARG(c->name));
    else
        d = diag_add(m->t->diags, DIAG_OBJECT_KINDS, c->first->next->key,
                     "middleware `%.*s` has two kinds: `%.*s` and `%.*s`", STR_ARG(c->name),
                     STR_ARG(c->first->name), STR_ARG(c->first->next->name));
    diag_effect(m->t->diags, d, "Traefik disables every router that uses it");
    c->bad = true;
    return NULL;
}

static bool is_bad(const struct conf *c) {
    if (c->bad || c->poisoned)
        return true;
    for (const struct conf *child = c->first; child; child = child->next)
        if (is_bad(child))
            return true;
    return false;
}

/* Before routes refer to them. */
void traefik_judge_middlewares(struct traefik *t) {
    for (struct traefik_object *o = t->first_object; o; o = o->next) {
        if (!o->conf->parent || !str_is(o->conf->parent->name, "middlewares"))
            continue;
        struct maker m = { .t = t, .part = o->part, .l = o->part->l };
        o->conf->bad |= is_bad(o->conf) || !only_kind(&m, o->conf);
    }
}

struct nodes traefik_middlewares(struct traefik *t) {
    struct nodes out = { 0 };
    for (struct traefik_object *o = t->first_object; o; o = o->next) {
        if (!o->conf->parent || !str_is(o->conf->parent->name, "middlewares") || o->conf->bad)
            continue;
        if (o->uses > 0 && o->uses == o->inlined)
            continue; /* said where it was used */
        struct maker m = { .t = t,
                           .part = o->part,
                           .l = o->part->l,
                           .tcp = str_is(o->conf->parent->parent->name, "tcp") };
        struct nodes links = link_of(&m, o->conf->first);
        if (!links.head)
            continue;
        struct node *name = lower_word(m.l, o->word, o->conf->key);
        struct node *node = ast_middleware(m.l->arena, o->conf->key, name, links);
        traefik_comments(m.l, node, o->conf);
        out = nodes_append(out, node);
    }
    return out;
}
