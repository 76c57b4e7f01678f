/* The lints, one after the other, and what several of them ask. */
#include "lint/rule.h"

void lint_run(struct lint *l) {
#define LINT(name) lint_##name(l);
#include "lint/lint.def"
#undef LINT
}

static struct str folder_of(struct str path) {
    size_t slash = str_find_last(path, '/');
    return str_slice(path, 0, slash == STR_NONE ? 0 : slash + 1);
}

bool lint_together(const struct lint *l, struct span a, struct span b) {
    const struct sources *all = l->diags->sources;
    const struct source *x = span_is_none(a) ? NULL : source_at(all, a.start);
    const struct source *y = span_is_none(b) ? NULL : source_at(all, b.start);
    if (!x || !y || x == y)
        return x && y;
    return !str_eq(folder_of(x->name), folder_of(y->name));
}

bool lint_is_open(struct str s) {
    for (size_t i = 0; i + 1 < s.len; i++) {
        bool brace = s.at[i + 1] == '{' && i + 2 < s.len;
        char next = s.at[i + (brace ? 2 : 1)];
        if (s.at[i] == '$' && (char_is_alpha(next) || next == '_'))
            return true;
    }
    return false;
}
