/* The ground floor: arena, slices, growing text, hash table, interning, UTF-8, columns. */
#include "support/buf.h"
#include "support/intern.h"
#include "support/pool.h"
#include "support/table.h"
#include "support/utf8.h"
#include "support/width.h"
#include "tests/unit/unit.h"

#include <stdio.h>

static void arena_gives_zeroed_aligned_memory(void **state) {
    struct arena a = { 0 };
    (void)state;
    for (size_t size = 0; size < 5000; size += 37) {
        unsigned char *memory = arena_alloc(&a, size);
        assert_int_equal((uintptr_t)memory % 8, 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xff, size);
    }
    size_t total = a.total;
    arena_reset(&a);
    assert_true(a.total <= total);
    unsigned char *again = arena_alloc(&a, 100);
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(again[i], 0);
    char *large = arena_alloc(&a, 10 * 1024 * 1024);
    large[10 * 1024 * 1024 - 1] = 1;
    arena_free(&a);
    assert_null(a.block);
    arena_reset(&a);
    arena_free(&a);
}

static void arena_pieces_grow_and_come_back(void **state) {
    struct arena a = { 0 };
    (void)state;
    char *piece = arena_copy(&a, "0123456789", 10);
    assert_true(arena_extend(&a, piece, 10, 100));
    assert_memory_equal(piece, "0123456789", 10);
    char *behind = arena_alloc(&a, 8);
    assert_true(behind >= piece + 100);
    assert_false(arena_extend(&a, piece, 100, 101)); /* another one follows */
    assert_true(arena_extend(&a, behind, 8, 16));
    assert_false(arena_extend(&a, behind, 16, 1024 * 1024)); /* beyond the block */
    assert_false(arena_extend(&a, NULL, 0, 8));
    /* One that was handed back is the next of its size, and of no other. */
    arena_spare(&a, piece, 96);
    char *other = arena_again(&a, 64), *again = arena_again(&a, 96);
    assert_ptr_not_equal(other, piece);
    assert_ptr_equal(again, piece);
    assert_ptr_not_equal(arena_again(&a, 96), piece);
    arena_spare(&a, again, 96);
    arena_reset(&a); /* forgets that, too */
    assert_ptr_not_equal(arena_again(&a, 4096), NULL);
    /* A large block serves whoever asks next. */
    for (int i = 0; i < 3; i++) {
        char *large = arena_alloc(&a, 3 * 1024 * 1024);
        large[0] = large[3 * 1024 * 1024 - 1] = 1;
        arena_free(&a);
    }
    char *zeros = arena_alloc(&a, 3 * 1024 * 1024);
    for (size_t i = 0; i < 3 * 1024 * 1024; i += 4093)
        assert_int_equal(zeros[i], 0);
    arena_free(&a);
}

static void str_slices_stay_inside(void **state) {
    struct str s = STR("hello");
    (void)state;
    assert_str(str_slice(s, 1, 3), STR("el"));
    assert_str(str_slice(s, 3, 99), STR("lo"));
    assert_str(str_slice(s, 4, 2), STR(""));
    assert_str(str_from(s, 5), STR(""));
    assert_str(str_from(s, 9), STR(""));
    assert_str(str_of(NULL), STR(""));
    assert_str(str_trim(STR(" \t a b\r\n")), STR("a b"));
    assert_str(str_trim(STR(" \t ")), STR(""));
}

static void str_searches(void **state) {
    static const struct {
        const char *text, *what;
        size_t want;
    } cases[] = {
        { "abcabc", "abc", 0 },    { "xabc", "abc", 1 },  { "aab", "ab", 1 },
        { "ab", "abc", STR_NONE }, { "", "a", STR_NONE }, { "", "", 0 },
        { "aaab", "aab", 1 },      { "abx", "x", 2 },     { "abab", "ba", 1 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(str_find_str(str_of(cases[i].text), str_of(cases[i].what)), cases[i].want);
    assert_int_equal(str_find(STR("a.b.c"), '.'), 1);
    assert_int_equal(str_find_last(STR("a.b.c"), '.'), 3);
    assert_int_equal(str_find(STR("abc"), '.'), STR_NONE);
    assert_int_equal(str_find_last(STR(""), '.'), STR_NONE);
    assert_true(str_starts(STR("https://x"), STR("https:")));
    assert_false(str_starts(STR("h"), STR("https:")));
    assert_true(str_ends(STR("a.itsup"), STR(".itsup")));
    assert_false(str_ends(STR("p"), STR(".itsup")));
    assert_true(str_eq_nocase(STR("GeT"), STR("gEt")));
    assert_false(str_eq_nocase(STR("get"), STR("got")));
    assert_true(str_cmp(STR("a"), STR("ab")) < 0);
    assert_true(str_cmp(STR("b"), STR("ab")) > 0);
    assert_int_equal(str_cmp(STR(""), STR("")), 0);
}

static void str_reads_numbers(void **state) {
    static const struct {
        const char *text;
        uint64_t max;
        bool ok;
        uint64_t want;
    } cases[] = {
        { "0", 10, true, 0 },
        { "65535", 65535, true, 65535 },
        { "65536", 65535, false, 0 },
        { "007", 10, true, 7 },
        { "", 10, false, 0 },
        { "-1", 10, false, 0 },
        { "1 ", 10, false, 0 },
        { "18446744073709551615", UINT64_MAX, true, UINT64_MAX },
        { "18446744073709551616", UINT64_MAX, false, 0 },
        { "99999999999999999999999", UINT64_MAX, false, 0 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t got = 0;
        bool ok = str_to_uint(str_of(cases[i].text), cases[i].max, &got);
        assert_int_equal(ok, cases[i].ok);
        if (ok)
            assert_int_equal(got, cases[i].want);
    }
}

static void buf_grows(void **state) {
    struct arena a = { 0 };
    struct buf b = { .arena = &a };
    (void)state;
    assert_str(buf_str(&b), STR(""));
    buf_text(&b, "a");
    buf_char(&b, 'b');
    buf_repeat(&b, 'c', 3);
    buf_repeat(&b, 'x', 0);
    buf_add(&b, STR(""));
    buf_format(&b, "%d-%s", 42, "z");
    assert_str(buf_str(&b), STR("abccc42-z"));
    for (int i = 0; i < 10000; i++)
        buf_text(&b, "0123456789");
    assert_int_equal(b.len, 9 + 100000);
    assert_true(str_ends(buf_str(&b), STR("90123456789")));
    arena_free(&a);
}

static int lay_out(bool ours, char *to, size_t room, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static int lay_out(bool ours, char *to, size_t room, const char *format, ...) {
    va_list args;
    va_start(args, format);
    int len = ours ? str_lay_out(to, room, format, args) : vsnprintf(to, room, format, args);
    va_end(args);
    return len;
}

#define SAME_TEXT(...)                                                                             \
    for (size_t room = 1; room <= sizeof ours; room++) {                                           \
        assert_int_equal(lay_out(true, ours, room, __VA_ARGS__),                                   \
                         lay_out(false, theirs, room, __VA_ARGS__));                               \
        assert_string_equal(ours, theirs);                                                         \
    }

static void texts_are_laid_out_as_printf_does(void **state) {
    (void)state;
    char ours[48], theirs[48];
    struct str slice = { "slice of more", 5 };
    SAME_TEXT("%s", "plain");
    SAME_TEXT("%.*s|%.*s|%.*s", STR_ARG(slice), 0, "", 9, "short");
    SAME_TEXT("%u %d %d %zu%%", 4294967295u, -2147483647 - 1, 0, (size_t)-1);
    SAME_TEXT("%c%c %.2s %04X", 'a', 0x7f, "abc", 0xfeu);
    SAME_TEXT("a text %s %s that is longer than its room", "of two", "words");
}

/* Texts of all lengths, some longer than a piece: each stays where it is, and none overlaps. */
static void pool_keeps_every_thing(void **state) {
    enum { COUNT = 600 };
    struct arena a = { 0 };
    struct pool p = { .arena = &a };
    uint32_t numbers[COUNT];
    char *places[COUNT];
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        size_t size = i % 100 == 99 ? 3 * POOL_PIECE + i : 1 + i % 90, align = i % 3 ? 4 : 1;
        numbers[i] = pool_take(&p, size, align);
        places[i] = pool_at(&p, numbers[i]);
        assert_true(numbers[i] > 0);
        assert_int_equal(numbers[i] % align, 0);
        assert_int_equal((uintptr_t)places[i] % align, 0);
        memset(places[i], (int)(i % 251), size);
        assert_str(str_of(memcpy(pool_text(&p, 3), "abc", 3)), STR("abc"));
    }
    for (size_t i = 0; i < COUNT; i++) {
        size_t size = i % 100 == 99 ? 3 * POOL_PIECE + i : 1 + i % 90;
        assert_ptr_equal(pool_at(&p, numbers[i]), places[i]);
        for (size_t at = 0; at < size; at++)
            assert_int_equal((unsigned char)places[i][at], i % 251);
    }
    arena_free(&a);
}

static void table_keeps_every_key(void **state) {
    struct arena a = { 0 };
    struct table t = { .arena = &a };
    (void)state;
    assert_null(table_get(&t, STR("none")));
    for (size_t i = 0; i < 20000; i++)
        *table_at(&t, str_format(&a, "key-%zu", i)) = (void *)(i + 1);
    assert_int_equal(t.count, 20000);
    for (size_t i = 0; i < 20000; i++)
        assert_int_equal((size_t)table_get(&t, str_format(&a, "key-%zu", i)), i + 1);
    assert_null(table_get(&t, STR("key-20000")));
    *table_at(&t, STR("")) = &t;
    assert_ptr_equal(table_get(&t, STR("")), &t);
    arena_free(&a);
}

static void equal_names_are_one_pointer(void **state) {
    struct arena a = { 0 };
    struct intern names = { .names.arena = &a };
    char text[] = "shop web";
    (void)state;
    struct str shop = intern(&names, (struct str){ text, 4 });
    struct str web = intern(&names, (struct str){ text + 5, 3 });
    memset(text, 'x', sizeof text);
    assert_str(shop, STR("shop"));
    assert_ptr_equal(intern(&names, STR("shop")).at, shop.at);
    assert_ptr_not_equal(web.at, shop.at);
    assert_int_equal(shop.at[shop.len], '\0');
    assert_int_equal(intern(&names, STR("")).len, 0);
    arena_free(&a);
}

static void utf8_takes_only_what_is_valid(void **state) {
    static const struct {
        const char *text;
        size_t len;
        uint32_t character;
    } cases[] = {
        { "a", 1, 'a' },
        { "\x7f", 1, 0x7f },
        { "\xc2\x80", 2, 0x80 },
        { "\xdf\xbf", 2, 0x7ff },
        { "\xe0\xa0\x80", 3, 0x800 },
        { "\xef\xbf\xbd", 3, 0xfffd },
        { "\xf0\x90\x80\x80", 4, 0x10000 },
        { "\xf4\x8f\xbf\xbf", 4, 0x10ffff },
        { "\x80", 1, UTF8_INVALID },             /* continuation alone */
        { "\xc0\xaf", 1, UTF8_INVALID },         /* overlong "/" */
        { "\xe0\x9f\xbf", 1, UTF8_INVALID },     /* overlong */
        { "\xf0\x8f\xbf\xbf", 1, UTF8_INVALID }, /* overlong */
        { "\xed\xa0\x80", 1, UTF8_INVALID },     /* surrogate */
        { "\xf4\x90\x80\x80", 1, UTF8_INVALID }, /* above the last */
        { "\xf8\x88\x80\x80", 1, UTF8_INVALID },
        { "\xff", 1, UTF8_INVALID },
        { "\xc3", 1, UTF8_INVALID }, /* cut short */
        { "\xe2\x82", 1, UTF8_INVALID },
        { "\xf0\x9f\x98", 1, UTF8_INVALID },
        { "\xc3(", 1, UTF8_INVALID },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t got;
        assert_int_equal(utf8_next(str_of(cases[i].text), 0, &got), cases[i].len);
        assert_int_equal(got, cases[i].character);
        assert_int_equal(utf8_is_valid(str_of(cases[i].text)), got != UTF8_INVALID);
    }
    assert_true(utf8_is_valid(STR("")));
}

static void columns_are_those_of_a_terminal(void **state) {
    static const struct {
        const char *text;
        size_t columns;
        const char *shown;
    } cases[] = {
        { "plain", 5, "plain" },
        { "", 0, "" },
        { "\ta", 5, "    a" },
        { "größe", 5, "größe" },
        { "e\xcc\x81t\xc3\xa9", 3, "e\xcc\x81t\xc3\xa9" }, /* a combining accent */
        { "日本", 4, "日本" },
        { "한국", 4, "한국" },
        { "ＡＢ", 4, "ＡＢ" },
        { "🚦", 2, "🚦" },
        { "👩‍👩‍👧‍👦", 2,
          "👩‍👩‍👧‍👦" }, /* four emoji and three joiners */
        { "👍🏽", 2, "👍🏽" },   /* with a skin tone */
        { "❤️", 2, "❤️" },       /* narrow, made an emoji by U+FE0F */
        { "🇩🇪", 2, "🇩🇪" },
        { "a\x1b[31mb", 7, "a␛[31mb" },
        { "a\x7f\x01", 3, "a␡␁" },
        { "a\xff\xc3", 3, "a��" },
        { "\xc2\x9b", 1, "�" }, /* CSI in one character */
        { "a\xe2\x80\xae"
          "b",
          3, "a�b" }, /* right-to-left override */
        { "a\xe2\x80\x8b"
          "b",
          3, "a�b" },                  /* zero-width space */
        { "\xcc\x81", 0, "\xcc\x81" }, /* an accent on nothing */
    };
    struct arena a = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b = { .arena = &a };
        struct str text = str_of(cases[i].text);
        if (width_of(text) != cases[i].columns)
            fail_msg("\"%s\" takes %zu columns, not %zu", cases[i].text, width_of(text),
                     cases[i].columns);
        width_add_visible(&b, text);
        assert_str(buf_str(&b), str_of(cases[i].shown));
    }
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_gives_zeroed_aligned_memory),
        cmocka_unit_test(arena_pieces_grow_and_come_back),
        cmocka_unit_test(str_slices_stay_inside),
        cmocka_unit_test(str_searches),
        cmocka_unit_test(str_reads_numbers),
        cmocka_unit_test(buf_grows),
        cmocka_unit_test(texts_are_laid_out_as_printf_does),
        cmocka_unit_test(pool_keeps_every_thing),
        cmocka_unit_test(table_keeps_every_key),
        cmocka_unit_test(equal_names_are_one_pointer),
        cmocka_unit_test(utf8_takes_only_what_is_valid),
        cmocka_unit_test(columns_are_those_of_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
