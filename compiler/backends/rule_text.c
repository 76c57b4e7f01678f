/* Turns what a router matches into the text that Traefik's rule parser reads. Alternatives stand in
   parentheses wherever something else stands beside them. */
#include "backends/backend.h"

struct rule {
    struct arena *arena;
    const struct ir *ir;
    const struct ir_router *router;
    struct buf out;
};

static uint32_t version(const char *text) {
    uint32_t v;
    return option_version_parse(str_of(text), &v) ? v : 0;
}

/* Backticks take everything but a backtick; then it is Go's other string. */
static void add_string(struct buf *out, struct str text) {
    bool raw = str_find(text, '`') == STR_NONE;
    buf_char(out, raw ? '`' : '"');
    for (size_t i = 0; i < text.len; i++) {
        if (!raw && (text.at[i] == '"' || text.at[i] == '\\'))
            buf_char(out, '\\');
        buf_char(out, text.at[i]);
    }
    buf_char(out, raw ? '`' : '"');
}

static void add_matcher(struct buf *out, const char *name, struct str first, struct str second,
                        bool two) {
    buf_text(out, name);
    buf_char(out, '(');
    add_string(out, first);
    if (two) {
        buf_text(out, ", ");
        add_string(out, second);
    }
    buf_char(out, ')');
}

/* ---- hosts ---- */

static void add_wildcard_regex(struct rule *r, const char *name, struct str host) {
    struct buf regex = { .arena = r->arena };
    buf_text(&regex, "^[^.]+");
    for (size_t i = 1; i < host.len; i++) {
        if (host.at[i] == '.')
            buf_char(&regex, '\\');
        buf_char(&regex, host.at[i]);
    }
    buf_char(&regex, '$');
    add_matcher(&r->out, name, buf_str(&regex), STR(""), false);
}

/* Host knows wildcards from Traefik 3.7.0 on, and `*` alone as any host from 3.7.7 on. */
static void add_host(struct rule *r, struct str host) {
    bool tcp = r->router->protocol == IR_TCP;
    if (str_is(host, "*")) {
        if (tcp)
            add_matcher(&r->out, "HostSNI", host, STR(""), false);
        else if (r->ir->version >= version("3.7.7"))
            add_matcher(&r->out, "Host", host, STR(""), false);
        else
            add_matcher(&r->out, "HostRegexp", STR("^.*$"), STR(""), false);
        return;
    }
    if (str_starts(host, STR("*.")) && r->ir->version < version("3.7.0")) {
        add_wildcard_regex(r, tcp ? "HostSNIRegexp" : "HostRegexp", host);
        return;
    }
    add_matcher(&r->out, tcp ? "HostSNI" : "Host", host, STR(""), false);
}

static bool any_host(const struct ir_router *router) {
    for (size_t i = 0; i < router->hosts.count; i++)
        if (!str_is(router->hosts.list[i], "*"))
            return false;
    return true;
}

static void add_hosts(struct rule *r, bool alone) {
    const struct ir_texts *hosts = &r->router->hosts;
    bool group = hosts->count > 1 && !alone;
    buf_text(&r->out, group ? "(" : "");
    if (hosts->count == 0)
        add_host(r, STR("*"));
    for (size_t i = 0; i < hosts->count; i++) {
        buf_text(&r->out, i ? " || " : "");
        add_host(r, hosts->list[i]);
    }
    buf_text(&r->out, group ? ")" : "");
}

/* ---- paths ---- */

static void add_path(struct rule *r, bool alone) {
    struct str path = r->router->path;
    char end = path.at[path.len - 1];
    if (end == '$') {
        add_matcher(&r->out, "Path", str_slice(path, 0, path.len - 1), STR(""), false);
        return;
    }
    if (end == '/') {
        add_matcher(&r->out, "PathPrefix", path, STR(""), false);
        return;
    }
    buf_text(&r->out, alone ? "" : "(");
    add_matcher(&r->out, "Path", path, STR(""), false);
    buf_text(&r->out, " || ");
    add_matcher(&r->out, "PathPrefix", str_format(r->arena, "%.*s/", STR_ARG(path)), STR(""),
                false);
    buf_text(&r->out, alone ? "" : ")");
}

/* ---- conditions ---- */

static const struct matcher {
    const char *kind, *plain, *regex;
    bool keyed;
} matchers[] = {
    { "method", "Method", "Method", false },   { "header", "Header", "HeaderRegexp", true },
    { "query", "Query", "QueryRegexp", true }, { "client", "ClientIP", "ClientIP", false },
    { "path", "Path", "PathRegexp", false },   { "host", "Host", "HostRegexp", false },
};

static void add_condition(struct rule *r, const struct ir_condition *c, bool alone) {
    bool group = c->texts.count > 1 && (!alone || c->negated);
    if (str_is(c->kind, "match")) {
        buf_text(&r->out, alone && !c->negated ? "" : c->negated ? "!(" : "(");
        buf_add(&r->out, c->texts.count ? c->texts.list[0] : STR(""));
        buf_text(&r->out, alone && !c->negated ? "" : ")");
        return;
    }
    for (size_t m = 0; m < sizeof matchers / sizeof *matchers; m++) {
        if (!str_is(c->kind, matchers[m].kind))
            continue;
        const char *name = c->regex ? matchers[m].regex : matchers[m].plain;
        buf_text(&r->out, c->negated ? "!" : "");
        buf_text(&r->out, group ? "(" : "");
        if (c->texts.count == 0)
            add_matcher(&r->out, name, c->key, STR(""), false);
        for (size_t i = 0; i < c->texts.count; i++) {
            buf_text(&r->out, i ? " || " : "");
            if (matchers[m].keyed)
                add_matcher(&r->out, name, c->key, c->texts.list[i], true);
            else
                add_matcher(&r->out, name, c->texts.list[i], STR(""), false);
        }
        buf_text(&r->out, group ? ")" : "");
    }
}

/* ---- the whole ---- */

struct str rule_text(struct arena *a, const struct ir *ir, const struct ir_router *router) {
    struct rule r = { .arena = a, .ir = ir, .router = router, .out.arena = a };
    bool path = router->path.len > 0;
    bool hosts = router->protocol == IR_TCP || !any_host(router) || (!path && !router->conditions);
    size_t parts = (size_t)hosts + path;
    for (const struct ir_condition *c = router->conditions; c; c = c->next)
        parts++;
    if (hosts)
        add_hosts(&r, parts == 1);
    if (path) {
        buf_text(&r.out, r.out.len ? " && " : "");
        add_path(&r, parts == 1);
    }
    for (const struct ir_condition *c = router->conditions; c; c = c->next) {
        buf_text(&r.out, r.out.len ? " && " : "");
        add_condition(&r, c, parts == 1);
    }
    return buf_str(&r.out);
}
