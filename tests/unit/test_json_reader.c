/* The JSON reader: what it takes, what it refuses, and what is asked of it. */
#include "support/json_reader.h"
#include "support/json_writer.h"
#include "tests/unit/unit.h"

static void write(struct json *w, const struct json_value *v) {
    if (v->kind == JSON_OBJECT)
        json_object(w);
    else if (v->kind == JSON_ARRAY)
        json_array(w);
    else if (v->kind == JSON_STRING)
        json_string(w, v->text);
    else if (v->kind == JSON_NUMBER)
        json_string(w, v->text); /* as it was written */
    else if (v->kind == JSON_BOOL)
        json_bool(w, v->truth);
    else
        json_null(w);
    for (const struct json_value *m = v->first; m; m = m->next) {
        if (v->kind == JSON_OBJECT)
            json_key_str(w, m->key);
        write(w, m);
    }
    if (v->kind == JSON_OBJECT)
        json_object_end(w);
    else if (v->kind == JSON_ARRAY)
        json_array_end(w);
}

static void reads(void **state) {
    static const struct {
        const char *text, *again; /* NULL: refused */
    } rows[] = {
        { "null", "null" },
        { " true ", "true" },
        { "[1, -0.5e+3, 0, 1E2]", "[\"1\",\"-0.5e+3\",\"0\",\"1E2\"]" },
        { "{\"a\":{\"b\":[]},\"c\":\"\"}", "{\"a\":{\"b\":[]},\"c\":\"\"}" },
        { "\"a\\n\\\"\\/\\u0041\\ud83d\\udea6\"", "\"a\\n\\\"/A\xf0\x9f\x9a\xa6\"" },
        { "\"\\ud83d\"", "\"\xef\xbf\xbd\"" },
        { "\"\\ud83dx\"", "\"\xef\xbf\xbdx\"" },
        { "\"\\ud83d\\u0041\"", "\"\xef\xbf\xbd"
                                "A\"" },
        { "", NULL },
        { "nul", NULL },
        { "nulls", NULL },
        { "01", NULL },
        { "+1", NULL },
        { ".5", NULL },
        { "1.", NULL },
        { "1e", NULL },
        { "-", NULL },
        { "[1,]", NULL },
        { "[1 2]", NULL },
        { "[", NULL },
        { "{\"a\":1,}", NULL },
        { "{a:1}", NULL },
        { "{\"a\" 1}", NULL },
        { "{\"a\":}", NULL },
        { "\"a", NULL },
        { "\"\t\"", NULL },
        { "\"\\x\"", NULL },
        { "\"\\u12g4\"", NULL },
        { "\"\xff\"", NULL },
        { "// no\n1", NULL },
        { "1 2", NULL },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena a = { 0 };
        struct buf b = { .arena = &a };
        struct json w = { .out = &b };
        const char *why = NULL;
        const struct json_value *v = json_read(&a, str_of(rows[i].text), &why);
        if (!v != !rows[i].again || !v != (why != NULL))
            fail_msg("%s: %s", rows[i].text, why ? why : "taken");
        if (v) {
            write(&w, v);
            assert_str(buf_str(&b), str_of(rows[i].again));
        }
        arena_free(&a);
    }
}

static void depth(void **state) {
    char text[402];
    (void)state;
    for (size_t deep = 200; deep <= 201; deep++) {
        struct arena a = { 0 };
        const char *why = NULL;
        memset(text, '[', deep);
        memset(text + deep, ']', deep);
        struct str whole = { text, 2 * deep };
        assert_int_equal(json_read(&a, whole, &why) != NULL, deep == 200);
        arena_free(&a);
    }
}

static void asks(void **state) {
    struct arena a = { 0 };
    const char *why;
    uint64_t number = 7;
    (void)state;
    const struct json_value *v =
        json_read(&a,
                  STR("{\"a\":{\"b\":{\"c\":5}},\"t\":true,\"s\":\"x\",\"f\":1.5,\"n\":-1,"
                      "\"a\":0,\"big\":18446744073709551616}"),
                  &why);
    assert_true(json_uint(json_path(v, "a.b.c"), 5, &number) && number == 5);
    assert_false(json_uint(json_path(v, "a.b.c"), 4, &number));
    assert_false(json_uint(json_get(v, "f"), 9, &number));
    assert_false(json_uint(json_get(v, "n"), 9, &number));
    assert_false(json_uint(json_get(v, "big"), UINT64_MAX, &number));
    assert_null(json_path(v, "a.x.c"));
    assert_null(json_path(v, "t.x"));
    assert_true(json_true(json_get(v, "t")));
    assert_false(json_true(json_get(v, "s")));
    assert_str(json_text(json_get(v, "s")), STR("x"));
    assert_str(json_text(json_get(v, "t")), STR(""));
    assert_null(json_get(NULL, "x"));
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads),
        cmocka_unit_test(depth),
        cmocka_unit_test(asks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
