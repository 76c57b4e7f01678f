/* What an importer is: one kind of file that another system reads, and how it becomes our AST. */
#pragma once

#include "lower/generation.h"
#include "lower/loader.h"
#include "lower/lower.h"

/* How well a file fits a kind. Keys count; the name only breaks ties. */
enum import_fit {
    FIT_NONE,
    FIT_NAME, /* the name says so, and no key contradicts it */
    FIT_KEYS, /* the keys at the top say so */
    FIT_BOTH,
};

struct import_file {
    struct import_file *next;
    struct tree_file *tree;
    const struct importer *importer;
    unsigned part;    /* which of its kind's files it is, as `fit` answered */
    bool has_compose; /* a compose file lies beside it */
};

/* What the surroundings of the files say. */
struct import_facts {
    bool plain_http;               /* Phoenix: the generator behind a gateway that ends TLS */
    struct generation_marks marks; /* itsUP, of all files given */
};

struct import_job {
    struct arena *arena; /* of the AST */
    struct arena *keep;  /* of what outlives it */
    struct diags *diags;
    struct import_file *files; /* at least one */
    const struct import_facts *facts;
    struct lower_losses *losses;       /* may be NULL */
    const struct lower_loader *loader; /* for what a file includes; may be NULL */
    uint32_t version;                  /* of Traefik, as asked for; 0: what the files say */
    /* Called by Traefik's when all files were read: their trees may go. May be NULL. */
    void (*gathered)(void *context);
    void *context;
    bool listed; /* what a folder holds: nobody said which files belong together */
};

struct importer {
    const char *name, *gist; /* "a project's routing file of itsUP" */
    bool together;           /* all its files in one folder are one thing */
    bool everywhere;         /* … in whatever folders they are */
    bool project;            /* its file is named after its folder, as ingress.itsup is */
    bool beside;             /* files of its folder that were not given may say more */
    bool guests;             /* outputs as Phoenix has them: dynamic_conf.yml, traefik.yml */
    enum import_fit (*fit)(const struct tree_file *file, unsigned *part);
    /* Is the file of this kind beyond doubt, though no one named it? NULL: never. */
    bool (*sure)(const struct tree_file *file);
    /* Does it read such a file, whose tree may be gone, from what untyped_file leaves of it? NULL:
       never. */
    bool (*plain)(const struct tree_file *file);
    void (*look)(struct import_facts *facts, const struct import_file *file); /* may be NULL */
    /* Who reads the file after all, once the others were looked at; NULL: this one. */
    const struct importer *(*instead)(const struct import_facts *facts,
                                      const struct import_file *file); /* may be NULL */
    /* Never NULL; what is wrong with the files was told. */
    struct ast *(*read)(struct import_job *job);
};

extern const struct importer *const importers[]; /* NULL-terminated */

/* JSON by its name or its first character, else YAML; NULL after a syntax error. What is read with
   its tree may have TREE_MOST_NODES, which import_fits tells. */
bool import_fits(struct diags *diags, const struct tree_file *file);
struct tree_file *import_tree(struct arena *arena, struct diags *diags, struct source *source);
/* The importer that fits best, NULL when none does. */
const struct importer *importer_find(const struct tree_file *file, unsigned *part);
/* Tells that none does. */
void importer_tell_unknown(struct diags *diags, const struct tree_file *file);

/* ---- for `fit` ---- */

/* Does the file hold, at the top, one of these keys (NULL-terminated)? */
bool import_has_key(const struct tree_file *file, const char *const *keys);
/* The file's name without folders. */
struct str import_base_name(const struct tree_file *file);
enum import_fit import_fit_of(bool keys, bool name);
