/* Build tool: embeds docs/diagnostics/CODE.md as C. */
#include "support/make_text.h"

#include <stdlib.h>

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* `E0101.md`; an index page beside them is none. */
static bool is_page(const char *name) {
    size_t digits = strspn(name + 1, "0123456789");
    return name[0] >= 'A' && name[0] <= 'Z' && digits > 0 && strcmp(name + 1 + digits, ".md") == 0;
}

static bool embed(FILE *out, const char *path, const char *name, int code) {
    char variable[32];
    snprintf(variable, sizeof variable, "page_%.*s", code, name);
    return embed_file(out, path, variable);
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "usage: make_pages OUTPUT [PAGE...]\n");
        return 2;
    }
    FILE *out = fopen(argv[1], "w");
    if (!out) {
        perror(argv[1]);
        return 1;
    }
    size_t count = 0;
    for (int i = 2; i < argc; i++)
        if (is_page(base(argv[i])))
            argv[2 + count++] = argv[i];
    qsort(argv + 2, count, sizeof *argv, by_name); /* one folder: paths sort as their codes */
    fputs("/* Made by make_pages from docs/diagnostics; do not edit. */\n"
          "#include \"source/pages.h\"\n\n#include <stddef.h>\n\n",
          out);
    for (size_t i = 0; i < count; i++) {
        const char *name = base(argv[2 + i]);
        if (!embed(out, argv[2 + i], name, (int)strcspn(name, ".")))
            return 1;
    }
    fputs("\nconst struct diagnostic_page diagnostic_pages[] = {\n", out);
    for (size_t i = 0; i < count; i++) {
        const char *name = base(argv[2 + i]);
        int code = (int)strcspn(name, ".");
        fprintf(out, "    { \"%.*s\", page_%.*s },\n", code, name, code, name);
    }
    fputs("    { NULL, NULL },\n};\n", out);
    return fclose(out) == 0 ? 0 : 1;
}
