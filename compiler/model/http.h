/* Pieces of HTTP: paths, URLs, statuses, methods, header names. */
#pragma once

#include "support/fault.h"
#include "support/str.h"

#define HTTP_ERRORS(X)                                                                             \
    X(HTTP_OK, "nothing is wrong")                                                                 \
    X(HTTP_PATH_START, "a path begins with /")                                                     \
    X(HTTP_PATH_BACKTICK, "a path may not hold a backtick; it would end Traefik's string")         \
    X(HTTP_PATH_SPACE, "a path may not hold blanks; write %20")                                    \
    X(HTTP_PATH_CONTROL, "a path may not hold control characters")                                 \
    X(HTTP_PATH_QUERY, "a path ends before ?; use `where query`")                                  \
    X(HTTP_PATH_FRAGMENT, "a path ends before #; clients do not send what follows")                \
    X(HTTP_PATH_ESCAPE, "% must be followed by two hexadecimal digits; a percent sign is %25")     \
    X(HTTP_PATH_DOLLAR, "$ may stand only at the end, for exactly this path")                      \
    X(HTTP_PATH_UTF8, "these bytes are not UTF-8")                                                 \
    X(HTTP_URL_SCHEME, "the URL begins with http:// or https://")                                  \
    X(HTTP_URL_HOST, "the URL's host is missing")                                                  \
    X(HTTP_URL_DOMAIN, "the URL's host is no legal name")                                          \
    X(HTTP_URL_IP, "the URL's host is no legal address")                                           \
    X(HTTP_URL_BRACKET, "the bracket of an IPv6 address is never closed")                          \
    X(HTTP_URL_PORT, "the URL's port is not a number within 1-65535")                              \
    X(HTTP_URL_USER, "a user name or password does not belong into this URL")                      \
    X(HTTP_URL_CHARACTER, "this character may not stand in a URL")                                 \
    X(HTTP_STATUS_NOT_NUMBER, "a status is a number of three digits")                              \
    X(HTTP_STATUS_RANGE, "a status lies within 100-599")                                           \
    X(HTTP_STATUS_ORDER, "the range's first status lies above its last")                           \
    X(HTTP_NAME_EMPTY, "the name is missing")                                                      \
    X(HTTP_NAME_CHARACTER, "this character may not stand in a header name or a method")            \
    X(HTTP_METHOD_CASE, "methods are written in capitals")

enum http_error { HTTP_ERRORS(FAULT_NAME) };

enum path_kind {
    PATH_ANY,     /* "" or "/" */
    PATH_SEGMENT, /* "/api": that segment and everything below */
    PATH_BELOW,   /* "/api/": below only */
    PATH_EXACT,   /* "/api$" */
};

struct path {
    enum path_kind kind;
    struct str text; /* as Traefik compares it: without the `$`; a slice of the input */
};

/* Run-time variables are passed over: they stand for legal characters. */
struct fault path_parse(struct str text, struct path *out);

/* The path that a request can have after Traefik's cleaning: `//`, `/./`, `/../` and needless
   %-escapes resolved. When it equals the text, the text can match. */
struct str path_normal(struct arena *a, struct str text);
/* The first part that does not survive; false when all does. */
bool path_find_dead(struct str text, size_t *from, size_t *to);

struct url {
    bool is_https;
    bool is_ip;          /* the host is an address, `host` is without brackets */
    struct str host;     /* all slices of the input */
    uint16_t port;       /* 0: none was written */
    struct str path;     /* empty, or begins with / */
    struct str query;    /* without ? */
    struct str fragment; /* without # */
    size_t host_at, port_at, path_at, query_at; /* offsets; meaningful for parts that exist */
};

struct fault url_parse(struct arena *a, struct str text, struct url *out);
bool url_is_absolute(struct str text); /* looks like SCHEME:// */

struct status_range {
    unsigned first, last;
};
struct fault status_parse(struct str text, unsigned *out);                  /* "404" */
struct fault status_range_parse(struct str text, struct status_range *out); /* "500-599", "404" */

struct fault header_name_check(struct str text); /* an HTTP token */
struct fault method_check(struct str text);      /* a token in capitals */
const char *http_error_text(int error);
