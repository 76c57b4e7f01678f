/* Splices edits into compose files, for comparison with another reader.
   usage: splice_apply [-v] (IN EDITS OUT)...   one line each: "ok", or the findings

   EDITS has tab-parted lines: service NAME keep|-   label KEY VALUE   join NETWORK IP|- ALIAS,…|-
   dns weak|replaces ADDRESS,…   network KEY NAME|- external|-   */
#include "backends/compose_splice.h"
#include "lower/compose_outline.h"

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

static struct str cut(struct str *rest, char at) {
    size_t end = str_find(*rest, at);
    struct str first = str_slice(*rest, 0, end);
    *rest = end == STR_NONE ? STR("") : str_from(*rest, end + 1);
    return first;
}

static struct str word(struct str *line) {
    struct str w = cut(line, '\t');
    return str_is(w, "-") ? STR("") : w;
}

static struct ir_texts words(struct arena *arena, struct str list) {
    struct ir_texts texts = { .list = arena_array(arena, struct str, list.len + 1) };
    while (list.len)
        texts.list[texts.count++] = cut(&list, ',');
    return texts;
}

struct reading {
    struct arena *arena;
    struct compose_edits *edits;
    struct compose_service_edit *service;
    struct compose_label **label;
    struct compose_join **join;
};

static void take_service(struct reading *r, struct str line) {
    struct compose_service_edit *s = arena_new(r->arena, struct compose_service_edit);
    s->service = word(&line);
    s->keep_default = str_is(line, "keep");
    struct compose_service_edit **end = &r->edits->services;
    while (*end)
        end = &(*end)->next;
    *end = r->service = s;
    r->label = &s->labels;
    r->join = &s->joins;
}

static void take(struct reading *r, struct str line) {
    struct str kind = word(&line);
    if (str_is(kind, "service"))
        take_service(r, line);
    if (str_is(kind, "network")) {
        struct compose_network_edit *n = arena_new(r->arena, struct compose_network_edit);
        n->key = word(&line);
        n->name = word(&line);
        n->external = str_is(line, "external");
        n->next = r->edits->networks;
        r->edits->networks = n;
    }
    if (!r->service)
        return;
    if (str_is(kind, "label")) {
        struct compose_label *l = *r->label = arena_new(r->arena, struct compose_label);
        l->key = word(&line);
        l->value = line;
        r->label = &l->next;
    } else if (str_is(kind, "join")) {
        struct compose_join *j = *r->join = arena_new(r->arena, struct compose_join);
        j->network = word(&line);
        j->ipv4_address = word(&line);
        j->aliases = words(r->arena, word(&line));
        r->join = &j->next;
    } else if (str_is(kind, "dns")) {
        r->service->dns_replaces = str_is(word(&line), "replaces");
        r->service->dns = words(r->arena, line);
    }
}

static void run(char **names, bool verbose) {
    struct arena arena = { 0 };
    struct sources sources = { .arena = &arena };
    struct diags diags = { .arena = &arena, .sources = &sources };
    struct source *source = source_add(&sources, str_of(names[0]), read_file(&arena, names[0]));
    struct compose *c = compose_read(&arena, &diags, source, NULL, NULL);
    bool readable = c && diags.errors == 0;
    struct compose_edits edits = { 0 };
    struct reading reading = { .arena = &arena, .edits = &edits };
    for (struct str rest = read_file(&arena, names[1]); rest.len;)
        take(&reading, cut(&rest, '\n'));
    struct str out = STR("");
    bool done = readable && compose_splice(&arena, &diags, compose_outline(&arena, c), &edits,
                                           compose_outline_read, &out);
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
