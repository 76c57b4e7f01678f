/* Says for each pattern on standard input whether our checker accepts it: `ok`, or `err` and why.
 */
#include "lines.h"
#include "support/regex.h"

int main(void) {
    char *line = NULL;
    size_t room = 0;
    struct str pattern;
    struct arena arena = { 0 };
    while (read_case(&line, &room, &pattern)) {
        struct regex re;
        struct fault f = regex_parse(&arena, pattern, &re);
        if (f.to > pattern.len || f.from > f.to) {
            fputs("bad offsets\n", stdout);
            return 1;
        }
        printf(f.error ? "err %s\n" : "ok %s\n", regex_error_text(f.error));
        arena_reset(&arena);
    }
    free(line);
    arena_free(&arena);
    return 0;
}
