/* The list of findings: what is kept, silenced, raised, dropped, and in which order. */
#include "source/diag.h"
#include "support/buf.h"
#include "tests/unit/unit.h"

#include <time.h>

struct desk {
    struct arena arena;
    struct sources pool;
    struct diags diags;
};

static struct desk *desk_new(struct desk *desk) {
    *desk = (struct desk){ 0 };
    desk->pool.arena = desk->diags.arena = &desk->arena;
    desk->diags.sources = &desk->pool;
    return desk;
}

/* Every finding as "CODE line level message", one a line. */
static struct str listed(struct desk *desk) {
    static const char *const levels[] = { "note", "warning", "error" };
    struct buf b = { .arena = &desk->arena };
    for (struct diag *d = desk->diags.first; d; d = d->next)
        buf_format(&b, "%.*s %zu %s %.*s\n", STR_ARG(diag_infos[d->code].code),
                   source_line_at(&desk->pool, d->span.start), levels[d->level],
                   STR_ARG(d->message));
    return buf_str(&b);
}

/* Takes each `#` and what follows on its line as a comment; each `!CODE` outside one as a finding.
 */
static void read_text(struct desk *desk, struct source *source) {
    struct str text = source->text;
    for (size_t at = 0; at < text.len; at++) {
        enum diag_code code;
        size_t end = at;
        if (text.at[at] == '#') {
            while (end < text.len && text.at[end] != '\n')
                end++;
            diag_allow_comment(&desk->diags, span_of(source, at, end));
            at = end;
        } else if (text.at[at] == '!') {
            while (end + 1 < text.len && char_is_alnum(text.at[end + 1]))
                end++;
            assert_true(diag_code_find(str_slice(text, at + 1, end + 1), &code));
            diag_add(&desk->diags, code, span_of(source, at, end + 1), "m");
        }
    }
}

static void suppressions(void **state) {
    static const struct {
        const char *text, *want;
    } cases[] = {
        { "!R010", "R010 1 warning m\n" },
        { "!R010 # itsup: allow(R010) why", "" },
        { "# itsup: allow(R010)\n!R010", "" },
        { "#itsup:allow(R010)\n!R010", "" },
        { "## itsup: allow ( R010 )\n!R010", "" },
        { "# itsup: allow(R010)\n\n!R010",
          "E0601 1 warning R010 silences nothing on this line or the next\nR010 3 warning m\n" },
        { "# itsup: allow(R010)\n# and why\n!R010",
          "E0601 1 warning R010 silences nothing on this line or the next\nR010 3 warning m\n" },
        { "!R010\n# itsup: allow(R010)",
          "R010 1 warning m\nE0601 2 warning R010 silences nothing on this line or the next\n" },
        { "# itsup: allow(R010, X012)\n!R010 !X012 !R011", "R011 2 warning m\n" },
        { "# itsup: allow(R010 X012)\n!R010 !X012", "" },
        { "# itsup: allow(R010,,R011,)\n!R010",
          "E0601 1 warning R011 silences nothing on this line or the next\n" },
        { "!R010 !R010 # itsup: allow(R010)", "" },
        { "# itsup: allow(R010)\n!R010 # itsup: allow(R010)",
          "E0601 1 warning R010 silences nothing on this line or the next\n" },
        { "!R010 # itsup: allow(R010, R010)",
          "E0601 1 warning R010 silences nothing on this line or the next\n" },
        { "# itsup: allow(E0204)\n!E0204",
          "E0602 1 warning E0204 cannot be silenced\nE0204 2 error m\n" },
        { "# itsup: allow(E0407)\n!E0407",
          "E0602 1 warning E0407 cannot be silenced\nE0407 2 warning m\n" },
        { "# itsup: allow(R999)", "E0602 1 warning no diagnostic is called `R999`\n" },
        { "# itsup: allow(r010)\n!R010",
          "E0602 1 warning no diagnostic is called `r010`\nR010 2 warning m\n" },
        { "# itsup: allow()", "E0602 1 warning a suppression that names no code in parentheses\n" },
        { "# itsup: allow R010\n!R010",
          "E0602 1 warning a suppression that names no code in parentheses\nR010 2 warning m\n" },
        { "# itsup: allow(R010\n!R010",
          "E0602 1 warning a suppression that names no code in parentheses\nR010 2 warning m\n" },
        { "# itsup: allowed (as we said)\n!R010", "R010 2 warning m\n" },
        { "# see itsup: allow(R010)\n!R010", "R010 2 warning m\n" },
        { "# itsup\n!R010", "R010 2 warning m\n" },
        { "#", "" },
        { "# itsup: allow(C006, C007) both levels\n!C006 !C007", "" },
        { "\r\n# itsup: allow(R010)\r\n!R010", "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct desk place, *desk = desk_new(&place);
        read_text(desk, source_add(&desk->pool, STR("f"), str_of(cases[i].text)));
        diags_finish(&desk->diags, NULL);
        if (!str_is(listed(desk), cases[i].want))
            fail_msg("%s\n--- got\n%.*s--- want\n%s", cases[i].text, STR_ARG(listed(desk)),
                     cases[i].want);
        arena_free(&desk->arena);
    }
}

static void suppressions_stay_in_their_file(void **state) {
    struct desk place, *desk = desk_new(&place);
    (void)state;
    read_text(desk, source_add(&desk->pool, STR("a"), STR("# itsup: allow(R010)")));
    read_text(desk, source_add(&desk->pool, STR("b"), STR("!R010")));
    diags_finish(&desk->diags, NULL);
    assert_str(listed(desk), STR("E0601 1 warning R010 silences nothing on this line or the next\n"
                                 "R010 1 warning m\n"));
    arena_free(&desk->arena);
}

static void a_file_read_twice_suppresses_once(void **state) {
    struct desk place, *desk = desk_new(&place);
    (void)state;
    struct source *source = source_add(&desk->pool, STR("a"), STR("# itsup: allow(R010)\n!R010"));
    read_text(desk, source);
    read_text(desk, source);
    diags_finish(&desk->diags, NULL);
    assert_str(listed(desk), STR(""));
    arena_free(&desk->arena);
}

static void levels(void **state) {
    static const struct {
        bool warnings, partial;
        const char *deny, *allow, *text, *want;
    } cases[] = {
        { .text = "!R010 !C007 !E0204",
          .want = "R010 1 warning m\nC007 1 note m\nE0204 1 error m\n" },
        { .warnings = true, .text = "!R010 !C007", .want = "R010 1 error m\nC007 1 note m\n" },
        { .deny = "C007", .text = "!R010 !C007", .want = "R010 1 warning m\nC007 1 error m\n" },
        { .allow = "R010", .text = "!R010 !C007", .want = "C007 1 note m\n" },
        { .allow = "R020", .text = "!R020", .want = "" },
        { .allow = "E0204", .text = "!E0204", .want = "E0204 1 error m\n" },
        { .allow = "E0407", .text = "!E0407", .want = "E0407 1 warning m\n" },
        { .allow = "R010", .warnings = true, .text = "!R010 !R011", .want = "R011 1 error m\n" },
        { .allow = "R010", .text = "!R010 # itsup: allow(R010)", .want = "" },
        { .deny = "R010", .text = "!R010 # itsup: allow(R010)", .want = "" },
        { .warnings = true,
          .text = "# itsup: allow(R010)",
          .want = "E0601 1 error R010 silences nothing on this line or the next\n" },
        { .deny = "E0601",
          .text = "# itsup: allow(R010)",
          .want = "E0601 1 error R010 silences nothing on this line or the next\n" },
        { .partial = true,
          .text = "# itsup: allow(R010, R999)",
          .want = "E0602 1 warning no diagnostic is called `R999`\n" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct desk place, *desk = desk_new(&place);
        bool deny[DIAG_COUNT] = { 0 }, allow[DIAG_COUNT] = { 0 };
        enum diag_code code;
        if (cases[i].deny && diag_code_find(str_of(cases[i].deny), &code))
            deny[code] = true;
        if (cases[i].allow && diag_code_find(str_of(cases[i].allow), &code))
            allow[code] = true;
        struct diag_levels levels = { .deny_warnings = cases[i].warnings,
                                      .deny = deny,
                                      .allow = allow,
                                      .partial = cases[i].partial };
        read_text(desk, source_add(&desk->pool, STR("f"), str_of(cases[i].text)));
        diags_finish(&desk->diags, &levels);
        if (!str_is(listed(desk), cases[i].want))
            fail_msg("case %zu: %s\n--- got\n%.*s--- want\n%s", i, cases[i].text,
                     STR_ARG(listed(desk)), cases[i].want);
        size_t counts[3] = { 0 }, all = 0;
        for (struct diag *d = desk->diags.first; d; d = d->next, all++)
            counts[d->level]++;
        assert_int_equal(desk->diags.count, all);
        assert_int_equal(desk->diags.errors, counts[LEVEL_ERROR]);
        assert_int_equal(desk->diags.warnings, counts[LEVEL_WARNING]);
        assert_int_equal(desk->diags.notes, counts[LEVEL_NOTE]);
        arena_free(&desk->arena);
    }
}

static void each_once_in_order_of_place(void **state) {
    struct desk place, *desk = desk_new(&place);
    struct span none = { 0, 0 };
    (void)state;
    struct source *z = source_add(&desk->pool, STR("z"), STR("1\n2\n3\n"));
    struct source *a = source_add(&desk->pool, STR("a"), STR("1\n2\n3\n"));
    assert_non_null(diag_add(&desk->diags, DIAG_PORT, span_of(z, 0, 1), "z1"));
    assert_null(diag_add(&desk->diags, DIAG_PORT, span_of(z, 0, 1), "z1 again"));
    assert_non_null(diag_add(&desk->diags, DIAG_URL, span_of(a, 4, 5), "a3"));
    assert_non_null(diag_add(&desk->diags, DIAG_URL, span_of(a, 0, 2), "a1, longer"));
    assert_non_null(diag_add(&desk->diags, DIAG_URL, span_of(a, 0, 1), "a1, url"));
    assert_non_null(diag_add(&desk->diags, DIAG_PORT, span_of(a, 0, 1), "a1, port"));
    assert_non_null(diag_add(&desk->diags, DIAG_INPUT_MISSING, none, "y is missing"));
    assert_non_null(diag_add(&desk->diags, DIAG_INPUT_MISSING, none, "x is missing"));
    assert_null(diag_add(&desk->diags, DIAG_INPUT_MISSING, none, "x is missing"));
    diags_finish(&desk->diags, NULL);
    assert_str(listed(desk), STR("E0120 0 error x is missing\n"
                                 "E0120 0 error y is missing\n"
                                 "E0404 1 error a1, port\n"
                                 "E0414 1 error a1, url\n"
                                 "E0414 1 error a1, longer\n"
                                 "E0414 3 error a3\n"
                                 "E0404 1 error z1\n"));
    arena_free(&desk->arena);
}

static void a_finding_that_was_not_kept_is_taken(void **state) {
    struct desk place, *desk = desk_new(&place);
    struct span none = { 0, 0 };
    (void)state;
    diag_effect(&desk->diags, NULL, "x");
    diag_help(&desk->diags, NULL, "x");
    diag_note_at(&desk->diags, NULL, none, "x");
    diag_fix_replace(&desk->diags, NULL, true, none, STR("x"));
    diag_suggest(&desk->diags, NULL, none, STR("x"));
    struct diag *d = diag_add(&desk->diags, DIAG_PORT, none, "x");
    diag_suggest(&desk->diags, d, none, STR(""));
    assert_null(d->fixes);
    diag_suggest(&desk->diags, d, none, STR("port"));
    assert_str(d->help, STR("did you mean `port`?"));
    assert_str(d->fixes->edits->text, STR("port"));
    diags_finish(&desk->diags, NULL);
    assert_int_equal(desk->diags.errors, 1);
    arena_free(&desk->arena);
}

/* What is applied without asking cannot be meant otherwise. */
static void slips_alone_are_safe(void **state) {
    static const struct {
        const char *written, *meant;
        bool safe;
    } cases[] = {
        { "evry", "every", true },    { "helath", "health", true },
        { "Health", "health", true }, { "comress", "compress", true },
        { "nme", "name", false },     { "bd", "db", false },
        { "strp", "str", false },     { "healtch", "headers", false },
        { "web4", "web1", false },    { "web-12", "web-1", false },
        { "web-1", "web-12", false }, { "wep-1", "web-1", true },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct desk desk;
        desk_new(&desk);
        struct source *source = source_add(&desk.pool, STR("t"), str_of(cases[i].written));
        struct span span = span_of(source, 0, source->text.len);
        struct diag *d = diag_add(&desk.diags, DIAG_SETTING_UNKNOWN, span, "m");
        diag_suggest(&desk.diags, d, span, str_of(cases[i].meant));
        if (d->fixes->safe != cases[i].safe)
            fail_msg("%s for %s: safe is %d", cases[i].meant, cases[i].written, d->fixes->safe);
        arena_free(&desk.arena);
    }
}

static void codes_are_unique_and_found(void **state) {
    (void)state;
    for (int i = 0; i < DIAG_COUNT; i++) {
        enum diag_code code;
        assert_true(diag_code_find(diag_infos[i].code, &code));
        assert_int_equal(code, i);
        assert_true(diag_infos[i].gist.len > 0);
    }
    assert_false(diag_code_find(STR("E9999"), &(enum diag_code){ 0 }));
}

/* 100,000 lints, each with its allow comment, and as many that silence nothing. */
static void many_suppressions_are_quick(void **state) {
    enum { MANY = 99000 };
    struct desk place, *desk = desk_new(&place);
    struct buf b = { .arena = &desk->arena };
    clock_t start = clock();
    (void)state;
    for (int i = 0; i < MANY; i++)
        buf_text(&b,
                 i % 2 ? "# itsup: allow(R010)\n!R010 !R011\n" : "# itsup: allow(R012)\n!R010\n");
    read_text(desk, source_add(&desk->pool, STR("f"), buf_str(&b)));
    diags_finish(&desk->diags, NULL);
    assert_true(desk->diags.full);
    assert_true(desk->diags.count > MANY / 2);
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 5);
    arena_free(&desk->arena);
}

/* All of them in one line. */
static void one_long_line_is_quick(void **state) {
    enum { MANY = 90000 };
    struct desk place, *desk = desk_new(&place);
    struct buf b = { .arena = &desk->arena };
    clock_t start = clock();
    (void)state;
    for (int i = 0; i < MANY; i++)
        buf_text(&b, "!R010 ");
    buf_text(&b, "# itsup: allow(");
    for (int i = 0; i < MANY; i++)
        buf_text(&b, "R010,");
    buf_text(&b, ")\n");
    read_text(desk, source_add(&desk->pool, STR("f"), buf_str(&b)));
    diags_finish(&desk->diags, NULL);
    assert_int_equal(desk->diags.warnings, desk->diags.count - desk->diags.notes);
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 5);
    arena_free(&desk->arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(suppressions),
        cmocka_unit_test(suppressions_stay_in_their_file),
        cmocka_unit_test(a_file_read_twice_suppresses_once),
        cmocka_unit_test(levels),
        cmocka_unit_test(each_once_in_order_of_place),
        cmocka_unit_test(a_finding_that_was_not_kept_is_taken),
        cmocka_unit_test(slips_alone_are_safe),
        cmocka_unit_test(codes_are_unique_and_found),
        cmocka_unit_test(many_suppressions_are_quick),
        cmocka_unit_test(one_long_line_is_quick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
