/* Any bytes as each of itsUP's files: no crash, no finding outside the file, and without an error
   the text that comes of it is what the language itself would print. The first byte chooses the
   file and its generation. */
#include "ast/comments.h"
#include "ast/format.h"
#include "grammar/parse.h"
#include "lower/itsup_infra.h"
#include "lower/itsup_project.h"
#include "lower/yaml_tree.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition) {
    if (!condition)
        abort();
}

static struct ast *lower(struct diags *diags, const struct tree_file *file, unsigned choice) {
    enum itsup_generation generation = (enum itsup_generation)(choice % 3 + 1);
    struct secrets secrets = { 0 };
    secrets_start(&secrets, file->arena);
    struct itsup_project_facts facts = { generation, choice & 16, &secrets };
    struct itsup_infra_files infra = { 0 };
    if (choice / 3 % 4 == 0)
        return itsup_project_lower(diags, file, &facts, NULL);
    *(choice / 3 % 4 == 1   ? &infra.itsup
      : choice / 3 % 4 == 2 ? &infra.traefik
                            : &infra.middlewares) = file;
    itsup_infra_secrets(diags, &infra, generation, &secrets);
    return itsup_infra_lower(diags, &infra, generation, NULL);
}

/* What an import prints reads back without a syntax error and is laid out already. */
static void check_text(struct sources *sources, struct diags *diags, const struct ast *ast) {
    struct buf out = { .arena = diags->arena }, again = { .arena = diags->arena };
    size_t errors = diags->errors;
    ast_format(&out, ast, sources);
    if (errors)
        return; /* what the model would refuse may not even read */
    struct source *source = source_add(sources, STR("printed"), buf_str(&out));
    struct ast *read = parse_text(diags->arena, source, diags);
    if (diags->errors != errors)
        return;
    ast_attach_comments(read, read->comments);
    ast_format(&again, read, sources);
    must(str_eq(buf_str(&out), buf_str(&again)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = { 0 };
    struct sources sources = { .arena = &arena };
    struct diags diags = { .arena = &arena, .sources = &sources };
    if (size == 0)
        return 0;
    struct str text = { (const char *)data + 1, size - 1 };
    struct source *source = source_add(&sources, STR("f"), text);
    struct tree_file *file = yaml_tree_read(&arena, &diags, source);
    struct ast *ast = file ? lower(&diags, file, data[0]) : NULL;
    for (const struct diag *d = diags.first; d; d = d->next)
        must(d->span.start >= source->base && d->span.end <= source->base + text.len &&
             d->span.start <= d->span.end);
    if (ast)
        check_text(&sources, &diags, ast);
    arena_free(&arena);
    return 0;
}
