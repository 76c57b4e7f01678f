/* An existing configuration of Traefik, from whatever files it was gathered: its static part, and
   the dynamic parts of each provider. */
#pragma once

#include "lower/compose_file.h"
#include "lower/conf.h"
#include "lower/importer.h"

/* What a file of such a configuration is. */
enum traefik_file { TRAEFIK_COMPOSE, TRAEFIK_DYNAMIC, TRAEFIK_STATIC, TRAEFIK_STACK };

enum traefik_provider { PROVIDER_DOCKER, PROVIDER_SWARM, PROVIDER_FILE, PROVIDERS };

/* Routers, services, middlewares that were declared together: by the labels of one container, or
   by one file. */
struct traefik_part {
    struct traefik_part *next;
    struct lower *l;
    enum traefik_provider provider;
    struct conf *conf;
    struct str service; /* of Compose; empty for a file */
    struct span span;   /* of its name, or the file's start */
    struct node *port;  /* the lowest one that the container exposes, or NULL */
    bool is_proxy;      /* it is Traefik itself */
    bool today;         /* some labels are none of Traefik 1 */
};

struct traefik {
    struct arena *arena; /* of what the language says, and of all texts */
    struct arena confs;  /* of the options and objects: gone when all is written */
    struct arena aside;  /* for one label, one route at a time */
    struct diags *diags;
    struct lower_losses *losses;
    const struct import_job *job;
    struct traefik_part *parts, **last_part;
    struct conf *fixed; /* the static configuration; NULL when none is in view */
    struct lower *fixed_lower;
    bool has[PROVIDERS];  /* some file of that provider is in view */
    uint32_t version;     /* of the image; 0: unknown */
    struct span start;    /* of the first file */
    struct table objects; /* "docker http.middlewares NAME" → struct traefik_object */
    struct table taken;   /* "middlewares WORD": what is called so in the language */
    struct traefik_object *first_object, **last_object;
    struct traefik_rest *rest, **last_rest;
};

/* A named object that others refer to. */
struct traefik_object {
    struct traefik_object *next;
    struct traefik_part *part;
    struct conf *conf;
    struct str word; /* its name in the language, of a kind that is called by name */
    unsigned uses, inlined;
    bool kept; /* something that stays YAML refers to it */
};

/* An option of the static configuration that stays YAML. */
struct traefik_rest {
    struct traefik_rest *next;
    struct conf *conf;
};

/* ---- reading: nothing of what is made points into a file's tree ---- */
struct lower *traefik_lower(struct traefik *t, const struct tree_file *file);
void traefik_read_compose(struct traefik *t, struct tree_file *file);
void traefik_read_stack(struct traefik *t, struct tree_file *file);
void traefik_read_dynamic(struct traefik *t, struct tree_file *file);
void traefik_read_static(struct traefik *t, struct tree_file *file);
/* The first flag, or NULL. */
const struct node *traefik_read_flags(struct traefik *t, struct lower *l,
                                      const struct compose_texts *flags);
/* `flags`: the first one of the same command; Traefik then does not look at variables. */
void traefik_read_environment(struct traefik *t, struct lower *l, const struct compose_pairs *pairs,
                              const struct node *flags);
struct traefik_part *traefik_part_new(struct traefik *t, struct lower *l,
                                      enum traefik_provider provider, struct span span);
/* `traefik.KEY=VALUE`: false when it is no label of Traefik's. */
bool traefik_label(struct traefik *t, struct traefik_part *part, struct node *key,
                   struct node *value);

/* ---- writing ---- */
/* The object that a reference means: a name, or NAME@provider. NULL with `outside` set when it is
   declared by something that is not in view, or by Traefik itself. */
struct traefik_object *traefik_find(struct traefik *t, const struct traefik_part *from,
                                    const char *kind, struct str name, bool *outside);
void traefik_index(struct traefik *t);
/* Does some router refine what this router of HTTP accepts? */
bool traefik_is_parent(struct traefik *t, const struct traefik_part *part, struct str router);
bool traefik_is_taken(const struct traefik *t, const char *kind, struct str word);
/* A link of a route's chain; NULL when it was told to be wrong. */
struct node *traefik_link(struct traefik *t, struct traefik_part *part, const char *kind,
                          struct node *name);
/* "did you mean …" for a reference that leads nowhere. */
void traefik_hint(struct traefik *t, const struct traefik_part *part, const char *kind,
                  struct str name, struct diag *d, struct span span);
/* Hangs the comments right above the option's line on the node. */
void traefik_comments(struct lower *l, struct node *node, const struct conf *c);
void traefik_judge_middlewares(struct traefik *t);
/* Services, certificates. */
void traefik_judge_objects(struct traefik *t);
struct nodes traefik_proxy(struct traefik *t);
struct nodes traefik_middlewares(struct traefik *t);
struct nodes traefik_tls(struct traefik *t);
struct nodes traefik_routes(struct traefik *t);
/* `raw KIND """…"""` of options that have no words; NULL when there are none. */
struct node *traefik_raw(struct lower *l, const char *kind, struct conf *const *list, size_t count);
void traefik_lose(struct traefik *t, const struct conf *c, const char *reason);
void traefik_lose_text(struct traefik *t, const struct node *text, const char *reason);
/* True when it has a variable where the compiler must know the value; told as a loss. */
bool traefik_is_open(struct traefik *t, const struct conf *c);
/* The entry point's own port; 0 when it is not in view or has none. */
unsigned traefik_port_of(const struct traefik *t, struct str entrypoint);
bool traefik_listens(const struct traefik *t, unsigned port);
/* The names of entry points that routes of HTTPS (or HTTP) get without being told. */
struct str traefik_default_entrypoint(const struct traefik *t, bool tls);
/* Whether plain HTTP is redirected by the entry point, or not served at all: 1 yes, 0 no, -1 not
   known. */
int traefik_redirects(const struct traefik *t);

/* A key of the user's own with a dot in it, which the path of an option cannot hold. */
bool traefik_has_dot(const struct conf *c);
/* `name value` */
struct node *traefik_setting(struct lower *l, const char *name, struct node *value);
/* `option PATH VALUE` for every value below it; options that take none are told as losses. */
struct nodes traefik_options(struct traefik *t, struct lower *l, struct nodes body, struct conf *c,
                             struct str path);
/* A duration as the language wants it: Traefik takes bare seconds, too. */
struct node *traefik_duration(struct arena *a, struct node *text);
struct node *traefik_size(struct arena *a, struct node *text); /* … and counts bytes */
