/* Traefik's configuration as a tree of its options, however it was written: labels, YAML, flags,
   environment variables. Every value keeps its place. */
#pragma once

#include "lower/conf_text.h"
#include "options/options.h"
#include "source/untyped.h"
#include "support/table.h"

struct conf {
    struct conf *next, *first, *last, *parent;
    struct table *index; /* of the children by name in lower case, when there are many */
    const struct option *option;
    struct str name;     /* as Traefik spells an option, as the user spells a name */
    struct nodes values; /* texts; of a list its items */
    struct span key;     /* where it was named first */
    uint32_t count;      /* of the children */
    bool present : 1;    /* an object that stands there, if only as `{}` or `true` */
    bool bad : 1;        /* told already */
    bool stale : 1;      /* deprecated, and told */
    bool poisoned : 1;   /* of an object with a name: something below it is bad */
    bool used : 1;       /* what follows from it was said elsewhere */
};

enum conf_source { CONF_LABEL, CONF_YAML, CONF_FLAG, CONF_ENV };

/* Who writes into such a tree. */
struct conf_reader {
    struct lower *l;
    struct arena *confs; /* of the tree of options itself; what it points to lives with `l` */
    enum conf_source source;
    enum option_tree tree;
    uint32_t version;   /* of Traefik; 0: the newest */
    const char *effect; /* of a mistake: "Traefik drops all routers of this container" */
    bool bad;           /* something was told */
};

struct conf *conf_new(struct arena *a, enum option_tree tree);
struct conf *conf_child(const struct conf *c, struct str name); /* without regard to case */
/* "tls.certResolver"; NULL when there is none. */
struct conf *conf_at(const struct conf *c, const char *path);
/* Its (first) value; NULL when there is none. */
struct node *conf_value(const struct conf *c, const char *path);
bool conf_is_true(const struct conf *c, const char *path);
/* Anything below it that has a value? */
bool conf_has_value(const struct conf *c);
/* "http.routers.web.tls" */
struct str conf_path(struct arena *a, const struct conf *c);

/* `path` = `value`, as labels, flags and variables say it: `path` is the text of a path, behind
   `traefik.` or `--`. What is wrong is told, and nothing is set then. */
struct conf *conf_set(struct conf_reader *r, struct conf *top, struct node *path,
                      struct node *value);
/* A mapping of a file, below an option. */
void conf_add_file(struct conf_reader *r, struct conf *c, const struct untyped *node);

/* ---- between conf.c and its readers ---- */

/* The child of that option and name; made when it is not there. */
struct conf *conf_make(struct arena *a, struct conf *c, const struct option *o, struct str name,
                       struct span key);
/* One value, judged as far as the table can. */
void conf_put(struct conf_reader *r, struct conf *c, struct node *text);
void conf_tell_unknown(struct conf_reader *r, const struct option *reached, struct str path,
                       struct str word, struct span span);
void conf_tell_state(struct conf_reader *r, struct conf *c, struct span span);
