/* Where the names that YAML files say are declared. */
#pragma once

#include "editing/editing.h"

bool yaml_definition(struct itsupc *s, struct source *source, size_t offset, struct span *out);
