/* Prints the located trees of YAML (or *.json) files, one node per line, for comparison with other
   readers: kind, style, byte offsets with anchor and tag, text in hexadecimal. */
#include "lower/json_tree.h"
#include "lower/tree_place.h"
#include "lower/yaml_tree.h"

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

static void print_text(struct str text) {
    putchar(' ');
    for (size_t i = 0; i < text.len; i++)
        printf("%02x", (unsigned char)text.at[i]);
}

static void print_node(const struct tree *node) {
    static const char *const kinds[] = { "scalar", "sequence", "mapping", "alias" };
    static const char *const styles[] = { "plain",  "single", "double", "literal",
                                          "folded", "block",  "flow" };
    uint32_t base = node->file->source->base;
    printf("%s %s %u %u", kinds[node->kind], styles[node->style], tree_whole(node).start - base,
           node->span.end - base);
    if (node->kind == TREE_SCALAR)
        print_text(node->text);
    if (node->kind == TREE_ALIAS)
        print_text(node->alias);
    putchar('\n');
    if (node->kind == TREE_SEQUENCE || node->kind == TREE_MAPPING)
        for (const struct tree_entry *e = node->first; e; e = e->next) {
            if (e->key)
                print_node(e->key);
            print_node(e->value);
        }
}

/* Bytes of text that stand one by one in the source must be the same bytes. */
static void check_pieces(struct arena *arena, const struct tree *node) {
    const struct source *source = node->file->source;
    if (node->kind == TREE_SCALAR) {
        const struct piece *p = tree_pieces(arena, node);
        for (; p && p->at != UINT32_MAX; p++) {
            size_t to = p[1].at == UINT32_MAX ? node->text.len : p[1].at;
            struct str there =
                str_slice(source->text, p->span.start - source->base, p->span.end - source->base);
            if (!p->whole && !str_eq(there, str_slice(node->text, p->at, to)))
                printf("piece at %u differs\n", p->at);
            if (p->whole && to - p->at > 64 && p->span.end - p->span.start < 16)
                printf("piece at %u is too large\n", p->at);
        }
        return;
    }
    if (node->kind != TREE_ALIAS)
        for (const struct tree_entry *e = node->first; e; e = e->next) {
            if (e->key)
                check_pieces(arena, e->key);
            check_pieces(arena, e->value);
        }
}

int main(int argc, char **argv) {
    bool quiet = argc > 1 && strcmp(argv[1], "-q") == 0;
    for (int i = 1 + quiet; i < argc; i++) {
        struct arena arena = { 0 };
        struct sources sources = { .arena = &arena };
        struct diags diags = { .arena = &arena, .sources = &sources };
        struct source *source = source_add(&sources, str_of(argv[i]), read_file(&arena, argv[i]));
        bool json = str_ends(source->name, STR(".json"));
        struct tree_file *file =
            json ? json_tree_read(&arena, &diags, source) : yaml_tree_read(&arena, &diags, source);
        printf("file %s\n", argv[i]);
        for (struct diag *d = diags.first; d; d = d->next) {
            struct place place = source_place(&sources, d->span.start);
            printf("%.*s %zu:%zu %.*s\n", STR_ARG(diag_infos[d->code].code), place.line,
                   place.column, STR_ARG(d->message));
        }
        if (file && !quiet)
            print_node(file->root);
        if (file)
            check_pieces(&arena, file->root);
        if (quiet)
            printf("memory %zu\n", arena.total);
        arena_free(&arena);
    }
    return 0;
}
