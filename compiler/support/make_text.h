/* For the build tools that embed files as C. */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static inline const char *base(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* `static const char NAME[] = {…};` The text becomes an array of characters, because C promises no
   more than 4095 characters in a string literal. */
static inline bool embed_file(FILE *out, const char *path, const char *name) {
    FILE *in = fopen(path, "rb");
    if (!in) {
        perror(path);
        return false;
    }
    fprintf(out, "static const char %s[] = {", name);
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
