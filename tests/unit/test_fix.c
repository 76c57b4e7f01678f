/* Which fixes are applied together, and what the text is then. */
#include "source/fix.h"
#include "tests/unit/unit.h"

struct edit {
    size_t from, to;
    const char *text;
};

/* One finding with one fix of at most two edits. */
struct offer {
    bool unsafe;
    struct edit edits[2];
};

struct desk {
    struct arena arena;
    struct sources pool;
    struct diags diags;
    struct source *source;
};

static void open_desk(struct desk *d, const char *text) {
    *d = (struct desk){ 0 };
    d->pool.arena = d->diags.arena = &d->arena;
    d->diags.sources = &d->pool;
    source_add(&d->pool, STR("before"), STR("another file\n"));
    d->source = source_add(&d->pool, STR("a.itsup"), str_of(text));
}

static void offer(struct desk *d, size_t number, const struct offer *o) {
    struct span at = span_of(d->source, o->edits[0].from, o->edits[0].to);
    struct diag *diag = diag_add(&d->diags, number % 2 ? DIAG_SETTING_UNKNOWN : DIAG_CHARACTER, at,
                                 "finding %zu", number);
    struct diag_fix *fix = diag_fix_new(&d->diags, diag, !o->unsafe, "mend");
    for (size_t i = 0; i < 2 && o->edits[i].text; i++)
        diag_fix_edit(&d->diags, fix, span_of(d->source, o->edits[i].from, o->edits[i].to),
                      str_of(o->edits[i].text));
}

static void applied(void **state) {
    static const struct {
        const char *text;
        struct offer offers[4];
        size_t chosen;
        const char *want;
    } cases[] = {
        { "abcdef", { { .edits = { { 1, 2, "X" } } } }, 1, "aXcdef" },
        { "abcdef", { { .edits = { { 1, 2, "X" } } }, { .edits = { { 4, 5, "" } } } }, 2, "aXcdf" },
        { "abcdef", { { .unsafe = true, .edits = { { 1, 2, "X" } } } }, 0, "abcdef" },
        /* Overlapping, nested, touching: the first in the file is taken. */
        { "abcdef", { { .edits = { { 1, 4, "X" } } }, { .edits = { { 3, 5, "Y" } } } }, 1, "aXef" },
        { "abcdef", { { .edits = { { 2, 3, "Y" } } }, { .edits = { { 1, 5, "X" } } } }, 1, "aXf" },
        { "abcdef",
          { { .edits = { { 1, 2, "X" } } }, { .edits = { { 2, 3, "Y" } } } },
          1,
          "aXcdef" },
        { "abcdef",
          { { .edits = { { 2, 2, "X" } } }, { .edits = { { 2, 3, "Y" } } } },
          1,
          "abXcdef" },
        /* Both edits of a fix, or none. */
        { "abcdef", { { .edits = { { 0, 1, "(" }, { 5, 6, ")" } } } }, 1, "(bcde)" },
        { "abcdef",
          { { .edits = { { 0, 1, "(" }, { 5, 6, ")" } } }, { .edits = { { 5, 5, "X" } } } },
          1,
          "(bcde)" },
        { "abcdef", { { .edits = { { 0, 3, "(" }, { 2, 6, ")" } } } }, 0, "abcdef" },
        { "", { { .edits = { { 0, 0, "x" } } } }, 1, "x" },
        { "ab", { { .edits = { { 2, 2, "\n" } } } }, 1, "ab\n" },
        /* Line ends are the file's. */
        { "a\r\nb\r\n", { { .edits = { { 3, 4, "x\ny" } } } }, 1, "a\r\nx\r\ny\r\n" },
        { "a\r\nb\r\n", { { .edits = { { 3, 4, "x\r\ny" } } } }, 1, "a\r\nx\r\ny\r\n" },
        { "\xef\xbb\xbf"
          "ab",
          { { .edits = { { 3, 4, "x" } } } },
          1,
          "\xef\xbb\xbf"
          "xb" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct desk d;
        open_desk(&d, cases[i].text);
        for (size_t n = 0; n < 4 && cases[i].offers[n].edits[0].text; n++)
            offer(&d, n, &cases[i].offers[n]);
        diags_finish(&d.diags, NULL);
        struct fixes fixes = fixes_choose(&d.arena, &d.diags);
        bool all[4] = { true, true, true, true };
        struct fixed *files;
        size_t count = fixes_apply(&d.arena, &d.pool, &fixes, all, &files);
        assert_int_equal(fixes.count, cases[i].chosen);
        assert_int_equal(count, cases[i].chosen ? 1 : 0);
        if (count) {
            assert_str(files[0].text, str_of(cases[i].want));
            assert_ptr_equal(files[0].source, d.source);
        }
        arena_free(&d.arena);
    }
}

static void chosen_alone(void **state) {
    static const struct offer offers[] = { { .edits = { { 0, 1, "X" } } },
                                           { .edits = { { 3, 4, "Y" } } } };
    static const bool second[] = { false, true };
    struct desk d;
    struct fixed *files;
    (void)state;
    open_desk(&d, "abcdef");
    for (size_t n = 0; n < 2; n++)
        offer(&d, n, &offers[n]);
    diags_finish(&d.diags, NULL);
    struct fixes fixes = fixes_choose(&d.arena, &d.diags);
    assert_int_equal(fixes_apply(&d.arena, &d.pool, &fixes, second, &files), 1);
    assert_str(files[0].text, STR("abcYef"));
    arena_free(&d.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(applied),
        cmocka_unit_test(chosen_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
