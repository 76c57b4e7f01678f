/* itsUP's files about the proxy itself → proxy.itsup. */
#include "lower/itsup_infra.h"

#include "lower/infra.h"

static const struct tree_file *first_file(const struct itsup_infra_files *files) {
    return files->itsup ? files->itsup : files->traefik ? files->traefik : files->middlewares;
}

struct ast *itsup_infra_lower(struct diags *diags, const struct itsup_infra_files *files,
                              enum itsup_generation generation, struct lower_losses *losses) {
    const struct tree_file *first = first_file(files);
    struct infra in = { .generation = generation, .diags = diags, .losses = losses };
    struct infra_stack stack = { 0 };
    if (!first)
        return NULL;
    struct ast *ast = arena_new(first->arena, struct ast);
    struct lower l = { .arena = first->arena, .diags = diags, .source = first->source };
    ast->arena = first->arena;
    ast->source = first->source;
    in.start = stack.span = (struct span){ first->source->base, first->source->base };
    bool has_stack = files->itsup || (generation == ITSUP_ONE && files->traefik);
    if (files->itsup)
        stack_read(&in, files->itsup, &stack);
    if (generation == ITSUP_ONE && files->traefik)
        stack_read_first(&in, files->traefik, &stack);
    else if (files->traefik)
        static_read(&in, files->traefik, &stack);
    if (files->middlewares)
        dynamic_read(&in, files->middlewares);
    struct nodes body = { 0 };
    if (has_stack)
        body = nodes_append(body, stack_node(&in, &l, &stack));
    if (in.proxy.head) {
        in.proxy.head->blank_before = true;
        body = body.head
                   ? (body.tail->next = in.proxy.head, (struct nodes){ body.head, in.proxy.tail })
                   : in.proxy;
    }
    if (body.head) {
        body.head->blank_before = false;
        struct node *name = lower_word(&l, STR("traefik"), in.start);
        ast->body = nodes_append(ast->body,
                                 lower_setting(&l, "proxy", in.start, (struct nodes){ name, name },
                                               lower_block(&l, in.start, body, false)));
    }
    if (in.rest.head) {
        if (ast->body.tail)
            ast->body.tail->next = in.rest.head;
        else
            ast->body.head = in.rest.head;
        ast->body.tail = in.rest.tail;
    }
    ast->tail = stack.tail;
    return ast;
}

/* ---- secrets ---- */

static void scan_file(struct diags *diags, const struct tree_file *file,
                      const struct secrets *given) {
    if (file)
        secrets_check_tree(diags, file->arena, given, file->root);
}

static struct tree *at_path(const struct tree_file *file, const char *const *path) {
    struct tree *node = file ? file->root : NULL;
    for (; node && *path; path++)
        node = tree_get(node, str_of(*path));
    return node;
}

void itsup_infra_secrets(struct diags *diags, const struct itsup_infra_files *files,
                         enum itsup_generation generation, const struct secrets *given) {
    static const char *const email[] = { "certificatesResolvers", "letsencrypt", "acme", "email",
                                         NULL };
    static const char *const users[] = { "http",      "middlewares", "traefik-auth",
                                         "basicAuth", "users",       NULL };
    if (generation == ITSUP_ONE)
        return; /* it makes no file for the proxy */
    scan_file(diags, files->traefik, given);
    scan_file(diags, files->middlewares, given);
    const struct source *nearest = given->file    ? given->file
                                   : files->itsup ? files->itsup->source
                                                  : NULL;
    if (!nearest || !files->itsup)
        return;
    struct span at = { nearest->base, nearest->base };
    struct str value;
    if (!secrets_find(given, STR("LETSENCRYPT_EMAIL"), &value) && !at_path(files->traefik, email))
        secrets_tell_missing(diags, at, "LETSENCRYPT_EMAIL", "the resolver letsencrypt", given);
    if (!secrets_find(given, STR("TRAEFIK_ADMIN"), &value) && !at_path(files->middlewares, users))
        secrets_tell_missing(diags, at, "TRAEFIK_ADMIN", "the dashboard", given);
}
