/* What stands behind itsupc.h: one session, shared by the files that serve it. */
#pragma once

#include "itsupc.h"
#include "lower/importer.h"
#include "lower/secrets.h"
#include "model/program.h"
#include "source/fix.h"

struct ir;
struct joint;
struct pieces;

/* Files of an existing configuration of Traefik, which are one system. */
struct existing_file {
    struct existing_file *next;
    struct source *source;
    struct tree_file *tree; /* until the trees are given back */
    enum { EXISTING_STATIC, EXISTING_COMPOSE, EXISTING_DYNAMIC, EXISTING_OTHER } kind;
};
struct existing {
    struct existing *next;
    struct existing_file *files;
    bool read;
    struct tracing *tracing; /* what Traefik would make of it; NULL when it is left alone */
};

struct unread { /* a file of our language that lies where a tree does not look */
    struct unread *next;
    struct str name;
};

struct value_file { /* of --env-file */
    struct value_file *next;
    struct str text;
};

struct itsupc {
    struct arena arena;
    struct arena trees; /* given back when the model stands; nothing in the model points here */
    struct arena yaml;  /* YAML and JSON as trees: the same, or sooner */
    struct arena project, compose; /* the same, of the project and the compose file at hand */
    struct itsupc_options options;
    struct sources sources;
    struct diags diags;
    struct program program;
    struct table files_read, asts, stacks; /* by name: each file is read once */
    struct table trees_read;               /* by name: struct import_file */
    struct table readings;                 /* of editing/: by name, likewise */
    struct secrets secrets;
    struct value_file *value_files, **last_value_file;
    struct ir *ir;      /* of the last build, or NULL */
    struct ir *decided; /* the same once the passes have run; NULL after an error */
    struct existing *existing;
    struct tracing *tracing; /* NULL until something is asked about requests */
    size_t files;
    const struct source *proxy; /* proxy.itsup of a tree, or NULL */
    struct fixes fixes;
    struct str stack_compose; /* of a ready-made proxy, else empty */
    struct unread *unread;
    bool checked, partial, finished;
    bool only_checks; /* nothing is made of it, or in a rehearsal what may tell something */
    bool listed;      /* the files at hand are what a folder holds */
    bool in_tree;     /* of itsUP: compose files are generated anew, in another folder */
    /* Of a slice of a tree (slices/record.h): its projects by name, and the folder that they lie
     * in. */
    struct str *own, above;
    size_t own_count;
    struct pieces *pieces;
    struct joint *join; /* of its base */
    bool yaml_shared;   /* what other importers made points into the arena `yaml` */
};

/* ---- compile.c ---- */

struct itsupc_text session_text(const struct buf *out);
/* The file as a source; NULL when it cannot be used, told at `at` or at the file's own start. */
struct source *session_source(struct itsupc *s, struct str name, struct span at);
struct source *session_add_source(struct itsupc *s, struct str name, struct str text);

/* ---- stacks.c: compose files ---- */

/* session_source for what a compose file includes. */
bool session_load_part(void *context, struct str path, struct span at, struct source **out);
/* The model of a compose file with its override, in the arena `compose`; NULL after an error. */
struct compose *session_compose(struct itsupc *s, struct source *source);
struct stack *session_stack(struct itsupc *s, struct str name, struct span at);
/* Its own `name:`, which must be a legal one. */
void session_check_compose_name(struct itsupc *s, const struct compose *compose);

/* ---- compile.c again: the pipeline ---- */

/* The model, once; then the IR before its passes, if session_goes_on: no error so far. */
void session_check(struct itsupc *s);
bool session_goes_on(struct itsupc *s);
struct ir *session_ir(struct itsupc *s);
/* The same with every decision of the passes; NULL after an error. */
struct ir *session_decided(struct itsupc *s);
void session_finish(struct itsupc *s); /* the findings are all there are */
struct emission;
struct emission session_emission(struct itsupc *s);

/* ---- stack.c: `stack itsup N` ---- */

/* Adds the ready-made proxy to the model, when there is one; after
   the checks, which know it by its table. */
void stack_add(struct itsupc *s);

/* ---- raw.c: YAML that the user adds to what is generated ---- */

struct ir;
void raw_read(struct itsupc *s, struct ir *ir);
struct doc *raw_yaml(struct itsupc *s, struct str text);
/* A compose text with what a `raw compose` says put in, as far as there is a place for it. */
struct emission;
struct doc;
struct str raw_splice(struct emission *e, struct str text, const struct doc *over);
/* ---- given.c ---- */

/* Tells each `${NAME}` of proxy.itsup that stands in a file of Traefik and has no value. */
void given_check(struct itsupc *s, const struct source *proxy);
/* ---- given_hosts.c ---- */

/* Tells hosts, paths, targets and rules that the values would break, where Traefik reads them. */
void given_check_hosts(struct itsupc *s, const struct ir *ir);
/* ---- trace.c ---- */

void session_end_tracing(struct itsupc *s);
/* ---- build.c ---- */

/* Everything is decided, and the backends may run; false after an error. */
bool session_build_start(struct itsupc *s);
/* What all of it becomes, without looking for routes that hide each other: `trace` shows why. */
struct itsupc_artifacts session_made(struct itsupc *s);

struct handing {
    struct itsupc *session;
    const struct itsupc_taker *taker;
};
/* An emission that hands over what it makes. */
struct emission session_handing(struct itsupc *s, struct handing *to);

/* ---- slices/slice.c ---- */

void slice_begin(struct itsupc *s, const struct itsupc_tree *tree);

/* ---- lint_existing.c ---- */

/* What Traefik would silently do with existing configurations. They are read while their trees are
   there, and judged when all else is known to be wrong that is. */
void session_lint_read(struct itsupc *s);
void session_lint_gather(struct itsupc *s, struct existing *system); /* … of one system */
void session_lint(struct itsupc *s);
/* ---- lint_workspace.c ---- */

/* The same of what a workspace is built into, once its backends ran. */
void session_lint_workspace(struct itsupc *s, struct emission *e);
/* Does it hold what they could find, beyond what the model sees? */
bool session_is_lintable(struct itsupc *s);

/* ---- foreign.c: files that other systems read ---- */

/* Is it one? Told by its name's ending, else by its content. */
bool foreign_is(struct itsupc *s, struct source *source);

struct foreign {
    struct foreign *next;
    struct ast *ast;
    struct str name; /* of its first file */
    bool guests;     /* Phoenix's */
    bool project;    /* it is one project's, named after its folder */
    bool existing;   /* a configuration of Traefik */
};
/* Trees of the sources that are no files of our language, in the order of the first file of each.
 */
struct foreign *foreign_read(struct itsupc *s, struct source *const *sources, size_t count,
                             struct lower_losses *losses);
