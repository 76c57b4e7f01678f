/* import and convert: files of any kind → one tree → text in one form. */
#include "ast/comments.h"
#include "ast/format.h"
#include "ast/json.h"
#include "grammar/parse.h"
#include "lower/itsup_write.h"
#include "session.h"

/* ---- one program out of several files ---- */

static struct str last_folder(struct str name) {
    size_t slash = str_find_last(name, '/');
    struct str folder = str_slice(name, 0, slash == STR_NONE ? 0 : slash);
    slash = str_find_last(folder, '/');
    return str_from(folder, slash == STR_NONE ? 0 : slash + 1);
}

static struct node *word_of(struct itsupc *s, const char *text) {
    return ast_text(&s->trees, NODE_WORD, (struct span){ 0, 0 }, str_of(text), 0);
}

/* `project NAME { … }` around what is one project's, as it stands among others now. */
static void wrap(struct itsupc *s, struct foreign *f) {
    struct str folder = last_folder(f->name);
    if (!f->project || folder.len == 0 || !f->ast->body.head)
        return;
    struct node *name =
        ast_text(&s->trees, NODE_RAW, (struct span){ 0, 0 }, str_copy(&s->trees, folder), 0);
    name->free_form = true;
    struct node *first = f->ast->body.head;
    if (first == f->ast->body.tail && first->kind == NODE_SETTING &&
        str_is(node_setting(first)->name, "project")) { /* `project at HOST` */
        name->next = node_setting(first)->args.head;
        node_setting(first)->args.head = name;
        return;
    }
    struct node *block = ast_block(&s->trees, (struct span){ 0, 0 }, f->ast->body);
    struct node *project = ast_setting(&s->trees, (struct span){ 0, 0 }, word_of(s, "project"),
                                       (struct nodes){ name, name }, block);
    if (f->ast->tail) {
        block->trivia = arena_new(&s->trees, struct trivia);
        block->trivia->inside = f->ast->tail;
        f->ast->tail = NULL;
    }
    f->ast->body = (struct nodes){ project, project };
}

/* Comments that end a file stand above what comes next. */
static void hang_above(struct itsupc *s, struct node *node, struct comment *comments) {
    struct comment *last = comments;
    while (last->next)
        last = last->next;
    if (!node->trivia)
        node->trivia = arena_new(&s->trees, struct trivia);
    last->next = node->trivia->before;
    last->blank_after = true;
    node->trivia->before = comments;
}

static struct ast *join(struct itsupc *s, struct foreign *list) {
    struct ast *all = list->ast;
    if (list->next)
        for (struct foreign *f = list; f; f = f->next)
            wrap(s, f);
    for (struct foreign *f = list->next; f; f = f->next) {
        struct node *first = f->ast->body.head;
        all->syntax_errors += f->ast->syntax_errors;
        if (!first) {
            struct comment **end = &all->tail;
            while (*end)
                end = &(*end)->next;
            *end = f->ast->tail;
            continue;
        }
        first->blank_before = true;
        if (all->tail)
            hang_above(s, first, all->tail);
        if (all->body.tail)
            all->body.tail->next = first;
        else
            all->body.head = first;
        all->body.tail = f->ast->body.tail;
        all->tail = f->ast->tail;
    }
    return all;
}

/* ---- reading ---- */

static struct foreign *read_language(struct itsupc *s, struct source *source) {
    struct foreign *f = arena_new(&s->trees, struct foreign);
    f->ast = parse_text(&s->trees, source, &s->diags);
    f->name = source->name;
    ast_attach_comments(f->ast, f->ast->comments);
    return f;
}

/* In the order in which the files were given. */
static void insert(struct foreign **list, struct foreign *f) {
    while (*list && (*list)->ast->source->base < f->ast->source->base)
        list = &(*list)->next;
    f->next = *list;
    *list = f;
}

static struct ast *read_all(struct itsupc *s, const char *const *names, size_t count,
                            struct lower_losses *losses) {
    struct source **sources = arena_array(&s->trees, struct source *, count + 1);
    struct table seen = { .arena = &s->trees };
    struct foreign *list = NULL;
    size_t found = 0;
    s->partial = true;
    for (size_t i = 0; i < count; i++) {
        struct source *source = session_source(s, str_of(names[i]), (struct span){ 0, 0 });
        void **slot = source ? table_at(&seen, source->name) : NULL;
        if (!source || *slot)
            continue;
        *slot = source;
        if (foreign_is(s, source))
            sources[found++] = source;
        else
            insert(&list, read_language(s, source));
    }
    for (struct foreign *f = foreign_read(s, sources, found, losses), *next; f; f = next) {
        next = f->next;
        if (f->ast)
            insert(&list, f);
    }
    return list && s->diags.errors == 0 ? join(s, list) : NULL;
}

static void tell_losses(struct itsupc *s, enum diag_code code, const struct lower_losses *losses) {
    for (const struct lower_loss *l = losses->first; l; l = l->next) {
        const char *quote = l->key.len ? "`" : "";
        struct diag *d = diag_add(&s->diags, code, l->span, "%s%.*s%s is left out", quote,
                                  STR_ARG(l->key.len ? l->key : STR("this")), quote);
        diag_effect(&s->diags, d, "%s", l->reason);
    }
}

/* ---- forms ---- */

typedef void write_form(struct itsupc *s, struct buf *out, struct ast *ast);

static void write_itsup(struct itsupc *s, struct buf *out, struct ast *ast) {
    ast_format(out, ast, &s->sources);
}

static void write_json(struct itsupc *s, struct buf *out, struct ast *ast) {
    (void)s;
    ast_json(out, ast);
}

static void write_yaml(struct itsupc *s, struct buf *out, struct ast *ast) {
    struct lower_losses unsaid = { 0 };
    itsup_write(out, ast, &unsaid);
    tell_losses(s, DIAG_UNSAID, &unsaid);
}

static const struct {
    const char *name;
    write_form *write;
} forms[] = { { "itsup", write_itsup }, { "yaml", write_yaml }, { "json", write_json } };

struct itsupc_text itsupc_convert(struct itsupc *s, const char *const *names, size_t count,
                                  const char *form) {
    struct lower_losses losses = { 0 };
    struct buf out = { .arena = &s->arena };
    struct ast *ast = read_all(s, names, count, &losses);
    tell_losses(s, DIAG_LOSS, &losses);
    for (size_t i = 0; ast && i < sizeof forms / sizeof *forms; i++)
        if (str_is(str_of(form), forms[i].name)) {
            forms[i].write(s, &out, ast);
            return session_text(&out);
        }
    return (struct itsupc_text){ NULL, 0 };
}

struct itsupc_text itsupc_import(struct itsupc *s, const char *const *names, size_t count) {
    return itsupc_convert(s, names, count, "itsup");
}
