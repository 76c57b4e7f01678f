/* A request as a client sends it, and as Traefik's matchers see it. */
#pragma once

#include "analysis/test.h"
#include "analysis/untyped.h"
#include "analysis/url_path.h"

enum scheme { SCHEME_HTTP, SCHEME_HTTPS, SCHEME_TCP, SCHEME_TLS, SCHEME_PG, SCHEME_UDP, SCHEMES };

struct request {
    struct str url;
    enum scheme scheme;
    struct str authority; /* of the URL: host and port */
    struct str target;    /* path and query as on the wire */
    struct str host;      /* the Host header */
    struct str sni;       /* empty: none is sent */
    struct str method, ip, entry_point;
    struct test_pair *headers; /* as sent */
    struct strs alpn;
    bool has_host, has_sni; /* given beside the URL */
};

/* Reads the URL; empty when it is one, else what is wrong. The fields beside it may be set before.
 */
struct str request_read_url(struct request *r, struct str url);
struct str request_port(const struct request *r); /* of the URL or its scheme; may be empty */
const char *scheme_name(enum scheme scheme);

/* What an entry point does to requests before any routing. */
struct http_rules {
    bool sanitize, routing_path, encode_semicolons;
    enum { UNDERSCORES_KEPT, UNDERSCORES_DELETED, UNDERSCORES_REJECTED } underscores;
};

struct http_view {
    struct test_input input;
    struct url_path path; /* cleaned */
    struct str query;     /* with its ?, its parameters parted by &; or empty */
    struct str uri;       /* path and query */
    struct str escaped;   /* the path as it goes on */
    struct str refused;   /* why the answer is 400; empty when it is not */
    bool malformed;       /* … because it cannot be read at all: HTTP/2 has no answer to that */
};
void request_view(struct arena *a, const struct request *r, const struct http_rules *rules,
                  struct http_view *out);
struct str request_header_name(struct arena *a, struct str name); /* in canonical case */
/* For connections that no HTTP server sees. */
struct test_input request_connection(struct arena *a, const struct request *r, bool tls);
