/* Published ports of a compose file: "127.0.0.1:8000-8010:80-90/udp" and its long form. */
#pragma once

#include "lower/tree.h"

struct compose_port {
    struct compose_port *next;
    struct tree *node; /* the item, aliases followed */
    struct span span;
    struct str host_ip;  /* empty: all addresses */
    struct str protocol; /* "tcp", "udp", "sctp" */
    uint16_t from, to;   /* on the host; 0: Docker chooses */
    uint16_t target_from, target_to;
    bool unknown; /* some part is `${…}`; its numbers are 0 */
    struct span published_span;
};

/* NULL after a finding. */
struct compose_port *compose_port_parse(struct arena *arena, struct diags *diags,
                                        struct tree *node);
/* `expose` has "3000", "3000-3005/udp". */
struct compose_port *compose_expose_parse(struct arena *arena, struct diags *diags,
                                          struct tree *node);
bool compose_port_same(const struct compose_port *a, const struct compose_port *b);
