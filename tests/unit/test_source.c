/* From a byte to file, line and column, and back to the quoted line. */
#include "source/source.h"
#include "support/arena.h"
#include "tests/unit/unit.h"

static void places(void **state) {
    static const struct {
        struct str text;
        size_t offset, line, column;
    } cases[] = {
        { { "", 0 }, 0, 1, 1 },
        { { "abc", 3 }, 0, 1, 1 },
        { { "abc", 3 }, 2, 1, 3 },
        { { "abc", 3 }, 3, 1, 4 }, /* the end, without a final newline */
        { { "a\nb", 3 }, 1, 1, 2 },
        { { "a\nb", 3 }, 2, 2, 1 },
        { { "a\n", 2 }, 2, 2, 1 }, /* the end, after a newline */
        { { "\n\n", 2 }, 1, 2, 1 },
        { { "a\r\nb", 4 }, 1, 1, 2 },
        { { "a\r\nb", 4 }, 2, 1, 3 },
        { { "a\r\nb", 4 }, 3, 2, 1 },
        { { "a\rb", 3 }, 2, 1, 3 }, /* a CR alone ends no line */
        { { "\xef\xbb\xbf"
            "ab",
            5 },
          0,
          1,
          1 },
        { { "\xef\xbb\xbf"
            "ab",
            5 },
          1,
          1,
          1 },
        { { "\xef\xbb\xbf"
            "ab",
            5 },
          3,
          1,
          1 },
        { { "\xef\xbb\xbf"
            "ab",
            5 },
          4,
          1,
          2 },
        { { "\xef\xbb\xbf\nab", 6 }, 5, 2, 2 },
        { { "\xef\xbb\xbf", 3 }, 3, 1, 1 },
        { { "a\n\xef\xbb\xbf"
            "b",
            6 },
          5,
          2,
          2 }, /* elsewhere it is a character */
        { { "\xc3\xa9x", 3 }, 2, 1, 2 },
        { { "\xc3\xa9x", 3 }, 1, 1, 1 }, /* inside a character: that character */
        { { "\xf0\x9f\x9a\xa6x", 5 }, 4, 1, 2 },
        { { "\xff\xfe\xfdx", 4 }, 3, 1, 4 }, /* each byte of no character is one column */
        { { "\x80\x80x", 3 }, 2, 1, 3 },
        { { "\xe2\x82", 2 }, 2, 1, 3 },
        { { "a\0b", 3 }, 2, 1, 3 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena a = { 0 };
        struct sources pool = { .arena = &a };
        source_add(&pool, STR("before"), STR("xx\n"));
        struct source *source = source_add(&pool, STR("f"), cases[i].text);
        uint32_t at = source->base + (uint32_t)cases[i].offset;
        struct place place = source_place(&pool, at);
        if (place.source != source || place.line != cases[i].line ||
            place.column != cases[i].column || place.offset != cases[i].offset)
            fail_msg("case %zu: %zu:%zu", i, place.line, place.column);
        assert_int_equal(source_line_at(&pool, at), cases[i].line);
        arena_free(&a);
    }
}

static void lines(void **state) {
    static const struct {
        const char *text;
        size_t line;
        const char *want;
    } cases[] = {
        { "", 1, "" },           { "", 2, "" },           { "a\nb", 1, "a" },
        { "a\nb", 2, "b" },      { "a\nb", 3, "" },       { "a\r\nb\r\n", 1, "a" },
        { "a\r\nb", 2, "b" },    { "a\r\nb\r\n", 3, "" }, { "a\rb\n", 1, "a\rb" },
        { "a\r\r\n", 1, "a\r" }, { "a\r", 1, "a\r" },     { "\xef\xbb\xbfx\ny", 1, "x" },
        { "\n\nz", 3, "z" },     { "a", 0, "" },          { "\xef\xbb\xbf\r\n", 1, "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena a = { 0 };
        struct sources pool = { .arena = &a };
        struct source *source = source_add(&pool, STR("f"), str_of(cases[i].text));
        assert_str(source_line(&pool, source, cases[i].line), str_of(cases[i].want));
        arena_free(&a);
    }
}

static void the_pool_tells_files_apart(void **state) {
    struct arena a = { 0 };
    struct sources pool = { .arena = &a };
    struct source *list[40];
    (void)state;
    assert_null(source_at(&pool, 1));
    for (size_t i = 0; i < 40; i++)
        list[i] = source_add(&pool, STR("f"), str_slice(STR("abcdefg"), 0, i % 7));
    for (size_t i = 0; i < 40; i++)
        for (uint32_t at = 0; at <= i % 7; at++)
            assert_ptr_equal(source_at(&pool, list[i]->base + at), list[i]);
    assert_null(source_at(&pool, 0));
    assert_null(source_at(&pool, pool.next_base));
    assert_null(source_at(&pool, UINT32_MAX));
    assert_null(source_place(&pool, 0).source);
    assert_int_equal(source_line_at(&pool, 0), 0);
    assert_str(source_text(&pool, span_of(list[6], 1, 3)), STR("bc"));
    assert_str(source_text(&pool, (struct span){ 0, 0 }), STR(""));
    assert_str(source_text(&pool, span_of(list[6], 4, 99)), STR("ef"));
    arena_free(&a);
}

/* Every column of a long line of mixed characters, against counting from its start. */
static void columns_of_long_lines(void **state) {
    static const char *const pieces[] = { "a", "\xc3\xa9", "\xe6\x97\xa5", "\xf0\x9f\x9a\xa6",
                                          "\xff" };
    struct arena a = { 0 };
    struct sources pool = { .arena = &a };
    char text[8192];
    size_t starts[8192], len = 0, count = 0;
    uint32_t seed = 1;
    (void)state;
    while (len < sizeof text - 8) {
        seed = seed * 1103515245u + 12345u;
        const char *piece = seed >> 28 == 0 ? "\n" : pieces[(seed >> 16) % 5];
        starts[count++] = len;
        memcpy(text + len, piece, strlen(piece));
        len += strlen(piece);
    }
    struct source *source = source_add(&pool, STR("f"), (struct str){ text, len });
    size_t line = 1, column = 1;
    for (size_t i = 0; i < count; i++) {
        struct place place = source_place(&pool, source->base + (uint32_t)starts[i]);
        if (place.line != line || place.column != column)
            fail_msg("byte %zu is at %zu:%zu, not %zu:%zu", starts[i], line, column, place.line,
                     place.column);
        column++;
        if (text[starts[i]] == '\n') {
            line++;
            column = 1;
        }
    }
    arena_free(&a);
}

static void spans(void **state) {
    struct span s = { 10, 20 }, none = { 0, 0 };
    (void)state;
    assert_true(span_is_none(none));
    assert_int_equal(span_join(s, none).end, 20);
    assert_int_equal(span_join(none, s).start, 10);
    assert_int_equal(span_join(s, (struct span){ 5, 7 }).start, 5);
    assert_int_equal(span_slice(s, 2, 4).start, 12);
    assert_int_equal(span_slice(s, 2, 400).end, 20);
    assert_int_equal(span_slice(s, 300, 400).start, 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places),
        cmocka_unit_test(lines),
        cmocka_unit_test(the_pool_tells_files_apart),
        cmocka_unit_test(columns_of_long_lines),
        cmocka_unit_test(spans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
