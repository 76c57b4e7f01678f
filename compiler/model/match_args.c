/* Arguments of Traefik's matchers: what it refuses, and what it takes and never finds. */
#include "model/domain.h"
#include "model/http.h"
#include "model/match.h"
#include "model/regex_lint.h"
#include "options/options.h"
#include "support/cidr.h"
#include "support/utf8.h"

struct argument {
    struct match *m;
    const struct rule *call;
    const struct rule_arg *arg;
    struct str text;
    bool negated;
    bool open; /* a variable or a parameter's stand-in is in it: its value is not known */
};

/* Bytes of the value as bytes of the rule; the whole argument where they do not correspond. */
static size_t place(const struct argument *a, size_t at, bool end) {
    if (!a->arg->plain)
        return end ? a->arg->to : a->arg->from;
    return a->arg->from + 1 + at;
}

#define REFUSE(a, code, from, to, ...)                                                             \
    match_refuse((a)->m, diag_add((a)->m->diags, code,                                             \
                                  match_span((a)->m, place(a, from, false), place(a, to, true)),   \
                                  __VA_ARGS__))
#define WARN(a, code, from, to, ...)                                                               \
    diag_add((a)->m->diags, code, match_span((a)->m, place(a, from, false), place(a, to, true)),   \
             __VA_ARGS__)

static void instead(const struct argument *a, struct diag *d, struct str text, bool safe) {
    if (a->arg->plain)
        match_instead(a->m, d, place(a, 0, false), place(a, a->text.len, true), text, safe);
    else
        diag_help(a->m->diags, d, "write %.*s", STR_ARG(text));
}

static void never(const struct argument *a, struct diag *d) {
    diag_effect(a->m->diags, d,
                a->negated ? "this part of the rule always holds" : "no request ever matches it");
}

/* ---- Traefik 2 ---- */

static bool is_v2(const struct argument *a, bool path) {
    size_t from, to;
    if (!rule_find_v2_pattern(a->text, &from, &to))
        return false;
    struct diag *d = WARN(a, DIAG_RULE_V2, from, to, "this pattern is the syntax of Traefik 2");
    diag_effect(a->m->diags, d, "Traefik 3 takes the braces as text; %s",
                a->negated ? "this part of the rule always holds" : "no request ever matches it");
    struct str re = rule_from_v2_pattern(a->m->arena, a->text);
    const char *matcher =
        path ? "PathRegexp"
        : a->m->mode != MODE_UNKNOWN && mode_infos[a->m->mode].protocol == PROTOCOL_TCP
            ? "HostSNIRegexp"
            : "HostRegexp";
    bool prefix = a->call->matcher->id == MATCHER_PATH_PREFIX;
    struct str instead =
        str_format(a->m->arena, "%s(`^%.*s%s`)", matcher, STR_ARG(re), prefix ? "" : "$");
    match_instead(a->m, d, a->call->from, a->call->to, instead, true);
    return true;
}

/* ---- hosts ---- */

static bool find_non_ascii(struct str text, size_t *at) {
    for (*at = 0; *at < text.len; ++*at)
        if ((unsigned char)text.at[*at] >= 0x80)
            return true;
    return false;
}

static bool is_ascii(const struct argument *a) {
    size_t at;
    if (!find_non_ascii(a->text, &at))
        return true;
    struct domain domain;
    struct diag *d = REFUSE(a, DIAG_HOST_IDN, 0, a->text.len,
                            "host names in rules are ASCII, and this one is not");
    if (a->call->matcher->id == MATCHER_HOST &&
        !domain_parse(a->m->arena, a->text, NULL, 0, &domain).error)
        instead(a, d, domain.name, true);
    return false;
}

static void judge_wildcard(const struct argument *a) {
    bool any = a->text.len == 1;
    const char *since = any ? "3.7.7" : "3.7.0";
    uint32_t needed;
    if (!a->m->version || !option_version_parse(str_of(since), &needed) || a->m->version >= needed)
        return;
    struct diag *d = WARN(a, DIAG_WILDCARD_VERSION, 0, a->text.len,
                          "`%.*s` is a wildcard from Traefik %s on", STR_ARG(a->text), since);
    diag_effect(a->m->diags, d, "in the version asked for it is a name like any other");
    if (any)
        diag_help(a->m->diags, d, "write HostRegexp(`^.*$`)");
    else
        diag_help(a->m->diags, d, "write HostRegexp(`^[^.]+%.*s$`)",
                  STR_ARG(rule_from_v2_pattern(a->m->arena, str_from(a->text, 1))));
}

static void judge_host(const struct argument *a) {
    static const struct {
        char c;
        const char *what;
    } dead[] = {
        { ':', "a port" },   { '[', "brackets" }, { ']', "brackets" }, { ' ', "a blank" },
        { '\t', "a blank" }, { '/', "a slash" },  { '@', "a user" },   { ',', "a comma" }
    };
    struct str s = a->text;
    if (is_v2(a, false) || !is_ascii(a))
        return;
    for (size_t i = 0; i < s.len; i++)
        for (size_t k = 0; k < sizeof dead / sizeof *dead; k++)
            if (s.at[i] == dead[k].c) {
                struct diag *d = WARN(a, DIAG_HOST_DEAD, 0, s.len,
                                      "a host with %s in it never comes", dead[k].what);
                never(a, d);
                if (s.at[i] == ':' && i > 0 && str_find_str(s, STR("//")) == STR_NONE)
                    instead(a, d, str_slice(s, 0, i), false);
                else
                    diag_help(a->m->diags, d, "write the bare host name");
                return;
            }
    size_t star = str_find_last(s, '*');
    if (star == STR_NONE)
        return;
    if (star != 0 || (s.len > 1 && s.at[1] != '.')) {
        struct diag *d =
            WARN(a, DIAG_HOST_DEAD, star, star + 1, "a wildcard is `*` as the whole first label");
        never(a, d);
        diag_help(a->m->diags, d, "write `*.example.com`, or a HostRegexp");
        return;
    }
    judge_wildcard(a);
}

static void judge_sni(const struct argument *a) {
    struct str s = a->text;
    size_t from = str_starts(s, STR("*.")) ? 2 : 0;
    a->m->any_name = a->m->any_name || (!a->m->named && str_is(s, "*"));
    a->m->named = a->m->named || !a->m->any_name;
    if (str_is(s, "*"))
        return;
    if (a->m->mode == MODE_TCP) {
        struct diag *d = WARN(a, DIAG_HOST_FORBIDDEN, 0, s.len,
                              "plain TCP has no host name; `HostSNI` may only be `*`");
        if (a->m->any_name)
            never(a, d);
        else
            match_refuse(a->m, d);
        diag_help(a->m->diags, d, "write tls:// or passthrough:// if the client speaks TLS");
        return;
    }
    if (is_v2(a, false) || !is_ascii(a))
        return;
    if (from == s.len) {
        REFUSE(a, DIAG_RULE, 0, s.len, "nothing stands behind the `*.`");
        return;
    }
    for (size_t i = from; i < s.len; i++)
        if (!char_is_alnum(s.at[i]) && !strchr("_.:-", s.at[i])) {
            REFUSE(a, DIAG_RULE, i, i + 1, "Traefik takes no `%c` in a `HostSNI`", s.at[i]);
            return;
        }
    if (from)
        judge_wildcard(a);
}

/* ---- regular expressions ---- */

static bool parse_regex(const struct argument *a, struct regex *re) {
    struct fault f = regex_parse(a->m->arena, a->text, re);
    if (f.error)
        REFUSE(a, DIAG_REGEX, f.from, f.to, "%s", regex_error_text(f.error));
    return !f.error;
}

static void judge_regex(const struct argument *a) {
    struct regex re;
    parse_regex(a, &re);
}

static void lint_regex(const struct argument *a, const char *what, bool path) {
    struct regex re;
    if (is_v2(a, path) || !parse_regex(a, &re))
        return;
    if (!path && regex_needs_capital(re.root)) {
        struct diag *d = WARN(a, DIAG_HOST_DEAD, 0, a->text.len,
                              "hosts are compared in lower case, and this needs a capital");
        never(a, d);
        diag_help(a->m->diags, d, "write it in lower case, or begin it with (?i)");
        return;
    }
    struct text text = a->arg->plain
                           ? text_slice(a->m->text, place(a, 0, false), place(a, a->text.len, true))
                           : text_made(a->text, text_span(a->m->text, a->arg->from, a->arg->to));
    if (!a->arg->plain) /* the lint of a dot asks where its byte is */
        text.inner = 0;
    regex_lint(&(struct regex_lint){ .diags = a->m->diags,
                                     .arena = a->m->arena,
                                     .text = &text,
                                     .what = what,
                                     .start_is_enough = path },
               &re);
}

static void judge_host_regex(const struct argument *a) {
    if (is_ascii(a))
        lint_regex(a, a->call->matcher->id == MATCHER_HOST_SNI_REGEXP ? "name" : "host", false);
}

static void judge_path_regex(const struct argument *a) {
    lint_regex(a, "path", true);
}

/* ---- paths ---- */

static void lint_prefix(const struct argument *a) {
    if (str_ends(a->text, STR("/")))
        return;
    struct diag *d =
        WARN(a, DIAG_PREFIX_BOUNDARY, 0, a->text.len, "this prefix does not end with its segment");
    diag_effect(a->m->diags, d, "`%.*sx` is %s here, too", STR_ARG(a->text),
                a->negated ? "left out" : "routed");
    diag_help(a->m->diags, d,
              "write the path behind the host, or (Path(`%.*s`) || PathPrefix(`%.*s/`))",
              STR_ARG(a->text), STR_ARG(a->text));
}

static void judge_path(const struct argument *a) {
    size_t from, to;
    if (a->text.at[0] != '/') {
        struct diag *d = REFUSE(a, DIAG_PATH, 0, a->text.len, "a path in a rule begins with `/`");
        instead(a, d, str_format(a->m->arena, "/%.*s", STR_ARG(a->text)), false);
        return;
    }
    if (is_v2(a, true))
        return;
    if (path_find_dead(a->text, &from, &to)) {
        struct diag *d =
            WARN(a, DIAG_PATH_DEAD, from, to, "no request has the path `%.*s`", STR_ARG(a->text));
        diag_effect(a->m->diags, d, "Traefik cleans paths before it compares them");
        instead(a, d, path_normal(a->m->arena, a->text), true);
        return;
    }
    if (a->call->matcher->id == MATCHER_PATH_PREFIX)
        lint_prefix(a);
}

/* ---- the rest ---- */

static void judge_method(const struct argument *a) {
    struct fault f = method_check(a->text);
    if (f.error && f.error != HTTP_METHOD_CASE) {
        struct diag *d = WARN(a, DIAG_CONDITION, f.from, f.to, "`%.*s` is no method: %s",
                              STR_ARG(a->text), http_error_text(f.error));
        never(a, d);
    }
}

static void judge_header(const struct argument *a) {
    struct fault f = header_name_check(a->text);
    if (f.error) {
        struct diag *d = WARN(a, DIAG_HEADER, f.from, f.to, "`%.*s` is no header name: %s",
                              STR_ARG(a->text), http_error_text(f.error));
        never(a, d);
    } else if (str_eq_nocase(a->text, STR("Host"))) {
        struct diag *d =
            WARN(a, DIAG_HEADER, 0, a->text.len, "Traefik does not keep Host among the headers");
        never(a, d);
        diag_help(a->m->diags, d, "write Host(…) or HostRegexp(…)");
    }
}

static void judge_client(const struct argument *a) {
    struct cidr cidr;
    struct fault f = cidr_parse(a->text, &cidr);
    if (f.error) {
        REFUSE(a, DIAG_CIDR, f.from, f.to, "`%.*s` is no address range: %s", STR_ARG(a->text),
               cidr_error_text(f.error));
        return;
    }
    if (!cidr_has_host_bits(&cidr)) /* zeros before the length change nothing */
        return;
    struct cidr network = cidr_network(&cidr);
    struct str meant = cidr_text(a->m->arena, &network);
    struct diag *d = WARN(a, DIAG_CIDR_HOST_BITS, 0, a->text.len,
                          "`%.*s` means the whole range %.*s", STR_ARG(a->text), STR_ARG(meant));
    instead(a, d, meant, true);
}

static void judge_alpn(const struct argument *a) {
    if (str_is(a->text, "acme-tls/1"))
        REFUSE(a, DIAG_RULE, 0, a->text.len, "Traefik keeps the protocol `acme-tls/1` for itself");
}

static void judge_query(const struct argument *a) {
    size_t equals = str_find(a->text, '=');
    if (a->call->arg_count != 1)
        return;
    const struct rule *c = a->call;
    if (equals != STR_NONE) {
        struct diag *d = diag_add(a->m->diags, DIAG_RULE_V2, match_span(a->m, c->from, c->to),
                                  "`name=value` in one argument is the syntax of Traefik 2");
        diag_effect(a->m->diags, d, "Traefik 3 looks for a parameter of that whole name");
        match_instead(a->m, d, c->from, c->to,
                      str_format(a->m->arena, "%.*s(`%.*s`, `%.*s`)", STR_ARG(c->matcher->name),
                                 STR_ARG(str_slice(a->text, 0, equals)),
                                 STR_ARG(str_from(a->text, equals + 1))),
                      true);
        return;
    }
    struct diag *d =
        diag_add(a->m->diags, DIAG_QUERY_EMPTY, match_span(a->m, c->from, c->to),
                 "this asks for `%.*s` without a value, not for any value", STR_ARG(a->text));
    diag_effect(a->m->diags, d, "`?%.*s=1` does not match", STR_ARG(a->text));
    diag_help(a->m->diags, d, "write QueryRegexp(`%.*s`, `.*`)", STR_ARG(a->text));
}

typedef void judge_argument(const struct argument *a);

static judge_argument *const judges[] = {
    [HOLDS_NONE] = NULL,
    [HOLDS_HOST] = judge_host,
    [HOLDS_HOST_REGEX] = judge_host_regex,
    [HOLDS_PATH] = judge_path,
    [HOLDS_PATH_REGEX] = judge_path_regex,
    [HOLDS_METHOD] = judge_method,
    [HOLDS_HEADER] = judge_header,
    [HOLDS_TEXT] = NULL,
    [HOLDS_REGEX] = judge_regex,
    [HOLDS_CLIENT] = judge_client,
    [HOLDS_SNI] = judge_sni,
    [HOLDS_ALPN] = judge_alpn,
};

static bool is_open(const struct match *m, const struct rule_arg *arg) {
    for (uint32_t i = 0; i < m->text->placeholder_count; i++) {
        const struct placeholder *p = &m->text->placeholders[i];
        if (p->at < arg->to && p->at + p->len > arg->from)
            return true;
    }
    return m->text->sample;
}

void match_judge_arguments(struct match *m, const struct rule *call, bool negated) {
    const struct matcher *matcher = call->matcher;
    size_t i = 0;
    if (!matcher || call->arg_count < matcher->least || call->arg_count > matcher->most)
        return; /* told */
    for (const struct rule_arg *arg = call->args; arg; arg = arg->next, i++) {
        struct argument a = { m, call, arg, arg->text, negated, is_open(m, arg) };
        if (a.text.len == 0 || a.open)
            continue; /* told, or not known */
        if (matcher->holds[i] != HOLDS_NONE && judges[matcher->holds[i]])
            judges[matcher->holds[i]](&a);
        if (i == 0 && (matcher->id == MATCHER_QUERY || matcher->id == MATCHER_QUERY_REGEXP))
            judge_query(&a);
    }
}
