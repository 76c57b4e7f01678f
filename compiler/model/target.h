/* Targets: where a route leads. */
#pragma once

#include "support/fault.h"
#include "support/str.h"

#define TARGET_ERRORS(X)                                                                           \
    X(TARGET_OK, "nothing is wrong")                                                               \
    X(TARGET_EMPTY, "the target is missing")                                                       \
    X(TARGET_SCHEME, "a target's scheme is http, https or h2c")                                    \
    X(TARGET_HOST_EMPTY, "the target's host is missing")                                           \
    X(TARGET_HOST, "a target's host is a service, a host name or an address")                      \
    X(TARGET_ADDRESS, "the target's address is no legal IP address")                               \
    X(TARGET_BRACKET, "the bracket of an IPv6 address is never closed")                            \
    X(TARGET_BRACKETS, "an IPv6 address stands in brackets, such as [::1]:80")                     \
    X(TARGET_PORT_MISSING, "the port is missing; write NAME:8080")                                 \
    X(TARGET_PORT_NOT_NUMBER, "a port is a number")                                                \
    X(TARGET_PORT_RANGE, "a port lies within 1-65535")                                             \
    X(TARGET_PORT_ZERO, "a port is written without leading zeros")                                 \
    X(TARGET_PATH, "a target has no path; use add(/p) or rewrite")                                 \
    X(TARGET_PROVIDER, "after @ stands a provider such as internal, file or docker")               \
    X(TARGET_NAME, "before @ stands the name of a Traefik service")                                \
    X(TARGET_CHARACTER, "this character may not stand in a target")

enum target_error { TARGET_ERRORS(FAULT_NAME) };

enum target_kind {
    TARGET_UNKNOWN,  /* poisoned */
    TARGET_SERVICE,  /* NAME:port; the checker decides whether it is a compose service or a host */
    TARGET_HOME,     /* :port of the project's own host */
    TARGET_IP,       /* an address */
    TARGET_PROVIDED, /* NAME@provider */
};

enum target_scheme { TARGET_SCHEME_NONE, TARGET_HTTP, TARGET_HTTPS, TARGET_H2C };

struct target {
    enum target_kind kind;
    enum target_scheme scheme;
    struct str host;      /* service, host name, address without brackets, or NAME; a slice */
    struct str port_text; /* "8080", or "${PORT}" */
    struct str provider;
    uint32_t host_at, port_at, provider_at;
    uint16_t port;      /* 0: none was written (a URL or NAME@provider), or known at run time */
    bool host_has_hole; /* a run-time variable stands in it */
    bool is_v6;
};

struct fault target_parse(struct str text, struct target *out);
bool target_is_service_name(struct str text); /* [a-zA-Z0-9._-]+, as Compose has it */
const char *target_error_text(int error);
