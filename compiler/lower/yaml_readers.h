/* The two readers of YAML; yaml_tree.h chooses. Their text has passed text_check_yaml. */
#pragma once

#include "lower/tree.h"

/* libyaml: any YAML, and a message for what is none. */
struct tree_file *yaml_read_any(struct arena *arena, struct diags *diags, struct source *source,
                                size_t most);

/* Our own, for YAML as people write it, and several times faster. NULL and not a word when the file
   is anything else, holds a mistake, or comes near a limit: then the other one must read it. What
   it gives is what the other one gives, in every part; tests/oracle/yaml_readers.c compares them.
 */
struct tree_file *yaml_read_quick(struct arena *arena, struct source *source, size_t most);
