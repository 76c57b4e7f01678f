/* Rules in the syntax of Traefik 2, which `ruleSyntax: v2` asks for (pkg/muxer/http/matcher_v2.go
   and its sister for TCP): matchers take several values, and paths and hosts are templates of
   gorilla/mux. Each becomes tests of today's matchers. */
#include "analysis/test_build.h"
#include "support/buf.h"
#include "support/regex_program.h"

enum shape {
    ANY_OF,         /* values, of which one must fit */
    HOST_TEMPLATES, /* … as host templates: "{sub:[a-z]+}.example.com" */
    PATH_TEMPLATES, /* … as path templates */
    PREFIX_TEMPLATES,
    PAIRS,       /* names and values, all of which must fit */
    REGEX_PAIRS, /* … as regular expressions */
    QUERIES,     /* "name=value", all of which must fit */
};

static const struct {
    const char *name;
    enum rule_layer layer;
    enum matcher_id id;
    enum shape shape;
} rows[] = {
    { "Host", RULE_HTTP, MATCHER_HOST, ANY_OF },
    { "HostHeader", RULE_HTTP, MATCHER_HOST, ANY_OF },
    { "HostRegexp", RULE_HTTP, MATCHER_HOST_REGEXP, HOST_TEMPLATES },
    { "ClientIP", RULE_ANY, MATCHER_CLIENT_IP, ANY_OF },
    { "Path", RULE_HTTP, MATCHER_PATH_REGEXP, PATH_TEMPLATES },
    { "PathPrefix", RULE_HTTP, MATCHER_PATH_REGEXP, PREFIX_TEMPLATES },
    { "Method", RULE_HTTP, MATCHER_METHOD, ANY_OF },
    { "Headers", RULE_HTTP, MATCHER_HEADER, PAIRS },
    { "HeadersRegexp", RULE_HTTP, MATCHER_HEADER_REGEXP, REGEX_PAIRS },
    { "Query", RULE_HTTP, MATCHER_QUERY_REGEXP, QUERIES },
    { "HostSNI", RULE_TCP, MATCHER_HOST_SNI, ANY_OF },
    { "HostSNIRegexp", RULE_TCP, MATCHER_HOST_SNI_REGEXP, HOST_TEMPLATES },
    { "ALPN", RULE_TCP, MATCHER_ALPN, ANY_OF },
};

struct v2 {
    struct test_build *build;
    struct arena *arena;
    struct str rule;
    enum rule_layer layer;
};

/* ---- templates ---- */

static void quote(struct buf *out, struct str text) {
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] && strchr("\\.+*?()|[]{}^$", text.at[i]))
            buf_char(out, '\\');
        buf_char(out, text.at[i]);
    }
}

/* Where the brace at `from` closes; braces inside count. */
static size_t closing(struct str s, size_t from) {
    size_t level = 0;
    for (size_t i = from; i < s.len; i++) {
        if (s.at[i] == '{')
            level++;
        else if (s.at[i] == '}' && --level == 0)
            return i;
    }
    return STR_NONE;
}

/* "{name:pattern}" and "{name}"; false when braces are open or empty. */
static bool pattern_of(struct v2 *v, struct str text, enum shape shape, struct str *pattern) {
    struct buf out = { .arena = v->arena };
    bool host = shape == HOST_TEMPLATES;
    buf_text(&out, host ? "(?i)^" : "^");
    while (text.len) {
        size_t open = str_find(text, '{');
        quote(&out, str_slice(text, 0, open));
        if (open == STR_NONE)
            break;
        size_t close = closing(text, open);
        if (close == STR_NONE)
            return false;
        struct str inner = str_slice(text, open + 1, close);
        size_t colon = str_find(inner, ':');
        struct str given = colon == STR_NONE ? STR("") : str_from(inner, colon + 1);
        if (!inner.len || colon == 0 || (colon != STR_NONE && !given.len))
            return false;
        if (!given.len)
            given = host ? STR("[^.]+") : STR("[^/]+");
        buf_format(&out, "(%.*s)", STR_ARG(given));
        text = str_from(text, close + 1);
    }
    if (shape != PREFIX_TEMPLATES)
        buf_char(&out, '$');
    *pattern = buf_str(&out);
    return true;
}

/* ---- building ---- */

static struct test *leaf(struct v2 *v, const struct rule *rule, enum matcher_id id, struct str a,
                         struct str b, bool has_b) {
    struct test *t = arena_new(v->arena, struct test);
    *t = (struct test){ .kind = RULE_MATCHER,
                        .matcher = id,
                        .written = str_slice(v->rule, rule->from, rule->to),
                        .a = test_build_keep(v->build, a),
                        .b = test_build_keep(v->build, b),
                        .has_b = has_b };
    test_build_matcher(v->build, t);
    return t;
}

static struct test *of_template(struct v2 *v, const struct rule *rule, size_t row,
                                struct str text) {
    struct str pattern = STR("");
    struct test t = { .written = str_slice(v->rule, rule->from, rule->to) };
    bool path = rows[row].shape != HOST_TEMPLATES;
    if (path && !str_starts(text, STR("/")))
        test_build_refuse(v->build, &t, "a path begins with /");
    else if (!pattern_of(v, text, rows[row].shape, &pattern))
        test_build_refuse(v->build, &t, "its braces are open or empty");
    return leaf(v, rule, rows[row].id, pattern, STR(""), false);
}

static struct test *of_query(struct v2 *v, const struct rule *rule, size_t row, struct str text) {
    size_t equals = str_find(text, '=');
    struct str pattern = STR("");
    struct test t = { .written = str_slice(v->rule, rule->from, rule->to) };
    if (equals == STR_NONE)
        test_build_refuse(v->build, &t, "a query is written name=value");
    else if (!pattern_of(v, str_from(text, equals + 1), PATH_TEMPLATES, &pattern))
        test_build_refuse(v->build, &t, "its braces are open or empty");
    return leaf(v, rule, rows[row].id, str_slice(text, 0, equals), pattern, true);
}

static struct test *of_matcher(struct v2 *v, const struct rule *rule, size_t row) {
    struct test *all = arena_new(v->arena, struct test), **tail = &all->first;
    enum shape shape = rows[row].shape;
    bool pairs = shape == PAIRS || shape == REGEX_PAIRS;
    *all = (struct test){ .kind = pairs || shape == QUERIES ? RULE_AND : RULE_OR,
                          .written = str_slice(v->rule, rule->from, rule->to) };
    for (const struct rule_arg *arg = rule->args; arg; arg = arg->next) {
        if (!arg->text.len || (pairs && !arg->next)) {
            test_build_refuse(v->build, all,
                              arg->text.len ? "a value is missing"
                                            : "an argument may not be empty");
            return all;
        }
        if (pairs) {
            *tail = leaf(v, rule, rows[row].id, arg->text, arg->next->text, true);
            arg = arg->next;
        } else if (shape == QUERIES) {
            *tail = of_query(v, rule, row, arg->text);
        } else if (shape == ANY_OF) {
            *tail = leaf(v, rule, rows[row].id, arg->text, STR(""), false);
        } else {
            *tail = of_template(v, rule, row, arg->text);
        }
        tail = &(*tail)->next;
    }
    if (!all->first)
        test_build_refuse(v->build, all, "it has no value");
    return all;
}

static struct test *of_rule(struct v2 *v, const struct rule *rule) {
    if (rule->kind == RULE_MATCHER) {
        struct str name = str_slice(v->rule, rule->from, rule->name_to);
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            if (str_eq_nocase(name, str_of(rows[i].name)) && (rows[i].layer & v->layer))
                return of_matcher(v, rule, i);
        struct test *t = arena_new(v->arena, struct test);
        *t = (struct test){ .kind = RULE_OR, .written = str_slice(v->rule, rule->from, rule->to) };
        test_build_refuse(v->build, t, "the syntax of Traefik 2 has no such matcher");
        return t;
    }
    struct test *t = arena_new(v->arena, struct test), **tail = &t->first;
    *t = (struct test){ .kind = rule->kind, .written = str_slice(v->rule, rule->from, rule->to) };
    for (const struct rule *child = rule->first; child; child = child->next) {
        *tail = of_rule(v, child);
        tail = &(*tail)->next;
    }
    return t;
}

struct test *test_new_v2(struct arena *a, struct str rule, const struct rule *root,
                         enum rule_layer layer, struct str *refused) {
    struct test_build b = { .arena = a, .rule = rule };
    struct v2 v = { .build = &b, .arena = a, .rule = rule, .layer = layer };
    struct test *t = of_rule(&v, root);
    *refused = b.refused;
    return b.refused.len ? NULL : t;
}
