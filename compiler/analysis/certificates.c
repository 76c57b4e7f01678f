/* pkg/tls/certificate_store.go, and what pkg/provider/acme asks for. */
#include "analysis/certificates.h"

#include "support/buf.h"
#include "support/x509.h"

#include <stdlib.h>

static int by_text(const void *a, const void *b) {
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static struct certificate *add(struct proxy *p, const struct strs *names) {
    struct certificate *c = arena_new(p->arena, struct certificate);
    *c = (struct certificate){ .names = *names };
    struct str *sorted = arena_array(p->arena, struct str, names->count + 1);
    for (size_t i = 0; i < names->count; i++)
        sorted[i] = names->at[i];
    qsort(sorted, names->count, sizeof *sorted, by_text);
    struct buf key = { .arena = p->arena };
    for (size_t i = 0; i < names->count; i++)
        buf_format(&key, "%s%.*s", i ? "," : "", STR_ARG(sorted[i]));
    c->key = buf_str(&key);
    *p->last_certificate = c;
    p->last_certificate = &c->next;
    return c;
}

static bool all_held(struct proxy *p, const struct strs *names) {
    for (size_t i = 0; i < names->count; i++)
        if (!certificates_find(p, names->at[i], p->arena))
            return false;
    return true;
}

/* Of two certificates with a name the one with the greatest key is shown. */
static void know(struct proxy *p, struct certificate *c) {
    for (size_t i = 0; i < c->names.count; i++) {
        void **slot = table_at(&p->certificate_names, c->names.at[i]);
        const struct certificate *known = *slot;
        if (!known || str_cmp(c->key, known->key) > 0)
            *slot = c;
    }
}

/* ---- files ---- */

static bool is_for_default(const struct untyped *c, struct arena *a) {
    struct strs stores = untyped_texts(c, "stores", a);
    bool found = stores.count == 0;
    for (size_t i = 0; i < stores.count; i++)
        found = found || str_is(stores.at[i], "default");
    return found;
}

void certificates_add_files(struct proxy *p, const struct untyped *tls) {
    const struct untyped *list = untyped_child(tls, STR("certificates"));
    for (const struct untyped *c = list ? list->first : NULL; c; c = c->next) {
        struct str file = untyped_text(c, "certFile"), text = STR("");
        if (!file.len || !is_for_default(c, p->arena))
            continue;
        bool written = str_starts(str_trim(file), STR("-----BEGIN"));
        struct x509_names found;
        struct strs names = { 0 };
        if (written)
            text = file;
        else if (!p->read || !p->read(p->read_context, file, &text))
            p->unread_certificate = file;
        if (!text.len || !x509_names(p->arena, text, &found))
            continue;
        for (size_t i = 0; i < found.count; i++)
            strs_add(&names, p->arena, found.at[i]);
        struct certificate *made = add(p, &names);
        made->file = written ? STR("inline") : file;
        know(p, made);
    }
}

/* ---- resolvers ---- */

static struct str canonical(struct arena *a, struct str name) {
    name = str_trim(name);
    while (str_ends(name, STR(".")))
        name.len--;
    char *at = arena_alloc(a, name.len + 1);
    for (size_t i = 0; i < name.len; i++)
        at[i] = char_lower(name.at[i]);
    return (struct str){ at, name.len };
}

static void add_name(struct proxy *p, struct strs *names, struct str name) {
    name = canonical(p->arena, name);
    if (name.len && !str_is(name, "*"))
        strs_add(names, p->arena, name);
}

/* Nothing is asked for when certificates for all names are there; whose comes first is for the
   moment to decide, and here for the order of the files. */
static void ask(struct proxy *p, struct str resolver, const struct strs *names) {
    if (!names->count || all_held(p, names))
        return;
    struct certificate *c = add(p, names);
    c->resolver = resolver;
    know(p, c);
}

static bool is_resolver(const struct proxy *p, struct str name) {
    return !p->conf || untyped_child(untyped_child(p->conf, STR("certificatesResolvers")), name);
}

/* One certificate for each of `tls.domains`, or one for the hosts of the rule. */
static void ask_for(struct proxy *p, const struct router *r, struct str resolver,
                    const struct untyped *domains) {
    const struct untyped *domain = domains ? domains->first : NULL;
    struct strs names = { 0 };
    if (!resolver.len || r->deleted || !is_resolver(p, resolver))
        return;
    if (!domain && r->hosts_known) {
        for (size_t i = 0; i < r->hosts.count; i++)
            add_name(p, &names, r->hosts.at[i]);
        ask(p, resolver, &names);
    }
    for (; domain; domain = domain->next) {
        struct strs sans = untyped_texts(domain, "sans", p->arena);
        names = (struct strs){ 0 };
        add_name(p, &names, untyped_text(domain, "main"));
        for (size_t i = 0; i < sans.count; i++)
            add_name(p, &names, sans.at[i]);
        ask(p, resolver, &names);
    }
}

/* Routers that are not loaded ask for theirs all the same. */
void certificates_build(struct proxy *p) {
    for (const struct router *r = p->routers; r; r = r->next)
        if (r->tls)
            ask_for(p, r, r->resolver, untyped_get(r->conf, "tls.domains"));
    for (const struct entry_point *e = p->entry_points; e; e = e->next) {
        const struct placements *tables[] = { &e->https, &e->absent };
        for (size_t i = 0; i < 2; i++)
            for (size_t j = 0; j < tables[i]->count; j++) {
                const struct placement *route = tables[i]->at[j];
                if (route->tls && !route->router->tls)
                    ask_for(p, route->router, e->resolver, e->tls_domains);
            }
    }
}

const struct certificate *certificates_find(const struct proxy *p, struct str name,
                                            struct arena *a) {
    const struct certificate *exact = table_get(&p->certificate_names, name);
    size_t dot = str_find(name, '.');
    struct str star =
        str_format(a, "*%.*s", STR_ARG(dot == STR_NONE ? STR("") : str_from(name, dot)));
    const struct certificate *wild = table_get(&p->certificate_names, star);
    if (!exact || !wild)
        return exact ? exact : wild;
    return str_cmp(wild->key, exact->key) > 0 ? wild : exact;
}

bool certificates_strict(const struct proxy *p, struct str options) {
    const struct object *o = table_get(&p->tls_table, options);
    return o && untyped_bool(o->conf, "sniStrict", false);
}
