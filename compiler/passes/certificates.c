/* Whose certificate a router shows: the route's word, else that of its entry point. */
#include "options/options.h"
#include "passes/pass.h"

static const struct ir_entrypoint *entry_of(const struct ir *ir, const struct ir_router *r) {
    return r->entrypoints.count ? table_get(&ir->entrypoint_index, r->entrypoints.list[0]) : NULL;
}

/* Traefik reads the names off Host(…) and HostSNI(…) itself. TCP routers say them all the same, and
   so does a router whose wildcards are a regular expression, before Traefik 3.7. */
static bool says_names(const struct ir *ir, const struct ir_router *r) {
    uint32_t wildcards;
    option_version_parse(STR("3.7.0"), &wildcards);
    bool wild = false;
    for (size_t i = 0; i < r->hosts.count; i++) {
        if (str_is(r->hosts.list[i], "*"))
            return false;
        wild |= str_starts(r->hosts.list[i], STR("*."));
    }
    return r->hosts.count && (r->protocol == IR_TCP || (wild && ir->version < wildcards));
}

void pass_certificates(struct ir *ir) {
    for (struct ir_router *r = router_first(ir); r; r = router_next(r)) {
        if (!r->tls || r->passthrough)
            continue;
        const struct ir_entrypoint *e = entry_of(ir, r);
        if (e && !r->resolver.len && !r->certificate.count)
            r->certificate = e->certificate;
        if (e && !r->resolver.len)
            r->resolver = e->resolver;
        if (e && !r->tls_options.len)
            r->tls_options = e->tls_options;
        if (str_is(r->resolver, "none"))
            r->resolver = STR("");
        if (!r->resolver.len)
            r->certificate.count = 0;
        else if (!r->certificate.count && says_names(ir, r))
            r->certificate = r->hosts;
        bool plain = r->tls_options.len && str_find(r->tls_options, '@') == STR_NONE &&
                     !str_is(r->tls_options, "default");
        if (plain)
            r->tls_options = str_format(ir->arena, "%.*s@file", STR_ARG(r->tls_options));
    }
}
