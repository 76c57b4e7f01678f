/* A large itsUP tree, built in slices of its projects by several processes. */
#pragma once

#include "driver/publish.h"
#include "driver/workspace.h"

/* Is it a tree that is worth it, and what is asked of it nothing that needs all of it at once? */
bool slices_fit(const struct run *run, const struct workspace *ws);
/* The session of the base, to which all else was joined, its artefacts put; NULL when the tree is
   to be built as a whole: what was put until then is void. `start` makes the publishing for a
   session. */
struct slices_build {
    struct run *run;
    struct workspace *ws;
    struct publishing *publishing; /* once there is a base */
    struct publishing *(*start)(void *context, struct itsupc *base);
    void *context;
    struct arena arena; /* of what the base reads: it goes behind the base */
};
struct itsupc *slices_build(struct slices_build *build);
