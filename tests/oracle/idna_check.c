/* Prints for each host name on standard input its canonical form, or `!` and why it is refused. */
#include "lines.h"
#include "model/domain.h"

int main(void) {
    char *line = NULL;
    size_t room = 0;
    struct str host;
    struct arena arena = { 0 };
    while (read_case(&line, &room, &host)) {
        struct domain d;
        struct fault f = domain_parse(&arena, host, NULL, 0, &d);
        if (f.to > host.len || f.from > f.to) {
            fputs("bad offsets\n", stdout);
            return 1;
        }
        if (f.error)
            printf("! %s\n", domain_error_text(f.error));
        else
            printf("%.*s\n", STR_ARG(d.name));
        arena_reset(&arena);
    }
    free(line);
    arena_free(&arena);
    return 0;
}
