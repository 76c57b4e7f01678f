/* Host names: canonical forms, faults with their places, cover and order. */
#include "model/domain.h"
#include "unit.h"

#define EACH(table) for (size_t i = 0; i < sizeof(table) / sizeof((table)[0]); i++)
#define L63         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void test_parse(void **state) {
    (void)state;
    static const struct {
        const char *text, *name;
        int error;
        size_t from, to;
    } cases[] = {
        { "shop.example.com", "shop.example.com", 0, 0, 0 },
        { "Shop.EXAMPLE.com.", "shop.example.com", 0, 0, 0 },
        { "*.example.com", "*.example.com", 0, 0, 0 },
        { "localhost", "localhost", 0, 0, 0 },
        { "1.2.3.4a", "1.2.3.4a", 0, 0, 0 },
        { "r3---sn.example.com", "r3---sn.example.com", 0, 0, 0 },
        { "bücher.example", "xn--bcher-kva.example", 0, 0, 0 },
        { "BÜCHER.example", "xn--bcher-kva.example", 0, 0, 0 },
        { "bu\xcc\x88"
          "cher.example",
          "xn--bcher-kva.example", 0, 0, 0 },
        { "XN--BCHER-KVA.example", "xn--bcher-kva.example", 0, 0, 0 },
        { "*.bücher.example", "*.xn--bcher-kva.example", 0, 0, 0 },
        { "faß.de", "xn--fa-hia.de", 0, 0, 0 },
        { "ＡＢＣ。com", "abc.com", 0, 0, 0 },
        { "日本語.jp", "xn--wgv71a119e.jp", 0, 0, 0 },
        { L63 ".com", L63 ".com", 0, 0, 0 },
        { "", NULL, DOMAIN_EMPTY, 0, 0 },
        { ".", NULL, DOMAIN_EMPTY_LABEL, 0, 1 },
        { "a..b", NULL, DOMAIN_EMPTY_LABEL, 1, 3 },
        { ".a", NULL, DOMAIN_EMPTY_LABEL, 0, 1 },
        { "a.b..", NULL, DOMAIN_EMPTY_LABEL, 3, 5 },
        { "x." L63 "a.com", NULL, DOMAIN_LABEL_LONG, 2, 66 },
        { L63 "." L63 "." L63 "." L63, NULL, DOMAIN_LONG, 0, 255 },
        { "a_b.com", NULL, DOMAIN_UNDERSCORE, 1, 2 },
        { "a b.com", NULL, DOMAIN_SPACE, 1, 2 },
        { "a`b.com", NULL, DOMAIN_CHARACTER, 1, 2 },
        { "a.com/x", NULL, DOMAIN_CHARACTER, 5, 6 },
        { "a.com:80", NULL, DOMAIN_PORT, 5, 8 },
        { "a:b.com", NULL, DOMAIN_CHARACTER, 1, 2 },
        { "-a.com", NULL, DOMAIN_HYPHEN_START, 0, 1 },
        { "b.a-.com", NULL, DOMAIN_HYPHEN_END, 3, 4 },
        { "ab--ü.com", NULL, DOMAIN_HYPHEN_34, 2, 4 },
        { "*", NULL, DOMAIN_WILDCARD_ALONE, 0, 1 },
        { "a.*.com", NULL, DOMAIN_WILDCARD_PLACE, 2, 3 },
        { "*a.com", NULL, DOMAIN_WILDCARD_PLACE, 0, 1 },
        { "*.*.com", NULL, DOMAIN_WILDCARD_PLACE, 2, 3 },
        { "**.com", NULL, DOMAIN_WILDCARD_PLACE, 0, 1 },
        { "10.0.0.1", NULL, DOMAIN_IP, 0, 8 },
        { "10.1", NULL, DOMAIN_IP, 0, 4 },
        { "a.0x7f", NULL, DOMAIN_IP, 0, 6 },
        { "256.256.256.256", NULL, DOMAIN_IP, 0, 15 },
        { "::1", NULL, DOMAIN_IP, 0, 3 },
        { "[::1]:80", NULL, DOMAIN_IP, 0, 8 },
        { "xn--.com", NULL, DOMAIN_HYPHEN_END, 3, 4 },
        { "xn--abc-.com", NULL, DOMAIN_HYPHEN_END, 7, 8 },
        { "xn--99999999.com", NULL, DOMAIN_PUNYCODE, 0, 12 },
        { "\xff.com", NULL, DOMAIN_UTF8, 0, 1 },
        { "a.i❤.ws", NULL, DOMAIN_IDN_CHARACTER, 3, 6 },
        { "\xcc\x80"
          "a.com",
          NULL, DOMAIN_IDN_MARK, 0, 2 },
        { "a\xe2\x80\x8c"
          "b.com",
          NULL, DOMAIN_IDN_JOINER, 1, 4 },
        { "aא.com", NULL, DOMAIN_IDN_BIDI, 0, 3 },
        { "l·a.cat", NULL, DOMAIN_IDN_CONTEXT, 1, 3 },
        { "ü_b.com", NULL, DOMAIN_UNDERSCORE, 2, 3 },
    };
    struct arena a = { 0 };
    EACH(cases) {
        struct domain d;
        struct fault f = domain_parse(&a, str_of(cases[i].text), NULL, 0, &d);
        if (f.error != cases[i].error || f.from != cases[i].from || f.to != cases[i].to)
            fail_msg("%s: %s [%zu,%zu)", cases[i].text, domain_error_text(f.error), f.from, f.to);
        if (!f.error) {
            assert_str(d.name, str_of(cases[i].name));
            struct domain again;
            assert_int_equal(domain_parse(&a, d.name, NULL, 0, &again).error, 0);
            assert_str(again.name, d.name);
        }
    }
    arena_free(&a);
}

static void test_long_idn(void **state) {
    (void)state;
    struct arena a = { 0 };
    char *text = arena_alloc(&a, 2000000);
    for (size_t i = 0; i + 1 < 2000000; i += 2)
        memcpy(text + i, "\xcc\x81", 2);
    struct domain d;
    struct str s = { text, 2000000 };
    assert_int_equal(domain_parse(&a, s, NULL, 0, &d).error, DOMAIN_LABEL_LONG);
    arena_free(&a);
}

static void test_holes(void **state) {
    (void)state;
    struct arena a = { 0 };
    struct domain d;
    struct str text = STR("App-${Name}.Example.${TLD}");
    struct domain_hole holes[] = { { 4, 11 }, { 20, 26 } };
    assert_int_equal(domain_parse(&a, text, holes, 2, &d).error, 0);
    assert_str(d.name, STR("app-${Name}.example.${TLD}"));
    assert_true(d.has_holes);
    struct domain_hole whole[] = { { 0, 9 } };
    assert_int_equal(domain_parse(&a, STR("${DOMAIN}"), whole, 1, &d).error, 0);
    assert_int_equal(domain_parse(&a, STR("${X:-a.b}.com"), whole, 1, &d).error, 0);
    assert_str(d.name, STR("${X:-a.b}.com"));
    struct domain_hole below[] = { { 2, 11 } };
    assert_int_equal(domain_parse(&a, STR("*.${DOMAIN}"), below, 1, &d).error, 0);
    assert_true(d.is_wildcard);
    assert_int_equal(
        domain_parse(&a, STR("ü-${DOMAIN}"), (struct domain_hole[]){ { 3, 12 } }, 1, &d).error,
        DOMAIN_VARIABLE_IDN);
    assert_int_equal(domain_parse(&a, STR("a.${DOMAIN}"), NULL, 0, &d).error, DOMAIN_CHARACTER);
    arena_free(&a);
}

static void test_covers(void **state) {
    (void)state;
    static const struct {
        const char *pattern, *host;
        bool covers;
    } cases[] = {
        { "a.com", "a.com", true },        { "a.com", "b.com", false },
        { "*.a.com", "x.a.com", true },    { "*.a.com", "a.com", false },
        { "*.a.com", "y.x.a.com", false }, { "*.a.com", "*.a.com", true },
        { "*.a.com", ".a.com", false },    { "*.com", "*.com", true },
        { "*.a.com", "xa.com", false },    { "*.a.com", "${S:-x.y}.a.com", true },
        { "*.com", "*.a.com", false },     { "x.a.com", "*.a.com", false },
    };
    EACH(cases)
    assert_int_equal(domain_covers(str_of(cases[i].pattern), str_of(cases[i].host)),
                     cases[i].covers);
    assert_true(domain_is_within(STR("x.y.com"), STR("y.com")));
    assert_true(domain_is_within(STR("y.com"), STR("y.com")));
    assert_false(domain_is_within(STR("y.com"), STR("*.y.com")));
    assert_true(domain_is_within(STR("a.b.y.com"), STR("*.y.com")));
    assert_false(domain_is_within(STR("xy.com"), STR("y.com")));
    assert_true(domain_cmp(STR("a.com"), STR("b.com")) < 0);
    assert_true(domain_cmp(STR("z.a.com"), STR("a.b.com")) < 0);
    assert_true(domain_cmp(STR("a.com"), STR("x.a.com")) < 0);
    assert_int_equal(domain_cmp(STR("x.a.com"), STR("x.a.com")), 0);
    assert_true(domain_is_public_suffix_like(STR("*.com")));
    assert_true(domain_is_public_suffix_like(STR("*.co.uk")));
    assert_false(domain_is_public_suffix_like(STR("*.example.com")));
    assert_false(domain_is_public_suffix_like(STR("com")));
    assert_false(domain_is_public_suffix_like(STR("*.${D}")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_long_idn),
        cmocka_unit_test(test_holes),
        cmocka_unit_test(test_covers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
