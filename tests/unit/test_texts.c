/* Paths, URLs, statuses, targets, run-time variables. */
#include "model/http.h"
#include "model/secret.h"
#include "model/target.h"
#include "unit.h"

#define EACH(table) for (size_t i = 0; i < sizeof(table) / sizeof((table)[0]); i++)

static void check_fault(const char *text, struct fault f, int error, size_t from, size_t to) {
    if (f.error != error || f.from != from || f.to != to)
        fail_msg("\"%s\": fault %d [%zu,%zu), want %d [%zu,%zu)", text, f.error, f.from, f.to,
                 error, from, to);
}

static void test_path(void **state) {
    (void)state;
    static const struct {
        const char *text, *plain;
        int error;
        size_t from, to;
        enum path_kind kind;
    } cases[] = {
        { "", "", 0, 0, 0, PATH_ANY },
        { "/", "/", 0, 0, 0, PATH_ANY },
        { "/api", "/api", 0, 0, 0, PATH_SEGMENT },
        { "/api/", "/api/", 0, 0, 0, PATH_BELOW },
        { "/api$", "/api", 0, 0, 0, PATH_EXACT },
        { "/$", "/", 0, 0, 0, PATH_EXACT },
        { "/a/${ID}/b", "/a/${ID}/b", 0, 0, 0, PATH_SEGMENT },
        { "/${ID}$", "/${ID}", 0, 0, 0, PATH_EXACT },
        { "/é%20x", "/é%20x", 0, 0, 0, PATH_SEGMENT },
        { "api", NULL, HTTP_PATH_START, 0, 1, PATH_ANY },
        { "/a`b", NULL, HTTP_PATH_BACKTICK, 2, 3, PATH_ANY },
        { "/a b", NULL, HTTP_PATH_SPACE, 2, 3, PATH_ANY },
        { "/a\tb", NULL, HTTP_PATH_CONTROL, 2, 3, PATH_ANY },
        { "/a?b=1", NULL, HTTP_PATH_QUERY, 2, 6, PATH_ANY },
        { "/a#b", NULL, HTTP_PATH_FRAGMENT, 2, 4, PATH_ANY },
        { "/a%2", NULL, HTTP_PATH_ESCAPE, 2, 4, PATH_ANY },
        { "/a%zz", NULL, HTTP_PATH_ESCAPE, 2, 5, PATH_ANY },
        { "/a$b", NULL, HTTP_PATH_DOLLAR, 2, 3, PATH_ANY },
        { "/a\xff", NULL, HTTP_PATH_UTF8, 2, 3, PATH_ANY },
    };
    EACH(cases) {
        struct path p;
        struct fault f = path_parse(str_of(cases[i].text), &p);
        check_fault(cases[i].text, f, cases[i].error, cases[i].from, cases[i].to);
        if (!f.error) {
            assert_str(p.text, str_of(cases[i].plain));
            assert_int_equal(p.kind, cases[i].kind);
        }
    }
}

static void test_normal_path(void **state) {
    (void)state;
    static const struct {
        const char *text, *normal;
        bool dead;
    } cases[] = {
        { "/api", "/api", false },
        { "/api/", "/api/", false },
        { "/", "/", false },
        { "/a//b", "/a/b", true },
        { "/a/./b", "/a/b", true },
        { "/a/../b", "/b", true },
        { "/a/..", "/", true },
        { "/../a", "/a", true },
        { "/a/.", "/a/", true },
        { "/%66oo", "/foo", true },
        { "/%2Fx", "/%2Fx", false },
        { "/%2e%2E/x", "/x", true },
        { "/a%20b", "/a%20b", false },
        { "/a/...", "/a/...", false },
        { "//", "/", true },
        { "/${X}/b", "/${X}/b", false },
        { "/${X:-//}/b", "/${X:-//}/b", false },
        { "/a/b/../../c/", "/c/", true },
    };
    struct arena a = { 0 };
    EACH(cases) {
        struct str text = str_of(cases[i].text);
        size_t from, to;
        assert_str(path_normal(&a, text), str_of(cases[i].normal));
        assert_int_equal(path_find_dead(text, &from, &to), cases[i].dead);
    }
    size_t from, to;
    assert_true(path_find_dead(STR("/ab/../c"), &from, &to) && from == 3 && to == 7);
    arena_free(&a);
}

static void test_url(void **state) {
    (void)state;
    static const struct {
        const char *text, *host, *path, *query;
        unsigned port;
        int error;
        size_t from, to;
    } cases[] = {
        { "https://a.com", "a.com", "", "", 0, 0, 0, 0 },
        { "http://a.com:8080/x?y=1#z", "a.com", "/x", "y=1", 8080, 0, 0, 0 },
        { "http://10.0.0.1/", "10.0.0.1", "/", "", 0, 0, 0, 0 },
        { "http://[::1]:80?q", "::1", "", "q", 80, 0, 0, 0 },
        { "https://${HOST}:${PORT}/", "${HOST}", "/", "", 0, 0, 0, 0 },
        { "http://auth_server:9000/a", "auth_server", "/a", "", 9000, 0, 0, 0 },
        { "http://a b_c.com", NULL, NULL, NULL, 0, HTTP_URL_DOMAIN, 8, 9 },
        { "ftp://a.com", NULL, NULL, NULL, 0, HTTP_URL_SCHEME, 0, 11 },
        { "/x", NULL, NULL, NULL, 0, HTTP_URL_SCHEME, 0, 2 },
        { "http://", NULL, NULL, NULL, 0, HTTP_URL_HOST, 7, 7 },
        { "http://:80", NULL, NULL, NULL, 0, HTTP_URL_HOST, 7, 10 },
        { "http://*.a.com", NULL, NULL, NULL, 0, HTTP_URL_DOMAIN, 7, 8 },
        { "http://10.0.0.256", NULL, NULL, NULL, 0, HTTP_URL_IP, 7, 17 },
        { "http://[::1", NULL, NULL, NULL, 0, HTTP_URL_BRACKET, 7, 11 },
        { "http://[::g]", NULL, NULL, NULL, 0, HTTP_URL_IP, 8, 11 },
        { "http://a.com:99999/", NULL, NULL, NULL, 0, HTTP_URL_PORT, 13, 18 },
        { "http://a.com:/", NULL, NULL, NULL, 0, HTTP_URL_PORT, 12, 13 },
        { "http://u:p@a.com", NULL, NULL, NULL, 0, HTTP_URL_USER, 7, 11 },
        { "http://a.com/a b", NULL, NULL, NULL, 0, HTTP_URL_CHARACTER, 14, 15 },
        { "http://a.com/%", NULL, NULL, NULL, 0, HTTP_PATH_ESCAPE, 13, 14 },
    };
    struct arena a = { 0 };
    EACH(cases) {
        struct url u;
        struct fault f = url_parse(&a, str_of(cases[i].text), &u);
        check_fault(cases[i].text, f, cases[i].error, cases[i].from, cases[i].to);
        if (f.error)
            continue;
        assert_str(u.host, str_of(cases[i].host));
        assert_str(u.path, str_of(cases[i].path));
        assert_str(u.query, str_of(cases[i].query));
        assert_int_equal(u.port, cases[i].port);
    }
    assert_true(url_is_absolute(STR("h2c://x")));
    assert_false(url_is_absolute(STR("web:80")));
    arena_free(&a);
}

static void test_status_and_names(void **state) {
    (void)state;
    unsigned status;
    struct status_range r;
    assert_int_equal(status_parse(STR("404"), &status).error, 0);
    assert_int_equal(status_parse(STR("600"), &status).error, HTTP_STATUS_RANGE);
    assert_int_equal(status_parse(STR("40x"), &status).error, HTTP_STATUS_NOT_NUMBER);
    assert_int_equal(status_parse(STR(""), &status).error, HTTP_STATUS_NOT_NUMBER);
    assert_int_equal(status_range_parse(STR("500-599"), &r).error, 0);
    assert_int_equal(r.last, 599);
    check_fault("599-500", status_range_parse(STR("599-500"), &r), HTTP_STATUS_ORDER, 0, 7);
    check_fault("500-", status_range_parse(STR("500-"), &r), HTTP_STATUS_NOT_NUMBER, 4, 4);
    assert_int_equal(header_name_check(STR("X-Real-Ip")).error, 0);
    check_fault("X Y", header_name_check(STR("X Y")), HTTP_NAME_CHARACTER, 1, 2);
    assert_int_equal(header_name_check(STR("")).error, HTTP_NAME_EMPTY);
    assert_int_equal(method_check(STR("GET")).error, 0);
    assert_int_equal(method_check(STR("get")).error, HTTP_METHOD_CASE);
}

static void test_target(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum target_kind kind;
        enum target_scheme scheme;
        const char *host;
        unsigned port;
        int error;
        size_t from, to;
    } cases[] = {
        { "web:3000", TARGET_SERVICE, TARGET_SCHEME_NONE, "web", 3000, 0, 0, 0 },
        { ":443", TARGET_HOME, TARGET_SCHEME_NONE, "", 443, 0, 0, 0 },
        { "a.example.com:80", TARGET_SERVICE, TARGET_SCHEME_NONE, "a.example.com", 80, 0, 0, 0 },
        { "10.0.0.1:80", TARGET_IP, TARGET_SCHEME_NONE, "10.0.0.1", 80, 0, 0, 0 },
        { "[::1]:80", TARGET_IP, TARGET_SCHEME_NONE, "::1", 80, 0, 0, 0 },
        { "http://192.168.1.10:5000", TARGET_IP, TARGET_HTTP, "192.168.1.10", 5000, 0, 0, 0 },
        { "https://web", TARGET_SERVICE, TARGET_HTTPS, "web", 0, 0, 0, 0 },
        { "h2c://web:50051/", TARGET_SERVICE, TARGET_H2C, "web", 50051, 0, 0, 0 },
        { "https://[fe80::1]", TARGET_IP, TARGET_HTTPS, "fe80::1", 0, 0, 0, 0 },
        { "api@internal", TARGET_PROVIDED, TARGET_SCHEME_NONE, "api", 0, 0, 0, 0 },
        { "web-${ID:-a:b@c}:80", TARGET_SERVICE, TARGET_SCHEME_NONE, "web-${ID:-a:b@c}", 80, 0, 0,
          0 },
        { "web:${PORT}", TARGET_SERVICE, TARGET_SCHEME_NONE, "web", 0, 0, 0, 0 },
        { "", 0, 0, NULL, 0, TARGET_EMPTY, 0, 0 },
        { "web", 0, 0, NULL, 0, TARGET_PORT_MISSING, 0, 3 },
        { "web:", 0, 0, NULL, 0, TARGET_PORT_MISSING, 3, 4 },
        { ":", 0, 0, NULL, 0, TARGET_PORT_MISSING, 0, 1 },
        { "web:http", 0, 0, NULL, 0, TARGET_PORT_NOT_NUMBER, 4, 8 },
        { "web:99999", 0, 0, NULL, 0, TARGET_PORT_RANGE, 4, 9 },
        { "web:080", 0, 0, NULL, 0, TARGET_PORT_ZERO, 4, 7 },
        { "web:80/api", 0, 0, NULL, 0, TARGET_PATH, 6, 10 },
        { "http://web:80/api", 0, 0, NULL, 0, TARGET_PATH, 13, 17 },
        { "ftp://web:80", 0, 0, NULL, 0, TARGET_SCHEME, 0, 3 },
        { "http://:80", 0, 0, NULL, 0, TARGET_HOST_EMPTY, 6, 8 },
        { "we b:80", 0, 0, NULL, 0, TARGET_HOST, 2, 3 },
        { "::1", 0, 0, NULL, 0, TARGET_BRACKETS, 0, 3 },
        { "[::1:80", 0, 0, NULL, 0, TARGET_BRACKET, 0, 7 },
        { "[::1]", 0, 0, NULL, 0, TARGET_PORT_MISSING, 0, 5 },
        { "[::g]:80", 0, 0, NULL, 0, TARGET_ADDRESS, 1, 4 },
        { "10.0.0.300:80", 0, 0, NULL, 0, TARGET_ADDRESS, 7, 10 },
        { "@file", 0, 0, NULL, 0, TARGET_NAME, 0, 1 },
        { "api@", 0, 0, NULL, 0, TARGET_PROVIDER, 3, 4 },
        { "api@in/x", 0, 0, NULL, 0, TARGET_PROVIDER, 6, 7 },
        { "http://u@web:80", 0, 0, NULL, 0, TARGET_CHARACTER, 8, 9 },
    };
    EACH(cases) {
        struct target t;
        struct fault f = target_parse(str_of(cases[i].text), &t);
        check_fault(cases[i].text, f, cases[i].error, cases[i].from, cases[i].to);
        assert_int_equal(t.kind, cases[i].kind);
        if (f.error)
            continue;
        assert_int_equal(t.scheme, cases[i].scheme);
        assert_str(t.host, str_of(cases[i].host));
        assert_int_equal(t.port, cases[i].port);
    }
}

static void test_secret(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool found;
        int error;
        size_t from, to;
        const char *name, *inner;
    } cases[] = {
        { "${A}", true, 0, 0, 4, "A", "" },
        { "x-${A_1}-y", true, 0, 2, 8, "A_1", "" },
        { "${A:-b}", true, 0, 0, 7, "A", "b" },
        { "${A:?must be set}", true, 0, 0, 17, "A", "must be set" },
        { "${A:-${B}}", true, 0, 0, 10, "A", "${B}" },
        { "$${A} ${B}", true, 0, 6, 10, "B", "" },
        { "$A", false, 0, 0, 0, NULL, NULL },
        { "", false, 0, 0, 0, NULL, NULL },
        { "$", false, 0, 0, 0, NULL, NULL },
        { "a${", false, SECRET_OPEN, 1, 3, NULL, NULL },
        { "${A", false, SECRET_OPEN, 0, 3, NULL, NULL },
        { "${}", false, SECRET_NAME_EMPTY, 0, 3, NULL, NULL },
        { "${1A}", false, SECRET_NAME, 0, 5, NULL, NULL },
        { "${A B}", false, SECRET_NAME, 0, 6, NULL, NULL },
        { "${A-b}", false, SECRET_FORM, 0, 6, NULL, NULL },
        { "${A:+b}", false, SECRET_FORM, 0, 7, NULL, NULL },
    };
    EACH(cases) {
        struct secret s = { 0 };
        struct fault f;
        assert_int_equal(secret_next(str_of(cases[i].text), 0, &s, &f), cases[i].found);
        assert_int_equal(f.error, cases[i].error);
        assert_int_equal(cases[i].found ? s.from : f.from, cases[i].from);
        assert_int_equal(cases[i].found ? s.to : f.to, cases[i].to);
        if (cases[i].found) {
            assert_str(s.name, str_of(cases[i].name));
            assert_str(s.text, str_of(cases[i].inner));
        }
    }
}

static void test_literal(void **state) {
    (void)state;
    static const struct {
        const char *key, *value;
        enum secret_literal kind;
    } cases[] = {
        { "users", "admin:$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/", SECRET_LITERAL_HASH },
        { "users", "admin:$$apr1$$H6uskkkW$$IgXLP6ewTrSuBkTrqE8wj/", SECRET_LITERAL_HASH },
        { "", "a:$2y$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC",
          SECRET_LITERAL_HASH },
        { "", "a:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=", SECRET_LITERAL_HASH },
        { "lapi-key", "40796d93c2958f9e58345514e67740e5", SECRET_LITERAL_TOKEN },
        { "token", "${TOKEN}", SECRET_LITERAL_NONE },
        { "token", "${A_VERY_LONG_TOKEN_NAME_12}", SECRET_LITERAL_NONE },
        { "lapi-key-file", "40796d93c2958f9e58345514e67740e5", SECRET_LITERAL_NONE },
        { "image", "40796d93c2958f9e58345514e67740e5", SECRET_LITERAL_NONE },
        { "password", "/run/secrets/some-long-name-1234", SECRET_LITERAL_NONE },
        { "regex", "^/v1$", SECRET_LITERAL_NONE },
        { "rewrite", "$1$2", SECRET_LITERAL_NONE },
    };
    EACH(cases) {
        size_t from, to;
        enum secret_literal kind =
            secret_find_literal(str_of(cases[i].key), str_of(cases[i].value), &from, &to);
        if (kind != cases[i].kind)
            fail_msg("%s = %s: %d", cases[i].key, cases[i].value, kind);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_path),    cmocka_unit_test(test_normal_path),
        cmocka_unit_test(test_url),     cmocka_unit_test(test_status_and_names),
        cmocka_unit_test(test_target),  cmocka_unit_test(test_secret),
        cmocka_unit_test(test_literal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
