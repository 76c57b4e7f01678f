/* What our own reader of YAML takes, and what it leaves to libyaml. tests/oracle/yaml_readers.c
   compares the two on many more texts. */
#include "tests/same_tree.h"
#include "unit.h"

static void all_are(const char *const *texts, size_t count, enum readers want) {
    for (size_t i = 0; i < count; i++) {
        struct arena arena = { 0 };
        struct tree_difference d;
        enum readers got = readers_compare(&arena, str_of(texts[i]), &d);
        if (got != want)
            fail_msg("%d, not %d: %s (%s at %u)", (int)got, (int)want, texts[i],
                     d.what ? d.what : "-", (unsigned)d.at);
        arena_free(&arena);
    }
}

static void taken(void **state) {
    (void)state;
    static const char *const texts[] = {
        "a: 1\n",
        "a: 1",
        "# only a comment",
        "\n\n",
        "\xef\xbb\xbf"
        "a: b\n",
        "---\na: b\n",
        "--- # why\n- a\n",
        "a:\r\n  b: c\r\n  d:\r\n",
        "a: \xc3\xa9 # \xe2\x82\xac\n\xc3\xa9: b\n",
        "a:\n- b\n- c: d\n  e: f\ng: h\n",
        "- - a\n  - b\n-\n  c: d\n-\n- e\n",
        "a : b\n\"c\": d\n'e' : f\n",
        "url: http://a.b:80/c#d?e=f\n",
        "a: -b\nc: -1\nd: a - b\n",
        "a: b c  # d\n# e\nf: g\n",
        "a: one\n  two\n\n  three\nb: c\n",
        "a:\n  one\n",
        "a: 'it''s'\nb: \"x\\ty\\u20ac\\x41\\U0001f600\"\n",
        "a: \"one\n  two\\\n  three\n\n  four\"\n",
        "a: 'one\n\n  two '\n",
        "a: [b, 'c', \"d\", [e], {f: g, \"h\":i, j: , k: {}}, ]\n",
        "a: [b,\n  c # d\n  ,\n# e\ne]\n",
        "{a: b, c: [d]}\n",
        "a: &x\n  b: c\nd: *x\ne: {<<: *x, f: g}\nh:\n  <<: [*x, *x]\n",
        "a: &x b\nc: [*x, *x]\nd: &y [e]\nf: &z |\n  g\n",
        "a:\n  &x\n  b: c\nd: *x\n",
        "- &x\n  a: b\n- *x\n",
        "a: |\n  b\n   c\n\n  d\n\ne: >-\n  f\n  g\n\n   h\n  i\nj: |+\n  k\n\n",
        "a: |\n  b",
        "a: |  # why\n\n  b\n",
    };
    all_are(texts, sizeof texts / sizeof *texts, READERS_AGREE);
}

static void left(void **state) {
    (void)state;
    static const char *const texts[] = {
        "%YAML 1.2\n---\na: b\n",
        "---\n",
        "a: b\n...\n",
        "a: !!str b\n",
        "? a\n: b\n",
        "[a]: b\n",
        "a:\tb\n",
        "a: b\rc: d\n",
        "a: |2\n   b\n",
        "a: [b: c]\n",
        "a: {b, c}\n",
        "a: [b\n  c]\n",
        "&x a: b\n",
        "*x : b\n",
        "a: b\na: c\n",
        "a: *x\n",
        "a: \xc2\x85"
        "b\n",
        "\"a\\L\": b\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct arena arena = { 0 };
        struct tree_difference d;
        enum readers got = readers_compare(&arena, str_of(texts[i]), &d);
        if (got != READERS_ONE && got != READERS_NONE)
            fail_msg("%d: %s", (int)got, texts[i]);
        arena_free(&arena);
    }
}

static void wrong(void **state) {
    (void)state;
    static const char *const texts[] = {
        "a: b: c\n",      "a: - b\n",           "a\nb: c\n",
        "a: b\n c: d\n",  "a:\n  - b\n c: d\n", "a: [b\n",
        "a: 'b\n",        "a: \"\\q\"\n",       "a: @b\n",
        "a: [b] c\n",     "a: \"b\" c\n",       "a: &x *y\n",
        "- a\nb: c\n",    "a: b\n- c\n",        "a: {b: c, b d\n",
        "  a: b\nc: d\n", "a: \"b\n---\n\"\n",  "a: [b, , c]\n",
        "a: [b:,c]\n",    "a: &x b: c\n",
    };
    all_are(texts, sizeof texts / sizeof *texts, READERS_NONE);
}

/* A key that libyaml gives up, and files as large as one may be. */
static void limits(void **state) {
    (void)state;
    struct arena arena = { 0 };
    struct tree_difference d;
    char *text = arena_alloc(&arena, 5000);
    memset(text, 'a', 1100);
    memcpy(text + 1100, ": b\n", 4);
    assert_int_equal(readers_compare(&arena, (struct str){ text, 1104 }, &d), READERS_NONE);
    assert_int_equal(readers_compare(&arena, (struct str){ text + 200, 904 }, &d), READERS_AGREE);
    memset(text, '[', TREE_DEEPEST);
    memset(text + TREE_DEEPEST, ']', TREE_DEEPEST);
    struct str deep = { text, 2 * TREE_DEEPEST };
    assert_int_equal(readers_compare(&arena, deep, &d), READERS_AGREE);
    memset(text, '[', TREE_DEEPEST + 1);
    memset(text + TREE_DEEPEST + 1, ']', TREE_DEEPEST + 1);
    deep.len += 2;
    assert_int_equal(readers_compare(&arena, deep, &d), READERS_NONE);
    arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(taken),
        cmocka_unit_test(left),
        cmocka_unit_test(wrong),
        cmocka_unit_test(limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
