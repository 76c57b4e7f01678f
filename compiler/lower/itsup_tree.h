/* A whole itsUP tree → one AST per file, all in one generation. */
#pragma once

#include "lower/itsup_project.h"
#include "lower/loader.h"
#include "lower/secrets.h"

/* What lies in one folder below projects/. Names are paths as the loader knows them, empty where
   there is no such file. */
struct itsup_project_files {
    struct str name;     /* of the folder */
    struct str language; /* ingress.itsup */
    struct str
        routing[ITSUP_THREE + 1]; /* by generation: traefik.yml, ingress.yml, itsup-project.yml */
    struct str compose;
};

struct itsup_tree_files {
    struct str proxy, infra, traefik, middlewares; /* proxy.itsup, itsup.yml, … in projects/ */
    struct str *secrets;                           /* the plain files of secrets/ */
    size_t secret_count;
    struct str encrypted;                 /* secrets/itsup.enc.txt when it has no plain twin */
    struct itsup_project_files *projects; /* sorted by name */
    size_t project_count;
    /* A tree in slices: its generation is known (else 0), or is all that is to be found out of the
       projects here. */
    enum itsup_generation generation;
    bool only_seen;
    struct str old; /* then also: the first file with an old name, and how many there are */
    size_t old_count;
};

/* Where the files come from and go to. */
struct itsup_tree_host {
    struct lower_loader loader;
    void *context;
    /* A file of our language, parsed; NULL when it cannot be used. */
    struct ast *(*parse)(void *context, struct str name);
    /* One file of the program. `project` is empty for what concerns the proxy. */
    void (*add)(void *context, struct ast *ast, struct str project, struct str compose);
    /* The same for a file that only its project sees; the tree is gone after the call. */
    void (*add_lowered)(void *context, struct ast *ast, struct str project, struct str compose);
};

/* `scratch` holds the project at hand; large workspaces must not keep a tree per project.
   `secrets` gets what the secrets files say. Returns the generation. */
enum itsup_generation itsup_tree_lower(struct arena *arena, struct arena *scratch,
                                       struct diags *diags, const struct itsup_tree_files *files,
                                       const struct itsup_tree_host *host, struct secrets *secrets);
