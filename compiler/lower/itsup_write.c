/* Our tree as YAML of itsUP's third generation. The form knows no names in braces, no loops and no
   templates: what needs them is told and left out. */
#include "lower/itsup_write.h"

#include "support/yaml_writer.h"

struct writer {
    struct yaml yaml;
    struct arena *arena;
    struct lower_losses *unsaid;
    struct nodes services; /* `service NAME { … }`, until a row of it takes them */
    struct str host;       /* of `project at HOST` */
    bool rows;             /* the key `ingress` is written */
};

static void lose(struct writer *w, struct span span, struct str key, const char *reason) {
    struct lower_loss *loss = arena_new(w->arena, struct lower_loss);
    *loss = (struct lower_loss){ NULL, span, key, reason };
    if (w->unsaid->last)
        w->unsaid->last->next = loss;
    else
        w->unsaid->first = loss;
    w->unsaid->last = loss;
}

static void lose_setting(struct writer *w, struct node *node) {
    lose(w, node->span, node_setting(node)->name, "the form has no key for it");
}

/* A text that is final as it stands. */
static bool text_of(struct node *node, struct str *out) {
    if (!node || !node_is_text(node) || node->kind == NODE_HEREDOC)
        return false;
    struct str text = node_text(node)->text;
    for (size_t i = 0; node->kind != NODE_RAW && i < text.len; i++)
        if (text.at[i] == '\\' || (text.at[i] == '{' && (i == 0 || text.at[i - 1] != '$')))
            return false;
    *out = text;
    return true;
}

/* `a, b` and `[a, b]` and `a` alone. */
static bool texts_of(struct nodes list, struct str *out, size_t most, size_t *count) {
    NODES_EACH(node, list) {
        if (node->kind == NODE_LIST) {
            if (!texts_of(node_list(node)->items, out, most, count))
                return false;
        } else if (*count == most || !text_of(node, &out[(*count)++])) {
            return false;
        }
    }
    return true;
}

/* ---- one row ---- */

enum { TEXTS_MOST = 100 };

struct row {
    struct str scheme, port, path, hosts[TEXTS_MOST], allow[TEXTS_MOST];
    size_t host_count, allow_count;
    struct str service, backend_port, proxy_protocol;
    bool strip;
};

static const char *read_pattern(struct row *r, struct str text, bool first) {
    size_t mark = str_find_str(text, STR("://"));
    if (mark != STR_NONE) {
        struct str scheme = str_slice(text, 0, mark);
        if (!first && !str_eq(scheme, r->scheme))
            return "a row has one scheme";
        r->scheme = scheme;
        text = str_from(text, mark + 3);
    } else if (first) {
        return "a row names its own host";
    }
    size_t slash = str_find(text, '/');
    struct str path = slash == STR_NONE ? STR("") : str_from(text, slash);
    text = str_slice(text, 0, slash);
    size_t colon = str_find(text, ':');
    if (colon != STR_NONE)
        r->port = str_from(text, colon + 1);
    text = str_slice(text, 0, colon);
    if (str_ends(path, STR("$")))
        return "a row has a path and everything below it";
    if (path.len && !str_is(path, "/"))
        r->path = path;
    if (text.len && !str_is(text, "*")) {
        if (r->host_count == TEXTS_MOST)
            return "a row has at most 100 names";
        r->hosts[r->host_count++] = text;
    }
    return NULL;
}

static const char *read_link(struct row *r, struct node *link) {
    bool call = link->kind == NODE_CALL;
    struct str name = call ? node_call(link)->name : (struct str){ 0 };
    if (!call && !text_of(link, &name))
        return "a row has no middlewares but `strip` and `allow`";
    if (str_is(name, "strip") && (!call || !node_call(link)->args.head))
        r->strip = true;
    else if (!str_is(name, "allow") || !call ||
             !texts_of(node_call(link)->args, r->allow, TEXTS_MOST, &r->allow_count))
        return "a row has no middlewares but `strip` and `allow`";
    return NULL;
}

static const char *read_target(struct row *r, struct node_route *route) {
    static const char one[] = "a row leads to one port of one service";
    struct node *pool = route->pools.head;
    if (!pool || pool != route->pools.tail)
        return one;
    struct node *target = node_pool(pool)->targets.head;
    struct str text;
    if (!target || target != node_pool(pool)->targets.tail || node_target(target)->percent)
        return one;
    if (!text_of(node_target(target)->text, &text))
        return "the form has no names in braces";
    if (str_starts(text, STR("http://")))
        text = str_from(text, strlen("http://"));
    size_t colon = str_find(text, ':');
    if (colon == STR_NONE || str_find(text, '/') != STR_NONE || str_find(text, '@') != STR_NONE ||
        str_find(str_from(text, colon + 1), ':') != STR_NONE)
        return one;
    r->service = str_slice(text, 0, colon);
    r->backend_port = str_from(text, colon + 1);
    return NULL;
}

static const char *read_route(struct row *r, struct node_route *route) {
    const char *why = NULL;
    if (route->redirect)
        return "the form has no redirects";
    NODES_EACH(pattern, route->patterns) {
        struct str text;
        if (!text_of(pattern, &text))
            return "the form has no names in braces";
        if ((why = read_pattern(r, text, pattern == route->patterns.head)))
            return why;
    }
    NODES_EACH(link, route->links)
    if ((why = read_link(r, link)))
        return why;
    return read_target(r, route);
}

/* What the row itself cannot say of the mode. */
static const char *check_row(const struct writer *w, const struct row *r) {
    bool plain = str_is(r->scheme, "http"), tcp = str_is(r->scheme, "tcp");
    if (plain && (!w->host.len || !str_is(r->backend_port, "80")))
        return "a row is plain HTTP only to port 80 of another host";
    if (str_is(r->scheme, "https") && w->host.len && str_is(r->backend_port, "80"))
        return "a row to port 80 of another host is plain HTTP";
    if ((tcp || str_is(r->scheme, "udp")) && r->host_count)
        return "such a row has no names";
    if (w->host.len && r->service.len && !str_eq(r->service, w->host))
        return "the rows of a project lead to its own host";
    return NULL;
}

static bool same_name(struct node *service, struct str name) {
    struct str text;
    return text_of(node_setting(service)->args.head, &text) && str_eq(text, name);
}

static void write_texts(struct writer *w, const char *key, const struct str *texts, size_t count) {
    yaml_key(&w->yaml, key);
    yaml_list(&w->yaml);
    for (size_t i = 0; i < count; i++)
        yaml_list_text(&w->yaml, texts[i], i == 0);
    yaml_list_end(&w->yaml);
}

/* `ip` and `dns` stand in the first row of their service. */
static void write_network(struct writer *w, struct str service) {
    struct nodes kept = { 0 };
    for (struct node *n = w->services.head, *next; n; n = next) {
        next = n->next;
        n->next = NULL;
        if (!same_name(n, service)) {
            kept = nodes_append(kept, n);
            continue;
        }
        struct node_block *block = node_setting(n)->block;
        for (struct node *s = block ? block->body.head : NULL; s; s = s->next) {
            struct str texts[TEXTS_MOST];
            size_t count = 0;
            bool ip = s->kind == NODE_SETTING && str_is(node_setting(s)->name, "ip");
            bool dns = s->kind == NODE_SETTING && str_is(node_setting(s)->name, "dns");
            if ((!ip && !dns) || !texts_of(node_setting(s)->args, texts, TEXTS_MOST, &count) ||
                count == 0 || (ip && count > 1)) {
                lose(w, s->span, s->kind == NODE_SETTING ? node_setting(s)->name : STR(""),
                     "a service has one address and name servers");
            } else if (ip) {
                yaml_key(&w->yaml, "ipv4_address");
                yaml_text(&w->yaml, texts[0]);
            } else {
                write_texts(w, "dns", texts, count);
            }
        }
    }
    w->services = kept;
}

static void write_member(struct writer *w, const char *key, struct str text) {
    if (!text.len)
        return;
    yaml_key(&w->yaml, key);
    yaml_text(&w->yaml, text);
}

static void write_number(struct writer *w, const char *key, struct str text) {
    uint64_t number;
    yaml_key(&w->yaml, key);
    if (str_to_uint(text, 65535, &number))
        yaml_plain(&w->yaml, text);
    else
        yaml_text(&w->yaml, text);
}

static void write_names(struct writer *w, const struct row *r) {
    if (r->host_count == 1)
        write_member(w, "domain", r->hosts[0]);
    if (r->host_count < 2)
        return;
    yaml_key(&w->yaml, "tls");
    yaml_in(&w->yaml);
    write_member(w, "main", r->hosts[0]);
    write_texts(w, "sans", r->hosts + 1, r->host_count - 1);
    yaml_out(&w->yaml);
}

static void write_row(struct writer *w, const struct row *r) {
    struct str t = STR("true");
    bool udp = str_is(r->scheme, "udp"), http = str_starts(r->scheme, STR("http"));
    if (!w->rows) {
        yaml_key(&w->yaml, "ingress");
        yaml_in(&w->yaml);
    }
    w->rows = true;
    yaml_item(&w->yaml);
    if (!w->host.len)
        write_member(w, "service", r->service);
    write_names(w, r);
    if (!http)
        write_member(w, "router", udp ? STR("udp") : STR("tcp"));
    write_number(w, "port", r->backend_port);
    if (r->port.len)
        write_number(w, "hostport", r->port);
    if (str_is(r->scheme, "passthrough")) {
        yaml_key(&w->yaml, "passthrough");
        yaml_plain(&w->yaml, t);
    }
    write_member(w, "path_prefix", r->path);
    if (r->strip) {
        yaml_key(&w->yaml, "path_remove");
        yaml_plain(&w->yaml, t);
    }
    if (r->allow_count)
        write_texts(w, "allow_source_ips", r->allow, r->allow_count);
    if (!http && !udp) {
        yaml_key(&w->yaml, "proxyprotocol");
        if (r->proxy_protocol.len)
            yaml_text(&w->yaml, str_from(r->proxy_protocol, 1));
        else
            yaml_plain(&w->yaml, STR("null"));
    }
    if (!w->host.len)
        write_network(w, r->service);
    yaml_out(&w->yaml);
}

/* Names on the certificate that are just the route's hosts say nothing new. */
static bool repeats_hosts(const struct row *r, struct node_setting *cert) {
    struct str names[TEXTS_MOST];
    size_t count = 0;
    if (!texts_of(cert->args, names, TEXTS_MOST, &count) || count != r->host_count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!str_eq_nocase(names[i], r->hosts[i]))
            return false;
    return true;
}

static void add_route(struct writer *w, struct node *node) {
    struct node_route *route = node_route(node);
    struct row *r = arena_new(w->arena, struct row);
    const char *why = read_route(r, route);
    why = why ? why : check_row(w, r);
    struct span span = route->patterns.head ? route->patterns.head->span : node->span;
    if (why) {
        lose(w, span, STR(""), why);
        return;
    }
    for (struct node *n = route->block ? route->block->body.head : NULL; n; n = n->next) {
        struct str version;
        if (n->kind == NODE_SETTING && str_is(node_setting(n)->name, "proxy-protocol") &&
            text_of(node_setting(n)->args.head, &version))
            r->proxy_protocol = version;
        else if (n->kind != NODE_SETTING)
            lose(w, n->span, STR(""), "the form has no key for it");
        else if (!str_is(node_setting(n)->name, "cert") || !repeats_hosts(r, node_setting(n)))
            lose_setting(w, n);
    }
    write_row(w, r);
}

/* ---- a project ---- */

static void add_egress(struct writer *w, struct node_setting *setting) {
    struct str texts[TEXTS_MOST];
    size_t count = 0;
    if (!texts_of(setting->args, texts, TEXTS_MOST, &count)) {
        lose_setting(w, &setting->base);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        size_t slash = str_find(texts[i], '/');
        if (slash != STR_NONE)
            texts[i] = str_format(w->arena, "%.*s:%.*s", STR_ARG(str_slice(texts[i], 0, slash)),
                                  STR_ARG(str_from(texts[i], slash + 1)));
    }
    write_texts(w, "egress", texts, count);
}

static struct nodes take(struct nodes *from, const char *name) {
    struct nodes found = { 0 }, kept = { 0 };
    for (struct node *n = from->head, *next; n; n = next) {
        next = n->next;
        n->next = NULL;
        if (n->kind == NODE_SETTING && str_is(node_setting(n)->name, name))
            found = nodes_append(found, n);
        else
            kept = nodes_append(kept, n);
    }
    *from = kept;
    return found;
}

static struct str what_is(struct node *node) {
    switch ((enum node_kind)node->kind) {
    case NODE_SETTING: return node_setting(node)->name;
    case NODE_LET: return STR("let");
    case NODE_MIDDLEWARE: return STR("middleware");
    case NODE_TEMPLATE: return STR("template");
    case NODE_FOR: return STR("for");
    case NODE_WORD:
    case NODE_STRING:
    case NODE_RAW:
    case NODE_HEREDOC:
    case NODE_CALL:
    case NODE_LIST:
    case NODE_ARG:
    case NODE_ROUTE:
    case NODE_BROKEN:
    case NODE_BLOCK:
    case NODE_POOL:
    case NODE_TARGET:
    case NODE_PARAM: break;
    }
    return STR("");
}

static void add_project(struct writer *w, struct nodes body) {
    struct nodes disabled = take(&body, "disabled"), egress = take(&body, "egress");
    w->services = take(&body, "service");
    if (disabled.head) {
        yaml_key(&w->yaml, "enabled");
        yaml_plain(&w->yaml, STR("false"));
    }
    write_member(w, "host", w->host);
    for (struct node *n = body.head; n; n = n->next)
        if (n->kind == NODE_ROUTE)
            add_route(w, n);
        else
            lose(w, n->span, what_is(n), "the form has no key for it");
    if (w->rows)
        yaml_out(&w->yaml);
    NODES_EACH(n, egress)
    add_egress(w, node_setting(n));
    NODES_EACH(n, w->services)
    lose(w, n->span, STR("service"), "no row leads to it");
}

/* `project NAME at HOST { … }`: the folder says the name. */
static struct nodes unwrap(struct writer *w, struct nodes body) {
    struct nodes projects = take(&body, "project");
    if (!projects.head)
        return body;
    struct node_setting *project = node_setting(projects.head);
    for (struct node *n = projects.head->next; n; n = n->next)
        lose(w, n->span, STR("project"), "a file describes one project");
    for (struct node *n = body.head; n; n = n->next)
        lose(w, n->span, what_is(n), "it stands outside of the project");
    for (struct node *n = project->args.head; n; n = n->next) {
        struct str text;
        if (text_of(n, &text) && str_is(text, "at") && n->next)
            text_of(n->next, &w->host);
    }
    return project->block ? project->block->body : (struct nodes){ 0 };
}

/* ---- itsup.yml ---- */

static void write_first(struct writer *w, const char *key, struct node_setting *setting) {
    struct str text;
    if (text_of(setting->args.head, &text))
        write_member(w, key, text);
    else
        lose_setting(w, &setting->base);
}

static void write_images(struct writer *w, struct nodes images) {
    if (!images.head)
        return;
    yaml_key(&w->yaml, "versions");
    yaml_in(&w->yaml);
    NODES_EACH(n, images) {
        struct str texts[2];
        size_t count = 0;
        if (texts_of(node_setting(n)->args, texts, 2, &count) && count == 2)
            write_member(w, str_copy(w->arena, texts[0]).at, texts[1]);
        else
            lose_setting(w, n);
    }
    yaml_out(&w->yaml);
}

static void write_crowdsec(struct writer *w, struct node *node) {
    struct str texts[TEXTS_MOST];
    size_t count = 0;
    yaml_key(&w->yaml, "crowdsec");
    yaml_in(&w->yaml);
    yaml_key(&w->yaml, "enabled");
    yaml_plain(&w->yaml, node ? STR("true") : STR("false"));
    if (node && texts_of(node_setting(node)->args, texts, TEXTS_MOST, &count))
        write_texts(w, "collections", texts, count);
    yaml_out(&w->yaml);
}

static void add_stack(struct writer *w, struct node *stack) {
    struct node_block *block = node_setting(stack)->block;
    struct nodes body = block ? block->body : (struct nodes){ 0 };
    struct nodes dashboard = take(&body, "dashboard"), router = take(&body, "router"),
                 images = take(&body, "image"), crowdsec = take(&body, "crowdsec");
    if (dashboard.head)
        write_first(w, "traefikDomain", node_setting(dashboard.head));
    if (router.head)
        write_first(w, "routerIP", node_setting(router.head));
    write_images(w, images);
    write_crowdsec(w, crowdsec.head);
    for (struct node *n = body.head; n; n = n->next)
        lose(w, n->span, what_is(n), "itsup.yml has no key for it");
}

void itsup_write(struct buf *out, const struct ast *ast, struct lower_losses *unsaid) {
    struct writer w = { .yaml = { .out = out }, .arena = out->arena, .unsaid = unsaid };
    struct nodes body = ast->body, proxies = take(&body, "proxy"), stack = { 0 };
    struct node_block *block = proxies.head ? node_setting(proxies.head)->block : NULL;
    if (block)
        stack = take(&block->body, "stack");
    if (stack.head) {
        add_stack(&w, stack.head);
        for (struct node *n = block->body.head; n; n = n->next)
            lose(&w, n->span, what_is(n), "itsup.yml has no key for it");
        for (struct node *n = body.head; n; n = n->next)
            lose(&w, n->span, what_is(n), "itsup.yml is about the proxy alone");
        return;
    }
    NODES_EACH(n, proxies)
    lose(&w, n->span, STR("proxy"), "a project's file says nothing of the proxy");
    add_project(&w, unwrap(&w, body));
}
