/* Rules in Traefik's own words: what the parser found, as findings. */
#include "model/match.h"

#include "source/requote.h"

struct span match_span(const struct match *m, size_t from, size_t to) {
    return from < to ? text_span(m->text, from, to) : m->text->span;
}

struct diag *match_refuse(struct match *m, struct diag *d) {
    diag_effect(m->diags, d, "Traefik would disable the router");
    m->refused = true;
    return d;
}

/* Puts the variables back for which letters stood while the rule was read. */
static struct str unmask(const struct match *m, struct str s) {
    struct buf out = { .arena = m->arena };
    if (!m->masked.len)
        return s;
    for (size_t at = 0; at < s.len;) {
        const struct placeholder *p = m->text->placeholders;
        uint32_t left = m->text->placeholder_count;
        while (left && !str_starts(str_from(s, at), str_slice(m->masked, p->at, p->at + p->len))) {
            p++;
            left--;
        }
        if (left)
            buf_add(&out, str_slice(m->text->s, p->at, p->at + p->len));
        else
            buf_char(&out, s.at[at]);
        at += left ? p->len : 1;
    }
    return buf_str(&out);
}

void match_instead(struct match *m, struct diag *d, size_t from, size_t to, struct str instead,
                   bool safe) {
    instead = unmask(m, instead);
    diag_help(m->diags, d, "write %.*s", STR_ARG(instead));
    struct span span = text_span(m->text, from, to);
    struct str written = source_text(m->diags->sources, span), out;
    if (m->text->inner && str_eq(written, str_slice(m->text->s, from, to)) &&
        requote(m->arena, m->diags->sources, span, instead, &out))
        diag_fix_replace(m->diags, d, safe, span, out);
}

/* ---- faults ---- */

static void tell_unknown(struct match *m, const struct rule_fault *f, struct str word) {
    struct span span = text_span(m->text, f->from, f->to);
    struct diag *d =
        m->mode == MODE_UNKNOWN
            ? match_refuse(m, diag_add(m->diags, DIAG_RULE, match_span(m, f->from, f->to),
                                       "rules have no matcher `%.*s`", STR_ARG(word)))
            : match_refuse(m, diag_add(m->diags, DIAG_RULE, match_span(m, f->from, f->to),
                                       "rules of %.*s:// routes have no matcher `%.*s`",
                                       STR_ARG(mode_infos[m->mode].scheme), STR_ARG(word)));
    if (f->instead.len && m->text->inner && !m->text->pieces)
        diag_suggest(m->diags, d, span, f->instead);
    else if (f->instead.len)
        diag_help(m->diags, d, "did you mean `%.*s`?", STR_ARG(f->instead));
}

static void tell_arity(struct match *m, const struct rule_fault *f) {
    const struct matcher *matcher = f->matcher;
    const char *plural = matcher->most == 1 ? "" : "s";
    if (matcher->least == matcher->most)
        match_refuse(m, diag_add(m->diags, DIAG_RULE, match_span(m, f->from, f->to),
                                 "`%.*s` takes %u argument%s", STR_ARG(matcher->name),
                                 matcher->most, plural));
    else
        match_refuse(m, diag_add(m->diags, DIAG_RULE, match_span(m, f->from, f->to),
                                 "`%.*s` takes %u or %u arguments", STR_ARG(matcher->name),
                                 matcher->least, matcher->most));
}

static void tell_fault(struct match *m, const struct rule_fault *f) {
    struct str word = str_slice(m->text->s, f->from, f->to);
    struct diag *d;
    switch (f->error) {
    case RULE_UNKNOWN:
    case RULE_LAYER_HTTP:
    case RULE_LAYER_TCP: tell_unknown(m, f, word); return;
    case RULE_ARITY: tell_arity(m, f); return;
    case RULE_V2_NAME:
        d = match_refuse(m, diag_add(m->diags, DIAG_RULE_V2, match_span(m, f->from, f->to),
                                     "`%.*s` is a matcher of Traefik 2", STR_ARG(word)));
        match_instead(m, d, f->from, f->to, f->instead, true);
        return;
    case RULE_V2_ARGUMENTS:
        d = match_refuse(m, diag_add(m->diags, DIAG_RULE_V2, match_span(m, f->from, f->to),
                                     "several arguments of `%.*s` are the syntax of Traefik 2",
                                     STR_ARG(f->matcher->name)));
        match_instead(m, d, f->from, f->to, f->instead, true);
        return;
    case RULE_NEWLINE:
        d = match_refuse(m, diag_add(m->diags, DIAG_RULE_NEWLINE, match_span(m, f->from, f->to),
                                     "%s", rule_error_text(f->error)));
        diag_help(m->diags, d, "end the line before with the operator");
        return;
    case RULE_CASE:
        d = match_refuse(m, diag_add(m->diags, DIAG_RULE, match_span(m, f->from, f->to), "%s",
                                     rule_error_text(f->error)));
        match_instead(m, d, f->from, f->to, f->instead, true);
        return;
    default: break;
    }
    d = match_refuse(m, diag_add(m->diags, DIAG_RULE, match_span(m, f->from, f->to), "%s",
                                 rule_error_text(f->error)));
    if (f->instead.len)
        match_instead(m, d, f->from, f->to, str_trim(f->instead), f->error == RULE_STRING_QUOTES);
}

/* ---- variables ---- */

/* Which of the text is between quotes, by the quotes alone. */
static bool is_quoted(struct str text, size_t at) {
    char open = 0;
    for (size_t i = 0; i < at; i++) {
        char c = text.at[i];
        if (open == '"' && c == '\\')
            i++;
        else if (open && c == open)
            open = 0;
        else if (!open && (c == '"' || c == '`'))
            open = c;
    }
    return open != 0;
}

/* Letters for the variable of that number, unlike those for any other: `xbqaz`. */
static void mask_one(char *at, uint32_t len, uint32_t number) {
    at[0] = 'x';
    for (uint32_t i = 1; i + 1 < len; i++, number /= 25)
        at[i] = (char)('a' + number % 25);
    at[len - 1] = 'z';
}

/* The text with letters for its variables, which are unknown until run time; false when one stands
   outside the quotes: it may be any part of a rule. */
static bool mask_variables(struct match *m, struct str *text) {
    const struct text *t = m->text;
    if (t->placeholder_count == 0)
        return true;
    char *copy = arena_copy(m->arena, t->s.at, t->s.len + 1);
    for (uint32_t i = 0; i < t->placeholder_count; i++) {
        if (!is_quoted(t->s, t->placeholders[i].at))
            return false;
        mask_one(copy + t->placeholders[i].at, t->placeholders[i].len, i);
    }
    *text = m->masked = (struct str){ copy, t->s.len };
    return true;
}

static void visit(void *context, const struct rule *call, bool negated) {
    match_judge_arguments(context, call, negated);
}

bool match_judge(struct settle *s, const struct text *rule) {
    struct match m = { .diags = scope_diags(s->scope),
                       .arena = scope_arena(s->scope),
                       .text = rule,
                       .mode = s->mode,
                       .version = s->scope->program->traefik };
    struct str text = rule->s;
    if (!mask_variables(&m, &text))
        return true;
    bool tcp = s->mode != MODE_UNKNOWN && mode_infos[s->mode].protocol == PROTOCOL_TCP;
    bool http = s->mode != MODE_UNKNOWN && mode_infos[s->mode].protocol == PROTOCOL_HTTP;
    struct rule_parse parsed = rule_parse(m.arena, text,
                                          tcp    ? RULE_TCP
                                          : http ? RULE_HTTP
                                                 : RULE_ANY);
    for (const struct rule_fault *f = parsed.faults; f; f = f->next)
        tell_fault(&m, f);
    if (parsed.root)
        rule_each(parsed.root, visit, &m);
    return !m.refused;
}
