/* What is to be built: routers, the services behind them, middlewares, entry points, the proxy's
   own configuration, and what compose files gain. Every node keeps its span.

   The IR knows no tree and no language: texts are final. The `$` of a run-time variable `${NAME}`
   is the byte IR_VARIABLE in them, which no UTF-8 text holds: each backend writes it as its reader
   wants it, and a `$` beside it is a plain character. */
#pragma once

#include "ir/doc.h"
#include "source/diag.h"
#include "source/outline.h"
#include "support/table.h"

#define IR_VARIABLE '\xff'

enum ir_protocol { IR_HTTP, IR_TCP, IR_UDP };
extern const char *const ir_protocol_names[]; /* "http", … */

struct ir_texts {
    struct str *list;
    size_t count;
};

/* A word with named values and, possibly, more words below it. */
struct ir_setting {
    struct ir_setting *next;
    struct span span;
    struct str name;
    struct ir_value {
        struct str name;
        struct ir_texts texts;
    } * values;
    size_t value_count;
    struct ir_setting *children;
};

/* One option of Traefik, by its path below the object that has it. */
struct ir_option {
    struct ir_option *next;
    struct span span;
    struct str path;
    struct ir_texts texts;
    bool list;
};

/* ---- where an object is written ---- */

enum ir_place {
    IR_NOWHERE, /* not decided, or declared elsewhere */
    IR_LABELS,  /* on a container */
    IR_FILE,    /* in the file provider's files */
};

/* A service of a compose file: what it gains. */
struct ir_container {
    struct ir_container *next;
    struct span span; /* of its name in the compose file */
    struct str name;
    struct ir_stack *stack;
    bool has_networks; /* the key stands in the compose file; else `default` is implied */
    bool routed;       /* a route leads here: it joins the proxy's network … */
    bool enabled;      /* … and has routers among its labels */
    bool has_dns;      /* the compose file names its name servers */
    bool own_dns;      /* `dns` in the project says which instead */
    bool elsewhere;    /* in a file beside its compose file, which nobody changes */
    bool own_network;  /* network_mode: it can join none */
    struct ir_texts ips, dns;
    struct span ips_span;
    struct ir_texts flags; /* of its `command`, when that begins with one */
    struct span flags_span;
    struct ir_network *networks, **last_network;   /* to join beside the proxy's, in order */
    struct ir_labelled *labelled, **last_labelled; /* what its labels describe, in order */
    struct ir_raw *raws;
};

/* One object, or lines of the user's own, to be written as labels: one of the last three is given,
   or the router itself is meant. */
struct ir_labelled {
    struct ir_labelled *next;
    const struct ir_router *router;
    const struct ir_service *service;
    const struct ir_middleware *middleware;
    const struct ir_raw *raw;
};

struct ir_pair {
    struct ir_pair *next;
    struct span span; /* of what it comes from */
    struct str key, value;
};

struct ir_network {
    struct ir_network *next;
    struct span span;
    struct str key;  /* in the compose file */
    struct str name; /* as Docker calls it, when the file has to say so */
    bool external;
    bool declared; /* in the compose file already: nothing is to be added at the top */
};

/* A compose file, and what is added to it. */
/* `traefik.http.routers.NAME.FIELD` on a container, written by hand. */
struct ir_hand {
    struct ir_hand *next;
    struct span span;
    const struct ir_container *on;
    enum ir_protocol protocol;
    struct str kind, name;   /* "routers", …; empty for `traefik.enable` and the like */
    struct str field, value; /* all in lower case but the value */
};

struct ir_stack {
    struct ir_stack *next;
    struct span span;
    struct str file;    /* its name; empty when there is none */
    struct str project; /* as Compose calls it */
    struct ir_project *owner;
    struct ir_container *containers;
    struct table index;          /* by name → ir_container */
    struct outline *outline;     /* of a file whose text is written anew, else NULL */
    struct ir_network *proxy;    /* the proxy's network, or NULL when it is not known */
    struct ir_network *networks; /* to declare at the top, in order; the proxy's included */
    struct str usual;            /* Docker's name of its one network, when it has but one */
    bool spawned;                /* of containers that will be started at run time; no file */
    bool unlabelled;             /* … and their routers belong into a file all the same */
    struct ir_raws *raws;        /* `raw compose` for this file */
    struct ir_hand *hand;        /* what its labels say already */
};

/* ---- middlewares ---- */

struct ir_middleware {
    struct ir_middleware *next;
    struct span span;
    struct str type;     /* "ipAllowList", "@" for one declared elsewhere, "strip", "canonical" */
    struct str tcp_type; /* what it is called in TCP */
    struct str name;     /* of a plugin, or of one declared elsewhere */
    struct ir_option *options;
    struct str chain; /* the `middleware NAME =` it belongs to, or empty */
    struct span chain_span;
    unsigned link, links; /* its number there, and how many there are */
    /* Made by the passes: */
    struct str object; /* its name in Traefik */
    enum ir_place place;
    struct ir_service *service; /* of `errors` */
};

/* ---- services ---- */

struct ir_target {
    struct ir_target *next;
    struct span span;
    struct str address; /* "http://web:3000", "web:3000", "api@internal" */
    unsigned weight;    /* 0 when none was given */
    struct str scheme;  /* "http", "https", "h2c"; empty when none was written */
    struct str host, port;
    bool is_v6;
    struct str provided;            /* NAME@PROVIDER: no address of its own */
    struct ir_container *container; /* the compose service, or NULL */
};

struct ir_pool {
    struct ir_pool *next;
    struct ir_target *targets;
};

enum ir_service_kind {
    IR_BALANCER, /* one container, or servers with addresses */
    IR_WEIGHTED,
    IR_FAILOVER,  /* two children */
    IR_MIRRORING, /* the main one, then the mirrors */
    IR_PROVIDED,  /* declared elsewhere */
};

struct ir_child {
    struct ir_child *next;
    struct ir_service *service;
    unsigned share; /* weight or percent */
};

struct ir_service {
    struct ir_service *next; /* of all */
    struct span span;
    enum ir_service_kind kind;
    enum ir_protocol protocol;
    struct str name, wanted; /* wanted: what it should be called, if nobody else is */
    struct ir_target *targets;
    struct ir_child *children;
    struct ir_option *options; /* below `services.NAME` */
    struct str max_body;       /* of MIRRORING */
    struct ir_transport *transport;
    enum ir_place place;
    struct ir_container *on;
    struct ir_project *project;
    bool health; /* something asks whether its servers are well */
};

struct ir_transport {
    struct ir_transport *next;
    struct span span;
    enum ir_protocol protocol;
    struct str name, wanted;
    struct ir_option *options;
};

struct ir_tls_options {
    struct ir_tls_options *next;
    struct span span;
    struct str name;
    struct ir_option *options;
};

/* ---- routers ---- */

struct ir_condition {
    struct ir_condition *next;
    struct str kind; /* "method", "header", … */
    bool negated, regex;
    struct str key;
    struct ir_texts texts;
};

enum ir_router_use {
    IR_ROUTE,    /* as written */
    IR_TO_HTTPS, /* sends plain HTTP to its https:// twin */
    IR_ACME,     /* hands ACME challenges on */
};

struct ir_router {
    struct ir_router *next;
    struct span span;
    struct str mode;
    enum ir_protocol protocol;
    struct ir_texts hosts; /* "*" is any */
    struct str path;       /* "/api", "/api/", "/api$", or empty for any */
    unsigned port;         /* where it listens; 0 when only the static configuration knows */
    bool own_port;         /* the route says so itself */
    struct ir_condition *conditions;
    struct ir_middleware *middlewares;
    struct ir_pool *pools;
    struct str redirect;
    unsigned redirect_status;
    struct ir_setting *settings;
    struct str instance;
    bool spawned; /* of the one instance that `itsupc expand` prints */

    struct ir_project *project;
    struct ir_stack *stack;
    enum ir_router_use use;
    struct ir_router *of; /* the route that a router of another use is made for */
    bool tls, passthrough, no_redirect;
    struct ir_option *options;                             /* below `routers.NAME` */
    struct ir_option *service_options, *transport_options; /* as the route says them */
    struct ir_raw *raws;
    struct ir_target *mirrors; /* weight is per cent */
    struct str mirror_body;
    struct ir_target *acme;
    struct str wanted, wanted_service; /* names that the route gives */
    struct str resolver;               /* empty: none said; "none" */
    struct ir_texts certificate;       /* its names, when they are not the hosts */
    struct str tls_options;
    struct str priority; /* empty: Traefik may count letters, nothing overlaps */
    /* Made by the passes: */
    struct str name;
    struct ir_texts entrypoints;
    struct ir_service *service;
    enum ir_place place;
    struct ir_container *on;
    struct ir_container *carrier; /* of an instance: where it stands when it leads nowhere */
};

/* ---- the whole ---- */

struct ir_project {
    struct ir_project *next;
    struct span span;
    struct str name, at;
    bool disabled;
    struct ir_router *routers, **last_router;
    struct ir_setting *settings;
    struct ir_stack *stack;
    struct str prefix; /* of its objects' names */
    unsigned numbered; /* routers so far whose names count */
    struct ir_texts egress;
    struct span egress_span;
};

struct ir_entrypoint {
    struct ir_entrypoint *next;
    struct span span;
    struct str name;
    unsigned port;
    bool is_udp, is_default, redirects;
    unsigned published; /* what clients see when it is another port; else 0 */
    bool made;          /* for a route's port */
    struct str resolver, tls_options;
    struct ir_texts certificate;
};

struct ir_raw { /* YAML that is merged in last */
    struct ir_raw *next;
    struct span span;
    struct str kind; /* "static", "dynamic", "compose", "labels" */
    struct str text;
    uint32_t *lines; /* where each line of the text stands in the source */
    struct doc *doc; /* once it is read */
};

struct ir_reach { /* of a project that is not here, for a service that is */
    struct ir_reach *next;
    struct str from, to; /* a project; "project/service" */
};

struct ir_raws { /* the last first */
    struct ir_raws *before;
    const struct ir_raw *raw;
};

enum ir_world { IR_REPO, IR_TREE, IR_GUESTS };

struct ir {
    struct arena *arena;
    struct diags *diags;
    struct ir_project *projects; /* by name */
    struct ir_reach *reaches;    /* by the name of the project that reaches */
    struct ir_setting *settings; /* proxy, defaults, TLS options, … */
    enum ir_world world;
    uint32_t version; /* of Traefik, as options.h counts */
    bool has_proxy;   /* a static configuration is to be written */
    struct ir_entrypoint *entrypoints, **last_entrypoint;
    struct table entrypoint_index; /* by name; those made for ports once they have theirs */
    struct ir_entrypoint *plain;   /* of http:// without a port, or NULL */
    struct doc *statics;           /* the proxy's configuration */
    struct str command;            /* the service whose command says it, or empty */
    struct span command_span;
    const struct ir_raw *command_raw; /* once it is made */
    struct ir_middleware *shared;     /* of entry points: always in the file provider */
    struct ir_service *services, **last_service;
    struct ir_transport *transports, **last_transport;
    struct ir_tls_options *tls_options;
    struct ir_stack *stacks, **last_stack;
    struct str network; /* of `provider docker` */
    struct ir_raw *raws;
    struct ir_raws *proxy_raws; /* `raw compose` for the ready-made proxy's file */
    struct str proxy_compose;   /* the compose file of a ready-made proxy, or empty */
    struct str generation;      /* of itsUP's stack: "1", "2", "3", or empty */
};

struct program;
struct ir *ir_build(struct program *program);
/* The version asked for, else the one that the proxy's image has, else the newest. */
uint32_t ir_version(struct program *program);
/* Before the passes: the containers that the spawned routers lead to, in a stack of their own; NULL
   when there are no such routers. */
struct ir_stack *ir_spawn(struct ir *ir);
void ir_dump(struct buf *out, const struct ir *ir);
/* One line a route: host, path, mode, target, certificate. After the passes. */
void ir_routes(struct buf *out, const struct ir *ir);

/* "web", "shop": what a name of Traefik may hold, out of any text: other characters become "-". */
struct str ir_slug(struct arena *arena, struct str text);
struct ir_option *ir_option_add(struct arena *arena, struct ir_option **list, struct span span,
                                struct str path, struct str text);
struct ir_option *ir_option_find(struct ir_option *list, const char *path);
