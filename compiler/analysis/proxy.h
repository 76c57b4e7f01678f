/* What a Traefik would have loaded: entry points with their tables of routers, in the order in
   which it asks them; and what it would have refused, with the reason. */
#pragma once

#include "analysis/host_index.h"
#include "analysis/request.h"
#include "analysis/test.h"
#include "analysis/untyped.h"
#include "source/reach.h"
#include "support/table.h"

enum layer { LAYER_HTTP, LAYER_TCP, LAYER_UDP, LAYERS };

/* A service, a middleware or TLS options. */
struct object {
    struct object *next;
    struct str name, provider, full; /* full: "name@provider" */
    struct str origin;               /* the container or file; empty for Traefik's own */
    const struct untyped *conf;
    struct span span;
    struct strs servers; /* of a container's service: where it is reached */
    bool deleted;        /* two containers disagree about it */
    enum { OBJECT_NEW, OBJECT_ASKED, OBJECT_JUDGED } state;
    struct str fault; /* of a JUDGED one: why Traefik could not make it; empty when it could */
    unsigned visit;   /* the last walk that came by */
};

struct router {
    struct router *next;
    enum layer layer;
    struct str name, provider, full;
    struct str origin; /* the container or file; empty for Traefik's own */
    const struct untyped *conf;
    struct span span;
    struct str rule, service;
    struct strs entry_points, middlewares;
    int64_t priority; /* as written; 0: the rule's length */
    bool tls, passthrough, deleted;
    struct str tls_options, resolver; /* as written; empty when not */
    struct str refused;               /* why it is not loaded at all; empty when it is */
    struct test *test;                /* the rule; NULL without one that can be asked */
    unsigned cost;                    /* of asking it once */
    struct strs hosts;                /* of the rule's Host or HostSNI, in lower case */
    bool hosts_known;                 /* the rule's syntax is good enough to look for hosts */
    bool catch_all;                   /* the rule is HostSNI(`*`) and nothing else */
    bool unmodelled;                  /* refused only because it is not known what becomes of it */
    bool v2;                          /* its rule follows the syntax of Traefik 2 */
    struct strs parents;      /* routers that ask it, qualified; it has no entry point then */
    struct router **children; /* those that it asks instead of a service */
    size_t child_count;
    struct placement *as_child; /* NULL until it is made */
    bool reached, asked;        /* from a root; while its own children are looked at */
    bool was_child;             /* none of its parents exists: Traefik takes it for one without */
    bool orphans;               /* TLS options that conflict hide it from its children */
    unsigned plain,
        plain_conflicts; /* entry points where it has its own name, and conflicts there */
};

struct placements;

/* A router on one entry point, or below other routers. */
struct placement {
    const struct router *router;
    struct str runtime; /* its name in Traefik's API and logs */
    int64_t priority;
    int rank; /* of its provider; higher is asked first */
    struct strs middlewares, servers;
    struct str service; /* qualified */
    bool tls, passthrough;
    struct str options, resolver; /* of TLS in effect: qualified; "default" */
    bool conflict;                /* another router of the same host wants other options */
    bool of_model;                /* the entry point gave it a name of its own */
    bool broken;                  /* TCP: its TLS options do not exist, connections are closed */
    struct str refused;           /* why it is not in the table */
    struct placements *children;  /* asked behind its middlewares; NULL when it has a service */
};

struct placements {
    struct placement **at; /* in the order in which they are asked */
    size_t count;
    struct host_index *by_host; /* NULL for UDP and for those that are asked nothing */
};

/* One server name that HTTPS routers claim. */
struct sni {
    struct str host;
    struct str options; /* empty: the connection is closed */
    int64_t priority;
    bool random;    /* routers disagree about the options, and the load order decides */
    bool may_close; /* … and the options that one of them wants do not exist */
    bool strict;    /* … or want a certificate for the server name */
};

struct entry_point {
    struct entry_point *next;
    struct str name, address, port;
    const struct untyped *conf; /* NULL when nobody wrote it */
    struct span span;
    bool udp, as_default, assumed; /* assumed: no static configuration is in view */
    struct strs middlewares;
    bool tls;
    struct str tls_options, resolver;
    const struct untyped *tls_domains;
    struct http_rules http_rules;
    bool acme_bypass;
    const struct untyped *encoded; /* http.encodedCharacters, or NULL */
    struct placements http, https, tcp, tcp_tls, udp_routes;
    struct placements absent; /* routers that would be here, if they had been accepted */
    struct table snis;        /* host without a dot at its end -> struct sni */
};

struct proxy_port { /* a port of a container, and where Docker publishes it */
    struct proxy_port *next;
    struct str published, port; /* the first of a range; empty when Docker or nobody says */
    uint16_t from, to, target_from, target_to;
    struct str ip; /* empty: on all addresses */
    bool udp, unknown;
    struct span span;
};

struct proxy_note { /* something that Traefik would refuse, or that cannot be known */
    struct proxy_note *next;
    struct span span;
    struct str text, effect;
    bool drops; /* a container is left out */
};

/* Two definitions of one name, of which Traefik does not take both as they are. */
struct clash {
    struct clash *next;
    enum {
        CLASH_DROPPED,  /* containers disagree: Traefik takes neither */
        CLASH_MERGED,   /* containers agree about a service: their servers are balanced */
        CLASH_SHADOWED, /* the file that is read first wins */
    } outcome;
    const char *what; /* "router" */
    struct str name, provider;
    struct span first, second;
    struct str first_origin, second_origin; /* containers or files */
    const struct router *first_router, *second_router;
    bool open; /* variables may make them alike after all */
};

struct proxy {
    struct arena *arena;
    uint32_t version;
    const struct untyped *conf; /* the static configuration; NULL when it is not in view */
    bool has_files, has_containers;
    bool has_certificates;        /* some file has certificates of its own */
    const struct untyped *stores; /* tls.stores of the first file that has some */
    struct str docker;            /* "docker" or "swarm" */
    struct strs precedence;
    bool precedence_written; /* Traefik 3.7 forgets its own order of providers when it is not */
    struct strs default_entry_points;
    struct entry_point *entry_points, **last_entry_point;
    struct proxy_port *ports;
    struct proxy_container *containers;
    struct router *routers, **last_router;
    struct object *services[LAYERS], *middlewares[LAYERS], *tls_options;
    struct table service_table[LAYERS], middleware_table[LAYERS], tls_table, entry_table;
    bool default_options_gone; /* two providers declare the options `default` */
    bool acme_tls;             /* some resolver answers the TLS-ALPN challenge */
    bool cname;                /* hostResolver.cnameFlattening */
    bool v2;                   /* core.defaultRuleSyntax */
    unsigned visits;
    struct proxy_note *notes, **last_note;
    struct clash *clashes, **last_clash;
    struct certificate *certificates, **last_certificate;
    struct table certificate_names; /* name -> the certificate that is shown for it */
    struct str unread_certificate;  /* a file that may hold one for any name */
    /* A file that the configuration names; may be NULL. */
    bool (*read)(void *context, struct str name, struct str *text);
    void *read_context;
    struct arena aside; /* for one rule at a time, while the tables are made */
};

void proxy_start(struct proxy *p, struct arena *a, uint32_t version);
/* traefik.yml; before everything else, at most once. */
void proxy_add_static(struct proxy *p, struct untyped *conf);
/* Files that the file provider reads as a unit: when one is wrong none of them is loaded. */
struct proxy_file {
    struct str name;
    struct untyped *conf;
};
void proxy_add_files(struct proxy *p, const struct proxy_file *files, size_t count);
/* A container with its labels. */
struct proxy_container {
    struct proxy_container *next;
    struct str name;    /* of the service in the compose file */
    struct str project; /* of compose */
    struct str host;    /* what a network calls it */
    struct span span;
    struct untyped_label *labels; /* that count: those below `deploy` for Swarm */
    struct untyped_label *own_labels, *deploy_labels;
    size_t label_count, own_label_count, deploy_label_count;
    struct str port; /* the lowest exposed port; empty when the image alone knows */
    struct reach_end reach;
    bool reach_known; /* `reach` holds all of its networks */
    bool is_proxy;    /* it is Traefik itself */
    bool served;      /* its labels were taken */
    struct str image;
    struct proxy_port *ports;
    struct proxy_mount *mounts;
    struct strs networks; /* as the compose file calls them */
    bool own_network;     /* network_mode: it joins none */
};
struct proxy_mount {
    struct proxy_mount *next;
    struct str source, target;
    struct span span;
    bool read_only;
};
void proxy_add_containers(struct proxy *p, struct proxy_container *first);
/* After all of them: the tables. */
void proxy_build(struct proxy *p);

struct proxy_note *proxy_tell(struct proxy *p, struct span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
struct clash *proxy_clash(struct proxy *p, const char *what, struct str name, struct str provider);
/* `name` as an object of `provider` would mean it: "name@provider". */
struct str proxy_qualify(struct proxy *p, struct str name, struct str provider);
struct entry_point *proxy_entry_point(const struct proxy *p, struct str name);
struct object *proxy_service(const struct proxy *p, enum layer layer, struct str full);
struct object *proxy_middleware(const struct proxy *p, enum layer layer, struct str full);
void placements_add(struct placements *list, struct arena *a, struct placement *route);

/* ---- between the files of the loader ---- */

/* What one container, one file or one provider brings. */
struct part {
    struct router *routers, **last_router;
    struct object *services[LAYERS], *middlewares[LAYERS], *tls_options;
    struct object **last_service[LAYERS], **last_middleware[LAYERS], **last_options;
};
void part_start(struct part *part);
/* `root` holds http, tcp, udp and tls. */
void part_read(struct proxy *p, struct part *part, const struct untyped *root, struct str provider,
               struct str origin);
struct router *part_router(struct proxy *p, struct part *part, enum layer layer, struct str name,
                           struct str provider, const struct untyped *conf);
struct object *object_new(struct proxy *p, struct object ***last, struct str name,
                          struct str provider, const struct untyped *conf);
/* A whole provider into the proxy. */
void proxy_take(struct proxy *p, struct part *part);
/* Traefik's own routers: api, ping, metrics, redirections, the ACME challenge. */
void proxy_add_internal(struct proxy *p);
struct entry_point *entry_point_new(struct proxy *p, struct str name, struct str address);
/* Fills in test, hosts, catch_all, or `refused`. */
void router_read_rule(struct proxy *p, struct router *router);
