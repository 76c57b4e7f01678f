/* Build tool: embeds the files of runtime/stack as C. */
#include "support/make_text.h"

static bool embed(FILE *out, const char *path, int number) {
    char name[32];
    snprintf(name, sizeof name, "text_%d", number);
    return embed_file(out, path, name);
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
        if (!embed(out, argv[i], i))
            return 1;
    fputs("\nconst struct runtime_text runtime_texts[] = {\n", out);
    for (int i = 2; i < argc; i++)
        fprintf(out, "    { \"%s\", text_%d },\n", base(argv[i]), i);
    fputs("    { NULL, NULL },\n};\n", out);
    return fclose(out) == 0 ? 0 : 1;
}
