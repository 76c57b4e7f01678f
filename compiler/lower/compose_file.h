/* A compose file as a model: what it declares, after `extends`, `include`, override files and merge
   keys, and where each thing stands in whose text. Values keep their text as written: `$` is not
   interpolated, numbers are not read. */
#pragma once

#include "lower/compose_port.h"
#include "lower/loader.h"
#include "lower/tree.h"

struct table;

/* One file that was read. */
struct compose_part {
    struct compose_part *next;
    struct source *source;
    struct tree *root;     /* a mapping */
    struct tree *services; /* a mapping, or NULL */
    bool included;         /* through `include`; its text is never spliced */
};

/* A mapping that says something about a service. Later ones win. */
struct compose_layer {
    struct compose_layer *next;
    struct tree *body;
    struct compose_part *part;
    bool own; /* not from another service through `extends` */
};

/* Labels, environment variables: "key=value" items or a mapping. */
struct compose_pair {
    struct compose_pair *next;
    struct str key, value;
    bool has_value; /* false: "KEY" alone, or null */
    struct span span, key_span, value_span;
    struct tree *node; /* list item or value, aliases followed */
    struct compose_layer *layer;
};

struct compose_pairs {
    struct compose_pair *first, *last;
    size_t count;
};

struct compose_text {
    struct compose_text *next;
    struct str text;
    struct tree *node;
};

struct compose_texts {
    struct compose_text *first, *last;
    size_t count;
};

struct compose_attachment { /* of a service to a network */
    struct compose_attachment *next;
    struct str network;
    struct span span;                         /* of the name */
    struct tree *config;                      /* a mapping, or NULL */
    struct tree *ipv4_address, *ipv6_address; /* scalars, or NULL */
    struct compose_texts aliases;
};

struct compose_dependency {
    struct compose_dependency *next;
    struct str service;
    struct span span;
    struct tree *condition; /* a scalar, or NULL */
    bool optional;          /* required: false */
};

struct compose_mount {
    struct compose_mount *next;
    struct tree *node;
    struct str type; /* "volume", "bind", …; empty when a variable hides it */
    struct str source, target;
    bool read_only;
};

struct compose_service {
    struct compose_service *next;
    struct str name;
    struct span name_span;
    struct compose_part *part; /* that declares it first */
    struct tree *body;         /* in that part; NULL when it is poisoned: judge nothing about it */
    struct compose_layer *layers, *last_layer;

    struct compose_pairs labels, environment;
    struct compose_attachment *networks;
    bool partial;      /* it extends what could not be found: what is missing may stand there */
    bool has_networks; /* the key stands in some layer: `default` is then not implied */
    struct compose_port *ports, *expose;
    struct compose_mount *volumes;
    struct compose_dependency *depends_on;
    struct compose_texts dns, profiles, env_files, command;
    struct tree *image, *container_name, *network_mode, *restart; /* scalars, or NULL */
    struct tree *healthcheck, *deploy; /* mappings, joined over the layers, or NULL */
};

struct compose_network {
    struct compose_network *next;
    struct str name;
    struct span name_span;
    struct compose_part *part;
    struct tree *body; /* a mapping, or NULL */
    bool external;
    struct str real_name; /* `name:` or the external name; empty: "<project>_<name>" */
    struct span real_name_span;
    struct compose_texts subnets;
};

/* Volumes, secrets and configs: what a name check needs. */
struct compose_item {
    struct compose_item *next;
    struct str name;
    struct span name_span;
    struct tree *body; /* a mapping, or NULL */
    bool external;
};

struct compose {
    struct arena *arena;
    struct diags *diags;
    const struct lower_loader *loader; /* may be NULL: other files are then not looked at */
    struct compose_part *parts, *last_part;
    struct compose_part *main; /* the file itself, the one to splice */
    struct str name;           /* `name:`, else empty */
    struct span name_span;
    struct compose_service *services; /* in the order of the files */
    struct compose_network *networks;
    struct compose_item *volumes, *secrets, *configs;
    struct table *service_table, *network_table, *part_table;
    struct table *circle_table; /* bodies in circles of `extends` that were told */
    size_t expansions;          /* layers and values that `extends` repeated */
    size_t suggestions; /* "did you mean" costs a look at every name; given to the first ones */
    bool incomplete;    /* some file could not be read: names may be missing without being wrong */
    bool judged;        /* what its shapes are was told before */
    bool again;         /* its text was judged: only what an outline holds is looked for */
};

/* `override` (compose.override.yml) may be NULL. NULL after a syntax error in `file`; otherwise the
   model is there, and what is wrong was reported. */
struct compose *compose_read(struct arena *arena, struct diags *diags, struct source *file,
                             struct source *override, const struct lower_loader *loader);
/* The same of a file and any number of those that change it, in the order of `docker compose -f`.
 */
struct compose *compose_read_all(struct arena *arena, struct diags *diags,
                                 struct source *const *files, size_t count,
                                 const struct lower_loader *loader);
/* The same of a file whose tree stands, and of those that change it (`over`); one that was judged
 * is not held against the shapes again.
 */
struct compose *compose_of_tree(struct arena *arena, struct diags *diags, struct tree_file *file,
                                const struct lower_loader *loader, bool judged);
/* The same of a text that was read before and has gained a few lines: for its outline alone. */
struct compose *compose_read_again(struct arena *arena, struct diags *diags, struct source *file);

struct compose_service *compose_service_find(const struct compose *c, struct str name);
struct compose_network *compose_network_find(const struct compose *c, struct str name);
/* The name that a misspelt one most likely stands for, else empty. */
struct str compose_service_nearest(struct compose *c, struct str name);
struct str compose_network_nearest(struct compose *c, struct str name);

/* The value of any key of a service: the one of the last layer that has it. */
struct tree *compose_service_get(const struct compose_service *service, struct str key);
struct compose_pair *compose_pair_find(const struct compose_pairs *pairs, struct str key);
struct compose_attachment *compose_service_network(const struct compose_service *service,
                                                   struct str network);
/* "host", "none", "service:x", …; empty without `network_mode`. */
struct str compose_network_mode(const struct compose_service *service);

/* A key of a service as it stands in the file's own text, for splicing. */
struct compose_own {
    struct tree_entry *entry; /* NULL: the service's body has no such key */
    struct tree *node;        /* its value, aliases followed */
    bool aliased;             /* written as `*name` */
    bool merged;              /* written elsewhere and merged in through `<<` */
    bool anchored;            /* has an `&name` that other places may use */
};
/* Two services that share one list answer with the same node. */
struct compose_own compose_service_own(const struct compose_service *service, struct str key);
