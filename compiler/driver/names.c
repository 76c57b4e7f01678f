/* A growing list of names. */
#include "driver/names.h"

#include <stdlib.h>

void names_add(struct names *n, struct arena *arena, const char *name) {
    if (n->count + 1 >= n->room) {
        size_t room = n->room ? n->room * 2 : 8;
        const char **at = arena_array(arena, const char *, room);
        if (n->count)
            memcpy(at, n->at, n->count * sizeof *at);
        n->at = at;
        n->room = room;
    }
    n->at[n->count++] = name;
    n->at[n->count] = NULL;
}

static int by_bytes(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void names_sort(struct names *n) {
    if (n->count > 1)
        qsort(n->at, n->count, sizeof *n->at, by_bytes);
}

void names_split(struct names *n, struct arena *arena, const char *text, char separator) {
    struct str rest = str_of(text);
    for (;;) {
        size_t end = str_find(rest, separator);
        names_add(n, arena, str_copy(arena, str_slice(rest, 0, end)).at);
        if (end == STR_NONE)
            return;
        rest = str_from(rest, end + 1);
    }
}
