/* Build tool: embeds the files of runtime/stack as C. The texts become arrays of characters,
 * because C promises no more than 4095 characters in a string literal. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char *base(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool print_text(FILE *out, const char *path, int number) {
    FILE *in = fopen(path, "rb");
    if (!in) {
        perror(path);
        return false;
    }
    fprintf(out, "static const char text_%d[] = {", number);
    int c;
    for (size_t at = 0; (c = getc(in)) != EOF; at++) {
        if (at % 16 == 0)
            fputs("\n    ", out);
        if (c >= ' ' && c <= '~' && c != '\'' && c != '\\')
            fprintf(out, "'%c', ", c);
        else
            fprintf(out, "'\\%03o', ", (unsigned)c);
    }
    fputs("\n    0\n};\n", out);
    return fclose(in) == 0;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "usage: make_runtime OUTPUT [FILE...]\n");
        return 2;
    }
    FILE *out = fopen(argv[1], "w");
    if (!out) {
        perror(argv[1]);
        return 1;
    }
    fputs("/* Made by make_runtime from runtime/stack; do not edit. */\n"
          "#include \"support/runtime.h\"\n\n#include <stddef.h>\n\n",
          out);
    for (int i = 2; i < argc; i++)
        if (!print_text(out, argv[i], i))
            return 1;
    fputs("\nconst struct runtime_text runtime_texts[] = {\n", out);
    for (int i = 2; i < argc; i++)
        fprintf(out, "    { \"%s\", text_%d },\n", base(argv[i]), i);
    fputs("    { NULL, NULL },\n};\n", out);
    return fclose(out) == 0 ? 0 : 1;
}
