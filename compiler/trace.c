/* Questions to a configuration of Traefik, and their answers. */
#include "analysis/trace.h"

#include "lower/json_tree.h"
#include "tracing.h"

static struct itsupc_text answer(struct itsupc *s, struct tracing *t, const struct request *r,
                                 struct str fault, bool json, enum itsupc_answer *kind) {
    struct buf out = { .arena = &t->answers };
    struct decision d = { .kind = TRACE_REFUSED, .why = fault };
    struct cidr client;
    if (!fault.len && r->ip.len && cidr_parse_ip(r->ip, &client).error) {
        d.why = str_format(&t->answers, "a client is an IP address, not `%.*s`", STR_ARG(r->ip));
        fault = d.why;
    }
    if (!fault.len)
        d = trace_request(&t->proxy, r, &t->answers);
    *kind = d.kind == TRACE_REFUSED                             ? ITSUPC_NO_QUESTION
            : d.kind == TRACE_NONE || d.kind == TRACE_AMBIGUOUS ? ITSUPC_NO_ROUTE
                                                                : ITSUPC_ROUTED;
    if (json)
        trace_write_json(&out, &t->answers, r, &d, &s->sources);
    else
        trace_write_text(&out, r, &d, &s->sources);
    return session_text(&out);
}

static void add_header(struct arena *a, struct test_pair ***tail, struct str key,
                       struct str value) {
    struct test_pair *pair = arena_new(a, struct test_pair);
    *pair = (struct test_pair){ .key = key, .value = value };
    **tail = pair;
    *tail = &pair->next;
}

struct itsupc_text itsupc_trace(struct itsupc *s, const struct itsupc_request *asked, bool json,
                                enum itsupc_answer *kind) {
    struct tracing *t = tracing_of(s);
    tracing_build(s);
    arena_reset(&t->answers);
    struct request r = { .method = str_of(asked->method),
                         .host = str_of(asked->host),
                         .sni = str_of(asked->sni),
                         .ip = str_of(asked->ip),
                         .entry_point = str_of(asked->entry_point),
                         .has_host = asked->host != NULL,
                         .has_sni = asked->sni != NULL };
    struct test_pair **tail = &r.headers;
    struct str fault = STR("");
    for (size_t i = 0; i < asked->header_count; i++) {
        struct str text = str_of(asked->headers[i]);
        size_t equals = str_find(text, '=');
        if (equals == STR_NONE)
            fault = str_format(&t->answers, "a header is written NAME=VALUE, not `%.*s`",
                               STR_ARG(text));
        else
            add_header(&t->answers, &tail, str_slice(text, 0, equals), str_from(text, equals + 1));
    }
    for (struct str rest = str_of(asked->alpn); rest.len;) {
        size_t comma = str_find(rest, ',');
        strs_add(&r.alpn, &t->answers, str_trim(str_slice(rest, 0, comma)));
        rest = comma == STR_NONE ? STR("") : str_from(rest, comma + 1);
    }
    if (!fault.len)
        fault = request_read_url(&r, str_of(asked->url));
    return answer(s, t, &r, fault, json, kind);
}

/* One value or a list of them. */
static void read_header(struct arena *a, struct test_pair ***tail, const struct tree_entry *e) {
    const struct tree *value = tree_value(e);
    if (value->kind != TREE_SEQUENCE) {
        add_header(a, tail, tree_key(e), tree_text(value));
        return;
    }
    for (const struct tree_entry *item = tree_entries(value); item; item = item->next)
        add_header(a, tail, tree_key(e), tree_text(item->value));
}

static struct str read_line(struct arena *a, struct str line, struct request *r) {
    struct sources sources = { .arena = a };
    struct diags diags = { .arena = a, .sources = &sources };
    struct source *source = source_add(&sources, STR("<request>"), line);
    struct tree_file *file = source ? json_tree_read(a, &diags, source) : NULL;
    if (!file || file->root->kind != TREE_MAPPING)
        return STR("a request is one JSON object on one line");
    struct str url = STR("");
    struct test_pair **tail = &r->headers;
    for (const struct tree_entry *e = tree_entries(file->root); e; e = e->next) {
        struct str key = tree_key(e), value = tree_text(e->value);
        if (str_is(key, "url")) {
            url = value;
        } else if (str_is(key, "method")) {
            r->method = value;
        } else if (str_is(key, "host")) {
            r->host = value;
            r->has_host = true;
        } else if (str_is(key, "sni")) {
            r->sni = value;
            r->has_sni = true;
        } else if (str_is(key, "ip")) {
            r->ip = value;
        } else if (str_is(key, "entryPoint")) {
            r->entry_point = value;
        } else if (str_is(key, "alpn")) {
            for (const struct tree_entry *i = tree_entries(e->value); i; i = i->next)
                strs_add(&r->alpn, a, tree_text(i->value));
        } else if (str_is(key, "headers")) {
            for (const struct tree_entry *h = tree_entries(e->value); h; h = h->next)
                read_header(a, &tail, h);
        } else {
            return str_format(a, "a request has no `%.*s`", STR_ARG(key));
        }
    }
    return request_read_url(r, url);
}

struct itsupc_text itsupc_trace_line(struct itsupc *s, struct itsupc_text line,
                                     enum itsupc_answer *kind) {
    struct tracing *t = tracing_of(s);
    tracing_build(s);
    arena_reset(&t->answers);
    struct request r = { 0 };
    struct str fault = read_line(&t->answers, (struct str){ line.at, line.len }, &r);
    return answer(s, t, &r, fault, true, kind);
}
