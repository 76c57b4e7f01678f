/* Chains: short forms, kinds, named chains, and what a mode does not have. */
#include "model/middleware.h"
#include "model/shape.h"
#include "snippet.h"

static const char world[] = "let offices = [192.0.2.0/24, 2001:db8:40::/48]\n"
                            "let limit = 300/m\n"
                            "proxy traefik { plugin bouncer github.com/a/b v1.6.0 }\n"
                            "middleware admins = auth(/run/secrets/admins)\n"
                            "middleware edge = admins | headers(hsts=1y, nosniff, deny-frame)\n"
                            "middleware inner = allow(offices)\n";

struct row {
    enum mode mode;
    const char *chain, *want;
};

#define H MODE_HTTPS
#define T MODE_TCP

static const struct row rows[] = {
    { H, "strip", "own-strip" },
    { H, "strip()", "own-strip" },
    { H, "strip(/a, /b)", "stripPrefix prefixes=[/a, /b]" },
    { H, "strip(a)", "E0413:22-23" },
    { H, "strip-prefix(prefixes=[/a])", "stripPrefix prefixes=[/a]" },
    { H, "stripPrefix(prefixes=[/a])", "stripPrefix prefixes=[/a]" },
    { H, "add(/p)", "addPrefix prefix=/p" },
    { H, "add", "E0304:16-19" },
    { H, "rewrite(`^/v1/(.*)`, `/$1`)", "replacePathRegex regex=^/v1/(.*) replacement=/$1" },
    { H, "rewrite(`^/(`, `/`)", "E0412:27-28" },
    { H, "rewrite(`^/`)", "E0304:16-23" },
    { H, "allow(offices)", "ipAllowList/ipAllowList sourceRange=[192.0.2.0/24, 2001:db8:40::/48]" },
    { T, "allow(10.0.0.1, offices)",
      "ipAllowList/ipAllowList sourceRange=[10.0.0.1, 192.0.2.0/24, 2001:db8:40::/48]" },
    { H, "allow(10.0.0.0/8, ip-strategy.depth=1)",
      "ipAllowList/ipAllowList sourceRange=[10.0.0.0/8] ipStrategy.depth=1" },
    { H, "allow(10.0.0.0/8, ip-strategy=[depth=1, excluded-ips=[10.1.0.0/16]])",
      "ipAllowList/ipAllowList sourceRange=[10.0.0.0/8] ipStrategy.depth=1 "
      "ipStrategy.excludedIPs=[10.1.0.0/16]" },
    { T, "allow(10.0.0.0/8, ip-strategy.depth=1)", "E0206:16-54" },
    { H, "allow", "E0304:16-21" },
    { H, "allow(300.0.0.1)", "E0406:22-25" },
    { H, "rate(100/s, burst=200, per=ip)",
      "rateLimit average=100 period=1s burst=200 sourceCriterion.ipStrategy.depth=0" },
    { H, "rate({limit})", "rateLimit average=300 period=1m" },
    { H, "rate(6/m, per=X-Key)",
      "rateLimit average=6 period=1m sourceCriterion.requestHeaderName=X-Key" },
    { H, "rate(6/m, per=host)", "rateLimit average=6 period=1m sourceCriterion.requestHost=true" },
    { H, "rate(100)", "E0409:21-24" },
    { H, "rate(100/s, brust=200)", "E0305:28-33" },
    { H, "rate(100/s, burst=many)", "E0415:34-38" },
    { H, "rate(100/s, burst=1, burst=2)", "E0306:43-44" },
    { T, "rate(100/s)", "E0206:16-27" },
    { H, "auth(/run/secrets/u)", "basicAuth usersFile=/run/secrets/u" },
    { H, "basic-auth(users-file=/u, remove-header)", "basicAuth usersFile=/u removeHeader=true" },
    { H, "basic-auth(users=[`admin:$apr1$abcdefgh$0123456789abcdefghijkl`])", "X013:41-78" },
    { H, "basic-auth(users=[${ADMIN}])", "basicAuth users=[${ADMIN}]" },
    { H, "basic-auth(users=[admin])", "E0418:34-39" },
    { H, "basic-auth(realm=x)", "E0304:16-26" },
    { H, "forward-auth(http://auth:9000/v, auth-response-headers=[X-User])",
      "forwardAuth address=http://auth:9000/v authResponseHeaders=[X-User]" },
    { H, "headers(hsts=1y, nosniff, deny-frame, X-Foo=\"bar\", cors=[https://a.example.com])",
      "headers stsSeconds=31536000 contentTypeNosniff=true frameDeny=true "
      "customResponseHeaders.X-Foo=bar accessControlAllowOriginList=[https://a.example.com]" },
    { H, "headers(request=[X-Foo=\"a\", X-Bar=\"\"])",
      "headers customRequestHeaders.X-Foo=a customRequestHeaders.X-Bar=" },
    { H, "headers(nosnif)", "E0305:24-30" },
    { H, "headers(hsts)", "E0304:24-28" },
    { H, "headers(hsts=31536000)", "E0408:29-37" },
    { H, "headers(x-foo=bar)", "E0305:24-29" },
    { H, "headers", "E0304:16-23" },
    { H, "headers(X@Foo=a)", "E0424:25-26" },
    { H, "compress", "compress" },
    { H, "compress(encodings=[br, gzip])", "compress encodings=[br, gzip]" },
    { H, "compress(encodings=[lzma])", "E0416:36-40" },
    { H, "retry(3)", "retry attempts=3" },
    { H, "retry(3, initial-interval=100ms)", "retry attempts=3 initialInterval=100ms" },
    { H, "retry(3, initial-interval=100)", "E0408:42-45" },
    { H, "retry(0)", "E0415:22-23" },
    { H, "retry(3, 4)", "E0305:25-26" },
    { H, "retry(3, \"4\")", "E0305:25-28" },
    { H, "buffer(10MiB)", "buffering maxRequestBodyBytes=10485760" },
    { H, "breaker(\"NetworkErrorRatio() > 0.3\")",
      "circuitBreaker expression=NetworkErrorRatio() > 0.3" },
    { H, "in-flight(10)", "inFlightReq/inFlightConn amount=10" },
    { T, "in-flight(10)", "inFlightReq/inFlightConn amount=10" },
    { T, "in-flight-conn(amount=10)", "inFlightConn amount=10" },
    { H, "in-flight-conn(amount=10)", "E0206:16-41" },
    { H, "errors(500-599, pages:80, `/{status}.html`)",
      "errors status=[500-599] service=pages:80 query=/{status}.html" },
    { H, "errors([404, 500-599], pages:80, `/x`)",
      "errors status=[404, 500-599] service=pages:80 query=/x" },
    { H, "errors(500-599, pages)", "E0405:32-37" },
    { H, "redirect-scheme(scheme=https, permanent)", "redirectScheme scheme=https permanent=true" },
    { H, "canonical", "canonical" },
    { H, "canonical(1)", "E0305:26-27" },
    { T, "canonical", "E0206:16-25" },
    { H, "plugin(bouncer, mode=live, nested.key=1, list=[a, b], rules=[[path=/a], [path=/b]], on)",
      "plugin bouncer mode=live nested.key=1 list=[a, b] rules[0].path=/a rules[1].path=/b "
      "on=true" },
    { H, "plugin(bouncer, trusted=offices)",
      "plugin bouncer trusted=[192.0.2.0/24, 2001:db8:40::/48]" },
    { H, "plugin(bouncer, lapi-key=0123456789abcdef0123456789abcdef)", "X013:41-73" },
    { H, "plugin(bouncer, lapi-key=${KEY})", "plugin bouncer lapi-key=${KEY}" },
    { H, "plugin(boucner)", "E0319:23-30" },
    { H, "plugin", "E0304:16-22" },
    { H, "chain(admins, compress)",
      "{admins{basicAuth usersFile=/run/secrets/admins} | compress}" },
    { H, "chain()", "E0304:16-21" },
    { H, "guard@file", "other guard@file" },
    { H, "guard@fil", "E0317:22-25" },
    { H, "guard@file(1)", "E0305:16-29" },
    { H, "edge",
      "edge{admins{basicAuth usersFile=/run/secrets/admins} | headers "
      "stsSeconds=31536000 contentTypeNosniff=true frameDeny=true}" },
    { H, "edge(1)", "E0305:16-23" },
    { T, "edge", "E0206:16-20" },
    { T, "inner", "inner{ipAllowList/ipAllowList sourceRange=[192.0.2.0/24, 2001:db8:40::/48]}" },
    { MODE_UDP, "inner", "E0206:16-21" },
    { H, "egde", "E0307:16-20" },
    { H, "stripp(/a)", "E0307:16-22" },
    { H, "something-else", "E0307:16-30" },
    { H, "admins | compress", "admins{basicAuth usersFile=/run/secrets/admins} | compress" },
};

static void test_rows(void **state) {
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bench b;
        bench_start(&b, world);
        struct str got = judge_chain(&b, rows[i].mode, rows[i].chain);
        if (!str_is(got, rows[i].want)) {
            print_error("%s\n  got  %.*s\n  want %s\n", rows[i].chain, STR_ARG(got), rows[i].want);
            for (struct diag *d = b.diags.first; d; d = d->next)
                print_error("  says %.*s | %.*s\n", STR_ARG(d->message), STR_ARG(d->help));
            wrong++;
        }
        bench_end(&b);
    }
    assert_int_equal(wrong, 0);
}

/* The example of each short form is right, with the plugin and the chains that it names. */
static void test_examples(void **state) {
    (void)state;
    for (size_t i = 0; i < short_form_count; i++) {
        struct bench b;
        bench_start(&b, world);
        struct str copy = str_copy(&b.arena, short_forms[i].example);
        judge_chain(&b, MODE_HTTPS, copy.at);
        for (struct diag *d = b.diags.first; d; d = d->next)
            if (d->code != DIAG_CREDENTIAL)
                fail_msg("%s: %.*s", copy.at, STR_ARG(d->message));
        assert_true(short_forms[i].gist.len > 0);
        bench_end(&b);
    }
}

/* Every path in the table of short forms is one of Traefik's. */
static void test_paths(void **state) {
    (void)state;
    for (size_t i = 0; i < short_form_count; i++) {
        const struct short_form *f = &short_forms[i];
        const struct option *kind = middleware_kind(OPTION_HTTP, f->http);
        assert_non_null(kind);
        assert_str(option_name(kind), f->http);
        if (f->tcp.len)
            assert_non_null(middleware_kind(OPTION_TCP, f->tcp));
        struct str lists[] = { f->by_position, f->words };
        for (size_t n = 0; n < 2; n++) {
            struct str rest = lists[n];
            while ((rest = str_trim(rest)).len) {
                size_t blank = str_find(rest, ' ');
                struct str piece = str_slice(rest, 0, blank);
                rest = blank == STR_NONE ? (struct str){ 0 } : str_from(rest, blank);
                size_t equals = str_find(piece, '=');
                if (equals != STR_NONE)
                    piece = str_from(piece, equals + 1);
                piece = str_slice(piece, 0, str_find(piece, ':'));
                while (piece.len && strchr(".?", piece.at[piece.len - 1]))
                    piece.len--;
                if (piece.at[0] != '@' && !option_find_below(kind, piece).option)
                    fail_msg("%.*s: no option %.*s", STR_ARG(f->name), STR_ARG(piece));
            }
        }
    }
}

static void judge_program(const char *text, const char *want) {
    struct bench b;
    bench_start(&b, "");
    struct unit *unit =
        program_add(&b.program, STR("p.itsup"), STR(""), bench_parse(&b, "p", text), NULL);
    (void)unit;
    program_check(&b.program);
    struct buf out = { .arena = &b.arena };
    bench_findings(&b, &out);
    struct str got = buf_str(&out);
    if (!str_is(got, want))
        fail_msg("%s: got %.*s, want %s: %.*s", text, STR_ARG(got), want,
                 STR_ARG(b.diags.first ? b.diags.first->message : STR("nothing")));
    bench_end(&b);
}

static void test_circles(void **state) {
    (void)state;
    judge_program("middleware a = a", "E0308:12-13");
    judge_program("middleware a = b\nmiddleware b = compress | c\nmiddleware c = a", "E0308:12-13");
    judge_program("middleware x = b\nmiddleware b = c\nmiddleware c = b", "E0308:29-30");
    judge_program("middleware a = compress | in-flight-conn(amount=1)", "E0206:27-51");
    judge_program("middleware a = b\nmiddleware b = compress", "");
}

static void test_depth(void **state) {
    (void)state;
    struct bench b;
    bench_start(&b, "");
    struct buf text = { .arena = &b.arena };
    for (int i = 0; i < 5000; i++)
        buf_format(&text, "middleware m%d = m%d\n", i, i + 1);
    buf_text(&text, "middleware m5000 = compress\n");
    buf_char(&text, '\0');
    program_add(&b.program, STR("p.itsup"), STR(""), bench_parse(&b, "p", text.at), NULL);
    program_check(&b.program);
    assert_non_null(b.diags.first);
    bench_end(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),  cmocka_unit_test(test_examples),
        cmocka_unit_test(test_paths), cmocka_unit_test(test_circles),
        cmocka_unit_test(test_depth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
