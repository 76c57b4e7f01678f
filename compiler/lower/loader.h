/* How files reach the importers: the disk, an editor's buffers and a fuzzer look alike. */
#pragma once

#include "lower/tree.h"

struct lower_loader {
    void *context;
    /* `path` is named like its reader: relative to the workspace. False when the file cannot be
       used; the loader has then told so at `at`, the place that names it. NULL: other files are not
       looked at. */
    bool (*load)(void *context, struct str path, struct span at, struct source **out);
    /* Each compose file's tree before it is looked at; may be NULL. */
    void (*prepare)(void *context, struct tree *root);
};
