/* Rules of Traefik → patterns, `where` and `match`. */
#include "lower/traefik_rule.h"

#include "ast/format.h"
#include "options/options.h"

struct words {
    struct lower *l;
    struct arena *aside; /* of the parsed rule */
    struct node *text;
    struct rule_words *out;
    bool hosts_done, tcp;
    uint32_t version;
};

/* The argument's value as a text of its own. */
static struct node *argument(struct words *w, struct arena *a, const struct rule_arg *arg) {
    if (arg->plain)
        return conf_part(a, w->text, arg->from + 1, arg->to - 1);
    return conf_made(a, str_copy(a, arg->text),
                     node_text_span(node_text(w->text), arg->from, arg->to));
}

static bool is_call(const struct rule *rule, enum matcher_id id) {
    return rule->kind == RULE_MATCHER && rule->matcher && rule->matcher->id == id &&
           rule->arg_count >= rule->matcher->least && rule->arg_count <= rule->matcher->most;
}

static bool all_calls(const struct rule *rule, enum matcher_id id) {
    if (is_call(rule, id))
        return true;
    bool all = rule->kind == RULE_OR;
    for (const struct rule *child = rule->first; all && child; child = child->next)
        all = is_call(child, id);
    return all;
}

/* ---- what the language takes ---- */

/* Letters, digits, `-`, dots, a wildcard in front, and variables. */
static bool is_host(struct str s) {
    if (str_is(s, "*"))
        return true;
    if (str_starts(s, STR("*."))) {
        s = str_from(s, 2);
        if (str_find(s, '.') == STR_NONE && str_find(s, '$') == STR_NONE)
            return false; /* `*.com` is refused by the language, not by Traefik */
    }
    bool letter = false;
    for (size_t i = 0, label = 0; i < s.len; i++) {
        if (s.at[i] == '$' && i + 1 < s.len && s.at[i + 1] == '{') {
            while (i < s.len && s.at[i] != '}')
                i++;
            label++;
            letter = true;
            continue;
        }
        bool edge = label == 0 || i + 1 == s.len || s.at[i + 1] == '.';
        if (s.at[i] == '.' ? label == 0 : !(char_is_alnum(s.at[i]) || (s.at[i] == '-' && !edge)))
            return false;
        letter |= char_is_alpha(s.at[i]);
        label = s.at[i] == '.' ? 0 : label + 1;
        if (label > 63)
            return false;
    }
    return letter && s.len <= 253 && !str_ends(s, STR("."));
}

/* What may stand in a pattern's path as it is. */
static bool is_path(struct str s) {
    if (s.len == 0 || s.at[0] != '/')
        return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (c == '$' && i + 1 < s.len && s.at[i + 1] == '{') {
            while (i < s.len && s.at[i] != '}')
                i++;
        } else if (!char_is_alnum(c) && !strchr("/-._~:@!&'*+=", c)) {
            return false;
        }
    }
    return str_find_str(s, STR("//")) == STR_NONE && str_find_str(s, STR("/.")) == STR_NONE;
}

/* ---- hosts ---- */

/* Before 3.7 a star was a letter like any other; `*` alone until 3.7.7. */
static void check_version(struct words *w, const struct rule_arg *arg) {
    bool any = str_is(arg->text, "*");
    const char *since = any ? "3.7.7" : "3.7.0";
    uint32_t needed;
    if (!w->version || arg->text.at[0] != '*' || (any && w->tcp) ||
        !option_version_parse(str_of(since), &needed) || w->version >= needed)
        return;
    struct node *host = argument(w, w->aside, arg);
    struct diag *d = diag_add(w->l->diags, DIAG_WILDCARD_VERSION, host->span,
                              "`%.*s` is a wildcard from Traefik %s on", STR_ARG(arg->text), since);
    diag_effect(w->l->diags, d, "this image is older: no request ever matches it");
    diag_help(w->l->diags, d, "write HostRegexp, or take a newer image");
}

static bool take_hosts(struct words *w, const struct rule *rule, enum matcher_id id) {
    if (w->hosts_done || !all_calls(rule, id))
        return false;
    const struct rule *first = rule->kind == RULE_OR ? rule->first : rule;
    size_t count = 0;
    for (const struct rule *r = first; r; r = rule->kind == RULE_OR ? r->next : NULL, count++)
        if (!is_host(r->args->text) || (str_is(r->args->text, "*") && rule->kind == RULE_OR))
            return false;
    if (count > 100)
        return false;
    w->hosts_done = true;
    for (const struct rule *r = first; r; r = rule->kind == RULE_OR ? r->next : NULL) {
        check_version(w, r->args);
        if (str_is(r->args->text, "*")) {
            w->out->any_host = true;
            continue;
        }
        bool twice = false;
        NODES_EACH(host, w->out->hosts)
        twice |= str_eq_nocase(conf_str(host), r->args->text);
        if (!twice)
            w->out->hosts =
                nodes_append(w->out->hosts, conf_copy(w->aside, argument(w, w->aside, r->args)));
    }
    return true;
}

/* ---- paths ---- */

static struct node *path_with(struct words *w, const struct rule_arg *arg, const char *tail) {
    struct conf_join j = conf_join(w->aside);
    struct node *text = argument(w, w->aside, arg);
    conf_join_text(&j, text);
    conf_join_made(&j, str_of(tail), text->span);
    return conf_join_end(&j, text->span);
}

/* Path(`/a`) || PathPrefix(`/a/`), in either order: the segment and all below it. */
static bool is_segment(const struct rule *rule, const struct rule **path) {
    if (rule->kind != RULE_OR || !rule->first->next || rule->first->next->next)
        return false;
    const struct rule *a = rule->first, *b = a->next;
    if (is_call(a, MATCHER_PATH_PREFIX)) {
        const struct rule *swap = a;
        a = b;
        b = swap;
    }
    *path = a;
    if (!is_call(a, MATCHER_PATH) || !is_call(b, MATCHER_PATH_PREFIX))
        return false;
    struct str exact = a->args->text, prefix = b->args->text;
    return prefix.len == exact.len + 1 && str_starts(prefix, exact) && str_ends(prefix, STR("/")) &&
           !str_ends(exact, STR("/"));
}

static bool take_path(struct words *w, const struct rule *rule) {
    const struct rule *path = rule;
    const char *tail = NULL;
    if (w->out->path)
        return false;
    if (is_call(rule, MATCHER_PATH)) {
        tail = "$";
    } else if (is_call(rule, MATCHER_PATH_PREFIX)) {
        if (str_is(rule->args->text, "/"))
            return true; /* every path */
        tail = str_ends(rule->args->text, STR("/")) ? "" : NULL;
    } else if (is_segment(rule, &path)) {
        tail = "";
    }
    if (!tail || !is_path(path->args->text))
        return false;
    w->out->path = path_with(w, path->args, tail);
    return true;
}

/* ---- conditions ---- */

static void add(struct words *w, struct node *setting) {
    w->out->settings = nodes_append(w->out->settings, setting);
}

static struct node *word(struct words *w, const char *text, struct span span) {
    return lower_word(w->l, str_of(text), span);
}

static struct node *value(struct words *w, const struct rule_arg *arg) {
    return conf_word(w->l->arena, argument(w, w->l->arena, arg));
}

static struct node *where(struct words *w, struct span span, bool negated, const char *kind,
                          struct nodes rest) {
    struct nodes args = { 0 };
    if (negated)
        args = nodes_append(args, word(w, "not", span));
    args = nodes_append(args, word(w, kind, span));
    args.tail->next = rest.head;
    args.tail = rest.tail;
    return lower_setting(w->l, "where", span, args, NULL);
}

/* `where method GET, POST`, `where client 10.0.0.0/8` */
static bool take_list(struct words *w, const struct rule *rule, bool negated, struct span span) {
    static const struct {
        enum matcher_id id;
        const char *kind;
    } kinds[] = { { MATCHER_METHOD, "method" }, { MATCHER_CLIENT_IP, "client" } };
    for (size_t i = 0; i < 2; i++) {
        if (!all_calls(rule, kinds[i].id))
            continue;
        struct nodes items = { 0 };
        for (const struct rule *r = rule->kind == RULE_OR ? rule->first : rule; r;
             r = rule->kind == RULE_OR ? r->next : NULL) {
            if (!format_is_word(r->args->text))
                return false;
            struct node *item = value(w, r->args);
            if (kinds[i].id == MATCHER_METHOD) {
                struct str s = str_copy(w->l->arena, r->args->text);
                for (size_t k = 0; k < s.len; k++)
                    if (char_is_lower(s.at[k]))
                        ((char *)(uintptr_t)s.at)[k] = (char)(s.at[k] - 'a' + 'A');
                if (!conf_has_variable(item))
                    node_text(item)->text = s; /* Traefik does so, too */
            }
            items = nodes_append(items, item);
        }
        struct node *list =
            items.head == items.tail ? items.head : ast_list(w->l->arena, span, items, true);
        add(w, where(w, span, negated, kinds[i].kind, (struct nodes){ list, list }));
        return true;
    }
    return false;
}

/* `where header X-Env = beta`, `where path ~ REGEX` */
static bool take_one(struct words *w, const struct rule *rule, bool negated, struct span span) {
    static const struct {
        enum matcher_id id;
        const char *kind;
        bool keyed, regex;
    } kinds[] = {
        { MATCHER_HEADER, "header", true, false },
        { MATCHER_HEADER_REGEXP, "header", true, true },
        { MATCHER_QUERY, "query", true, false },
        { MATCHER_QUERY_REGEXP, "query", true, true },
        { MATCHER_PATH_REGEXP, "path", false, true },
        { MATCHER_HOST_REGEXP, "host", false, true },
        { MATCHER_HOST_SNI_REGEXP, "host", false, true },
    };
    struct arena *a = w->l->arena;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!is_call(rule, kinds[i].id))
            continue;
        const struct rule_arg *first = rule->args, *last = kinds[i].keyed ? first->next : first;
        size_t from, to;
        if (!last || rule_find_v2_pattern(last->text, &from, &to))
            return false; /* the model tells what is wrong with it */
        struct node *key = kinds[i].keyed ? argument(w, a, first) : NULL;
        if (key && (conf_has_variable(key) || !format_is_word(first->text)))
            return false;
        struct nodes rest = { 0 };
        if (kinds[i].regex) {
            if (key)
                rest = nodes_append(rest, conf_word(a, key));
            rest = nodes_append(rest, word(w, "~", span));
            rest = nodes_append(rest, value(w, last));
        } else {
            struct node *name =
                ast_text(a, NODE_WORD, key->span, conf_str(key), node_text(key)->inner);
            rest = nodes_append(rest, ast_arg(a, span, name, value(w, last)));
        }
        add(w, where(w, span, negated, kinds[i].kind, rest));
        return true;
    }
    return false;
}

static struct span span_of_rule(struct words *w, const struct rule *rule) {
    return node_text_span(node_text(w->text), rule->from, rule->to);
}

static void keep(struct words *w, size_t from, size_t to) {
    struct node *text = conf_part(w->l->arena, w->text, from, to);
    struct node *rule = conf_word(w->l->arena, text);
    add(w, lower_setting_one(w->l, "match", rule->span, rule));
}

/* Parentheses around a part are not in its bounds, so the part before an OR needs none. */
static void take(struct words *w, const struct rule *rule, bool tcp) {
    bool negated = rule->kind == RULE_NOT;
    const struct rule *inner = negated ? rule->first : rule;
    struct span span = span_of_rule(w, rule);
    if (!negated && (take_hosts(w, rule, tcp ? MATCHER_HOST_SNI : MATCHER_HOST) ||
                     (!tcp && take_path(w, rule))))
        return;
    if ((inner->kind == RULE_OR || inner->kind == RULE_MATCHER) &&
        (take_list(w, inner, negated, span) ||
         (inner->kind == RULE_MATCHER && take_one(w, inner, negated, span))))
        return;
    keep(w, rule->from, rule->to);
}

/* Letters for variables, as in the model's own reading of a `match`. */
static struct str masked(struct arena *a, const struct node *text) {
    struct str s = conf_str(text);
    if (!conf_has_variable(text))
        return s;
    char *copy = arena_copy(a, s.at, s.len + 1);
    for (size_t i = 0; i + 1 < s.len; i++)
        if (s.at[i] == '$' && s.at[i + 1] == '{')
            while (i < s.len && copy[i] != '}') {
                copy[i] = copy[i] == '`' || copy[i] == '"' ? 'x' : copy[i];
                i++;
            }
    return (struct str){ copy, s.len };
}

/* These mean the same in Traefik 2 and 3, where a value does not have the sign. */
static bool is_call_of_both(const struct rule *call) {
    static const struct {
        enum matcher_id id;
        char sign;
    } rows[] = {
        { MATCHER_HOST, '*' }, { MATCHER_PATH, '{' },   { MATCHER_PATH_PREFIX, '{' },
        { MATCHER_METHOD, 0 }, { MATCHER_HOST_SNI, 0 }, { MATCHER_CLIENT_IP, 0 },
        { MATCHER_ALPN, 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (is_call(call, rows[i].id))
            return !rows[i].sign || str_find(call->args->text, rows[i].sign) == STR_NONE;
    return false;
}

static void see_call(void *all, const struct rule *call, bool negated) {
    (void)negated;
    *(bool *)all = *(bool *)all && is_call_of_both(call);
}

bool rule_is_of_both(struct arena *aside, const struct node *text, enum rule_layer layer) {
    struct rule_parse parsed = rule_parse(aside, masked(aside, text), layer);
    bool all = parsed.root && !parsed.faults;
    if (all)
        rule_each(parsed.root, see_call, &all);
    return all;
}

/* Of several server names without TLS Traefik looks at the first alone before it takes a rule. */
static void count_name(void *context, const struct rule *call, bool negated) {
    (void)negated;
    *(size_t *)context += call->matcher && call->matcher->id == MATCHER_HOST_SNI;
}

struct rule_words rule_words(struct lower *l, struct arena *aside, struct node *text,
                             enum rule_layer layer, bool plain, uint32_t version) {
    struct rule_words out = { 0 };
    struct words w = { .l = l, .aside = aside, .text = text, .out = &out, .version = version };
    w.tcp = layer == RULE_TCP;
    struct rule_parse parsed = rule_parse(aside, masked(aside, text), layer);
    if (!parsed.root || parsed.faults) {
        out.broken = true;
        keep(&w, 0, conf_str(text).len);
        return out;
    }
    size_t names = 0;
    rule_each(parsed.root, count_name, &names);
    if (plain && names > 1)
        keep(&w, 0, conf_str(text).len);
    else if (parsed.root->kind == RULE_AND)
        for (const struct rule *part = parsed.root->first; part; part = part->next)
            take(&w, part, layer == RULE_TCP);
    else
        take(&w, parsed.root, layer == RULE_TCP);
    return out;
}
