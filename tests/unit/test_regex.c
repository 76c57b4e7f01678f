/* Regular expressions: faults with their places, the shape of the tree, the lints' questions. What
   is legal at all is compared with Go in tests/oracle. */
#include "support/regex.h"
#include "unit.h"

#define EACH(table) for (size_t i = 0; i < sizeof(table) / sizeof((table)[0]); i++)

static void test_faults(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int error;
        size_t from, to;
    } cases[] = {
        { "^[a-z]+\\.example\\.com$", 0, 0, 0 },
        { "a(b", REGEX_PAREN_OPEN, 1, 2 },
        { "ab)", REGEX_PAREN_STRAY, 2, 3 },
        { "a[b", REGEX_BRACKET_OPEN, 1, 2 },
        { "[z-a]", REGEX_RANGE, 1, 4 },
        { "[[:foo:]]", REGEX_CLASS_NAME, 1, 8 },
        { "\\p{Nope}", REGEX_UNICODE_NAME, 0, 8 },
        { "a|*", REGEX_REPEAT_NOTHING, 2, 3 },
        { "ab**", REGEX_REPEAT_TWICE, 2, 4 },
        { "a{1001}", REGEX_REPEAT_SIZE, 1, 7 },
        { "(a{500}){3}", REGEX_REPEAT_NESTED, 0, 11 },
        { "x\\q", REGEX_ESCAPE, 1, 3 },
        { "(a)\\1", REGEX_BACK_REFERENCE, 3, 5 },
        { "\\C", REGEX_ANY_BYTE, 0, 2 },
        { "a\\", REGEX_TRAILING_BACKSLASH, 1, 2 },
        { "a(?=b)", REGEX_LOOK_AROUND, 1, 4 },
        { "(?<!b)", REGEX_LOOK_AROUND, 0, 4 },
        { "(?x)a", REGEX_GROUP, 0, 3 },
        { "(?P<a-b>c)", REGEX_GROUP_NAME, 4, 7 },
        { "a\xff", REGEX_UTF8, 1, 2 },
    };
    struct arena a = { 0 };
    EACH(cases) {
        struct regex re;
        struct fault f = regex_parse(&a, str_of(cases[i].text), &re);
        if (f.error != cases[i].error || f.from != cases[i].from || f.to != cases[i].to)
            fail_msg("%s: %s [%zu,%zu)", cases[i].text, regex_error_text(f.error), f.from, f.to);
    }
    arena_free(&a);
}

static void test_tree(void **state) {
    (void)state;
    struct arena a = { 0 };
    struct regex re;
    assert_int_equal(regex_parse(&a, STR("ab(?P<id>[0-9x]{2,3}?)|c"), &re).error, 0);
    assert_int_equal(re.captures, 1);
    assert_int_equal(re.root->kind, REGEX_ALTERNATE);
    const struct regex_node *concat = re.root->first, *c = concat->next;
    assert_int_equal(concat->kind, REGEX_CONCAT);
    assert_int_equal(concat->first->kind, REGEX_LITERAL);
    assert_int_equal(concat->first->rune_count, 2);
    const struct regex_node *capture = concat->first->next;
    assert_int_equal(capture->kind, REGEX_CAPTURE);
    assert_str(capture->name, STR("id"));
    assert_int_equal(capture->first->kind, REGEX_REPEAT);
    assert_true(capture->first->lazy && capture->first->min == 2 && capture->first->max == 3);
    assert_int_equal(capture->first->first->item_count, 2);
    assert_int_equal(c->kind, REGEX_LITERAL);
    assert_int_equal(c->from, 23);
    assert_int_equal(c->to, 24);
    arena_free(&a);
}

static void test_lints(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool start, end;
        size_t dot;
    } cases[] = {
        { "^a\\.com$", true, true, STR_NONE }, { "^a.com$", true, true, 2 },
        { "a.com", false, false, 1 },          { "^a|b$", false, false, STR_NONE },
        { "^a$|^b$", true, true, STR_NONE },   { "(^a|^b)c$", true, true, STR_NONE },
        { "\\Aa\\z", true, true, STR_NONE },   { "(?m)^a$", false, false, STR_NONE },
        { "^a.*b", true, false, STR_NONE },    { "(?i)^(www.x)", true, false, 9 },
        { "[a.b]", false, false, STR_NONE },   { "", false, false, STR_NONE },
    };
    struct arena a = { 0 };
    EACH(cases) {
        struct regex re;
        size_t dot = STR_NONE;
        assert_int_equal(regex_parse(&a, str_of(cases[i].text), &re).error, 0);
        if (!regex_find_loose_dot(&re, &dot))
            dot = STR_NONE;
        if (regex_is_anchored_start(&re) != cases[i].start ||
            regex_is_anchored_end(&re) != cases[i].end || dot != cases[i].dot)
            fail_msg("%s", cases[i].text);
    }
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_faults), cmocka_unit_test(test_tree),
                                        cmocka_unit_test(test_lints) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
