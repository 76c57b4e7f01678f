/* Everything of one check run: the files read, the names they declare, and the model that comes
 * out. */
#pragma once

#include "model/model.h"
#include "model/scope.h"

/* Reads and parses a file that something imports; told at `at` when it cannot be used (then false).
 */
struct unit_loader {
    void *context;
    struct ast *(*parse)(void *context, struct str name, struct span at);
    struct stack *(*stack)(void *context, struct str name, struct span at); /* `import compose` */
};

/* One file of the language. */
struct unit {
    struct unit *next;
    struct str name; /* as the loader knows it */
    struct ast *ast;
    struct scope *scope; /* its lets */
    struct import *imports;
    size_t import_count; /* as written, the unusable ones too */
    enum { UNIT_NEW, UNIT_BUSY, UNIT_DONE } state;
    bool settled;            /* judged already, its tree is gone */
    struct str project;      /* the folder's name, or empty */
    bool existing;           /* of a configuration of Traefik, which is judged by its own rules */
    bool aliased;            /* imported under an alias: its names are seen through that alone */
    bool lost_import;        /* an import without an alias failed: any name may be its */
    struct span import_span; /* where it was first imported, */
    struct unit *importer;   /* and by what */
    struct stack *stack;     /* the compose file beside it or named by `import compose` */
};

struct import {
    struct import *next;
    struct str alias;  /* empty: its names are visible without one */
    struct unit *unit; /* NULL when it could not be read */
    struct span span;
};

/* A `middleware`, `template` or `tls` by name: what a file declares. */
enum declared_kind {
    DECLARED_MIDDLEWARE,
    DECLARED_TEMPLATE,
    DECLARED_TLS,
    DECLARED_RESOLVER,
    DECLARED_ENTRYPOINT,
    DECLARED_PLUGIN
};

struct declared {
    struct declared *next; /* of the program, in the order of reading */
    enum declared_kind kind;
    struct str name;
    struct span span;
    struct unit *unit;
    struct scope *scope; /* where its body is read */
    struct node *node;
    bool used;
    void *made; /* struct mw_chain, struct tls_options, …, once built */
};

/* One more instance than the files hold: `itsupc expand`. */
struct spawn {
    struct node_call *call;
    struct unit *unit; /* where the name is looked up; NULL: in all files */
    bool made;
};

/* An edge that begins at a project elsewhere and ends at one that is here. */
struct reached {
    struct reached *next; /* in the order of the projects that they begin at */
    struct str from;      /* that project */
    struct str to;        /* "project/service" */
    bool lost;            /* there is no such service */
};

struct program {
    struct arena *arena;  /* of the compilation */
    struct arena scratch; /* emptied after each statement of a file */
    struct diags *diags;
    struct model *model;
    struct unit_loader loader;
    struct spawn *spawn;            /* or NULL */
    struct unit *units, *last_unit; /* in the order in which they were first named */
    struct table unit_index;
    struct table declared; /* "k" + name → struct declared that every file sees */
    struct declared *all_declared, *last_declared;
    struct table lost;   /* names that every file would see, had their statements been read */
    struct table shared; /* lets of files that belong to no project: every file sees them */
    struct binding *shared_list;
    struct table projects; /* by normal name */
    struct project *last_project;
    struct table nameless; /* by compose file: the project of what names none */
    uint32_t traefik;      /* the version to check for; 0: the newest */
    unsigned stack;        /* N of `stack itsup N`, or 0 */
    bool has_proxy;    /* a `proxy` block or static file is in view: its names are all there are */
    size_t expansions; /* template and loop instances so far */
    size_t promised;   /* bytes beside our arenas: the trees, and what comes of the program later */
    size_t written;    /* bytes of all texts */
    size_t statements; /* read in loops and templates so far */
    size_t depth;      /* of nested evaluations */
    bool heavy;        /* a value too large was told: what doubles does so again and again */
    bool exhausted;    /* the limit was told */
    /* What kind of workspace it is; who reads it knows the numbers (ir.h: enum ir_world). */
    int world, generation;
    bool whole; /* an itsUP tree: all projects and their folders are in view */
    /* A slice of it: edges to projects elsewhere are judged there, by `reached` (see egress.h). */
    bool sliced;
    struct reached *reached;
};

/* Is there nothing but an existing configuration? It is judged by the tables that Traefik makes. */
bool program_is_existing(const struct program *program);
void program_start(struct program *program);
/* A file that was named by the workspace, with all that it imports; its declarations become known.
 */
struct unit *program_add(struct program *program, struct str name, struct str project,
                         struct ast *ast, struct stack *stack);
/* Marks in `names` the files that this one imports by a plain name; nothing is told. */
void program_imports(struct arena *arena, struct str name, struct ast *ast, struct table *names);
/* Judges one file at once, so that its tree need not stay: of a file that only its project sees,
   added after all that it may name. */
void program_settle(struct program *program, struct unit *unit);
/* Judges all that was added and fills the model. */
void program_check(struct program *program);

/* Makes the declarations of a body known: its lets in `scope`, the rest in the program. */
void program_declare(struct scope *scope, struct nodes body);
/* The declaration that `name` (plain or `alias.name`) means in this scope, or NULL. */
struct declared *program_find(const struct scope *scope, enum declared_kind kind, struct str name);
/* Whether nothing is known by that name only because its declaration or import could not be read,
   which was told. */
bool program_lost(const struct scope *scope, struct str name);
struct readymade;
enum declared_kind program_readymade(const struct readymade *row);
void program_offer(const struct scope *scope, enum declared_kind kind, struct nearest *near);
/* Whether the name can be written as {name}; told when not. */
bool program_name_value(struct program *program, struct str name, struct span span);
/* Counts `count` more instances; false (told once) above 1,000,000. */
bool program_spend(struct program *program, size_t count, struct span span);
/* The same before `bytes` more are taken: everything of one run together has a bound. */
bool program_afford(struct program *program, size_t bytes, struct span span);
