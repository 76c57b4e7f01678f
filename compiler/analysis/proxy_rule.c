/* A router's rule: what it asks, which hosts it names, and why Traefik would not take it. */
#include "analysis/proxy.h"

struct hosts {
    struct proxy *proxy;
    struct router *router;
};

static struct str lower(struct arena *a, struct str s) {
    char *at = arena_alloc(a, s.len + 1);
    for (size_t i = 0; i < s.len; i++)
        at[i] = char_lower(s.at[i]);
    return (struct str){ at, s.len };
}

/* All values of Host, whatever stands around it: negation does not count here. */
static void visit_host(void *context, const struct rule *matcher, bool negated) {
    struct hosts *h = context;
    (void)negated;
    enum matcher_id wanted = h->router->layer == LAYER_TCP ? MATCHER_HOST_SNI : MATCHER_HOST;
    if (!matcher->matcher || matcher->matcher->id != wanted)
        return;
    for (const struct rule_arg *arg = matcher->args; arg; arg = arg->next)
        strs_add(&h->router->hosts, h->proxy->arena, lower(h->proxy->arena, arg->text));
}

/* Hosts are looked for with the matchers of versions 2 and 3 together, and before their arguments
   are judged: a rule that is refused for those still claims its hosts. */
static bool names_are_known(const struct rule_fault *fault) {
    for (; fault; fault = fault->next)
        if (fault->error != RULE_ARITY && fault->error != RULE_ARGUMENT_EMPTY &&
            fault->error != RULE_V2_NAME && fault->error != RULE_V2_ARGUMENTS)
            return false;
    return true;
}

static bool is_catch_all(const struct rule *root) {
    while (root->kind == RULE_NOT) /* Traefik does not look at the negation */
        root = root->first;
    return root->kind == RULE_MATCHER && root->matcher && root->matcher->id == MATCHER_HOST_SNI &&
           root->arg_count == 1 && str_is(root->args->text, "*");
}

static void read_rule(struct proxy *p, struct router *r) {
    struct rule_parse parse =
        rule_parse(&p->aside, r->rule, r->layer == LAYER_TCP ? RULE_TCP : RULE_HTTP);
    if (parse.root && names_are_known(parse.faults)) {
        struct hosts h = { .proxy = p, .router = r };
        r->hosts_known = true;
        rule_each(parse.root, visit_host, &h);
        r->catch_all = r->layer == LAYER_TCP && is_catch_all(parse.root);
    }
    struct str why = { 0 };
    if (r->v2 && r->hosts_known) {
        r->test = test_new_v2(p->arena, r->rule, parse.root,
                              r->layer == LAYER_TCP ? RULE_TCP : RULE_HTTP, &why);
        if (!r->test)
            r->refused = str_format(p->arena, "rule: %.*s", STR_ARG(why));
        return;
    }
    if (parse.faults) {
        const struct rule_fault *f = parse.faults;
        struct str at = str_slice(r->rule, f->from, f->to);
        r->refused =
            at.len ? str_format(p->arena, "rule: %s: %.*s", rule_error_text(f->error), STR_ARG(at))
                   : str_format(p->arena, "rule: %s", rule_error_text(f->error));
        return;
    }
    r->test = test_new(p->arena, r->rule, parse.root, p->version, &why);
    if (!r->test)
        r->refused = str_format(p->arena, "rule: %.*s", STR_ARG(why));
}

/* A regular expression takes some thousands of steps, a comparison a few. */
static unsigned cost_of(const struct test *t) {
    enum { REGEX_COST = 16 };
    unsigned cost = t->regex ? REGEX_COST : 1;
    for (const struct test *c = t->first; c; c = c->next)
        cost += cost_of(c);
    return cost;
}

void router_read_rule(struct proxy *p, struct router *r) {
    if (r->layer != LAYER_UDP)
        read_rule(p, r);
    r->cost = r->test ? cost_of(r->test) : 0;
    arena_reset(&p->aside);
}
