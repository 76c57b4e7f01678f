/* The option table: finding rows, guessing misspelt ones, judging values, versions. */
#include "options/number.h"
#include "options/options.h"
#include "options/value.h"
#include "tests/unit/unit.h"

static const struct option *find(enum option_tree tree, const char *path) {
    struct option_lookup l = option_find(tree, str_of(path));
    if (!l.option)
        fail_msg("%s is not found (miss %d at segment %zu)", path, l.miss, l.segment);
    return l.option;
}

/* A row's path as a user would write it: names and indices filled in, case at random. */
static struct str filled(struct arena *a, struct str path, unsigned *seed) {
    char *at = arena_alloc(a, path.len * 2 + 1);
    size_t len = 0;
    for (size_t i = 0; i < path.len; i++) {
        if (str_starts(str_from(path, i), STR("<name>"))) {
            memcpy(at + len, "X-My_1", 6);
            len += 6;
            i += 5;
        } else if (str_starts(str_from(path, i), STR("[n]"))) {
            memcpy(at + len, "[12]", 4);
            len += 4;
            i += 2;
        } else {
            *seed = *seed * 1103515245u + 12345u;
            char c = path.at[i];
            at[len++] = (*seed >> 16 & 1) && char_is_lower(c) ? (char)(c - 'a' + 'A') : c;
        }
    }
    return (struct str){ at, len };
}

static void every_row_is_found(void **state) {
    (void)state;
    struct arena a = { 0 };
    unsigned seed = 7;
    size_t rows = 0, nodes = 0;
    for (int tree = OPTION_DYNAMIC; tree <= OPTION_STATIC; tree++)
        for (const struct option *o = option_top(tree); o; o = option_walk(o), nodes++) {
            if (o == option_top(tree))
                continue;
            struct option_lookup l = option_find(tree, filled(&a, o->path, &seed));
            if (l.option != o || l.reached != o || l.miss != OPTION_FOUND)
                fail_msg("%.*s leads elsewhere", STR_ARG(o->path));
            assert_ptr_equal(option_find(tree, o->path).option, o);
            rows += o->listed;
        }
    assert_int_equal(nodes, option_count);
    assert_int_equal(rows, option_row_count);
    assert_int_equal(rows, 1051);
    arena_free(&a);
}

static void assert_default(const struct option *o, struct str value, struct arena *a) {
    struct option_check c = option_check_value(o, value, a);
    if (c.verdict == OPTION_BAD)
        print_error("%.*s: %.*s\n", STR_ARG(o->path), STR_ARG(c.reason));
    assert_int_not_equal(c.verdict, OPTION_BAD);
}

static void every_row_is_sound(void **state) {
    (void)state;
    struct arena a = { 0 };
    for (size_t i = 0; i < option_count; i++) {
        const struct option *o = &option_table[i];
        const struct option *parent = option_parent(o);
        if (!parent)
            continue;
        assert_in_range(o->type, 0, OPTION_TYPE_COUNT - 1);
        assert_in_range(o->key_type, 0, OPTION_TYPE_COUNT - 1);
        assert_in_range(o->ref, 0, OPTION_REF_COUNT - 1);
        assert_in_range(o->unit, 0, OPTION_UNIT_COUNT - 1);
        assert_true((o->type == OPTION_REF) == (o->ref != OPTION_REF_NONE));
        assert_true((o->type == OPTION_ENUM) == (o->choice_count > 0));
        assert_true(o->min <= o->max);
        assert_true(o->doc.len > 8 && o->doc.len <= 96);
        assert_true(o->since >= parent->since || !parent->listed);
        /* The default is a value that the option takes. */
        struct str rest = o->fallback, item;
        if (o->shape != OPTION_LIST && rest.len)
            assert_default(o, rest, &a);
        while (o->shape == OPTION_LIST && option_list_next(&rest, &item))
            assert_default(o, item, &a);
    }
    arena_free(&a);
}

/* One slip of the finger: letters swapped, or one left out where enough remain. */
static struct str misspelt(struct arena *a, struct str word, unsigned turn) {
    struct str copy = str_copy(a, word);
    char *at = arena_copy(a, copy.at, copy.len + 1);
    if (word.len > 3 && turn % 2) {
        size_t drop = turn / 2 % word.len;
        memmove(at + drop, at + drop + 1, word.len - drop);
        return (struct str){ at, word.len - 1 };
    }
    for (size_t i = 0; i + 1 < word.len; i++) {
        size_t swap = (turn / 2 + i) % (word.len - 1);
        if (char_lower(at[swap]) != char_lower(at[swap + 1])) {
            char c = at[swap];
            at[swap] = at[swap + 1];
            at[swap + 1] = c;
            break;
        }
    }
    return (struct str){ at, word.len };
}

static void misspelt_segments_are_guessed(void **state) {
    (void)state;
    struct arena a = { 0 };
    size_t tried = 0, right = 0;
    unsigned turn = 0;
    for (int tree = OPTION_DYNAMIC; tree <= OPTION_STATIC; tree++)
        for (const struct option *row = option_top(tree); row; row = option_walk(row)) {
            if (!row->listed)
                continue;
            /* Each segment of the row once: the row's node, and those above it. */
            for (const struct option *o = row; option_parent(o); o = option_parent(o)) {
                if (o->any_name)
                    continue;
                const struct option *parent = option_parent(o);
                struct str word = misspelt(&a, option_name(o), turn++);
                if (option_child(parent, word))
                    continue; /* the slip made another option of it */
                struct str path = str_format(&a, "%.*s%s%.*s.x", STR_ARG(parent->path),
                                             parent->path.len ? "." : "", STR_ARG(word));
                struct option_lookup l = option_find(tree, path);
                assert_null(l.option);
                assert_int_equal(l.miss, OPTION_SEGMENT_UNKNOWN);
                assert_ptr_equal(l.reached, parent);
                assert_str(str_slice(path, l.from, l.to), word);
                tried++;
                bool hit = str_eq(option_child_nearest(l.reached, word), option_name(o));
                right += hit;
                if (!hit)
                    print_message("%.*s: `%.*s` -> `%.*s`\n", STR_ARG(o->path), STR_ARG(word),
                                  STR_ARG(option_child_nearest(l.reached, word)));
            }
        }
    print_message("%zu of %zu misspelt segments guessed\n", right, tried);
    assert_true(tried > 3000);
    assert_true(right * 100 >= tried * 99);
    arena_free(&a);
}

static void failures_say_where(void **state) {
    (void)state;
    static const struct {
        const char *path;
        enum option_miss miss;
        size_t segment, from, to;
        const char *reached;
    } rows[] = {
        { "htp.routers", OPTION_SEGMENT_UNKNOWN, 0, 0, 3, "" },
        { "http.routers.web.entrypoint", OPTION_SEGMENT_UNKNOWN, 3, 17, 27, "http.routers.<name>" },
        { "http..web", OPTION_SEGMENT_EMPTY, 1, 5, 5, "http" },
        { "http.routers.web.rule.", OPTION_SEGMENT_EMPTY, 4, 22, 22, "http.routers.<name>.rule" },
        { "", OPTION_SEGMENT_EMPTY, 0, 0, 0, "" },
        { "http.routers.web.rule.x", OPTION_BELOW_VALUE, 4, 22, 23, "http.routers.<name>.rule" },
        { "http.routers.web.tls.domains.main", OPTION_INDEX_MISSING, 4, 21, 28,
          "http.routers.<name>.tls" },
        { "http.routers.web.tls.domains[x].main", OPTION_INDEX_BAD, 4, 21, 31,
          "http.routers.<name>.tls" },
        { "http.routers.web.middlewares[0]", OPTION_INDEX_STRAY, 3, 17, 31, "http.routers.<name>" },
        { "http.routers.[0]", OPTION_FOUND, 2, 13, 16, "http.routers.<name>" },
        { "http.services.s.loadbalancer.server[0].port", OPTION_INDEX_STRAY, 4, 29, 38,
          "http.services.<name>.loadBalancer" },
        { "http.routers.web.rule ", OPTION_SEGMENT_UNKNOWN, 3, 17, 22, "http.routers.<name>" },
        { "http.routers.web.tls.domains", OPTION_FOUND, 4, 21, 28,
          "http.routers.<name>.tls.domains[n]" },
        { "http.middlewares.m.plugin.p.a.b.c", OPTION_FOUND, 7, 32, 33,
          "http.middlewares.<name>.plugin.<name>.<name>" },
        { "http.middlewares.m.plugin.p.a..c", OPTION_BELOW_VALUE, 6, 30, 30,
          "http.middlewares.<name>.plugin.<name>.<name>" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct option_lookup l = option_find(OPTION_DYNAMIC, str_of(rows[i].path));
        if (rows[i].miss == OPTION_BELOW_VALUE && l.from == l.to)
            assert_int_equal(l.miss, OPTION_SEGMENT_EMPTY);
        else if (l.miss != rows[i].miss || l.segment != rows[i].segment || l.from != rows[i].from ||
                 l.to != rows[i].to || (l.option != NULL) != (rows[i].miss == OPTION_FOUND))
            fail_msg("%s: miss %d, segment %zu, %zu-%zu", rows[i].path, l.miss, l.segment, l.from,
                     l.to);
        assert_str(l.reached->path, str_of(rows[i].reached));
    }
    const struct option *router = find(OPTION_DYNAMIC, "http.routers.web");
    assert_ptr_equal(option_find_below(router, STR("observability.accessLogs")).option,
                     find(OPTION_DYNAMIC, "http.routers.web.observability.accessLogs"));
    assert_str(option_child_nearest(router, STR("entrypoint")), STR("entryPoints"));
    assert_str(option_child_nearest(router, STR("entry-point")), STR("entryPoints"));
    assert_str(option_child_nearest(router, STR("zzzz")), STR(""));
    assert_str(option_child_nearest(option_top(OPTION_DYNAMIC), STR("enabled")), STR("enable"));
}

static void names_in_kebab_case(void **state) {
    (void)state;
    static const struct {
        const char *camel, *word;
        bool matches;
    } rows[] = {
        { "stripPrefix", "strip-prefix", true },    { "stripPrefix", "STRIPPREFIX", true },
        { "stripPrefix", "s-trip-prefix", false },  { "stripPrefix", "strip--prefix", false },
        { "stripPrefix", "strip-prefix-", false },  { "stripPrefix", "-strip-prefix", false },
        { "stripPrefix", "strip-prefi", false },    { "forceSTSHeader", "force-sts-header", true },
        { "forceSTSHeader", "force-s-t-s", false }, { "excludedIPs", "excluded-ips", true },
        { "excludedIPs", "excluded-i-ps", false },  { "disableHTTP2", "disable-http-2", true },
        { "disableHTTP2", "disable-http2", true },  { "rootCAs", "root-cas", true },
        { "ipv6Subnet", "ipv6-subnet", true },      { "", "", true },
    };
    struct arena a = { 0 };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (option_name_matches(str_of(rows[i].camel), str_of(rows[i].word)) != rows[i].matches)
            fail_msg("%s and %s", rows[i].camel, rows[i].word);
    assert_str(option_name_kebab(&a, STR("passTLSClientCert")), STR("pass-tls-client-cert"));
    assert_str(option_name_kebab(&a, STR("excludedIPs")), STR("excluded-ips"));
    /* Every name can be told from its brothers in kebab case too. */
    for (size_t i = 0; i < option_count; i++) {
        const struct option *o = &option_table[i];
        if (option_parent(o) && !o->any_name)
            assert_ptr_equal(
                option_child_by_word(option_parent(o), option_name_kebab(&a, option_name(o))), o);
    }
    arena_free(&a);
}

static void values_are_judged(void **state) {
    (void)state;
    enum { G = OPTION_GOOD, B = OPTION_BAD, N = OPTION_NEEDS };
    static const struct {
        const char *path, *text;
        int verdict;
        const char *reason, *nearest;
    } rows[] = {
        { "api.debug", "true", G, "", "" },
        { "api.debug", "T", G, "", "" },
        { "api.debug", "tRUE", B, "expected true or false, found `tRUE`", "true" },
        { "api.debug", "yes", B, "expected true or false, found `yes`", "true" },
        { "api.debug", "off", B, "expected true or false, found `off`", "false" },
        { "api.debug", "flase", B, "expected true or false, found `flase`", "false" },
        { "api.debug", "", B, "expected true or false, found nothing", "" },
        { "providers.redis.db", "3", G, "", "" },
        { "providers.redis.db", "-3", G, "", "" },
        { "providers.redis.db", "+3", G, "", "" },
        { "providers.redis.db", "3.5", B, "expected a whole number, found `3.5`", "" },
        { "providers.redis.db", "9223372036854775808", B, "9223372036854775808 is too large", "" },
        { "providers.redis.db", "-9223372036854775808", G, "", "" },
        { "ping.terminatingStatusCode", "99", B, "99 is outside 100-599", "" },
        { "http.middlewares.m.retry.attempts", "0", B, "0 is less than 1", "" },
        { "http.middlewares.m.retry.attempts", "1", G, "", "" },
        { "http.middlewares.m.ipAllowList.ipStrategy.ipv6Subnet", "129", B, "129 is outside 1-128",
          "" },
        { "tcp.services.s.loadBalancer.terminationDelay", "10s", B,
          "expected a whole number of milliseconds, found `10s`", "10000" },
        { "certificatesResolvers.r.acme.certificatesDuration", "90d", B,
          "expected a whole number of hours, found `90d`", "" },
        { "certificatesResolvers.r.acme.certificatesDuration", "2160h", B,
          "expected a whole number of hours, found `2160h`", "2160" },
        { "tracing.sampleRate", "0.25", G, "", "" },
        { "tracing.sampleRate", "1", G, "", "" },
        { "tracing.sampleRate", "1.5", B, "1.5 is outside 0-1", "" },
        { "tracing.sampleRate", "1e-2", G, "", "" },
        { "tracing.sampleRate", ".", B, "expected a number, found `.`", "" },
        { "metrics.prometheus.buckets", "-.5", G, "", "" },
        { "http.services.s.loadBalancer.strategy", "p2c", G, "", "" },
        { "http.services.s.loadBalancer.strategy", "wr", B,
          "expected wrr, p2c, hrw or leasttime, found `wr`", "wrr" },
        { "http.services.s.loadBalancer.strategy", "P2C", B,
          "expected wrr, p2c, hrw or leasttime, found `P2C`", "p2c" },
        { "log.level", "debug", G, "", "" },
        { "log.level", "verbose", B,
          "expected TRACE, DEBUG, INFO, WARN, ERROR, FATAL or PANIC, found `verbose`", "" },
        { "providers.file.watch", "1", G, "", "" },
        { "ping", "true", G, "", "" },
        { "ping", "TRUE", G, "", "" },
        { "ping", "", G, "", "" },
        { "ping", "yes", B, "expected options below it, or `true`, found `yes`", "true" },
        { "providers", "x", B, "expected options below it, found `x`", "" },
        { "entryPoints", "x", B, "expected names of your own below it, found `x`", "" },
        { "providers.providersThrottleDuration", "2", G, "", "" },
        { "providers.providersThrottleDuration", "1h2m3.5s", G, "", "" },
        { "providers.providersThrottleDuration", "-1ms", G, "", "" },
        { "providers.providersThrottleDuration", "3\302\265s", G, "", "" },
        { "providers.providersThrottleDuration", "0", G, "", "" },
        { "providers.providersThrottleDuration", "30sec", B,
          "expected a duration such as `30s`, found `30sec`", "30s" },
        { "providers.providersThrottleDuration", "1 Min 30 s", B,
          "expected a duration such as `30s`, found `1 Min 30 s`", "1m30s" },
        { "providers.providersThrottleDuration", "7d", B,
          "expected a duration such as `30s`, found `7d`", "168h" },
        { "providers.providersThrottleDuration", "30x", B,
          "expected a duration such as `30s`, found `30x`", "" },
        { "providers.providersThrottleDuration", "1.5", B,
          "expected a duration such as `30s`, found `1.5`", "" },
        { "providers.providersThrottleDuration", "s", B,
          "expected a duration such as `30s`, found `s`", "" },
        { "providers.providersThrottleDuration", "", B,
          "expected a duration such as `30s`, found nothing", "" },
        { "providers.providersThrottleDuration", "99999999999h", B,
          "expected a duration such as `30s`, found `99999999999h`", "99999999999h" },
        { "providers.http.maxResponseBodySize", "-1", G, "", "" },
        { "providers.http.maxResponseBodySize", "10MiB", B,
          "expected a number of bytes, found `10MiB`", "10485760" },
        { "providers.http.maxResponseBodySize", "10 parsec", B,
          "expected a number of bytes, found `10 parsec`", "" },
        { "entryPoints.web.http3.advertisedPort", "0", G, "", "" },
        { "entryPoints.web.http3.advertisedPort", "65536", B, "65536 is outside 0-65535", "" },
        { "entryPoints.web.http3.advertisedPort", ":443", B, "expected a port, found `:443`",
          "443" },
        { "http.services.s.loadBalancer.server.port", "0", B, "0 is outside 1-65535", "" },
        { "http.services.s.loadBalancer.server.port", "8080", G, "", "" },
        { "http.services.s.loadBalancer.server.port", "99999999999999999999", B,
          "99999999999999999999 is outside 1-65535", "" },
        { "http.services.s.mirroring.mirrors[0].percent", "5%", B,
          "expected a percentage, written without a sign, found `5%`", "5" },
        { "http.services.s.mirroring.mirrors[0].percent", "101", B, "101 is outside 0-100", "" },
        { "accessLog.filters.statusCodes", "404", G, "", "" },
        { "accessLog.filters.statusCodes", "500-599", G, "", "" },
        { "accessLog.filters.statusCodes", "5xx", B,
          "expected an HTTP status or a range such as `500-599`, found `5xx`", "500-599" },
        { "accessLog.filters.statusCodes", "599-500", B, "599-500 runs backwards", "500-599" },
        { "accessLog.filters.statusCodes", "99", B, "99 is outside 100-599", "" },
        { "accessLog.filters.statusCodes", "500-", B,
          "expected an HTTP status or a range such as `500-599`, found `500-`", "" },
        { "entryPoints.web.address", ":80", G, "", "" },
        { "entryPoints.web.address", "[::1]:53/udp", G, "", "" },
        { "entryPoints.web.address", "443", B,
          "expected an address such as `:443` or `:53/udp`, found `443`", ":443" },
        { "entryPoints.web.address", ":80/sctp", B,
          "expected an address such as `:443` or `:53/udp`, found `:80/sctp`", "" },
        { "entryPoints.web.address", ":70000", B, "port 70000 is outside 1-65535", "" },
        { "http.middlewares.m.basicAuth.users", "joe:$apr1$x", G, "", "" },
        { "http.middlewares.m.basicAuth.users", "joe", B,
          "expected a user as `name:hash`, found `joe`", "" },
        { "http.middlewares.m.digestAuth.users", "joe:realm:x", G, "", "" },
        { "certificatesResolvers.r.acme.email", "me@example.com", G, "", "" },
        { "certificatesResolvers.r.acme.email", "me", B, "expected an e-mail address, found `me`",
          "" },
        { "http.middlewares.m.plugin.p.any", "", G, "", "" },
        { "providers.docker.network", "", G, "", "" },
        { "http.routers.r.rule", "Host(`a`)", N, "", "" },
        { "http.routers.r.rule", "", B, "expected a rule such as Host(`a.example`), found nothing",
          "" },
        { "http.routers.r.service", "api@internal", N, "", "" },
        { "http.middlewares.m.ipAllowList.sourceRange", "10.0.0.0/8", N, "", "" },
        { "http.routers.r.tls.domains[0].sans", "a.example", N, "", "" },
    };
    struct arena a = { 0 };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str path = str_of(rows[i].path);
        struct option_lookup l = option_find(OPTION_DYNAMIC, path);
        const struct option *o = l.option ? l.option : find(OPTION_STATIC, rows[i].path);
        struct option_check c = option_check_value(o, str_of(rows[i].text), &a);
        if ((int)c.verdict != rows[i].verdict)
            fail_msg("%s = \"%s\": verdict %d", rows[i].path, rows[i].text, c.verdict);
        assert_int_equal(c.type, o->type);
        assert_str(c.reason, str_of(rows[i].reason));
        assert_str(c.nearest, str_of(rows[i].nearest));
    }
    const struct option *rewrites =
        find(OPTION_DYNAMIC, "http.middlewares.m.errors.statusRewrites.x");
    assert_int_equal(option_check_key(rewrites, STR("418-420"), &a).verdict, OPTION_GOOD);
    assert_int_equal(option_check_key(rewrites, STR("teapot"), &a).verdict, OPTION_BAD);
    assert_int_equal(option_check_value(rewrites, STR("404"), &a).verdict, OPTION_GOOD);
    arena_free(&a);
}

static void lists_are_split(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t count;
        const char *last;
    } rows[] = { { "", 0, "" },         { "a", 1, "a" }, { "a, b", 2, "b" },
                 { " a ,,c ", 3, "c" }, { "a,", 2, "" }, { ",", 2, "" } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str rest = str_of(rows[i].text), item = { 0 };
        size_t count = 0;
        while (option_list_next(&rest, &item))
            count++;
        assert_int_equal(count, rows[i].count);
        assert_str(item, str_of(rows[i].last));
    }
    int64_t duration;
    assert_true(number_duration(STR("90"), &duration) && duration == 90000000000);
    assert_true(number_duration(STR("1m30s"), &duration) && duration == 90000000000);
    assert_true(number_duration(STR("-1.5h"), &duration) && duration == -5400000000000);
}

static void columns_are_read(void **state) {
    (void)state;
    struct arena a = { 0 };
    const struct option *priority = find(OPTION_DYNAMIC, "http.routers.r.priority");
    assert_str(priority->fallback, STR("0"));
    assert_str(priority->fallback_note, STR("=len(rule)"));
    assert_int_equal(priority->places, OPTION_IN_LABELS | OPTION_IN_FILE);
    const struct option *rule = find(OPTION_STATIC, "providers.docker.defaultRule");
    assert_str(rule->fallback, STR("Host(`{{ normalize .Name }}`)"));
    assert_int_equal(rule->places, OPTION_IN_STATIC);
    const struct option *address = find(OPTION_STATIC, "entryPoints.web.address");
    assert_str(address->fallback, STR(""));
    assert_str(address->fallback_note, STR("required; :port[/tcp|/udp]"));
    assert_int_equal(find(OPTION_DYNAMIC, "http.models.m")->places, 0);
    assert_int_equal(find(OPTION_DYNAMIC, "tls.stores.s")->places,
                     OPTION_IN_LABELS | OPTION_IN_FILE | OPTION_DEFAULT_STORE);
    assert_int_equal(find(OPTION_DYNAMIC, "docker.network")->places, OPTION_IN_LABELS);
    assert_int_equal(find(OPTION_DYNAMIC, "http.routers")->type, OPTION_NAMES);
    assert_false(find(OPTION_DYNAMIC, "http.routers")->listed);

    static const struct {
        const char *path, *type;
    } types[] = { { "http.routers.r.middlewares", "list<ref:http.middleware>" },
                  { "http.routers.r.ruleSyntax", "enum{v3,v2}" },
                  { "http.middlewares.m.errors.statusRewrites.x", "map<status,int[100..599]>" },
                  { "tcp.services.s.loadBalancer.terminationDelay", "int[ms]" },
                  { "http.middlewares.m.inFlightReq.amount", "int[0..]" },
                  { "http.middlewares.m.headers.customRequestHeaders.x", "map<string>" } };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        assert_str(option_type_text(&a, find(OPTION_DYNAMIC, types[i].path)),
                   str_of(types[i].type));
    assert_string_equal(option_ref_name(find(OPTION_DYNAMIC, "tcp.routers.r.service")->ref),
                        "tcp.service");

    size_t count = 0;
    const struct option *last = NULL;
    for (const struct option *o = NULL; (o = option_named(OPTION_DYNAMIC, STR("forward-body"), o));
         count++)
        last = o;
    assert_int_equal(count, 1);
    assert_str(last->path, STR("http.middlewares.<name>.forwardAuth.forwardBody"));
    arena_free(&a);
}

static void versions_are_compared(void **state) {
    (void)state;
    struct arena a = { 0 };
    static const struct {
        const char *text;
        uint32_t version;
    } good[] = { { "3", 3999999 },
                 { "3.6", 3006999 },
                 { "v3.6.4", 3006004 },
                 { "3.10.0", 3010000 },
                 { "v3.7.8-rc.1", 3007008 } };
    static const char *const bad[] = { "", "v", "3.", "3.6.4.1", "latest", "3..4", "3.1000" };
    uint32_t version;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(option_version_parse(str_of(good[i].text), &version));
        assert_int_equal(version, good[i].version);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(option_version_parse(str_of(bad[i]), &version));
    assert_str(option_version_text(&a, 3006004), STR("3.6.4"));
    assert_str(option_version_text(&a, 3006000), STR("3.6"));
    assert_str(option_version_text(&a, 3999999), STR("3"));

    static const struct {
        const char *path, *version;
        enum option_state state;
    } rows[] = {
        { "http.routers.r.rule", "3.0.0", OPTION_CURRENT },
        { "http.routers.r.parentRefs", "3.5", OPTION_NOT_YET },
        { "http.routers.r.parentRefs", "3.6", OPTION_CURRENT },
        { "http.routers.r.ruleSyntax", "3.3", OPTION_CURRENT },
        { "http.routers.r.ruleSyntax", "3.4.0", OPTION_DEPRECATED },
        { "http.middlewares.m.headers.sslHost", "3.1", OPTION_WITHOUT_EFFECT },
        { "http.middlewares.m.forwardAuth.trustForwardHeader", "3.6.13", OPTION_CURRENT },
        { "http.middlewares.m.forwardAuth.trustForwardHeader", "3.6.14", OPTION_DEPRECATED },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(option_version_parse(str_of(rows[i].version), &version));
        assert_int_equal(option_state_in(find(OPTION_DYNAMIC, rows[i].path), version),
                         rows[i].state);
    }
    arena_free(&a);
}

static void retired_options_have_successors(void **state) {
    (void)state;
    static const struct {
        enum option_tree tree;
        const char *path, *instead;
    } rows[] = {
        { OPTION_DYNAMIC, "port", "http.services.<name>.loadBalancer.server.port" },
        { OPTION_DYNAMIC, "Frontend.Rule", "http.routers.<name>.rule" },
        { OPTION_DYNAMIC, "frontend.auth.basic", "http.middlewares.<name>.basicAuth" },
        { OPTION_STATIC, "providers.docker.swarmmode", "providers.swarm" },
        { OPTION_STATIC, "pilot.token", "" },
        { OPTION_STATIC, "pilots", NULL },
        { OPTION_STATIC, "metrics.influxDB2.address", NULL },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct option_retired *r = option_retired(rows[i].tree, str_of(rows[i].path));
        if (!rows[i].instead) {
            assert_null(r);
            continue;
        }
        assert_non_null(r);
        assert_string_equal(r->instead, rows[i].instead);
        assert_null(option_find(rows[i].tree, str_of(rows[i].path)).option);
        if (r->instead[0])
            find(rows[i].tree, r->instead);
    }
}

static void middlewares_are_listed(void **state) {
    (void)state;
    size_t counts[2] = { 0 };
    for (int layer = OPTION_HTTP; layer <= OPTION_TCP; layer++)
        for (const struct option *o = option_first_child(option_middlewares(layer)); o;
             o = option_next_sibling(o))
            counts[layer]++;
    print_message("%zu http and %zu tcp middlewares\n", counts[OPTION_HTTP], counts[OPTION_TCP]);
    assert_int_equal(counts[OPTION_HTTP], 26);
    assert_int_equal(counts[OPTION_TCP], 3);
    const struct option *http = option_middlewares(OPTION_HTTP);
    assert_str(option_child_by_word(http, STR("strip-prefix-regex"))->path,
               STR("http.middlewares.<name>.stripPrefixRegex"));
    assert_null(option_child_by_word(option_middlewares(OPTION_TCP), STR("strip-prefix")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_found),
        cmocka_unit_test(every_row_is_sound),
        cmocka_unit_test(misspelt_segments_are_guessed),
        cmocka_unit_test(failures_say_where),
        cmocka_unit_test(names_in_kebab_case),
        cmocka_unit_test(values_are_judged),
        cmocka_unit_test(lists_are_split),
        cmocka_unit_test(columns_are_read),
        cmocka_unit_test(versions_are_compared),
        cmocka_unit_test(retired_options_have_successors),
        cmocka_unit_test(middlewares_are_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
