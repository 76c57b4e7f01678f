/* The pipeline, and what stands behind itsupc.h: text → tokens → AST → typed model → IR. */
#include "ast/comments.h"
#include "ast/format.h"
#include "backends/backend.h"
#include "grammar/parse.h"
#include "ir/ir.h"
#include "lower/compose_dump.h"
#include "lower/compose_outline.h"
#include "lower/compose_paths.h"
#include "lower/compose_reach.h"
#include "lower/itsup_tree.h"
#include "model/addresses.h"
#include "model/conflicts.h"
#include "model/egress.h"
#include "model/provided.h"
#include "model/reference.h"
#include "model/routers.h"
#include "model/services.h"
#include "model/words.h"
#include "options/options.h"
#include "passes/pass.h"
#include "session.h"
#include "source/pages.h"
#include "source/render.h"

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
    arena_free(&s->project);
    arena_free(&s->compose);
    arena_free(&s->program.scratch);
}

void itsupc_free(struct itsupc *s) {
    session_end_tracing(s);
    struct arena arena = s->arena; /* the session itself lives in it */
    free_trees(s);
    arena_free(&arena);
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

static struct ast *parse(struct itsupc *s, struct str name, struct str text) {
    struct source *source = session_add_source(s, name, text);
    return source ? parse_text(&s->trees, source, &s->diags) : NULL;
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

/* ---- compose files ---- */

bool session_load_part(void *context, struct str path, struct span at, struct source **out) {
    *out = session_source(context, path, at);
    return *out != NULL;
}

/* compose.yml → compose.override.yml, when there is one. */
static struct source *load_override(struct itsupc *s, struct str name) {
    size_t dot = str_find_last(name, '.');
    struct itsupc_text text;
    struct source *found = NULL;
    if (dot == STR_NONE || !s->options.loader.load)
        return NULL;
    static const char *const endings[] = { ".override.yml", ".override.yaml" };
    struct arena scratch = { 0 };
    for (size_t i = 0; i < sizeof endings / sizeof *endings && !found; i++) {
        struct str beside =
            str_format(&scratch, "%.*s%s", STR_ARG(str_slice(name, 0, dot)), endings[i]);
        if (s->options.loader.load(s->options.loader.context, beside.at, s, &text) == ITSUPC_LOADED)
            found = session_add_source(s, str_copy(&s->arena, beside),
                                       (struct str){ text.at, text.len });
    }
    arena_free(&scratch);
    return found;
}

/* Compose calls a project after `name:`, else after the folder that the file lies in. */
static struct str compose_project(struct itsupc *s, const struct compose *compose,
                                  struct str name) {
    if (compose->name.len)
        return str_copy(&s->arena, compose->name);
    size_t slash = str_find_last(name, '/');
    if (slash == STR_NONE)
        return str_of(s->options.folder);
    struct str folder = str_slice(name, 0, slash);
    slash = str_find_last(folder, '/');
    return slash == STR_NONE ? folder : str_from(folder, slash + 1);
}

static void add_networks(struct itsupc *s, const struct compose *compose, struct stack *stack) {
    struct stack_network **tail = &stack->networks;
    for (const struct compose_network *c = compose->networks; c; c = c->next) {
        *tail = arena_new(&s->arena, struct stack_network);
        (*tail)->key = str_copy(&s->arena, c->name);
        (*tail)->external = c->external;
        (*tail)->name =
            str_copy(&s->arena, c->real_name.len || !c->external ? c->real_name : c->name);
        tail = &(*tail)->next;
    }
}

/* What the model needs of a compose file, in the arena that stays. */
/* A proxy in a container publishes the very ports that its routes listen on. */
static bool is_proxy(const struct compose_service *c) {
    const struct tree *image = compose_service_get(c, STR("image"));
    return tree_is(image, TREE_SCALAR) &&
           str_find_str(tree_text(image), STR("traefik")) != STR_NONE;
}

static void add_published(struct itsupc *s, const struct compose_service *c, struct stack *stack) {
    for (const struct compose_port *p = is_proxy(c) ? NULL : c->ports; p; p = p->next) {
        if (!p->from || p->unknown)
            continue;
        struct published *made = arena_new(&s->arena, struct published);
        *made = (struct published){ .next = stack->published,
                                    .span = p->span,
                                    .service = str_copy(&s->arena, c->name),
                                    .from = p->from,
                                    .to = p->to,
                                    .udp = str_is(p->protocol, "udp") };
        stack->published = made;
    }
}

/* What listens in the container, for editors: `expose`, then what `ports` lead to. */
static uint16_t *ports_of(struct itsupc *s, const struct compose_service *c) {
    const struct compose_port *lists[] = { c->expose, c->ports };
    size_t count = 0, at = 0;
    for (size_t i = 0; i < 2; i++)
        for (const struct compose_port *p = lists[i]; p; p = p->next)
            count++;
    uint16_t *ports = arena_array(&s->arena, uint16_t, count + 1);
    for (size_t i = 0; i < 2; i++)
        for (const struct compose_port *p = lists[i]; p; p = p->next)
            if (p->target_from && !p->unknown)
                ports[at++] = p->target_from;
    return ports;
}

/* What decides over which network a proxy asks it. */
static void add_reach(struct itsupc *s, const struct compose *compose,
                      const struct compose_service *c, const struct stack *stack,
                      struct service *to) {
    struct reach_end *end = &to->reach.end;
    to->reach.name = to->name;
    to->reach.project = stack->project;
    to->reach.span = to->span;
    to->is_proxy = compose_is_traefik(c);
    to->reach_known = compose_reach(&s->arena, compose, c, stack->project, end);
    for (const struct compose_pair *p = c->labels.first; p; p = p->next) {
        to->labelled |= str_starts(p->key, STR("traefik.http.routers.")) ||
                        str_starts(p->key, STR("traefik.tcp.routers."));
        if (!str_eq_nocase(p->key, STR("traefik.docker.network")) || !p->has_value)
            continue;
        to->reach.label = str_copy(&s->arena, p->value);
        to->reach.label_span = p->value_span;
    }
}

/* Most files are never spliced when nothing is made. */
static struct outline *outline_of(struct itsupc *s, const struct compose *compose) {
    struct outline *outline = compose_outline(&s->arena, compose, s->only_checks);
    return outline->brief && !outline->plain ? compose_outline(&s->arena, compose, false) : outline;
}

static void add_hand(struct itsupc *s, const struct compose_service *c, struct stack *stack) {
    for (const struct compose_pair *p = c->labels.first; p; p = p->next) {
        if (!str_eq_nocase(str_slice(p->key, 0, 8), STR("traefik.")))
            continue;
        struct hand_label *made = arena_new(&s->arena, struct hand_label);
        *made = (struct hand_label){ .next = stack->hand,
                                     .span = p->key_span,
                                     .service = str_copy(&s->arena, c->name),
                                     .key = str_copy(&s->arena, p->key),
                                     .value = str_copy(&s->arena, p->value) };
        stack->hand = made;
    }
}

static struct stack *stack_of(struct itsupc *s, const struct compose *compose, struct str name) {
    struct stack *stack = arena_new(&s->arena, struct stack);
    stack->file = name;
    stack->project = compose_project(s, compose, name);
    if (s->program.world == IR_TREE) /* its text is written anew */
        stack->outline = outline_of(s, compose);
    stack->start = span_of(compose->main->source, 0, 0);
    stack->index.arena = &s->arena;
    add_networks(s, compose, stack);
    stack->incomplete = compose->incomplete;
    for (const struct compose_service *c = compose->services; c; c = c->next)
        stack->count++;
    stack->services = arena_array(&s->arena, struct service, stack->count);
    size_t at = 0;
    for (const struct compose_service *c = compose->services; c; c = c->next, at++) {
        stack->services[at].name = str_copy(&s->arena, c->name);
        stack->services[at].span = c->name_span;
        /* With networks of its own beside it the mistake was told where it stands. */
        if (c->network_mode && compose_network_mode(c).len && !c->has_networks)
            stack->services[at].own_network = c->network_mode->span;
        stack->services[at].has_networks = c->networks != NULL; /* `[]` is the default one */
        stack->services[at].has_dns = c->dns.count > 0;
        stack->services[at].elsewhere = c->part != compose->main;
        stack->services[at].ports = ports_of(s, c);
        *table_at(&stack->index, stack->services[at].name) = &stack->services[at];
        add_published(s, c, stack);
        add_hand(s, c, stack);
        if (s->program.world != IR_TREE) /* whose proxies stand on the host's network */
            add_reach(s, compose, c, stack, &stack->services[at]);
    }
    return stack;
}

struct compose *session_compose(struct itsupc *s, struct source *source) {
    struct lower_loader loader = { .context = s, .load = session_load_part };
    return compose_read(&s->compose, &s->diags, source, load_override(s, source->name), &loader);
}

struct stack *session_stack(struct itsupc *s, struct str name, struct span at) {
    struct stack *known = table_get(&s->stacks, name);
    if (known)
        return known;
    struct source *source = session_source(s, name, at);
    struct compose *compose = source ? session_compose(s, source) : NULL;
    if (compose && s->in_tree)
        compose_check_paths(compose);
    struct stack *stack = compose ? stack_of(s, compose, source->name) : NULL;
    arena_reset(&s->compose);
    if (stack)
        *table_at(&s->stacks, source->name) = stack;
    return stack;
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
                              .outline = compose_outline_read,
                              .outline_again = compose_outline_again,
                              .splice = raw_splice };
}

struct ir *session_ir(struct itsupc *s) {
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

/* ---- one text at a time ---- */

struct itsupc_text itsupc_format(struct itsupc *s, const char *name, struct itsupc_text text) {
    struct buf out = { .arena = &s->arena };
    s->partial = true;
    struct ast *ast =
        parse(s, str_copy(&s->arena, str_of(name)), (struct str){ text.at, text.len });
    if (!ast)
        return text;
    ast_attach_comments(ast, ast->comments);
    if (ast->unreadable)
        return text;
    ast_format(&out, ast, &s->sources);
    return session_text(&out);
}

struct itsupc_text itsupc_dump_tokens(struct itsupc *s, const char *name, struct itsupc_text text) {
    struct buf out = { .arena = &s->arena };
    s->partial = true;
    struct source *source = source_add(&s->sources, str_copy(&s->arena, str_of(name)),
                                       (struct str){ text.at, text.len });
    if (source)
        parse_dump_tokens(&out, source, &s->diags);
    return session_text(&out);
}

struct itsupc_text itsupc_dump_ast(struct itsupc *s, const char *name, struct itsupc_text text) {
    struct buf out = { .arena = &s->arena };
    s->partial = true;
    struct ast *ast =
        parse(s, str_copy(&s->arena, str_of(name)), (struct str){ text.at, text.len });
    if (ast) {
        ast_attach_comments(ast, ast->comments);
        ast_dump(&out, ast, &s->sources);
    }
    return session_text(&out);
}

struct itsupc_text itsupc_dump_compose(struct itsupc *s, const char *name) {
    struct buf out = { .arena = &s->arena };
    struct source *source = session_source(s, str_of(name), (struct span){ 0, 0 });
    struct compose *compose = source ? session_compose(s, source) : NULL;
    if (compose)
        compose_dump(&out, compose);
    arena_reset(&s->compose);
    return session_text(&out);
}

/* ---- fixing ---- */

size_t itsupc_fixes(struct itsupc *s) {
    session_finish(s);
    s->fixes = fixes_choose(&s->arena, &s->diags);
    return s->fixes.count;
}

size_t itsupc_fixed(struct itsupc *s, const bool *chosen, const struct itsupc_file **files) {
    struct fixed *fixed;
    size_t count = fixes_apply(&s->arena, &s->sources, &s->fixes, chosen, &fixed);
    struct itsupc_file *list = arena_array(&s->arena, struct itsupc_file, count + 1);
    for (size_t i = 0; i < count; i++)
        list[i] = (struct itsupc_file){ str_copy(&s->arena, fixed[i].source->name).at,
                                        { fixed[i].text.at, fixed[i].text.len } };
    *files = list;
    return count;
}

size_t itsupc_unreadable(struct itsupc *s) {
    size_t count = 0;
    for (const struct diag *d = s->diags.first; d; d = d->next)
        count += str_starts(diag_infos[d->code].code, STR("E01"));
    return count;
}

/* ---- rendering and reference ---- */

const char *const itsupc_formats[] = {
#define RENDERER(name, machine, function) name,
#include "source/renderers.def"
#undef RENDERER
    NULL,
};

bool itsupc_format_is_machine(const char *format) {
    const struct renderer *renderer = renderer_find(str_of(format));
    return renderer && renderer->machine;
}

struct itsupc_text itsupc_render(struct itsupc *s, const char *format, struct itsupc_style style) {
    const struct renderer *renderer = renderer_find(str_of(format));
    if (!renderer)
        return (struct itsupc_text){ NULL, 0 };
    session_finish(s);
    struct buf out = { .arena = &s->arena };
    struct render_style how = { style.color, style.width, style.quiet, style.most, s->files };
    render(renderer, &s->diags, how, &out);
    return session_text(&out);
}

const struct itsupc_code itsupc_codes[] = {
#define ERROR                         "error"
#define WARNING                       "warning"
#define NOTE                          "note"
#define CODE(name, code, level, gist) { code, level, gist },
#include "source/codes.def"
#undef CODE
    { NULL, NULL, NULL },
};

const char *itsupc_page(const char *code) {
    for (const struct diagnostic_page *page = diagnostic_pages; page->code; page++)
        if (str_eq_nocase(str_of(page->code), str_of(code)))
            return page->text;
    return NULL;
}

struct itsupc_text itsupc_word_help(struct itsupc *s, const char *word) {
    struct buf out = { .arena = &s->arena };
    reference_word(&out, str_of(word));
    return out.len ? session_text(&out) : (struct itsupc_text){ NULL, 0 };
}

struct itsupc_text itsupc_reference(struct itsupc *s) {
    struct buf out = { .arena = &s->arena };
    reference_all(&out);
    return session_text(&out);
}

struct itsupc_text itsupc_words(struct itsupc *s) {
    struct buf out = { .arena = &s->arena };
    words_all(&out);
    return session_text(&out);
}

const char *itsupc_version(void) {
    return ITSUPC_VERSION;
}
