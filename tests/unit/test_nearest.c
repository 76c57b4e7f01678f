/* "Did you mean": which word is offered for a misspelt one. */
#include "support/nearest.h"
#include "tests/unit/unit.h"

static void distances(void **state) {
    static const struct {
        const char *a, *b;
        size_t limit, want;
    } cases[] = {
        { "strip", "strip", 2, 0 },
        { "strip", "STRIP", 2, 0 },
        { "stirp", "strip", 2, 1 },
        { "strp", "strip", 2, 1 },
        { "strriip", "strip", 2, 2 },
        { "abc", "xyz", 2, 3 },
        { "a", "abcdef", 2, 3 },
        { "", "ab", 2, 2 },
        { "", "", 2, 0 },
        { "resolver", "reslover", 2, 1 },
        { "kitten", "sitting", 5, 3 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str a = str_of(cases[i].a), b = str_of(cases[i].b);
        assert_int_equal(nearest_distance(a, b, cases[i].limit), cases[i].want);
        assert_int_equal(nearest_distance(b, a, cases[i].limit), cases[i].want);
    }
}

static void very_long_words_never_match(void **state) {
    char text[100];
    (void)state;
    memset(text, 'a', sizeof text);
    struct str word = { text, sizeof text };
    assert_int_equal(nearest_distance(word, word, 3), 4);
}

static void suggestions(void **state) {
    static const struct {
        const char *wanted, *offers[5], *want;
    } cases[] = {
        { "templte", { "project", "template", "tls" }, "template" },
        { "acept", { "accept", "except" }, "accept" },
        { "healt", { "health", "wealth" }, "health" },
        { "xyz", { "health", "sticky" }, "" },
        { "ab", { "abcdef" }, "" },
        { "x", { "y" }, "" }, /* all of it would change */
        { "cab",
          { "cat", "car" },
          "car" }, /* equally near: the first by name, whatever the order */
        { "igress", { "egress", "ingress" }, "ingress" }, /* a letter left out, not another taken */
        { "r010", { "R011", "R010" }, "R010" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct nearest near = { .wanted = str_of(cases[i].wanted) };
        for (size_t j = 0; cases[i].offers[j]; j++)
            nearest_offer(&near, str_of(cases[i].offers[j]));
        assert_str(near.best, str_of(cases[i].want));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances),
        cmocka_unit_test(very_long_words_never_match),
        cmocka_unit_test(suggestions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
