/* A project's routing file → its ingress.itsup: what is switched off, routes, services, egress. */
#include "lower/itsup_project.h"

#include "lower/itsup_row.h"
#include "lower/tree_place.h"
#include "lower/yaml_comments.h"

struct project {
    struct lower l;
    const struct itsup_project_facts *facts;
    struct tree *root;
    struct fields fields;
    struct itsup_rows rows;
    struct node *wrapper; /* `project at HOST` */
    struct nodes disabled, routes, egress;
};

/* The comments up to the end of `source`'s lines go to the statement made of it; where none was
   made they wait for the next one. */
static void dress(struct project *p, struct node *node, const struct tree *source) {
    if (node)
        yaml_comments_hang(p->l.arena, p->l.source, node, source->span.start,
                           yaml_comments_take(&p->l.comments, yaml_lines_end(source)));
}

static const char *file_name(const struct project *p) {
    switch (p->facts->generation) {
    case ITSUP_ONE: return "traefik.yml";
    case ITSUP_TWO: return "ingress.yml";
    case ITSUP_THREE:
    case ITSUP_UNKNOWN: break;
    }
    return "itsup-project.yml";
}

/* Neither a host nor a compose file: nothing here leads anywhere. */
static void check_home(struct project *p) {
    bool given =
        fields_get(&p->fields, KEY_PROJECT_HOST) || fields_bad(&p->fields, KEY_PROJECT_HOST);
    if (given || p->facts->has_compose)
        return;
    p->rows.homeless = true;
    struct diag *d = diag_add(p->l.diags, DIAG_ITSUP_MISSING,
                              fields_key_span(&p->fields, KEY_PROJECT_INGRESS, p->root),
                              "the project has neither a compose file nor a `host`");
    diag_effect(p->l.diags, d, "nothing says where its routes lead");
    if (p->facts->generation == ITSUP_ONE)
        diag_help(p->l.diags, d, "put a docker-compose.yml beside this file");
    else
        diag_help(p->l.diags, d,
                  "add host: 192.168.1.10 to %s, or put a docker-compose.yml beside it",
                  file_name(p));
}

static void lower_enabled(struct project *p, const struct tree *value) {
    if (fields_bool(&p->fields, KEY_PROJECT_ENABLED, true))
        return;
    struct node *node = lower_setting_one(&p->l, "disabled", value->span, NULL);
    dress(p, node, value);
    p->disabled = nodes_append(p->disabled, node);
}

static void lower_host(struct project *p, const struct tree *value) {
    struct node *at = lower_word(&p->l, STR("at"), value->span);
    struct nodes args = nodes_append((struct nodes){ 0 }, at);
    args = nodes_append(args, lower_text(&p->l, value));
    p->wrapper = lower_setting(&p->l, "project", value->span, args, NULL);
    dress(p, p->wrapper, value);
}

static void lower_rows(struct project *p, const struct tree *list) {
    for (const struct tree_entry *e = tree_entries(list); e; e = e->next) {
        struct node *route = itsup_row_lower(&p->rows, e->value);
        dress(p, route, e->value);
        p->routes = nodes_append(p->routes, route);
    }
}

/* `project:service` as `project/service`, byte for byte. */
static struct node *egress_item(struct project *p, const struct tree *item) {
    struct str text = tree_text(item);
    if (tree_scalar_kind(item) != SCALAR_TEXT || item->kind != TREE_SCALAR)
        return NULL; /* told where the list was read */
    size_t colon = str_find(text, ':'), slash = str_find(text, '/');
    if (colon == STR_NONE || colon == 0 || colon + 1 == text.len || slash != STR_NONE ||
        str_find(str_from(text, colon + 1), ':') != STR_NONE) {
        struct diag *d =
            diag_add(p->l.diags, DIAG_EGRESS, item->span,
                     "`%.*s` is no egress target: it has the form project:service", STR_ARG(text));
        if (slash != STR_NONE && colon == STR_NONE)
            diag_help(p->l.diags, d, "write %.*s:%.*s", STR_ARG(str_slice(text, 0, slash)),
                      STR_ARG(str_from(text, slash + 1)));
        else
            diag_help(p->l.diags, d, "write the project, a colon and one of its services");
        return NULL;
    }
    struct node *node = tree_ast_text(p->l.arena, item);
    struct buf out = { .arena = p->l.arena };
    buf_add(&out, str_slice(text, 0, colon));
    buf_char(&out, '/');
    buf_add(&out, str_from(text, colon + 1));
    node_text(node)->text = buf_str(&out);
    return node;
}

static void lower_egress(struct project *p, const struct tree *list, struct span key) {
    struct nodes items = { 0 };
    for (const struct tree_entry *e = tree_entries(list); e; e = e->next)
        items = nodes_append(items, egress_item(p, tree_value(e)));
    if (!items.head)
        return;
    struct node *node =
        lower_setting_one(&p->l, "egress", key, ast_list(p->l.arena, list->span, items, true));
    dress(p, node, list);
    node->blank_before = p->routes.head != NULL;
    p->egress = nodes_append(p->egress, node);
}

static struct nodes services_of(struct project *p) {
    struct nodes out = { 0 };
    for (struct itsup_service *s = p->rows.services; s; s = s->next) {
        struct nodes body = { 0 };
        if (s->ip)
            body = nodes_append(
                body, lower_setting_one(&p->l, "ip", s->ip->span, lower_text(&p->l, s->ip)));
        if (s->dns)
            body = nodes_append(
                body, lower_setting_one(&p->l, "dns", s->dns->span, lower_list(&p->l, s->dns)));
        struct span span = s->name->span;
        struct node *name = lower_text(&p->l, s->name);
        struct node *node = lower_setting(&p->l, "service", span, (struct nodes){ name, name },
                                          lower_block(&p->l, span, body, true));
        node->blank_before = !out.head;
        out = nodes_append(out, node);
    }
    return out;
}

static struct nodes nodes_join(struct nodes a, struct nodes b) {
    if (!a.head)
        return b;
    if (b.head) {
        a.tail->next = b.head;
        a.tail = b.tail;
    }
    return a;
}

static bool is_field(const struct project *p, enum itsup_key key, const struct tree_entry *e) {
    return fields_entry(&p->fields, key) == e;
}

static void lower_entries(struct project *p) {
    for (const struct tree_entry *e = tree_entries(p->root); e; e = e->next) {
        struct tree *value = tree_value(e);
        if (is_field(p, KEY_PROJECT_EGRESS, e) && tree_is(value, TREE_SEQUENCE))
            lower_egress(p, value, e->key->span); /* items that are none were told */
        else if (is_field(p, KEY_PROJECT_ENABLED, e) && fields_get(&p->fields, KEY_PROJECT_ENABLED))
            lower_enabled(p, value);
        else if (is_field(p, KEY_PROJECT_HOST, e) && fields_get(&p->fields, KEY_PROJECT_HOST))
            lower_host(p, value);
        else if (is_field(p, KEY_PROJECT_INGRESS, e) && fields_get(&p->fields, KEY_PROJECT_INGRESS))
            lower_rows(p, value);
    }
}

struct ast *itsup_project_lower(struct diags *diags, const struct tree_file *file,
                                const struct itsup_project_facts *facts,
                                struct lower_losses *losses) {
    struct project p = { .facts = facts };
    struct ast *ast = arena_new(file->arena, struct ast);
    ast->arena = file->arena;
    ast->source = file->source;
    lower_start(&p.l, diags, file, losses);
    p.root = itsup_root(&p.l, file, "write ingress: with its rows, or remove the file");
    if (!p.root)
        return ast;
    itsup_fields(&p.l, ITSUP_PROJECT, facts->generation, p.root, &p.fields);
    p.rows = (struct itsup_rows){ .l = &p.l,
                                  .generation = facts->generation,
                                  .host = fields_get(&p.fields, KEY_PROJECT_HOST),
                                  .has_compose = facts->has_compose,
                                  .secrets = facts->secrets };
    if (fields_bad(&p.fields, KEY_PROJECT_HOST))
        p.rows.homeless = true;
    check_home(&p);
    lower_entries(&p);
    struct nodes body = nodes_join(nodes_join(p.disabled, p.routes), services_of(&p));
    ast->body = nodes_join(body, p.egress);
    if (ast->body.head)
        ast->body.head->blank_before = false;
    if (p.wrapper) {
        node_setting(p.wrapper)->block =
            node_block(lower_block(&p.l, p.root->span, ast->body, false));
        ast->body = (struct nodes){ p.wrapper, p.wrapper };
    }
    ast->tail = p.l.comments;
    return ast;
}
