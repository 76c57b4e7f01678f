/* A configuration that is asked about requests: what it is read from, and its tables. Shared by the
   files that serve `trace`. */
#pragma once

#include "analysis/proxy.h"
#include "lower/compose_env.h"
#include "lower/compose_file.h"
#include "session.h"

struct file_set { /* what the file provider reads as a unit */
    struct file_set *next;
    struct proxy_file *files;
    size_t count;
    bool unreadable; /* one of them is no YAML, which was told */
};

struct missing_variable {
    struct missing_variable *next;
    struct str name;
    struct span span;
    bool required;
};

struct tracing {
    struct proxy proxy;
    struct untyped *base; /* traefik.yml */
    struct file_set *sets, **last_set;
    struct proxy_container *containers, **last_container;
    struct diags *diags; /* where mistakes of texts go */
    bool has_static, has_containers, built;
    struct untyped *flags; /* of Traefik's own command; NULL when there are none */
    bool always;           /* leave services of profiles out: they may not run */
    size_t proxies;        /* containers of Traefik itself */
    uint32_t version;      /* of a workspace; 0 when it has to be found out */
    struct str image;      /* the tag of Traefik's own image, when a compose file has it */
    struct proxy_port *ports;
    struct compose_env env;
    struct missing_variable *missing, **last_missing;
    struct table missed;  /* their names */
    struct arena answers; /* for one question at a time */
};

/* ---- trace_env.c: variables of compose files ---- */

/* What `.env` beside the compose file says, unless --env-file says it. */
void tracing_read_env(struct itsupc *s, struct str compose);
void tracing_expand(void *session, struct tree *root);
struct str tracing_project(struct itsupc *s, const struct compose *compose, struct str otherwise);
void tracing_tell_missing(struct itsupc *s);

struct tracing *tracing_of(struct itsupc *s);
/* Reads a compose text: its services become containers, with the labels of `override` (NULL for
   none), too. */
void tracing_add_compose(struct itsupc *s, struct source *source, struct source *override,
                         struct str project);
/* The same of a file and all that change it, as `docker compose -f` takes them. */
void tracing_add_composes(struct itsupc *s, struct source *const *files, size_t count,
                          struct str project);
/* The same of a compose file that was read and judged. */
void tracing_add_compose_tree(struct itsupc *s, struct tree_file *tree, struct str project);
void tracing_add_file(struct itsupc *s, struct file_set *set, struct source *source);
void tracing_add_tree(struct itsupc *s, struct file_set *set, struct tree_file *tree);
struct file_set *tracing_add_set(struct itsupc *s, size_t most);
struct untyped *tracing_read(struct itsupc *s, struct source *source);
/* The tables, made when they are first needed. */
void tracing_build(struct itsupc *s);
