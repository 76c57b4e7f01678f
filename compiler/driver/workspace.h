/* What lies where: the paths of a command line → the programs in them, their project and compose
   file. Names are relative to the workspace, with "/" and without "./". */
#pragma once

#include "driver/folder.h"
#include "driver/run.h"
#include "support/table.h"

struct program {
    struct program *next;
    struct names files;  /* several: all roots of one folder, one program together */
    const char *project; /* the folder's name in an itsUP tree, else NULL */
    const char *compose; /* beside it, or NULL */
    bool set;            /* files of other systems, not of our language … */
    const char *folder;  /* … named one by one in this folder; else NULL */
};

struct tree { /* an itsUP tree with YAML files in it */
    struct tree *next;
    struct itsupc_tree files;
    struct str above;  /* the folder of the projects' own, "/" at its end */
    uint32_t *folders; /* what lies in the folder of each project (folder_kept) */
    size_t at;         /* the project asked for last: files are read in order */
};

struct obstacle { /* a path that is there but cannot be used */
    struct obstacle *next;
    const char *name;
    enum itsupc_load why;
    const char *reason; /* of ITSUPC_FAILED */
};

struct workspace {
    struct arena *arena;
    struct pool pool;   /* the names of files, one behind the other */
    const char *root;   /* put before every name to reach the disk: "" or "folder/" */
    const char *called; /* what its folder counts as; NULL for the folder's own name */
    struct program *programs, **last_program;
    struct tree *trees, **last_tree;
    struct obstacle *obstacles, **last_obstacle;
    struct names unread;     /* files of our language where a tree does not look for any */
    struct names barren;     /* folders without anything for us, as given */
    struct names passed;     /* folders whose names end as those of our files do */
    struct names existing;   /* files of folders without anything for us that Traefik may read */
    const char *existing_of; /* such a folder, as given */
    bool whole_folders;      /* a file named brings the others of its folder along */
    bool takes_stdin;        /* "-" was among the paths */
    bool alone;              /* one path is looked at: it brings each file once */
    struct table seen;       /* else: files that some program has */
    struct names open;       /* files of an editor, which may not be on the disk yet */
    size_t most_folders, most_existing; /* to look at for existing configurations */
    struct progress *progress;          /* counts what is read; may be NULL */
};

enum workspace_mode {
    WORKSPACE_PROGRAMS, /* what a build of these paths would read first */
    WORKSPACE_CHECK,    /* the same, and where there is nothing, an existing configuration */
    WORKSPACE_FILES,    /* every *.itsup below folders; no project, no compose file */
    WORKSPACE_NAMED,    /* the files given, of whatever kind, and nothing else */
};

/* False, after telling which, when a path does not exist. No path means the current folder. */
bool workspace_find(struct run *run, struct workspace *ws, const struct names *paths,
                    enum workspace_mode mode);

/* What lies in one folder (a path that ends with "/"), for a check; `open` are names below it of
   files that an editor has. Of an existing configuration only `most_folders` are looked at. */
void workspace_find_folder(struct workspace *ws, struct arena *arena, const char *folder,
                           const struct names *open, size_t most_folders);

/* A path that cannot be used, to be told with the findings; before workspace_add. */
void workspace_obstacle(struct workspace *ws, const char *name, enum itsupc_load why,
                        const char *reason);

/* Says which folders hold nothing for us; that is no finding. */
void workspace_warn(struct run *run, const struct workspace *ws);

/* Adds all of it to the session, standard input read under the name "<stdin>". */
void workspace_add(struct workspace *ws, struct itsupc *session);

struct itsupc_loader workspace_loader(struct workspace *ws);
/* What the workspace's own folder is called; "" when that cannot be known. */
const char *workspace_folder(const struct workspace *ws);
const char *workspace_path(const struct workspace *ws, const char *name); /* as the disk has it */

#define STDIN_NAME "<stdin>"
