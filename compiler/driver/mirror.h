/* projects/NAME/files → upstream/NAME/files: what goes along with a generated compose file. */
#pragma once

#include "driver/workspace.h"

struct mirror {
    struct itsupc_artifact *list;
    size_t count, room;
};

/* Reads them all. What cannot be read is among the obstacles of `ws`: call before workspace_add. */
void mirror_read(struct mirror *mirror, struct workspace *ws);
