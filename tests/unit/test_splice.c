/* Compose files and edits: the text that comes out, byte for byte, or what is refused and where. */
#include "backends/compose_splice.h"
#include "lower/compose_outline.h"
#include "tests/splice_edits.h"
#include "unit.h"

static struct str spliced(struct arena *arena, const char *text, const char *words) {
    struct sources *sources = arena_new(arena, struct sources);
    struct diags *diags = arena_new(arena, struct diags);
    sources->arena = diags->arena = arena;
    diags->sources = sources;
    struct source *source = source_add(sources, STR("compose.yml"), str_of(text));
    struct compose *c = compose_read(arena, diags, source, NULL, NULL);
    struct str out = STR("");
    struct buf told = { .arena = arena };
    if (c && diags->errors == 0) {
        struct outline *outline = compose_outline(arena, c, false);
        struct compose_edits edits = edits_read(arena, str_of(words));
        const struct splice_reader reader = { compose_outline_read, NULL, NULL };
        if (compose_splice(arena, diags, outline, &edits, &reader, &out))
            return out;
    }
    for (struct diag *d = diags->first; d; d = d->next) {
        if (d->level != LEVEL_ERROR)
            continue; /* these services have no image */
        struct place place = source_place(sources, d->span.start);
        buf_format(&told, "%.*s %zu:%zu %.*s\n", STR_ARG(diag_infos[d->code].code), place.line,
                   place.column, STR_ARG(d->message));
    }
    return buf_str(&told);
}

struct row {
    const char *text, *edits, *want;
};

static void try_rows(const struct row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct arena arena = { 0 };
        assert_str(spliced(&arena, rows[i].text, rows[i].edits), str_of(rows[i].want));
        arena_free(&arena);
    }
}

#define TRY(rows)  try_rows(rows, sizeof rows / sizeof *(rows))
#define LABEL      "service\tweb\tkeep\nlabel\tk\tv\n"
#define JOIN       "service\tweb\tkeep\njoin\tp\t-\t-\nnetwork\tp\t-\texternal\n"
#define LABEL_JOIN LABEL "join\tp\t-\t-\nnetwork\tp\t-\texternal\n"
#define DNS        "service\tweb\tkeep\ndns\tweak\t1.2.3.4\n"

static void labels(void **state) {
    (void)state;
    static const struct row rows[] = {
        { "services:\n  web:\n    image: x\n", LABEL,
          "services:\n  web:\n    image: x\n    labels:\n      - \"k=v\"\n" },
        { "services:\n  web:\n    image: x\n    labels:\n      - a=b\n", LABEL,
          "services:\n  web:\n    image: x\n    labels:\n      - a=b\n      - \"k=v\"\n" },
        { "services:\n  web:\n    labels:\n    - a=b # c\n    # d\n\n    image: x\n", LABEL,
          "services:\n  web:\n    labels:\n    - a=b # c\n    - \"k=v\"\n    # d\n\n    image: x\n" },
        { "services:\n  web:\n    labels:\n      a: b\n    image: x\n", LABEL,
          "services:\n  web:\n    labels:\n      a: b\n      k: v\n    image: x\n" },
        { "services:\n  web:\n    labels: [a=b]\n", LABEL,
          "services:\n  web:\n    labels: [a=b, \"k=v\"]\n" },
        { "services:\n  web:\n    labels: [a=b, # c\n      d=e, # f\n    ]\n", LABEL,
          "services:\n  web:\n    labels: [a=b, # c\n      d=e, \"k=v\", # f\n    ]\n" },
        { "services:\n  web:\n    labels: {a: b}\n", LABEL,
          "services:\n  web:\n    labels: {a: b, k: v}\n" },
        { "services:\n  web:\n    labels: {a: }\n", LABEL,
          "services:\n  web:\n    labels: {a:  , k: v}\n" },
        { "services:\n  web:\n    labels: [ ]\n", LABEL,
          "services:\n  web:\n    labels: [\"k=v\" ]\n" },
        { "services:\n  web:\n    labels: {}\n", LABEL, "services:\n  web:\n    labels: {k: v}\n" },
        { "services: {web: {image: x}}", LABEL, "services: {web: {image: x, labels: [\"k=v\"]}}" },
        { "{\"services\": {\"web\": {\"image\": \"x\",\n  \"labels\": []}}}\n", LABEL,
          "{\"services\": {\"web\": {\"image\": \"x\",\n  \"labels\": [\"k=v\"]}}}\n" },
        { "services:\n  web:\n    image: x", LABEL,
          "services:\n  web:\n    image: x\n    labels:\n      - \"k=v\"" },
        { "services:\r\n  web:\r\n    image: x\r\n", LABEL,
          "services:\r\n  web:\r\n    image: x\r\n    labels:\r\n      - \"k=v\"\r\n" },
        { "\xef\xbb\xbfservices:\n    web:\n        image: x\n# end\n...\n", LABEL,
          "\xef\xbb\xbfservices:\n    web:\n        image: x\n        labels:\n            - \"k=v\"\n"
          "# end\n...\n" },
        { "---\nservices:\n web:\n  command: |\n   a\n\n   # b\n\n # c\n", LABEL,
          "---\nservices:\n web:\n  command: |\n   a\n\n   # b\n\n  labels:\n   - \"k=v\"\n # c\n" },
        /* Lists without indentation stay so. */
        { "services:\n  web:\n    ports:\n    - 2222:22\n", LABEL,
          "services:\n  web:\n    ports:\n    - 2222:22\n    labels:\n    - \"k=v\"\n" },
        /* What is there is not added, and nothing is written otherwise. */
        { "services:\n  web:\n    labels: [k=v]\n", LABEL,
          "services:\n  web:\n    labels: [k=v]\n" },
        { "services:\n  web:\n    labels:\n      k: 'v'\n", LABEL,
          "services:\n  web:\n    labels:\n      k: 'v'\n" },
        { "services:\n  web:\n    labels: [k=w]\n", LABEL,
          "E0731 3:14 `k` of the service `web` has another value here\n" },
        { "services:\n  web:\n    labels:\n      k: w\n", LABEL,
          "E0731 4:7 `k` of the service `web` has another value here\n" },
        { "services:\n  api: {}\n", LABEL,
          "E0732 0:0 `compose.yml` does not declare the service `web`\n" },
    };
    TRY(rows);
}

static void dollars(void **state) {
    (void)state;
    static const struct row rows[] = {
        { "services:\n  web:\n    labels: [a=$X]\n", "service\tweb\t-\nlabel\tr$\t^x$\n",
          "services:\n  web:\n    labels: [a=$X, \"r$$=^x$$\"]\n" },
        /* Compose does not look for variables in keys. */
        { "services:\n  web:\n    labels: {a: $X}\n", "service\tweb\t-\nlabel\tr$\t^x$\n",
          "services:\n  web:\n    labels: {a: $X, \"r$\": \"^x$$\"}\n" },
        { "services:\n  web:\n    labels: [r=^x$$]\n", "service\tweb\t-\nlabel\tr\t^x$\n",
          "services:\n  web:\n    labels: [r=^x$$]\n" },
    };
    TRY(rows);
}

static void shared(void **state) {
    (void)state;
    static const struct row rows[] = {
        /* The list of an anchor is repeated where it was used. */
        { "x-l: &l\n  - a=0755\nservices:\n  web:\n    labels: *l\n    image: x\n  api:\n    labels: *l\n",
          LABEL,
          "x-l: &l\n  - a=0755\nservices:\n  web:\n    labels: # *l\n      - a=0755\n      - \"k=v\"\n"
          "    image: x\n  api:\n    labels: *l\n" },
        { "services:\n  web:\n    labels: &l\n      - a=b\n  api:\n    labels: *l # same\n", LABEL,
          "services:\n  web:\n    labels: &l\n      - a=b\n      - \"k=v\"\n"
          "  api:\n    labels: # *l # same\n      - a=b\n" },
        { "x-b: &b\n  labels: {a: 1.50, on: 0755}\nservices:\n  web:\n    <<: *b\n  api:\n    <<: *b\n",
          LABEL,
          "x-b: &b\n  labels: {a: 1.50, on: 0755}\nservices:\n  web:\n    <<: *b\n    labels:\n"
          "      a: 1.50\n      on: 0755\n      k: v\n  api:\n    <<: *b\n" },
        { "services:\n  web: &w\n    image: x\n  api:\n    <<: *w\n", LABEL,
          "services:\n  web: &w\n    image: x\n    labels:\n      - \"k=v\"\n"
          "  api:\n    <<: *w\n    labels: []\n" },
        { "services:\n  api: &a\n    image: x\n    labels: [a=b]\n  web: *a\n", LABEL,
          "services:\n  api: &a\n    image: x\n    labels: [a=b]\n"
          "  web: \n    <<: *a\n    labels:\n      - a=b\n      - \"k=v\"\n" },
        { "services: {api: &a {image: x}, web: *a}\n", LABEL,
          "services: {api: &a {image: x}, web: {<<: *a, labels: [\"k=v\"]}}\n" },
        { "services:\n  web: {image: x, labels: *l}\n", LABEL,
          "E0703 2:27 no anchor `&l` stands above this alias\n" },
        { "x-l: &l [a=b]\nservices:\n  web: {labels: *l, image: x}\n", LABEL,
          "x-l: &l [a=b]\nservices:\n  web: {labels: [a=b, \"k=v\"] # *l\n    , image: x}\n" },
        { "services:\n  web:\n    labels: &l [a=b]\n    deploy: {labels: *l}\n", LABEL,
          "services:\n  web:\n    labels: &l [a=b, \"k=v\"]\n    deploy: {labels: [a=b] # *l\n      }\n" },
        /* Whoever extends a routed service would be routed, too. */
        { "services:\n  web:\n    image: x\n  api:\n    extends: web\n", LABEL,
          "E0732 5:5 this would get the `labels` that the service `web` gets, too\n" },
        { "services:\n  base:\n    labels: [k=v]\n  web:\n    extends: {service: base}\n", LABEL,
          "services:\n  base:\n    labels: [k=v]\n  web:\n    extends: {service: base}\n" },
        { "services:\n  base:\n    labels: [a=b]\n  web:\n    extends: {service: base}\n", LABEL,
          "services:\n  base:\n    labels: [a=b]\n  web:\n    extends: {service: base}\n"
          "    labels:\n      - \"k=v\"\n" },
        { "services:\n  web:\n    labels: &l {a: b}\n  api:\n    labels: {<<: *l, c: d}\n", LABEL,
          "E0732 5:18 this would get the `labels` that the service `web` gets, too\n" },
        { "x-s: &s\n  web: {image: x}\nservices: *s\n", LABEL,
          "E0732 3:11 the service `web` is not written out below `services`\n" },
    };
    TRY(rows);
}

static void networks(void **state) {
    (void)state;
    static const struct row rows[] = {
        { "services:\n  web:\n    image: x\n", JOIN,
          "services:\n  web:\n    image: x\n    networks:\n      - default\n      - p\n"
          "networks:\n  p:\n    external: true\n" },
        { "networks:\n  a:\nservices:\n  web:\n    networks: [a]\n", JOIN,
          "networks:\n  a:\n  p:\n    external: true\nservices:\n  web:\n    networks: [a, p]\n" },
        { "networks: {a: }\nservices:\n  web:\n    networks:\n      a:\n        aliases: [w]\n",
          JOIN,
          "networks: {a:  , p: {external: true}}\nservices:\n  web:\n    networks:\n      a:\n"
          "        aliases: [w]\n      p:\n" },
        { "networks:\n  p: {external: true}\nservices:\n  web:\n    networks: [p]\n", JOIN,
          "networks:\n  p: {external: true}\nservices:\n  web:\n    networks: [p]\n" },
        { "networks:\n  p:\nservices:\n  web: {image: x}\n", JOIN,
          "E0731 2:3 the network `p` is declared otherwise here\n" },
        { "services:\n  web:\n    network_mode: host\n", JOIN,
          "E0727 3:19 the service `web` has a `network_mode` and is to join a network\n" },
        /* An address needs a mapping; the list stays as a comment. */
        { "networks: {a: {}}\nservices:\n  web:\n    networks:\n      - a # b\n\n    image: x\n",
          "service\tweb\tkeep\njoin\tp\t10.0.0.1\tw\nnetwork\tp\tq\t-\n",
          "networks: {a: {}, p: {name: q}}\nservices:\n  web:\n    networks:\n      # - a # b\n"
          "      a:\n      p:\n        ipv4_address: 10.0.0.1\n        aliases: [w]\n\n    image: x\n" },
        { "networks: {p: {external: true}}\nservices:\n  web:\n    networks:\n      p:\n",
          "service\tweb\tkeep\njoin\tp\t10.0.0.1\t-\n",
          "networks: {p: {external: true}}\nservices:\n  web:\n    networks:\n      p:\n"
          "        ipv4_address: 10.0.0.1\n" },
        { "networks: {p: {external: true}}\nservices:\n  web:\n    networks:\n      p: {ipv4_address: 10.0.0.2}\n",
          "service\tweb\tkeep\njoin\tp\t10.0.0.1\t-\n",
          "E0731 5:11 `ipv4_address` of the service `web` has another value here\n" },
        { "networks: {p: {external: true}}\nservices:\n  web: {networks: {p: , default}}\n",
          "service\tweb\tkeep\njoin\tp\t10.0.0.1\t-\njoin\tdefault\t-\ta\n",
          "networks: {p: {external: true}}\nservices:\n  web: {networks: {p:  {ipv4_address: 10.0.0.1}, "
          "default: {aliases: [a]}}}\n" },
        { "x-n: &n {a: {}}\nnetworks: *n\nservices:\n  web: {networks: [a]}\n", JOIN,
          "x-n: &n {a: {}}\nnetworks: # *n\n  a: {}\n  p:\n    external: true\nservices:\n"
          "  web: {networks: [a, p]}\n" },
    };
    TRY(rows);
}

static void dns(void **state) {
    (void)state;
    static const struct row rows[] = {
        { "services:\n  web:\n    image: x\n", DNS,
          "services:\n  web:\n    image: x\n    dns:\n      - 1.2.3.4\n" },
        { "services:\n  web:\n    dns: 9.9.9.9\n", DNS, "services:\n  web:\n    dns: 9.9.9.9\n" },
        { "services:\n  web:\n    dns: []\n", DNS, "services:\n  web:\n    dns: [1.2.3.4]\n" },
        { "services:\n  web:\n    dns: 9.9.9.9\n", "service\tweb\t-\ndns\treplaces\t1.2.3.4\n",
          "services:\n  web:\n    dns: # 9.9.9.9\n      - 1.2.3.4\n" },
        { "services:\n  web:\n    network_mode: host\n", DNS,
          "services:\n  web:\n    network_mode: host\n" },
    };
    TRY(rows);
}

static void ends(void **state) {
    (void)state;
    static const struct row rows[] = {
        /* A line below would end the last one of the block scalar, and change it: `a` is all of
           its value, with `|`, `|-` and `|+`. */
        { "services:\n  web:\n    image: x\n    command: |\n      a", LABEL,
          "services:\n  web:\n    labels:\n      - \"k=v\"\n    image: x\n    command: |\n      a" },
        { "services:\n  web: # why\n    # first\n    command: |+\n      a", LABEL_JOIN,
          "networks:\n  p:\n    external: true\nservices:\n  web: # why\n    # first\n"
          "    labels:\n      - \"k=v\"\n    networks:\n      - default\n      - p\n"
          "    command: |+\n      a" },
        { "services:\r\n  web:\r\n    labels:\r\n      a: >-\r\n        b", LABEL,
          "services:\r\n  web:\r\n    labels:\r\n      k: v\r\n      a: >-\r\n        b" },
        { "services:\n  web: &w\n    <<: {image: x}\n    command: |-\n      a", LABEL,
          "services:\n  web: &w\n    labels:\n      - \"k=v\"\n    <<: {image: x}\n    command: |-\n"
          "      a" },
        { "services:\n  web:\n    image: x\n  db:\n    command: |\n      a", JOIN,
          "networks:\n  p:\n    external: true\nservices:\n  web:\n    image: x\n    networks:\n"
          "      - default\n      - p\n  db:\n    command: |\n      a" },
        { "services:\n  web:\n    labels: # why\n      # first\n      - |-\n        a=b", LABEL,
          "services:\n  web:\n    labels: # why\n      # first\n      - \"k=v\"\n      - |-\n        a=b" },
        { "services:\r\n  web:\r\n    labels:\r\n    - c=d\r\n    - >\r\n     a=b", LABEL,
          "services:\r\n  web:\r\n    labels:\r\n    - \"k=v\"\r\n    - c=d\r\n    - >\r\n     a=b" },
        { "networks: {a: {}, p: {external: true}}\nservices:\n  web:\n    networks:\n      - |-\n        a",
          JOIN,
          "networks: {a: {}, p: {external: true}}\nservices:\n  web:\n    networks:\n      - p\n      - |-\n        a" },
        { "services:\n  web:\n    labels:\n      - a=b\nnetworks:\n  p: {external: true}",
          LABEL "network\tq\t-\texternal\n",
          "services:\n  web:\n    labels:\n      - a=b\n      - \"k=v\"\nnetworks:\n"
          "  p: {external: true}\n  q:\n    external: true" },
        { "services:\n  web:\n    labels: # why\n      - a=b", LABEL_JOIN,
          "services:\n  web:\n    labels: # why\n      - a=b\n      - \"k=v\"\n    networks:\n      - default\n      - p\n"
          "networks:\n  p:\n    external: true" },
    };
    TRY(rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels),   cmocka_unit_test(dollars), cmocka_unit_test(shared),
        cmocka_unit_test(networks), cmocka_unit_test(dns),     cmocka_unit_test(ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
