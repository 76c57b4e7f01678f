/* The pipeline, and what stands behind itsupc.h: text → tokens → AST → typed model → IR. */
#include "ast/comments.h"
#include "ast/format.h"
#include "grammar/parse.h"
#include "ir/ir.h"
#include "itsupc.h"
#include "model/conflicts.h"
#include "model/program.h"
#include "model/reference.h"
#include "source/pages.h"
#include "source/render.h"

struct itsupc {
    struct arena arena;
    struct arena trees; /* given back when the model stands; nothing in the model points here */
    struct itsupc_options options;
    struct sources sources;
    struct diags diags;
    struct program program;
    struct table asts; /* by name: each file is read once */
    size_t files;
    bool checked, partial, finished;
};

/* ---- sessions ---- */

static struct ast *parse_import(void *context, struct str name, struct span at);

struct itsupc *itsupc_new(const struct itsupc_options *options) {
    struct arena arena = { 0 };
    struct itsupc *s = arena_new(&arena, struct itsupc);
    s->arena = arena;
    s->options = *options;
    s->sources.arena = &s->arena;
    s->diags.arena = &s->arena;
    s->diags.sources = &s->sources;
    s->asts.arena = &s->arena;
    s->program.arena = &s->arena;
    s->program.diags = &s->diags;
    s->program.loader = (struct unit_loader){ s, parse_import };
    program_start(&s->program);
    return s;
}

void itsupc_free(struct itsupc *s) {
    struct arena arena = s->arena; /* the session itself lives in it */
    arena_free(&s->trees);
    arena_free(&s->program.scratch);
    arena_free(&arena);
}

void *itsupc_alloc(struct itsupc *s, size_t size) {
    return arena_alloc(&s->arena, size);
}

void itsupc_on_exhausted(void (*handler)(void)) {
    arena_on_exhausted(handler);
}

/* ---- reading ---- */

static struct itsupc_text text_out(const struct buf *out) {
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

static struct ast *parse(struct itsupc *s, struct str name, struct str text) {
    struct source *source = source_add(&s->sources, name, text);
    if (!source) {
        tell_unusable(s, name, (struct span){ 0, 0 }, ITSUPC_TOO_LARGE,
                      "all files together are larger than 4 GiB");
        return NULL;
    }
    s->files++;
    return parse_text(&s->trees, source, &s->diags);
}

/* NULL when the file cannot be used; told at `at`, or at the file's own start. */
static struct ast *load(struct itsupc *s, struct str name, struct span at) {
    struct ast *known = table_get(&s->asts, name);
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
    struct ast *ast = parse(s, kept, (struct str){ text.at, text.len });
    *table_at(&s->asts, kept) = ast;
    return ast;
}

static struct ast *parse_import(void *context, struct str name, struct span at) {
    return load(context, name, at);
}

void itsupc_add(struct itsupc *s, const char *name, const char *project, const char *compose) {
    (void)compose;
    struct str kept = str_copy(&s->arena, str_of(name));
    struct ast *ast = load(s, kept, (struct span){ 0, 0 });
    if (ast)
        program_add(&s->program, kept, str_copy(&s->arena, str_of(project)), ast);
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

void itsupc_add_text(struct itsupc *s, const char *name, struct itsupc_text text) {
    struct str kept = str_copy(&s->arena, str_of(name));
    struct ast *ast = parse(s, kept, (struct str){ text.at, text.len });
    if (ast)
        program_add(&s->program, kept, STR(""), ast);
}

void itsupc_add_failed(struct itsupc *s, const char *name, enum itsupc_load why,
                       const char *reason) {
    struct str kept = str_copy(&s->arena, str_of(name));
    struct source *empty = source_add(&s->sources, kept, STR(""));
    struct span at = empty ? span_of(empty, 0, 0) : (struct span){ 0, 0 };
    tell_unusable(s, kept, at, why, reason);
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

static void finish(struct itsupc *s) {
    if (s->finished)
        return;
    bool deny[DIAG_COUNT] = { false }, allow[DIAG_COUNT] = { false };
    struct diag_levels levels = { .deny = deny, .allow = allow, .partial = s->partial };
    set_levels(s->options.deny, deny, &levels.deny_warnings);
    set_levels(s->options.allow, allow, NULL);
    diags_finish(&s->diags, &levels);
    s->finished = true;
}

void itsupc_check(struct itsupc *s) {
    if (s->checked)
        return;
    s->checked = true;
    program_check(&s->program);
    arena_free(&s->trees);
    arena_free(&s->program.scratch);
    check_conflicts(&s->program);
    check_certificates(&s->program);
    finish(s);
}

struct itsupc_text itsupc_ir(struct itsupc *s) {
    struct buf out = { .arena = &s->arena };
    if (s->diags.errors == 0)
        ir_dump(&out, ir_build(&s->program));
    return text_out(&out);
}

struct itsupc_summary itsupc_summary(struct itsupc *s) {
    finish(s);
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
    ast_format(&out, ast, &s->sources);
    return text_out(&out);
}

struct itsupc_text itsupc_dump_tokens(struct itsupc *s, const char *name, struct itsupc_text text) {
    struct buf out = { .arena = &s->arena };
    s->partial = true;
    struct source *source = source_add(&s->sources, str_copy(&s->arena, str_of(name)),
                                       (struct str){ text.at, text.len });
    if (source)
        parse_dump_tokens(&out, source, &s->diags);
    return text_out(&out);
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
    return text_out(&out);
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
    finish(s);
    struct buf out = { .arena = &s->arena };
    struct render_style how = { style.color, style.width, style.quiet, style.most, s->files };
    render(renderer, &s->diags, how, &out);
    return text_out(&out);
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
    return out.len ? text_out(&out) : (struct itsupc_text){ NULL, 0 };
}

struct itsupc_text itsupc_reference(struct itsupc *s) {
    struct buf out = { .arena = &s->arena };
    reference_all(&out);
    return text_out(&out);
}

const char *itsupc_version(void) {
    return ITSUPC_VERSION;
}
