/* Says for each pair of lines on standard input, a pattern and a text, whether the pattern matches
   somewhere in the text: `yes`, `no`, or `refused`; and what the text becomes when matches are
   replaced, in hexadecimal. */
#include "lines.h"
#include "support/regex_program.h"

int main(void) {
    char *line = NULL, *second = NULL;
    size_t room = 0, second_room = 0;
    struct str pattern, text;
    struct arena arena = { 0 };
    while (read_case(&line, &room, &pattern) && read_case(&second, &second_room, &text)) {
        struct fault fault;
        struct regex_program *program = regex_compile(&arena, pattern, &fault);
        static const char *const answers[] = { "no", "yes", "unknown" };
        fputs(program ? answers[regex_match(program, text, &arena)] : "refused", stdout);
        struct str replaced = { 0 };
        if (program)
            replaced = regex_replace(program, text, STR("<$0|$1|${2}x$n>"), &arena);
        putchar(' ');
        for (size_t i = 0; i < replaced.len; i++)
            printf("%02x", (unsigned char)replaced.at[i]);
        putchar('\n');
        arena_reset(&arena);
    }
    free(line);
    free(second);
    arena_free(&arena);
    return 0;
}
