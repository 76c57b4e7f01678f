/* Names in certificates. */
#include "support/x509.h"
#include "unit.h"

/* openssl req -x509, for Shop.test with other names; its key was thrown away. */
static const char shop[] = "-----BEGIN CERTIFICATE-----\n"
                           "MIIB0zCCAXmgAwIBAgIUBCOKjBsXjiZ4CSJNUkyJAHZfIJswCgYIKoZIzj0EAwIw\n"
                           "IzENMAsGA1UECgwEVGVzdDESMBAGA1UEAwwJU2hvcC50ZXN0MCAXDTI2MTEyMTEw\n"
                           "MTgzMFoYDzIxMjYxMDI4MTAxODMwWjAjMQ0wCwYDVQQKDARUZXN0MRIwEAYDVQQD\n"
                           "DAlTaG9wLnRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQD2yxZEqNOP8ir\n"
                           "Anwqbjhllk4Cm1mN6TPTu5knAQX29G7o+KeZcflY7Rx5w1xWxz73NLieEVXBPi0T\n"
                           "IHZNsIe6o4GIMIGFMB0GA1UdDgQWBBT58n1Yeivqo7AgdJn5fYYsBhmUkzAfBgNV\n"
                           "HSMEGDAWgBT58n1Yeivqo7AgdJn5fYYsBhmUkzAPBgNVHRMBAf8EBTADAQH/MDIG\n"
                           "A1UdEQQrMCmCCXNob3AudGVzdIILKi5zaG9wLnRlc3SCCVNob3AudGVzdIcEwAAC\n"
                           "BzAKBggqhkjOPQQDAgNIADBFAiBCwL1jxBvOmVY5T7iqo3swL7XlbJlXQ4cAT9H3\n"
                           "iSj0PAIhAJzWCaVKba1x/wEOlSjB15SYE136c1fxXaBrqmbE3PJa\n"
                           "-----END CERTIFICATE-----\n";

static void test_names(void **state) {
    (void)state;
    static const char *const wanted[] = { "shop.test", "shop.test", "*.shop.test", "192.0.2.7" };
    struct arena arena = { 0 };
    struct x509_names names;
    assert_true(x509_names(&arena, str_of(shop), &names));
    assert_int_equal(names.count, 4);
    for (size_t i = 0; i < names.count; i++)
        assert_true(str_is(names.at[i], wanted[i]));
    arena_free(&arena);
}

/* Whatever is cut off or turned over, nothing is read beyond the end. */
static void test_broken(void **state) {
    (void)state;
    struct arena arena = { 0 };
    struct x509_names names;
    struct str whole = str_of(shop);
    assert_false(x509_names(&arena, STR(""), &names));
    assert_false(x509_names(&arena, STR("-----BEGIN CERTIFICATE-----"), &names));
    for (size_t len = 0; len < whole.len; len++) {
        char *copy = arena_alloc(&arena, len + 1);
        memcpy(copy, whole.at, len);
        x509_names(&arena, (struct str){ copy, len }, &names);
        if (len > 40)
            copy[len - 5] = 'x';
        x509_names(&arena, (struct str){ copy, len }, &names);
        arena_reset(&arena);
    }
    arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
