/* projects/NAME/files → upstream/NAME/files: what goes along with a generated compose file. */
#pragma once

#include "driver/workspace.h"

struct mirror {
    struct itsupc_artifact *list;
    size_t count, room;
};

/* Reads them all. What cannot be read is among the obstacles of `ws`: call before workspace_add. */
void mirror_read(struct mirror *mirror, struct workspace *ws);
/* Both, in one list. */
struct itsupc_artifacts mirror_join(const struct mirror *mirror, struct arena *arena,
                                    struct itsupc_artifacts artifacts);
