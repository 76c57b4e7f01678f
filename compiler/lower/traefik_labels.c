/* Labels of containers: which of them Traefik reads, and what they say. */
#include "lower/traefik.h"
#include "options/value.h"
#include "source/requote.h"
#include "support/nearest.h"

#define DROPPED_CONTAINER "Traefik drops all routers of this container"

struct lower *traefik_lower(struct traefik *t, const struct tree_file *file) {
    struct lower *l = arena_new(t->arena, struct lower);
    lower_begin(l, t->arena, t->diags, file, t->losses);
    return l;
}

struct traefik_part *traefik_part_new(struct traefik *t, struct lower *l,
                                      enum traefik_provider provider, struct span span) {
    struct traefik_part *part = arena_new(&t->confs, struct traefik_part);
    part->l = l;
    part->provider = provider;
    part->span = span;
    part->conf = conf_new(&t->confs, OPTION_DYNAMIC);
    *t->last_part = part;
    t->last_part = &part->next;
    t->has[provider] = true;
    return part;
}

/* ---- labels that look like Traefik's and are none ---- */

static void tell_ignored(struct traefik_part *part, struct node *key, size_t to, struct str best) {
    struct lower *l = part->l;
    struct span span = node_text_span(node_text(key), 0, to);
    struct diag *d =
        diag_add(l->diags, DIAG_OPTION_UNKNOWN, span, "Traefik reads no labels `%.*s…`",
                 STR_ARG(str_slice(conf_str(key), 0, to)));
    diag_effect(l->diags, d, "the label is ignored without a word");
    diag_suggest(l->diags, d, span, best);
}

/* `treafik.http…`, `Traefik.…` */
static bool is_near_root(struct traefik_part *part, struct node *key, size_t dot) {
    struct str root = str_slice(conf_str(key), 0, dot);
    if (str_is(root, "traefik"))
        return true;
    if (str_eq_nocase(root, STR("traefik"))) {
        struct span span = node_text_span(node_text(key), 0, dot);
        struct diag *d = diag_add(part->l->diags, DIAG_OPTION_UNKNOWN, span,
                                  "labels of Traefik begin with `traefik` in small letters");
        diag_effect(part->l->diags, d, DROPPED_CONTAINER);
        diag_suggest(part->l->diags, d, span, STR("traefik"));
    } else if (root.len > 4 && nearest_distance(root, STR("traefik"), 2) <= 2) {
        tell_ignored(part, key, dot, STR("traefik"));
    }
    return false;
}

/* Below `traefik.tls.` one store alone is read. */
static void tell_tls(struct traefik_part *part, struct node *key) {
    struct lower *l = part->l;
    size_t from = strlen("traefik.tls."), dot = str_find(str_from(conf_str(key), from), '.');
    struct str word = str_slice(conf_str(key), from, dot == STR_NONE ? STR_NONE : from + dot);
    bool store = str_eq_nocase(word, STR("stores"));
    if (!store && !str_eq_nocase(word, STR("options")) &&
        nearest_distance(word, STR("stores"), 2) <= 2) {
        struct span span = node_text_span(node_text(key), from, from + word.len);
        struct diag *d = diag_add(l->diags, DIAG_OPTION_UNKNOWN, span,
                                  "Traefik reads no labels `traefik.tls.%.*s…`", STR_ARG(word));
        diag_effect(l->diags, d, "the label is ignored without a word");
        diag_suggest(l->diags, d, span, STR("stores"));
        return;
    }
    struct diag *d = diag_add(l->diags, DIAG_OPTION_UNKNOWN, key->span,
                              "labels hold no TLS options, certificates or stores");
    diag_effect(l->diags, d, "the label is ignored without a word");
    diag_help(l->diags, d,
              store ? "only traefik.tls.stores.default is read from labels"
                    : "they belong into a file of the file provider");
}

/* ---- labels of Traefik 1 ---- */

/* `Host:a,b;PathPrefix:/x` as a rule of today; empty when it is none. */
static struct str rule_of_v1(struct arena *a, struct str text) {
    static const char *const names[] = { "Host", "Path", "PathPrefix", "Method" };
    struct buf out = { .arena = a };
    for (struct str rest = text; rest.len;) {
        size_t semicolon = str_find(rest, ';');
        struct str part = str_trim(str_slice(rest, 0, semicolon));
        rest = semicolon == STR_NONE ? STR("") : str_from(rest, semicolon + 1);
        size_t colon = str_find(part, ':');
        const char *name = NULL;
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            if (str_eq_nocase(str_trim(str_slice(part, 0, colon)), str_of(names[i])))
                name = names[i];
        struct str values = colon == STR_NONE ? STR("") : str_from(part, colon + 1), item;
        if (!name || !values.len || str_find(values, '{') != STR_NONE)
            return STR("");
        bool several = str_find(values, ',') != STR_NONE, first = true;
        buf_text(&out, out.len ? " && " : "");
        buf_text(&out, several ? "(" : "");
        while (option_list_next(&values, &item)) {
            buf_format(&out, "%s%s(`%.*s`)", first ? "" : " || ", name, STR_ARG(item));
            first = false;
        }
        buf_text(&out, several ? ")" : "");
    }
    return buf_str(&out);
}

/* What a label of Traefik 1 is today, in a container whose objects are named after its service. */
static void translate_v1(struct traefik_part *part, struct diag *d, struct node *key,
                         struct node *value, const char *instead) {
    static const char *const same[] = { "http.services.<name>.loadBalancer.server.port",
                                        "http.services.<name>.loadBalancer.server.scheme",
                                        "http.services.<name>.loadBalancer.passHostHeader",
                                        "http.routers.<name>.priority",
                                        "http.routers.<name>.entryPoints" };
    struct diags *diags = part->l->diags;
    struct arena *a = part->l->arena;
    bool rule = str_is(str_of(instead), "http.routers.<name>.rule"), known = rule;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        known = known || str_is(str_of(instead), same[i]);
    diag_help(diags, d, "this is a label of Traefik 1; today it is traefik.%s", instead);
    struct str to = rule ? rule_of_v1(a, conf_str(value)) : STR(""), written;
    struct str from = source_text(diags->sources, key->span);
    size_t name = str_find_str(str_of(instead), STR("<name>"));
    /* Beside labels of today it was left over: one service more, and routers do not say which. */
    if (!known || part->today || !part->service.len || !str_eq(from, conf_str(key)) ||
        (rule && (!to.len || !requote(a, diags->sources, value->span, to, &written))))
        return;
    struct diag_fix *fix = diag_fix_new(diags, d, true, "write it for Traefik 3");
    diag_fix_edit(diags, fix, key->span,
                  str_format(a, "traefik.%.*s%.*s%s", (int)name, instead, STR_ARG(part->service),
                             instead + name + strlen("<name>")));
    if (rule)
        diag_fix_edit(diags, fix, value->span, written);
}

/* Traefik picks labels by their beginnings: anything else below `traefik.` is not looked at. */
static bool is_read(struct traefik_part *part, struct node *key, struct node *value) {
    static const char *const roots[] = { "traefik.http",   "traefik.tcp",
                                         "traefik.udp",    "traefik.tls.stores.default",
                                         "traefik.enable", "traefik.docker.",
                                         "traefik.swarm." };
    static const char *const words[] = { "http",   "tcp",   "udp",           "enable",
                                         "docker", "swarm", "docker.network" };
    struct str s = conf_str(key);
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        if (str_eq_nocase(str_slice(s, 0, strlen(roots[i])), str_of(roots[i])))
            return true;
    struct lower *l = part->l;
    size_t from = strlen("traefik."), dot = str_find(str_from(s, from), '.');
    size_t to = dot == STR_NONE ? s.len : from + dot;
    struct str word = str_slice(s, from, to), whole = str_from(s, from);
    struct span span = node_text_span(node_text(key), from, to);
    const struct option_retired *old = option_retired(OPTION_DYNAMIC, whole);
    struct nearest near = { .wanted = word };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        nearest_offer(&near, str_of(words[i]));
    if (str_eq_nocase(word, STR("tls"))) {
        tell_tls(part, key);
        return false;
    }
    struct diag *d = diag_add(l->diags, DIAG_OPTION_UNKNOWN, span,
                              "Traefik reads no labels `traefik.%.*s…`", STR_ARG(word));
    diag_effect(l->diags, d, "the label is ignored without a word");
    if (!word.len)
        diag_help(l->diags, d, "write one dot");
    else if (old && *old->instead)
        translate_v1(part, d, key, value, old->instead);
    else
        diag_suggest(l->diags, d, span, near.best);
    return false;
}

bool traefik_label(struct traefik *t, struct traefik_part *part, struct node *key,
                   struct node *value) {
    struct str s = conf_str(key);
    size_t dot = str_find(s, '.');
    if (dot == STR_NONE || !is_near_root(part, key, dot) || !is_read(part, key, value))
        return false;
    struct conf_reader r = { .l = part->l,
                             .confs = &t->confs,
                             .source = CONF_LABEL,
                             .tree = OPTION_DYNAMIC,
                             .version = t->version,
                             .effect = DROPPED_CONTAINER };
    struct node *path = conf_part(&t->aside, key, dot + 1, s.len);
    conf_set(&r, part->conf, path, value);
    return true;
}
