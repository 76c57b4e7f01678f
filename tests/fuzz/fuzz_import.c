/* Any bytes as the files of another system: no crash, every place lies inside a file, and what was
   read without an error prints as our language. The text's halves are two files of one set. */
#include "ast/format.h"
#include "lower/importer.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition) {
    if (!condition)
        abort();
}

struct world {
    struct arena arena;
    struct sources sources;
    struct diags diags;
};

static struct import_file *read_part(struct world *w, const char *name, struct str text) {
    struct source *source = source_add(&w->sources, str_of(name), text);
    struct tree_file *tree = import_tree(&w->arena, &w->diags, source);
    struct import_file *file = arena_new(&w->arena, struct import_file);
    must(tree || w->diags.errors > 0);
    if (!tree || !(file->importer = importer_find(tree, &file->part)))
        return NULL;
    file->tree = tree;
    return file;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct world w = { 0 };
    struct import_facts facts = { .plain_http = size % 2 };
    struct lower_losses losses = { 0 };
    struct str text = { (const char *)data, size };
    size_t half = str_find_str(text, STR("\n\n"));
    w.sources.arena = w.diags.arena = &w.arena;
    w.diags.sources = &w.sources;
    struct import_file *first = read_part(&w, "first", str_slice(text, 0, half));
    struct import_file *second =
        half == STR_NONE ? NULL : read_part(&w, "second", str_from(text, half));
    struct import_job job = {
        .arena = &w.arena, .keep = &w.arena, .diags = &w.diags, .facts = &facts
    };
    job.files = first ? first : second;
    job.losses = &losses;
    if (first && second && first->importer == second->importer && first->importer->together)
        first->next = second;
    for (struct import_file *f = job.files; f; f = f->next)
        if (f->importer->look)
            f->importer->look(&facts, f);
    for (struct import_file *f = job.files; f; f = f->next) {
        const struct importer *other =
            f->importer->instead ? f->importer->instead(&facts, f) : NULL;
        if (other && other->fit(f->tree, &f->part) != FIT_NONE)
            f->importer = other;
    }
    if (job.files && job.files->next && job.files->next->importer != job.files->importer)
        job.files->next = NULL;
    struct buf out = { .arena = &w.arena };
    struct ast *ast = job.files ? job.files->importer->read(&job) : NULL;
    must(!job.files || ast);
    if (ast && w.diags.errors == 0)
        ast_format(&out, ast, &w.sources);
    for (struct diag *d = w.diags.first; d; d = d->next) {
        struct source *source = source_at(&w.sources, d->span.start);
        must(source && d->span.start <= d->span.end &&
             d->span.end <= source->base + source->text.len);
    }
    for (struct lower_loss *l = losses.first; l; l = l->next)
        must(l->span.end > 0 && l->key.len > 0);
    arena_free(&w.arena);
    return 0;
}
