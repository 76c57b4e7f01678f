/* What is to be added to a compose file: labels, networks, addresses. Texts are what Traefik and
   Docker shall see, variables marked as ir.h says; other `$` are doubled when they are written. */
#pragma once

#include "ir/ir.h"

struct compose_label {
    struct compose_label *next;
    struct str key, value;
    struct span span; /* what asked for it */
    struct str place; /* the same in words, for a comment above it; may be empty */
};

struct compose_join { /* of a service to a network, by the network's key at the top level */
    struct compose_join *next;
    struct str network;
    struct str ipv4_address; /* may be empty */
    struct ir_texts aliases;
    struct span span;
};

struct compose_service_edit {
    struct compose_service_edit *next;
    struct str service;
    struct span span;
    struct compose_label *labels; /* in this order, behind those that are there */
    struct compose_join *joins;
    bool keep_default; /* a service that named no network stays on `default`, too */
    struct ir_texts dns;
    bool dns_replaces; /* else it is written only where the service has none */
    struct span dns_span;
};

struct compose_network_edit { /* declared unless it is */
    struct compose_network_edit *next;
    struct str key;
    struct str name; /* `name:`; may be empty */
    bool external;
    struct span span;
};

struct compose_edits {
    struct compose_service_edit *services; /* one for each service at most */
    struct compose_network_edit *networks;
};
