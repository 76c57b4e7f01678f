/* Phoenix's proxy: of its traefik.yml.template, or the one that Phoenix comes with, mended. */
#include "lower/guest_json.h"
#include "lower/infra.h"
#include "lower/tree_place.h"

#define PLACEHOLDER "__CA_URL__"

struct proxy {
    const struct guest_world *w;
    struct lower l;
    struct nodes body;
};

/* ---- statements out of words ---- */

/* "entrypoint web :80" */
static struct node *say(struct proxy *p, const char *line, struct nodes body) {
    struct str rest = str_of(line), name = { 0 };
    struct nodes args = { 0 };
    while (rest.len) {
        size_t blank = str_find(rest, ' ');
        struct str part = str_slice(rest, 0, blank);
        rest = blank == STR_NONE ? STR("") : str_from(rest, blank + 1);
        if (!name.len)
            name = part;
        else
            args = nodes_append(args, lower_word(&p->l, part, p->w->start));
    }
    struct node *block = body.head ? lower_block(&p->l, p->w->start, body, false) : NULL;
    return lower_setting(&p->l, str_copy(p->l.arena, name).at, p->w->start, args, block);
}

static struct nodes with(struct nodes list, struct node *node) {
    return nodes_append(list, node);
}

static void add(struct proxy *p, const char *line) {
    p->body = with(p->body, say(p, line, (struct nodes){ 0 }));
}

/* What the hypervisor's file says, else the constant. */
static struct node *given(struct proxy *p, const char *name, const struct tree *at,
                          struct str text) {
    return lower_setting_one(&p->l, name, at ? at->span : p->w->start,
                             at ? lower_text(&p->l, at) : lower_word(&p->l, text, p->w->start));
}

static struct node *for_internal(struct proxy *p) {
    struct node *names = lower_word(&p->l, STR("*.{internal}"), p->w->start);
    node_text(names)->has_braces = true;
    return lower_setting_one(&p->l, "for", p->w->start, names);
}

static struct str ca_url(const struct guest_world *w) {
    struct str url = w->ca_url;
    while (str_ends(url, STR("/")))
        url.len--;
    return url;
}

/* ---- the proxy that Phoenix comes with ---- */

static struct node *line(struct proxy *p, const char *text) {
    return say(p, text, (struct nodes){ 0 });
}

static void add_resolvers(struct proxy *p) {
    const struct guest_world *w = p->w;
    struct nodes external = { 0 }, internal = { 0 };
    if (w->external_ca)
        external = with(external, given(p, "ca", w->external_ca, STR("")));
    external = with(external, given(p, "email", w->email_at, w->email));
    external = with(external, line(p, "storage /etc/traefik/acme.json"));
    external = with(external, line(p, "key-type EC384"));
    external = with(external, line(p, "http-01 web"));
    struct str directory = str_format(p->l.arena, "%.*s/acme/acme/directory", STR_ARG(ca_url(w)));
    struct span at = w->ca_url_at ? w->ca_url_at->span : w->start;
    struct node *url = lower_word(&p->l, directory, at);
    url->kind = NODE_RAW;
    url->free_form = true;
    internal = with(internal, lower_setting_one(&p->l, "ca", at, url));
    internal = with(internal, given(p, "email", w->email_at, w->email));
    internal = with(internal, line(p, "storage /etc/traefik/internal-acme.json"));
    internal = with(internal, line(p, "key-type EC384"));
    internal = with(internal, line(p, "tls-alpn-01"));
    internal = with(internal, for_internal(p));
    struct node *first = say(p, "resolver external-resolver acme", external);
    first->blank_before = true;
    p->body = with(p->body, first);
    p->body = with(p->body, say(p, "resolver internal-resolver acme", internal));
}

/* The gateway in front hands port 443 to 8443, which is why TLS challenges arrive. */
static void add_own(struct proxy *p) {
    bool plain = p->w->job->facts->plain_http;
    add(p, "entrypoint web :80");
    if (!plain) {
        struct nodes body = with((struct nodes){ 0 }, line(p, "default"));
        body = with(body, line(p, "published 443"));
        struct node *entrypoint = say(p, "entrypoint websecure :8443", body);
        node_setting(entrypoint)->block->base.one_line = true;
        p->body = with(p->body, entrypoint);
    }
    add(p, "entrypoint traefik :8080");
    if (!plain)
        add_resolvers(p);
    struct node *provider = line(p, "provider file /etc/traefik/dynamic");
    provider->blank_before = true;
    p->body = with(p->body, provider);
    add(p, plain ? "log debug" : "log info");
    add(p, "ping traefik");
    add(p, "api");
    add(p, "option global.checkNewVersion false");
    add(p, "option global.sendAnonymousUsage false");
}

/* ---- a template ---- */

static bool is_dynamic(struct str key) {
    return str_is(key, "http") || str_is(key, "tcp") || str_is(key, "udp") || str_is(key, "tls");
}

/* Has the mapping nothing but these keys, each with a scalar? */
static bool has_only(const struct tree *map, const char *const *keys) {
    if (!tree_is(map, TREE_MAPPING) || tree_count(map) == 0)
        return false;
    for (const struct tree_entry *e = tree_entries(map); e; e = e->next) {
        const char *const *key = keys;
        while (*key && !str_is(tree_key(e), *key))
            key++;
        if (!*key || !tree_is(e->value, TREE_SCALAR) || tree_is_null(e->value))
            return false;
    }
    return true;
}

static void check_provider(struct proxy *p, const struct tree *file) {
    const struct tree_entry *name = tree_find(file, STR("filename"));
    struct tree *directory = tree_get(file, STR("directory"));
    if (!name || !directory)
        return;
    struct diag *d = diag_add(p->l.diags, DIAG_TEMPLATE_PROVIDER, name->key->span,
                              "the file provider has a directory and a file name");
    diag_note_at(p->l.diags, d, directory->span, "the directory is here");
    diag_effect(p->l.diags, d, "Traefik reads the directory alone");
    diag_help(p->l.diags, d, "remove filename");
}

/* What the language has short words for; NULL when the entry says more than they do. */
static struct node *short_words(struct proxy *p, const struct tree_entry *e) {
    static const char *const level[] = { "level", NULL },
                             *const entrypoint[] = { "entryPoint", NULL },
                             *const api[] = { "dashboard", "insecure", NULL },
                             *const file[] = { "directory", "filename", "watch", NULL };
    struct str key = tree_key(e);
    struct tree *value = tree_value(e), *inner;
    bool on;
    if (str_is(key, "log") && has_only(value, level)) {
        struct node *node = lower_text(&p->l, tree_get(value, STR("level")));
        char *small = arena_alloc(p->l.arena, node_text(node)->text.len + 1);
        for (size_t i = 0; i < node_text(node)->text.len; i++)
            small[i] = char_lower(node_text(node)->text.at[i]);
        node_text(node)->text.at = small;
        return lower_setting_one(&p->l, "log", e->key->span, node);
    }
    if (str_is(key, "ping") && has_only(value, entrypoint))
        return lower_setting_one(&p->l, "ping", e->key->span,
                                 lower_text(&p->l, tree_get(value, STR("entryPoint"))));
    if (str_is(key, "api") && has_only(value, api)) {
        struct nodes args = { 0 };
        if (tree_to_bool(tree_get(value, STR("insecure")), &on) && on)
            args = with(args,
                        lower_word(&p->l, STR("insecure"), tree_get(value, STR("insecure"))->span));
        if (tree_to_bool(tree_get(value, STR("dashboard")), &on) && !on)
            args = with(args, lower_word(&p->l, STR("no-dashboard"), e->key->span));
        return lower_setting(&p->l, "api", e->key->span, args, NULL);
    }
    if (str_is(key, "providers") && tree_count(value) == 1 &&
        has_only(inner = tree_get(value, STR("file")), file) && tree_get(inner, STR("directory")) &&
        (!tree_get(inner, STR("watch")) ||
         (tree_to_bool(tree_get(inner, STR("watch")), &on) && on))) {
        struct nodes args = with((struct nodes){ 0 }, lower_word(&p->l, STR("file"), inner->span));
        args = with(args, lower_text(&p->l, tree_get(inner, STR("directory"))));
        return lower_setting(&p->l, "provider", e->key->span, args, NULL);
    }
    return NULL;
}

static bool is_on(const struct tree *scalar) {
    bool on = false;
    return tree_to_bool(scalar, &on) && on;
}

static void check_api(struct proxy *p, const struct tree *api) {
    const struct tree_entry *insecure = tree_find(api, STR("insecure"));
    if (!insecure || !is_on(tree_value(insecure)))
        return;
    struct diag *d = diag_add(p->l.diags, DIAG_API_OPEN, insecure->value->span,
                              "the API is open to everyone who reaches the entry point `traefik`");
    diag_help(p->l.diags, d,
              "write insecure: false; a route to api@internal with authentication serves it");
}

/* The TLS challenge arrives on port 443 of the name, nowhere else. */
static void check_challenges(struct proxy *p, const struct tree *root) {
    for (const struct tree_entry *e = tree_entries(tree_get(root, STR("entryPoints"))); e;
         e = e->next)
        if (str_ends(tree_text(tree_get(tree_value(e), STR("address"))), STR(":443")))
            return;
    for (const struct tree_entry *e = tree_entries(tree_get(root, STR("certificatesResolvers"))); e;
         e = e->next) {
        const struct tree_entry *challenge =
            tree_find(tree_get(tree_value(e), STR("acme")), STR("tlsChallenge"));
        if (!challenge)
            continue;
        struct diag *d =
            diag_add(p->l.diags, DIAG_TLS_ALPN_BLOCKED, challenge->key->span,
                     "`%.*s` uses the TLS challenge, but no entry point listens on 443",
                     STR_ARG(tree_key(e)));
        diag_effect(p->l.diags, d,
                    "no certificate is issued unless something in front hands "
                    "port 443 to Traefik untouched");
        diag_help(p->l.diags, d, "listen on :443, or use httpChallenge");
    }
}

static void tell_dynamic(struct proxy *p, const struct tree_entry *e) {
    struct diag *d = diag_add(p->l.diags, DIAG_TEMPLATE_DYNAMIC, e->key->span,
                              "`%.*s` is no part of a static configuration", STR_ARG(tree_key(e)));
    diag_effect(p->l.diags, d, "Traefik does not read it there; it goes to the dynamic file");
    diag_help(p->l.diags, d, "remove it from the template");
}

/* Names of the outside from the private authority: nobody out there trusts those. */
static void mend_external(struct proxy *p, struct node_block *block) {
    struct nodes kept = { 0 };
    for (struct node *n = block->body.head, *next; n; n = next) {
        next = n->next;
        n->next = NULL;
        struct node *url = node_setting(n)->args.head;
        if (!str_is(node_setting(n)->name, "ca") ||
            str_find_str(node_text(url)->text, STR(PLACEHOLDER)) == STR_NONE) {
            kept = with(kept, n);
            continue;
        }
        if (p->w->external_ca)
            kept = with(kept, given(p, "ca", p->w->external_ca, STR("")));
        struct diag *d = diag_add(p->l.diags, DIAG_TEMPLATE_CA, url->span,
                                  "external names would get certificates of the private authority");
        diag_effect(p->l.diags, d, "clients outside refuse them; %s is asked instead",
                    p->w->external_ca ? "`external_ca_url`" : "Let's Encrypt");
        diag_help(p->l.diags, d, "remove caServer of external-resolver");
    }
    block->body = kept;
}

/* The template without the entries that were read already. */
struct rest {
    struct tree_file file;
    struct tree root;
    struct tree_entry *last;
};

static void rest_add(struct proxy *p, struct rest *rest, const struct tree_entry *e) {
    struct tree_entry *copy = arena_new(p->l.arena, struct tree_entry);
    *copy = *e;
    copy->next = NULL;
    if (rest->last)
        rest->last->next = copy;
    else
        rest->root.first = rest->root.merged = copy;
    rest->last = copy;
    rest->root.count = ++rest->root.live;
}

static void replace_in(struct proxy *p, struct node *node);

static void add_template(struct proxy *p, struct tree_file *file) {
    struct raw raw = { .l = &p->l };
    struct rest *rest = arena_new(p->l.arena, struct rest);
    struct nodes words = { 0 };
    if (!tree_is(file->root, TREE_MAPPING))
        return;
    rest->file = *file;
    rest->root = *file->root;
    rest->file.root = &rest->root;
    rest->root.first = rest->root.merged = NULL;
    rest->root.index = NULL;
    rest->root.count = rest->root.live = 0;
    check_api(p, tree_get(file->root, STR("api")));
    check_challenges(p, file->root);
    check_provider(p, tree_get(tree_get(file->root, STR("providers")), STR("file")));
    for (const struct tree_entry *e = tree_entries(file->root); e; e = e->next) {
        struct node *node = NULL;
        if (is_dynamic(tree_key(e))) {
            tell_dynamic(p, e);
            raw_entry(&raw, NULL, 0, e);
        } else if ((node = short_words(p, e))) {
            words = with(words, node);
        } else {
            rest_add(p, rest, e);
        }
    }
    struct infra in = { .generation = ITSUP_THREE,
                        .diags = p->l.diags,
                        .losses = p->l.losses,
                        .start = span_of(file->source, 0, 0) };
    struct infra_stack stack = { 0 };
    bool resolvers = false;
    if (rest->last)
        static_read(&in, &rest->file, &stack);
    for (struct node *n = in.proxy.head, *next; n; n = next) { /* what stays YAML comes last */
        next = n->next;
        if (!next && str_is(node_setting(n)->name, "raw")) {
            words = with(words, n);
            break;
        }
        n->next = NULL;
        p->body = with(p->body, n);
        struct node_block *block = node_setting(n)->block;
        if (str_is(node_setting(n)->name, "resolver")) {
            n->blank_before |= !resolvers;
            resolvers = true;
        }
        if (!str_is(node_setting(n)->name, "resolver") || !block)
            continue;
        struct str name = node_text(node_setting(n)->args.head)->text;
        if (str_is(name, "internal-resolver"))
            block->body = with(block->body, for_internal(p));
        if (str_is(name, "external-resolver"))
            mend_external(p, block);
    }
    if (p->body.head)
        p->body.head->blank_before = false;
    for (struct node *n = words.head, *next; n; n = next) {
        next = n->next;
        n->next = NULL;
        n->blank_before = n == words.head && p->body.head;
        p->body = with(p->body, n);
    }
    struct node *dynamic = raw_node(&raw, "dynamic");
    if (dynamic)
        p->body = with(p->body, dynamic);
    NODES_EACH(n, p->body)
    replace_in(p, n);
}

/* ---- the placeholder ---- */

static bool replace_once(struct proxy *p, struct node_text *text, size_t from) {
    size_t at = str_find_str(str_from(text->text, from), STR(PLACEHOLDER));
    if (at == STR_NONE)
        return false;
    at += from;
    size_t end = at + strlen(PLACEHOLDER), length = text->text.len;
    struct str url = ca_url(p->w);
    size_t count = 0;
    for (const struct piece *q = text->pieces; q && q->at != UINT32_MAX; q++)
        count++;
    struct piece *out = arena_array(p->l.arena, struct piece, count + 4), *to = out;
    struct piece whole = { 0, false, { text->inner, text->inner + (uint32_t)length } };
    const struct piece *in = text->pieces ? text->pieces : &whole;
    size_t left = text->pieces ? count : 1;
    const struct piece *under = in; /* the piece that holds the placeholder's end */
    for (size_t i = 0; i < left && in[i].at < end; i++) {
        under = &in[i];
        if (in[i].at < at)
            *to++ = in[i];
    }
    *to++ = (struct piece){ (uint32_t)at, true, node_text_span(text, at, end) };
    size_t shift = url.len - (end - at); /* may wrap round, and back again */
    size_t next = under + 1 < in + left ? under[1].at : length;
    if (end < next)
        *to++ = (struct piece){ (uint32_t)(end + shift), under->whole,
                                node_text_span(text, end, next) };
    for (const struct piece *q = under + 1; q < in + left; q++)
        *to++ = (struct piece){ (uint32_t)(q->at + shift), q->whole, q->span };
    *to = (struct piece){ UINT32_MAX, true, { 0, 0 } };
    struct buf all = { .arena = p->l.arena };
    buf_add(&all, str_slice(text->text, 0, at));
    buf_add(&all, url);
    buf_add(&all, str_from(text->text, end));
    text->text = buf_str(&all);
    text->pieces = out;
    return true;
}

static void replace_in(struct proxy *p, struct node *node) {
    struct nodes parts[NODE_PARTS];
    if (node_is_text(node)) {
        size_t from = 0;
        for (size_t at; (at = str_find_str(str_from(node_text(node)->text, from),
                                           STR(PLACEHOLDER))) != STR_NONE;
             from += at + ca_url(p->w).len)
            replace_once(p, node_text(node), from);
    }
    size_t count = node_parts(node, parts);
    for (size_t i = 0; i < count; i++)
        NODES_EACH(part, parts[i])
    replace_in(p, part);
}

struct nodes guest_proxy(const struct guest_world *w) {
    struct proxy p = {
        .w = w, .l = { .arena = w->job->arena, .diags = w->job->diags, .losses = w->job->losses }
    };
    struct tree_file *template = w->files[GUEST_TEMPLATE];
    p.l.source = template ? template->source : w->job->files->tree->source;
    if (template)
        add_template(&p, template);
    else
        add_own(&p);
    struct node *name = lower_word(&p.l, STR("traefik"), w->start);
    struct node *proxy = lower_setting(&p.l, "proxy", w->start, (struct nodes){ name, name },
                                       lower_block(&p.l, w->start, p.body, false));
    return (struct nodes){ proxy, proxy };
}
