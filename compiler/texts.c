/* Texts in and out that need no model: layout, words, trees, fixes, findings as text, reference. */
#include "ast/comments.h"
#include "ast/format.h"
#include "grammar/parse.h"
#include "lower/compose_dump.h"
#include "model/reference.h"
#include "model/words.h"
#include "session.h"
#include "source/pages.h"
#include "source/render.h"

/* ---- one text at a time ---- */

static struct ast *parse(struct itsupc *s, struct str name, struct str text) {
    struct source *source = session_add_source(s, name, text);
    return source ? parse_text(&s->trees, source, &s->diags) : NULL;
}

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
