/* Every type: what it takes, what it makes of it, where it points when it does not. */
#include "model/types.h"
#include "snippet.h"

static const char world[] =
    "proxy p {\n  entrypoint web :80\n  resolver public acme { http-01 web }\n"
    "  plugin bouncer github.com/a/b v1.0.0\n}\n"
    "tls modern { min 1.2 }\n";

struct row {
    enum type_kind type;
    const char *word, *want; /* canonical, or findings counted from the word's first byte */
};

static struct str judge(struct bench *b, const struct row *row, bool sample) {
    struct buf out = { .arena = &b->arena }, line = { .arena = &b->arena };
    buf_format(&line, "let x = %s", row->word);
    buf_char(&line, '\0');
    struct ast *ast = bench_parse(b, "snippet", line.at);
    struct value value = value_of(b->unit->scope, node_let(ast->body.head)->value);
    struct text text, made;
    if (!value_text(b->unit->scope, &value, "a value", &text))
        return STR("no text");
    text.sample = sample;
    bool good = check_type(b->unit->scope, row->type, &text, &made);
    for (struct diag *d = b->diags.first; d; d = d->next) {
        uint32_t base = source_at(&b->sources, d->span.start)->base + 8;
        buf_format(&out, "%s%.*s:%u-%u", out.len ? " " : "", STR_ARG(diag_infos[d->code].code),
                   d->span.start - base, d->span.end - base);
    }
    if (good && b->diags.first)
        buf_char(&out, ' ');
    if (good)
        buf_add(&out, made.s);
    return buf_str(&out);
}

static const struct row rows[] = {
    { TYPE_WORD, "hello", "hello" },
    { TYPE_WORD, "\"a b\"", "E0418:2-3" },
    { TYPE_WORD, "\"\"", "E0418:0-2" },
    { TYPE_WORD, "${X}", "${X}" },
    { TYPE_STRING, "\"any thing\"", "any thing" },
    { TYPE_STRING, "a${X:-y}b", "a${X:-y}b" },
    { TYPE_BOOL, "true", "true" },
    { TYPE_BOOL, "yes", "E0416:0-3" },
    { TYPE_BOOL, "maybe", "E0416:0-5" },
    { TYPE_NUMBER, "007", "7" },
    { TYPE_NUMBER, "-12", "-12" },
    { TYPE_NUMBER, "1x", "E0415:0-2" },
    { TYPE_NUMBER, "99999999999999999999", "E0415:0-20" },
    { TYPE_PRIORITY, "9223372036854774807", "9223372036854774807" },
    { TYPE_PRIORITY, "9223372036854774808", "R020:0-19" },
    { TYPE_PRIORITY, "99999999999999999999", "R020:0-20" },
    { TYPE_PRIORITY, "x", "E0415:0-1" },
    { TYPE_PERCENT, "5%", "5" },
    { TYPE_PERCENT, "5", "E0411:0-1" },
    { TYPE_PERCENT, "101%", "E0411:0-4" },
    { TYPE_DURATION, "30s", "30s" },
    { TYPE_DURATION, "7d", "168h" },
    { TYPE_DURATION, "1m30s", "1m30s" },
    { TYPE_DURATION, "30", "E0408:0-2" },
    { TYPE_DURATION, "30sec", "E0408:2-5" },
    { TYPE_DURATION, "${WAIT}", "${WAIT}" },
    { TYPE_RATE, "100/s", "100/s" },
    { TYPE_RATE, "100", "E0409:0-3" },
    { TYPE_RATE, "100/d", "E0409:4-5" },
    { TYPE_SIZE, "10MiB", "10485760" },
    { TYPE_SIZE, "10", "E0410:0-2" },
    { TYPE_SIZE, "10XB", "E0410:2-4" },

    { TYPE_DOMAIN, "Shop.Example.com.", "shop.example.com" },
    { TYPE_DOMAIN, "b\303\274cher.example", "xn--bcher-kva.example" },
    { TYPE_DOMAIN, "*.example.com", "E0402:0-1" },
    { TYPE_DOMAIN, "-x.example.com", "E0401:0-1" },
    { TYPE_DOMAIN, "a_b.example.com", "E0401:1-2" },
    { TYPE_DOMAIN, "10.0.0.1", "E0401:0-8" },
    { TYPE_DOMAIN, "${NAME}.example.com", "${NAME}.example.com" },
    { TYPE_DOMAIN, "${NAME}.exa_mple.com", "E0401:11-12" },
    { TYPE_DOMAIN_OR_WILDCARD, "*.example.com", "*.example.com" },
    { TYPE_DOMAIN_OR_WILDCARD, "a.*.example.com", "E0402:2-3" },
    { TYPE_DOMAIN_OR_WILDCARD, "*.com", "E0402:0-5" },
    { TYPE_HOST_OR_ANY, "*", "*" },
    { TYPE_HOST, "192.168.1.10", "192.168.1.10" },
    { TYPE_HOST, "nas.example.com", "nas.example.com" },
    { TYPE_PORT, "8080", "8080" },
    { TYPE_PORT, "0", "E0403:0-1" },
    { TYPE_PORT, "65536", "E0403:0-5" },
    { TYPE_PORT, "http", "E0404:0-4" },
    { TYPE_PORT, ":80", "E0404:0-1" },
    { TYPE_PORT, "${PORT}", "${PORT}" },
    { TYPE_ADDRESS, ":80", ":80" },
    { TYPE_ADDRESS, "127.0.0.1:8082", "127.0.0.1:8082" },
    { TYPE_ADDRESS, "\"[::0]:443\"", "[::]:443" },
    { TYPE_ADDRESS, ":53/udp", ":53/udp" },
    { TYPE_ADDRESS, ":53/tcp", ":53" },
    { TYPE_ADDRESS, ":53/sctp", "E0416:4-8" },
    { TYPE_ADDRESS, "80", "E0404:0-2" },
    { TYPE_ADDRESS, "web", "E0404:0-3" },
    { TYPE_ADDRESS, "300.0.0.1:80", "E0419:0-3" },
    { TYPE_ADDRESS, ":70000", "E0403:1-6" },
    { TYPE_ADDRESS, ":${PORT}", "E0417:1-8" },
    { TYPE_HOSTPORT, "1.1.1.1:53", "1.1.1.1:53" },
    { TYPE_HOSTPORT, "ns.Example.com:53", "ns.example.com:53" },
    { TYPE_HOSTPORT, "a_b:53", "a_b:53" },
    { TYPE_HOSTPORT, "\"[2606::1]:53\"", "[2606::1]:53" },
    { TYPE_HOSTPORT, "1.1.1.1", "E0404:0-7" },
    { TYPE_HOSTPORT, "1.1.1:53", "E0419:0-5" },
    { TYPE_IP, "127.0.0.11", "127.0.0.11" },
    { TYPE_IP, "\"2001:DB8::0\"", "2001:db8::" },
    { TYPE_IP, "10.0.0.0/8", "E0419:8-10" },
    { TYPE_CIDR, "10.0.0.0/8", "10.0.0.0/8" },
    { TYPE_CIDR, "10.1.2.3", "10.1.2.3" },
    { TYPE_CIDR, "10.0.0.1/8", "E0407:0-10 10.0.0.0/8" },
    { TYPE_CIDR, "10.0.0.0/33", "E0406:9-11" },
    { TYPE_CIDR, "host", "E0406:0-4" },

    { TYPE_PATH, "/up", "/up" },
    { TYPE_PATH, "up", "E0413:0-1" },
    { TYPE_PATH, "\"/a b\"", "E0413:3-4" },
    { TYPE_URL, "https://a.example.com/x", "https://a.example.com/x" },
    { TYPE_URL, "ftp://a.example.com", "E0414:0-19" },
    { TYPE_URL_OR_PATH, "/x", "/x" },
    { TYPE_URL_OR_PATH, "https://a.example.com", "https://a.example.com" },
    { TYPE_ENDPOINT, "tcp://127.0.0.1:2375", "tcp://127.0.0.1:2375" },
    { TYPE_ENDPOINT, "unix:///var/run/docker.sock", "unix:///var/run/docker.sock" },
    { TYPE_ENDPOINT, "unix://docker.sock", "E0414:7-18" },
    { TYPE_ENDPOINT, "gopher://x:1", "E0414:0-6" },
    { TYPE_ENDPOINT, "tcp://127.0.0.1:99999", "E0403:16-21" },
    { TYPE_ENDPOINT, "localhost:8125", "localhost:8125" },
    { TYPE_HTTP_STATUS, "404", "404" },
    { TYPE_HTTP_STATUS, "99", "E0420:0-2" },
    { TYPE_STATUS_RANGE, "500-599", "500-599" },
    { TYPE_STATUS_RANGE, "599-500", "E0420:0-7" },
    { TYPE_METHOD, "GET", "GET" },
    { TYPE_METHOD, "get", "E0422:0-3" },
    { TYPE_HEADER_NAME, "X-Env", "X-Env" },
    { TYPE_HEADER_NAME, "\"X Env\"", "E0424:2-3" },
    { TYPE_REGEX, "`^a+$`", "^a+$" },
    { TYPE_REGEX, "`a(`", "E0412:2-3" },
    { TYPE_REGEX, "`a(?=b)`", "E0412:2-5" },
    { TYPE_RULE, "`Host(a)`", "Host(a)" },
    { TYPE_RULE, "\" \"", "E0421:0-3" },
    { TYPE_FILE, "/run/secrets/x", "/run/secrets/x" },
    { TYPE_FILE, "\"a\\tb\"", "E0413:2-4" },
    { TYPE_TARGET, "web:8080", "web:8080" },
    { TYPE_TARGET, ":80", ":80" },
    { TYPE_TARGET, "api@internal", "api@internal" },
    { TYPE_TARGET, "api@internl", "E0317:4-11" },
    { TYPE_TARGET, "web", "E0405:0-3" },
    { TYPE_TARGET, "web:99999", "E0403:4-9" },
    { TYPE_TARGET, "web-${X}:80", "web-${X}:80" },
    { TYPE_EMAIL, "a@example.com", "a@example.com" },
    { TYPE_EMAIL, "${LETSENCRYPT_EMAIL}", "${LETSENCRYPT_EMAIL}" },
    { TYPE_EMAIL, "nobody", "E0418:0-6" },
    { TYPE_VERSION, "v1.6.0", "v1.6.0" },
    { TYPE_VERSION, "\"v 1\"", "E0418:2-3" },
    { TYPE_MODULE, "github.com/owner/name", "github.com/owner/name" },
    { TYPE_MODULE, "https://github.com/owner/name", "E0418:0-8" },
    { TYPE_MODULE, "bouncer", "E0418:0-7" },

    { TYPE_NAME, "web-1", "web-1" },
    { TYPE_NAME, "web.1", "E0320:3-4" },
    { TYPE_NAME, "${X}", "E0417:0-4" },
    { TYPE_PROJECT_NAME, "my.shop", "my.shop" },
    { TYPE_PROJECT_NAME, "my..shop", "E0320:2-4" },
    { TYPE_SERVICE_NAME, "web_1.x", "web_1.x" },
    { TYPE_SERVICE_NAME, "web/x", "E0320:3-4" },
    { TYPE_NETWORK, "proxynet", "proxynet" },
    { TYPE_NETWORK, "-x", "E0320:0-1" },
    { TYPE_RESOLVER_REF, "public", "public" },
    { TYPE_RESOLVER_REF, "none", "none" },
    { TYPE_RESOLVER_REF, "pubilc", "E0310:0-6" },
    { TYPE_ENTRYPOINT_REF, "web", "web" },
    { TYPE_ENTRYPOINT_REF, "wbe", "E0311:0-3" },
    { TYPE_TLS_REF, "modern", "modern" },
    { TYPE_TLS_REF, "default", "default" },
    { TYPE_TLS_REF, "x@file", "x@file" },
    { TYPE_TLS_REF, "@file", "E0320:0-5" },
    { TYPE_TLS_REF, "modren", "E0313:0-6" },
    { TYPE_PLUGIN_REF, "bouncer", "bouncer" },
    { TYPE_PLUGIN_REF, "boncer", "E0319:0-6" },
    { TYPE_MIDDLEWARE_REF, "sso.guard", "sso.guard" },
    { TYPE_MIDDLEWARE_REF, "x@docker", "x@docker" },
    { TYPE_MIDDLEWARE_REF, "x@consul-eu", "x@consul-eu" },
    { TYPE_PROJECT_REF, "auth/app", "auth/app" },
    { TYPE_PROJECT_REF, "auth", "E0322:0-4" },
    { TYPE_PROJECT_REF, "auth:app", "E0322:4-5" },
};
enum { ROWS = sizeof rows / sizeof *rows };

static void test_rows(void **state) {
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < ROWS; i++) {
        struct bench b;
        bench_start(&b, world);
        struct str got = judge(&b, &rows[i], false);
        if (!str_is(got, rows[i].want)) {
            print_error("%s as %.*s\n  got  %.*s\n  want %s\n", rows[i].word,
                        STR_ARG(type_infos[rows[i].type].word), STR_ARG(got), rows[i].want);
            for (struct diag *d = b.diags.first; d; d = d->next)
                print_error("  says %.*s\n", STR_ARG(d->message));
            wrong++;
        }
        bench_end(&b);
    }
    assert_int_equal(wrong, 0);
}

/* Whatever stands in for a template's parameter, its form is never blamed. */
static void test_samples(void **state) {
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        if (strstr(rows[i].word, "${"))
            continue;
        struct bench b;
        bench_start(&b, world);
        judge(&b, &rows[i], true);
        if (b.diags.first)
            fail_msg("%s: %.*s", rows[i].word, STR_ARG(b.diags.first->message));
        bench_end(&b);
    }
}

static void test_every_type_is_tried(void **state) {
    (void)state;
    for (int type = 0; type < TYPE_COUNT; type++) {
        bool good = false;
        for (size_t i = 0; i < ROWS; i++)
            good |= rows[i].type == (enum type_kind)type && rows[i].want[0] != 'E';
        if (!good)
            fail_msg("%.*s has no row that it takes", STR_ARG(type_infos[type].word));
    }
}

static void test_messages(void **state) {
    (void)state;
    static const struct {
        struct row row;
        const char *message, *help;
    } told[] = {
        { { TYPE_DURATION, "30", "" }, "`30` is no duration: the unit is missing", "write `30s`" },
        { { TYPE_PERCENT, "5", "" },
          "`5` is no percentage: the percent sign is missing",
          "write `5%`" },
        { { TYPE_DOMAIN, "-x.example.com", "" },
          "`-x.example.com` is no host name: a label may not begin with -",
          "write a host name such as `shop.example.com`" },
        { { TYPE_PORT, "99999", "" }, "port 99999 is outside 1-65535", "" },
        { { TYPE_CIDR, "10.0.0.1/8", "" },
          "`10.0.0.1/8` has host bits set",
          "write 10.0.0.0/8, or leave the length out for one host" },
        { { TYPE_RESOLVER_REF, "xyz", "" },
          "no resolver is called `xyz`",
          "declare it: resolver xyz acme { … } in the `proxy` block" },
        { { TYPE_ADDRESS, ":${PORT}", "" },
          "an address such as `:443` must be known when this is compiled, not only at run time",
          "write it out, or give it a name with `let` and write {NAME}" },
    };
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        struct bench b;
        bench_start(&b, world);
        judge(&b, &told[i].row, false);
        assert_non_null(b.diags.first);
        assert_str(b.diags.first->message, str_of(told[i].message));
        assert_str(b.diags.first->help, str_of(told[i].help));
        bench_end(&b);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_samples),
        cmocka_unit_test(test_every_type_is_tried),
        cmocka_unit_test(test_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
