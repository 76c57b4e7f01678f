/* Through the statements of a file: projects, groups, loops and template instances, down to the
 * routes. */
#pragma once

#include "model/check.h"

/* Where the walk stands. */
struct walk {
    const struct walk *outer; /* of the instance around, or NULL */
    struct scope *scope;
    enum place_kind place; /* FILE or PROJECT: which settings may stand here */
    struct project *project;
    const struct group *group; /* the host group around, or NULL */
    struct declared *template; /* the template that is being read, or NULL */
    struct str instance;       /* "preview(project=12)" */
    bool sample;               /* with stand-ins for parameters: nothing goes into the model */
    size_t depth;
    bool spawned; /* below the instance of program.h: struct spawn */
};

/* What a `https://host { … }` around a route gives it: patterns, links and settings. */
struct group {
    const struct group *outer;
    struct scope *scope; /* where its words are read */
    struct node_route *node;
    struct node_block *settings; /* the settings of its block alone, or NULL */
};

/* Gives the file's project its place among the others, whenever it is judged. */
void walk_enter(struct program *program, struct unit *unit);
void walk_unit(struct program *program, struct unit *unit);
/* The project that a file's own routes belong to. */
struct project *walk_project_of(struct program *program, struct unit *unit);
/* One instance of a template, its arguments read in the walk's scope. */
void walk_call(const struct walk *walk, struct declared *declared, struct node_call *call);
/* The instance that no file holds; after all files. */
void walk_spawn(struct program *program, struct spawn *spawn);
/* Templates that nothing instantiated, judged with stand-ins for their parameters. */
void walk_leftovers(struct program *program);
void walk_body(const struct walk *walk, struct nodes body);

/* One route statement: judged, and added to the project unless the walk is a sample. */
void check_route(const struct walk *walk, struct node_route *node);
