/* Names in an existing configuration: which object a reference means, and what it is called in the
   language, where all providers share one space of names. */
#include "lower/traefik.h"

static const char *const provider_names[PROVIDERS] = { "docker", "swarm", "file" };

/* What tells an object from all others: its provider, its kind, its name. */
static struct str key_in(char *room, enum traefik_provider provider, struct str kind,
                         struct str name) {
    room[0] = (char)('0' + provider);
    memcpy(room + 1, kind.at, kind.len);
    room[1 + kind.len] = ' ';
    if (name.len)
        memcpy(room + 2 + kind.len, name.at, name.len);
    return (struct str){ room, 2 + kind.len + name.len };
}

static struct str key_of(struct arena *a, enum traefik_provider provider, const char *kind,
                         struct str name) {
    struct str text = str_of(kind);
    return key_in(arena_bytes(a, 2 + text.len + name.len), provider, text, name);
}

static bool is_word(struct str s) {
    for (size_t i = 0; i < s.len; i++)
        if (!char_is_alnum(s.at[i]) && s.at[i] != '-' && s.at[i] != '_')
            return false;
    return s.len > 0 && s.len <= 63;
}

/* A name that no other object of the kind has in the language. */
static struct str word_for(struct traefik *t, const struct traefik_part *part, const char *kind,
                           struct str name, struct table *taken) {
    struct str word = name;
    if (!is_word(word)) {
        struct str clean = str_copy(t->arena, str_slice(name, 0, 40));
        for (size_t i = 0; i < clean.len; i++)
            if (!char_is_alnum(clean.at[i]) && clean.at[i] != '-' && clean.at[i] != '_')
                ((char *)(uintptr_t)clean.at)[i] = '-';
        word = clean;
    }
    struct str base = word;
    unsigned *count = NULL;
    for (;;) {
        void **slot = table_at(taken, str_format(&t->confs, "%s %.*s", kind, STR_ARG(word)));
        bool fresh = *slot == NULL;
        if (fresh)
            *slot = arena_new(&t->confs, unsigned);
        if (fresh)
            return word;
        count = count ? count : *slot; /* how many came by the base's name before */
        const char *provider = provider_names[part->provider];
        word = ++*count == 1 ? str_format(t->arena, "%.*s-%s", STR_ARG(base), provider)
                             : str_format(t->arena, "%.*s-%s-%u", STR_ARG(base), provider, *count);
    }
}

/* `space`: what its words share with others; NULL of a kind that routes take apart. */
static void index_kind(struct traefik *t, struct traefik_part *part, const char *kind,
                       const char *space) {
    struct conf *all = conf_at(part->conf, kind);
    for (struct conf *c = all ? all->first : NULL; c; c = c->next) {
        void **slot = table_at(&t->objects, key_of(&t->confs, part->provider, kind, c->name));
        if (*slot)
            continue; /* another container says it, too */
        struct traefik_object *o = arena_new(&t->confs, struct traefik_object);
        *o = (struct traefik_object){ .part = part, .conf = c };
        if (space)
            o->word = word_for(t, part, space, c->name, &t->taken);
        *slot = o;
        *t->last_object = o;
        t->last_object = &o->next;
    }
}

static const char parents[] = "http.parents";

/* Where a name leads: its provider, and without it. PROVIDERS when that is another one. */
static enum traefik_provider provider_of(const struct traefik_part *from, struct str *name) {
    size_t at = str_find_last(*name, '@');
    if (at == STR_NONE)
        return from->provider;
    struct str wanted = str_from(*name, at + 1);
    *name = str_slice(*name, 0, at);
    enum traefik_provider provider = PROVIDER_DOCKER;
    while (provider < PROVIDERS && !str_is(wanted, provider_names[provider]))
        provider++;
    return provider;
}

/* Routers that leave what they accept to others need no service. */
static void index_parents(struct traefik *t, struct traefik_part *part) {
    struct conf *all = conf_at(part->conf, "http.routers");
    for (struct conf *c = all ? all->first : NULL; c; c = c->next) {
        struct conf *refs = conf_at(c, "parentRefs");
        NODES_EACH(ref, refs ? refs->values : (struct nodes){ 0 }) {
            struct str name = conf_str(ref);
            enum traefik_provider provider = provider_of(part, &name);
            if (provider < PROVIDERS)
                *table_at(&t->objects, key_of(&t->confs, provider, parents, name)) = part;
        }
    }
}

bool traefik_is_parent(struct traefik *t, const struct traefik_part *part, struct str router) {
    return table_get(&t->objects, key_of(&t->confs, part->provider, parents, router)) != NULL;
}

void traefik_index(struct traefik *t) {
    static const struct {
        const char *kind, *space;
    } rows[] = {
        { "http.middlewares", "middlewares" },
        { "tcp.middlewares", "middlewares" },
        { "http.services", NULL },
        { "tcp.services", NULL },
        { "udp.services", NULL },
        { "http.serversTransports", NULL },
        { "tcp.serversTransports", NULL },
        { "tls.options", "tls.options" },
    };
    t->taken.arena = &t->confs;
    for (struct traefik_part *p = t->parts; p; p = p->next)
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            index_kind(t, p, rows[i].kind, rows[i].space);
    for (struct traefik_part *p = t->parts; p; p = p->next)
        index_parents(t, p);
}

bool traefik_is_taken(const struct traefik *t, const char *kind, struct str word) {
    return table_get(&t->taken, str_format(t->arena, "%s %.*s", kind, STR_ARG(word))) != NULL;
}

struct traefik_object *traefik_find(struct traefik *t, const struct traefik_part *from,
                                    const char *kind, struct str name, bool *outside) {
    bool named = str_find_last(name, '@') != STR_NONE;
    enum traefik_provider provider = provider_of(from, &name);
    *outside = named && (provider == PROVIDERS || !t->has[provider]);
    if (*outside)
        return NULL;
    char room[256]; /* mostly enough: nothing is kept of a question */
    struct str text = str_of(kind);
    return table_get(&t->objects, 2 + text.len + name.len <= sizeof room
                                      ? key_in(room, provider, text, name)
                                      : key_of(&t->confs, provider, kind, name));
}

/* ---- entry points ---- */

unsigned traefik_port_of(const struct traefik *t, struct str entrypoint) {
    struct conf *all = conf_at(t->fixed, "entryPoints");
    struct str address = conf_str(conf_value(conf_child(all, entrypoint), "address"));
    size_t colon = str_find_last(address, ':');
    uint64_t port;
    struct str digits = colon == STR_NONE ? STR("") : str_from(address, colon + 1);
    digits = str_slice(digits, 0, str_find(digits, '/'));
    return str_to_uint(digits, 65535, &port) ? (unsigned)port : 0;
}

bool traefik_listens(const struct traefik *t, unsigned port) {
    struct conf *all = conf_at(t->fixed, "entryPoints");
    for (struct conf *c = all ? all->first : NULL; c; c = c->next)
        if (traefik_port_of(t, c->name) == port)
            return true;
    return false;
}

/* By the language's own rule: the marked one, the one of that name, the only one on the port. */
struct str traefik_default_entrypoint(const struct traefik *t, bool tls) {
    static const char *const names[2][2] = { { "web", "web" }, { "websecure", "web-secure" } };
    static const unsigned ports[2][2] = { { 80, 8080 }, { 443, 8443 } };
    struct conf *all = conf_at(t->fixed, "entryPoints"), *only = NULL;
    size_t count = 0;
    if (!all)
        return str_of(names[tls][0]);
    for (struct conf *c = all->first; tls && c; c = c->next)
        if (conf_is_true(c, "asDefault"))
            return c->name;
    for (size_t i = 0; i < 2; i++)
        if (conf_child(all, str_of(names[tls][i])))
            return conf_child(all, str_of(names[tls][i]))->name;
    for (struct conf *c = all->first; c; c = c->next) {
        unsigned port = traefik_port_of(t, c->name);
        if (port == ports[tls][0] || port == ports[tls][1]) {
            only = c;
            count++;
        }
    }
    return count == 1 ? only->name : STR("");
}

int traefik_redirects(const struct traefik *t) {
    if (!t->fixed)
        return -1;
    struct conf *all = conf_at(t->fixed, "entryPoints");
    struct conf *web = conf_child(all, traefik_default_entrypoint(t, false));
    return !web || conf_at(web, "http.redirections.entryPoint.to");
}

static void lose(struct traefik *t, struct span span, struct str key, const char *reason) {
    if (!t->losses)
        return;
    struct lower_loss *loss = arena_new(t->arena, struct lower_loss);
    *loss = (struct lower_loss){ NULL, span, key, reason };
    if (t->losses->last)
        t->losses->last->next = loss;
    else
        t->losses->first = loss;
    t->losses->last = loss;
}

void traefik_lose(struct traefik *t, const struct conf *c, const char *reason) {
    lose(t, c->key, conf_path(t->arena, c), reason);
}

void traefik_lose_text(struct traefik *t, const struct node *text, const char *reason) {
    lose(t, text->span, conf_str(text), reason);
}

bool traefik_is_open(struct traefik *t, const struct conf *c) {
    NODES_EACH(value, c ? c->values : (struct nodes){ 0 })
    if (conf_has_variable(value)) {
        traefik_lose(t, c, "a variable cannot stand here; write out what it holds");
        return true;
    }
    return false;
}
