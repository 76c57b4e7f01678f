/* YAML and JSON as a located tree: shapes, places, limits, messages. */
#include "lower/json_tree.h"
#include "lower/tree_dump.h"
#include "lower/tree_place.h"
#include "lower/yaml_tree.h"
#include "unit.h"

struct world {
    struct arena arena;
    struct sources sources;
    struct diags diags;
};

static struct tree_file *read_text(struct world *w, struct str text, bool json) {
    *w = (struct world){ 0 };
    w->sources.arena = &w->arena;
    w->diags = (struct diags){ .arena = &w->arena, .sources = &w->sources };
    struct source *source = source_add(&w->sources, STR("f"), text);
    return json ? json_tree_read(&w->arena, &w->diags, source)
                : yaml_tree_read(&w->arena, &w->diags, source);
}

/* "E0702 2:1 message" per line, with " | help" behind. */
static struct str findings(struct world *w) {
    struct buf out = { .arena = &w->arena };
    for (struct diag *d = w->diags.first; d; d = d->next) {
        struct place from = source_place(&w->sources, d->span.start);
        struct place to = source_place(&w->sources, d->span.end);
        if (out.len)
            buf_char(&out, '\n');
        buf_format(&out, "%.*s %zu:%zu-%zu:%zu %.*s", STR_ARG(diag_infos[d->code].code), from.line,
                   from.column, to.line, to.column, STR_ARG(d->message));
    }
    return buf_str(&out);
}

enum what { TEXT, SPANS, RESOLVED, FINDINGS };

struct row {
    const char *text, *want;
};

static void run(const struct row *row, enum what what, bool json) {
    struct world w;
    struct tree_file *file = read_text(&w, str_of(row->text), json);
    struct buf out = { .arena = &w.arena };
    if (what == FINDINGS)
        buf_add(&out, findings(&w));
    else if (!file)
        buf_add(&out, findings(&w));
    else if (what == RESOLVED)
        tree_dump_resolved(&out, file->root);
    else
        tree_dump(&out, file->root, what == SPANS);
    assert_str(buf_str(&out), str_of(row->want));
    arena_free(&w.arena);
}

#define RUN(rows, what, json)                                                                      \
    for (size_t i_ = 0; i_ < sizeof rows / sizeof *rows; i_++)                                     \
    run(&rows[i_], what, json)

static void shapes(void **state) {
    (void)state;
    static const struct row rows[] = {
        { "", "" },
        { "# only a comment\n", "" },
        { "a: 1\nb: [x, 'y', \"z\\n\"]\n", "{ a: 1, b: [x, 'y', \"z\\n\"] }" },
        { "- a\n- - b\n  - c: d\n", "[ a, [ b, { c: d } ] ]" },
        { "a: |\n  x\n   y\nb: >-\n  x\n  y\n", "{ a: |x\\n y\\n, b: >x y }" },
        { "a: &x !!str 1\nb: *x\n", "{ a: &x !<tag:yaml.org,2002:str> 1, b: *x }" },
        { "a:\n", "{ a:  }" },
        { "\xef\xbb\xbf"
          "a: \xc3\xa9\r\nb: c\r\n",
          "{ a: \xc3\xa9, b: c }" },
        { "a: {b: c, d}\n", "{ a: {b: c, d: } }" },
        { "%YAML 1.2\n---\na: yes\n...\n", "{ a: yes }" },
    };
    RUN(rows, TEXT, false);
}

static void places(void **state) {
    (void)state;
    static const struct row rows[] = {
        { "a: 1\n\n# end\n", "{ a@0-1: 1@3-4 }@0-4" },
        { "\xef\xbb\xbf"
          "\xc3\xa9: '\xf0\x9f\x98\x80'\r\nb: &x [c]\r\n",
          "{ \xc3\xa9@3-5: '\xf0\x9f\x98\x80'@7-13, b@15-16: &x [c@22-23]@18-24 }@3-24" },
        { "a: &n # why\n  - x\n  - y\n", "{ a@0-1: &n [ x@16-17, y@22-23 ]@3-23 }@0-23" },
        { "a:\nb: !t\n", "{ a@0-1: @2-2, b@3-4: !<!t> @6-8 }@0-8" },
        { "!t\xc2\x85- a\n", "!<!t> [ a@6-7 ]@0-7" },
        { "- |\n  x\n\n- y\n", "[ |x\\n@2-9, y@11-12 ]@0-12" },
    };
    RUN(rows, SPANS, false);
}

static void merges(void **state) {
    (void)state;
    static const struct row rows[] = {
        { "b: &b {x: 1, y: 2}\nc:\n  <<: *b\n  y: 3\n", "{b: {x: 1, y: 2}, c: {y: 3, x: 1}}" },
        { "a: &a {x: 1}\nb: &b {x: 2, z: 4}\nc: {<<: [*a, *b]}\n",
          "{a: {x: 1}, b: {x: 2, z: 4}, c: {x: 1, z: 4}}" },
        { "a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {y: 0, <<: *b}\n",
          "{a: {x: 1}, b: {y: 2, x: 1}, c: {y: 0, x: 1}}" },
        { "a: {\"<<\": 1}\n", "{a: {\"<<\": 1}}" },
        { "a: &a [1]\nb: [*a, *a]\n", "{a: [1], b: [[1], [1]]}" },
    };
    RUN(rows, RESOLVED, false);
}

static void complaints(void **state) {
    (void)state;
    static const struct row rows[] = {
        { "a: 1\nb: 2\na: 3\n", "E0702 3:1-3:2 the key `a` is given twice" },
        { "a: {b: 1, 'b': 2}\n", "E0702 1:11-1:14 the key `b` is given twice" },
        { "a: *b\n", "E0703 1:4-1:6 no anchor `&b` stands above this alias" },
        { "a: &b [*b]\n", "E0703 1:8-1:10 `*b` stands inside the value that it names" },
        { "a: {<<: 5}\n",
          "E0703 1:9-1:10 `<<` merges a mapping or a list of them, and this is a number" },
        { "a: {<<: [{b: 1}, c]}\n", "E0703 1:18-1:19 `<<` merges a mapping, and this is text" },
        { "a: 1\n---\nb: 2\n",
          "E0705 2:1-2:4 a second document begins here, and a file holds one" },
        { "a:\n\tb: 1\n", "E0709 2:1-2:2 a tab as indentation, which YAML does not allow" },
        { "a:\n  b: 1\n \tc: 1\n",
          "E0709 3:2-3:3 a tab as indentation, which YAML does not allow" },
        { "a: @b\n", "E0701 1:4-1:5 a value may not begin with `@`" },
        { "a: b: c\n", "E0701 1:5-1:6 a `:` that makes a key where none may stand" },
        { "a: 'b\n", "E0701 1:4-1:5 a quoted text that is never closed" },
        { "a: [b, c\nd: e\n", "E0701 2:2-2:3 a `,` or `]` is missing before this" },
        { "a: 1\nb\nc: 2\n", "E0701 2:1-2:2 a key without a `:` behind it" },
        { "a:\n  b: 1\n c: 2\n", "E0701 3:2-3:3 this does not fit the mapping that it stands in" },
        { "a: \"\\q\"\n", "E0701 1:5-1:6 an escape that YAML does not have" },
        { "[a]: 1\n", "E0710 1:1-1:4 a key must be text, not a list" },
        { "a: {}\n: 1\n", "E0710 2:1-2:2 a value without a key" },
        { "a: \xff\n", "E0108 1:4-1:5 the byte 0xff is not UTF-8" },
        { "a: \xc3\xa9 \xc0\x80\n", "E0108 1:6-1:7 the byte 0xc0 is not UTF-8" },
        { "a: \xed\xa0\x80\n", "E0108 1:4-1:5 the byte 0xed is not UTF-8" },
        { "a: \x01\n", "E0107 1:4-1:5 the character U+0001 may not stand in YAML" },
        { "\xff\xfe"
          "a",
          "E0108 1:1-1:3 this file is UTF-16, and only UTF-8 is read" },
    };
    RUN(rows, FINDINGS, false);
}

static void json_shapes(void **state) {
    (void)state;
    static const struct row rows[] = {
        { "", "@0-0" },
        { "{}", "{}@0-2" },
        { " {\"a\": [1, -2.5e+3, true, null], \"b\": {}} ",
          "{\"a\"@2-5: [1@8-9, -2.5e+3@11-18, true@20-24, null@26-30]@7-31, \"b\"@33-36: {}@38-40}@1-41" },
        { "[\"\\ud83d\\ude00\\n\\u00e9\"]", "[\"\xf0\x9f\x98\x80\\n\xc3\xa9\"@1-23]@0-24" },
        { "{\"<<\": {\"a\": 1}}", "{\"<<\"@1-5: {\"a\"@8-11: 1@13-14}@7-15}@0-16" },
        { "\xef\xbb\xbf"
          "1",
          "1@3-4" },
    };
    RUN(rows, SPANS, true);
}

static void json_complaints(void **state) {
    (void)state;
    static const struct row rows[] = {
        { "[1,]", "E0712 1:3-1:4 a comma before `]`" },
        { "{\"a\":1,}", "E0712 1:7-1:8 a comma before `}`" },
        { "[1 2]", "E0712 1:3-1:3 a comma is missing here" },
        { "{\"a\":1 \"b\":2}", "E0712 1:7-1:7 a comma is missing here" },
        { "{\"a\" 1}", "E0711 1:6-1:7 a `:` is expected, not `1`" },
        { "{a: 1}", "E0715 1:2-1:3 the key `a` is not in double quotes" },
        { "{'a': 1}", "E0711 1:2-1:3 a key in double quotes is expected, not `'`" },
        { "[1", "E0711 1:3-1:3 a `,` or `]` is missing here" },
        { "[1, ", "E0711 1:4-1:4 a value is missing at the end of the file" },
        { "[1] 2", "E0711 1:5-1:6 something follows the end of the JSON value" },
        { "// x\n1", "E0713 1:1-1:5 JSON has no comments" },
        { "[01]", "E0715 1:2-1:4 `01` is no number that JSON has" },
        { "[True]", "E0715 1:2-1:6 `True` is not in double quotes" },
        { "[\"a\nb\"]", "E0714 1:2-1:3 a text that is never closed" },
        { "[\"\\x\"]", "E0714 1:3-1:5 `\\x` is no escape of JSON" },
        { "[\"\\ud83d\"]", "E0714 1:3-1:9 half of a surrogate pair, which is no character" },
        { "[\"a\tb\"]", "E0714 1:4-1:5 a tab inside a text" },
        { "{\"a\":1,\"a\":2}", "E0702 1:8-1:11 the key `a` is given twice" },
        { "[\"\xff\"]", "E0108 1:3-1:4 the byte 0xff is not UTF-8" },
    };
    RUN(rows, FINDINGS, true);
}

static void scalar_kinds(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum tree_scalar kind;
    } rows[] = {
        { "2222:22", SCALAR_TEXT },  { "12:30:45", SCALAR_TEXT },   { "yes", SCALAR_TEXT },
        { "on", SCALAR_TEXT },       { "2024-01-02", SCALAR_TEXT }, { "0755", SCALAR_INT },
        { "0x1F", SCALAR_INT },      { "0o17", SCALAR_INT },        { "0o18", SCALAR_TEXT },
        { "-5", SCALAR_INT },        { "+5", SCALAR_INT },          { "1e3", SCALAR_FLOAT },
        { ".5", SCALAR_FLOAT },      { "5.", SCALAR_FLOAT },        { ".", SCALAR_TEXT },
        { "-", SCALAR_TEXT },        { ".inf", SCALAR_FLOAT },      { "-.Inf", SCALAR_FLOAT },
        { ".nan", SCALAR_FLOAT },    { "-.nan", SCALAR_TEXT },      { "~", SCALAR_NULL },
        { "Null", SCALAR_NULL },     { "nULL", SCALAR_TEXT },       { "true", SCALAR_BOOL },
        { "FALSE", SCALAR_BOOL },    { "'1'", SCALAR_TEXT },        { "!!str 1", SCALAR_TEXT },
        { "!!int '1'", SCALAR_INT }, { "1_000", SCALAR_TEXT },      { "1e", SCALAR_TEXT },
        { "1.2.3", SCALAR_TEXT },    { "!local 1", SCALAR_INT },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct world w;
        char text[64] = "[";
        strncat(text, rows[i].text, 50);
        strncat(text, "]", 2);
        struct tree_file *file = read_text(&w, str_of(text), false);
        assert_non_null(file);
        if (tree_scalar_kind(file->root->first->value) != rows[i].kind)
            fail_msg("%s is %d", rows[i].text, (int)tree_scalar_kind(file->root->first->value));
        arena_free(&w.arena);
    }
}

static void numbers(void **state) {
    (void)state;
    struct world w;
    struct tree_file *file =
        read_text(&w, STR("[0755, 0x1F, 0o17, -9, 9223372036854775808, 1e3]"), false);
    static const int64_t want[] = { 755, 31, 15, -9 };
    struct tree_entry *e = tree_entries(file->root);
    int64_t got;
    for (size_t i = 0; i < 4; i++, e = e->next) {
        assert_true(tree_to_int(e->value, &got));
        assert_int_equal(got, want[i]);
    }
    assert_false(tree_to_int(e->value, &got));
    assert_false(tree_to_int(e->next->value, &got));
    arena_free(&w.arena);
}

/* `find` in the scalar's text stands where `want` stands in the source. */
static void text_places(void **state) {
    (void)state;
    static const struct {
        const char *yaml, *find, *want;
    } rows[] = {
        { "a: hello\n", "ll", "ll" },
        { "a: 'it''s me'\n", "me", "me" },
        { "a: 'it''s me'\n", "'", "''" },
        { "a: \"x\\u00e9y\\tz\"\n", "z", "z" },
        { "a: \"x\\u00e9y\"\n", "\xc3\xa9", "\\u00e9" },
        { "a: \"one\n  two\"\n", "two", "two" },
        { "a: one\n  two\n  three\n", "three", "three" },
        { "a: |\n    one\n      two\n    three\n", "two", "two" },
        { "a: >\n  one\n  two\n\n  three\n", "three", "three" },
        { "a: |2\n    one\n  two\n", "two", "two" },
        { "a: \"x \\\n   y\"\n", "y", "y" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct world w;
        struct tree_file *file = read_text(&w, str_of(rows[i].yaml), false);
        struct tree *node = tree_get(file->root, STR("a"));
        size_t at = str_find_str(node->text, str_of(rows[i].find));
        assert_true(at != STR_NONE);
        struct span span = tree_text_span(&w.arena, node, at, at + strlen(rows[i].find));
        assert_str(source_text(&w.sources, span), str_of(rows[i].want));
        arena_free(&w.arena);
    }
}

static void splices(void **state) {
    (void)state;
    static const struct {
        const char *yaml, *before; /* what stands in front of the place */
        uint32_t indent;
        bool flow, empty, newline_first;
    } rows[] = {
        { "a:\n  - x # c\n  - y # d\n# e\nb: 1\n", "a:\n  - x # c\n  - y # d\n", 2, 0, 0, 0 },
        { "a:\n- x\n- y", "a:\n- x\n- y", 0, 0, 0, 1 },
        { "a: [x, y ]\n", "a: [x, y", 0, 1, 0, 0 },
        { "a: []\n", "a: [", 0, 1, 1, 0 },
        { "a:\n  k: v\n  l:\n    m:\n\nb: 1\n", "a:\n  k: v\n  l:\n    m:\n", 2, 0, 0, 0 },
        { "a:\n  k: |\n    x\nb: 1\n", "a:\n  k: |\n    x\n", 2, 0, 0, 0 },
        { "a: &n\n   - x\r\nb: 1\r\n", "a: &n\n   - x\r\n", 3, 0, 0, 0 },
        { "a:\n  - k: v\n    l: w\n", "a:\n  - k: v\n    l: w\n", 2, 0, 0, 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct world w;
        struct tree_file *file = read_text(&w, str_of(rows[i].yaml), false);
        struct tree_splice s = tree_splice_end(tree_get(file->root, STR("a")));
        struct span head = { file->source->base, s.at };
        assert_str(source_text(&w.sources, head), str_of(rows[i].before));
        assert_int_equal(s.indent, rows[i].indent);
        assert_int_equal(s.flow, rows[i].flow);
        assert_int_equal(s.empty, rows[i].empty);
        assert_int_equal(s.newline_first, rows[i].newline_first);
        arena_free(&w.arena);
    }
}

static struct str repeat(struct arena *arena, const char *head, const char *part, size_t count) {
    struct buf out = { .arena = arena };
    buf_text(&out, head);
    for (size_t i = 0; i < count; i++)
        buf_text(&out, part);
    return buf_str(&out);
}

static void limits(void **state) {
    (void)state;
    static const struct {
        const char *head, *part;
        size_t count;
        bool json;
        const char *want;
    } rows[] = {
        { "", "[", 300, false,
          "E0704 1:201-1:202 values stand inside each other more than 200 deep" },
        { "", "[", 300, true,
          "E0704 1:201-1:202 values stand inside each other more than 200 deep" },
        { "", "- ", 300, false,
          "E0704 1:401-1:401 values stand inside each other more than 200 deep" },
        { "[", "1,", 1200000, false,
          "E0704 1:2000000-1:2000001 more than 1,000,000 values in one file" },
        { "", "%FOO x\n", 1001, false, "E0704 1001:1-1001:2 more than 1000 lines begin with `%`" },
        { "a: &a [0,1,2,3,4,5,6,7,8,9]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
          "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
          "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [",
          "*e,", 10, false,
          "E0704 6:26-6:28 the aliases of this file repeat more than 1,000,000 values" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct world w;
        struct arena text = { 0 };
        read_text(&w, repeat(&text, rows[i].head, rows[i].part, rows[i].count), rows[i].json);
        assert_str(findings(&w), str_of(rows[i].want));
        arena_free(&w.arena);
        arena_free(&text);
    }
}

static void long_keys(void **state) {
    (void)state;
    struct world w;
    struct arena text = { 0 };
    struct str key = repeat(&text, "", "\xc3\xa9", 1025);
    read_text(&w, str_format(&text, "%.*s: 1\n", STR_ARG(key)), false);
    assert_str(findings(&w), STR("E0708 1:1-1:1026 a key of more than 1024 characters"));
    arena_free(&w.arena);
    assert_non_null(read_text(&w, str_format(&text, "{\"%.*s\": 1}", STR_ARG(key)), true));
    arena_free(&w.arena);
    arena_free(&text);
}

static void lookups(void **state) {
    (void)state;
    struct world w;
    struct tree_file *file = read_text(
        &w,
        STR("a: &a {x: 1}\ns: [{k: {l: v}}]\nm: {<<: *a, b1: 1, b2: 1, b3: 1, b4: 1, b5: 1, "
            "b6: 1, b7: 1, b8: 1, b9: 1}\n"),
        false);
    struct tree *m = tree_get(file->root, STR("m"));
    assert_int_equal(tree_count(m), 10);
    assert_str(tree_text(tree_get(m, STR("x"))), STR("1"));
    assert_ptr_equal(tree_find(m, STR("x"))->owner, tree_get(file->root, STR("a")));
    assert_null(tree_get(m, STR("<<")));
    assert_null(tree_get(NULL, STR("x")));
    struct tree *deep =
        tree_get(tree_get(tree_get(file->root, STR("s"))->first->value, STR("k")), STR("l"));
    assert_str(tree_path(&w.arena, deep), STR("s[0].k.l"));
    arena_free(&w.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes),       cmocka_unit_test(places),
        cmocka_unit_test(merges),       cmocka_unit_test(complaints),
        cmocka_unit_test(json_shapes),  cmocka_unit_test(json_complaints),
        cmocka_unit_test(scalar_kinds), cmocka_unit_test(numbers),
        cmocka_unit_test(text_places),  cmocka_unit_test(splices),
        cmocka_unit_test(limits),       cmocka_unit_test(long_keys),
        cmocka_unit_test(lookups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
