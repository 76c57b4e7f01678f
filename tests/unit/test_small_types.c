/* Ports, units, names, slugs, hashes: text in, value or fault out. */
#include "model/names.h"
#include "model/port.h"
#include "model/slug.h"
#include "model/units.h"
#include "support/sha256.h"
#include "unit.h"

#define EACH(table) for (size_t i = 0; i < sizeof(table) / sizeof((table)[0]); i++)

static void check_fault(const char *text, struct fault f, int error, size_t from, size_t to) {
    if (f.error != error || f.from != from || f.to != to)
        fail_msg("\"%s\": fault %d [%zu,%zu), want %d [%zu,%zu)", text, f.error, f.from, f.to,
                 error, from, to);
}

static void test_port(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int error;
        unsigned port;
    } cases[] = {
        { "1", PORT_OK, 1 },
        { "65535", PORT_OK, 65535 },
        { "65536", PORT_RANGE, 0 },
        { "0", PORT_RANGE, 0 },
        { "", PORT_EMPTY, 0 },
        { "080", PORT_LEADING_ZERO, 0 },
        { "00", PORT_LEADING_ZERO, 0 },
        { "http", PORT_NOT_NUMBER, 0 },
        { "-1", PORT_RANGE, 0 },
        { "+80", PORT_NOT_NUMBER, 0 },
        { "80 ", PORT_NOT_NUMBER, 0 },
        { "0x50", PORT_NOT_NUMBER, 0 },
        { "99999999999999999999999", PORT_RANGE, 0 },
        { "-", PORT_NOT_NUMBER, 0 },
    };
    EACH(cases) {
        uint16_t port = 0;
        struct fault f = port_parse(str_of(cases[i].text), &port);
        check_fault(cases[i].text, f, cases[i].error, 0, f.error ? strlen(cases[i].text) : 0);
        assert_int_equal(port, cases[i].port);
    }
}

static void test_duration(void **state) {
    (void)state;
    static const struct {
        const char *text, *canonical;
        int error;
        size_t from, to;
    } cases[] = {
        { "30s", "30s", 0, 0, 0 },
        { "1m30s", "1m30s", 0, 0, 0 },
        { "90s", "1m30s", 0, 0, 0 },
        { "500ms", "500ms", 0, 0, 0 },
        { "1s500ms", "1s500ms", 0, 0, 0 },
        { "12h", "12h", 0, 0, 0 },
        { "7d", "168h", 0, 0, 0 },
        { "2w", "336h", 0, 0, 0 },
        { "1y", "8760h", 0, 0, 0 },
        { "1y2w3d4h5m6s7ms", "9172h5m6s7ms", 0, 0, 0 },
        { "0s", "0s", 0, 0, 0 },
        { "292y", "2557920h", 0, 0, 0 },
        { "293y", NULL, UNITS_TOO_LARGE, 0, 4 },
        { "99999999999999999999s", NULL, UNITS_TOO_LARGE, 0, 20 },
        { "", NULL, UNITS_EMPTY, 0, 0 },
        { "30", NULL, UNITS_DURATION_BARE, 0, 2 },
        { "1m30", NULL, UNITS_DURATION_BARE, 2, 4 },
        { "30sec", NULL, UNITS_DURATION_UNIT, 2, 5 },
        { "30S", NULL, UNITS_DURATION_UNIT, 2, 3 },
        { "5us", NULL, UNITS_DURATION_UNIT, 1, 3 },
        { "30 s", NULL, UNITS_DURATION_UNIT, 2, 4 },
        { "s", NULL, UNITS_NOT_NUMBER, 0, 1 },
        { "-5s", NULL, UNITS_NEGATIVE, 0, 3 },
        { "1.5h", NULL, UNITS_FRACTION, 0, 3 },
        { "1s1s", NULL, UNITS_DURATION_TWICE, 2, 4 },
        { "30s1m", NULL, UNITS_DURATION_ORDER, 3, 5 },
        { "1m2h1m", NULL, UNITS_DURATION_ORDER, 2, 4 },
    };
    struct arena a = { 0 };
    EACH(cases) {
        struct duration d = { 0 };
        struct fault f = duration_parse(str_of(cases[i].text), &d);
        check_fault(cases[i].text, f, cases[i].error, cases[i].from, cases[i].to);
        if (!f.error)
            assert_str(duration_text(&a, d), str_of(cases[i].canonical));
    }
    uint64_t seconds;
    assert_true(duration_seconds((struct duration){ 90000000000 }, &seconds) && seconds == 90);
    assert_false(duration_seconds((struct duration){ 500000000 }, &seconds));
    arena_free(&a);
}

static void test_rate_size_percent(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int error;
        size_t from, to;
        uint64_t average;
        int64_t period;
    } rates[] = {
        { "100/s", 0, 0, 0, 100, 1 },
        { "6/m", 0, 0, 0, 6, 60 },
        { "10/h", 0, 0, 0, 10, 3600 },
        { "100", UNITS_RATE_BARE, 0, 3, 0, 0 },
        { "100/", UNITS_RATE_PERIOD, 3, 4, 0, 0 },
        { "100/d", UNITS_RATE_PERIOD, 4, 5, 0, 0 },
        { "100 /s", UNITS_RATE_PERIOD, 3, 6, 0, 0 },
        { "0/s", UNITS_RATE_ZERO, 0, 1, 0, 0 },
        { "x/s", UNITS_NOT_NUMBER, 0, 3, 0, 0 },
        { "1.5/s", UNITS_FRACTION, 0, 3, 0, 0 },
    };
    EACH(rates) {
        struct rate r = { 0 };
        check_fault(rates[i].text, rate_parse(str_of(rates[i].text), &r), rates[i].error,
                    rates[i].from, rates[i].to);
        assert_true(r.average == rates[i].average && r.period == rates[i].period);
    }
    static const struct {
        const char *text;
        int error;
        uint64_t value;
    } sizes[] = {
        { "10MiB", 0, 10485760 },
        { "1KiB", 0, 1024 },
        { "2GiB", 0, 2147483648 },
        { "3kB", 0, 3000 },
        { "4MB", 0, 4000000 },
        { "1GB", 0, 1000000000 },
        { "7B", 0, 7 },
        { "0B", 0, 0 },
        { "10", UNITS_SIZE_BARE, 0 },
        { "10mb", UNITS_SIZE_UNIT, 0 },
        { "10M", UNITS_SIZE_UNIT, 0 },
        { "10KB", UNITS_SIZE_UNIT, 0 },
        { "", UNITS_EMPTY, 0 },
        { "9999999999GiB", UNITS_TOO_LARGE, 0 },
        { "-1B", UNITS_NEGATIVE, 0 },
    };
    EACH(sizes) {
        uint64_t bytes = 0;
        assert_int_equal(size_parse(str_of(sizes[i].text), &bytes).error, sizes[i].error);
        assert_true(bytes == sizes[i].value);
    }
    static const struct {
        const char *text;
        int error;
        unsigned value;
    } percents[] = {
        { "5%", 0, 5 },
        { "1%", 0, 1 },
        { "100%", 0, 100 },
        { "0%", UNITS_PERCENT_RANGE, 0 },
        { "101%", UNITS_PERCENT_RANGE, 0 },
        { "5", UNITS_PERCENT_BARE, 0 },
        { "5%%", UNITS_PERCENT_BARE, 0 },
        { "%", UNITS_NOT_NUMBER, 0 },
        { "2.5%", UNITS_FRACTION, 0 },
        { "99999999999999999999%", UNITS_PERCENT_RANGE, 0 },
    };
    EACH(percents) {
        unsigned value = 0;
        assert_int_equal(percent_parse(str_of(percents[i].text), &value).error, percents[i].error);
        assert_int_equal(value, percents[i].value);
    }
}

static void test_names(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int project, object, qualified;
    } cases[] = {
        { "shop", 0, 0, 0 },
        { "my_shop-2", 0, 0, 0 },
        { "a.b", 0, NAMES_CHARACTER, 0 },
        { "a..b", NAMES_DOTS, NAMES_CHARACTER, NAMES_DOTS },
        { ".a", NAMES_DOT_END, NAMES_CHARACTER, NAMES_DOT_END },
        { "a.", NAMES_DOT_END, NAMES_CHARACTER, NAMES_DOT_END },
        { ".", NAMES_DOT_END, NAMES_CHARACTER, NAMES_DOT_END },
        { "", NAMES_EMPTY, NAMES_EMPTY, NAMES_EMPTY },
        { "../x", NAMES_DOTS, NAMES_CHARACTER, NAMES_DOTS },
        { "a/b", NAMES_PROJECT_CHARACTER, NAMES_CHARACTER, NAMES_CHARACTER },
        { "a b", NAMES_PROJECT_CHARACTER, NAMES_CHARACTER, NAMES_CHARACTER },
        { "ü", NAMES_PROJECT_CHARACTER, NAMES_CHARACTER, NAMES_CHARACTER },
        { "123456789-123456789-123456789-123456789-123456789-123456789-123", 0, 0, 0 },
        { "123456789-123456789-123456789-123456789-123456789-123456789-1234", NAMES_TOO_LONG,
          NAMES_TOO_LONG, NAMES_TOO_LONG },
    };
    EACH(cases) {
        struct str text = str_of(cases[i].text);
        assert_int_equal(names_check_project(text).error, cases[i].project);
        assert_int_equal(names_check_object(text).error, cases[i].object);
        assert_int_equal(names_check_qualified(text).error, cases[i].qualified);
    }
    check_fault("aüb", names_check_object(STR("aüb")), NAMES_CHARACTER, 1, 3);
    struct arena a = { 0 };
    assert_str(names_normal(&a, STR("My.Shop_1")), STR("my-shop_1"));
    arena_free(&a);
}

static void test_slug(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t limit;
        bool unique;
        const char *slug; /* NULL: an error */
    } cases[] = {
        { "main", 20, false, "main" },
        { "Feature/Add_Login--Page!!", 20, false, "feature-add-login-pa" },
        { "feature/add-login-page-with-oauth", 20, false, "feature-add-login-pa" },
        { "--__--", 20, false, NULL },
        { "release-2024.10.01-xyz", 20, false, "release-2024-10-01-x" },
        { "Ünïcode/ブランチ", 20, false, "n-code" },
        { "UPPER", 20, false, "upper" },
        { "aaaaaaaaaaaaaaaaaaa-b", 20, false, "aaaaaaaaaaaaaaaaaaa" },
        { "aaaaaaaaaaaaaaaaaaa/c", 20, false, "aaaaaaaaaaaaaaaaaaa" },
        { "", 20, false, NULL },
        { "\xff\xfe", 20, false, NULL },
        { "a\xff"
          "b",
          20, false, "a-b" },
        { "main", 20, true, "main" },
        { "UPPER", 20, true, "upper" },
        { "feature/x", 20, true, "feature-x-217d2b" },
        { "feature/x", 8, true, "f-217d2b" },
        { "feature/x", 7, true, NULL },
    };
    struct arena a = { 0 };
    EACH(cases) {
        struct str slug;
        struct fault f =
            slug_make(&a, str_of(cases[i].text), cases[i].limit, cases[i].unique, &slug);
        assert_int_equal(f.error == 0, cases[i].slug != NULL);
        if (cases[i].slug)
            assert_str(slug, str_of(cases[i].slug));
    }
    arena_free(&a);
}

static void test_sha256(void **state) {
    (void)state;
    char hex[65];
    sha256_hex(STR(""), hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    sha256_hex(STR("abc"), hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    sha256_hex(STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), hex);
    assert_string_equal(hex, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    /* However the text is cut, the digest is one. */
    char text[300];
    memset(text, 'x', sizeof text);
    for (size_t len = 0; len < sizeof text; len += 7) {
        unsigned char whole[32], parts[32];
        sha256_of((struct str){ text, len }, whole);
        struct sha256 s;
        sha256_start(&s);
        for (size_t at = 0; at < len; at += 13)
            sha256_add(&s, str_slice((struct str){ text, len }, at, at + 13));
        sha256_end(&s, parts);
        assert_memory_equal(whole, parts, 32);
    }
}

static void test_phrases(void **state) {
    (void)state;
    assert_string_equal(port_error_text(PORT_RANGE), "a port lies within 1-65535");
    assert_string_equal(units_error_text(UNITS_DURATION_BARE), "a unit is missing; write 30s");
    assert_string_equal(units_error_text(UNITS_TOO_LARGE), "the value is too large");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_port),    cmocka_unit_test(test_duration),
        cmocka_unit_test(test_names),   cmocka_unit_test(test_rate_size_percent),
        cmocka_unit_test(test_slug),    cmocka_unit_test(test_sha256),
        cmocka_unit_test(test_phrases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
