/* The pipeline, and what stands behind itsupc.h: text → tokens → AST → typed model → IR. */
#include "backends/backend.h"
#include "grammar/parse.h"
#include "ir/ir.h"
#include "lower/compose_outline.h"
#include "lower/itsup_tree.h"
#include "model/addresses.h"
#include "model/conflicts.h"
#include "model/egress.h"
#include "model/provided.h"
#include "model/routers.h"
#include "model/services.h"
#include "options/options.h"
#include "passes/pass.h"
#include "session.h"

/* ---- sessions ---- */

static struct ast *parse_import(void *context, struct str name, struct span at);
static struct stack *stack_import(void *context, struct str name, struct span at);

struct itsupc *itsupc_new(const struct itsupc_options *options) {
    struct arena arena = { 0 };
    struct itsupc *s = arena_new(&arena, struct itsupc);
    s->arena = arena;
    s->options = *options;
    s->sources.arena = &s->arena;
    s->diags.arena = &s->arena;
    s->diags.sources = &s->sources;
    s->files_read.arena = s->asts.arena = s->stacks.arena = &s->arena;
    secrets_start(&s->secrets, &s->arena);
    s->secrets.environment = options->environment;
    s->program.arena = &s->arena;
    s->program.diags = &s->diags;
    s->last_value_file = &s->value_files;
    s->program.loader = (struct unit_loader){ s, parse_import, stack_import };
    if (options->traefik)
        option_version_parse(str_of(options->traefik), &s->program.traefik);
    program_start(&s->program);
    return s;
}

void itsupc_only_checks(struct itsupc *s) {
    s->only_checks = true;
}

static void free_trees(struct itsupc *s) {
    arena_free(&s->trees);
    arena_free(&s->yaml);
    arena_free(&s->project);
    arena_free(&s->compose);
    arena_free(&s->program.scratch);
}

void itsupc_free(struct itsupc *s) {
    session_end_tracing(s);
    struct arena arena = s->arena; /* the session itself lives in it */
    free_trees(s);
    arena_free(&arena);
    arena_rest();
}

void *itsupc_alloc(struct itsupc *s, size_t size) {
    return arena_alloc(&s->arena, size);
}

void itsupc_on_exhausted(void (*handler)(void)) {
    arena_on_exhausted(handler);
}

/* ---- reading ---- */

struct itsupc_text session_text(const struct buf *out) {
    struct str text = buf_str(out);
    return (struct itsupc_text){ text.at, text.len };
}

static void tell_unusable(struct itsupc *s, struct str name, struct span at, enum itsupc_load why,
                          const char *reason) {
    static const struct {
        enum diag_code code;
        const char *text;
    } told[] = {
        [ITSUPC_LOADED] = { DIAG_INPUT_DENIED, "cannot be read" },
        [ITSUPC_MISSING] = { DIAG_INPUT_MISSING, "does not exist" },
        [ITSUPC_NOT_A_FILE] = { DIAG_INPUT_KIND, "is no regular file" },
        [ITSUPC_TOO_LARGE] = { DIAG_INPUT_SIZE, "is larger than 64 MiB" },
        [ITSUPC_DENIED] = { DIAG_INPUT_DENIED, "may not be read" },
        [ITSUPC_FAILED] = { DIAG_INPUT_DENIED, "cannot be read" },
    };
    struct diag *d =
        diag_add(&s->diags, told[why].code, at, "`%.*s` %s", STR_ARG(name), told[why].text);
    if (reason && *reason)
        diag_effect(&s->diags, d, "%s", reason);
}

struct source *session_add_source(struct itsupc *s, struct str name, struct str text) {
    struct source *source = source_add(&s->sources, name, text);
    s->program.written += text.len;
    if (source)
        s->files++;
    else
        tell_unusable(s, name, (struct span){ 0, 0 }, ITSUPC_TOO_LARGE,
                      "all files together are larger than 4 GiB");
    return source;
}

struct source *session_source(struct itsupc *s, struct str name, struct span at) {
    struct source *known = table_get(&s->files_read, name);
    if (known)
        return known;
    struct str kept = str_copy(&s->arena, name);
    struct itsupc_text text = { "", 0 };
    enum itsupc_load how = ITSUPC_MISSING;
    if (s->options.loader.load)
        how = s->options.loader.load(s->options.loader.context, kept.at, s, &text);
    if (how != ITSUPC_LOADED) {
        if (span_is_none(at)) {
            struct source *empty = source_add(&s->sources, kept, STR(""));
            if (empty)
                at = span_of(empty, 0, 0);
        }
        tell_unusable(s, kept, at, how, how == ITSUPC_FAILED ? text.at : NULL);
        return NULL;
    }
    struct source *source = session_add_source(s, kept, (struct str){ text.at, text.len });
    *table_at(&s->files_read, kept) = source;
    return source;
}

static struct ast *load(struct itsupc *s, struct str name, struct span at) {
    struct ast *known = table_get(&s->asts, name);
    if (known)
        return known;
    struct source *source = session_source(s, name, at);
    if (!source)
        return NULL;
    struct ast *ast = parse_text(&s->trees, source, &s->diags);
    *table_at(&s->asts, source->name) = ast;
    return ast;
}

static struct ast *parse_import(void *context, struct str name, struct span at) {
    return load(context, name, at);
}

static struct stack *stack_import(void *context, struct str name, struct span at) {
    return session_stack(context, name, at);
}

void itsupc_add_values(struct itsupc *s, const char *name, struct itsupc_text text) {
    struct source *source = source_add(&s->sources, str_copy(&s->arena, str_of(name)),
                                       (struct str){ text.at, text.len });
    if (!source)
        return;
    secrets_read(&s->secrets, SECRETS_ENV_FILE, &s->diags, source);
    struct value_file *file = arena_new(&s->arena, struct value_file);
    *file = (struct value_file){ .text = source->text };
    *s->last_value_file = file;
    s->last_value_file = &file->next;
}

void itsupc_add(struct itsupc *s, const char *name, const char *project, const char *compose) {
    struct str kept = str_copy(&s->arena, str_of(name));
    struct ast *ast = load(s, kept, (struct span){ 0, 0 });
    struct stack *stack = compose ? session_stack(s, str_of(compose), (struct span){ 0, 0 }) : NULL;
    if (ast)
        program_add(&s->program, kept, str_copy(&s->arena, str_of(project)), ast, stack);
}

void itsupc_add_folder(struct itsupc *s, const char *const *names, size_t count,
                       const char *compose) {
    struct table imported = { .arena = &s->arena };
    for (size_t i = 0; i < count; i++) {
        struct str name = str_copy(&s->arena, str_of(names[i]));
        struct ast *ast = load(s, name, (struct span){ 0, 0 });
        if (ast)
            program_imports(&s->arena, name, ast, &imported);
    }
    for (size_t i = 0; i < count; i++)
        if (!table_get(&imported, str_of(names[i])) && table_get(&s->asts, str_of(names[i])))
            itsupc_add(s, names[i], NULL, compose);
    /* Files that import each other in a circle are imported one and all: they are read here. */
    for (size_t i = 0; i < count; i++)
        if (table_get(&s->asts, str_of(names[i])))
            itsupc_add(s, names[i], NULL, compose);
}

/* ---- itsUP trees ---- */

static struct ast *parse_part(void *context, struct str name) {
    return load(context, name, (struct span){ 0, 0 });
}

static struct unit *add_unit(struct itsupc *s, struct ast *ast, struct str project,
                             struct str compose) {
    struct stack *stack = compose.len ? session_stack(s, compose, (struct span){ 0, 0 }) : NULL;
    if (compose.len && !stack) { /* told: it may hold any service */
        stack = arena_new(&s->arena, struct stack);
        stack->file = str_copy(&s->arena, compose);
        stack->index.arena = &s->arena;
        stack->incomplete = true;
    }
    return program_add(&s->program, ast->source->name, str_copy(&s->arena, project), ast, stack);
}

static void add_part(void *context, struct ast *ast, struct str project, struct str compose) {
    add_unit(context, ast, project, compose);
}

static void add_lowered(void *context, struct ast *ast, struct str project, struct str compose) {
    struct itsupc *s = context;
    struct unit *unit = add_unit(s, ast, project, compose);
    s->program.promised = s->trees.total + s->project.total;
    program_settle(&s->program, unit);
}

void itsupc_add_tree(struct itsupc *s, const struct itsupc_tree *tree) {
    struct itsup_tree_files files = { .proxy = str_of(tree->proxy),
                                      .infra = str_of(tree->infra),
                                      .traefik = str_of(tree->traefik),
                                      .middlewares = str_of(tree->middlewares),
                                      .encrypted = str_of(tree->encrypted),
                                      .secret_count = tree->secret_count,
                                      .project_count = tree->project_count };
    files.secrets = arena_array(&s->trees, struct str, tree->secret_count + 1);
    for (size_t i = 0; i < tree->secret_count; i++)
        files.secrets[i] = str_of(tree->secrets[i]);
    files.projects = arena_array(&s->trees, struct itsup_project_files, tree->project_count + 1);
    for (size_t i = 0; i < tree->project_count; i++) {
        const struct itsupc_project *from = &tree->projects[i];
        struct itsup_project_files *to = &files.projects[i];
        to->name = str_of(from->name);
        to->language = str_of(from->language);
        to->compose = str_of(from->compose);
        for (size_t n = 0; n < 3; n++)
            to->routing[ITSUP_ONE + n] = str_of(from->routing[n]);
    }
    if (files.proxy.len)
        s->proxy = session_source(s, files.proxy, (struct span){ 0, 0 });
    struct itsup_tree_host host = {
        { .context = s, .load = session_load_part }, s, parse_part, add_part, add_lowered
    };
    if (tree->slice) {
        files.generation = (enum itsup_generation)tree->slice->generation;
        files.only_seen = !tree->slice->generation;
        files.old = str_of(tree->slice->old);
        files.old_count = tree->slice->old_count;
        slice_begin(s, tree);
    }
    s->in_tree = true;
    s->program.whole = true;
    s->program.world = IR_TREE; /* before compose files are read: their texts are written anew */
    s->program.generation =
        (int)itsup_tree_lower(&s->trees, &s->project, &s->diags, &files, &host, &s->secrets);
    s->in_tree = false;
}

void itsupc_add_text(struct itsupc *s, const char *name, struct itsupc_text text) {
    struct source *source =
        session_add_source(s, str_copy(&s->arena, str_of(name)), (struct str){ text.at, text.len });
    if (!source)
        return;
    *table_at(&s->files_read, source->name) = source;
    itsupc_add_set(s, &name, 1, NULL, NULL);
}

void itsupc_add_failed(struct itsupc *s, const char *name, enum itsupc_load why,
                       const char *reason) {
    struct str kept = str_copy(&s->arena, str_of(name));
    struct source *empty = source_add(&s->sources, kept, STR(""));
    struct span at = empty ? span_of(empty, 0, 0) : (struct span){ 0, 0 };
    tell_unusable(s, kept, at, why, reason);
}

void itsupc_add_unread(struct itsupc *s, const char *name) {
    struct unread *u = arena_new(&s->arena, struct unread);
    *u = (struct unread){ s->unread, str_copy(&s->arena, str_of(name)) };
    s->unread = u;
}

static void tell_unread(struct itsupc *s) {
    for (const struct unread *u = s->unread; u; u = u->next) {
        struct source *empty =
            table_get(&s->files_read, u->name) ? NULL : source_add(&s->sources, u->name, STR(""));
        if (!empty)
            continue;
        struct diag *d = diag_add(&s->diags, DIAG_INPUT_UNREAD, span_of(empty, 0, 0),
                                  "beside projects/, nothing reads this file");
        diag_effect(&s->diags, d, "what it says has no effect");
        diag_help(&s->diags, d,
                  "move it to projects/NAME/ingress.itsup or projects/proxy.itsup, or import it");
    }
}

/* ---- the pipeline ---- */

static void set_levels(const char *const *codes, bool *marks, bool *warnings) {
    for (; codes && *codes; codes++) {
        enum diag_code code;
        if (warnings && str_is(str_of(*codes), "warnings"))
            *warnings = true;
        else if (diag_code_find(str_of(*codes), &code))
            marks[code] = true;
    }
}

static struct diag_levels levels_of(struct itsupc *s) {
    bool *deny = arena_array(&s->arena, bool, DIAG_COUNT);
    bool *allow = arena_array(&s->arena, bool, DIAG_COUNT);
    struct diag_levels levels = { .deny = deny, .allow = allow, .partial = s->partial };
    set_levels(s->options.deny, deny, &levels.deny_warnings);
    set_levels(s->options.allow, allow, NULL);
    return levels;
}

bool session_goes_on(struct itsupc *s) {
    struct diag_levels levels = levels_of(s);
    return diags_errors_left(&s->diags, &levels) == 0;
}

void session_finish(struct itsupc *s) {
    if (s->finished)
        return;
    struct diag_levels levels = levels_of(s);
    diags_finish(&s->diags, &levels);
    s->finished = true;
}

void session_check(struct itsupc *s) {
    if (s->checked)
        return;
    s->checked = true;
    session_lint_read(s);
    s->program.promised = s->trees.total;
    program_check(&s->program);
    free_trees(s);
    if (!s->program.exhausted) {
        check_conflicts(&s->program);
        check_routers(&s->program);
        check_certificates(&s->program);
        check_services(&s->program);
        check_egress(&s->program);
        check_reach(&s->program);
        check_provided(&s->program);
        check_addresses(&s->program);
        if (s->proxy)
            given_check(s, s->proxy);
        session_lint(s);
    }
    tell_unread(s);
}

void itsupc_check(struct itsupc *s) {
    session_check(s);
    session_finish(s);
}

static bool variable(void *context, struct str name, struct str *value) {
    return secrets_find(&((struct itsupc *)context)->secrets, name, value);
}

static struct doc *yaml(void *context, struct str text) {
    return raw_yaml(context, text);
}

struct emission session_emission(struct itsupc *s) {
    return (struct emission){ .arena = &s->arena,
                              .sources = &s->sources,
                              .diags = &s->diags,
                              .variable = variable,
                              .context = s,
                              .yaml = yaml,
                              .pieces = s->pieces,
                              .outline = compose_outline_read,
                              .outline_again = compose_outline_again,
                              .splice = raw_splice };
}

struct ir *session_ir(struct itsupc *s) {
    session_is_lintable(
        s); /* by what the user says: a ready-made proxy has priorities of its own */
    stack_add(s);
    s->ir = ir_build(&s->program);
    s->ir->proxy_compose = s->stack_compose;
    raw_read(s, s->ir);
    return s->ir;
}

struct ir *session_decided(struct itsupc *s) {
    if (!session_goes_on(s))
        return NULL;
    struct ir *ir = session_ir(s);
    if (!session_goes_on(s))
        return NULL;
    passes_run(ir);
    return ir;
}

struct itsupc_text itsupc_ir(struct itsupc *s) {
    struct buf out = { .arena = &s->arena };
    if (s->diags.errors == 0)
        ir_dump(&out, ir_build(&s->program));
    return session_text(&out);
}

struct itsupc_text itsupc_routes(struct itsupc *s) {
    struct buf out = { .arena = &s->arena };
    session_check(s);
    const struct ir *ir = session_decided(s);
    session_finish(s);
    if (ir && s->diags.errors == 0)
        ir_routes(&out, ir);
    return session_text(&out);
}

struct itsupc_summary itsupc_summary(struct itsupc *s) {
    session_finish(s);
    return (struct itsupc_summary){ s->diags.errors, s->diags.warnings, s->diags.notes, s->files };
}
