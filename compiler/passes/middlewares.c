/* `strip`, `canonical` and `=> URL` in the words of Traefik: they depend on the route. */
#include "passes/pass.h"

static void add_list(struct ir *ir, struct ir_middleware *m, const char *path, struct str text) {
    ir_option_add(ir->arena, &m->options, m->span, str_of(path), text)->list = true;
}

static void add(struct ir *ir, struct ir_middleware *m, const char *path, struct str text) {
    ir_option_add(ir->arena, &m->options, m->span, str_of(path), text);
}

/* The path without the slash that says "below it only": what is left begins with one. */
static void make_strip(struct ir *ir, struct ir_middleware *m, const struct ir_router *r) {
    struct str path = r->path;
    while (path.len > 1 && (path.at[path.len - 1] == '/' || path.at[path.len - 1] == '$'))
        path.len--;
    m->type = STR("stripPrefix");
    add_list(ir, m, "prefixes", path);
}

static void quote_regex(struct buf *out, struct str text) {
    for (size_t i = 0; i < text.len; i++) {
        if (strchr("\\.+*?()|[]{}^$", text.at[i]) && text.at[i])
            buf_char(out, '\\');
        buf_char(out, text.at[i]);
    }
}

/* A `$` in a replacement is written twice, or it would name a group. */
static void add_replacement(struct buf *out, struct str text) {
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '$')
            buf_char(out, '$');
        buf_char(out, text.at[i]);
    }
}

/* Aliases go to the first host; scheme, port, path and query stay. */
static void make_canonical(struct ir *ir, struct ir_middleware *m, const struct ir_router *r) {
    struct buf regex = { .arena = ir->arena }, to = { .arena = ir->arena };
    buf_text(&regex, "^(https?)://(?:");
    for (size_t i = 1; i < r->hosts.count; i++) {
        struct str host = r->hosts.list[i];
        if (i > 1)
            buf_char(&regex, '|');
        bool wild = str_starts(host, STR("*."));
        buf_text(&regex, wild ? "[^./:]+" : "");
        quote_regex(&regex, wild ? str_from(host, 1) : host);
    }
    buf_text(&regex, ")(:[0-9]+)?/(.*)$");
    buf_text(&to, "${1}://");
    add_replacement(&to, r->hosts.list[0]);
    buf_text(&to, "${2}/${3}");
    m->type = STR("redirectRegex");
    add(ir, m, "regex", buf_str(&regex));
    add(ir, m, "replacement", buf_str(&to));
    add(ir, m, "permanent", STR("true"));
}

static size_t path_at(struct str url) {
    size_t scheme = str_find_str(url, STR("://"));
    size_t at = scheme == STR_NONE ? 0 : scheme + 3;
    while (at < url.len && url.at[at] != '/' && url.at[at] != '?' && url.at[at] != '#')
        at++;
    return at;
}

/* A URL without a path keeps the request's path and query; one with a path keeps the query, unless
   it has its own. A bare path keeps scheme and host. */
static void add_redirect(struct ir *ir, struct ir_router *r) {
    struct ir_middleware *m = arena_new(ir->arena, struct ir_middleware), **tail = &r->middlewares;
    struct buf regex = { .arena = ir->arena }, to = { .arena = ir->arena };
    struct str url = r->redirect;
    bool bare = url.len && url.at[0] == '/';
    size_t path = bare ? 0 : path_at(url);
    bool query = str_find(url, '?') != STR_NONE;
    const char *origin = bare ? "^(https?://[^/?]+)" : "^https?://[^/?]+";
    buf_text(&regex, origin);
    if (bare)
        buf_text(&to, "${1}");
    add_replacement(&to, url);
    const char *group = bare ? "${2}" : "${1}";
    if (!bare && path == url.len) {
        buf_text(&regex, "(.*)$");
        buf_text(&to, group);
    } else if (query) {
        buf_text(&regex, ".*$");
    } else {
        size_t fragment = str_find(url, '#');
        buf_text(&regex, "[^?]*(\\?.*)?$");
        if (fragment == STR_NONE)
            buf_text(&to, group);
    }
    m->span = r->span;
    m->type = STR("redirectRegex");
    add(ir, m, "regex", buf_str(&regex));
    add(ir, m, "replacement", buf_str(&to));
    bool permanent = r->redirect_status == 301 || r->redirect_status == 308;
    add(ir, m, "permanent", permanent ? STR("true") : STR("false"));
    while (*tail)
        tail = &(*tail)->next;
    *tail = m;
}

void pass_middlewares(struct ir *ir) {
    for (struct ir_router *r = router_first(ir); r; r = router_next(r)) {
        for (struct ir_middleware *m = r->middlewares; m; m = m->next) {
            if (str_is(m->type, "strip"))
                make_strip(ir, m, r);
            else if (str_is(m->type, "canonical"))
                make_canonical(ir, m, r);
        }
        if (r->redirect.len)
            add_redirect(ir, r);
    }
}
