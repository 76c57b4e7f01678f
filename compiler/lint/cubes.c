/* Rules as alternatives, and which of them hold whenever another one does. */
#include "lint/cubes.h"

enum { CUBES_MOST = 64, LITERALS_MOST = 64 };

static void add(struct arena *a, struct cubes *to, const struct cube *cube) {
    if (to->count == CUBES_MOST || cube->count > LITERALS_MOST) {
        to->whole = false;
        return;
    }
    if (!to->at)
        to->at = arena_array(a, struct cube, CUBES_MOST);
    to->at[to->count++] = *cube;
}

struct cube cube_join(struct arena *a, const struct cube *x, const struct cube *y) {
    struct cube all = { arena_array(a, struct literal, x->count + y->count + 1), 0 };
    for (size_t i = 0; i < x->count; i++)
        all.at[all.count++] = x->at[i];
    for (size_t i = 0; i < y->count; i++)
        all.at[all.count++] = y->at[i];
    return all;
}

static struct cubes expand(struct arena *a, const struct test *t, bool negated) {
    struct cubes out = { .whole = true };
    if (t->kind == RULE_MATCHER) {
        struct literal *one = arena_new(a, struct literal);
        *one = (struct literal){ t, negated };
        out.at = arena_new(a, struct cube);
        out.at[out.count++] = (struct cube){ one, 1 };
        return out;
    }
    if (t->kind == RULE_NOT)
        return expand(a, t->first, !negated);
    bool any = (t->kind == RULE_OR) != negated;
    struct cube nothing = { NULL, 0 };
    if (!any)
        add(a, &out, &nothing);
    for (const struct test *child = t->first; child; child = child->next) {
        struct cubes some = expand(a, child, negated), product = { .whole = true };
        bool whole = out.whole && some.whole;
        for (size_t i = 0; any && i < some.count; i++)
            add(a, &out, &some.at[i]);
        for (size_t i = 0; !any && i < out.count; i++)
            for (size_t j = 0; j < some.count && product.whole; j++) {
                struct cube both = cube_join(a, &out.at[i], &some.at[j]);
                add(a, &product, &both);
            }
        if (!any)
            out = product;
        out.whole = out.whole && whole;
    }
    return out;
}

struct cubes cubes_of(struct arena *a, const struct test *test) {
    return expand(a, test, false);
}

bool cube_is_wildcard(const struct test *t) {
    return t->wildcards && str_starts(t->a, STR("*"));
}

/* Every path begins with a slash; of a host Traefik also asks the name behind its CNAME, which is
   empty. */
bool literal_is_always(struct arena *scratch, const struct literal *x) {
    const struct test *t = x->test;
    if (x->negated)
        return false;
    return t->anything || (t->matcher == MATCHER_PATH_PREFIX && t->a.len == 1) ||
           (t->matcher == MATCHER_HOST_REGEXP &&
            regex_match(t->regex, STR(""), scratch) == REGEX_YES);
}

struct str cube_host(const struct test *t) {
    return str_ends(t->a, STR(".")) ? str_slice(t->a, 0, t->a.len - 1) : t->a;
}

struct str cube_asks_host(const struct cube *c) {
    for (size_t i = 0; i < c->count; i++) {
        const struct test *t = c->at[i].test;
        if (!c->at[i].negated && t->matcher == MATCHER_HOST && !t->anything)
            return t->a;
    }
    return STR("");
}

/* A host with a dot at its end is the same to Host, and another text to HostRegexp. */
bool cube_regex_of_host(struct arena *scratch, const struct test *regex, const struct test *host,
                        enum regex_answer answer) {
    static const char *const ends[] = { "", ".", ".." };
    size_t count = str_ends(host->a, STR(".")) ? 3 : 2;
    for (size_t i = 0; i < count; i++)
        if (regex_match(regex->regex,
                        str_format(scratch, "%.*s%s", STR_ARG(cube_host(host)), ends[i]),
                        scratch) != answer)
            return false;
    return true;
}

/* Of one host or path a regular expression can be asked. */
static bool regex_takes(struct arena *scratch, const struct test *n, const struct test *w) {
    if (w->matcher == MATCHER_HOST_REGEXP && n->matcher == MATCHER_HOST)
        return !cube_is_wildcard(n) && cube_regex_of_host(scratch, w, n, REGEX_YES);
    return w->matcher == MATCHER_PATH_REGEXP && n->matcher == MATCHER_PATH &&
           regex_match(w->regex, n->a, scratch) == REGEX_YES;
}

bool literal_implies(struct arena *scratch, const struct literal *narrow,
                     const struct literal *wide) {
    const struct test *n = narrow->test, *w = wide->test;
    if (w->anything && !wide->negated)
        return true;
    if (!narrow->negated && wide->negated)
        return literals_exclude(scratch, narrow, wide);
    if (narrow->negated != wide->negated)
        return false;
    if (n->matcher == w->matcher && n->anything == w->anything && n->has_b == w->has_b &&
        cube_is_wildcard(n) == cube_is_wildcard(w) && str_eq(n->a, w->a) && str_eq(n->b, w->b))
        return true;
    if (wide->negated) {
        /* Not the wider one: not the narrower either. */
        struct literal x = { w, false }, y = { n, false };
        return literal_implies(scratch, &x, &y);
    }
    if (n->anything || w->anything)
        return false;
    if (w->matcher == MATCHER_PATH_PREFIX &&
        (n->matcher == MATCHER_PATH || n->matcher == MATCHER_PATH_PREFIX))
        return str_starts(n->a, w->a);
    if (w->matcher == MATCHER_CLIENT_IP && n->matcher == MATCHER_CLIENT_IP)
        return cidr_contains(w->range, n->range);
    bool host = (n->matcher == MATCHER_HOST && w->matcher == MATCHER_HOST) ||
                (n->matcher == MATCHER_HOST_SNI && w->matcher == MATCHER_HOST_SNI);
    /* One written with a dot takes a client's second dot, too. */
    if (host)
        return !cube_is_wildcard(n) && test_host_fits(cube_host(n), cube_host(w), w->wildcards) &&
               (str_ends(w->a, STR(".")) || !str_ends(n->a, STR(".")));
    return regex_takes(scratch, n, w);
}

bool cube_covers(struct arena *scratch, const struct cube *wide, const struct cube *narrow) {
    for (size_t i = 0; i < wide->count; i++) {
        const struct literal *w = &wide->at[i];
        bool held = literal_is_always(scratch, w);
        for (size_t j = 0; j < narrow->count && !held; j++)
            held = literal_implies(scratch, &narrow->at[j], w);
        if (!held)
            return false;
    }
    return true;
}
