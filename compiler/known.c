/* Instances that exist already: container, URL, routers and rules of each, and whose they are. */
#include "known.h"

#include "ir/ir.h"

struct itsupc_known {
    struct arena arena;
    struct table owners; /* "url https://…" → struct str, whose it is */
};

struct itsupc_known *itsupc_known_new(void) {
    struct arena arena = { 0 };
    struct itsupc_known *known = arena_new(&arena, struct itsupc_known);
    known->arena = arena;
    known->owners.arena = &known->arena;
    return known;
}

void itsupc_known_free(struct itsupc_known *known) {
    struct arena arena = known->arena; /* it lives in it itself */
    arena_free(&arena);
}

/* ---- claims ---- */

struct claim {
    struct itsupc_known *known;
    struct diags *diags; /* NULL: only remember */
    struct span span;
    struct str who;
    bool write, refused;
};

static void tell_taken(struct claim *c, const char *what, struct str text, struct str owner) {
    bool twice = str_eq(c->who, owner);
    struct diag *d =
        twice ? diag_add(c->diags, DIAG_NAME_TAKEN, c->span, "`%.*s` exists already: the %s `%.*s`",
                         STR_ARG(c->who), what, STR_ARG(text))
              : diag_add(c->diags, DIAG_NAME_TAKEN, c->span,
                         "`%.*s` and `%.*s`, which exists already, have one %s: `%.*s`",
                         STR_ARG(c->who), STR_ARG(owner), what, STR_ARG(text));
    diag_effect(c->diags, d, "one of the two would not start, or get the other one's requests");
    diag_help(c->diags, d,
              twice ? "stop the one that runs first"
                    : "pass another value, or declare the parameter as `slug(20) unique`");
}

static void claim(struct claim *c, const char *what, struct str text) {
    if (!text.len || c->refused)
        return;
    struct buf key = { .arena = &c->known->arena };
    buf_format(&key, "%s %.*s", what, STR_ARG(text));
    const struct str *owner = table_get(&c->known->owners, buf_str(&key));
    if (owner && c->diags) {
        c->refused = true;
        tell_taken(c, what, text, *owner);
    }
    if (!c->write || owner)
        return;
    struct str *mine = arena_new(&c->known->arena, struct str);
    *mine = c->who;
    *table_at(&c->known->owners, buf_str(&key)) = mine;
}

static struct str port_text(struct str publish) {
    struct str rest = str_from(publish, str_find(publish, ':') + 1);
    return str_slice(rest, 0, str_find(rest, ':'));
}

bool known_port_taken(void *context, unsigned port) {
    struct itsupc_known *known = context;
    return known && table_get(&known->owners, str_format(&known->arena, "port %u", port)) != NULL;
}

/* ---- what an instance has ---- */

static void claim_all(struct claim *c, const struct instance *it) {
    claim(c, "URL", it->url);
    claim(c, "container", it->name);
    if (it->publish.len) {
        claim(c, "port", port_text(it->publish));
        return;
    }
    struct arena *a = &c->known->arena;
    for (const struct ir_router *r = it->ir->projects->routers; r; r = r->next) {
        const char *protocol = ir_protocol_names[r->protocol];
        claim(c, str_format(a, "%s router", protocol).at, r->name);
        if (r->protocol != IR_UDP && r->use == IR_ROUTE)
            claim(c, str_format(a, "%s rule", protocol).at, rule_text(a, it->ir, r));
    }
}

bool known_take(struct itsupc_known *known, struct diags *diags, struct span span, struct str who,
                const struct instance *it, bool existing) {
    if (!known)
        return true;
    struct claim c = { known, existing ? NULL : diags, span, STR(""), false, false };
    c.who = str_copy(&known->arena, who);
    if (!existing)
        claim_all(&c, it);
    if (c.refused)
        return false;
    c.diags = NULL;
    c.write = true;
    claim_all(&c, it);
    return true;
}

/* traefik.http.routers.NAME.rule */
static void claim_label(struct claim *c, struct str key, struct str value) {
    for (int p = IR_HTTP; p <= IR_TCP; p++) {
        struct str head = str_format(&c->known->arena, "traefik.%s.routers.", ir_protocol_names[p]);
        struct str rest = str_from(key, head.len);
        if (!str_starts(key, head) || !str_ends(rest, STR(".rule")))
            continue;
        struct str name = str_slice(rest, 0, rest.len - 5);
        claim(c, str_format(&c->known->arena, "%s router", ir_protocol_names[p]).at, name);
        /* A router to HTTPS has the rule of its twin: their owner is one. */
        claim(c, str_format(&c->known->arena, "%s rule", ir_protocol_names[p]).at, value);
    }
}

bool known_read(struct itsupc_known *known, const struct tree *object) {
    const struct tree *labels = tree_get(object, STR("labels"));
    struct str name = tree_text(tree_get(object, STR("name")));
    if (!tree_is(labels, TREE_MAPPING) || !name.len)
        return false;
    struct claim c = { .known = known, .write = true };
    struct str url = tree_text(tree_get(object, STR("url")));
    c.who =
        str_format(&known->arena, "%.*s%s%.*s", STR_ARG(name), url.len ? " at " : "", STR_ARG(url));
    claim(&c, "URL", url);
    claim(&c, "container", name);
    struct str publish = tree_text(tree_get(object, STR("publish")));
    if (publish.len)
        claim(&c, "port", port_text(publish));
    for (const struct tree_entry *e = tree_entries(labels); e; e = e->next)
        claim_label(&c, tree_key(e), tree_text(tree_value(e)));
    return true;
}
