/* Says for each target of a request line on standard input what routers see of it: `400`, or the
   path in hexadecimal, cleaned and not cleaned, and how many query values it has. */
#include "analysis/request.h"
#include "lines.h"

static void put_hex(struct str s) {
    for (size_t i = 0; i < s.len; i++)
        printf("%02x", (unsigned char)s.at[i]);
}

int main(void) {
    char *line = NULL;
    size_t room = 0;
    struct str target;
    struct arena arena = { 0 };
    while (read_case(&line, &room, &target)) {
        for (int sanitize = 0; sanitize < 2; sanitize++) {
            struct request request = { .target = target, .host = STR("a.test") };
            struct http_view view;
            struct http_rules rules = { .sanitize = sanitize, .routing_path = true };
            request_view(&arena, &request, &rules, &view);
            if (view.refused.len) {
                fputs("400 ", stdout);
                continue;
            }
            put_hex(view.input.path);
            putchar('|');
            put_hex(view.uri);
            putchar(' ');
            for (const struct test_pair *p = view.input.query; p && sanitize; p = p->next) {
                put_hex(p->key);
                putchar('=');
                put_hex(p->value);
                putchar('&');
            }
        }
        putchar('\n');
        arena_reset(&arena);
    }
    free(line);
    arena_free(&arena);
    return 0;
}
