/* The reference knows every word that the checker knows. */
#include "model/middleware.h"
#include "model/reference.h"
#include "model/vocabulary.h"
#include "unit.h"

static void test_words(void **state) {
    (void)state;
    struct arena arena = { 0 };
    struct buf all = { .arena = &arena };
    reference_all(&all);
    struct str text = buf_str(&all);
    for (size_t i = 0; i < vocable_count; i++) {
        struct buf out = { .arena = &arena };
        reference_word(&out, vocables[i].name);
        assert_true(str_find_str(buf_str(&out), vocables[i].gist) != STR_NONE);
        assert_true(str_find_str(text, vocables[i].gist) != STR_NONE);
    }
    for (size_t i = 0; i < short_form_count; i++) {
        struct buf out = { .arena = &arena };
        reference_word(&out, short_forms[i].name);
        assert_true(str_find_str(buf_str(&out), short_forms[i].gist) != STR_NONE);
        assert_true(str_find_str(text, short_forms[i].gist) != STR_NONE);
    }
    for (int i = 0; i < TYPE_COUNT; i++) {
        struct buf out = { .arena = &arena };
        reference_word(&out, type_infos[i].word);
        assert_true(str_find_str(buf_str(&out), type_infos[i].gist) != STR_NONE);
    }
    arena_free(&arena);
}

static void test_some(void **state) {
    (void)state;
    static const struct {
        const char *word, *part;
    } rows[] = {
        { "https", "## The mode `https`" },
        { "https://", "## The mode `https`" },
        { "let", "let NAME = VALUE" },
        { "health", "health [<path>] [every <duration>]" },
        { "ip-allow-list", "`source-range`" },
        { "in-flight-conn", "in TCP" },
        { "plugin", "## The middleware `plugin`" },
        { "middlewares", "### Short forms" },
        { "route", "### In a route's block" },
        { "duration", "## The type `duration`" },
    };
    struct arena arena = { 0 };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf out = { .arena = &arena };
        reference_word(&out, str_of(rows[i].word));
        if (str_find_str(buf_str(&out), str_of(rows[i].part)) == STR_NONE)
            fail_msg("%s: %.*s", rows[i].word, STR_ARG(buf_str(&out)));
    }
    struct buf none = { .arena = &arena };
    reference_word(&none, STR("no-such-word"));
    assert_int_equal(none.len, 0);
    arena_free(&arena);
}

/* The scanner's keywords and the statements that help knows are the same words. */
static void test_statements(void **state) {
    (void)state;
    static const char *const keywords[] = {
#define KEYWORD(word, token, gist) word,
#include "grammar/keywords.def"
#undef KEYWORD
    };
    static const char *const statements[] = {
#define STATEMENT(word, form, gist) word,
#include "model/statements.def"
#undef STATEMENT
    };
    assert_int_equal(sizeof keywords, sizeof statements);
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        assert_string_equal(keywords[i], statements[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_some),
        cmocka_unit_test(test_statements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
