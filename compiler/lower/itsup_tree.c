/* A whole itsUP tree: first what tells its generation, then the proxy, then project by project. */
#include "lower/itsup_tree.h"

#include "lower/generation.h"
#include "lower/itsup_infra.h"
#include "lower/yaml_tree.h"

struct reader {
    struct arena *arena;
    struct arena *scratch; /* of the project at hand */
    struct diags *diags;
    const struct itsup_tree_files *files;
    const struct itsup_tree_host *host;
    struct secrets *secrets;
    enum itsup_generation generation;
    struct generation_marks marks;
    struct itsup_infra_files infra;
    struct ast *proxy;
    const struct source *old; /* the first ingress.yml in a tree of generation 3 */
    size_t old_names;
};

static struct source *load(struct reader *r, struct str name) {
    struct source *source = NULL;
    if (name.len &&
        !r->host->loader.load(r->host->loader.context, name, (struct span){ 0, 0 }, &source))
        return NULL;
    return source;
}

static struct tree_file *load_tree(struct reader *r, struct arena *arena, struct str name) {
    struct source *source = load(r, name);
    return source ? yaml_tree_read(arena, r->diags, source) : NULL;
}

/* ---- the generation ---- */

static struct node *find_setting(struct nodes body, const char *name) {
    for (struct node *n = body.head; n; n = n->next)
        if (n->kind == NODE_SETTING && str_is(node_setting(n)->name, name))
            return n;
    return NULL;
}

/* `proxy … { stack itsup N }` */
static void see_stack(struct reader *r) {
    struct node *proxy = r->proxy ? find_setting(r->proxy->body, "proxy") : NULL;
    struct node_block *block = proxy ? node_setting(proxy)->block : NULL;
    struct node *stack = block ? find_setting(block->body, "stack") : NULL;
    struct node *number = stack ? node_setting(stack)->args.tail : NULL;
    uint64_t n;
    if (number && node_is_text(number) && str_to_uint(node_text(number)->text, ITSUP_THREE, &n) &&
        n >= ITSUP_ONE)
        generation_see_stack(&r->marks, (enum itsup_generation)n, number->span);
}

static void see_projects(struct reader *r) {
    for (size_t i = 0; i < r->files->project_count; i++) {
        const struct itsup_project_files *p = &r->files->projects[i];
        if (p->routing[ITSUP_ONE].len && !p->language.len) {
            struct tree_file *file = load_tree(r, r->scratch, p->routing[ITSUP_ONE]);
            if (file)
                generation_see_routing(&r->marks, STR("traefik.yml"), file->source, file);
            arena_reset(r->scratch);
        }
        struct source *source =
            r->marks.of[ITSUP_THREE].what ? NULL : load(r, p->routing[ITSUP_THREE]);
        if (source)
            generation_see_routing(&r->marks, STR("itsup-project.yml"), source, NULL);
    }
}

static void see_proxy(struct reader *r) {
    r->infra.itsup = load_tree(r, r->arena, r->files->infra);
    r->infra.traefik = load_tree(r, r->arena, r->files->traefik);
    r->infra.middlewares = load_tree(r, r->arena, r->files->middlewares);
    if (r->infra.itsup)
        generation_see_infra(&r->marks, r->infra.itsup);
    if (r->infra.traefik)
        generation_see_override(&r->marks, r->infra.traefik);
    if (r->files->proxy.len)
        r->proxy = r->host->parse(r->host->context, r->files->proxy);
    see_stack(r);
}

/* ---- the proxy ---- */

/* Generation 1: global.txt, then the others by name; later ones only the tree's own. */
static void read_secrets(struct reader *r) {
    const struct itsup_tree_files *f = r->files;
    if (f->encrypted.len)
        r->secrets->encrypted = str_copy(r->secrets->arena, f->encrypted).at;
    bool first = r->generation == ITSUP_ONE;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < f->secret_count; i++) {
            struct str name = f->secrets[i];
            bool main = str_ends(name, first ? STR("/global.txt") : STR("/itsup.txt"));
            struct source *source = main == (pass == 0) && (main || first) ? load(r, name) : NULL;
            if (source)
                secrets_read(r->secrets, SECRETS_TREE, r->diags, source);
        }
}

static void lower_proxy(struct reader *r) {
    if (r->proxy) {
        r->host->add(r->host->context, r->proxy, STR(""), STR(""));
        const struct tree_file *others[] = { r->infra.itsup, r->infra.traefik,
                                             r->infra.middlewares };
        for (size_t i = 0; i < 3; i++)
            if (others[i])
                generation_tell_twice(r->diags, "the proxy", r->proxy->source, others[i]->source);
        return;
    }
    struct ast *ast = itsup_infra_lower(r->diags, &r->infra, r->generation, NULL);
    if (!ast)
        return;
    itsup_infra_secrets(r->diags, &r->infra, r->generation, r->secrets);
    r->host->add(r->host->context, ast, STR(""), STR(""));
}

/* ---- projects ---- */

/* A compose file that nothing routes: others may still name its services. */
static void add_unrouted(struct reader *r, const struct itsup_project_files *p) {
    struct source *source = load(r, p->compose);
    if (!source)
        return;
    struct ast *ast = arena_new(r->scratch, struct ast);
    ast->arena = r->scratch;
    ast->source = source;
    r->host->add_lowered(r->host->context, ast, p->name, p->compose);
}

/* Generation 1's files were read before, to tell the generation: so were their mistakes. */
static struct tree_file *load_routing(struct reader *r, struct str name,
                                      enum itsup_generation form) {
    struct source *source = form == ITSUP_ONE ? load(r, name) : NULL;
    struct diags quiet = { .arena = r->scratch, .sources = r->diags->sources };
    if (form != ITSUP_ONE)
        return load_tree(r, r->scratch, name);
    return source ? yaml_tree_read(r->scratch, &quiet, source) : NULL;
}

static void lower_yaml(struct reader *r, size_t i, enum itsup_generation form) {
    const struct itsup_project_files *p = &r->files->projects[i];
    struct itsup_project_facts facts = { r->generation, p->compose.len > 0, r->secrets };
    struct tree_file *file = load_routing(r, p->routing[form], form);
    if (!file)
        return;
    if (r->generation == ITSUP_THREE && form == ITSUP_TWO && r->old_names++ == 0)
        r->old = file->source;
    r->host->add_lowered(r->host->context, itsup_project_lower(r->diags, file, &facts, NULL),
                         p->name, p->compose);
}

/* A traefik.yml may be anything of the project's own, but in generation 1. */
static bool is_routing(struct reader *r, const struct itsup_project_files *p,
                       enum itsup_generation n) {
    if (!p->routing[n].len || n != ITSUP_ONE || r->generation == ITSUP_ONE)
        return p->routing[n].len > 0;
    struct tree_file *file = load_routing(r, p->routing[n], n);
    return file && tree_find(file->root, STR("ingress"));
}

static void lower_project(struct reader *r, size_t i) {
    const struct itsup_project_files *p = &r->files->projects[i];
    enum itsup_generation form = r->generation;
    if (form == ITSUP_THREE && !p->routing[form].len)
        form = ITSUP_TWO; /* the old name is still read */
    bool yaml = p->routing[form].len > 0;
    if (p->language.len) {
        struct ast *ast = r->host->parse(r->host->context, p->language);
        if (!ast)
            return;
        r->host->add(r->host->context, ast, p->name, p->compose);
        for (enum itsup_generation n = ITSUP_ONE; n <= ITSUP_THREE; n++) {
            struct source *other = is_routing(r, p, n) ? load(r, p->routing[n]) : NULL;
            if (other)
                generation_tell_twice(r->diags, "the project", ast->source, other);
        }
        return;
    }
    if (!yaml) {
        add_unrouted(r, p);
        return;
    }
    lower_yaml(r, i, form);
    if (r->generation == ITSUP_THREE && form == ITSUP_THREE && p->routing[ITSUP_TWO].len) {
        struct source *used = load(r, p->routing[form]), *unused = load(r, p->routing[ITSUP_TWO]);
        if (used && unused)
            generation_tell_shadowed(r->diags, used, unused);
    }
}

/* Once for all of a tree. */
static void tell_old(struct reader *r) {
    const struct itsup_tree_files *f = r->files;
    if (f->only_seen && r->generation == ITSUP_THREE && f->old_count) {
        r->old = load(r, f->old);
        r->old_names = f->old_count;
    }
    if (r->old && !f->generation)
        generation_tell_old(r->diags, r->old, r->old_names);
}

enum itsup_generation itsup_tree_lower(struct arena *arena, struct arena *scratch,
                                       struct diags *diags, const struct itsup_tree_files *files,
                                       const struct itsup_tree_host *host,
                                       struct secrets *secrets) {
    struct reader r = { .arena = arena,
                        .scratch = scratch,
                        .diags = diags,
                        .files = files,
                        .host = host,
                        .secrets = secrets };
    see_proxy(&r);
    size_t errors = diags->errors;
    r.generation = files->generation;
    if (!r.generation) {
        see_projects(&r);
        r.generation = generation_decide(diags, &r.marks);
    }
    read_secrets(&r);
    /* By the rules of another generation the proxy's files would be nothing but mistakes. */
    if (diags->errors == errors)
        lower_proxy(&r);
    for (size_t i = 0; i < files->project_count && !files->only_seen; i++) {
        lower_project(&r, i);
        arena_reset(scratch);
    }
    tell_old(&r);
    return r.generation;
}
