/* Names, and references to what is declared elsewhere. */
#include "model/names.h"
#include "model/target.h"
#include "model/types.h"
#include "options/readymade.h"

/* ---- providers ---- */

/* `internal` is Traefik itself. Consul and Nomad may have a namespace behind a `-`. */
static const char *const providers[] = {
    "docker",     "swarm",         "file",
    "http",       "rest",          "redis",
    "etcd",       "consul",        "zookeeper",
    "nomad",      "consulcatalog", "ecs",
    "kubernetes", "kubernetescrd", "kubernetesgateway",
    "knative",    "internal",      "kubernetesingressnginx",
};
enum { PROVIDERS = sizeof providers / sizeof *providers };

bool provider_is_known(struct str name) {
    static const char *const with_namespace[] = { "consulcatalog-", "consul-", "nomad-" };
    for (size_t i = 0; i < PROVIDERS; i++)
        if (str_is(name, providers[i]))
            return true;
    for (size_t i = 0; i < 3; i++)
        if (str_starts(name, str_of(with_namespace[i])) && name.len > strlen(with_namespace[i]))
            return true;
    return false;
}

void provider_offer(struct nearest *near) {
    for (size_t i = 0; i < PROVIDERS; i++)
        nearest_offer(near, str_of(providers[i]));
}

/* ---- names ---- */

static bool check_name(struct type_check *c, struct fault fault, const char *what) {
    return fault.error
               ? type_refuse(c, DIAG_NAME_SYNTAX, fault, what, names_error_text(fault.error))
               : true;
}

bool type_check_name(struct type_check *c) {
    return check_name(c, names_check_object(c->text->s), "name");
}

bool type_check_project_name(struct type_check *c) {
    return check_name(c, names_check_project(c->text->s), "project's name");
}

static bool check_service(struct type_check *c, struct str name, size_t at) {
    if (target_is_service_name(name))
        return true;
    size_t bad = 0;
    while (bad < name.len && (char_is_alnum(name.at[bad]) || strchr("._-", name.at[bad])))
        bad++;
    return type_refuse(c, DIAG_NAME_SYNTAX,
                       name.len ? fault_at(1, at + bad, at + bad + 1) : fault_none(),
                       "service's name", "it holds letters, digits and . _ - only");
}

bool type_check_service_name(struct type_check *c) {
    return check_service(c, c->text->s, 0);
}

bool type_check_network(struct type_check *c) {
    struct str s = c->text->s;
    for (size_t i = 0; i < s.len; i++)
        if (!char_is_alnum(s.at[i]) && (i == 0 || !strchr("._-", s.at[i])))
            return type_refuse(c, DIAG_NAME_SYNTAX, fault_at(1, i, i + 1), "network's name",
                               "it holds letters, digits and . _ - only");
    return s.len ? true : type_refuse(c, DIAG_NAME_SYNTAX, fault_none(), "network's name", "");
}

/* ---- references ---- */

/* How a kind of reference is told when nothing is declared by that name. */
struct reference {
    enum declared_kind kind;
    enum diag_code code;
    const char *what;
    const char *before, *after; /* a declaration, around the name */
    const char *traefik;        /* the same in Traefik's own files, before the name */
    bool by_proxy;              /* only a `proxy` block declares them: without one, anything goes */
};

/* tcp-5432, udp-51820, http-9000: entry points that the ready-made proxy makes for a host port. */
static bool is_made_for_port(struct str name) {
    static const char *const kinds[] = { "tcp-", "udp-", "http-" };
    uint64_t port;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_starts(name, str_of(kinds[i])))
            return str_to_uint(str_from(name, strlen(kinds[i])), 65535, &port) && port > 0;
    return false;
}

static bool is_readymade(const struct type_check *c, enum declared_kind kind, struct str name) {
    unsigned stack = c->scope->program->stack;
    if (stack >= 2 && kind == DECLARED_ENTRYPOINT && is_made_for_port(name))
        return true;
    for (size_t i = 0; i < readymade_count; i++)
        if (program_readymade(&readymades[i]) == kind && readymades[i].generations >> stack & 1 &&
            str_eq(readymades[i].name, name))
            return true;
    return false;
}

static bool check_reference(struct type_check *c, const struct reference *r) {
    struct str name = c->text->s;
    struct fault fault = names_check_qualified(name);
    if (fault.error)
        return check_name(c, fault, "name");
    if (r->by_proxy && !c->scope->program->has_proxy)
        return true;
    if (c->text->sample || program_find(c->scope, r->kind, name) || is_readymade(c, r->kind, name))
        return true;
    if (program_lost(c->scope, name))
        return false;
    struct diags *diags = scope_diags(c->scope);
    struct diag *d = type_tell(c, r->code, 0, 0, "no %s is called `%.*s`", r->what, STR_ARG(name));
    struct nearest near = { .wanted = name, .effort = &diags->hints };
    program_offer(c->scope, r->kind, &near);
    if (near.best.len && !c->text->pieces && c->text->inner)
        diag_suggest(diags, d, text_span(c->text, 0, name.len), near.best);
    else if (near.best.len)
        diag_help(diags, d, "did you mean `%.*s`?", STR_ARG(near.best));
    else if (source_is_foreign(diags->sources, c->text->span.start))
        diag_help(diags, d, "declare %s%.*s", r->traefik, STR_ARG(name));
    else
        diag_help(diags, d, "declare it: %s%.*s%s", r->before, STR_ARG(name), r->after);
    return false;
}

bool type_check_resolver_ref(struct type_check *c) {
    static const struct reference resolver = { DECLARED_RESOLVER,
                                               DIAG_RESOLVER_UNKNOWN,
                                               "resolver",
                                               "resolver ",
                                               " acme { … } in the `proxy` block",
                                               "certificatesResolvers.",
                                               true };
    return str_is(c->text->s, "none") || check_reference(c, &resolver);
}

bool type_check_entrypoint_ref(struct type_check *c) {
    static const struct reference entrypoint = {
        DECLARED_ENTRYPOINT,           DIAG_ENTRYPOINT_UNKNOWN, "entry point", "entrypoint ",
        " :PORT in the `proxy` block", "entryPoints.",          true
    };
    return check_reference(c, &entrypoint);
}

bool type_check_plugin_ref(struct type_check *c) {
    static const struct reference plugin = { DECLARED_PLUGIN,
                                             DIAG_PLUGIN_UNKNOWN,
                                             "plugin",
                                             "plugin ",
                                             " MODULE VERSION in the `proxy` block",
                                             "experimental.plugins.",
                                             true };
    return check_reference(c, &plugin);
}

/* NAME@provider: declared elsewhere, so only its form can be judged. */
static bool check_provided(struct type_check *c, size_t at) {
    struct str name = str_slice(c->text->s, 0, at), provider = str_from(c->text->s, at + 1);
    if (name.len == 0)
        return type_refuse(c, DIAG_NAME_SYNTAX, fault_none(), "name", "a name stands before the @");
    if (provider_is_known(provider))
        return true;
    struct diag *d = type_tell(c, DIAG_PROVIDER_UNKNOWN, at + 1, c->text->s.len,
                               "Traefik has no provider called `%.*s`", STR_ARG(provider));
    struct nearest near = { .wanted = provider, .effort = &scope_diags(c->scope)->hints };
    provider_offer(&near);
    diag_suggest(scope_diags(c->scope), d, text_span(c->text, at + 1, c->text->s.len), near.best);
    return type_end(c);
}

bool type_check_tls_ref(struct type_check *c) {
    static const struct reference tls = { DECLARED_TLS, DIAG_TLS_UNKNOWN, "`tls` declaration",
                                          "tls ",       " { … }",         "tls.options.",
                                          false };
    size_t at = str_find(c->text->s, '@');
    if (at != STR_NONE)
        return check_provided(c, at);
    return str_is(c->text->s, "default") || check_reference(c, &tls);
}

/* A name only; calls and chains are read by check_link. */
bool type_check_middleware_ref(struct type_check *c) {
    size_t at = str_find(c->text->s, '@');
    return at != STR_NONE ? check_provided(c, at)
                          : check_name(c, names_check_qualified(c->text->s), "name");
}

/* Which projects there are is known to the workspace; here the form is judged. */
bool type_check_project_ref(struct type_check *c) {
    struct str s = c->text->s;
    size_t slash = str_find(s, '/');
    if (slash == STR_NONE) {
        size_t colon = str_find(s, ':');
        if (colon != STR_NONE && colon > 0)
            return type_refuse_for(
                c, DIAG_EGRESS, fault_at(1, colon, colon + 1), "service of a project",
                "a slash parts project and service", true,
                str_format(scope_arena(c->scope), "%.*s/%.*s", STR_ARG(str_slice(s, 0, colon)),
                           STR_ARG(str_from(s, colon + 1))));
        return type_refuse(c, DIAG_EGRESS, fault_none(), "service of a project",
                           "the service is missing");
    }
    struct fault fault = names_check_project(str_slice(s, 0, slash));
    if (fault.error)
        return check_name(c, fault, "project's name");
    return check_service(c, str_from(s, slash + 1), slash + 1);
}
