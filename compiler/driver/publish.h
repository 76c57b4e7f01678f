/* Artefacts → files below the output folder: what is the same is not touched. */
#pragma once

#include "driver/run.h"

/* False, after telling why, when one could not be written. `root` is "" or "folder/". */
bool publish_artifacts(struct run *run, const char *root, struct itsupc_artifacts artifacts);
