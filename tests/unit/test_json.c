/* The JSON writer: commas, layout, escapes. */
#include "support/json_writer.h"
#include "tests/unit/unit.h"

static void write_sample(struct json *w) {
    json_object(w);
    json_member(w, "name", STR("web"));
    json_member_number(w, "port", 3000);
    json_member_bool(w, "tls", true);
    json_key(w, "hosts");
    json_array(w);
    json_string(w, STR("a"));
    json_string(w, STR("b"));
    json_array_end(w);
    json_key(w, "empty");
    json_object(w);
    json_object_end(w);
    json_key(w, "list");
    json_array(w);
    json_array_end(w);
    json_key(w, "nested");
    json_array(w);
    json_object(w);
    json_key(w, "n");
    json_null(w);
    json_object_end(w);
    json_object(w);
    json_key_str(w, STR("k\"ey"));
    json_number(w, -5);
    json_object_end(w);
    json_array_end(w);
    json_object_end(w);
}

static void one_line(void **state) {
    struct arena a = { 0 };
    struct buf b = { .arena = &a };
    struct json w = { .out = &b };
    (void)state;
    write_sample(&w);
    assert_str(buf_str(&b),
               STR("{\"name\":\"web\",\"port\":3000,\"tls\":true,\"hosts\":[\"a\",\"b\"],"
                   "\"empty\":{},\"list\":[],\"nested\":[{\"n\":null},{\"k\\\"ey\":-5}]}"));
    arena_free(&a);
}

static void in_lines(void **state) {
    struct arena a = { 0 };
    struct buf b = { .arena = &a };
    struct json w = { .out = &b, .indent = 2 };
    (void)state;
    write_sample(&w);
    assert_str(buf_str(&b), STR("{\n"
                                "  \"name\": \"web\",\n"
                                "  \"port\": 3000,\n"
                                "  \"tls\": true,\n"
                                "  \"hosts\": [\n"
                                "    \"a\",\n"
                                "    \"b\"\n"
                                "  ],\n"
                                "  \"empty\": {},\n"
                                "  \"list\": [],\n"
                                "  \"nested\": [\n"
                                "    {\n"
                                "      \"n\": null\n"
                                "    },\n"
                                "    {\n"
                                "      \"k\\\"ey\": -5\n"
                                "    }\n"
                                "  ]\n"
                                "}"));
    arena_free(&a);
}

static void escapes(void **state) {
    static const struct {
        struct str text, want;
    } cases[] = {
        { { "", 0 }, { "\"\"", 2 } },
        { { "a\"b\\c/d", 7 }, { "\"a\\\"b\\\\c/d\"", 11 } },
        { { "\b\f\n\r\t", 5 }, { "\"\\b\\f\\n\\r\\t\"", 12 } },
        { { "\0\x1b\x7f", 3 }, { "\"\\u0000\\u001b\\u007f\"", 20 } },
        { { "\xc3\xa9\xf0\x9f\x9a\xa6", 6 }, { "\"\xc3\xa9\xf0\x9f\x9a\xa6\"", 8 } },
        { { "a\xff\xc3", 3 }, { "\"a\xef\xbf\xbd\xef\xbf\xbd\"", 9 } },
        { { "\xed\xa0\x80", 3 }, { "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"", 11 } },
    };
    struct arena a = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b = { .arena = &a };
        struct json w = { .out = &b };
        json_string(&w, cases[i].text);
        assert_str(buf_str(&b), cases[i].want);
    }
    arena_free(&a);
}

static void numbers(void **state) {
    struct arena a = { 0 };
    struct buf b = { .arena = &a };
    struct json w = { .out = &b };
    (void)state;
    json_array(&w);
    json_number(&w, INT64_MIN);
    json_number(&w, 0);
    json_number(&w, INT64_MAX);
    json_array_end(&w);
    assert_str(buf_str(&b), STR("[-9223372036854775808,0,9223372036854775807]"));
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_line),
        cmocka_unit_test(in_lines),
        cmocka_unit_test(escapes),
        cmocka_unit_test(numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
