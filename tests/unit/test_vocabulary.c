/* The rows of the vocabulary, and settings judged by them. */
#include "model/shape.h"
#include "snippet.h"
#include "support/nearest.h"

static const char world[] =
    "let offices = [192.0.2.0/24, 2001:db8:40::/48]\n"
    "proxy traefik {\n"
    "  entrypoint web :80\n  entrypoint websecure :443\n  resolver public acme { http-01 web }\n"
    "  plugin bouncer github.com/maxlerebourg/crowdsec-bouncer-traefik-plugin v1.6.0\n}\n"
    "tls modern { min 1.2 }\n"
    "middleware admins = auth(/run/secrets/admins)\n";

struct row {
    enum place_kind place;
    enum mode mode;
    const char *text, *want;
};

static void check_rows(const struct row *rows, size_t count) {
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        struct bench b;
        bench_start(&b, world);
        struct str got = judge_setting(&b, rows[i].place, rows[i].mode, rows[i].text);
        if (!str_is(got, rows[i].want)) {
            print_error("%s\n  got  %.*s\n  want %s\n", rows[i].text, STR_ARG(got), rows[i].want);
            for (struct diag *d = b.diags.first; d; d = d->next)
                print_error("  says %.*s | %.*s\n", STR_ARG(d->message), STR_ARG(d->help));
            wrong++;
        }
        bench_end(&b);
    }
    assert_int_equal(wrong, 0);
}

#define ROUTE PLACE_ROUTE, MODE_HTTPS
#define TCP   PLACE_ROUTE, MODE_TCP

static void test_routes(void **state) {
    (void)state;
    static const struct row rows[] = {
        { ROUTE, "health /up every 10s timeout 3s", "health path=/up every=10s timeout=3s" },
        { ROUTE, "health", "E0304:1-7" },
        { ROUTE, "health every 10s", "E0304:1-7" },
        { ROUTE, "health up", "E0413:8-9" },
        { ROUTE, "health /up every 30", "E0408:18-20" },
        { ROUTE, "health /up evry 30s", "E0305:12-16" },
        { ROUTE, "health /up every 1s every 2s", "E0306:21-26" },
        { ROUTE, "health /up every", "E0304:12-17" },
        { ROUTE, "health /up every=10s", "E0305:12-21" },
        { ROUTE, "health /up send x", "E0205:12-16" },
        { TCP, "health send PING expect PONG every 5s", "health every=5s send=PING expect=PONG" },
        { TCP, "health /up", "E0205:8-11" },
        { ROUTE, "sticky cookie shop_srv", "sticky cookie=shop_srv" },
        { ROUTE, "sticky cookie secure same-site LAX", "sticky cookie secure same-site=lax" },
        { ROUTE, "sticky cokie", "E0305:8-13" },
        { ROUTE, "sticky", "E0304:1-7" },
        { ROUTE, "priority 42", "priority priority=42" },
        { ROUTE, "priority -3", "priority priority=-3" },
        { ROUTE, "priority 9223372036854774808", "R020:10-29" },
        { ROUTE, "priority high", "E0415:10-14" },
        { ROUTE, "priority 1 2", "E0305:12-13" },
        { ROUTE, "priority 1, 2", "E0418:10-14" },
        { ROUTE, "priority ${P}", "E0417:10-14" },
        { PLACE_ROUTE, MODE_UDP, "priority 1", "E0205:1-9" },
        { ROUTE, "cert shop.example.com, *.Shop.example.com.",
          "cert domain-or-wildcard=[shop.example.com, *.shop.example.com]" },
        { ROUTE, "cert a..b", "E0401:7-9" },
        { PLACE_ROUTE, MODE_PASSTHROUGH, "tls modern", "E0205:1-4" },
        { ROUTE, "tls modern", "tls tls-ref=modern" },
        { ROUTE, "tls strong@file", "tls tls-ref=strong@file" },
        { ROUTE, "tls strong@fil", "E0317:12-15" },
        { ROUTE, "tls moderm", "E0313:5-11" },
        { ROUTE, "resolver public", "resolver resolver-ref=public" },
        { ROUTE, "resolver none", "resolver resolver-ref=none" },
        { ROUTE, "resolver publik", "E0310:10-16" },
        { ROUTE, "entrypoint web, websecure", "entrypoint entrypoint-ref=[web, websecure]" },
        { ROUTE, "entrypoint wbe", "E0311:12-15" },
        { PLACE_ROUTE, MODE_PASSTHROUGH, "acme :80", "acme target=:80" },
        { ROUTE, "acme :80", "E0205:1-5" },
        { PLACE_ROUTE, MODE_TLS, "proxy-protocol v2", "proxy-protocol version=v2" },
        { PLACE_ROUTE, MODE_TLS, "proxy-protocol 2", "E0416:16-17" },
        { ROUTE, "mirror api-next:8000 5%", "mirror target=api-next:8000 percent=5" },
        { ROUTE, "mirror api-next:8000 5", "E0411:22-23" },
        { ROUTE, "mirror api-next:99999 5%", "E0403:17-22" },
        { ROUTE, "upstream insecure-tls server-name a.example.com",
          "upstream insecure-tls server-name=a.example.com" },
        { ROUTE, "upstream client-cert /c.pem /k.pem ca /a.pem, /b.pem",
          "upstream ca=[/a.pem, /b.pem] client-cert=[/c.pem, /k.pem]" },
        { ROUTE, "upstream client-cert /c.pem", "E0304:10-21" },
        { ROUTE, "upstream", "E0304:1-9" },
        { ROUTE, "no-redirect", "no-redirect" },
        { ROUTE, "no-redirect yes", "E0305:13-16" },
        { PLACE_ROUTE, MODE_HTTP, "no-redirect", "E0205:1-12" },
        { ROUTE, "helth /up", "E0301:1-6" },
        { ROUTE, "email x@y", "E0302:1-6" },
        { ROUTE, "priority 1 { }", "E0321:12-13" },
        { ROUTE, "log off", "log state=off" },
        { ROUTE, "trace detailed", "trace state=detailed" },
        { ROUTE, "raw labels \"a=b\"", "raw kind=labels text=a=b" },
        { ROUTE, "raw labels \"ab\"", "E0423:13-15" },
        { ROUTE, "raw labels \"\"", "E0423:12-14" },
        { ROUTE, "raw static \"a: b\"", "E0416:5-11" },
        { ROUTE, "raw dynamic \"http\"", "E0423:14-18" },
        { PLACE_DEFAULTS, MODE_HTTPS, "resolver public", "resolver resolver-ref=public" },
        { PLACE_DEFAULTS, MODE_HTTPS, "cert a.example.com", "E0302:1-5" },
        { PLACE_DEFAULTS, MODE_HTTPS, "use admins, headers(nosniff)",
          "use middleware-ref admins{basicAuth usersFile=/run/secrets/admins} | headers "
          "contentTypeNosniff=true" },
        { PLACE_DEFAULTS, MODE_TCP, "use admins", "E0206:5-11" },
    };
    check_rows(rows, sizeof rows / sizeof *rows);
}

static void test_where(void **state) {
    (void)state;
    static const struct row rows[] = {
        { ROUTE, "where method GET, POST", "where kind=method values=[GET, POST]" },
        { ROUTE, "where method get", "E0422:14-17" },
        { ROUTE, "where not client 10.0.0.0/8", "where not kind=client values=10.0.0.0/8" },
        { ROUTE, "where client offices",
          "where kind=client values=[192.0.2.0/24, 2001:db8:40::/48]" },
        { ROUTE, "where client 10.0.0.1/8", "E0407:14-24" },
        { ROUTE, "where header X-Env = beta", "where kind=header key=X-Env values=beta" },
        { ROUTE, "where header X-Env = beta, gamma",
          "where kind=header key=X-Env values=[beta, gamma]" },
        { ROUTE, "where header X-Env ~ `^b`", "where kind=header key=X-Env regex values=^b" },
        { ROUTE, "where header X-Env", "E0422:14-19" },
        { ROUTE, "where header X@Env = beta", "E0424:15-16" },
        { ROUTE, "where query v = 2", "where kind=query key=v values=2" },
        { ROUTE, "where path ~ `^/v[0-9]{1,3}/`", "where kind=path regex values=^/v[0-9]{1,3}/" },
        { ROUTE, "where path ~ `/v[0-9]+`", "R011:14-24" },
        { ROUTE, "where path ~ `^/(`", "E0412:17-18" },
        { ROUTE, "where host ~ `^[a-z]+\\.example\\.com$`",
          "where kind=host regex values=^[a-z]+\\.example\\.com$" },
        { ROUTE, "where host ~ `^a.example\\.com$`", "R012:17-18" },
        { ROUTE, "where not path = /admin", "where not kind=path values=/admin" },
        { ROUTE, "where verb GET", "E0422:7-11" },
        { ROUTE, "where metod GET", "E0422:7-12" },
        { ROUTE, "where", "E0422:1-6" },
        { ROUTE, "where method", "E0422:7-13" },
        { ROUTE, "where method = GET", "E0422:7-19" },
        { PLACE_ROUTE, MODE_TLS, "where client 10.0.0.0/8", "where kind=client values=10.0.0.0/8" },
        { PLACE_ROUTE, MODE_TLS, "where method GET", "E0205:7-13" },
        { PLACE_ROUTE, MODE_UDP, "where client 10.0.0.0/8", "E0205:1-6" },
        { ROUTE, "match \"ClientIP(`10.0.0.0/8`)\"", "match rule=ClientIP(`10.0.0.0/8`)" },
        { ROUTE, "match \"\"", "E0421:7-9" },
    };
    check_rows(rows, sizeof rows / sizeof *rows);
}

static void test_options(void **state) {
    (void)state;
    static const struct row rows[] = {
        { ROUTE, "option observability.accessLogs false",
          "option path=observability.accessLogs value=false root=http.routers.<name>" },
        { ROUTE, "option load-balancer.strategy p2c",
          "option path=loadBalancer.strategy value=p2c root=http.services.<name>" },
        { ROUTE, "option loadBalancer.healthCheck.headers.X-Key v",
          "option path=loadBalancer.healthCheck.headers.X-Key value=v root=http.services.<name>" },
        { ROUTE, "option loadBalancer.strategy p3c", "E0416:30-33" },
        { ROUTE, "option loadBalancer.stratgy p2c", "E0318:21-28" },
        { ROUTE, "option observability.accessLogs nope", "E0416:33-37" },
        { ROUTE, "option tls.domains.main a", "E0318:12-19" },
        { ROUTE, "option \"tls.domains[0].main\" a.example.com",
          "option path=tls.domains[0].main value=a.example.com root=http.routers.<name>" },
        { ROUTE, "option priority", "E0304:1-7" },
        { ROUTE, "option priority 1 2", "E0305:19-20" },
        { TCP, "option loadBalancer.terminationDelay 200ms",
          "option path=loadBalancer.terminationDelay value=200 root=tcp.services.<name>" },
        { PLACE_PROXY, MODE_UNKNOWN, "option global.checkNewVersion false",
          "option path=global.checkNewVersion value=false root=" },
        { PLACE_PROXY, MODE_UNKNOWN, "option pilot.token x", "E0318:8-13" },
        { PLACE_ENTRYPOINT, MODE_UNKNOWN, "option http.sanitizePath false",
          "option path=http.sanitizePath value=false root=entryPoints.<name>" },
        { PLACE_RESOLVER, MODE_UNKNOWN, "option disableCommonName true",
          "option path=disableCommonName value=true root=certificatesResolvers.<name>.acme" },
        { PLACE_TLS, MODE_UNKNOWN, "option alpnProtocols h2, http/1.1",
          "option path=alpnProtocols value=[h2, http/1.1] root=tls.options.<name>" },
        { PLACE_PROXY, MODE_UNKNOWN, "provider docker { option useBindPortIP true }",
          "provider kind=docker { option path=useBindPortIP value=true root=providers.docker }" },
        { PLACE_PROXY, MODE_UNKNOWN, "provider docker { option useBindPort true }", "E0318:26-37" },
    };
    check_rows(rows, sizeof rows / sizeof *rows);
}

static void test_proxy(void **state) {
    (void)state;
    static const struct row rows[] = {
        { PLACE_PROXY, MODE_UNKNOWN,
          "entrypoint websecure :443 { default; trusted 10.0.0.0/8; http3; redirect web; use "
          "edge@file }",
          "entrypoint name=websecure address=:443 { default; trusted cidr=10.0.0.0/8; http3; "
          "redirect entrypoint-ref=web; use middleware-ref other edge@file }" },
        { PLACE_PROXY, MODE_UNKNOWN, "entrypoint ping 127.0.0.1:8082",
          "entrypoint name=ping address=127.0.0.1:8082" },
        { PLACE_PROXY, MODE_UNKNOWN, "entrypoint dns :53/udp",
          "entrypoint name=dns address=:53/udp" },
        { PLACE_PROXY, MODE_UNKNOWN, "entrypoint dns 53", "E0404:16-18" },
        { PLACE_PROXY, MODE_UNKNOWN, "entrypoint dns :0", "E0403:17-18" },
        { PLACE_PROXY, MODE_UNKNOWN, "entrypoint dns :${PORT}", "E0417:17-24" },
        { PLACE_PROXY, MODE_UNKNOWN, "entrypoint dns", "E0304:1-11" },
        { PLACE_PROXY, MODE_UNKNOWN, "entrypoint web :80 { default; default }", "E0303:31-38" },
        { PLACE_PROXY, MODE_UNKNOWN, "entrypoint web :80 { let x = 1 }", "E0302:22-31" },
        { PLACE_PROXY, MODE_UNKNOWN, "entrypoint web :80 { https://a.example.com -> x:1 }",
          "E0215:22-43" },
        { PLACE_PROXY, MODE_UNKNOWN,
          "resolver wild acme { email ${LETSENCRYPT_EMAIL}; dns-01 cloudflare { delay 30s; "
          "resolvers 1.1.1.1:53, 8.8.8.8:53 } }",
          "resolver name=wild kind=acme { email email=${LETSENCRYPT_EMAIL}; dns-01 "
          "provider=cloudflare { delay duration=30s; resolvers hostport=[1.1.1.1:53, 8.8.8.8:53] } "
          "}" },
        { PLACE_PROXY, MODE_UNKNOWN,
          "resolver internal acme { ca https://ca.example.net/acme/directory; tls-alpn-01; for "
          "*.internal.example.net; key-type ec256 }",
          "resolver name=internal kind=acme { ca url=https://ca.example.net/acme/directory; "
          "tls-alpn-01; for domain-or-wildcard=*.internal.example.net; key-type type=EC256 }" },
        { PLACE_PROXY, MODE_UNKNOWN, "resolver x", "E0304:1-9" },
        { PLACE_RESOLVER, MODE_UNKNOWN, "email nobody", "E0418:7-13" },
        { PLACE_RESOLVER, MODE_UNKNOWN, "email ${1X}", "E0111:7-12" },
        { PLACE_PROXY, MODE_UNKNOWN,
          "provider docker { network proxynet 172.20.0.0/16; endpoint tcp://127.0.0.1:2375 }",
          "provider kind=docker { network network=proxynet cidr=172.20.0.0/16; endpoint "
          "endpoint=tcp://127.0.0.1:2375 }" },
        { PLACE_PROXY, MODE_UNKNOWN, "provider file /etc/traefik/dynamic",
          "provider kind=file source=/etc/traefik/dynamic" },
        { PLACE_PROXY, MODE_UNKNOWN, "provider file", "E0304:1-9" },
        { PLACE_PROXY, MODE_UNKNOWN, "provider docker /x", "E0305:17-19" },
        { PLACE_PROXY, MODE_UNKNOWN, "provider dcoker", "E0416:10-16" },
        { PLACE_PROXY, MODE_UNKNOWN, "log info /var/log/traefik/traefik.log",
          "log level=info file=/var/log/traefik/traefik.log" },
        { PLACE_PROXY, MODE_UNKNOWN, "log info json", "log level=info json" },
        { PLACE_PROXY, MODE_UNKNOWN, "accesslog json /var/log/traefik/access.log",
          "accesslog format=json file=/var/log/traefik/access.log" },
        { PLACE_PROXY, MODE_UNKNOWN, "accesslog /var/log/traefik/access.log",
          "accesslog file=/var/log/traefik/access.log" },
        { PLACE_PROXY, MODE_UNKNOWN, "plugin bouncer github.com/a/b v1.6.0",
          "plugin name=bouncer module=github.com/a/b version=v1.6.0" },
        { PLACE_PROXY, MODE_UNKNOWN, "plugin bouncer github.com/a/b", "E0304:1-7" },
        { PLACE_PROXY, MODE_UNKNOWN, "plugin bouncer github.com/a/b local",
          "plugin name=bouncer module=github.com/a/b local" },
        { PLACE_PROXY, MODE_UNKNOWN,
          "stack itsup 3 { dashboard t.example.org; router 192.168.1.1; "
          "image traefik v3.7.8; crowdsec crowdsecurity/linux }",
          "stack name=itsup generation=3 { dashboard domain=t.example.org; router ip=192.168.1.1; "
          "image part=traefik version=v3.7.8; crowdsec collection=crowdsecurity/linux }" },
        { PLACE_PROXY, MODE_UNKNOWN, "stack itsup 4", "E0416:13-14" },
        { PLACE_PROXY, MODE_UNKNOWN, "metrics prometheus entrypoint web",
          "metrics kind=prometheus entrypoint=web" },
        { PLACE_PROXY, MODE_UNKNOWN, "metrics datadog entrypoint web", "E0305:17-27" },
        { PLACE_PROXY, MODE_UNKNOWN, "tracing http https://otel.example.com:4318 sample 10%",
          "tracing protocol=http endpoint=https://otel.example.com:4318 sample=10" },
        { PLACE_FILE, MODE_UNKNOWN, "tls modern { min 1.2; sni-strict; curves X25519, P-384 }",
          "tls name=modern { min version=1.2; sni-strict; curves curve=[X25519, P-384] }" },
        { PLACE_FILE, MODE_UNKNOWN,
          "tls mutual { min 1.3; client-ca /etc/ssl/clients.pem require }",
          "tls name=mutual { min version=1.3; client-ca file=/etc/ssl/clients.pem policy=require }" },
        { PLACE_FILE, MODE_UNKNOWN, "tls x { min 1.3; max 1.2 }", "E0220:18-25" },
        { PLACE_FILE, MODE_UNKNOWN, "tls x", "E0321:1-4" },
        { PLACE_TLS, MODE_UNKNOWN, "ciphers TLS_AES_128_GCM_SHA256",
          "ciphers cipher=TLS_AES_128_GCM_SHA256" },
        { PLACE_TLS, MODE_UNKNOWN, "ciphers TLS_AES_128_GCM_SHA25", "E0416:9-30" },
        { PLACE_FILE, MODE_UNKNOWN, "import lib/sso.itsup as sso",
          "import path=lib/sso.itsup as=sso" },
        { PLACE_FILE, MODE_UNKNOWN, "import compose x/compose.yml",
          "import kind=compose path=x/compose.yml" },
        { PLACE_FILE, MODE_UNKNOWN, "import", "E0304:1-7" },
        { PLACE_FILE, MODE_UNKNOWN, "defaults https { resolver public; tls modern; use admins }",
          "defaults mode=https { resolver resolver-ref=public; tls tls-ref=modern; use "
          "middleware-ref admins{basicAuth usersFile=/run/secrets/admins} }" },
        { PLACE_FILE, MODE_UNKNOWN, "defaults tcp { tls modern }", "E0205:16-19" },
        { PLACE_FILE, MODE_UNKNOWN, "defualts https { }", "E0301:1-9" },
        { PLACE_PROJECT, MODE_UNKNOWN, "service web { ip 172.20.0.50; dns 127.0.0.11, 1.1.1.1 }",
          "service service=web { ip ip=172.20.0.50; dns ip=[127.0.0.11, 1.1.1.1] }" },
        { PLACE_PROJECT, MODE_UNKNOWN, "egress auth/app, mail/smtp",
          "egress project-ref=[auth/app, mail/smtp]" },
        { PLACE_PROJECT, MODE_UNKNOWN, "egress auth:app", "E0322:12-13" },
        { PLACE_PROJECT, MODE_UNKNOWN, "disabled", "disabled" },
    };
    check_rows(rows, sizeof rows / sizeof *rows);
}

/* ---- the tables themselves ---- */

static void test_shapes(void **state) {
    (void)state;
    for (size_t i = 0; i < vocable_count; i++) {
        const struct vocable *v = &vocables[i];
        struct shape shape;
        if (!shape_parse(v->shape, &shape))
            fail_msg("%.*s: the shape %.*s does not parse", STR_ARG(v->name), STR_ARG(v->shape));
        bool words = false, optional = false;
        for (size_t n = 0; n < shape.count; n++) {
            const struct shape_item *item = &shape.items[n];
            if (words && item->kind == SHAPE_VALUE)
                fail_msg("%.*s: a value behind a word", STR_ARG(v->name));
            if (item->kind == SHAPE_VALUE && optional && !item->optional &&
                !shape.items[n - 1].values[0].choices.len)
                fail_msg("%.*s: a value behind one that may be left out", STR_ARG(v->name));
            words |= item->kind != SHAPE_VALUE;
            optional |= item->kind == SHAPE_VALUE && item->optional;
        }
        assert_true(v->gist.len > 0);
        assert_int_equal(v->id, i);
        assert_ptr_equal(vocable_find(v->place, v->name), v);
    }
    for (int i = PLACE_NONE + 1; i < PLACE_COUNT; i++) {
        bool opened = i == PLACE_FILE || i == PLACE_ROUTE, used = false;
        for (size_t n = 0; n < vocable_count; n++) {
            opened |= vocables[n].block == (enum place_kind)i;
            used |= vocables[n].place == (enum place_kind)i;
        }
        if (!opened || !used)
            fail_msg("%.*s cannot be reached or is empty", STR_ARG(place_names[i]));
    }
    for (int i = 0; i < TYPE_COUNT; i++)
        assert_true(type_infos[i].gist.len > 0 && type_infos[i].expected.len > 0);
}

static void test_bad_shapes(void **state) {
    (void)state;
    static const char *const bad[] = { "<no-such-type>", "[<word>",       "<word>]", ",...",
                                       "<a|b>",          "<number:x..9>", "<=a>" };
    struct shape shape;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(shape_parse(str_of(bad[i]), &shape));
}

static void test_condition(void **state) {
    (void)state;
    struct bench b;
    bench_start(&b, world);
    struct ast *ast =
        bench_parse(&b, "snippet", "where not header X-Env ~ `^b$`\nmatch `Host(\"a\")`");
    struct setting *where = check_setting(b.unit->scope, PLACE_ROUTE, MODE_HTTPS, ast->body.head);
    struct condition *c = setting_condition(&b.arena, where);
    assert_true(c->kind == WHERE_HEADER && c->negated && c->regex && c->count == 1);
    assert_str(c->key, STR("X-Env"));
    assert_str(c->texts[0].s, STR("^b$"));
    c = setting_condition(
        &b.arena, check_setting(b.unit->scope, PLACE_ROUTE, MODE_HTTPS, ast->body.head->next));
    assert_true(c->kind == WHERE_MATCH && c->count == 1);
    bench_end(&b);
}

static void test_out_of_view(void **state) {
    (void)state;
    static const char *const texts[] = { "resolver anything", "entrypoint anything" };
    for (size_t i = 0; i < 2; i++) {
        struct bench b;
        bench_start(&b, "");
        judge_setting(&b, PLACE_ROUTE, MODE_HTTPS, texts[i]);
        assert_null(b.diags.first);
        bench_end(&b);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes),    cmocka_unit_test(test_bad_shapes),
        cmocka_unit_test(test_routes),    cmocka_unit_test(test_where),
        cmocka_unit_test(test_options),   cmocka_unit_test(test_proxy),
        cmocka_unit_test(test_condition), cmocka_unit_test(test_out_of_view),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
