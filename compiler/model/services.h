/* The services that a project's compose file declares, and whether routes lead to them. */
#pragma once

#include "model/program.h"
#include "source/outline.h"
#include "source/reach.h"

struct service {
    struct str name;
    struct span span;
    struct span own_network; /* its `network_mode`, when that keeps it off the proxy's network */
    bool has_networks;       /* the key stands there: `default` is then not implied */
    bool has_dns;            /* it names its own name servers */
    struct str *flags;       /* of its `command`, when that begins with one */
    size_t flag_count;
    struct span flags_span;
    uint16_t *ports;  /* of the container, as far as the file says; ends with 0 */
    bool is_proxy;    /* it is Traefik itself */
    bool labelled;    /* it has labels about routing already */
    bool reach_known; /* `reach` holds all networks that the file gives it */
    bool routed;      /* some route leads to it */
    struct reach reach;
    bool elsewhere; /* it stands in an included or overriding file, which nobody changes */
};

/* A port of the host that a service takes, or several in a row. */
struct published {
    struct published *next;
    struct span span;
    struct str service;
    uint16_t from, to;
    bool udp;
};

/* A network that the compose file declares. */
struct stack_network {
    struct stack_network *next;
    struct str key, name; /* name: as Docker calls it; empty when Compose makes one of the key */
    bool external;
};

/* A label of Traefik that somebody wrote by hand. */
struct hand_label {
    struct hand_label *next;
    struct span span;
    struct str service, key, value;
};

/* What the model needs of one compose file. */
struct stack {
    struct str file; /* as messages call it */
    struct service *services;
    size_t count;
    struct table index; /* by name → struct service */
    struct str called;  /* by `name:` or its folder */
    struct str project; /* as Compose calls it then: in small letters, without blanks and dots */
    struct stack_network *networks;
    struct published *published;
    struct hand_label *hand; /* the last first */
    struct outline *outline; /* where things stand in it, when its text is to be written anew */
    struct span start;       /* of the file */
    bool incomplete; /* a part of it could not be read: names may be missing without being wrong */
};

void check_services(struct program *program);
/* Whether a proxy beside them reaches the services; after check_services. */
void check_reach(struct program *program);
