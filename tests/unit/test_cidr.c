/* Addresses and networks. */
#include "support/cidr.h"
#include "unit.h"

#define EACH(table) for (size_t i = 0; i < sizeof(table) / sizeof((table)[0]); i++)

static void test_parse(void **state) {
    (void)state;
    static const struct {
        const char *text, *canonical, *network; /* network: NULL without host bits */
        int error;
        size_t from, to;
    } cases[] = {
        { "10.0.0.0/8", "10.0.0.0/8", NULL, 0, 0, 0 },
        { "10.0.0.1/8", "10.0.0.1/8", "10.0.0.0/8", 0, 0, 0 },
        { "192.0.2.7", "192.0.2.7", NULL, 0, 0, 0 },
        { "0.0.0.0/0", "0.0.0.0/0", NULL, 0, 0, 0 },
        { "255.255.255.255/32", "255.255.255.255/32", NULL, 0, 0, 0 },
        { "2001:DB8:40::/48", "2001:db8:40::/48", NULL, 0, 0, 0 },
        { "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1", NULL, 0, 0, 0 },
        { "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1", NULL, 0, 0, 0 },
        { "::", "::", NULL, 0, 0, 0 },
        { "::1", "::1", NULL, 0, 0, 0 },
        { "1::", "1::", NULL, 0, 0, 0 },
        { "0:0:1::", "0:0:1::", NULL, 0, 0, 0 },
        { "::ffff:1.2.3.4", "::ffff:1.2.3.4", NULL, 0, 0, 0 },
        { "64:ff9b::192.0.2.33", "64:ff9b::c000:221", NULL, 0, 0, 0 },
        { "fe80::1/10", "fe80::1/10", "fe80::/10", 0, 0, 0 },
        { "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8", NULL, 0, 0, 0 },
        { "", NULL, NULL, CIDR_EMPTY, 0, 0 },
        { "abc", NULL, NULL, CIDR_NOT_ADDRESS, 0, 3 },
        { "10.0.0", NULL, NULL, CIDR_V4_PARTS, 0, 6 },
        { "10.0.0.", NULL, NULL, CIDR_V4_PARTS, 0, 7 },
        { "10.0.0.0.0", NULL, NULL, CIDR_V4_PARTS, 0, 10 },
        { "10.0.0.256", NULL, NULL, CIDR_V4_RANGE, 7, 10 },
        { "10.00.0.1", NULL, NULL, CIDR_V4_LEADING_ZERO, 3, 5 },
        { "10.0.0.99999999999", NULL, NULL, CIDR_V4_RANGE, 7, 18 },
        { "10.0.0.0/", NULL, NULL, CIDR_LENGTH_MISSING, 8, 9 },
        { "10.0.0.0/33", NULL, NULL, CIDR_LENGTH_RANGE, 9, 11 },
        { "10.0.0.0/08", "10.0.0.0/8", NULL, 0, 0, 0 },
        { "10.0.0.0/-1", NULL, NULL, CIDR_LENGTH_NOT_NUMBER, 9, 11 },
        { "10.0.0.0/8/8", NULL, NULL, CIDR_LENGTH_NOT_NUMBER, 9, 12 },
        { "::/129", NULL, NULL, CIDR_LENGTH_RANGE, 3, 6 },
        { "fe80::1%eth0", NULL, NULL, CIDR_ZONE, 7, 12 },
        { "1::2::3", NULL, NULL, CIDR_V6_ELLIPSIS, 4, 6 },
        { "1:2:3:4:5:6:7::8", NULL, NULL, CIDR_V6_ELLIPSIS, 0, 16 },
        { ":::", NULL, NULL, CIDR_V6_GROUP, 2, 3 },
        { "1:2:3", NULL, NULL, CIDR_V6_PARTS, 0, 5 },
        { "1:2:3:4:5:6:7:8:9", NULL, NULL, CIDR_V6_PARTS, 0, 17 },
        { "12345::", NULL, NULL, CIDR_V6_GROUP, 0, 5 },
        { "1:", NULL, NULL, CIDR_V6_GROUP, 1, 2 },
        { ":1", NULL, NULL, CIDR_V6_GROUP, 0, 1 },
        { "::1.2.3", NULL, NULL, CIDR_V4_PARTS, 2, 7 },
        { "1:2:3:4:5:6:7:1.2.3.4", NULL, NULL, CIDR_V6_PARTS, 14, 21 },
    };
    struct arena a = { 0 };
    EACH(cases) {
        struct cidr c;
        struct fault f = cidr_parse(str_of(cases[i].text), &c);
        if (f.error != cases[i].error || f.from != cases[i].from || f.to != cases[i].to)
            fail_msg("%s: %s [%zu,%zu)", cases[i].text, cidr_error_text(f.error), f.from, f.to);
        if (f.error)
            continue;
        assert_str(cidr_text(&a, &c), str_of(cases[i].canonical));
        assert_int_equal(cidr_has_host_bits(&c), cases[i].network != NULL);
        struct cidr n = cidr_network(&c);
        if (cases[i].network)
            assert_str(cidr_text(&a, &n), str_of(cases[i].network));
    }
    struct cidr c;
    assert_int_equal(cidr_parse_ip(STR("10.0.0.0/8"), &c).error, CIDR_LENGTH_FORBIDDEN);
    arena_free(&a);
}

static struct cidr of(const char *text) {
    struct cidr c;
    assert_int_equal(cidr_parse(str_of(text), &c).error, 0);
    return c;
}

static void test_relations(void **state) {
    (void)state;
    static const struct {
        const char *a, *b;
        bool contains, overlaps;
    } cases[] = {
        { "10.0.0.0/8", "10.1.2.3", true, true },       { "10.1.2.3", "10.0.0.0/8", false, true },
        { "10.0.0.0/9", "10.128.0.0/9", false, false }, { "0.0.0.0/0", "::/0", false, false },
        { "::/0", "2001:db8::1", true, true },          { "10.0.0.0/8", "10.0.0.0/8", true, true },
    };
    EACH(cases) {
        struct cidr a = of(cases[i].a), b = of(cases[i].b);
        assert_int_equal(cidr_contains(&a, &b), cases[i].contains);
        assert_int_equal(cidr_overlaps(&a, &b), cases[i].overlaps);
    }
    struct cidr net = of("172.20.0.0/16"), first = of("172.20.0.0"), last = of("172.20.255.255");
    struct cidr inner = of("172.20.0.50"), pair = of("10.0.0.0/31"), zero = of("10.0.0.0");
    assert_true(cidr_is_network_address(&first, &net));
    assert_true(cidr_is_broadcast_address(&last, &net));
    assert_false(cidr_is_network_address(&inner, &net) || cidr_is_broadcast_address(&inner, &net));
    assert_false(cidr_is_network_address(&zero, &pair));
    assert_true(cidr_cmp(&zero, &net) < 0);
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_parse),
                                        cmocka_unit_test(test_relations) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
