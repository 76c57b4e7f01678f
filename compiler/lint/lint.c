/* The lints, one after the other, and what several of them ask. */
#include "lint/rule.h"

static void tell_undecided(struct lint *l) {
    const struct router *r = l->undecided;
    struct diag *d =
        diag_add(l->diags, DIAG_UNDECIDED, lint_rule_span(r),
                 "too many rules can match what router `%.*s` is meant for", STR_ARG(r->name));
    if (l->given_up.count > 1)
        diag_effect(l->diags, d,
                    "whether others take its requests is not decided, nor those of %zu more",
                    l->given_up.count - 1);
}

void lint_run(struct lint *l) {
    enum where { EXISTING, ALWAYS };
    static const struct {
        void (*run)(struct lint *l);
        enum where where;
    } lints[] = {
#define LINT(name, where) { lint_##name, where },
#include "lint/lint.def"
#undef LINT
    };
    enum { ASKED_LEAST = 32 << 20, ASKED_EACH = 256 };
    l->given_up.arena = l->arena;
    l->asked_most = ASKED_LEAST;
    for (const struct router *r = l->proxy->routers; r; r = r->next)
        l->asked_most += ASKED_EACH;
    for (size_t i = 0; i < sizeof lints / sizeof *lints; i++)
        if (!l->is_ours || lints[i].where == ALWAYS)
            lints[i].run(l);
    if (l->undecided)
        tell_undecided(l);
}

bool lint_give_up(struct lint *l, const struct router *about) {
    *table_at(&l->given_up, about->full) = (void *)about;
    l->undecided = l->undecided ? l->undecided : about;
    return false;
}

bool lint_may_ask(struct lint *l, const struct router *other, const struct router *about) {
    l->asked += other->cost;
    return l->asked <= l->asked_most || lint_give_up(l, about);
}

static struct str folder_of(struct str path) {
    size_t slash = str_find_last(path, '/');
    return str_slice(path, 0, slash == STR_NONE ? 0 : slash + 1);
}

bool lint_together(const struct lint *l, struct span a, struct span b) {
    const struct sources *all = l->diags->sources;
    const struct source *x = span_is_none(a) ? NULL : source_at(all, a.start);
    const struct source *y = span_is_none(b) ? NULL : source_at(all, b.start);
    if (!x || !y || x == y || l->is_ours)
        return x && y;
    return !str_eq(folder_of(x->name), folder_of(y->name));
}

bool lint_is_open(struct str s) {
    if (str_find(s, '$') == STR_NONE && str_find(s, '{') == STR_NONE)
        return false;
    for (size_t i = 0; i + 1 < s.len; i++) {
        bool brace = s.at[i + 1] == '{' && i + 2 < s.len;
        char next = s.at[i + (brace ? 2 : 1)];
        if (s.at[i] == '$' && (char_is_alpha(next) || next == '_'))
            return true;
        if (s.at[i] == '{' && s.at[i + 1] == '{') /* a template of Go */
            return true;
    }
    return false;
}

bool lint_is_internal(const struct router *r) {
    return str_is(r->provider, "internal");
}

bool lint_is_known(const struct router *r) {
    return r->test && !lint_is_open(r->rule) && !lint_is_open(untyped_text(r->conf, "priority")) &&
           !lint_is_open(untyped_text(r->conf, "entryPoints"));
}

struct span lint_option_span(const struct router *r, const char *path) {
    const struct untyped *option = untyped_get(r->conf, path);
    return option && !span_is_none(option->span) ? option->span : r->span;
}

struct span lint_rule_span(const struct router *r) {
    return lint_option_span(r, "rule");
}

bool lint_has(const struct strs *list, struct str text) {
    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->at[i], text))
            return true;
    return false;
}

const struct proxy_container *lint_proxy_container(const struct lint *l) {
    const struct proxy_container *found = NULL;
    for (const struct proxy_container *c = l->containers; c; c = c->next) {
        if (c->is_proxy && found)
            return NULL;
        found = c->is_proxy ? c : found;
    }
    return found;
}

static void each(struct lint *l, const struct entry_point *e, const struct placements *table,
                 lint_look *look) {
    for (size_t i = 0; i < table->count; i++) {
        if (!lint_is_internal(table->at[i]->router))
            look(l, e, table->at[i]);
        arena_reset(l->scratch);
    }
}

void lint_each_http(struct lint *l, lint_look *look) {
    for (const struct entry_point *e = l->proxy->entry_points; e; e = e->next) {
        each(l, e, &e->http, look);
        each(l, e, &e->https, look);
    }
}

void lint_each_tls(struct lint *l, lint_look *look) {
    for (const struct entry_point *e = l->proxy->entry_points; e; e = e->next) {
        each(l, e, &e->https, look);
        each(l, e, &e->tcp_tls, look);
    }
}
