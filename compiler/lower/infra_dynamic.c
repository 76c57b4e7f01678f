/* projects/middlewares.yml, which is merged over the stack's middlewares: new ones become words,
   changes to the stack's own stay YAML. */
#include "lower/infra.h"
#include "lower/option_check.h"
#include "lower/yaml_comments.h"
#include "options/readymade.h"

struct reader {
    struct infra *in;
    struct lower l;
    struct raw raw;
};

static bool is_of_stack(struct str name) {
    for (size_t i = 0; i < readymade_count; i++)
        if (readymades[i].kind == READYMADE_MIDDLEWARE && str_eq_nocase(name, readymades[i].name))
            return true;
    return false;
}

static bool is_name(struct str text) {
    for (size_t i = 0; i < text.len; i++)
        if (!char_is_alnum(text.at[i]) && text.at[i] != '-' && text.at[i] != '_')
            return false;
    return text.len > 0 && text.len <= 63;
}

static bool is_value(const struct tree *node) {
    return tree_is(node, TREE_SCALAR) && !tree_is_null(node);
}

static struct node *value_of(struct lower *l, const struct tree *node) {
    struct nodes items = { 0 };
    if (is_value(node))
        return lower_text(l, node);
    if (!tree_is(node, TREE_SEQUENCE))
        return NULL;
    for (const struct tree_entry *e = tree_entries(node); e; e = e->next) {
        if (!is_value(tree_value(e)))
            return NULL;
        items = nodes_append(items, lower_text(l, tree_value(e)));
    }
    return ast_list(l->arena, node->span, items, false);
}

/* `strip(/api)`: kinds that have a word for their one option. */
static struct node *short_form(struct lower *l, const struct tree_entry *kind) {
    static const struct {
        const char *kind, *option, *word;
    } forms[] = {
        { "stripPrefix", "prefixes", "strip" },
        { "ipAllowList", "sourceRange", "allow" },
        { "forwardAuth", "address", "forward-auth" },
    };
    const struct tree_entry *only = tree_entries(kind->value);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (!str_eq_nocase(tree_key(kind), str_of(forms[i].kind)) || !only || only->next ||
            !str_eq_nocase(tree_key(only), str_of(forms[i].option)))
            continue;
        struct node *value = value_of(l, tree_value(only));
        if (!value || (value->kind == NODE_LIST && !node_list(value)->items.head))
            return NULL;
        struct nodes args =
            value->kind == NODE_LIST ? node_list(value)->items : (struct nodes){ value, value };
        return ast_call(l->arena, tree_entry_span(kind),
                        lower_word(l, str_of(forms[i].word), kind->key->span), args);
    }
    return NULL;
}

/* `middleware NAME = kind(option=value, …)`; NULL when some option is no plain value. */
static struct node *middleware_of(struct reader *r, const struct tree_entry *entry) {
    struct lower *l = &r->l;
    struct tree *map = tree_value(entry);
    const struct tree_entry *kind = tree_entries(map);
    if (is_of_stack(tree_key(entry)) || !is_name(tree_key(entry)) || tree_count(map) != 1 ||
        !tree_is(kind->value, TREE_MAPPING))
        return NULL;
    const struct option *o = option_child(option_middlewares(OPTION_HTTP), tree_key(kind));
    if (!o || str_eq_nocase(tree_key(kind), STR("plugin")))
        return NULL;
    struct nodes args = { 0 };
    struct node *form = short_form(l, kind);
    if (form)
        return ast_middleware(l->arena, tree_entry_span(entry), lower_text(l, entry->key),
                              (struct nodes){ form, form });
    for (const struct tree_entry *e = tree_entries(kind->value); e; e = e->next) {
        const struct option *child = option_child(o, tree_key(e));
        struct node *value = child && !child->any_name ? value_of(l, tree_value(e)) : NULL;
        if (!value)
            return NULL;
        struct str name = option_name_kebab(l->arena, option_name(child));
        args = nodes_append(
            args, ast_arg(l->arena, tree_entry_span(e), lower_word(l, name, e->key->span), value));
    }
    struct str name = option_name_kebab(l->arena, option_name(o));
    struct node *link = lower_word(l, name, kind->key->span);
    if (args.head)
        link = ast_call(l->arena, tree_entry_span(kind), link, args);
    return ast_middleware(l->arena, tree_entry_span(entry), lower_text(l, entry->key),
                          (struct nodes){ link, link });
}

static void read_middlewares(struct reader *r, const struct tree *map) {
    static const struct str path[] = { { "http", 4 }, { "middlewares", 11 } };
    if (r->raw.open > 1)
        r->raw.open = 1;
    for (const struct tree_entry *e = tree_entries(map); e; e = e->next) {
        struct node *node = middleware_of(r, e);
        if (node) {
            yaml_comments_hang(r->l.arena, r->l.source, node, 0,
                               yaml_comments_take(&r->l.comments, yaml_lines_end(e->value)));
            node->blank_before |= !r->in->rest.head;
            r->in->rest = nodes_append(r->in->rest, node);
        } else {
            raw_entry(&r->raw, path, 2, e);
        }
    }
    if (r->raw.open > 1)
        r->raw.open = 1;
}

static void read_http(struct reader *r, const struct tree *http) {
    static const struct str path[] = { { "http", 4 } };
    for (const struct tree_entry *e = tree_entries(http); e; e = e->next) {
        if (str_is(tree_key(e), "middlewares") && tree_is(e->value, TREE_MAPPING))
            read_middlewares(r, tree_value(e));
        else
            raw_entry(&r->raw, path, 1, e);
    }
}

void dynamic_read(struct infra *in, const struct tree_file *file) {
    struct reader r = { .in = in };
    lower_start(&r.l, in->diags, file, in->losses);
    r.raw.l = &r.l;
    if (file->empty)
        return; /* a file of comments counts as absent */
    struct tree *root =
        itsup_root(&r.l, file, "write http: { middlewares: … }, or remove the file");
    bool shared = file->anchors && file->anchors->count > 0;
    if (root)
        option_check_tree(&r.l, option_top(OPTION_DYNAMIC), root);
    for (const struct tree_entry *e = tree_entries(root); e; e = e->next) {
        if (str_is(tree_key(e), "http") && tree_is(e->value, TREE_MAPPING) && !shared)
            read_http(&r, tree_value(e));
        else
            raw_entry(&r.raw, NULL, 0, e);
        r.raw.open = 0;
    }
    in->proxy = nodes_append(in->proxy, raw_node(&r.raw, "dynamic"));
}
