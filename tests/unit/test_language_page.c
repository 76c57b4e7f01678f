/* docs/language.md: its examples are right as they stand, and its reference is the tables'. */
#include "model/reference.h"
#include "snippet.h"

#include <stdio.h>

static struct str read_page(struct arena *a) {
    struct str here = str_of(__FILE__);
    size_t cut = str_find_str(here, STR("tests/unit/"));
    struct buf path = { .arena = a }, text = { .arena = a };
    buf_add(&path, str_slice(here, 0, cut));
    buf_text(&path, "docs/language.md");
    buf_char(&path, '\0');
    FILE *file = fopen(path.at, "rb");
    if (!file)
        fail_msg("%s does not open", path.at);
    char piece[4096];
    for (size_t got; (got = fread(piece, 1, sizeof piece, file)) > 0;)
        buf_add(&text, (struct str){ piece, got });
    fclose(file);
    return buf_str(&text);
}

static struct ast *import_library(void *context, struct str name, struct span at) {
    struct bench *b = context;
    (void)at;
    struct source *source = source_add(
        &b->sources, name, STR("middleware guard = forward-auth(http://auth:9000/verify)\n"));
    return parse_text(&b->arena, source, &b->diags);
}

static void check_example(struct str text) {
    struct bench b;
    bench_start(&b, "");
    b.program.loader = (struct unit_loader){ .context = &b, .parse = import_library };
    struct str copy = str_copy(&b.arena, text);
    program_add(&b.program, STR("example.itsup"), STR(""), bench_parse(&b, "example", copy.at),
                NULL);
    program_check(&b.program);
    for (struct diag *d = b.diags.first; d; d = d->next)
        if (str_find_str(text, diag_infos[d->code].code) == STR_NONE)
            fail_msg("%s\n%.*s %.*s", copy.at, STR_ARG(diag_infos[d->code].code),
                     STR_ARG(d->message));
    bench_end(&b);
}

static void test_examples(void **state) {
    (void)state;
    struct arena arena = { 0 };
    struct str page = read_page(&arena), fence = STR("```itsup\n");
    size_t count = 0;
    for (size_t at; (at = str_find_str(page, fence)) != STR_NONE; count++) {
        page = str_from(page, at + fence.len);
        size_t end = str_find_str(page, STR("```\n"));
        assert_true(end != STR_NONE);
        check_example(str_slice(page, 0, end));
        page = str_from(page, end + 4);
    }
    assert_true(count > 10);
    arena_free(&arena);
}

static void test_reference(void **state) {
    (void)state;
    struct arena arena = { 0 };
    struct buf want = { .arena = &arena };
    struct str page = read_page(&arena);
    struct str begin = STR("<!-- generated:begin reference -->\n");
    size_t from = str_find_str(page, begin);
    size_t to = str_find_str(page, STR("<!-- generated:end reference -->"));
    assert_true(from != STR_NONE && to != STR_NONE);
    reference_all(&want);
    if (!str_eq(str_slice(page, from + begin.len, to), buf_str(&want)))
        fail_msg("the reference in docs/language.md is stale: tests/reference.sh -u");
    arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_reference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
