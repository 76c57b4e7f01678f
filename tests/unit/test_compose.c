/* Compose files as a model: every form of every key, other files, what is refused and where. */
#include "lower/compose_check.h"
#include "lower/compose_file.h"
#include "lower/tree_place.h"
#include "support/buf.h"
#include "unit.h"

struct file {
    const char *name, *text;
};

struct world {
    struct arena arena;
    struct sources sources;
    struct diags diags;
    const struct file *files; /* that other files may name */
};

static bool load(void *context, struct str path, struct span at, struct source **out) {
    struct world *w = context;
    for (const struct file *f = w->files; f && f->name; f++)
        if (str_is(path, f->name)) {
            *out = source_add(&w->sources, str_of(f->name), str_of(f->text));
            return true;
        }
    diag_add(&w->diags, DIAG_INPUT_MISSING, at, "`%.*s` does not exist", STR_ARG(path));
    return false;
}

static struct compose *read_files(struct world *w, const char *text, const char *over,
                                  const struct file *files) {
    *w = (struct world){ .files = files };
    w->sources.arena = &w->arena;
    w->diags = (struct diags){ .arena = &w->arena, .sources = &w->sources };
    struct lower_loader *loader = arena_new(&w->arena, struct lower_loader);
    *loader = (struct lower_loader){ .context = w, .load = load };
    struct source *file = source_add(&w->sources, STR("p/compose.yml"), str_of(text));
    struct source *override =
        over ? source_add(&w->sources, STR("p/compose.override.yml"), str_of(over)) : NULL;
    return compose_read(&w->arena, &w->diags, file, override, loader);
}

static struct str findings(struct world *w) {
    struct buf out = { .arena = &w->arena };
    for (struct diag *d = w->diags.first; d; d = d->next) {
        struct place place = source_place(&w->sources, d->span.start);
        if (out.len)
            buf_char(&out, '\n');
        if (!str_is(place.source->name, "p/compose.yml"))
            buf_format(&out, "%.*s ", STR_ARG(place.source->name));
        buf_format(&out, "%.*s %zu:%zu `%.*s` %.*s", STR_ARG(diag_infos[d->code].code), place.line,
                   place.column, STR_ARG(source_text(&w->sources, d->span)), STR_ARG(d->message));
        if (d->fixes)
            buf_format(&out, " -> %.*s", STR_ARG(d->fixes->edits->text));
    }
    return buf_str(&out);
}

static void dump_texts(struct buf *out, const char *name, const struct compose_texts *texts) {
    if (texts->first)
        buf_format(out, " %s", name);
    for (struct compose_text *t = texts->first; t; t = t->next)
        buf_format(out, "%s%.*s", t == texts->first ? "=" : ",", STR_ARG(t->text));
}

static void dump_pairs(struct buf *out, const char *name, const struct compose_pairs *pairs) {
    for (struct compose_pair *p = pairs->first; p; p = p->next)
        buf_format(out, " %s(%.*s%s%.*s)", name, STR_ARG(p->key), p->has_value ? "=" : "",
                   STR_ARG(p->value));
}

static void dump_ports(struct buf *out, const char *name, const struct compose_port *p) {
    for (; p; p = p->next) {
        buf_format(out, " %s(", name);
        if (p->host_ip.len)
            buf_format(out, "%.*s ", STR_ARG(p->host_ip));
        if (p->from)
            buf_format(out, "%u-%u:", p->from, p->to);
        buf_format(out, "%u-%u/%.*s%s)", p->target_from, p->target_to, STR_ARG(p->protocol),
                   p->unknown ? "?" : "");
    }
}

static void dump_service(struct buf *out, const struct compose_service *s) {
    buf_format(out, "%.*s", STR_ARG(s->name));
    if (s->image)
        buf_format(out, " image=%.*s", STR_ARG(s->image->text));
    if (s->container_name)
        buf_format(out, " container=%.*s", STR_ARG(s->container_name->text));
    if (s->network_mode)
        buf_format(out, " mode=%.*s", STR_ARG(s->network_mode->text));
    dump_pairs(out, "label", &s->labels);
    dump_pairs(out, "env", &s->environment);
    for (struct compose_attachment *a = s->networks; a; a = a->next) {
        buf_format(out, " net(%.*s", STR_ARG(a->network));
        if (a->ipv4_address)
            buf_format(out, " %.*s", STR_ARG(a->ipv4_address->text));
        dump_texts(out, "aliases", &a->aliases);
        buf_char(out, ')');
    }
    dump_ports(out, "port", s->ports);
    dump_ports(out, "expose", s->expose);
    for (struct compose_mount *m = s->volumes; m; m = m->next)
        buf_format(out, " mount(%.*s %.*s %.*s%s)", STR_ARG(m->type), STR_ARG(m->source),
                   STR_ARG(m->target), m->read_only ? " ro" : "");
    for (struct compose_dependency *d = s->depends_on; d; d = d->next)
        buf_format(out, " needs(%.*s%s)", STR_ARG(d->service), d->optional ? "?" : "");
    dump_texts(out, "dns", &s->dns);
    dump_texts(out, "profiles", &s->profiles);
    dump_texts(out, "env_file", &s->env_files);
    dump_texts(out, "command", &s->command);
    if (s->healthcheck)
        buf_text(out, " healthcheck");
    if (s->deploy)
        buf_text(out, " deploy");
    buf_char(out, '\n');
}

static struct str dump(struct world *w, const struct compose *c) {
    struct buf out = { .arena = &w->arena };
    for (struct compose_service *s = c->services; s; s = s->next)
        dump_service(&out, s);
    for (struct compose_network *n = c->networks; n; n = n->next) {
        buf_format(&out, "network %.*s", STR_ARG(n->name));
        if (n->external)
            buf_text(&out, " external");
        if (n->real_name.len)
            buf_format(&out, " name=%.*s", STR_ARG(n->real_name));
        dump_texts(&out, "subnet", &n->subnets);
        buf_char(&out, '\n');
    }
    for (struct compose_item *i = c->volumes; i; i = i->next)
        buf_format(&out, "volume %.*s%s\n", STR_ARG(i->name), i->external ? " external" : "");
    return buf_str(&out);
}

struct row {
    const char *text, *over, *want;
};

static const struct file library[] = {
    { "p/common.yml", "services:\n  base:\n    image: b\n    labels: {from: common}\n"
                      "    extends: {file: sub/deep.yml, service: root}\n" },
    { "p/sub/deep.yml", "services:\n  root: {environment: {DEEP: 1}, ports: [\"1:1\"]}\n" },
    { "p/more.yml", "services:\n  more: {image: m, networks: [inner]}\nnetworks: {inner: {}}\n" },
    { "p/self.yml", "include: [self.yml]\nservices: {s: {image: x}}\n" },
    { "p/twice.yml", "services:\n  w: {image: other}\n" },
    { "p/bad.yml", "services: [\n" },
    { NULL, NULL },
};

static void models(void **state) {
    (void)state;
    static const struct row rows[] = {
        { "services:\n  w:\n    image: x\n    labels: [a=b, 'c=d=e', f]\n", NULL,
          "w image=x label(a=b) label(c=d=e) label(f)\n" },
        { "services:\n  w:\n    image: x\n    labels: {a: 2222:22, b: yes, c: 12:30:45, d: , e: \"\"}\n",
          NULL, "w image=x label(a=2222:22) label(b=yes) label(c=12:30:45) label(d) label(e=)\n" },
        { "services:\n  w:\n    image: x\n    ports: [\"80\", 8080:80, \"127.0.0.1:53:53/udp\", "
          "\"[::1]:80:80\", 2222:22, \"8000-8001:90-91\", \"${P:-1:2}:80\", 90, \"127.0.0.1::80\"]\n",
          NULL,
          "w image=x port(80-80/tcp) port(8080-8080:80-80/tcp) port(127.0.0.1 53-53:53-53/udp) "
          "port(::1 80-80:80-80/tcp) port(2222-2222:22-22/tcp) port(8000-8001:90-91/tcp) "
          "port(80-80/tcp?) port(90-90/tcp) port(127.0.0.1 80-80/tcp)\n" },
        { "services:\n  w:\n    image: x\n    ports:\n    - {target: 80, published: \"8000-8010\", host_ip: 1.2.3.4, "
          "protocol: udp}\n    expose: [3000, \"4000-4001/udp\"]\n",
          NULL,
          "w image=x port(1.2.3.4 8000-8010:80-80/udp) expose(3000-3000/tcp) expose(4000-4001/udp)\n" },
        { "services:\n  w:\n    image: x\n    networks:\n      n: {ipv4_address: 172.20.0.9, aliases: [a, b]}\n      m:\n"
          "networks:\n  n: {external: true, name: real}\n  m: {ipam: {config: [{subnet: 10.0.0.0/8}]}}\n  o: {external: {name: old}}\n",
          NULL,
          "w image=x net(n 172.20.0.9 aliases=a,b) net(m)\nnetwork n external name=real\nnetwork m subnet=10.0.0.0/8\n"
          "network o external name=old\n" },
        { "services:\n  w:\n    image: x\n    volumes: [data:/d, ./x:/y:ro, /anon, {type: tmpfs, target: /t}, \"${D}:/z\"]\n"
          "    command: run -a -a\n    dns: 1.1.1.1\n    env_file: [a.env, {path: b.env}]\n    healthcheck: {test: x}\n    deploy: {}\n"
          "volumes: {data: {}, old: {external: true}}\n",
          NULL,
          "w image=x mount(volume data /d) mount(bind ./x /y ro) mount(volume  /anon) mount(tmpfs  /t) mount( ${D} /z) "
          "dns=1.1.1.1 env_file=a.env,b.env command=run -a -a healthcheck deploy\nvolume data\nvolume old external\n" },
        { "services:\n  w: {image: x, depends_on: [u], command: [a, a]}\n  u: {image: z}\n  v: {image: y, depends_on: {q: {condition: "
          "service_started, required: false}}, network_mode: \"service:w\"}\n",
          NULL, "w image=x needs(u) command=a,a\nu image=z\nv image=y mode=service:w needs(q?)\n" },
        { "x-b: &b\n  labels: [s=1]\n  image: b\nservices:\n  v: {<<: *b}\n  w: {<<: *b, image: w}\n",
          NULL, "v image=b label(s=1)\nw image=w label(s=1)\n" },
        /* overrides */
        { "services:\n  w:\n    image: x\n    labels: [a=1, b=2]\n    ports: [\"80:80\"]\n    command: [old]\n",
          "services:\n  w:\n    labels: {b: 3, c: 4}\n    ports: [\"80:80\", \"81:81\"]\n    command: new\n  v: {image: v}\n",
          "w image=x label(a=1) label(b=3) label(c=4) port(80-80:80-80/tcp) port(81-81:81-81/tcp) command=new\nv image=v\n" },
        { "services:\n  w:\n    image: x\n    labels: [a=1]\n    ports: [\"80:80\"]\n",
          "services:\n  w:\n    labels: !reset null\n    ports: !override [\"81:81\"]\n",
          "w image=x port(81-81:81-81/tcp)\n" },
        { "services:\n  w:\n    image: x\n    labels: [a=1]\n    ports: [\"80:80\"]\n",
          "services:\n  w: !override\n    image: y\n    extends: v\n  v: {image: v, labels: [l=1]}\n",
          "w image=y label(l=1)\nv image=v label(l=1)\n" },
        /* other files */
        { "services:\n  w:\n    extends: {file: common.yml, service: base}\n    labels: [own=1]\n",
          NULL, "w image=b label(from=common) label(own=1) env(DEEP=1) port(1-1:1-1/tcp)\n" },
        { "services:\n  w: {extends: v, image: w}\n  v: {image: v, labels: [l=1]}\n", NULL,
          "w image=w label(l=1)\nv image=v label(l=1)\n" },
        { "include: [more.yml, {path: [./more.yml]}]\nservices: {w: {image: x, networks: [inner]}}\n",
          NULL, "w image=x net(inner)\nmore image=m net(inner)\nnetwork inner\n" },
        { "services: {w: {image: x, privileged: \"${P}\", shm_size: \"${S}\", x-y: [1]}}\nx-z: 1\n",
          NULL, "w image=x\n" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct world w;
        struct compose *c = read_files(&w, rows[i].text, rows[i].over, library);
        assert_str(findings(&w), STR(""));
        assert_non_null(c);
        assert_str(dump(&w, c), str_of(rows[i].want));
        arena_free(&w.arena);
    }
}

static void complaints(void **state) {
    (void)state;
    static const struct row rows[] = {
        { "", NULL, "E0720 1:1 `` this compose file is empty" },
        { "# nothing\n", NULL, "E0720 1:1 `` this compose file is empty" },
        { "volumes: {}\n", NULL, "E0720 1:1 `volumes` this compose file has no `services`" },
        { "servics: {}\n", NULL,
          "E0707 1:1 `servics` Compose knows no key `servics` here -> services" },
        { "services:\n", NULL, "E0720 1:1 `services` no service stands below" },
        { "services:\n  web:\n", NULL, "E0721 2:3 `web` the service `web` says nothing" },
        { "[a]\n", NULL, "E0706 1:1 `[a]` a compose file must be a mapping, not a list" },
        { "services: {a b: {image: x}}\n", NULL,
          "E0721 1:12 `a b` `a b` is no name for a service" },
        { "services:\n  w:\n    imagee: x\n", NULL,
          "E0707 3:5 `imagee` Compose knows no key `imagee` here -> image" },
        { "services:\n  w: {image: x, healthcheck: {tset: y}}\n", NULL,
          "E0707 2:31 `tset` Compose knows no key `tset` here -> test" },
        { "services: {w: {image: 5}}\n", NULL,
          "E0706 1:23 `5` `image` must be text, not a number" },
        { "services: {w: {image: x, labels: 5}}\n", NULL,
          "E0706 1:34 `5` `labels` must be a list or a mapping, not a number" },
        { "services: {w: {image: x, labels: [{a: b}]}}\n", NULL,
          "E0706 1:35 `{a: b}` this item must be text, not a mapping" },
        { "services: {w: {image: x, labels: {a: [1]}}}\n", NULL,
          "E0706 1:38 `[1]` `a` must be text, a number, true or false or nothing, not a list" },
        { "services:\n  w:\n    image: x\n    ports:\n", NULL,
          "E0706 4:5 `ports` `ports` must be a list, not nothing" },
        { "services: {w: {image: x, labels: [=v]}}\n", NULL,
          "E0728 1:35 `=v` a label without a name" },
        { "services: {w: {image: x, ports: [\"70000:80\", a, \"1:2/x\", \"2-1:1-2\", \"1.2.3.x:1:1\", \"1-3:1-2\", {published: 1}]}}\n",
          NULL,
          "E0722 1:35 `70000` `70000` is outside 1-65535\nE0722 1:46 `a` `a` is no port\n"
          "E0722 1:54 `x` `x` is no protocol: tcp, udp and sctp are\nE0722 1:59 `2-1` `2-1` is a range that runs backwards\n"
          "E0722 1:70 `1.2.3.x` `1.2.3.x` is no IP address\n"
          "E0722 1:85 `1-3:1-2` `1-3:1-2` is a pair of port ranges of different lengths\n"
          "E0722 1:95 `{published: 1}` a port without `target`" },
        { "services: {w: {image: x, networks: [frnt]}}\nnetworks: {front: {}}\n", NULL,
          "E0726 1:37 `frnt` the network `frnt` is not declared -> front" },
        { "services: {web: {image: x}, v: {image: x, depends_on: [wbe]}}\n", NULL,
          "E0729 1:56 `wbe` this depends on the service `wbe`, which does not exist -> web" },
        { "services: {w: {image: x, network_mode: host, networks: [default]}}\n", NULL,
          "E0727 1:40 `host` the service `w` has both `network_mode` and `networks`" },
        { "services: {w: {extends: w}}\n", NULL,
          "E0724 1:25 `w` the service `w` extends itself in a circle" },
        { "services: {w: {extends: {file: common.yml, service: bse}}}\n", NULL,
          "E0723 1:53 `bse` `p/common.yml` has no service `bse` to extend -> base" },
        { "services: {w: {extends: {file: gone.yml, service: b}}}\n", NULL,
          "E0120 1:32 `gone.yml` `p/gone.yml` does not exist" },
        { "include: [self.yml]\nservices: {w: {image: x}}\n", NULL,
          "p/self.yml E0724 1:11 `self.yml` `p/self.yml` includes itself in a circle" },
        { "include: [twice.yml]\nservices: {w: {image: x}}\n", NULL,
          "p/twice.yml E0725 2:3 `w` the service `w` is declared in two files of one project" },
        { "services: {w: {image: x}}\nservices: {}\n", NULL,
          "E0702 2:1 `services` the key `services` is given twice" },
        { "services: {w: {image: x, depends_on: [q]}}\ninclude: [bad.yml]\n", NULL,
          "p/bad.yml E0701 1:12 `` a value is missing before this" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct world w;
        read_files(&w, rows[i].text, rows[i].over, library);
        assert_str(findings(&w), str_of(rows[i].want));
        arena_free(&w.arena);
    }
}

/* Q16: one list under two services is one node. */
static void sharing(void **state) {
    (void)state;
    struct world w;
    struct compose *c = read_files(&w,
                                   "x-l: &l\n  - a=1\nx-b: &b\n  labels: [m=1]\nservices:\n"
                                   "  u: {image: x, labels: *l}\n  v: {image: x, labels: *l}\n"
                                   "  w: {image: x, <<: *b}\n  x: {image: x, labels: [z]}\n",
                                   NULL, NULL);
    struct compose_own u = compose_service_own(compose_service_find(c, STR("u")), STR("labels"));
    struct compose_own v = compose_service_own(compose_service_find(c, STR("v")), STR("labels"));
    struct compose_own m = compose_service_own(compose_service_find(c, STR("w")), STR("labels"));
    struct compose_own own = compose_service_own(compose_service_find(c, STR("x")), STR("labels"));
    assert_true(u.aliased && u.anchored && !u.merged);
    assert_ptr_equal(u.node, v.node);
    assert_true(m.merged && !m.aliased);
    assert_true(own.node && !own.merged && !own.aliased && !own.anchored);
    assert_null(compose_service_own(compose_service_find(c, STR("x")), STR("ports")).entry);
    arena_free(&w.arena);
}

static void label_places(void **state) {
    (void)state;
    struct world w;
    struct compose *c = read_files(&w,
                                   "services:\n  w:\n    image: x\n    labels:\n"
                                   "      - \"k\\x65y=v\\\"w\"\n      - 'a=b'\n",
                                   NULL, NULL);
    struct compose_service *s = compose_service_find(c, STR("w"));
    struct compose_pair *p = compose_pair_find(&s->labels, STR("key"));
    assert_str(p->value, STR("v\"w"));
    assert_str(source_text(&w.sources, p->key_span), STR("k\\x65y"));
    assert_str(source_text(&w.sources, p->value_span), STR("v\\\"w"));
    struct compose_own own = compose_service_own(s, STR("labels"));
    struct tree_splice splice = tree_splice_end(own.node);
    assert_int_equal(splice.indent, 6);
    assert_int_equal(splice.at, c->main->source->base + c->main->source->text.len);
    arena_free(&w.arena);
}

static void keys(void **state) {
    (void)state;
    assert_true(compose_keys_are_sorted());
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(models),       cmocka_unit_test(complaints), cmocka_unit_test(sharing),
        cmocka_unit_test(label_places), cmocka_unit_test(keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
