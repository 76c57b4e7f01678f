/* The few settings that are more than their shape: options by path, raw texts, and what one word
   of a setting demands of the others. Conditions stand in condition.c. */
#include "model/condition.h"
#include "model/match.h"
#include "model/settings.h"
#include "model/typed_option.h"
#include "support/nearest.h"

static struct diags *diags_of(const struct settle *s) {
    return scope_diags(s->scope);
}

static void tell_missing(struct settle *s, const char *what) {
    struct diag *d = diag_add(diags_of(s), DIAG_ARGUMENT_MISSING, s->node->name_span,
                              "`%.*s` needs %s", STR_ARG(s->node->name), what);
    settle_usage(s, d);
}

static const struct slot *slot_of(const struct settle *s, const char *name) {
    return setting_slot(s->made, name);
}

/* Where an argument stands, for messages about it: its word, else its value. */
static struct span slot_span(const struct settle *s, const char *name) {
    const struct slot *slot = slot_of(s, name);
    for (struct node *n = s->node->args.head; n; n = n->next)
        if (node_is_word(n, str_of(name)))
            return n->span;
    return slot && slot->count ? slot->texts[0].span : s->node->name_span;
}

/* ---- option PATH VALUE ---- */

/* Where the paths of a place begin, in the order in which they are looked at. */
struct option_roots {
    const struct option *roots[2];
    size_t count;
};

static void add_root(struct option_roots *r, enum option_tree tree, struct str path) {
    const struct option *o = option_find(tree, path).option;
    if (o)
        r->roots[r->count++] = o;
}

static struct option_roots roots_of(const struct settle *s) {
    struct option_roots r = { .count = 0 };
    struct arena *a = scope_arena(s->scope);
    struct str kind;
    switch (s->place) {
    case PLACE_ROUTE:
    case PLACE_DEFAULTS: {
        static const char *const layers[] = {
            [PROTOCOL_HTTP] = "http", [PROTOCOL_TCP] = "tcp", [PROTOCOL_UDP] = "udp"
        };
        const char *layer = layers[mode_infos[s->mode].protocol];
        add_root(&r, OPTION_DYNAMIC, str_format(a, "%s.routers.x", layer));
        add_root(&r, OPTION_DYNAMIC, str_format(a, "%s.services.x", layer));
        break;
    }
    case PLACE_TLS: add_root(&r, OPTION_DYNAMIC, STR("tls.options.x")); break;
    case PLACE_PROXY: r.roots[r.count++] = option_top(OPTION_STATIC); break;
    case PLACE_ENTRYPOINT: add_root(&r, OPTION_STATIC, STR("entryPoints.x")); break;
    case PLACE_RESOLVER: add_root(&r, OPTION_STATIC, STR("certificatesResolvers.x.acme")); break;
    case PLACE_DNS01:
        add_root(&r, OPTION_STATIC, STR("certificatesResolvers.x.acme.dnsChallenge"));
        break;
    case PLACE_PROVIDER: {
        const struct option *providers = option_find(OPTION_STATIC, STR("providers")).option;
        kind = s->owner ? setting_word(s->owner, "kind") : (struct str){ 0 };
        const struct option *o = providers ? option_child_by_word(providers, kind) : NULL;
        if (o)
            r.roots[r.count++] = o;
        break;
    }
    case PLACE_NONE:
    case PLACE_FILE:
    case PLACE_PROJECT:
    case PLACE_STACK:
    case PLACE_SERVICE:
    case PLACE_COUNT: break;
    }
    return r;
}

static void tell_option(struct settle *s, const struct option_roots *r, const struct text *path,
                        const struct option_miss_place *misses) {
    size_t deepest = 0;
    for (size_t i = 1; i < r->count; i++)
        if (misses[i].from > misses[deepest].from)
            deepest = i;
    struct str best = { 0 };
    for (size_t i = 0; i < r->count && !best.len; i++)
        if (misses[i].from == misses[deepest].from) {
            best = option_child_nearest(misses[i].reached,
                                        str_slice(path->s, misses[i].from, misses[i].to));
            deepest = best.len ? i : deepest;
        }
    const struct option_miss_place *m = &misses[deepest];
    struct str segment = str_slice(path->s, m->from, m->to), under = m->reached->path;
    struct span span = m->to > m->from ? text_span(path, m->from, m->to) : path->span;
    struct diag *d = under.len ? diag_add(diags_of(s), DIAG_OPTION_UNKNOWN, span,
                                          "Traefik has no option `%.*s` below `%.*s`",
                                          STR_ARG(segment), STR_ARG(under))
                               : diag_add(diags_of(s), DIAG_OPTION_UNKNOWN, span,
                                          "Traefik has no option `%.*s`", STR_ARG(segment));
    const struct option *root = r->roots[deepest];
    enum option_tree tree = root->places & OPTION_IN_STATIC ? OPTION_STATIC : OPTION_DYNAMIC;
    struct str whole = root->path.len ? str_format(scope_arena(s->scope), "%.*s.%.*s",
                                                   STR_ARG(root->path), STR_ARG(path->s))
                                      : path->s;
    const struct option_retired *retired = option_retired(tree, whole);
    const struct option *list = option_child_by_word(m->reached, segment);
    if (list && list->indexed)
        diag_help(diags_of(s), d, "it is a list; name one of it between quotes: \"%.*s[0]…\"",
                  STR_ARG(str_slice(path->s, 0, m->to)));
    else if (retired && retired->instead[0])
        diag_help(diags_of(s), d, "Traefik 3 calls it `%s`", retired->instead);
    else if (retired)
        diag_help(diags_of(s), d, "Traefik 3 has nothing in its place");
    else if (best.len)
        diag_suggest(diags_of(s), d, span, best);
}

static bool read_option(struct settle *s) {
    static const char *const names[] = { "path", "value", "root" };
    struct node *path_node = s->node->args.head, *value_node = path_node ? path_node->next : NULL;
    struct text *path;
    size_t count;
    settle_slots(s, 3, names);
    if (!path_node || !value_node) {
        tell_missing(s, path_node ? "a value behind the path" : "a path and a value");
        return false;
    }
    if (!settle_texts(s, path_node, TYPE_WORD, false, &path, &count))
        return false;
    if (value_node->next) {
        struct diag *d = diag_add(diags_of(s), DIAG_ARGUMENT_UNKNOWN, value_node->next->span,
                                  "`option` takes one value");
        diag_help(diags_of(s), d, "the values of a list are parted by commas");
        return false;
    }
    struct option_roots roots = roots_of(s);
    if (roots.count == 0)
        return false; /* the owner is wrong, and was told */
    struct option_miss_place misses[2];
    const struct option *o = NULL;
    struct str canonical;
    size_t root = 0;
    for (size_t i = 0; i < roots.count && !o; i++) {
        o = option_by_words(scope_arena(s->scope), roots.roots[i], path->s, &canonical, &misses[i]);
        root = i;
    }
    if (!o) {
        if (!path->sample)
            tell_option(s, &roots, path, misses);
        return path->sample;
    }
    path->s = canonical;
    settle_fill(s, 0, path, 1);
    struct text where = text_made(roots.roots[root]->path, path->span);
    settle_fill(s, 2, &where, 1);
    bool list = o->shape == OPTION_LIST, good = true;
    struct value value =
        list ? value_list_of(s->scope, value_node) : value_of(s->scope, value_node);
    const struct value *items = list ? value.items : &value;
    size_t item_count = value.kind == VALUE_BAD ? 0 : list ? value.count : 1;
    struct text *texts = arena_array(scope_arena(s->scope), struct text, item_count);
    for (size_t i = 0; i < item_count; i++) {
        struct text text;
        good &= value_text(s->scope, &items[i], "one value", &text) &&
                option_check_text(s->scope, o, &text, &texts[i]);
    }
    settle_fill(s, 1, texts, good ? item_count : 0);
    return good && value.kind != VALUE_BAD;
}

/* ---- raw KIND TEXT ---- */

/* For labels a mapping, a list, or bare `key=value` lines; else YAML with a mapping on top. The
   YAML itself is read where it is merged; here the text must look like what it is said to be. */
static bool judge_raw(struct settle *s) {
    const struct slot *slot = slot_of(s, "text");
    if (!slot || slot->texts[0].sample)
        return true;
    struct str kind = setting_word(s->made, "kind"), text = slot->texts[0].s;
    bool labels = str_is(kind, "labels"), any = false;
    for (size_t at = 0; at < text.len;) {
        size_t end = at;
        while (end < text.len && text.at[end] != '\n')
            end++;
        struct str line = str_trim(str_slice(text, at, end));
        bool plain = line.len && line.at[0] != '#';
        if (plain && !any && !labels && str_find(line, ':') == STR_NONE && line.at[0] != '{') {
            struct diag *d =
                diag_add(diags_of(s), DIAG_RAW, text_span(&slot->texts[0], at, end),
                         "`raw %.*s` holds YAML, and this is no `key: value`", STR_ARG(kind));
            diag_help(diags_of(s), d, "write a mapping, as it stands in the generated file");
            return false;
        }
        if (plain && labels && str_find(line, '=') == STR_NONE && str_find(line, ':') == STR_NONE) {
            struct diag *d = diag_add(diags_of(s), DIAG_RAW, text_span(&slot->texts[0], at, end),
                                      "this is no label");
            diag_help(diags_of(s), d, "write key=value, or key: value");
            return false;
        }
        any |= plain;
        at = end + 1;
    }
    if (any)
        return true;
    diag_add(diags_of(s), DIAG_RAW, slot->texts[0].span, "this raw text is empty");
    return false;
}

/* ---- import PATH [as ALIAS], import compose FILE ---- */

/* Files were read before; here the words around the path are judged. */
static bool read_import(struct settle *s) {
    static const char *const names[] = { "kind", "path", "as" };
    struct node *n = s->node->args.head, *as, *alias;
    struct text *texts;
    size_t count;
    settle_slots(s, 3, names);
    if (node_is_word(n, STR("compose"))) {
        struct text kind = text_made(STR("compose"), n->span);
        settle_fill(s, 0, &kind, 1);
        n = n->next;
    }
    if (!n) {
        tell_missing(s, "the path of a file");
        return false;
    }
    if (node_is_text(n) && node_text(n)->has_braces)
        return false; /* told when it was to be read */
    if (!settle_texts(s, n, TYPE_FILE, false, &texts, &count))
        return false;
    settle_fill(s, 1, texts, count);
    as = n->next;
    if (!as)
        return true;
    alias = as->next;
    if (node_is_word(as, STR("as")) && alias && !alias->next && n == s->node->args.head) {
        if (!settle_texts(s, alias, TYPE_NAME, false, &texts, &count))
            return false;
        settle_fill(s, 2, texts, count);
        return true;
    }
    struct span rest = as->span;
    for (struct node *more = as; more; more = more->next)
        rest = span_join(rest, more->span);
    struct diag *d =
        diag_add(diags_of(s), DIAG_IMPORT, rest, "this does not belong behind an import's path");
    diag_help(diags_of(s), d, "write import PATH, or import PATH as ALIAS");
    return false;
}

/* ---- what one word demands of the others ---- */

static bool judge_match(struct settle *s) {
    const struct slot *slot = slot_of(s, "rule");
    return !slot || !slot->count || match_judge(s, &slot->texts[0]);
}

static bool judge_health(struct settle *s) {
    static const char *const of_http[] = { "path",   "status",    "method", "host",
                                           "scheme", "no-follow", "grpc" };
    static const char *const of_tcp[] = { "send", "expect" };
    if (s->mode == MODE_UNKNOWN)
        return true;
    bool http = mode_infos[s->mode].protocol == PROTOCOL_HTTP;
    const char *const *wrong = http ? of_tcp : of_http;
    size_t count = http ? 2 : sizeof of_http / sizeof *of_http;
    for (size_t i = 0; i < count; i++)
        if (slot_of(s, wrong[i])) {
            struct diag *d = diag_add(diags_of(s), DIAG_SETTING_MODE, slot_span(s, wrong[i]),
                                      "%.*s:// routes have no %s in a health check",
                                      STR_ARG(mode_infos[s->mode].scheme), wrong[i]);
            diag_help(diags_of(s), d,
                      http ? "HTTP asks for a path; `send` and `expect` are for TCP"
                           : "TCP connects, and may `send` text and `expect` an answer");
            return false;
        }
    if (!http || slot_of(s, "path") || slot_of(s, "grpc") || s->place == PLACE_DEFAULTS)
        return true;
    tell_missing(s, "a path such as `/up`");
    return false;
}

static bool judge_provider(struct settle *s) {
    struct str kind = setting_word(s->made, "kind");
    const struct slot *source = slot_of(s, "source");
    if (str_is(kind, "file") || str_is(kind, "http")) {
        if (!source) {
            tell_missing(s, str_is(kind, "file") ? "a directory or a file" : "a URL");
            return false;
        }
        struct text out;
        return check_type(s->scope, str_is(kind, "file") ? TYPE_FILE : TYPE_URL, &source->texts[0],
                          &out);
    }
    if (!source)
        return true;
    struct diag *d = diag_add(diags_of(s), DIAG_ARGUMENT_UNKNOWN, source->texts[0].span,
                              "`provider %.*s` takes no source", STR_ARG(kind));
    diag_help(diags_of(s), d, "write its address in the block: { endpoint … }");
    return false;
}

static bool judge_plugin(struct settle *s) {
    const struct slot *version = slot_of(s, "version");
    if (!version && !slot_of(s, "local")) {
        tell_missing(s, "a version such as `v1.6.0`, or `local`");
        return false;
    }
    if (!version || !slot_of(s, "local"))
        return true;
    struct diag *d = diag_add(diags_of(s), DIAG_ARGUMENT_UNKNOWN, version->texts[0].span,
                              "a local plugin has no version");
    diag_help(diags_of(s), d, "leave out the version, or `local`");
    return false;
}

/* Tags that are no number, such as `latest`, are taken for the newest. */
static bool judge_image(struct settle *s) {
    uint32_t version, oldest;
    const struct slot *slot = slot_of(s, "version");
    if (!slot || !str_is(setting_word(s->made, "part"), "traefik") ||
        !option_version_parse(setting_word(s->made, "version"), &version) ||
        !option_version_parse(STR("3.0.0"), &oldest) || version >= oldest)
        return true;
    diag_add(diags_of(s), DIAG_PROXY_OLD, slot->texts[0].span,
             "Traefik %.*s is older than all that itsupc writes for",
             STR_ARG(setting_word(s->made, "version")));
    return true;
}

static bool judge_metrics(struct settle *s) {
    struct str kind = setting_word(s->made, "kind");
    bool asked = str_is(kind, "prometheus");
    const char *wrong = asked ? "endpoint" : "entrypoint";
    const struct slot *slot = slot_of(s, wrong);
    if (!slot)
        return true;
    struct diag *d = diag_add(diags_of(s), DIAG_ARGUMENT_UNKNOWN, slot_span(s, wrong),
                              "`metrics %.*s` has no %s", STR_ARG(kind), wrong);
    diag_help(diags_of(s), d,
              asked ? "Prometheus asks the proxy: metrics prometheus entrypoint NAME"
                    : "the proxy sends them: metrics %.*s HOST:PORT",
              STR_ARG(kind));
    return false;
}

static bool judge_ciphers(struct settle *s) {
    const struct option *o = option_find(OPTION_DYNAMIC, STR("tls.options.x.cipherSuites")).option;
    const struct slot *slot = slot_of(s, "cipher");
    bool good = true;
    for (size_t i = 0; o && slot && i < slot->count; i++) {
        struct text out;
        good &= option_check_text(s->scope, o, &slot->texts[i], &out);
    }
    return good;
}

static bool judge_versions(struct settle *s) {
    struct setting *min = settings_find(s->made->children, SETTING_TLS_MIN);
    struct setting *max = settings_find(s->made->children, SETTING_TLS_MAX);
    if (!min || !max || min->poisoned || max->poisoned ||
        str_cmp(setting_word(min, "version"), setting_word(max, "version")) <= 0)
        return true;
    struct diag *d = diag_add(diags_of(s), DIAG_TLS_SETTING, max->span,
                              "the newest version of TLS is older than the oldest");
    diag_note_at(diags_of(s), d, min->span, "the oldest is given here");
    diag_effect(diags_of(s), d, "no client could connect");
    diag_help(diags_of(s), d, "swap them, or leave `max` out");
    return false;
}

static const struct {
    int id;
    struct setting_rule rule;
} rules[] = {
    { SETTING_FILE_TLS, { .finish = judge_versions } },
    { SETTING_FILE_IMPORT, { .read = read_import } },
    { SETTING_FILE_RAW, { .judge = judge_raw } },
    { SETTING_PROJECT_RAW, { .judge = judge_raw } },
    { SETTING_ROUTE_WHERE, { .read = condition_read } },
    { SETTING_ROUTE_MATCH, { .judge = judge_match } },
    { SETTING_ROUTE_HEALTH, { .judge = judge_health } },
    { SETTING_ROUTE_OPTION, { .read = read_option } },
    { SETTING_ROUTE_RAW, { .judge = judge_raw } },
    { SETTING_TLS_CIPHERS, { .judge = judge_ciphers } },
    { SETTING_TLS_OPTION, { .read = read_option } },
    { SETTING_PROXY_PROVIDER, { .judge = judge_provider } },
    { SETTING_PROXY_PLUGIN, { .judge = judge_plugin } },
    { SETTING_PROXY_METRICS, { .judge = judge_metrics } },
    { SETTING_PROXY_OPTION, { .read = read_option } },
    { SETTING_PROXY_RAW, { .judge = judge_raw } },
    { SETTING_ENTRYPOINT_OPTION, { .read = read_option } },
    { SETTING_RESOLVER_OPTION, { .read = read_option } },
    { SETTING_DNS01_OPTION, { .read = read_option } },
    { SETTING_PROVIDER_OPTION, { .read = read_option } },
    { SETTING_STACK_IMAGE, { .judge = judge_image } },
};

const struct setting_rule *setting_rule_of(int id) {
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].id == id)
            return &rules[i].rule;
    return NULL;
}
