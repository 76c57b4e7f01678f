/* Files that a compose file of an itsUP project names beside itself: the generated file lies
   elsewhere, and only the project's files/ goes with it. */
#include "lower/compose_paths.h"

#include "support/table.h"

struct paths {
    struct diags *diags;
    struct table seen; /* by place */
};

/* Variables and addresses are for Compose to follow; absolute paths stay right. */
static bool is_left_behind(struct str path) {
    if (str_starts(path, STR("./")))
        path = str_from(path, 2);
    bool elsewhere = path.len == 0 || path.at[0] == '/' || path.at[0] == '~' ||
                     str_find(path, '$') != STR_NONE ||
                     str_find_str(path, STR("://")) != STR_NONE || str_starts(path, STR("git@"));
    return !elsewhere && !str_is(path, "files") &&
           (!str_starts(path, STR("files/")) || str_find_str(path, STR("/../")) != STR_NONE);
}

static void see(struct paths *p, const struct tree *node) {
    if (!tree_is(node, TREE_SCALAR) || tree_is_null(node) || !is_left_behind(tree_text(node)))
        return;
    struct diags *diags = p->diags;
    uint32_t start = tree_resolve(node)->span.start;
    void **seen =
        table_at(&p->seen, str_copy(p->seen.arena, (struct str){ (const char *)&start, 4 }));
    if (*seen)
        return; /* of an anchor that several services share */
    *seen = p;
    struct str path = tree_text(node);
    size_t slash = str_find_last(path, '/');
    struct str base = str_from(path, slash == STR_NONE ? 0 : slash + 1);
    struct diag *d =
        diag_add(diags, DIAG_ITSUP_LEFT_BEHIND, tree_resolve(node)->span,
                 "`%.*s` is not copied beside the generated compose file", STR_ARG(path));
    diag_effect(diags, d, "only files/ goes with it");
    if (base.len && base.at[0] != '.')
        diag_help(diags, d, "move it into files/ and write ./files/%.*s", STR_ARG(base));
    else
        diag_help(diags, d, "write an absolute path, or build the image elsewhere");
}

/* A path, a list of them, or mappings that hold one under `key`. */
static void see_value(struct paths *p, const struct tree *value, const char *key) {
    if (tree_is(value, TREE_SEQUENCE)) {
        for (const struct tree_entry *e = tree_entries(value); e; e = e->next)
            if (!tree_is(e->value, TREE_SEQUENCE))
                see_value(p, tree_value(e), key);
    } else if (tree_is(value, TREE_MAPPING)) {
        struct tree *inside = tree_get(value, str_of(key));
        if (!tree_is(inside, TREE_MAPPING))
            see(p, inside);
    } else {
        see(p, value);
    }
}

static void see_service(struct paths *p, const struct tree *body) {
    static const char *const keys[][2] = { { "env_file", "path" },
                                           { "label_file", "" },
                                           { "build", "context" } };
    if (!tree_is(body, TREE_MAPPING))
        return;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        see_value(p, tree_get(body, str_of(keys[i][0])), keys[i][1]);
    struct tree *extends = tree_get(body, STR("extends"));
    if (tree_is(extends, TREE_MAPPING))
        see(p, tree_get(extends, STR("file")));
}

static void see_items(struct paths *p, const struct tree *items) {
    if (!tree_is(items, TREE_MAPPING))
        return;
    for (const struct tree_entry *e = tree_entries(items); e; e = e->next)
        if (tree_is(e->value, TREE_MAPPING))
            see(p, tree_get(e->value, STR("file")));
}

void compose_check_paths(const struct compose *c) {
    struct paths p = { c->diags, { .arena = c->arena } };
    for (const struct compose_part *part = c->parts; part; part = part->next) {
        if (part->included) /* only what is written in the files given */
            continue;
        if (tree_is(part->services, TREE_MAPPING))
            for (const struct tree_entry *e = tree_entries(part->services); e; e = e->next)
                see_service(&p, tree_value(e));
        see_items(&p, tree_get(part->root, STR("configs")));
        see_items(&p, tree_get(part->root, STR("secrets")));
        see_value(&p, tree_get(part->root, STR("include")), "path");
    }
}
