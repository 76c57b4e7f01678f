/* itsUP's own files: every fixture as the language, every key misspelt, every kind of value wrong,
   and what only these readers can tell. */
#include "ast/format.h"
#include "lower/generation.h"
#include "lower/itsup_infra.h"
#include "lower/itsup_project.h"
#include "lower/yaml_tree.h"
#include "unit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct world {
    struct arena arena;
    struct sources sources;
    struct diags diags;
};

static void world_start(struct world *w) {
    *w = (struct world){ 0 };
    w->sources.arena = &w->arena;
    w->diags = (struct diags){ .arena = &w->arena, .sources = &w->sources };
}

static struct tree_file *read_text(struct world *w, const char *name, struct str text) {
    return yaml_tree_read(&w->arena, &w->diags,
                          source_add(&w->sources, str_copy(&w->arena, str_of(name)), text));
}

static bool read_file(struct world *w, const char *path, struct str *out) {
    FILE *file = fopen(path, "rb");
    struct buf buf = { .arena = &w->arena };
    char part[4096];
    if (!file)
        return false;
    for (size_t n; (n = fread(part, 1, sizeof part, file)) > 0;)
        buf_add(&buf, (struct str){ part, n });
    fclose(file);
    *out = buf_str(&buf);
    return true;
}

static struct tree_file *read_tree(struct world *w, const char *folder, const char *name) {
    struct str text, path = str_format(&w->arena, "%s/%s", folder, name);
    return read_file(w, path.at, &text) ? read_text(w, name, text) : NULL;
}

/* "E0707 3:5 message" per line, errors and warnings. */
static struct str findings(struct world *w) {
    struct buf out = { .arena = &w->arena };
    for (struct diag *d = w->diags.first; d; d = d->next) {
        if (d->level == LEVEL_NOTE)
            continue;
        struct place at = source_place(&w->sources, d->span.start);
        buf_format(&out, "%s%.*s %zu:%zu %.*s", out.len ? "\n" : "",
                   STR_ARG(diag_infos[d->code].code), at.line, at.column, STR_ARG(d->message));
    }
    return buf_str(&out);
}

static struct str printed(struct world *w, const struct ast *ast) {
    struct buf out = { .arena = &w->arena };
    ast_format(&out, ast, &w->sources);
    return buf_str(&out);
}

static struct str project(struct world *w, enum itsup_generation generation, const char *yaml,
                          bool compose) {
    world_start(w);
    struct itsup_project_facts facts = { generation, compose, NULL };
    struct tree_file *file = read_text(w, "f", str_of(yaml));
    return file ? printed(w, itsup_project_lower(&w->diags, file, &facts, NULL)) : STR("");
}

/* ---- fixtures ---- */

/* With ITSUPC_UPDATE=1 the expectations are written anew. */
static void expect_file(struct world *w, struct str got, const char *path) {
    struct str want = STR("");
    if (getenv("ITSUPC_UPDATE")) {
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        fwrite(got.at, 1, got.len, file);
        fclose(file);
    }
    if (!read_file(w, path, &want))
        fail_msg("%s is missing: run this test with ITSUPC_UPDATE=1", path);
    if (!str_eq(got, want))
        fail_msg("%s\nwant:\n%.*s\ngot:\n%.*s", path, STR_ARG(want), STR_ARG(got));
}

static void one_project(const char *fixture, const char *name, enum itsup_generation generation) {
    struct world w;
    world_start(&w);
    struct str folder = str_format(&w.arena, "%s/%s/projects/%s", FIXTURES_FOLDER, fixture, name);
    struct str compose = str_format(&w.arena, "%s/docker-compose.yml", folder.at);
    struct itsup_project_facts facts = { generation, access(compose.at, F_OK) == 0, NULL };
    struct tree_file *file = NULL;
    for (const char *const *n = generation_routing_names(generation); *n && !file; n++)
        file = read_tree(&w, folder.at, *n);
    if (file) {
        struct ast *ast = itsup_project_lower(&w.diags, file, &facts, NULL);
        struct str path =
            str_format(&w.arena, "%s/lower/%s/%s.itsup", GOLDEN_FOLDER, fixture, name);
        expect_file(&w, printed(&w, ast), path.at);
        assert_int_equal(w.diags.errors, 0);
    }
    arena_free(&w.arena);
}

static void one_proxy(const char *fixture, enum itsup_generation generation) {
    struct world w;
    world_start(&w);
    struct str folder = str_format(&w.arena, "%s/%s/projects", FIXTURES_FOLDER, fixture);
    struct itsup_infra_files files = { read_tree(&w, folder.at, "itsup.yml"),
                                       read_tree(&w, folder.at, "traefik.yml"),
                                       read_tree(&w, folder.at, "middlewares.yml") };
    struct ast *ast = itsup_infra_lower(&w.diags, &files, generation, NULL);
    struct str path = str_format(&w.arena, "%s/lower/%s/proxy.itsup", GOLDEN_FOLDER, fixture);
    assert_non_null(ast);
    expect_file(&w, printed(&w, ast), path.at);
    assert_str(findings(&w), STR(""));
    arena_free(&w.arena);
}

static void one_fixture(const char *fixture, enum itsup_generation generation) {
    char folder[4096];
    snprintf(folder, sizeof folder, "%s/%s/projects", FIXTURES_FOLDER, fixture);
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir));)
        if (!strchr(e->d_name, '.'))
            one_project(fixture, e->d_name, generation);
    closedir(dir);
    one_proxy(fixture, generation);
}

static void fixtures(void **state) {
    (void)state;
    one_fixture("itsup", ITSUP_THREE);
    one_fixture("itsup-gen1", ITSUP_ONE);
    one_fixture("itsup-gen2", ITSUP_TWO);
}

/* ---- keys ---- */

/* Two letters swapped, or one doubled where the word is too short or too even for that. */
static struct str misspell(struct arena *a, struct str key) {
    size_t at = key.len / 2;
    struct buf out = { .arena = a };
    bool swap = key.len > 3 && key.at[at] != key.at[at - 1];
    buf_add(&out, str_slice(key, 0, at - (swap ? 1 : 0)));
    buf_char(&out, key.at[at]);
    buf_char(&out, swap ? key.at[at - 1] : key.at[at]);
    buf_add(&out, str_from(key, at + 1));
    return buf_str(&out);
}

static const struct place_of_table {
    enum itsup_table table;
    enum itsup_generation generation;
    const char *before; /* up to the key; it stands at the end, `: …` follows */
} places[] = {
    { ITSUP_PROJECT, ITSUP_THREE, "" },
    { ITSUP_PROJECT, ITSUP_TWO, "" },
    { ITSUP_ROW, ITSUP_THREE, "ingress:\n  - " },
    { ITSUP_ROW, ITSUP_TWO, "ingress:\n  - " },
    { ITSUP_ROW, ITSUP_ONE, "ingress:\n  - " },
    { ITSUP_CERT, ITSUP_THREE, "ingress:\n  - tls:\n      " },
    { ITSUP_INFRA, ITSUP_THREE, "" },
    { ITSUP_INFRA, ITSUP_TWO, "" },
    { ITSUP_DASHBOARD, ITSUP_TWO, "traefik:\n  " },
    { ITSUP_VERSIONS, ITSUP_THREE, "versions:\n  " },
    { ITSUP_CROWDSEC, ITSUP_THREE, "crowdsec:\n  " },
    { ITSUP_FIRST, ITSUP_ONE, "" },
    { ITSUP_FIRST_ACME, ITSUP_ONE, "letsencrypt:\n  " },
    { ITSUP_FIRST_TRAEFIK, ITSUP_ONE, "traefik:\n  " },
    { ITSUP_FIRST_MIDDLEWARE, ITSUP_ONE, "middleware:\n  " },
    { ITSUP_FIRST_RATE, ITSUP_ONE, "middleware:\n  rate_limit:\n    " },
    { ITSUP_FIRST_HEADERS, ITSUP_ONE, "middleware:\n  headers:\n    " },
    { ITSUP_PLUGINS, ITSUP_ONE, "plugins:\n  " },
    { ITSUP_PLUGIN_CROWDSEC, ITSUP_ONE, "plugins:\n  crowdsec:\n    " },
};
enum { PLACES = sizeof places / sizeof *places };

/* Reads `before key: value` the way its table's file is read. */
static struct span read_key(struct world *w, const struct place_of_table *place, struct str key,
                            const char *value, struct span *value_span) {
    world_start(w);
    struct str text = str_format(&w->arena, "%s%.*s: %s\n", place->before, STR_ARG(key), value);
    struct tree_file *file = read_text(w, "f", text);
    assert_non_null(file);
    size_t at = strlen(place->before), from = at + key.len + 2;
    *value_span = span_of(file->source, from, from + strlen(value));
    struct itsup_project_facts facts = { place->generation, true, NULL };
    struct itsup_infra_files infra = { file, NULL, NULL };
    if (place->table <= ITSUP_CERT)
        itsup_project_lower(&w->diags, file, &facts, NULL);
    else if (place->generation != ITSUP_ONE)
        itsup_infra_lower(&w->diags, &infra, place->generation, NULL);
    else
        itsup_infra_lower(&w->diags, &(struct itsup_infra_files){ NULL, file, NULL }, ITSUP_ONE,
                          NULL);
    return span_of(file->source, at, at + key.len);
}

static struct diag *find(struct world *w, enum diag_code code) {
    for (struct diag *d = w->diags.first; d; d = d->next)
        if (d->code == code)
            return d;
    return NULL;
}

static void every_key_misspelt(void **state) {
    (void)state;
    size_t count = 0;
    for (size_t p = 0; p < PLACES; p++) {
        struct field_table table = itsup_table(places[p].table);
        for (size_t i = 0; i < table.count; i++) {
            const struct field *field = &table.rows[i];
            struct world w;
            struct arena a = { 0 };
            struct span value;
            if (!(field->versions & 1u << places[p].generation))
                continue;
            struct str wrong = misspell(&a, field->key);
            struct span span = read_key(&w, &places[p], wrong, "x", &value);
            struct diag *d = find(&w, DIAG_FIELD_UNKNOWN);
            if (!d || d->span.start != span.start || d->span.end != span.end ||
                str_find_str(d->help, field->key) == STR_NONE)
                fail_msg("`%.*s` for `%.*s`: %.*s; %.*s", STR_ARG(wrong), STR_ARG(field->key),
                         STR_ARG(findings(&w)), STR_ARG(d ? d->help : STR("")));
            count++;
            arena_free(&w.arena);
            arena_free(&a);
        }
    }
    assert_true(count > 80);
}

/* Values that no field of a kind takes. */
static const char *const wrong_values[][4] = {
    [FIELD_TEXT] = { "12", "true", "[a]", "{a: b}" },
    [FIELD_NUMBER] = { "true", "[1]", "{a: 1}", "false" },
    [FIELD_BOOL] = { "maybe", "[true]", "{a: true}", "2" },
    [FIELD_SCALAR] = { "true", "[1]", "{a: 1}", "false" },
    [FIELD_TEXTS] = { "a", "{a: b}", "12", "true" },
    [FIELD_MAPS] = { "a", "{a: b}", "12", "true" },
    [FIELD_MAP] = { "a", "[a]", "12", "true" },
};

static void every_kind_wrong(void **state) {
    (void)state;
    for (size_t p = 0; p < PLACES; p++) {
        struct field_table table = itsup_table(places[p].table);
        for (size_t i = 0; i < table.count * 4; i++) {
            const struct field *field = &table.rows[i / 4];
            struct world w;
            struct span span;
            if (!(field->versions & 1u << places[p].generation) || field->kind == FIELD_ANY)
                continue;
            const char *value = wrong_values[field->kind][i % 4];
            read_key(&w, &places[p], field->key, value, &span);
            struct diag *d = find(&w, DIAG_FIELD_KIND);
            if (!d || d->span.start != span.start || d->span.end != span.end)
                fail_msg("`%.*s: %s`: %.*s", STR_ARG(field->key), value, STR_ARG(findings(&w)));
            arena_free(&w.arena);
        }
    }
}

/* ---- rows ---- */

static void rows(void **state) {
    (void)state;
    static const struct {
        enum itsup_generation generation;
        const char *yaml, *printed, *findings;
    } all[] = {
#define THREE(row, printed, findings) { ITSUP_THREE, "ingress:\n- " row "\n", printed, findings }
        THREE("{service: a, domain: a.b}", "https://a.b -> a:8080\n", ""),
        THREE("{service: a, domain: a.b, port: '80'}", "https://a.b -> a:80\n", ""),
        THREE("{service: a, domain: a.b, port: 80.0}", "https://a.b -> a:80\n", ""),
        THREE("{service: a, domain: a.b, port: 99999}", "https://a.b -> a:99999\n", ""),
        THREE("{service: a, domain: a.b, port: 80, hostport: 9000}", "http://a.b:9000 -> a:80\n",
              "E0805 2:35 port 80 makes this route plain HTTP"),
        THREE(
            "{service: a, domain: a.b, hostport: 8080}", "https://a.b -> a:8080\n",
            "E0804 2:29 `hostport` has no effect here: 8080 is the port of the plain entry point"),
        THREE("{service: a, domain: 'a.b/c'}", "",
              "E0401 2:28 `a.b/c` is no host name: a path does not belong to it"),
        THREE("{service: a, domain: 'a:80'}", "",
              "E0401 2:26 `a:80` is no host name: a port does not belong to it"),
        THREE("{service: a, domain: 'https://a.b'}", "",
              "E0401 2:25 `https://a.b` is no host name: a scheme does not belong to it"),
        THREE("{service: a, domain: ''}", "", "E0401 2:24 the host name is empty"),
        THREE("{service: a, domain: a.b, path_prefix: x}", "",
              "E0413 2:42 `x` is no path: it begins with /"),
        THREE("{service: a, domain: a.b, path_remove: yes}", "",
              "E0214 2:29 `path_remove` without `path_prefix`"),
        THREE("{service: a, domain: a.b, path_prefix: /p, path_remove: 'on', "
              "allow_source_ips: [10.0.0.0/8]}",
              "https://a.b/p | allow(10.0.0.0/8) | strip -> a:8080\n", ""),
        THREE("{service: a, router: TCP, domain: a.b}",
              "tls://a.b -> a:8080 { proxy-protocol v2 }\n",
              "E0416 2:24 `TCP` is no router: it is `http`, `tcp` or `udp`"),
        THREE("{service: a, router: udp, port: 53, protocol: tcp}", "udp://:53 -> a:53\n",
              "E0803 2:49 `protocol: tcp` contradicts `router: udp`"),
        THREE("{service: a, router: udp, port: 53, domain: a.b}", "udp://a.b:53 -> a:53\n", ""),
        THREE("{service: a, router: tcp, port: 53, proxyprotocol: v1}",
              "tcp:// -> a:53 { proxy-protocol v1 }\n", ""),
        THREE("{service: a, router: tcp, hostport: 53, proxyprotocol: 2}",
              "tcp://:53 -> a:8080 { proxy-protocol v2 }\n", ""),
        THREE("{service: a, router: tcp, hostport: 53, proxyprotocol: null, tls: {}}", "",
              "E0802 2:64 `tls` has no `main`, so it names no certificate"),
        THREE("{service: a, domain: a.b, tls: {main: c.d}}", "https://c.d -> a:8080 { cert c.d }\n",
              "E0804 2:16 `domain` has no effect here: the names of `tls` replace it"),
        THREE("{service: a, domain: a.b, passthrough: true}", "https://a.b -> a:8080\n",
              "E0804 2:29 `passthrough` has no effect here: an http row always ends TLS"),
        THREE("{service: a, domain: \"app.${BASE}\"}", "https://app.${BASE} -> a:8080\n", ""),
        THREE("{service: a, domain: a.b, port: null}", "",
              "E0706 2:35 `port` must be a number, not nothing"),
        THREE("{service: a, domain: a.b, tls_sans: [c.d]}", "https://a.b -> a:8080\n",
              "E0707 2:29 this generation of itsUP does not read `tls_sans`"),
        THREE("{service: a, domain: a.b, dns: [1.1.1.1]}\n"
              "- {service: a, domain: c.d, dns: [9.9.9.9]}",
              "https://a.b -> a:8080\nhttps://c.d -> a:8080\n\nservice a { dns 1.1.1.1 }\n",
              "E0803 3:34 the service `a` has two lists of name servers"),
        { ITSUP_ONE, "ingress: [{service: a, router: tcp, port: 53}]\n",
          "tls://*:53 -> a:53 { resolver none }\n", "" },
        { ITSUP_TWO, "ingress: [{service: a, router: udp}]\n", "udp://:80 -> a:80\n", "" },
        { ITSUP_THREE, "enabled: off\ningress: []\n", "disabled\n", "" },
        { ITSUP_THREE, "ingress: null\n", "", "E0706 1:10 `ingress` must be a list, not nothing" },
        { ITSUP_THREE, "# nothing\n", "", "E0801 1:1 the file says nothing" },
        { ITSUP_THREE, "- a\n", "", "E0706 1:1 the file must be a mapping of keys, not a list" },
        { ITSUP_THREE, "egress: [a, 'b:c', 'd/e', 'f:g:h']\n", "egress b/c\n",
          "E0322 1:10 `a` is no egress target: it has the form project:service\n"
          "E0322 1:20 `d/e` is no egress target: it has the form project:service\n"
          "E0322 1:27 `f:g:h` is no egress target: it has the form project:service" },
        { ITSUP_THREE,
          "# about all\n\nenabled: true\n# rows\ningress:\n  # first\n  - service: a\n"
          "    # its name\n    domain: a.b\n\n  - {service: a, domain: c.d} # last\n# end\n",
          "# about all\n\n# rows\n# first\n# its name\nhttps://a.b -> a:8080\n\n"
          "https://c.d -> a:8080  # last\n# end\n",
          "" },
    };
    bool failed = false;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct world w;
        struct str got = project(&w, all[i].generation, all[i].yaml, true);
        bool good =
            str_eq(got, str_of(all[i].printed)) && str_eq(findings(&w), str_of(all[i].findings));
        failed |= !good;
        if (!good)
            print_error("%s\nprinted:\n%.*s\nfindings:\n%.*s\n", all[i].yaml, STR_ARG(got),
                        STR_ARG(findings(&w)));
        arena_free(&w.arena);
    }
    assert_false(failed);
}

static void other_hosts(void **state) {
    (void)state;
    struct world w;
    assert_str(
        project(&w, ITSUP_THREE, "# the NAS\nhost: 10.0.0.1\ningress: [{domain: a.b}]\n", false),
        STR("# the NAS\nproject at 10.0.0.1 {\n  https://a.b -> :8080\n}\n"));
    arena_free(&w.arena);
    assert_str(project(&w, ITSUP_THREE, "ingress: [{domain: a.b}]\n", false), STR(""));
    assert_str(findings(&w), STR("E0802 1:1 the project has neither a compose file nor a `host`"));
    arena_free(&w.arena);
    project(&w, ITSUP_THREE, "host: 10.0.0.1\ningress: [{domain: a.b, service: c}]\n", true);
    assert_str(findings(&w),
               STR("E0803 2:34 `service` and the project's `host` exclude each other"));
    arena_free(&w.arena);
}

/* ---- the proxy's files ---- */

static void overrides(void **state) {
    (void)state;
    static const struct {
        const char *yaml, *printed, *findings;
    } all[] = {
        { "log:\n  level: DEBUG\n", "proxy traefik {\n  log debug\n}\n", "" },
        { "log: {level: WARN, filePath: /a b, format: json}\n",
          "proxy traefik {\n  log warn \"/a b\" json\n}\n", "" },
        { "log: {filePath: /a}\n", "proxy traefik {\n  option log.filePath /a\n}\n", "" },
        { "# one\naccessLog:\n  # two\n  bufferingSize: 100 # three\n",
          "proxy traefik {\n  # one\n  # two\n  option accessLog.bufferingSize 100  # three\n}\n",
          "" },
        { "accessLog: {filters: {statusCodes: ['200']}}\n",
          "proxy traefik {\n  raw static \"\"\"\n    accessLog: {filters: {statusCodes: ['200']}}\n"
          "  \"\"\"\n}\n",
          "" },
        { "entryPoints:\n  web-secure:\n    # slow\n    transport: {respondingTimeouts: "
          "{readTimeout: 60s, idleTimeout: 5m}}\n    http: {middlewares: [a@file]}\n",
          "proxy traefik {\n  entrypoint web-secure :8443 {\n    # slow\n"
          "    timeout read 60s idle 5m\n    use a@file\n  }\n}\n",
          "" },
        { "entryPoints:\n  x:\n    address: ':22'\n    transport: {respondingTimeouts: "
          "{readTimeout: 60}}\n    forwardedHeaders: {trustedIPs: [10.0.0.0/8, 10.1.1.1]}\n",
          "proxy traefik {\n  entrypoint x :22 {\n"
          "    option transport.respondingTimeouts.readTimeout 60\n"
          "    trusted 10.0.0.0/8, 10.1.1.1\n  }\n}\n",
          "" },
        { "log:\n  lvel: DEBUG\n", "", "E0318 2:3 Traefik has no option `lvel` below `log`" },
        { "lgo:\n  level: DEBUG\n", "", "E0318 1:1 Traefik has no option `lgo`" },
        { "ping: {}\nentryPoints:\n  ssh:\n    address: ':22'\n  web:\n    reusePort: maybe\n", "",
          "E0416 6:16 `reusePort`: expected true or false, found `maybe`" },
        { "entryPoints:\n  # for git\n  ssh:\n    address: ':22'\n",
          "proxy traefik {\n  # for git\n  entrypoint ssh :22\n}\n", "" },
        { "experimental:\n  plugins:\n    x: {moduleName: github.com/a/b, version: v1.0.0}\n",
          "proxy traefik {\n  plugin x github.com/a/b v1.0.0\n}\n", "" },
        { "certificatesResolvers:\n  d:\n    acme:\n      dnsChallenge: {provider: cloudflare}\n",
          "proxy traefik {\n  resolver d acme {\n    dns-01 cloudflare\n  }\n}\n", "" },
        { "# nothing\n", "", "" },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct world w;
        world_start(&w);
        struct itsup_infra_files files = { NULL, read_text(&w, "f", str_of(all[i].yaml)), NULL };
        struct str got = printed(&w, itsup_infra_lower(&w.diags, &files, ITSUP_THREE, NULL));
        if ((*all[i].printed && !str_eq(got, str_of(all[i].printed))) ||
            !str_eq(findings(&w), str_of(all[i].findings)))
            fail_msg("%s\nprinted:\n%.*s\nfindings:\n%.*s", all[i].yaml, STR_ARG(got),
                     STR_ARG(findings(&w)));
        arena_free(&w.arena);
    }
}

/* A finding about YAML that moved into a heredoc still points at the YAML. */
static void raw_leads_back(void **state) {
    (void)state;
    struct world w;
    world_start(&w);
    struct str yaml =
        STR("entryPoints:\n    web:\n        http:\n            tls: {domains: [{main: a.b}]}\n");
    struct tree_file *file = read_text(&w, "f", yaml);
    struct itsup_infra_files files = { NULL, file, NULL };
    struct ast *ast = itsup_infra_lower(&w.diags, &files, ITSUP_THREE, NULL);
    struct node *raw = node_setting(ast->body.head)->block->body.head;
    struct node_text *text = node_text(node_setting(raw)->args.tail);
    size_t at = str_find_str(text->text, STR("a.b"));
    assert_true(at != STR_NONE);
    assert_str(source_text(&w.sources, node_text_span(text, at, at + 3)), STR("a.b"));
    arena_free(&w.arena);
}

static void infra(void **state) {
    (void)state;
    static const struct {
        const char *yaml, *findings;
    } all[] = {
        { "traefikDomain: a.b\nrouterIP: 10.0.0.1\nversions: {traefik: v3}\n", "" },
        { "routerIP: 10.0.0.1\nversions: {traefik: v3}\n", "E0802 1:1 traefikDomain is missing" },
        { "traefikDomain: a.b\nrouterIP: 10.0.0.1\n", "E0802 1:1 versions is missing" },
        { "traefikDomain: a.b\nrouterIP: 10.0.0.1\nversions: {crowdsec: v1}\n",
          "E0802 3:1 versions.traefik is missing" },
        { "traefikDomain: a.b\nrouterIP: 10.0.0.1\nversions: {traefik: v3}\n"
          "crowdsec: {enabled: true, collections: [a]}\n",
          "E0802 3:1 versions.crowdsec is missing" },
        { "traefikDomain: a.b\nrouterIP:\nversions: {traefik: v3}\n",
          "E0812 2:1 routerIP is empty, and a build asks no network for it" },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct world w;
        world_start(&w);
        struct itsup_infra_files files = { read_text(&w, "f", str_of(all[i].yaml)), NULL, NULL };
        itsup_infra_lower(&w.diags, &files, ITSUP_THREE, NULL);
        assert_str(findings(&w), str_of(all[i].findings));
        arena_free(&w.arena);
    }
}

/* ---- secrets, generations ---- */

static void secret_lines(void **state) {
    (void)state;
    struct world w;
    world_start(&w);
    struct source *source = source_add(
        &w.sources, STR("s"), STR("\xef\xbb\xbf# x\n A = b=c \r\n\nno line\nA=d\nE=\n9=x\n"));
    static const char *const environment[] = { "A=environment", "AB=c", "F=", "9=y", NULL };
    struct secrets s = { .environment = environment };
    struct str value;
    secrets_start(&s, &w.arena);
    assert_true(secrets_find(&s, STR("A"), &value));
    assert_str(value, STR("environment"));
    secrets_read(&s, SECRETS_TREE, &w.diags, source);
    assert_true(source->secret);
    assert_true(secrets_find(&s, STR("A"), &value));
    assert_str(value, STR("d"));
    assert_true(secrets_find(&s, STR("E"), &value));
    assert_str(value, STR(""));
    assert_true(secrets_find(&s, STR("F"), &value));
    assert_str(value, STR(""));
    assert_false(secrets_find(&s, STR("9"), &value));
    assert_false(secrets_find(&s, STR(""), &value));
    secrets_read(&s, SECRETS_ENV_FILE, &w.diags, source_add(&w.sources, STR("e"), STR("A=e\n")));
    secrets_read(&s, SECRETS_TREE, &w.diags, source_add(&w.sources, STR("t"), STR("A=t\n")));
    assert_true(secrets_find(&s, STR("A"), &value));
    assert_str(value, STR("e"));
    assert_str(findings(&w), STR("E0809 4:1 this line is no NAME=value\n"
                                 "E0809 7:1 this line is no NAME=value"));
    arena_free(&w.arena);
}

static void placeholders(void **state) {
    (void)state;
    struct world w;
    world_start(&w);
    struct secrets s = { 0 };
    secrets_start(&s, &w.arena);
    secrets_read(&s, SECRETS_TREE, &w.diags, source_add(&w.sources, STR("s"), STR("A=1\n")));
    struct tree_file *file =
        read_text(&w, "f", STR("k: ['${A} ${A:-x}', $A, '${', \"\\u20ac ${B}\"] # ${C}\n"));
    secrets_check_tree(&w.diags, &w.arena, &s, file->root);
    assert_str(findings(&w), STR("E0417 1:11 `k[0]` holds ${A:-x}, which nothing gives a value\n"
                                 "E0417 1:39 `k[3]` holds ${B}, which nothing gives a value"));
    arena_free(&w.arena);
}

static void generations(void **state) {
    (void)state;
    static const struct {
        const char *infra, *override, *first; /* `first`: a project's traefik.yml */
        bool third;                           /* an itsup-project.yml */
        enum itsup_generation want;
        const char *findings;
    } all[] = {
        { NULL, NULL, NULL, false, ITSUP_THREE, "" },
        { NULL, NULL, "ingress: []\n", false, ITSUP_ONE, "" },
        { NULL, NULL, "http: {}\n", false, ITSUP_THREE, "" },
        { NULL, "plugins: {}\nversions: {}\ndomain_suffix: x\n", NULL, false, ITSUP_ONE, "" },
        { "traefik: {domain: a}\n", NULL, NULL, false, ITSUP_TWO, "" },
        { "versions: {}\n", "plugins: {}\n", NULL, false, ITSUP_TWO, "" },
        { "versions: {}\n", "log: {}\n", NULL, false, ITSUP_THREE, "" },
        { "traefikDomain: a\n", NULL, NULL, true, ITSUP_THREE, "" },
        { "traefik: {domain: a}\n", NULL, NULL, true, ITSUP_THREE,
          "E0807 1:1 `traefik` with a domain below it is of generation 2 of itsUP, other files of "
          "this tree are of generation 3" },
        { "traefikDomain: a\n", NULL, "ingress: []\n", false, ITSUP_THREE,
          "E0807 1:1 `ingress` in a project's traefik.yml is of generation 1 of itsUP, other files "
          "of this tree are of generation 3" },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct world w;
        struct generation_marks m = { 0 };
        world_start(&w);
        if (all[i].infra)
            generation_see_infra(&m, read_text(&w, "itsup.yml", str_of(all[i].infra)));
        if (all[i].override)
            generation_see_override(&m, read_text(&w, "traefik.yml", str_of(all[i].override)));
        if (all[i].first) {
            struct tree_file *file = read_text(&w, "p/traefik.yml", str_of(all[i].first));
            generation_see_routing(&m, STR("traefik.yml"), file->source, file);
        }
        if (all[i].third)
            generation_see_routing(&m, STR("itsup-project.yml"),
                                   source_add(&w.sources, STR("x"), STR("a")), NULL);
        assert_int_equal(generation_decide(&w.diags, &m), all[i].want);
        assert_str(findings(&w), str_of(all[i].findings));
        arena_free(&w.arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixtures),         cmocka_unit_test(every_key_misspelt),
        cmocka_unit_test(every_kind_wrong), cmocka_unit_test(rows),
        cmocka_unit_test(other_hosts),      cmocka_unit_test(overrides),
        cmocka_unit_test(raw_leads_back),   cmocka_unit_test(infra),
        cmocka_unit_test(secret_lines),     cmocka_unit_test(placeholders),
        cmocka_unit_test(generations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
