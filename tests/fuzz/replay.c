/* A fuzz target without a fuzzer: runs it once over each file named on the command line, so that
   the corpus is tested by any compiler. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t *read_whole(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    uint8_t *data = NULL;
    *size = 0;
    for (size_t room = 4096;; room *= 2) {
        uint8_t *more = realloc(data, room);
        if (!more) {
            free(data);
            data = NULL;
            break;
        }
        data = more;
        *size += fread(data + *size, 1, room - *size, file);
        if (*size < room)
            break;
    }
    fclose(file);
    return data;
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        size_t size;
        uint8_t *data = read_whole(argv[i], &size);
        if (!data) {
            perror(argv[i]);
            return 1;
        }
        /* Of the exact size, so that a sanitizer sees a read behind the end. */
        uint8_t *exact = malloc(size ? size : 1);
        if (!exact)
            return 1;
        for (size_t at = 0; at < size; at++)
            exact[at] = data[at];
        LLVMFuzzerTestOneInput(exact, size);
        free(exact);
        free(data);
    }
    return 0;
}
