/* Traefik's matchers (pkg/muxer/http/matcher.go and pkg/muxer/tcp/matcher.go), each as it is built,
   refused and asked. */
#include "analysis/test.h"

#include "analysis/test_build.h"
#include "options/options.h"
#include "support/buf.h"
#include "support/regex_program.h"

static bool is_ascii(struct str s) {
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] >= 0x80)
            return false;
    return true;
}

static struct str lower(struct arena *a, struct str s) {
    char *at = arena_alloc(a, s.len + 1);
    for (size_t i = 0; i < s.len; i++)
        at[i] = char_lower(s.at[i]);
    return (struct str){ at, s.len };
}

static struct str upper(struct arena *a, struct str s) {
    char *at = arena_alloc(a, s.len + 1);
    for (size_t i = 0; i < s.len; i++)
        at[i] = char_is_lower(s.at[i]) ? (char)(s.at[i] - 'a' + 'A') : s.at[i];
    return (struct str){ at, s.len };
}

/* ---- building ---- */

bool test_build_refuse(struct test_build *b, const struct test *t, const char *why) {
    if (!b->refused.len)
        b->refused = str_format(b->arena, "%.*s: %s", STR_ARG(t->written), why);
    return false;
}

struct str test_build_keep(struct test_build *b, struct str text) {
    bool stays = text.at >= b->rule.at && text.at + text.len <= b->rule.at + b->rule.len;
    return stays ? text : str_copy(b->arena, text);
}

static bool take_regex(struct test_build *b, struct test *t, struct str pattern) {
    struct fault fault;
    t->regex = regex_compile(b->arena, pattern, &fault);
    return t->regex || test_build_refuse(b, t, regex_error_text(fault.error));
}

/* `^(\*\.)?[[:word:]\.\-\:]+$`, the star since 3.7.0. */
static bool is_sni(struct str s, bool wildcards) {
    if (wildcards && str_starts(s, STR("*.")))
        s = str_from(s, 2);
    for (size_t i = 0; i < s.len; i++)
        if (!char_is_alnum(s.at[i]) && !strchr("_.-:", s.at[i]))
            return false;
    return s.len > 0;
}

/* Go's http.CanonicalHeaderKey: names that are no tokens stay as they are. */
static struct str canonical_header(struct arena *a, struct str s) {
    for (size_t i = 0; i < s.len; i++)
        if (!char_is_alnum(s.at[i]) && (!strchr("!#$%&'*+-.^_`|~", s.at[i]) || !s.at[i]))
            return s;
    char *at = arena_alloc(a, s.len + 1);
    for (size_t i = 0; i < s.len; i++) {
        char c = char_lower(s.at[i]);
        bool first = i == 0 || s.at[i - 1] == '-';
        at[i] = first && char_is_lower(c) ? (char)(c - 'a' + 'A') : c;
    }
    return (struct str){ at, s.len };
}

bool test_build_matcher(struct test_build *b, struct test *t) {
    switch (t->matcher) {
    case MATCHER_HOST:
        if (b->any_host && str_is(t->a, "*")) {
            t->anything = true;
            return true;
        }
        if (!is_ascii(t->a))
            return test_build_refuse(b, t, "a host is written in ASCII");
        t->a = lower(b->arena, t->a);
        return true;
    case MATCHER_HOST_REGEXP:
    case MATCHER_HOST_SNI_REGEXP:
        return is_ascii(t->a) ? take_regex(b, t, t->a)
                              : test_build_refuse(b, t, "a pattern of hosts is written in ASCII");
    case MATCHER_PATH:
    case MATCHER_PATH_PREFIX:
        return str_starts(t->a, STR("/")) || test_build_refuse(b, t, "a path begins with /");
    case MATCHER_PATH_REGEXP: return take_regex(b, t, t->a);
    case MATCHER_METHOD: t->a = upper(b->arena, t->a); return true;
    case MATCHER_HEADER: t->a = canonical_header(b->arena, t->a); return true;
    case MATCHER_HEADER_REGEXP:
        t->a = canonical_header(b->arena, t->a);
        return take_regex(b, t, t->b);
    case MATCHER_QUERY: return true;
    case MATCHER_QUERY_REGEXP: return !t->has_b || take_regex(b, t, t->b);
    case MATCHER_CLIENT_IP: {
        t->range = arena_new(b->arena, struct cidr);
        struct fault fault = cidr_parse(t->a, t->range);
        return !fault.error || test_build_refuse(b, t, cidr_error_text(fault.error));
    }
    case MATCHER_HOST_SNI:
        if (str_is(t->a, "*")) {
            t->anything = true;
            return true;
        }
        if (!is_sni(t->a, b->wildcards))
            return test_build_refuse(b, t, "this is no server name");
        t->a = lower(b->arena, t->a);
        if (str_ends(t->a, STR(".")))
            t->a.len--;
        return true;
    case MATCHER_ALPN:
        return !str_is(t->a, "acme-tls/1") ||
               test_build_refuse(b, t, "this protocol is for certificates alone");
    case MATCHER_COUNT: break;
    }
    return false;
}

/* As deep as the rule, at most RULE_DEEPEST. */
static struct test *build(struct test_build *b, const struct rule *rule) {
    struct test *t = arena_new(b->arena, struct test);
    t->kind = rule->kind;
    t->written = str_slice(b->rule, rule->from, rule->to);
    if (rule->kind == RULE_MATCHER) {
        t->matcher = rule->matcher->id;
        t->a = test_build_keep(b, rule->args->text);
        t->has_b = rule->args->next;
        t->b = t->has_b ? test_build_keep(b, rule->args->next->text) : STR("");
        t->wildcards = b->wildcards;
        test_build_matcher(b, t);
    }
    struct test **tail = &t->first;
    for (const struct rule *child = rule->first; child; child = child->next) {
        *tail = build(b, child);
        tail = &(*tail)->next;
    }
    return t;
}

struct test *test_new(struct arena *a, struct str rule, const struct rule *root, uint32_t version,
                      struct str *refused) {
    uint32_t wildcards = 0, any_host = 0;
    option_version_parse(STR("3.7.0"), &wildcards);
    option_version_parse(STR("3.7.7"), &any_host);
    struct test_build b = { a, rule, version >= wildcards, version >= any_host, { 0 } };
    struct test *t = build(&b, root);
    *refused = b.refused;
    return b.refused.len ? NULL : t;
}

/* ---- asking ---- */

bool test_host_fits(struct str host, struct str expression, bool wildcards) {
    if (!wildcards || !str_starts(expression, STR("*")))
        return str_eq(host, expression);
    size_t dot = str_find(host, '.');
    struct str rest = dot == STR_NONE ? STR("") : str_from(host, dot);
    return str_eq(str_from(expression, 1), rest);
}

/* One dot at the end, of the rule or of the request, does not count. */
static bool host_fits(const struct test *t, struct str host) {
    if (host.len == 0)
        return false;
    if (test_host_fits(host, t->a, t->wildcards))
        return true;
    if (str_ends(t->a, STR(".")) &&
        test_host_fits(host, str_slice(t->a, 0, t->a.len - 1), t->wildcards))
        return true;
    return str_ends(host, STR(".")) &&
           test_host_fits(str_slice(host, 0, host.len - 1), t->a, t->wildcards);
}

static enum test_answer answer(bool yes) {
    return yes ? TEST_YES : TEST_NO;
}

static enum test_answer ask_regex(const struct test *t, struct str text, struct arena *scratch) {
    switch (regex_match(t->regex, text, scratch)) {
    case REGEX_NO: return TEST_NO;
    case REGEX_YES: return TEST_YES;
    case REGEX_UNKNOWN: break;
    }
    return TEST_UNKNOWN;
}

static enum test_answer ask_pairs(const struct test *t, const struct test_pair *pairs,
                                  struct arena *scratch) {
    enum test_answer best = TEST_NO;
    for (const struct test_pair *p = pairs; p; p = p->next) {
        if (!str_eq(p->key, t->a))
            continue;
        enum test_answer one =
            t->regex ? ask_regex(t, p->value, scratch) : answer(str_eq(p->value, t->b));
        best = one == TEST_YES || best == TEST_NO ? one : best;
        if (best == TEST_YES)
            break;
    }
    return best;
}

static bool client_fits(const struct test *t, const struct test_input *in) {
    if (!in->has_client)
        return false;
    struct cidr range = cidr_unmapped(t->range), client = cidr_unmapped(&in->client);
    return cidr_contains(&range, &client);
}

static enum test_answer ask_matcher(const struct test *t, const struct test_input *in) {
    if (t->anything)
        return TEST_YES;
    switch (t->matcher) {
    case MATCHER_HOST: return answer(host_fits(t, in->host));
    case MATCHER_HOST_REGEXP: {
        /* Traefik also asks with the flattened name, which is empty unless that is configured. */
        enum test_answer one = ask_regex(t, in->host, in->scratch);
        return one == TEST_NO ? ask_regex(t, STR(""), in->scratch) : one;
    }
    case MATCHER_PATH: return answer(str_eq(in->path, t->a));
    case MATCHER_PATH_PREFIX: return answer(str_starts(in->path, t->a));
    case MATCHER_PATH_REGEXP: return ask_regex(t, in->path, in->scratch);
    case MATCHER_METHOD: return answer(str_eq(in->method, t->a));
    case MATCHER_HEADER:
    case MATCHER_HEADER_REGEXP: return ask_pairs(t, in->headers, in->scratch);
    case MATCHER_QUERY:
    case MATCHER_QUERY_REGEXP: return ask_pairs(t, in->query, in->scratch);
    case MATCHER_CLIENT_IP: return answer(client_fits(t, in));
    case MATCHER_HOST_SNI:
        return answer(in->sni.len && test_host_fits(in->sni, t->a, t->wildcards));
    case MATCHER_HOST_SNI_REGEXP: return ask_regex(t, in->sni, in->scratch);
    case MATCHER_ALPN:
        for (size_t i = 0; i < in->alpn.count; i++)
            if (str_eq(in->alpn.at[i], t->a))
                return TEST_YES;
        return TEST_NO;
    case MATCHER_COUNT: break;
    }
    return TEST_NO;
}

static enum test_answer opposite(enum test_answer one) {
    return one == TEST_UNKNOWN ? one : answer(one == TEST_NO);
}

enum test_answer test_ask(const struct test *t, const struct test_input *in) {
    enum test_answer result = TEST_NO;
    switch (t->kind) {
    case RULE_MATCHER: return ask_matcher(t, in);
    case RULE_NOT: return opposite(test_ask(t->first, in));
    case RULE_AND:
        result = TEST_YES;
        for (const struct test *c = t->first; c && result != TEST_NO; c = c->next) {
            enum test_answer one = test_ask(c, in);
            result = one == TEST_YES ? result : one;
        }
        return result;
    case RULE_OR:
        for (const struct test *c = t->first; c && result != TEST_YES; c = c->next) {
            enum test_answer one = test_ask(c, in);
            result = one == TEST_NO ? result : one;
        }
        return result;
    }
    return result;
}

/* ---- explaining ---- */

static void tell_value(struct buf *out, const char *what, struct str value) {
    if (value.len)
        buf_format(out, "the %s is `%.*s`", what, STR_ARG(value));
    else
        buf_format(out, "there is no %s", what);
}

static void tell_pairs(struct buf *out, const struct test *t, const struct test_pair *pairs,
                       const char *what) {
    size_t count = 0;
    for (const struct test_pair *p = pairs; p; p = p->next)
        if (str_eq(p->key, t->a)) {
            if (count++ == 0)
                buf_format(out, "the %s `%.*s` is ", what, STR_ARG(t->a));
            else
                buf_text(out, " and ");
            buf_format(out, "`%.*s`", STR_ARG(p->value));
        }
    if (count == 0)
        buf_format(out, "there is no %s `%.*s`", what, STR_ARG(t->a));
}

static void tell_met(struct buf *out, const struct test *t, const struct test_input *in) {
    switch (t->matcher) {
    case MATCHER_HOST:
    case MATCHER_HOST_REGEXP:
        tell_value(out, "host", in->host);
        if (t->matcher == MATCHER_HOST && !t->wildcards && str_starts(t->a, STR("*")))
            buf_text(out, ", and before Traefik 3.7.0 a star stands for itself");
        return;
    case MATCHER_PATH:
    case MATCHER_PATH_PREFIX:
    case MATCHER_PATH_REGEXP: tell_value(out, "path", in->path); return;
    case MATCHER_METHOD: tell_value(out, "method", in->method); return;
    case MATCHER_HEADER:
    case MATCHER_HEADER_REGEXP: tell_pairs(out, t, in->headers, "header"); return;
    case MATCHER_QUERY:
    case MATCHER_QUERY_REGEXP: tell_pairs(out, t, in->query, "query value"); return;
    case MATCHER_CLIENT_IP:
        tell_value(out, "client",
                   in->has_client ? cidr_address_text(in->scratch, &in->client) : STR(""));
        return;
    case MATCHER_HOST_SNI:
    case MATCHER_HOST_SNI_REGEXP: tell_value(out, "server name", in->sni); return;
    case MATCHER_ALPN:
        if (in->alpn.count == 0)
            buf_text(out, "the client offers no protocol");
        for (size_t i = 0; i < in->alpn.count; i++)
            buf_format(out, "%s`%.*s`", i ? ", " : "the client offers ", STR_ARG(in->alpn.at[i]));
        return;
    case MATCHER_COUNT: return;
    }
}

enum { ALTERNATIVES_TOLD = 3 };

static const struct test *next_failing(const struct test *t, const struct test_input *in,
                                       bool wanted) {
    while (t && test_ask(t, in) == answer(wanted))
        t = t->next;
    return t;
}

/* Matchers of one family look at the same part of a request. */
static enum matcher_id family(enum matcher_id id) {
    switch (id) {
    case MATCHER_HOST_REGEXP: return MATCHER_HOST;
    case MATCHER_PATH_PREFIX:
    case MATCHER_PATH_REGEXP: return MATCHER_PATH;
    case MATCHER_HOST_SNI_REGEXP: return MATCHER_HOST_SNI;
    case MATCHER_HEADER_REGEXP: return MATCHER_HEADER;
    case MATCHER_QUERY_REGEXP: return MATCHER_QUERY;
    default: return id;
    }
}

/* What is said of one of them holds for both. */
static bool meets_alike(const struct test *a, const struct test *b) {
    if (a->kind != RULE_MATCHER || b->kind != RULE_MATCHER || a->anything || b->anything)
        return false;
    enum matcher_id one = family(a->matcher);
    bool named = one == MATCHER_HEADER || one == MATCHER_QUERY;
    return one == family(b->matcher) && (!named || str_eq(a->a, b->a));
}

/* `wanted`: the answer that was hoped for. */
static void explain(struct buf *out, const struct test *t, const struct test_input *in,
                    bool wanted) {
    if (t->kind == RULE_MATCHER) {
        buf_format(out, "%s%.*s: ", wanted ? "" : "!", STR_ARG(t->written));
        if (t->anything)
            buf_text(out, "it fits everything");
        else
            tell_met(out, t, in);
        return;
    }
    if (t->kind == RULE_NOT) {
        explain(out, t->first, in, !wanted);
        return;
    }
    /* Of what all must hold the first that does not tells; of alternatives each does. */
    bool all = (t->kind == RULE_AND) == wanted;
    size_t told = 0;
    for (const struct test *c = next_failing(t->first, in, wanted); c;) {
        const struct test *after = all ? NULL : next_failing(c->next, in, wanted);
        if (told == ALTERNATIVES_TOLD) {
            buf_text(out, "…");
            return;
        }
        if (after && told + 1 < ALTERNATIVES_TOLD && meets_alike(c, after)) {
            buf_format(out, "%s%.*s, ", wanted ? "" : "!", STR_ARG(c->written));
        } else {
            explain(out, c, in, wanted);
            buf_text(out, after ? "; " : "");
        }
        told++;
        c = after;
    }
}

struct str test_explain(const struct test *t, const struct test_input *in, struct arena *a) {
    struct buf out = { .arena = a };
    explain(&out, t, in, true);
    return buf_str(&out);
}
