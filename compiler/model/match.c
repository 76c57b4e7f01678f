/* Rules in Traefik's own words, seen as words and quoted texts: matchers that do not exist, texts
   and parentheses that are not closed, prefixes that end inside a segment. */
#include "model/match.h"

#include "support/nearest.h"

#define HTTP_BIT MODE_BIT(PROTOCOL_HTTP)
#define TCP_BIT  MODE_BIT(PROTOCOL_TCP)

static const struct {
    const char *word;
    unsigned protocols;
} matchers[] = {
    { "Host", HTTP_BIT },
    { "HostRegexp", HTTP_BIT },
    { "Path", HTTP_BIT },
    { "PathPrefix", HTTP_BIT },
    { "PathRegexp", HTTP_BIT },
    { "Header", HTTP_BIT },
    { "HeaderRegexp", HTTP_BIT },
    { "Method", HTTP_BIT },
    { "Query", HTTP_BIT },
    { "QueryRegexp", HTTP_BIT },
    { "ClientIP", HTTP_BIT | TCP_BIT },
    { "HostSNI", TCP_BIT },
    { "HostSNIRegexp", TCP_BIT },
    { "ALPN", TCP_BIT },
};
enum { MATCHERS = sizeof matchers / sizeof *matchers };

struct match {
    struct settle *s;
    struct diags *diags;
    const struct text *text;
    size_t at;
};

static bool refuse(struct match *m, size_t from, size_t to, const char *why) {
    struct diag *d =
        diag_add(m->diags, DIAG_RULE, text_span(m->text, from, to), "this rule %s", why);
    diag_effect(m->diags, d, "Traefik would disable the router");
    return false;
}

static bool check_matcher(struct match *m, size_t from) {
    struct str word = str_slice(m->text->s, from, m->at);
    enum mode mode = m->s->mode;
    unsigned bit = mode == MODE_UNKNOWN ? ~0u : MODE_BIT(mode_infos[mode].protocol);
    struct nearest near = { .wanted = word };
    for (size_t i = 0; i < MATCHERS; i++) {
        if (!(matchers[i].protocols & bit))
            continue;
        if (str_eq_nocase(word, str_of(matchers[i].word)))
            return true; /* Traefik compares without case */
        nearest_offer(&near, str_of(matchers[i].word));
    }
    struct span span = text_span(m->text, from, m->at);
    struct diag *d =
        mode == MODE_UNKNOWN
            ? diag_add(m->diags, DIAG_RULE, span, "rules have no matcher `%.*s`", STR_ARG(word))
            : diag_add(m->diags, DIAG_RULE, span, "rules of %.*s:// routes have no matcher `%.*s`",
                       STR_ARG(mode_infos[mode].scheme), STR_ARG(word));
    diag_effect(m->diags, d, "Traefik would disable the router");
    if (near.best.len && m->text->inner && !m->text->pieces)
        diag_suggest(m->diags, d, span, near.best);
    else if (near.best.len)
        diag_help(m->diags, d, "did you mean `%.*s`?", STR_ARG(near.best));
    return false;
}

static void lint_prefix(struct match *m, struct str prefix, size_t from) {
    if (m->text->sample || str_ends(prefix, STR("/")))
        return;
    struct diag *d =
        diag_add(m->diags, DIAG_PREFIX_BOUNDARY, text_span(m->text, from, from + prefix.len),
                 "this prefix does not end with its segment");
    diag_effect(m->diags, d, "`%.*sx` is routed here, too", STR_ARG(prefix));
    diag_help(m->diags, d,
              "write the path behind the host, or (Path(`%.*s`) || PathPrefix(`%.*s/`))",
              STR_ARG(prefix), STR_ARG(prefix));
}

/* A quoted text; the word before it says whose argument it is. */
static bool read_quoted(struct match *m, struct str matcher) {
    struct str s = m->text->s;
    char quote = s.at[m->at];
    size_t from = m->at++;
    while (m->at < s.len && s.at[m->at] != quote)
        m->at += quote == '"' && s.at[m->at] == '\\' ? 2 : 1;
    if (m->at >= s.len)
        return refuse(m, from, s.len, "has a text that is not closed");
    if (str_eq_nocase(matcher, STR("PathPrefix")))
        lint_prefix(m, str_slice(s, from + 1, m->at), from + 1);
    m->at++;
    return true;
}

bool match_judge(struct settle *s, const struct text *rule) {
    struct match m = { .s = s, .diags = scope_diags(s->scope), .text = rule };
    struct str text = rule->s, matcher = { 0 };
    size_t open = 0, first = 0;
    while (m.at < text.len) {
        char c = text.at[m.at];
        if (c == '`' || c == '"') {
            if (!read_quoted(&m, matcher))
                return false;
        } else if (char_is_alpha(c)) {
            size_t from = m.at;
            while (m.at < text.len && char_is_alnum(text.at[m.at]))
                m.at++;
            matcher = str_slice(text, from, m.at);
            if (m.at < text.len && text.at[m.at] == '(' && !check_matcher(&m, from))
                return false;
        } else {
            if (c == '(' && open++ == 0)
                first = m.at;
            if (c == ')' && open-- == 0)
                return refuse(&m, m.at, m.at + 1, "closes a parenthesis that is not open");
            m.at++;
        }
    }
    return open == 0 || refuse(&m, first, first + 1, "has a parenthesis that is not closed");
}
