/* Splices edits into compose files, for comparison with another reader.
   usage: splice_apply [-v] (IN EDITS OUT)...   one line each: "ok", or the findings */
#include "backends/compose_splice.h"
#include "lower/compose_outline.h"
#include "tests/splice_edits.h"

#include <stdio.h>
#include <stdlib.h>

static struct str read_file(struct arena *arena, const char *name) {
    FILE *file = fopen(name, "rb");
    if (!file) {
        perror(name);
        exit(2);
    }
    fseek(file, 0, SEEK_END);
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *text = arena_alloc(arena, size + 1);
    size = fread(text, 1, size, file);
    fclose(file);
    return (struct str){ text, size };
}

static void run(char **names, bool verbose) {
    struct arena arena = { 0 };
    struct sources sources = { .arena = &arena };
    struct diags diags = { .arena = &arena, .sources = &sources };
    struct source *source = source_add(&sources, str_of(names[0]), read_file(&arena, names[0]));
    struct compose *c = compose_read(&arena, &diags, source, NULL, NULL);
    bool readable = c && diags.errors == 0;
    struct compose_edits edits = edits_read(&arena, read_file(&arena, names[1]));
    struct str out = STR("");
    const struct splice_reader reader = { compose_outline_read, NULL, NULL };
    bool done = readable && compose_splice(&arena, &diags, compose_outline(&arena, c, false),
                                           &edits, &reader, &out);
    if (done) {
        FILE *file = fopen(names[2], "wb");
        if (!file || fwrite(out.at, 1, out.len, file) != out.len || fclose(file) != 0)
            exit(2);
        printf("ok\n");
    } else {
        printf("%s", readable ? "refused" : "unreadable");
        for (struct diag *d = diags.first; d; d = d->next) {
            struct place place = source_place(&sources, d->span.start);
            printf(" %.*s %zu:%zu", STR_ARG(diag_infos[d->code].code), place.line, place.column);
            if (verbose)
                printf(" %.*s", STR_ARG(d->message));
        }
        printf("\n");
    }
    arena_free(&arena);
}

int main(int argc, char **argv) {
    bool verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
    for (int i = 1 + verbose; i + 2 < argc; i += 3)
        run(argv + i, verbose);
    return 0;
}
