/* Instances that exist already: container, URL, routers and rules of each, and whose they are. */
#include "known.h"

#include "ir/ir.h"
#include "lower/yaml_tree.h"

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

/* ---- those that somebody else names ---- */

/* Docker writes a slash before a name, and a container may have several. */
static struct str plain_name(const struct tree *node) {
    struct str name = tree_is(node, TREE_SCALAR) ? tree_text(node) : STR("");
    return str_starts(name, STR("/")) ? str_from(name, 1) : name;
}

static const struct tree *names_in(const struct tree *object) {
    static const char *const keys[] = { "name", "Name", "Names" };
    const struct tree *found = NULL;
    for (size_t i = 0; !found && i < sizeof keys / sizeof *keys; i++)
        found = tree_get(object, str_of(keys[i]));
    return found;
}

static const struct tree *labels_in(const struct tree *object) {
    const struct tree *found = tree_get(object, STR("labels"));
    if (!found)
        found = tree_get(object, STR("Labels"));
    return found ? found : tree_get(tree_get(object, STR("Config")), STR("Labels"));
}

static bool begins_label(struct str text) {
    size_t at = 0;
    while (at < text.len && (char_is_alnum(text.at[at]) || strchr("._-/", text.at[at])))
        at++;
    return at > 0 && at < text.len && text.at[at] == '=';
}

static void claim_pair(struct claim *c, struct str label) {
    size_t equals = str_find(label, '=');
    if (equals != STR_NONE)
        claim_label(c, str_slice(label, 0, equals), str_from(label, equals + 1));
}

/* `k=v,k=v`, as `docker ps` has them: a comma may stand in a value, too. */
static void claim_joined(struct claim *c, struct str text) {
    for (size_t from = 0, at = 0; at <= text.len; at++) {
        if (at < text.len && (text.at[at] != ',' || !begins_label(str_from(text, at + 1))))
            continue;
        claim_pair(c, str_slice(text, from, at));
        from = at + 1;
    }
}

/* What Compose would read as `$`. */
static struct str without_dollars(struct arena *a, struct str text) {
    struct buf out = { .arena = a };
    for (size_t i = 0; i < text.len; i++) {
        buf_char(&out, text.at[i]);
        i += text.at[i] == '$' && i + 1 < text.len && text.at[i + 1] == '$';
    }
    return buf_str(&out);
}

static void claim_labels(struct claim *c, const struct tree *labels, bool compose) {
    if (tree_is(labels, TREE_SCALAR))
        claim_joined(c, tree_text(labels));
    for (const struct tree_entry *e = tree_entries(labels); e; e = e->next) {
        struct str text = tree_text(tree_value(e));
        if (compose)
            text = without_dollars(&c->known->arena, text);
        if (tree_is(labels, TREE_MAPPING))
            claim_label(c, tree_key(e), text);
        else
            claim_pair(c, text);
    }
}

bool known_read(struct itsupc_known *known, const struct tree *object) {
    const struct tree *labels = labels_in(object), *names = names_in(object);
    bool several = tree_is(names, TREE_SEQUENCE);
    struct str name =
        plain_name(several ? tree_entries(names) ? tree_entries(names)->value : NULL : names);
    if (!labels || !name.len)
        return false;
    struct claim c = { .known = known, .write = true };
    struct str url = tree_text(tree_get(object, STR("url")));
    c.who =
        str_format(&known->arena, "%.*s%s%.*s", STR_ARG(name), url.len ? " at " : "", STR_ARG(url));
    claim(&c, "URL", url);
    claim(&c, "container", name);
    for (const struct tree_entry *e = several ? tree_entries(names) : NULL; e; e = e->next)
        claim(&c, "container", plain_name(e->value));
    struct str publish = tree_text(tree_get(object, STR("publish")));
    if (publish.len)
        claim(&c, "port", port_text(publish));
    claim_labels(&c, labels, false);
    return true;
}

/* ---- files of them ---- */

static void read_services(struct itsupc_known *known, const struct tree *services) {
    for (const struct tree_entry *e = tree_entries(services); e && e->key; e = e->next) {
        const struct tree *service = tree_value(e);
        struct str name = tree_text(tree_get(service, STR("container_name")));
        struct claim c = { .known = known, .write = true };
        c.who = str_copy(&known->arena, name.len ? name : tree_key(e));
        claim(&c, "container", c.who);
        claim_labels(&c, tree_get(service, STR("labels")), true);
    }
}

static void read_routers(struct itsupc_known *known, const struct tree *root) {
    for (int p = IR_HTTP; p <= IR_TCP; p++) {
        const struct tree *routers =
            tree_get(tree_get(root, str_of(ir_protocol_names[p])), STR("routers"));
        for (const struct tree_entry *e = tree_entries(routers); e && e->key; e = e->next) {
            struct claim c = { .known = known, .write = true };
            c.who = str_format(&known->arena, "the router %.*s", STR_ARG(tree_key(e)));
            claim_label(&c,
                        str_format(&known->arena, "traefik.%s.routers.%.*s.rule",
                                   ir_protocol_names[p], STR_ARG(tree_key(e))),
                        tree_text(tree_get(tree_value(e), STR("rule"))));
        }
    }
}

static bool read_lines(struct itsupc_known *known, const struct source *source) {
    struct claim c = { .known = known, .write = true };
    struct str rest = source->text;
    if (!begins_label(rest))
        return false;
    c.who = str_copy(&known->arena, source->name);
    while (rest.len) {
        size_t end = str_find(rest, '\n');
        claim_pair(&c, str_trim(str_slice(rest, 0, end)));
        rest = end == STR_NONE ? STR("") : str_from(rest, end + 1);
    }
    return true;
}

static bool is_routing(const struct tree *root) {
    return tree_get(root, STR("http")) || tree_get(root, STR("tcp"));
}

bool itsupc_known_file(struct itsupc *s, struct itsupc_known *known, const char *name,
                       struct itsupc_text text) {
    struct source *source =
        session_add_source(s, str_copy(&s->arena, str_of(name)), (struct str){ text.at, text.len });
    if (!source || read_lines(known, source))
        return source != NULL;
    struct tree_file *file = yaml_tree_read(&s->trees, &s->diags, source);
    if (!file)
        return false;
    if (tree_get(file->root, STR("services")))
        read_services(known, tree_get(file->root, STR("services")));
    else if (is_routing(file->root))
        read_routers(known, file->root);
    else {
        struct diag *d = diag_add(&s->diags, DIAG_KIND_UNKNOWN, span_of(source, 0, 0),
                                  "`%s` names no instances that exist", name);
        diag_effect(&s->diags, d, "nothing could be told apart from them");
        diag_help(&s->diags, d,
                  "give what `expand` prints, a compose file, or what `docker inspect` says");
        return false;
    }
    return true;
}
