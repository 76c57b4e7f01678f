/* Regular expressions that are legal and hardly meant so. */
#include "model/regex_lint.h"

/* What takes any text takes it from the start to the end. */
static bool is_anything(struct str s) {
    static const char *const all[] = { ".*", ".+", "^.*", "^.+", ".*$", ".+$" };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (str_is(s, all[i]))
            return true;
    return false;
}

static void lint_anchors(const struct regex_lint *l, const struct regex *re) {
    const struct text *t = l->text;
    if (is_anything(t->s))
        return;
    bool start = regex_is_anchored_start(re), end = regex_is_anchored_end(re);
    if (start && (end || l->start_is_enough))
        return;
    struct diag *d = diag_add(l->diags, DIAG_REGEX_UNANCHORED, t->span,
                              "this regular expression matches anywhere in the %s", l->what);
    diag_effect(l->diags, d, "a longer %s that holds such a part is accepted, too", l->what);
    const char *dollar = l->start_is_enough || end ? "" : "$";
    diag_help(l->diags, d, "write `%s%.*s%s`", start ? "" : "^", STR_ARG(t->s), dollar);
    if (!l->editable)
        return;
    bool split = re->root->kind == REGEX_ALTERNATE;
    struct str fixed =
        str_format(l->arena, split ? "^(?:%.*s)%s" : "%.*s%s", STR_ARG(t->s), dollar);
    if (!split && !start)
        fixed = str_format(l->arena, "^%.*s", STR_ARG(fixed));
    diag_fix_replace(l->diags, d, false, text_span(t, 0, t->s.len), fixed);
}

static void lint_dot(const struct regex_lint *l, const struct regex *re) {
    size_t at;
    if (!regex_find_loose_dot(re, &at))
        return;
    struct span span = text_span(l->text, at, at + 1);
    struct diag *d = diag_add(l->diags, DIAG_REGEX_DOT, span, "this `.` matches any character");
    diag_help(l->diags, d, "a literal dot is written `\\.`");
    if (l->editable)
        diag_fix_replace(l->diags, d, false, span, STR("\\."));
}

void regex_lint(const struct regex_lint *lint, const struct regex *re) {
    lint_anchors(lint, re);
    lint_dot(lint, re);
}

bool regex_needs_capital(const struct regex_node *n) {
    switch (n->kind) {
    case REGEX_LITERAL:
        for (size_t i = 0; !n->fold && i < n->rune_count; i++)
            if (n->runes[i] >= 'A' && n->runes[i] <= 'Z')
                return true;
        return false;
    case REGEX_CAPTURE: return regex_needs_capital(n->first);
    case REGEX_REPEAT: return n->min > 0 && regex_needs_capital(n->first);
    case REGEX_CONCAT:
        for (const struct regex_node *child = n->first; child; child = child->next)
            if (regex_needs_capital(child))
                return true;
        return false;
    case REGEX_ALTERNATE:
        for (const struct regex_node *child = n->first; child; child = child->next)
            if (!regex_needs_capital(child))
                return false;
        return true;
    case REGEX_EMPTY:
    case REGEX_CLASS:
    case REGEX_ANY:
    case REGEX_ANY_NOT_NEWLINE:
    case REGEX_BEGIN_LINE:
    case REGEX_END_LINE:
    case REGEX_BEGIN_TEXT:
    case REGEX_END_TEXT:
    case REGEX_WORD_BOUNDARY:
    case REGEX_NO_WORD_BOUNDARY: return false;
    }
    return false;
}
