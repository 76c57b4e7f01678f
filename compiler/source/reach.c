#include "source/reach.h"

bool reach_joins(const struct reach_end *end, struct str network) {
    for (size_t i = 0; i < end->count; i++)
        if (str_eq(end->networks[i], network))
            return true;
    return false;
}

/* A network of `end` that `other` is on, or is not; empty when there is none. */
static struct str one_of(const struct reach_end *end, const struct reach_end *other, bool joined) {
    for (size_t i = 0; i < end->count; i++)
        if (reach_joins(other, end->networks[i]) == joined)
            return end->networks[i];
    return STR("");
}

/* As the compose file calls it. */
static struct str key_of(const struct reach *c, struct str network) {
    bool own = str_starts(network, c->project) && network.len > c->project.len + 1 &&
               network.at[c->project.len] == '_';
    return own ? str_from(network, c->project.len + 1) : network;
}

/* ---- a label that names a network of others ---- */

/* "shop_back" for "back". */
static struct str meant(const struct reach *c, struct str name) {
    for (size_t i = 0; i < c->end.count; i++) {
        struct str full = c->end.networks[i];
        if (full.len > name.len + 1 && str_ends(full, name) &&
            full.at[full.len - name.len - 1] == '_')
            return full;
    }
    return STR("");
}

/* Compose may be run under another project's name than the folder's: "other_back" is "shop_back"
   then. */
static bool is_renamed(const struct reach *c) {
    size_t dash = str_find(c->label, '_');
    return dash != STR_NONE && meant(c, str_from(c->label, dash + 1)).len > 0;
}

static void tell_absent(struct diags *diags, const struct reach *c) {
    struct str full = meant(c, c->label);
    struct diag *d = diag_add(diags, DIAG_NETWORK, c->label_span,
                              full.len ? "Docker knows no network `%.*s` of `%.*s`"
                                       : "the network `%.*s` is none of those of `%.*s`",
                              STR_ARG(c->label), STR_ARG(c->name));
    diag_level(diags, d, LEVEL_WARNING);
    diag_effect(diags, d, "Traefik warns and takes %s of its networks",
                c->end.count > 1 ? "any" : "the only one");
    if (full.len)
        diag_help(diags, d, "write %.*s, which is Docker's name for it", STR_ARG(full));
    else
        diag_help(diags, d, "add `%.*s` to the networks of `%.*s`", STR_ARG(c->label),
                  STR_ARG(c->name));
}

/* ---- a proxy that is elsewhere ---- */

static struct diag *tell_never(struct diags *diags, const struct reach *proxy,
                               const struct reach *c) {
    struct diag *d =
        diag_add(diags, DIAG_NETWORK, c->span, "`%.*s` shares no network with the proxy `%.*s`",
                 STR_ARG(c->name), STR_ARG(proxy->name));
    struct str key = key_of(c, proxy->end.networks[0]);
    diag_effect(diags, d, "its routes answer 504 after 30 s");
    if (c->end.count == 1 && str_is(key_of(c, c->end.networks[0]), "default"))
        diag_help(diags, d, "write `networks: [default, %.*s]` at `%.*s`", STR_ARG(key),
                  STR_ARG(c->name));
    else
        diag_help(diags, d, "add `%.*s` to the networks of `%.*s`", STR_ARG(key), STR_ARG(c->name));
    return d;
}

static struct diag *tell_wrong(struct diags *diags, const struct reach *c, struct str named) {
    struct diag *d = diag_add(diags, DIAG_NETWORK, c->label.len ? c->label_span : c->span,
                              "the proxy is not on the network `%.*s`, over which it asks `%.*s`",
                              STR_ARG(key_of(c, named)), STR_ARG(c->name));
    diag_effect(diags, d, "its routes answer 504 after 30 s");
    return d;
}

static struct diag *tell_chance(struct diags *diags, const struct reach *c, struct str closed) {
    struct diag *d =
        diag_add(diags, DIAG_NETWORK, c->span,
                 "nothing says which of its networks the proxy asks `%.*s` over", STR_ARG(c->name));
    diag_level(diags, d, LEVEL_WARNING);
    diag_effect(diags, d, "Traefik takes one by chance; over `%.*s` its routes answer 504",
                STR_ARG(key_of(c, closed)));
    return d;
}

static struct diag *judge(struct diags *diags, const struct reach *proxy, const struct reach *c,
                          struct str named) {
    struct str shared = one_of(&c->end, &proxy->end, true);
    struct str closed = one_of(&c->end, &proxy->end, false);
    if (!shared.len)
        return tell_never(diags, proxy, c);
    bool known = named.len && reach_joins(&c->end, named);
    if (!closed.len || (known && reach_joins(&proxy->end, named)))
        return NULL;
    struct diag *d = known ? tell_wrong(diags, c, named) : tell_chance(diags, c, closed);
    diag_help(diags, d, "write the label traefik.docker.network=%.*s", STR_ARG(shared));
    return d;
}

void reach_check(struct diags *diags, const struct reach *proxy, const struct reach *container,
                 struct str provider) {
    const struct reach *c = container;
    if (c->label.len && !reach_joins(&c->end, c->label)) {
        if (!is_renamed(c))
            tell_absent(diags, c);
        return;
    }
    struct diag *d = proxy ? judge(diags, proxy, c, c->label.len ? c->label : provider) : NULL;
    if (d)
        diag_note_at(diags, d, proxy->span, "the proxy is on `%.*s`",
                     STR_ARG(key_of(c, proxy->end.networks[0])));
}
