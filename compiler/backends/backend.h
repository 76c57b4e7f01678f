/* A backend: IR → texts of artefacts, in memory. One file each, one line in backends.def. */
#pragma once

#include "ir/ir.h"
#include "options/options.h"

struct artifact {
    struct artifact *next;
    struct str path; /* below the output folder, "/" between folders */
    struct str text;
    const char *emit; /* the word of `--emit` that chooses it */
};

/* Where an object of an artefact comes from. */
struct origin {
    struct origin *next;
    const struct artifact *artifact; /* once it is there */
    struct str object;               /* "http.routers.shop-web-80" */
    struct span span, over;          /* none: nobody wrote it */
    const char *kind;                /* NULL: as the span tells */
};

struct origins {
    struct origin *first, *last, *unnamed; /* unnamed: the first without an artefact */
};

struct emission {
    struct arena *arena;
    struct ir *ir;
    struct sources *sources;
    struct diags *diags;
    /* The value of a run-time variable; false when nothing gives one. */
    bool (*variable)(void *context, struct str name, struct str *value);
    void *context;
    struct doc *(*yaml)(void *context, struct str text);              /* NULL when it is none */
    struct outline *(*outline)(struct arena *arena, struct str text); /* of a compose text */
    struct outline *(*outline_again)(struct arena *arena,
                                     struct source *source); /* a brief one's */
    /* Takes each artefact as it is made; NULL: they are kept in the list. */
    void (*put)(void *taker, struct str path, struct str text);
    /* Does this very text stand there already? NULL: nobody knows. */
    bool (*has)(void *taker, struct str path, struct str text);
    void *taker;
    /* A compose text with more put into it. */
    struct str (*splice)(struct emission *e, struct str text, const struct doc *more);
    struct artifact *first, **last;
    const char *emit; /* of the backend that runs */
    bool apart;       /* … and whether what it makes belongs to one project alone */
    bool mapping;     /* somebody wants to know where objects come from */
    bool rehearsal;   /* nothing is written: what is not in view is there all the same */
    struct origins *origins;
    struct label_words *words; /* see labels.c; NULL: nothing is remembered */
    struct pieces *pieces;     /* see pieces.h; NULL: all is made at once */
};

struct backend {
    const char *name, *emit, *gist;
    void (*run)(struct emission *e);
    bool asked; /* written only when --emit names it */
    bool apart; /* each of its artefacts belongs to one project alone */
};
extern const struct backend *const backends[]; /* NULL-terminated */

/* Before they run, once: what is found out for all of them is in the IR. */
void backends_start(struct emission *e);
/* All of them; `emit` (NULL-terminated words of --emit, NULL for all) chooses. */
void backends_run(struct emission *e, const char *const *emit);
/* Neither text needs to stay. */
void emission_add(struct emission *e, struct str path, struct str text);
/* Tells an option that the Traefik to write for does not know yet. */
bool emission_tell_version(struct emission *e, const struct option *o, struct span span);
/* May a compose file be missed? */
bool emission_misses_compose(const struct emission *e);
/* The same with an arena for what is needed to make one artefact. */
struct emission emission_aside(const struct emission *e, struct arena *scratch);
/* Objects of the artefact that is added next. */
struct origin *origin_add(struct emission *e, struct str object, struct span span);
void origin_add_doc(struct emission *e, const struct doc *doc);
/* What the compose file of a stack gains. */
void origin_add_stack(struct emission *e, const struct ir_stack *stack);
/* "shop.itsup:12", for comments. */
struct str emission_place(struct emission *e, struct span span);

/* ---- texts for their readers ---- */

/* For Compose: a plain `$` is written twice, a variable stays one. */
struct str text_for_compose(struct arena *a, struct str text);
/* For files that Traefik reads, and that expand nothing: variables become their values. One that
   nothing gives is told at `span`. */
struct str text_for_traefik(struct emission *e, struct str text, struct span span);

/* ---- objects as options below their names: what labels and files have in common ---- */

struct str rule_text(struct arena *a, const struct ir *ir, const struct ir_router *router);
struct ir_option *router_options(struct emission *e, const struct ir_router *router);
/* Of a service in the given place; `container` decides how its one server is written. */
struct ir_option *service_options(struct emission *e, const struct ir_service *service);
/* A name as someone in `place` writes it: `@docker` or `@file` behind it when it is elsewhere. */
struct str name_from(struct arena *a, struct str name, enum ir_place at, enum ir_place place);

/* ---- labels ---- */

/* What was found out about the words of labels, which many have in common. */
struct label_words *label_words_new(struct arena *a);

/* Finds what the labels of every container describe. */
void labels_fill(struct emission *e);
/* The labels of one, written in the arena of `e`; NULL without any. */
struct ir_pair *labels_of(struct emission *e, const struct ir_container *container);

/* Tells routes that labels written by hand make already. */
void hand_labels_check(struct emission *e);

/* ---- files ---- */

/* All that the file provider reads, as one tree. */
struct doc *file_provider_tree(struct emission *e);

/* Sets an option in a tree, typed by the option table below `root`. */
void doc_set(struct emission *e, struct doc *at, const struct option *root,
             const struct ir_option *option);
struct str doc_yaml(struct emission *e, struct doc *doc, const char *head, bool dynamic);
/* Its steps: what is there by being there gets a default; the text; one entry of a mapping `depth`
   keys deep, with the comment above it, before templates are escaped. */
void doc_complete(struct emission *e, struct doc *doc, bool dynamic);
struct str doc_text(struct emission *e, const struct doc *doc);
struct doc_entry {
    struct str place, text;
};
struct doc_entry doc_entry(struct emission *e, const struct doc *c, unsigned depth);
/* The same for Compose, with every comment and variable as it stands. */
struct str doc_compose(struct emission *e, struct doc *doc);

/* ---- the proxy's own configuration ---- */

/* Completes it, once, before any backend runs. */
void static_prepare(struct emission *e);
/* As flags: what the `command:` of a service says; NULL when it stands in a file. */
const struct ir_raw *static_command(struct emission *e);
/* Flags of the service that are not among them are told. */
void static_command_tell(struct emission *e, const struct ir_container *container);

/* ---- what the user adds as YAML ---- */

/* Merges a part of a raw text over what is generated; what says otherwise is told. */
void raw_merge(struct emission *e, struct doc *base, const struct doc *over,
               const struct ir_raw *raw);
void raw_clash(struct emission *e, struct span span, struct str key);
/* A mapping as a list of `KEY=VALUE`, or the other way round. */
const struct doc *raw_as(struct emission *e, const struct doc *c, enum doc_kind kind);
/* Finds the compose file of every `raw compose`. */
void raw_place(struct emission *e);
/* A compose text with what they say merged in; `own`: somebody wrote it; `written`: what of it the
   user did, or NULL. */
struct str raw_compose(struct emission *e, const struct ir_raws *raws, struct str text, bool own,
                       const struct source *written);
