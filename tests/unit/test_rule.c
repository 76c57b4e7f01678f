/* Traefik's rule language: trees, and faults with their places and the words to type instead. */
#include "options/rule.h"
#include "support/buf.h"
#include "unit.h"

#define EACH(table) for (size_t i = 0; i < sizeof(table) / sizeof((table)[0]); i++)

static void show(struct buf *out, const struct rule *rule) {
    static const char *const signs[] = { [RULE_AND] = "&", [RULE_OR] = "|", [RULE_NOT] = "!" };
    if (rule->kind == RULE_MATCHER) {
        buf_add(out, rule->matcher ? rule->matcher->name : STR("?"));
        for (const struct rule_arg *arg = rule->args; arg; arg = arg->next)
            buf_format(out, "%s%.*s", arg == rule->args ? ":" : ",", STR_ARG(arg->text));
        return;
    }
    buf_format(out, "(%s", signs[rule->kind]);
    for (const struct rule *child = rule->first; child; child = child->next) {
        buf_char(out, ' ');
        show(out, child);
    }
    buf_char(out, ')');
}

static void test_trees(void **state) {
    (void)state;
    static const struct {
        enum rule_layer layer;
        const char *text, *tree;
    } cases[] = {
        { RULE_HTTP, "Host(`a`)", "Host:a" },
        { RULE_HTTP, "  Host(\"a\")  ", "Host:a" },
        { RULE_HTTP, "Host(`a`)\n", "Host:a" },
        { RULE_HTTP, "Host(`a`)\n\n  \n", "Host:a" },
        { RULE_HTTP, "Host(\n`a`,\n)", "Host:a" },
        { RULE_HTTP, "((Host(`a`)))", "Host:a" },
        { RULE_HTTP, "host(`a`) && PATHPREFIX(`/b`) && Pathregexp(`c`)",
          "(& Host:a PathPrefix:/b PathRegexp:c)" },
        { RULE_HTTP, "Host(`a`) || Host(`b`) && Path(`/c`)", "(| Host:a (& Host:b Path:/c))" },
        { RULE_HTTP, "(Host(`a`) || Host(`b`)) && Path(`/c`)", "(& (| Host:a Host:b) Path:/c)" },
        { RULE_HTTP, "!Host(`a`) && !!Method(`GET`)", "(& (! Host:a) (! (! Method:GET)))" },
        { RULE_HTTP, "!(Host(`a`) || Host(`b`))", "(! (| Host:a Host:b))" },
        { RULE_HTTP, "Host(`a`) &&\n Path(`/b`)", "(& Host:a Path:/b)" },
        { RULE_HTTP, "Host(`a`) /* x */ && // y\nPath(`/b`) // z", "(& Host:a Path:/b)" },
        { RULE_HTTP, "PathRegexp(\"^/\\\\d+\\x41\\u00e9$\")", "PathRegexp:^/\\d+A\xc3\xa9$" },
        { RULE_HTTP, "Header(`X`, `a,b`)", "Header:X,a,b" },
        { RULE_HTTP, "Query(`a`) || QueryRegexp(`a`, `b`)", "(| Query:a QueryRegexp:a,b)" },
        { RULE_HTTP, "ClientIP(`10.0.0.0/8`)", "ClientIP:10.0.0.0/8" },
        { RULE_TCP, "HostSNI(`*`) && ALPN(`h2`)", "(& HostSNI:* ALPN:h2)" },
        { RULE_TCP, "hostsni(`a`) || Hostsniregexp(`b`)", "(| HostSNI:a HostSNIRegexp:b)" },
        { RULE_ANY, "Host(`a`) || HostSNI(`b`)", "(| Host:a HostSNI:b)" },
    };
    struct arena a = { 0 };
    EACH(cases) {
        struct rule_parse p = rule_parse(&a, str_of(cases[i].text), cases[i].layer);
        if (!p.root || p.faults)
            fail_msg("%s: %s", cases[i].text, p.faults ? rule_error_text(p.faults->error) : "?");
        struct buf out = { .arena = &a };
        show(&out, p.root);
        assert_str(buf_str(&out), str_of(cases[i].tree));
    }
    arena_free(&a);
}

static void test_faults(void **state) {
    (void)state;
    static const struct {
        enum rule_layer layer;
        const char *text;
        enum rule_error error;
        size_t from, to;
        const char *instead;
    } cases[] = {
        { RULE_HTTP, "", RULE_EMPTY, 0, 0, "" },
        { RULE_HTTP, " \n", RULE_EMPTY, 0, 2, "" },
        { RULE_HTTP, "Host(`a\xff`)", RULE_UTF8, 7, 8, "" },
        { RULE_HTTP, "Host(`a`) ; Path(`/`)", RULE_CHARACTER, 10, 11, "" },
        { RULE_HTTP, "Host(`a`) & Path(`/`)", RULE_OPERATOR, 10, 11, "&&" },
        { RULE_HTTP, "Host(`a`) | Path(`/`)", RULE_OPERATOR, 10, 11, "||" },
        { RULE_HTTP, "Host(`a`) and Path(`/`)", RULE_OPERATOR, 10, 13, "&&" },
        { RULE_HTTP, "not Host(`a`)", RULE_OPERATOR, 0, 3, "!" },
        { RULE_HTTP, "Host(`a`), Path(`/`)", RULE_OPERATOR, 9, 10, " ||" },
        { RULE_HTTP, "Host == `a`", RULE_OPERATOR, 5, 7, "" },
        { RULE_HTTP, "Host(`a`)\n&& Path(`/`)", RULE_NEWLINE, 10, 12, "" },
        { RULE_HTTP, "(Host(`a`)\n|| Host(`b`))", RULE_NEWLINE, 11, 13, "" },
        { RULE_HTTP, "Host(`a`\n)", RULE_NEWLINE, 9, 10, "" },
        { RULE_HTTP, "Host(`a`) /* x", RULE_COMMENT_OPEN, 10, 12, "" },
        { RULE_HTTP, "Host(`a)", RULE_STRING_OPEN, 5, 6, "" },
        { RULE_HTTP, "Host('a')", RULE_STRING_QUOTES, 5, 8, "`a`" },
        { RULE_HTTP, "Host('a)", RULE_STRING_QUOTES, 5, 6, "" },
        { RULE_HTTP, "HostRegexp(\"a\\.b\")", RULE_ESCAPE, 13, 15, "\\\\." },
        { RULE_HTTP, "(Host(`a`)", RULE_PAREN_OPEN, 0, 1, "" },
        { RULE_HTTP, "Host(`a`", RULE_PAREN_OPEN, 4, 5, "" },
        { RULE_HTTP, "Host(`a`))", RULE_PAREN_STRAY, 9, 10, "" },
        { RULE_HTTP, "Host(`a`) &&", RULE_OPERAND, 12, 12, "" },
        { RULE_HTTP, "&& Host(`a`)", RULE_OPERAND, 0, 2, "" },
        { RULE_HTTP, "Host(`a`) Path(`/`)", RULE_JUXTAPOSED, 10, 14, "" },
        { RULE_HTTP, "Host:a.example", RULE_CHARACTER, 4, 5, "" },
        { RULE_HTTP, "Host && Path(`/`)", RULE_CALL, 0, 4, "" },
        { RULE_HTTP, "Host(a)", RULE_ARGUMENT, 5, 6, "`a`" },
        { RULE_HTTP, "Hots(`a`)", RULE_UNKNOWN, 0, 4, "Host" },
        { RULE_HTTP, "pathPrefix(`/a`)", RULE_CASE, 0, 10, "PathPrefix" },
        { RULE_HTTP, "HostSNI(`a`)", RULE_LAYER_HTTP, 0, 7, "Host" },
        { RULE_TCP, "Host(`a`)", RULE_LAYER_TCP, 0, 4, "HostSNI" },
        { RULE_TCP, "PathPrefix(`/`)", RULE_LAYER_TCP, 0, 10, "" },
        { RULE_HTTP, "Header(`a`)", RULE_ARITY, 0, 11, "" },
        { RULE_HTTP, "Host()", RULE_ARITY, 0, 6, "" },
        { RULE_HTTP, "Host(``)", RULE_ARGUMENT_EMPTY, 5, 7, "" },
        { RULE_HTTP, "Headers(`a`, `b`)", RULE_V2_NAME, 0, 7, "Header" },
        { RULE_HTTP, "hostheader(`a`)", RULE_V2_NAME, 0, 10, "Host" },
        { RULE_HTTP, "Host(`a`, `b`)", RULE_V2_ARGUMENTS, 0, 14, "(Host(`a`) || Host(`b`))" },
    };
    struct arena a = { 0 };
    EACH(cases) {
        struct rule_parse p = rule_parse(&a, str_of(cases[i].text), cases[i].layer);
        const struct rule_fault *f = p.faults;
        if (!f || f->next)
            fail_msg("%s: %s", cases[i].text, f ? "two faults" : "no fault");
        if (f->error != cases[i].error || f->from != cases[i].from || f->to != cases[i].to)
            fail_msg("%s: %s [%zu,%zu)", cases[i].text, rule_error_text(f->error), f->from, f->to);
        assert_str(f->instead, str_of(cases[i].instead));
    }
    arena_free(&a);
}

static void test_every_fault(void **state) {
    (void)state;
    struct arena a = { 0 };
    struct rule_parse p = rule_parse(&a, STR("Hots(`a`) && Headers(`b`) && Path(``)"), RULE_HTTP);
    assert_non_null(p.root);
    assert_int_equal(p.faults->error, RULE_UNKNOWN);
    assert_int_equal(p.faults->next->error, RULE_V2_NAME);
    assert_int_equal(p.faults->next->next->error, RULE_ARGUMENT_EMPTY);
    assert_null(p.faults->next->next->next);
    arena_free(&a);
}

static void test_depth(void **state) {
    (void)state;
    struct arena a = { 0 };
    struct buf deep = { .arena = &a };
    buf_repeat(&deep, '(', 100000);
    struct rule_parse p = rule_parse(&a, buf_str(&deep), RULE_HTTP);
    assert_null(p.root);
    assert_int_equal(p.faults->error, RULE_DEPTH);
    arena_free(&a);
}

static void test_v2_patterns(void **state) {
    (void)state;
    static const struct {
        const char *text, *regex;
    } cases[] = {
        { "{sub:[a-z]+}.example.com", "[a-z]+\\.example\\.com" },
        { "/user/{id}", "/user/[^/]+" },
        { "/{v:a|b}/x", "/(?:a|b)/x" },
        { "/{n:[0-9]{1,3}}", "/[0-9]{1,3}" },
    };
    struct arena a = { 0 };
    size_t from, to;
    EACH(cases) {
        assert_true(rule_find_v2_pattern(str_of(cases[i].text), &from, &to));
        assert_str(rule_from_v2_pattern(&a, str_of(cases[i].text)), str_of(cases[i].regex));
    }
    assert_false(rule_find_v2_pattern(STR("/a{2}/{}"), &from, &to));
    arena_free(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trees),       cmocka_unit_test(test_faults),
        cmocka_unit_test(test_every_fault), cmocka_unit_test(test_depth),
        cmocka_unit_test(test_v2_patterns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
