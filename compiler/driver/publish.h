/* Artefacts → files below the output folder, all of them or none.

   What is the same is not touched. What somebody else wrote, or changed, is told and stays, unless
   forced. What we wrote, nobody changed, and no source asks for any more, is removed. A process
   that is killed leaves each file old or new; the next build cleans up behind it. */
#pragma once

#include "driver/run.h"

struct publish_options {
    struct itsupc *session; /* takes the findings */
    bool check;             /* write nothing: print the difference, findings when there is one */
    struct stream *diff;
    bool fsync;   /* have it on the disk before the first file changes */
    bool force;   /* overwrite what is foreign or was changed by hand */
    bool partial; /* these are not all artefacts: nothing is removed */
    /* The workspaces of this build, as roots_of tells them; kept when they are `several`. */
    struct str roots;
    bool several;
};

struct publishing;
/* `root` is "" or "folder/". */
struct publishing *publish_start(struct run *run, const char *root, struct publish_options options);
/* One artefact; its texts need not stay. Compared with what stands there, perhaps written beside;
   nothing takes its place yet. */
void publish_put(struct publishing *p, const char *path, struct str text, bool executable);
/* Does this very text stand there already, written by us? */
bool publish_has(struct publishing *p, const char *path, struct str text);
/* What a session hands its artefacts to. */
struct itsupc_taker publish_taker(struct publishing *p);
/* ---- in several processes (see slices.h) ---- */

/* Before any artefact: may others help? */
bool publish_can_share(struct publishing *p);
/* … and then: is nothing of ours there yet? */
bool publish_is_first(const struct publishing *p);
/* In a process that helps: artefacts are compared and written beside, and noted from now on. */
void publish_note(struct publishing *p);
/* The notes, once all is done; empty when something could not be. */
struct str publish_notes(struct publishing *p);
/* Takes over what another process noted. False, and nothing done, when it noted nothing: its part
   is to be put once more. */
bool publish_noted(struct publishing *p, struct str notes);

/* Everything takes its place; not so when it is not `whole`. What stands in the way is a finding;
   what cannot be written a failure, and everything is then as it was. */
enum outcome publish_end(struct publishing *p, bool whole);
