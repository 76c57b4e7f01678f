/* X006, X014, X015, X016, X017, X018, X022, E0327, E0328: what containers and their labels are read
 * as, and by whom. */
#include "lint/rule.h"
#include "support/buf.h"

/* ---- X014, X018 ---- */

static const struct proxy_mount *mount_of(const struct proxy_container *c, struct str path) {
    for (const struct proxy_mount *m = c->mounts; m; m = m->next)
        if (m->target.len && str_starts(path, m->target) &&
            (path.len == m->target.len || path.at[m->target.len] == '/' ||
             m->target.at[m->target.len - 1] == '/'))
            return m;
    return NULL;
}

static void look_storage(struct lint *l, const struct proxy_container *c,
                         const struct untyped *resolver) {
    const struct untyped *at = untyped_get(resolver, "acme.storage");
    if (!at || !at->text.len || lint_is_open(at->text))
        return;
    struct str path =
        at->text.at[0] == '/' ? at->text : str_format(l->arena, "/%.*s", STR_ARG(at->text));
    const struct proxy_mount *m = mount_of(c, path);
    for (const struct proxy_mount *x = c->mounts; x; x = x->next)
        if (lint_is_open(x->target))
            return;
    if (!m) {
        struct diag *d =
            diag_add(l->diags, DIAG_ACME_STORAGE, at->span, "`%.*s` lies on no volume of `%.*s`",
                     STR_ARG(at->text), STR_ARG(c->name));
        diag_effect(l->diags, d,
                    "certificates are lost with the container and asked for again, until the "
                    "authority's rate limit");
        diag_help(l->diags, d, "mount a volume there");
    } else if (str_eq(m->target, path) && str_ends(m->source, STR(".json"))) {
        struct diag *d = diag_add(l->diags, DIAG_ACME_FILE, m->span,
                                  "`%.*s` must be there as a file of mode 600 before the container",
                                  STR_ARG(m->source));
        diag_effect(l->diags, d,
                    "Docker makes a folder of that name, or Traefik refuses the file, and the "
                    "resolver `%.*s` is left out",
                    STR_ARG(resolver->key));
        diag_help(l->diags, d, "mount a folder instead, or run: touch %.*s && chmod 600 %.*s",
                  STR_ARG(m->source), STR_ARG(m->source));
    }
}

/* ---- X017 ---- */

static void look_file(struct lint *l, const struct proxy_container *c) {
    static const char *const paths[] = { "/etc/traefik/traefik.yml", "/etc/traefik/traefik.yaml",
                                         "/etc/traefik/traefik.toml" };
    for (const struct proxy_mount *m = l->flags ? c->mounts : NULL; m; m = m->next)
        for (size_t i = 0; i < 3; i++) {
            if (!str_is(m->target, paths[i]))
                continue;
            struct diag *d =
                diag_add(l->diags, DIAG_FLAGS_IGNORED, m->span,
                         "`%s` is mounted, so the flags of the command are not read", paths[i]);
            diag_effect(l->diags, d,
                        "Traefik takes its static configuration from one source alone: the file");
            diag_note_at(l->diags, d, l->flags->first->key_span, "the first flag");
            diag_help(l->diags, d, "move the flags into the file, or take the file away");
        }
}

/* ---- labels ---- */

static const struct untyped_label *traefik_label(const struct untyped_label *labels, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (str_starts(labels[i].key, STR("traefik.http.routers.")) ||
            str_starts(labels[i].key, STR("traefik.tcp.routers.")) ||
            str_starts(labels[i].key, STR("traefik.udp.routers.")))
            return &labels[i];
    return NULL;
}

/* E0327 */
static void look_swarm(struct lint *l, const struct proxy_container *c) {
    const struct untyped_label *label = traefik_label(c->own_labels, c->own_label_count);
    if (!label || traefik_label(c->deploy_labels, c->deploy_label_count))
        return;
    struct diag *d =
        diag_add(l->diags, DIAG_LABEL_IGNORED, label->key_span,
                 "the swarm provider does not read the labels of `%.*s`", STR_ARG(c->name));
    diag_level(l->diags, d, LEVEL_ERROR);
    diag_effect(l->diags, d, "the service has no router");
    diag_help(l->diags, d, "write them below `deploy: labels:`");
}

/* The other way round: the Docker provider reads `traefik.docker.` alone. With both providers each
   label has its reader. */
static void look_swarm_labels(struct lint *l, const struct proxy_container *c) {
    static const char *const also[] = { "network", "lbswarm" };
    for (size_t i = 0; i < c->label_count; i++) {
        const struct untyped_label *label = &c->labels[i];
        struct str start = STR("traefik.swarm.");
        if (!str_eq_nocase(str_slice(label->key, 0, start.len), start))
            continue;
        struct diag *d = diag_add(l->diags, DIAG_LABEL_IGNORED, label->key_span,
                                  "the docker provider does not read `%.*s`", STR_ARG(label->key));
        diag_effect(l->diags, d, "the label is ignored without a word");
        struct str word = str_from(label->key, start.len);
        for (size_t k = 0; k < sizeof also / sizeof *also; k++)
            if (str_eq_nocase(word, str_of(also[k])))
                diag_help(l->diags, d, "write traefik.docker.%s", also[k]);
    }
}

/* Are the networks of both known? X007 then says more. */
static bool proxy_is_seen(struct lint *l, const struct proxy_container *c) {
    for (const struct proxy_container *p = l->proxy->containers; p; p = p->next)
        if (p->is_proxy && p->reach_known && c->reach_known && lint_together(l, c->span, p->span))
            return true;
    return false;
}

/* X015 */
static void look_networks(struct lint *l, const struct proxy_container *c) {
    const struct untyped *docker =
        untyped_child(untyped_child(l->proxy->conf, STR("providers")), l->proxy->docker);
    if (c->is_proxy || c->networks.count < 2 || proxy_is_seen(l, c) ||
        !traefik_label(c->labels, c->label_count) || untyped_text(docker, "network").len)
        return;
    for (size_t i = 0; i < c->label_count; i++)
        if (str_eq_nocase(c->labels[i].key, STR("traefik.docker.network")) ||
            str_eq_nocase(c->labels[i].key, STR("traefik.swarm.network")) ||
            str_ends(c->labels[i].key, STR(".loadbalancer.server.url")))
            return;
    struct diag *d = diag_add(l->diags, DIAG_NETWORK_GUESSED, c->span,
                              "`%.*s` joins %zu networks and does not say which one Traefik takes",
                              STR_ARG(c->name), c->networks.count);
    diag_effect(l->diags, d,
                "Traefik picks one at random: requests time out when it is not on that network");
    diag_help(l->diags, d, "add the label traefik.docker.network=NETWORK");
}

/* Does a hash begin here whose `$` are single: `$apr1$…`, `$2y$…`? A plain variable is none. */
static bool has_single_dollars(struct str s) {
    static const char *const kinds[] = { "apr1", "2y", "2a", "2b", "1", "5", "6" };
    for (size_t at = 0; at < s.len; at++) {
        if (s.at[at] != '$')
            continue;
        struct str rest = str_from(s, at + 1);
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
            size_t len = strlen(kinds[i]);
            if (str_starts(rest, str_of(kinds[i])) && len < rest.len && rest.at[len] == '$')
                return true;
        }
        at += str_starts(rest, STR("$"));
    }
    return false;
}

/* X016 */
static void look_dollars(struct lint *l, const struct proxy_container *c) {
    for (size_t i = 0; i < c->label_count; i++) {
        const struct untyped_label *label = &c->labels[i];
        size_t last = str_find_last(label->key, '.');
        struct str written = source_text(l->diags->sources, label->value_span);
        if (!label->expands || last == STR_NONE || !has_single_dollars(written) ||
            !str_eq_nocase(str_from(label->key, last), STR(".users")))
            continue;
        struct diag *d = diag_add(l->diags, DIAG_DOLLAR, label->value_span,
                                  "Compose reads a `$` of this hash as the start of a variable");
        diag_effect(l->diags, d, "the hash arrives broken: every login is answered 401");
        diag_help(l->diags, d, "write each `$` of it twice");
        struct buf doubled = { .arena = l->arena };
        for (size_t k = 0; k < written.len; k++) {
            bool pair = k + 1 < written.len && written.at[k] == '$' && written.at[k + 1] == '$';
            buf_text(&doubled, written.at[k] == '$' ? "$$" : "");
            if (written.at[k] != '$')
                buf_char(&doubled, written.at[k]);
            k += pair;
        }
        if (written.len)
            diag_fix_replace(l->diags, d, true, label->value_span, buf_str(&doubled));
    }
}

static bool has_label(const struct proxy_container *c, struct str start) {
    for (size_t i = 0; i < c->label_count; i++)
        if (str_starts(c->labels[i].key, start))
            return true;
    return false;
}

/* X006: all of its routers lead elsewhere, say to api@internal; Traefik makes it a service all the
   same, and wants a port. Its own image exposes 80. */
static void look_unused_port(struct lint *l, const struct proxy_container *c) {
    bool swarm = str_is(l->proxy->docker, "swarm"), any = false;
    if (!c->served || (c->is_proxy && !swarm) || (c->port.len && !swarm) ||
        has_label(c, STR("traefik.http.services.")) || has_label(c, STR("traefik.tcp.")) ||
        has_label(c, STR("traefik.udp.")))
        return;
    for (size_t i = 0; i < c->label_count; i++) {
        struct str key = c->labels[i].key;
        if (!str_starts(key, STR("traefik.http.routers.")) || !str_ends(key, STR(".rule")))
            continue;
        any = true;
        if (!has_label(c, str_format(l->arena, "%.*s.service",
                                     STR_ARG(str_slice(key, 0, key.len - STR(".rule").len)))))
            return;
    }
    if (!any)
        return;
    struct diag *d =
        diag_add(l->diags, DIAG_BACKEND_PORT, c->span,
                 "no label says a port of `%.*s`, though its routers need none", STR_ARG(c->name));
    if (swarm)
        diag_level(l->diags, d, LEVEL_ERROR);
    diag_effect(l->diags, d,
                swarm ? "Traefik makes it a service all the same, and drops all of its routers"
                      : "Traefik makes it a service all the same, and drops all of its routers "
                        "when the image exposes no port");
    diag_help(l->diags, d, "write traefik.http.services.%.*s.loadbalancer.server.port=1",
              STR_ARG(c->name));
}

/* E0328: a label that is a list is parted at each comma, also at those of a regular expression. */
static void look_commas(struct lint *l, const struct proxy_container *c) {
    static const char *const lists[] = { ".stripprefixregex.regex",
                                         ".headers.accesscontrolalloworiginlistregex" };
    for (size_t i = 0; i < c->label_count; i++) {
        const struct untyped_label *label = &c->labels[i];
        size_t comma = STR_NONE, depth = 0;
        bool list = false;
        for (size_t k = 0; k < sizeof lists / sizeof *lists; k++)
            list = list || (label->key.len > strlen(lists[k]) &&
                            str_eq_nocase(str_from(label->key, label->key.len - strlen(lists[k])),
                                          str_of(lists[k])));
        for (size_t k = 0; list && k < label->value.len && comma == STR_NONE; k++) {
            char at = label->value.at[k];
            depth += at == '{' || at == '[' || at == '(';
            depth -= depth && (at == '}' || at == ']' || at == ')');
            comma = depth && at == ',' ? k : comma;
        }
        if (comma == STR_NONE)
            continue;
        struct diag *d = diag_add(l->diags, DIAG_COMBINATION, label->value_span,
                                  "a comma inside of a regular expression parts it in two");
        diag_effect(l->diags, d, "Traefik looks for `%.*s` and for `%.*s`",
                    STR_ARG(str_slice(label->value, 0, comma)),
                    STR_ARG(str_trim(str_from(label->value, comma + 1))));
        diag_help(l->diags, d, "declare the middleware in a file, or write it without the comma");
    }
}

/* X022 */
static void look_order(struct lint *l, const struct proxy_container *c) {
    for (size_t i = 0; i < c->label_count; i++) {
        const struct untyped_label *label = &c->labels[i];
        size_t open = str_find_str(label->key, STR("[10]"));
        if (!str_starts(label->key, STR("traefik.")) || open == STR_NONE ||
            !has_label(c, str_format(l->arena, "%.*s[2]", STR_ARG(str_slice(label->key, 0, open)))))
            continue;
        struct diag *d = diag_add(l->diags, DIAG_INDEX_ORDER, label->key_span,
                                  "more than ten entries of `%.*s`, which Traefik sorts as texts",
                                  STR_ARG(str_slice(label->key, 0, open)));
        diag_effect(l->diags, d, "[10] comes before [2]: the first name may be another one");
        diag_help(l->diags, d, "write all numbers with two digits: [00], [01], …, [10]");
        return;
    }
}

void lint_containers(struct lint *l) {
    const struct proxy_container *proxy = lint_proxy_container(l);
    const struct untyped *all = untyped_child(l->proxy->conf, STR("certificatesResolvers"));
    const struct untyped *providers = untyped_child(l->proxy->conf, STR("providers"));
    for (const struct untyped *c = proxy && all ? all->first : NULL; c; c = c->next)
        look_storage(l, proxy, c);
    if (proxy)
        look_file(l, proxy);
    bool docker_alone = str_is(l->proxy->docker, "docker") &&
                        untyped_child(providers, STR("docker")) &&
                        !untyped_child(providers, STR("swarm"));
    for (const struct proxy_container *c = l->containers; c; c = c->next) {
        if (l->proxy->conf && str_is(l->proxy->docker, "swarm"))
            look_swarm(l, c);
        if (docker_alone)
            look_swarm_labels(l, c);
        look_networks(l, c);
        look_dollars(l, c);
        look_order(l, c);
        look_unused_port(l, c);
        look_commas(l, c);
    }
}
