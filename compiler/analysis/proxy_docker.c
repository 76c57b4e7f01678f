/* Containers as the docker provider reads them (pkg/provider/docker/config.go): each one's labels
   alone, what is left out filled in, then all of them merged by name. */
#include "analysis/proxy.h"
#include "options/options.h"
#include "support/buf.h"

struct docker {
    struct proxy *proxy;
    const struct untyped *conf; /* providers.docker; NULL when it is not in view */
    struct part all;
};

static void dropped(struct docker *d, const struct proxy_container *c, struct span span,
                    struct str why) {
    struct proxy_note *note =
        proxy_tell(d->proxy, span_is_none(span) ? c->span : span, "%.*s", STR_ARG(why));
    note->drops = true;
    note->effect = str_format(
        d->proxy->arena, "container `%.*s` is left out, with all of its routers", STR_ARG(c->name));
}

/* "web_shop" → "web-shop": every run of what is no letter or digit is one dash. */
static struct str normalize(struct arena *a, struct str s) {
    struct buf out = { .arena = a };
    bool gap = false;
    for (size_t i = 0; i < s.len; i++) {
        bool letter = char_is_alnum(s.at[i]) || (unsigned char)s.at[i] >= 0x80;
        if (letter && gap && out.len)
            buf_char(&out, '-');
        if (letter)
            buf_char(&out, s.at[i]);
        gap = !letter;
    }
    return buf_str(&out);
}

/* ---- is it read at all? ---- */

static bool is_enabled(struct docker *d, const struct proxy_container *c) {
    static const char *const docker[] = { "traefik.docker.", "traefik.enable", NULL };
    static const char *const swarm[] = { "traefik.docker.", "traefik.swarm.", "traefik.enable",
                                         NULL };
    struct untyped_fault fault;
    bool is_swarm = str_is(d->proxy->docker, "swarm");
    struct untyped *conf = untyped_from_labels(d->proxy->arena, c->labels, c->label_count,
                                               is_swarm ? swarm : docker, &fault);
    if (conf && !fault.wrong) {
        for (const struct untyped *x = conf->first; x && !fault.wrong; x = x->next) {
            bool known = str_eq_nocase(x->key, STR("enable")) || x->first;
            bool good = x->first || untyped_bool_reads(x->text);
            if (!known || !good)
                fault =
                    (struct untyped_fault){ true, known ? x->span : x->key_span,
                                            str_format(d->proxy->arena,
                                                       known ? "`traefik.%.*s` takes true or false"
                                                             : "there is no label `traefik.%.*s`",
                                                       STR_ARG(x->key)) };
        }
    }
    if (fault.wrong) {
        dropped(d, c, fault.span, fault.message);
        return false;
    }
    return untyped_bool(conf, "enable", untyped_bool(d->conf, "exposedByDefault", true));
}

/* ---- servers ---- */

static struct str address(struct docker *d, const struct proxy_container *c, struct str port) {
    if (!port.len)
        port = c->port;
    return str_format(d->proxy->arena, "%.*s%s%.*s", STR_ARG(c->host), port.len ? ":" : "",
                      STR_ARG(port));
}

/* False when the container has to be left out. */
static bool add_servers(struct docker *d, const struct proxy_container *c, enum layer layer,
                        struct object *list) {
    for (struct object *o = list; o; o = o->next) {
        const struct untyped *balancer = untyped_child(o->conf, STR("loadBalancer"));
        if (o->conf && !balancer) {
            dropped(d, c, o->span,
                    str_format(d->proxy->arena, "service `%.*s` has no load balancer",
                               STR_ARG(o->name)));
            return false;
        }
        const struct untyped *server = untyped_child(balancer, STR("server"));
        struct str url = untyped_text(server, "url"), port = untyped_text(server, "port");
        struct str scheme = untyped_text(server, "scheme");
        if (layer != LAYER_HTTP) {
            strs_add(&o->servers, d->proxy->arena, address(d, c, port));
        } else if (!url.len) {
            struct str at = address(d, c, port);
            strs_add(&o->servers, d->proxy->arena,
                     str_format(d->proxy->arena, "%.*s://%.*s",
                                STR_ARG(scheme.len ? scheme : STR("http")), STR_ARG(at)));
        } else if (scheme.len || port.len) {
            dropped(d, c, o->span, STR("a server has `url`, or `scheme` and `port`, not both"));
            return false;
        } else {
            strs_add(&o->servers, d->proxy->arena, url);
        }
    }
    return true;
}

/* ---- what is left out ---- */

static size_t count_routers(const struct part *part, enum layer layer) {
    size_t count = 0;
    for (const struct router *r = part->routers; r; r = r->next)
        count += r->layer == layer;
    return count;
}

/* The template of the rule that containers without one get. Of Go's language only what such rules
   are made of is known. */
static bool default_rule(struct docker *d, const struct proxy_container *c, struct str name,
                         struct str *rule) {
    struct str text = untyped_text(d->conf, "defaultRule");
    struct buf out = { .arena = d->proxy->arena };
    if (!text.len)
        text = STR("Host(`{{ normalize .Name }}`)");
    for (size_t open; (open = str_find_str(text, STR("{{"))) != STR_NONE;) {
        size_t close = str_find_str(text, STR("}}"));
        if (close == STR_NONE || close < open)
            return false;
        buf_add(&out, str_slice(text, 0, open));
        struct str word = str_trim(str_slice(text, open + 2, close));
        while (str_starts(word, STR("normalize ")) || str_starts(word, STR("lower ")))
            word = str_trim(str_from(word, str_find(word, ' ')));
        if (str_is(word, ".Name")) {
            buf_add(&out, name);
        } else if (str_is(word, ".ContainerName")) {
            buf_add(&out, c->name);
        } else if (str_starts(word, STR("index .Labels "))) {
            struct str key = str_trim(str_from(word, sizeof "index .Labels " - 1));
            key = key.len > 1 ? str_slice(key, 1, key.len - 1) : key;
            for (size_t i = 0; i < c->label_count; i++)
                if (str_eq(c->labels[i].key, key))
                    buf_add(&out, c->labels[i].value);
        } else {
            return false;
        }
        text = str_from(text, close + 2);
    }
    buf_add(&out, text);
    *rule = buf_str(&out);
    return true;
}

static void refuse_router(struct router *r, struct str why) {
    r->deleted = true;
    r->refused = why;
}

/* A router without `service` gets the container's only one. */
static void link_router(struct docker *d, struct router *r, const struct object *services) {
    if (r->deleted || r->service.len || !services)
        return;
    if (services->next)
        refuse_router(r, STR("it has no `service`, and its container has several"));
    else
        r->service = str_copy(d->proxy->arena, services->name);
}

static bool fill_http(struct docker *d, const struct proxy_container *c, struct part *part,
                      struct str name) {
    struct proxy *p = d->proxy;
    if (!part->services[LAYER_HTTP])
        object_new(p, &part->last_service[LAYER_HTTP], name, p->docker, NULL);
    if (!add_servers(d, c, LAYER_HTTP, part->services[LAYER_HTTP]))
        return false;
    if (!count_routers(part, LAYER_HTTP) && !part->services[LAYER_HTTP]->next) {
        struct router *r = part_router(p, part, LAYER_HTTP, name, p->docker, NULL);
        r->span = c->span;
        r->origin = c->name;
    }
    for (struct router *r = part->routers; r; r = r->next) {
        if (r->layer != LAYER_HTTP)
            continue;
        if (!r->rule.len && !default_rule(d, c, name, &r->rule))
            refuse_router(r, STR("the template of `defaultRule` is not modelled"));
        link_router(d, r, part->services[LAYER_HTTP]);
    }
    return true;
}

static bool fill_other(struct docker *d, const struct proxy_container *c, struct part *part,
                       enum layer layer, struct str name) {
    struct proxy *p = d->proxy;
    if (!part->services[layer])
        object_new(p, &part->last_service[layer], name, p->docker, NULL);
    if (!add_servers(d, c, layer, part->services[layer]))
        return false;
    for (struct router *r = part->routers; r; r = r->next) {
        if (r->layer != layer)
            continue;
        if (layer == LAYER_TCP && !r->rule.len)
            refuse_router(r, STR("it has no rule"));
        link_router(d, r, part->services[layer]);
    }
    return true;
}

/* ---- merging ---- */

static bool same_router(const struct router *a, const struct router *b) {
    return str_eq(a->rule, b->rule) && str_eq(a->service, b->service) &&
           untyped_equal(a->conf, b->conf) && a->deleted == b->deleted;
}

/* A variable that Compose would put a value for. */
static bool is_open(struct str s) {
    for (size_t i = 0; i + 1 < s.len; i++) {
        char next = s.at[i + 1];
        bool brace = next == '{' && i + 2 < s.len;
        next = brace ? s.at[i + 2] : next;
        if (s.at[i] == '$' && (char_is_alpha(next) || next == '_'))
            return true;
    }
    return false;
}

static bool has_variables(const struct untyped *c) {
    if (!c)
        return false;
    bool open = is_open(c->key) || is_open(c->text);
    for (const struct untyped *child = c->first; child && !open; child = child->next)
        open = has_variables(child);
    return open;
}

static void tell_routers(struct docker *d, const struct router *first, const struct router *r) {
    struct clash *c = proxy_clash(d->proxy, "router", first->name, first->provider);
    c->first = first->span;
    c->second = r->span;
    c->first_origin = first->origin;
    c->second_origin = r->origin;
    c->first_router = first;
    c->second_router = r;
    c->open = has_variables(first->conf) || has_variables(r->conf);
}

/* What containers declare by name; each kind has names of its own. */
struct known {
    struct table routers[LAYERS], objects[2 * LAYERS];
};

static void merge_routers(struct docker *d, struct part *part, struct known *known) {
    for (struct router *r = part->routers, *next; r; r = next) {
        next = r->next;
        r->next = NULL;
        void **slot = table_at(&known->routers[r->layer], r->name);
        struct router *first = *slot;
        if (!first)
            *slot = r;
        if (first && same_router(first, r))
            continue;
        if (first && !r->deleted) {
            tell_routers(d, first, r);
            struct str why =
                str_format(d->proxy->arena, "containers `%.*s` and `%.*s` declare it differently",
                           STR_ARG(first->origin), STR_ARG(r->origin));
            if (!first->deleted)
                refuse_router(first, why);
            refuse_router(r, why);
            continue;
        }
        *d->all.last_router = r;
        d->all.last_router = &r->next;
    }
}

/* A service without its one server, which may differ from container to container. */
static bool same_but_servers(const struct untyped *a, const struct untyped *b) {
    if (!a || !b)
        return !a && !b;
    for (int turn = 0; turn < 2; turn++) {
        const struct untyped *x = turn ? b : a, *y = turn ? a : b;
        for (const struct untyped *child = x->first; child; child = child->next)
            if (child->kind != UNTYPED_NULL && !str_eq_nocase(child->key, STR("server")) &&
                !untyped_equal(child, untyped_child(y, child->key)))
                return false;
    }
    return true;
}

static bool merge_service(struct docker *d, struct object *first, const struct object *o) {
    if (!same_but_servers(untyped_child(first->conf, STR("loadBalancer")),
                          untyped_child(o->conf, STR("loadBalancer"))))
        return false;
    for (size_t i = 0; i < o->servers.count; i++) {
        bool again = false;
        for (size_t j = 0; j < first->servers.count; j++)
            again = again || str_eq(first->servers.at[j], o->servers.at[i]);
        if (!again)
            strs_add(&first->servers, d->proxy->arena, o->servers.at[i]);
    }
    return true;
}

static void tell_objects(struct docker *d, const struct object *first, const struct object *o,
                         bool service, bool same) {
    struct clash *c =
        proxy_clash(d->proxy, service ? "service" : "middleware", first->name, first->provider);
    c->outcome = same ? CLASH_MERGED : CLASH_DROPPED;
    c->first = first->span;
    c->second = o->span;
    c->first_origin = first->origin;
    c->second_origin = o->origin;
    c->open = has_variables(first->conf) || has_variables(o->conf);
}

static void merge_objects(struct docker *d, struct object *list, struct object ***into,
                          struct known *known, int kind) {
    for (struct object *o = list, *next; o; o = next) {
        next = o->next;
        o->next = NULL;
        void **slot = table_at(&known->objects[kind], o->name);
        struct object *first = *slot;
        if (first) {
            bool same =
                kind < LAYERS ? merge_service(d, first, o) : untyped_equal(first->conf, o->conf);
            if (!same || kind < LAYERS)
                tell_objects(d, first, o, kind < LAYERS, same);
            if (!same && !first->deleted) {
                first->deleted = true;
                proxy_tell(d->proxy, o->span, "containers declare `%.*s` differently",
                           STR_ARG(o->name))
                    ->effect = STR("Traefik takes neither of them");
            }
            continue;
        }
        *slot = o;
        **into = o;
        *into = &o->next;
    }
}

/* ---- one container ---- */

static bool read_container(struct docker *d, const struct proxy_container *c, struct part *part) {
    static const char *const roots[] = { "traefik.http", "traefik.tcp", "traefik.udp",
                                         "traefik.tls.stores.default", NULL };
    struct proxy *p = d->proxy;
    struct untyped_fault fault;
    struct untyped *conf = untyped_from_labels(p->arena, c->labels, c->label_count, roots, &fault);
    if (conf)
        fault = untyped_check(p->arena, conf, option_top(OPTION_DYNAMIC), UNTYPED_IN_LABELS);
    if (fault.wrong) {
        dropped(d, c, fault.span, fault.message);
        return false;
    }
    part_read(p, part, conf, p->docker, c->name);
    struct str name =
        normalize(p->arena, c->project.len ? str_format(p->arena, "%.*s_%.*s", STR_ARG(c->name),
                                                        STR_ARG(c->project))
                                           : c->name);
    bool other = false;
    for (enum layer layer = LAYER_TCP; layer <= LAYER_UDP; layer++) {
        if (!count_routers(part, layer) && !part->services[layer])
            continue;
        other = true;
        if (!fill_other(d, c, part, layer, name))
            return false;
    }
    if (other && !count_routers(part, LAYER_HTTP) && !part->middlewares[LAYER_HTTP] &&
        !part->services[LAYER_HTTP])
        return true;
    return fill_http(d, c, part, name);
}

void proxy_add_containers(struct proxy *p, struct proxy_container *first) {
    struct docker d = { .proxy = p };
    struct arena aside = { 0 };
    struct known known = { 0 };
    for (int i = 0; i < LAYERS; i++)
        known.routers[i].arena = known.objects[i].arena = known.objects[LAYERS + i].arena = &aside;
    p->has_containers = true;
    p->containers = first;
    d.conf = untyped_child(untyped_child(p->conf, STR("providers")), p->docker);
    part_start(&d.all);
    if (untyped_text(d.conf, "constraints").len)
        proxy_tell(p, untyped_get(d.conf, "constraints")->span,
                   "`constraints` are not modelled: every container is taken");
    for (struct proxy_container *c = first; c; c = c->next) {
        struct part part;
        part_start(&part);
        if (str_is(p->docker, "swarm")) {
            c->labels = c->deploy_labels;
            c->label_count = c->deploy_label_count;
        }
        if (!is_enabled(&d, c) || !read_container(&d, c, &part))
            continue;
        c->served = true;
        merge_routers(&d, &part, &known);
        for (int i = 0; i < LAYERS; i++) {
            merge_objects(&d, part.services[i], &d.all.last_service[i], &known, i);
            merge_objects(&d, part.middlewares[i], &d.all.last_middleware[i], &known, LAYERS + i);
        }
    }
    arena_free(&aside);
    proxy_take(p, &d.all);
}
