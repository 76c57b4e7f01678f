/* TOML as a located tree: shapes, places, and every kind of mistake at its place. */
#include "lower/toml_tree.h"
#include "lower/tree_dump.h"
#include "unit.h"

/* The tree in one line, or the mistake as "E0716 1:4-1:5 message". */
static void reads(const char *text, const char *want, bool spans) {
    struct arena arena = { 0 };
    struct sources sources = { .arena = &arena };
    struct diags diags = { .arena = &arena, .sources = &sources };
    struct source *source = source_add(&sources, STR("f.toml"), str_of(text));
    struct tree_file *file = toml_tree_read(&arena, &diags, source);
    struct buf out = { .arena = &arena };
    if (file) {
        assert_null(diags.first);
        tree_dump(&out, file->root, spans);
    }
    for (struct diag *d = diags.first; d; d = d->next) {
        struct place from = source_place(&sources, d->span.start);
        struct place to = source_place(&sources, d->span.end);
        buf_format(&out, "%s%.*s %zu:%zu-%zu:%zu %.*s", out.len ? "\n" : "",
                   STR_ARG(diag_infos[d->code].code), from.line, from.column, to.line, to.column,
                   STR_ARG(d->message));
    }
    assert_str(buf_str(&out), str_of(want));
    arena_free(&arena);
}

struct row {
    const char *text, *want;
};

#define RUN(rows)                                                                                  \
    for (size_t i_ = 0; i_ < sizeof rows / sizeof *rows; i_++)                                     \
    reads(rows[i_].text, rows[i_].want, false)

static void values(void **state) {
    (void)state;
    static const struct row rows[] = {
        { "", "" },
        { "\xef\xbb\xbf# nothing\r\n", "" },
        { "a = 1", "{ \"a\": 1 }" },
        { "a = 1_000 # many\nb = -0\nc = +7", "{ \"a\": 1000, \"b\": -0, \"c\": +7 }" },
        { "a = 0xff\nb = 0o17\nc = 0b1_01", "{ \"a\": 255, \"b\": 15, \"c\": 5 }" },
        { "a = 1.5\nb = 6.6e-3\nc = 5E+2\nd = -inf\ne = nan",
          "{ \"a\": 1.5, \"b\": 6.6e-3, \"c\": 5e+2, \"d\": -inf, \"e\": nan }" },
        { "a = true\nb = false", "{ \"a\": true, \"b\": false }" },
        { "a = \"x\\ty\\u00e9\\U0001F6A6\\x41\\e\"", "{ \"a\": \"x\\ty\xc3\xa9\xf0\x9f\x9a\xa6"
                                                     "A\x1b\" }" },
        { "a = 'C:\\x'\nb = ''", "{ \"a\": 'C:\\x', \"b\": '' }" },
        { "a = \"\"\"\nx\"y\"\"\\\n   z\"\"\"", "{ \"a\": \"x\"y\"\"z\" }" },
        { "a = \"\"\"x\"\"\"\"\"", "{ \"a\": \"x\"\"\" }" },
        { "a = '''\nx'\\n\n'''", "{ \"a\": 'x'\\n\\n' }" },
        { "a = 1979-05-27\nb = 07:32\nc = 1979-05-27 07:32:00.5Z\nd = 1979-05-27T07:32:00-07:00",
          "{ \"a\": 1979-05-27, \"b\": 07:32, \"c\": 1979-05-27 07:32:00.5Z, "
          "\"d\": 1979-05-27T07:32:00-07:00 }" },
        { "a = 2024-02-29", "{ \"a\": 2024-02-29 }" },
        { "a = []\nb = [1, [\"x\", 'y'], ]\nc = [ # one\n 1\n, 2 ]",
          "{ \"a\": [], \"b\": [1, [\"x\", 'y']], \"c\": [1, 2] }" },
        { "a = {}\nb = { c = 1, d.e = 2, d.f = 3 }\nc = {\n x = 1, # one\n}",
          "{ \"a\": {}, \"b\": {\"c\": 1, \"d\": {\"e\": 2, \"f\": 3}}, \"c\": {\"x\": 1} }" },
    };
    RUN(rows);
}

static void tables(void **state) {
    (void)state;
    static const struct row rows[] = {
        { "a.b.c = 1\na.b.d = 2\n'x.y' . \"z\" = 3\n1.2 = 4",
          "{ \"a\": { \"b\": { \"c\": 1, \"d\": 2 } }, 'x.y': { \"z\": 3 }, \"1\": { \"2\": 4 } }" },
        { "[a]\nx = 1\n[a.b]\ny = 2\n[c]",
          "{ \"a\": { \"x\": 1, \"b\": { \"y\": 2 } }, \"c\": {  } }" },
        { "[a.b.c]\nx = 1\n[a]\ny = 2\n[ a . d ]",
          "{ \"a\": { \"b\": { \"c\": { \"x\": 1 } }, \"y\": 2, \"d\": {  } } }" },
        { "[[a]]\nx = 1\n[a.b]\ny = 2\n[[a]]\nx = 3",
          "{ \"a\": [ { \"x\": 1, \"b\": { \"y\": 2 } }, { \"x\": 3 } ] }" },
        { "[[a.b]]\n[[a.b.c]]\nx = 1\n[[a.b]]",
          "{ \"a\": { \"b\": [ { \"c\": [ { \"x\": 1 } ] }, {  } ] } }" },
        { "[a]\nb.c = 1\n[a.b.d]\nx = 2",
          "{ \"a\": { \"b\": { \"c\": 1, \"d\": { \"x\": 2 } } } }" },
        { "\"<<\" = 1\n\"\" = 2", "{ \"<<\": 1, \"\": 2 }" },
    };
    RUN(rows);
}

static void places(void **state) {
    (void)state;
    reads("[a.'b']\nx = \"y\\n\" # z",
          "{ \"a\"@1-2: { 'b'@3-6: { \"x\"@8-9: \"y\\n\"@12-17 }@3-6 }@1-2 }@0-21", true);
    reads("[[a]]\nx = [ 1 ]", "{ \"a\"@2-3: [ { \"x\"@6-7: [1@12-13]@10-15 }@2-3 ]@2-3 }@0-15",
          true);
}

static void mistakes(void **state) {
    (void)state;
    static const struct row rows[] = {
        { "a", "E0716 1:2-1:2 `=` is missing at the end of the file" },
        { "a =\nb = 1", "E0716 1:4-1:4 a value is missing at the end of the line" },
        { "a = x", "E0716 1:5-1:6 `x` is no value of TOML" },
        { "a = True", "E0716 1:5-1:9 `True` is no value of TOML" },
        { "a = 01", "E0716 1:5-1:7 `01` is no value of TOML" },
        { "a = 1__0", "E0716 1:5-1:9 `1__0` is no value of TOML" },
        { "a = 1_", "E0716 1:5-1:7 `1_` is no value of TOML" },
        { "a = .5", "E0716 1:5-1:7 `.5` is no value of TOML" },
        { "a = 1.", "E0716 1:5-1:7 `1.` is no value of TOML" },
        { "a = 0x", "E0716 1:5-1:7 `0x` is no value of TOML" },
        { "a = 0xg", "E0716 1:5-1:8 `0xg` is no value of TOML" },
        { "a = 9223372036854775808", "E0716 1:5-1:24 `9223372036854775808` is no value of TOML" },
        { "a = 0xffffffffffffffff", "E0716 1:5-1:23 `0xffffffffffffffff` is no value of TOML" },
        { "a = 1979-02-29", "E0716 1:5-1:15 `1979-02-29` is no value of TOML" },
        { "a = 25:00:00", "E0716 1:5-1:13 `25:00:00` is no value of TOML" },
        { "a = \"x", "E0716 1:5-1:6 a text that is never closed" },
        { "a = 'x\n'", "E0716 1:5-1:6 a text that is never closed" },
        { "a = \"\"\"x\"\"", "E0716 1:5-1:8 a text that is never closed" },
        { "a = \"\\q\"", "E0716 1:6-1:8 `\\q` is no escape of TOML" },
        { "a = \"\\u12\"", "E0716 1:6-1:8 `\\u` wants the 4 hexadecimal digits of a character" },
        { "a = \"\\ud800\"", "E0716 1:6-1:8 `\\u` wants the 4 hexadecimal digits of a character" },
        { "a = \"\x01\"", "E0716 1:6-1:7 the character U+0001 may not stand here" },
        { "a = 1 # \x7f", "E0716 1:9-1:10 the character U+007F may not stand here" },
        { "a = 1 b = 2", "E0716 1:7-1:8 the end of the line is expected, not `b`" },
        { "a = [1 2]", "E0716 1:8-1:9 a `,` or `]` is expected, not `2`" },
        { "a = [1", "E0716 1:7-1:7 a `,` or `]` is missing at the end of the file" },
        { "a = [,]", "E0716 1:6-1:7 a value is expected, not `,`" },
        { "a = { b = 1 c = 2 }", "E0716 1:13-1:14 a `,` or `}` is expected, not `c`" },
        { "= 1", "E0716 1:1-1:2 a key is expected, not `=`" },
        { "a. = 1", "E0716 1:4-1:5 a key is expected, not `=`" },
        { "a: 1", "E0716 1:2-1:3 `=` is expected, not `:`" },
        { "[a", "E0716 1:3-1:3 `]` is missing at the end of the file" },
        { "[[a]", "E0716 1:5-1:5 `]]` is missing at the end of the file" },
        { "[]", "E0716 1:2-1:3 a key is expected, not `]`" },
        { "[a] b = 1", "E0716 1:5-1:6 the end of the line is expected, not `b`" },
        { "a = 1\na = 2", "E0702 2:1-2:2 the key `a` is given twice" },
        { "a.b = 1\na = 2", "E0702 2:1-2:2 the key `a` is given twice" },
        { "a = 1\na.b = 2", "E0702 2:1-2:2 the key `a` is given twice" },
        { "[a]\n[a]", "E0702 2:2-2:3 the key `a` is given twice" },
        { "a = {}\n[a.b]", "E0702 2:2-2:3 the key `a` is given twice" },
        { "a = []\n[[a]]", "E0702 2:3-2:4 the key `a` is given twice" },
        { "[[a]]\n[a]", "E0702 2:2-2:3 the key `a` is given twice" },
        { "[a]\n[[a]]", "E0702 2:3-2:4 the key `a` is given twice" },
        { "[a.b]\n[a]\nb.c = 1", "E0702 3:1-3:2 the key `b` is given twice" },
        { "a = { b = 1, b = 2 }", "E0702 1:14-1:15 the key `b` is given twice" },
    };
    RUN(rows);
}

static void depth(void **state) {
    (void)state;
    static char text[8 + 2 * 400];
    for (int deep = 199; deep <= 201; deep++) {
        struct arena arena = { 0 };
        struct sources sources = { .arena = &arena };
        struct diags diags = { .arena = &arena, .sources = &sources };
        memcpy(text, "a = ", 4);
        memset(text + 4, '[', (size_t)deep);
        memset(text + 4 + deep, ']', (size_t)deep);
        struct str all = { text, 4 + 2 * (size_t)deep };
        struct source *source = source_add(&sources, STR("f.toml"), all);
        assert_int_equal(toml_tree_read(&arena, &diags, source) != NULL, deep <= 200);
        arena_free(&arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),   cmocka_unit_test(tables), cmocka_unit_test(places),
        cmocka_unit_test(mistakes), cmocka_unit_test(depth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
