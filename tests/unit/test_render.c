/* What findings look like: the text that people read and the JSON that programs read. */
#include "source/render.h"
#include "support/width.h"
#include "tests/unit/unit.h"

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

static struct span span_at(struct source *source, const char *text) {
    size_t at = str_find_str(source->text, str_of(text));
    assert_int_not_equal(at, STR_NONE);
    return span_of(source, at, at + strlen(text));
}

static struct str shown(struct desk *desk, const char *form, struct render_style style) {
    struct buf b = { .arena = &desk->arena };
    render(renderer_find(str_of(form)), &desk->diags, style, &b);
    return buf_str(&b);
}

static void expect(const char *what, struct str got, const char *want) {
    if (!str_is(got, want))
        fail_msg("%s:\n--- got\n%.*s--- want\n%s", what, STR_ARG(got), want);
}

/* ---- one finding ---- */

struct look {
    const char *what;
    const char *text;  /* of f.itsup */
    const char *where; /* the span's text; NULL: from..to */
    size_t from, to;
    const char *effect, *help, *note;
    const char *note_where; /* in f.itsup; NULL: the note has no place */
    unsigned width;
    bool color, nowhere;
    const char *want;
};

static const struct look looks[] = {
    { .what = "the example of the language's contract",
      .text = "\n\n\n\n\n\n\n\n\n\n\n  tls://db.example.com:5432/app -> postgres:5432\n",
      .where = "/app",
      .effect = "TCP is routed by SNI only; Traefik would disable this router",
      .help = "drop the path, or write https:// if the service speaks HTTP",
      .want =
          "error[E0204]: the message\n"
          "  --> f.itsup:12:28\n"
          "   |\n"
          "12 |   tls://db.example.com:5432/app -> postgres:5432\n"
          "   |                            ^^^^ TCP is routed by SNI only; Traefik would disable "
          "this router\n"
          "   = help: drop the path, or write https:// if the service speaks HTTP\n"
          "   = explain: itsupc explain E0204\n\n" },
    { .what = "no place",
      .text = "",
      .nowhere = true,
      .effect = "it would not start",
      .want = "error[E0204]: the message\n"
              "  = note: it would not start\n"
              "  = explain: itsupc explain E0204\n\n" },
    { .what = "an empty file",
      .text = "",
      .want = "error[E0204]: the message\n"
              " --> f.itsup:1:1\n"
              "  |\n"
              "1 |\n"
              "  | ^\n"
              "  = explain: itsupc explain E0204\n\n" },
    { .what = "the end of a file without a final newline",
      .text = "a {",
      .from = 3,
      .to = 3,
      .effect = "here",
      .want = "error[E0204]: the message\n"
              " --> f.itsup:1:4\n"
              "  |\n"
              "1 | a {\n"
              "  |    ^ here\n"
              "  = explain: itsupc explain E0204\n\n" },
    { .what = "the end of a file after a newline",
      .text = "a {\n",
      .from = 4,
      .to = 4,
      .want = "error[E0204]: the message\n"
              " --> f.itsup:2:1\n"
              "  |\n"
              "2 |\n"
              "  | ^\n"
              "  = explain: itsupc explain E0204\n\n" },
    { .what = "a line end at the end of a span, and CRLF",
      .text = "a {\r\nb\r\n",
      .where = "{\r\n",
      .effect = "here",
      .want = "error[E0204]: the message\n"
              " --> f.itsup:1:3\n"
              "  |\n"
              "1 | a {\n"
              "  |   ^ here\n"
              "  = explain: itsupc explain E0204\n\n" },
    { .what = "a line end alone",
      .text = "a\nb\n",
      .from = 1,
      .to = 2,
      .want = "error[E0204]: the message\n"
              " --> f.itsup:1:2\n"
              "  |\n"
              "1 | a\n"
              "  |  ^\n"
              "  = explain: itsupc explain E0204\n\n" },
    { .what = "a BOM",
      .text = "\xef\xbb\xbfport x\n",
      .where = "x",
      .want = "error[E0204]: the message\n"
              " --> f.itsup:1:6\n"
              "  |\n"
              "1 | port x\n"
              "  |      ^\n"
              "  = explain: itsupc explain E0204\n\n" },
    { .what = "tabs",
      .text = "\tport\tx\n",
      .where = "x",
      .want = "error[E0204]: the message\n"
              " --> f.itsup:1:7\n"
              "  |\n"
              "1 |     port    x\n"
              "  |             ^\n"
              "  = explain: itsupc explain E0204\n\n" },
    { .what = "a tab itself",
      .text = "a\tx\n",
      .where = "\t",
      .want = "error[E0204]: the message\n"
              " --> f.itsup:1:2\n"
              "  |\n"
              "1 | a    x\n"
              "  |  ^^^^\n"
              "  = explain: itsupc explain E0204\n\n" },
    { .what = "wide characters before and in the span",
      .text = "https://日本.example/路 -> web\n",
      .where = "路",
      .effect = "here",
      .want = "error[E0204]: the message\n"
              " --> f.itsup:1:20\n"
              "  |\n"
              "1 | https://日本.example/路 -> web\n"
              "  |                      ^^ here\n"
              "  = explain: itsupc explain E0204\n\n" },
    { .what = "a family of emoji, a skin tone and a combining accent",
      .text = "👩‍👩‍👧‍👦 👍🏽 cafe\xcc\x81 x\n",
      .where = "x",
      .want = "error[E0204]: the message\n"
              " --> f.itsup:1:18\n"
              "  |\n"
              "1 | 👩‍👩‍👧‍👦 👍🏽 cafe\xcc\x81 x\n"
              "  |            ^\n"
              "  = explain: itsupc explain E0204\n\n" },
    { .what = "an accent alone: the letter that bears it",
      .text = "cafe\xcc\x81 x\n",
      .where = "\xcc\x81",
      .want = "error[E0204]: the message\n"
              " --> f.itsup:1:5\n"
              "  |\n"
              "1 | cafe\xcc\x81 x\n"
              "  |    ^\n"
              "  = explain: itsupc explain E0204\n\n" },
    { .what = "control bytes, bytes that are no UTF-8, and a mark that turns the line around",
      .text = "a\x1b]0;x\x07 \xff\xc3 \xe2\x80\xae z\n",
      .where = "z",
      .want = "error[E0204]: the message\n"
              " --> f.itsup:1:14\n"
              "  |\n"
              "1 | a␛]0;x␇ �� � z\n"
              "  |              ^\n"
              "  = explain: itsupc explain E0204\n\n" },
    { .what = "several lines, from the first word",
      .text = "let x = [\n  1,\n]\n",
      .where = "let x = [\n  1,\n]",
      .effect = "here",
      .want = "error[E0204]: the message\n"
              " --> f.itsup:1:1\n"
              "  |\n"
              "1 | / let x = [\n"
              "2 | |   1,\n"
              "3 | | ]\n"
              "  | |_^ here\n"
              "  = explain: itsupc explain E0204\n\n" },
    { .what = "several lines, from the middle, with an empty one",
      .text = "  use foo(\n\n    b)\n",
      .where = "foo(\n\n    b)",
      .effect = "here",
      .want = "error[E0204]: the message\n"
              " --> f.itsup:1:7\n"
              "  |\n"
              "1 |     use foo(\n"
              "  |  _______^\n"
              "2 | |\n"
              "3 | |     b)\n"
              "  | |______^ here\n"
              "  = explain: itsupc explain E0204\n\n" },
    { .what = "many lines",
      .text = "\n\n\n\n\n\n\nx {\n  a\n  b\n  c\n  d\n}\n",
      .where = "x {\n  a\n  b\n  c\n  d\n}",
      .want = "error[E0204]: the message\n"
              "  --> f.itsup:8:1\n"
              "   |\n"
              "8  | / x {\n"
              "9  | |   a\n"
              "...  |\n"
              "12 | |   d\n"
              "13 | | }\n"
              "   | |_^\n"
              "   = explain: itsupc explain E0204\n\n" },
    { .what = "a note with a place, and one without",
      .text = "host a\n\n\n\n\n\n\n\n\nhost a\n",
      .from = 15,
      .to = 21,
      .effect = "claimed again",
      .note = "first claimed here",
      .note_where = "host a",
      .want = "error[E0204]: the message\n"
              "  --> f.itsup:10:1\n"
              "   |\n"
              "10 | host a\n"
              "   | ^^^^^^ claimed again\n"
              "   = explain: itsupc explain E0204\n"
              "note: first claimed here\n"
              "  --> f.itsup:1:1\n"
              "   |\n"
              "1  | host a\n"
              "   | ^^^^^^\n\n" },
    { .what = "a note without a place",
      .text = "host a\n",
      .where = "a",
      .note = "there are others",
      .help = "rename it",
      .want = "error[E0204]: the message\n"
              " --> f.itsup:1:6\n"
              "  |\n"
              "1 | host a\n"
              "  |      ^\n"
              "  = note: there are others\n"
              "  = help: rename it\n"
              "  = explain: itsupc explain E0204\n\n" },
    { .what = "a text that does not fit behind the caret",
      .text = "https://a.example.com/path -> web:3000\n",
      .where = "/path",
      .effect = "no router would ever be asked for this path, since another one takes all",
      .width = 60,
      .want = "error[E0204]: the message\n"
              " --> f.itsup:1:22\n"
              "  |\n"
              "1 | https://a.example.com/path -> web:3000\n"
              "  |                      ^^^^^\n"
              "  |       no router would ever be asked for this path, since\n"
              "  |       another one takes all\n"
              "  = explain: itsupc explain E0204\n\n" },
    { .what = "a line too long on the right",
      .text = "tcp://x -> aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
      .where = "x",
      .width = 40,
      .want = "error[E0204]: the message\n"
              " --> f.itsup:1:7\n"
              "  |\n"
              "1 | tcp://x -> aaaaaaaaaaaaaaaaaaaaaaaa…\n"
              "  |       ^\n"
              "  = explain: itsupc explain E0204\n\n" },
    { .what = "a line too long on the left",
      .text = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa -> xy\n",
      .where = "xy",
      .width = 40,
      .want = "error[E0204]: the message\n"
              " --> f.itsup:1:65\n"
              "  |\n"
              "1 | …aaaaaaaaaaaaaaaaaaaaaaaaaaaaa -> xy\n"
              "  |                                   ^^\n"
              "  = explain: itsupc explain E0204\n\n" },
    { .what = "a line too long on both sides",
      .text = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa xy "
              "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n",
      .where = "xy",
      .width = 40,
      .want = "error[E0204]: the message\n"
              " --> f.itsup:1:62\n"
              "  |\n"
              "1 | …aaaaaaaaaaaaaaa xy bbbbbbbbbbbbbbb…\n"
              "  |                  ^^\n"
              "  = explain: itsupc explain E0204\n\n" },
    { .what = "a span longer than the terminal",
      .text = "port aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
      .where = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      .width = 40,
      .want = "error[E0204]: the message\n"
              " --> f.itsup:1:6\n"
              "  |\n"
              "1 | port aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…\n"
              "  |      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
              "  = explain: itsupc explain E0204\n\n" },
    { .what = "color",
      .text = "host a\n",
      .where = "a",
      .effect = "here",
      .note = "plain",
      .color = true,
      .want = "\033[1;31merror[E0204]\033[0m\033[1m: the message\033[0m\n"
              " \033[1;34m-->\033[0m f.itsup:1:6\n"
              "\033[1;34m  |\033[0m\n"
              "\033[1;34m1 |\033[0m host a\n"
              "\033[1;34m  |\033[0m      \033[1;31m^\033[0m \033[1;31mhere\033[0m\n"
              "  \033[1;34m=\033[0m \033[1mnote\033[0m: plain\n"
              "  \033[1;34m=\033[0m \033[1mexplain\033[0m: itsupc explain E0204\n\n" },
};

static void findings_as_text(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        const struct look *l = &looks[i];
        struct desk place, *desk = desk_new(&place);
        struct source *source = source_add(&desk->pool, STR("f.itsup"), str_of(l->text));
        struct span none = { 0, 0 };
        struct span span = l->where     ? span_at(source, l->where)
                           : l->nowhere ? none
                                        : span_of(source, l->from, l->to);
        struct diag *d = diag_add(&desk->diags, DIAG_PATH_FORBIDDEN, span, "the message");
        if (l->effect)
            diag_effect(&desk->diags, d, "%s", l->effect);
        if (l->help)
            diag_help(&desk->diags, d, "%s", l->help);
        if (l->note)
            diag_note_at(&desk->diags, d, l->note_where ? span_at(source, l->note_where) : none,
                         "%s", l->note);
        diags_finish(&desk->diags, NULL);
        struct render_style style = { .quiet = true, .width = l->width, .color = l->color };
        expect(l->what, shown(desk, "text", style), l->want);
        arena_free(&desk->arena);
    }
}

/* Wherever the caret stands in a line of 100 kB, each line of the answer fits the terminal. */
static void a_line_of_100_kB(void **state) {
    (void)state;
    static char text[100000];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = "a\xe6\x97\xa5\t\xff"[i % 6];
    for (size_t from = 0; from <= sizeof text; from += 997) {
        struct desk place, *desk = desk_new(&place);
        struct source *source =
            source_add(&desk->pool, STR("f"), (struct str){ text, sizeof text });
        size_t to = from + 10 < sizeof text ? from + 10 : sizeof text;
        diag_add(&desk->diags, DIAG_RULE, span_of(source, from, to), "long");
        diags_finish(&desk->diags, NULL);
        struct str got = shown(desk, "text", (struct render_style){ .quiet = true, .width = 80 });
        assert_true(str_find(got, '^') != STR_NONE);
        for (size_t end; got.len; got = str_from(got, end + 1)) {
            end = str_find(got, '\n');
            assert_int_not_equal(end, STR_NONE);
            assert_true(width_of(str_slice(got, 0, end)) <= 80);
        }
        arena_free(&desk->arena);
    }
}

/* ---- the list as a whole ---- */

static void add(struct desk *desk, struct source *source, enum diag_code code, size_t from) {
    diag_add(&desk->diags, code, span_of(source, from, from + 1), "%.*s at %zu",
             STR_ARG(diag_infos[code].code), from);
}

static void summaries(void **state) {
    static const struct {
        size_t errors, warnings, notes, files, most;
        const char *want;
    } cases[] = {
        { 0, 0, 0, 3, 0, "no findings in 3 files\n" },
        { 0, 0, 0, 1, 0, "no findings in 1 file\n" },
        { 0, 0, 0, 0, 0, "no findings\n" },
        { 2, 1, 0, 3, 0, "2 errors, 1 warning in 3 files\n" },
        { 1, 0, 2, 1, 0, "1 error, 2 notes in 1 file\n" },
        { 0, 1, 0, 0, 0, "1 warning\n" },
        { 3, 2, 4, 2, 4, "4 of 9 findings shown: 3 errors, 2 warnings, 4 notes in 2 files\n" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct desk place, *desk = desk_new(&place);
        struct source *source =
            source_add(&desk->pool, STR("f"), STR("abcdefghijklmnopqrstuvwxyz"));
        size_t at = 0;
        for (size_t n = 0; n < cases[i].notes; n++)
            add(desk, source, DIAG_LOSS, at++);
        for (size_t n = 0; n < cases[i].warnings; n++)
            add(desk, source, DIAG_PREFIX_BOUNDARY, at++);
        for (size_t n = 0; n < cases[i].errors; n++)
            add(desk, source, DIAG_HOST_FORBIDDEN, at++);
        diags_finish(&desk->diags, NULL);
        struct render_style style = { .files = cases[i].files, .most = cases[i].most };
        struct str got = shown(desk, "text", style);
        size_t last = str_find_last(str_slice(got, 0, got.len - 1), '\n');
        expect("summary", str_from(got, last == STR_NONE ? 0 : last + 1), cases[i].want);
        style.quiet = true;
        struct str quiet = shown(desk, "text", style);
        assert_false(str_ends(quiet, str_of(cases[i].want)));
        arena_free(&desk->arena);
    }
}

static void errors_go_first_where_there_is_no_room(void **state) {
    struct desk place, *desk = desk_new(&place);
    struct source *source = source_add(&desk->pool, STR("f"), STR("abcdefg"));
    (void)state;
    add(desk, source, DIAG_LOSS, 0);
    add(desk, source, DIAG_PREFIX_BOUNDARY, 1);
    add(desk, source, DIAG_PREFIX_BOUNDARY, 2);
    add(desk, source, DIAG_HOST_FORBIDDEN, 5);
    diags_finish(&desk->diags, NULL);
    expect(
        "json of two", shown(desk, "json", (struct render_style){ .files = 1, .most = 2 }),
        "{\"diagnostics\":["
        "{\"code\":\"R010\",\"level\":\"warning\",\"message\":\"R010 at 1\",\"effect\":\"\","
        "\"file\":\"f\",\"line\":1,\"column\":2,\"endLine\":1,\"endColumn\":3,\"help\":\"\","
        "\"notes\":[],\"fixes\":[]},"
        "{\"code\":\"E0202\",\"level\":\"error\",\"message\":\"E0202 at 5\",\"effect\":\"\","
        "\"file\":\"f\",\"line\":1,\"column\":6,\"endLine\":1,\"endColumn\":7,\"help\":\"\","
        "\"notes\":[],\"fixes\":[]}],"
        "\"summary\":{\"errors\":1,\"warnings\":2,\"notes\":1,\"files\":1,\"truncated\":true}}\n");
    arena_free(&desk->arena);
}

static void at_most_1000_by_default(void **state) {
    static char text[3000];
    struct desk place, *desk = desk_new(&place);
    (void)state;
    memset(text, 'a', sizeof text);
    struct source *source = source_add(&desk->pool, STR("f"), (struct str){ text, sizeof text });
    for (size_t i = 0; i < 2500; i++)
        add(desk, source, DIAG_HOST_FORBIDDEN, i);
    diags_finish(&desk->diags, NULL);
    struct str got = shown(desk, "text", (struct render_style){ .files = 1 });
    size_t count = 0;
    for (size_t at; (at = str_find_str(got, STR("error["))) != STR_NONE;
         got = str_from(got, at + 6))
        count++;
    assert_int_equal(count, 1000);
    assert_true(str_ends(got, STR("\n1000 of 2500 findings shown: 2500 errors in 1 file\n")));
    arena_free(&desk->arena);
}

static void everything_as_json(void **state) {
    struct desk place, *desk = desk_new(&place);
    struct source *a = source_add(&desk->pool, STR("projects/a/ingress.yml"),
                                  STR("\xef\xbb\xbfhost: größe\n  port: \"x\"\xff\n"));
    struct source *b = source_add(&desk->pool, STR("b.yml"), STR("x\ny z\n"));
    struct span none = { 0, 0 };
    (void)state;
    struct diag *d =
        diag_add(&desk->diags, DIAG_HOST_FORBIDDEN, span_at(a, "\"x\"\xff"), "no \"port\"\x01\xff");
    diag_effect(&desk->diags, d, "closed");
    diag_help(&desk->diags, d, "write\ta number");
    diag_note_at(&desk->diags, d, span_at(b, "z"), "there");
    diag_note_at(&desk->diags, d, none, "nowhere");
    diag_fix_replace(&desk->diags, d, true, span_at(a, "x"), STR("80"));
    diag_fix_replace(&desk->diags, d, false, span_at(a, "  port"), STR(""));
    diag_add(&desk->diags, DIAG_ELSE_UNCHECKED, span_at(a, "größe"), "wide");
    diag_add(&desk->diags, DIAG_YAML_SYNTAX, none, "c.yml does not exist");
    diags_finish(&desk->diags, NULL);
    expect("json", shown(desk, "json", (struct render_style){ .files = 2 }),
           "{\"diagnostics\":["
           "{\"code\":\"E0701\",\"level\":\"error\",\"message\":\"c.yml does not exist\","
           "\"effect\":\"\",\"file\":\"\",\"line\":1,\"column\":1,\"endLine\":1,\"endColumn\":1,"
           "\"help\":\"\",\"notes\":[],\"fixes\":[]},"
           "{\"code\":\"E0221\",\"level\":\"error\",\"message\":\"wide\",\"effect\":\"\","
           "\"file\":\"projects/a/ingress.yml\",\"line\":1,\"column\":7,\"endLine\":1,"
           "\"endColumn\":12,\"help\":\"\",\"notes\":[],\"fixes\":[]},"
           "{\"code\":\"E0202\",\"level\":\"error\",\"message\":\"no \\\"port\\\"\\u0001�\","
           "\"effect\":\"closed\",\"file\":\"projects/a/ingress.yml\",\"line\":2,\"column\":9,"
           "\"endLine\":2,\"endColumn\":13,\"help\":\"write\\ta number\","
           "\"notes\":[{\"message\":\"there\",\"file\":\"b.yml\",\"line\":2,\"column\":3},"
           "{\"message\":\"nowhere\",\"file\":\"\",\"line\":1,\"column\":1}],"
           "\"fixes\":[{\"title\":\"write `80`\",\"edits\":[{\"file\":\"projects/a/ingress.yml\","
           "\"start\":26,\"end\":27,\"text\":\"80\"}]},"
           "{\"title\":\"remove it\",\"edits\":[{\"file\":\"projects/a/ingress.yml\","
           "\"start\":17,\"end\":23,\"text\":\"\"}]}]}],"
           "\"summary\":{\"errors\":3,\"warnings\":0,\"notes\":0,\"files\":2}}\n");
    arena_free(&desk->arena);
}

static void nothing_as_json(void **state) {
    struct desk place, *desk = desk_new(&place);
    (void)state;
    diags_finish(&desk->diags, NULL);
    expect("empty", shown(desk, "json", (struct render_style){ .quiet = true }),
           "{\"diagnostics\":[],\"summary\":{\"errors\":0,\"warnings\":0,\"notes\":0,"
           "\"files\":0}}\n");
    arena_free(&desk->arena);
}

/* Any bytes, any span, any width: valid UTF-8 without escape bytes, and no memory error. */
static void any_bytes(void **state) {
    static const char *const forms[] = { "text", "json" };
    uint32_t seed = 7;
    (void)state;
    for (int round = 0; round < 3000; round++) {
        struct desk place, *desk = desk_new(&place);
        char text[400];
        size_t len = round % sizeof text;
        for (size_t i = 0; i < len; i++) {
            seed = seed * 1664525u + 1013904223u;
            text[i] = (char)(seed >> 24);
            if (seed >> 8 & 1)
                text[i] = "\n\t\r a\xe2\x80\x8d\xf0\x9f"[seed >> 9 & 7];
        }
        struct source *source =
            source_add(&desk->pool, (struct str){ text, len / 8 }, (struct str){ text, len });
        for (int i = 0; i < 4; i++) {
            seed = seed * 1664525u + 1013904223u;
            size_t from = (seed >> 8) % (len + 1), to = from + (seed >> 20) % (len + 1 - from);
            struct diag *d = diag_add(&desk->diags, DIAG_RULE, span_of(source, from, to), "%.*s",
                                      (int)(len / 4), text);
            diag_effect(&desk->diags, d, "%.*s", (int)len, text);
            diag_note_at(&desk->diags, d, span_of(source, from / 2, to), "n");
        }
        diags_finish(&desk->diags, NULL);
        for (size_t i = 0; i < 2; i++) {
            struct render_style style = { .width = (unsigned)(round % 90) };
            struct str got = shown(desk, forms[i], style);
            assert_true(got.len > 0 && got.at[got.len - 1] == '\n');
            for (size_t at = 0; at < got.len;) {
                struct glyph g = glyph_next(got, at);
                assert_true(g.kind == GLYPH_PLAIN || got.at[at] == '\n' || i == 1);
                assert_true(g.kind != GLYPH_CONTROL || got.at[at] == '\n');
                at += g.bytes;
            }
        }
        arena_free(&desk->arena);
    }
}

static void renderers_are_found_by_name(void **state) {
    (void)state;
    assert_false(renderer_find(STR("text"))->machine);
    assert_true(renderer_find(STR("json"))->machine);
    assert_null(renderer_find(STR("jso")));
    assert_null(renderer_find(STR("")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_as_text),
        cmocka_unit_test(a_line_of_100_kB),
        cmocka_unit_test(summaries),
        cmocka_unit_test(errors_go_first_where_there_is_no_room),
        cmocka_unit_test(at_most_1000_by_default),
        cmocka_unit_test(everything_as_json),
        cmocka_unit_test(nothing_as_json),
        cmocka_unit_test(any_bytes),
        cmocka_unit_test(renderers_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
